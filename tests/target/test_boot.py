# SPDX-License-Identifier: BSD-3-Clause
"""What is to be seen on the console while partitions start."""

import re

import client
import pytest


@pytest.fixture(scope="module")
def console():
    """A boot of the system `test` that only lists the client's tests."""
    result = client.boot("test", ["list"], 2, client.BOOT_SECONDS)
    assert result.clean, result.report()
    return result.console


@pytest.fixture(scope="module")
def broken_console():
    result = client.boot("broken", ["list"], 2, client.BOOT_SECONDS)
    assert result.clean, result.report()
    return result.console


def test_partitions_start_in_boot_order(console):
    """boot-order of the manifests, which is not the order of the packages; 1.0 and 1.1 cannot print."""
    started = re.findall(r"^\[(\w+) 0\] .*partition \w+ (?:starts|is about)", console, re.M)
    assert started == ["8002", "8001", "8005", "8007"]


def test_partitions_start_before_the_normal_world(console):
    assert console.index("partition 8007 starts") < console.index("@ name")


def test_a_fault_in_the_start_is_reported_with_the_partition(console):
    assert re.search(r"t-crash-start.*abort.*0x1000", console), console


def test_a_damaged_package_is_reported_with_the_partition(console):
    assert re.search(r'vm4 "hello-up"', console), console


@pytest.mark.parametrize(
    "vm,what",
    [("vm2", "device tree|manifest|property"), ("vm3", "gp-register-num.*9"), ("vm8", "image|img|package")],
)
def test_a_broken_partition_is_named_with_what_is_wrong(broken_console, vm, what):
    lines = [line for line in broken_console.splitlines() if "ERROR" in line and f'{vm} "hello-up"' in line]
    assert lines and re.search(what, lines[0]), broken_console


def test_a_partition_that_gives_up_is_reported(broken_console):
    assert "partition 8004 gives up" in broken_console
    assert "was not let go" not in broken_console
    assert re.search(r"t-error-start.*(abort|gave up|failed|error)", broken_console, re.I), broken_console


def test_a_boot_with_all_kinds_of_messages_has_nothing_to_complain_about():
    result = client.boot("messages", ["list"], 2, client.BOOT_SECONDS)
    assert result.clean, result.report()
    assert "8 of 8 partitions" in result.console
    assert not re.findall(r"^\[.*\] (?:ERROR|WARN) .*$", result.console, re.M)


def test_no_error_line_but_for_what_is_broken(console):
    """A good boot has nothing to complain about."""
    lines = [line for line in console.splitlines() if re.search(r"\] (ERROR|WARN) ", line)]
    unexpected = [line for line in lines if "hello-up" not in line and "t-crash-start" not in line]
    assert not unexpected
