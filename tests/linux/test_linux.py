# SPDX-License-Identifier: BSD-3-Clause
"""An unmodified Debian kernel finds the partitions with its own FF-A driver."""

import pathlib
import re
import subprocess

import pytest
from linux import run_linux

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PARTITIONS = {0x8001: "hello-mp", 0x8002: "hello-up", 0x8003: "hello-el0"}  # systems/demo.toml
AARCH64 = 0x100


def manifest(name):
    """UUID as the driver prints it, number of contexts and messaging method of a manifest."""
    text = (ROOT / "partitions" / name / f"{name}.dts").read_text()

    def cells(key):
        return [int(word, 0) for word in re.search(rf"\b{key} = <([^>]*)>", text)[1].split()]

    words = re.search(r'\buuid = "([^"]*)"', text)  # format 1.1: four words, read from left to right
    words = [int(words[1].replace("-", "")[i:i + 8], 16) for i in range(0, 32, 8)] if words else cells("uuid")
    uuid = b"".join(word.to_bytes(4, "little") for word in words).hex()
    method = cells("messaging-method")[0]
    return uuid, cells("execution-ctx-count")[0], method


@pytest.fixture(scope="module")
def found():
    fetched = subprocess.run([ROOT / "firmware" / "fetch-linux"], capture_output=True, text=True, check=False)
    if fetched.returncode != 0:
        pytest.skip(f"NO KERNEL TO TEST WITH: {(fetched.stdout + fetched.stderr).strip()}")
    subprocess.run(["make", "-s", "linux-now"], cwd=ROOT, check=True)
    return run_linux(ROOT / "build" / "systems" / "linux", pes=4)


def test_the_kernel_boots_and_switches_off(found):
    assert found.result.clean, found.result.report()


def test_the_driver_negotiates_the_version(found):
    # its highest against ours: it goes on with its own
    assert "ARM FF-A: Driver version 1.2" in found.driver
    assert "ARM FF-A: Firmware version 1.3 found" in found.driver


@pytest.mark.parametrize("identifier", PARTITIONS)
def test_the_driver_lists_a_partition_with_uuid_contexts_and_properties(found, identifier):
    uuid, contexts, method = manifest(PARTITIONS[identifier])
    seen = [p for p in found.partitions if p.id == identifier]
    assert [p.uuid.replace("-", "") for p in seen] == [uuid], found.result.report()
    assert seen[0].contexts == contexts
    # what may be sent to it; it sends nothing to the normal world
    assert seen[0].properties == (method & 0x201) | AARCH64


def test_the_driver_lists_nobody_else(found):
    assert {p.id for p in found.partitions if not p.is_driver_itself} == set(PARTITIONS)
