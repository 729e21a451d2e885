#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Boots an unmodified Debian kernel on a system and returns what its own FF-A driver found.

    from linux import run_linux
    found = run_linux("build/systems/linux", pes=4)
    found.ok, found.driver, found.partitions -> [Partition(id, uuid, contexts, properties, ...)]

U-Boot is BL33 and takes kernel and initramfs from QEMU's fw_cfg. What the guest prints is made by
firmware/init.
"""

import argparse
import dataclasses
import pathlib
import re
import signal
import sys

from qemu import HANG, ROOT, Machine, Result

LINUX = ROOT / "build" / "linux"
LINE = re.compile(
    r"^partition: (\S+) id (0x[0-9a-f]+) uuid (\S+) contexts (\S+) properties (\S+) driver ?(\S*)$", re.M
)


@dataclasses.dataclass
class Partition:
    """One entry of /sys/bus/arm_ffa/devices; contexts and properties are None when not seen."""

    device: str
    id: int
    uuid: str
    contexts: int
    properties: int
    driver: str

    @property
    def is_driver_itself(self):
        """The driver lists itself with the nil UUID."""
        return not self.uuid.strip("0-")


@dataclasses.dataclass
class Found:
    result: Result
    kernel: str
    driver: list  # the driver's own lines: versions, refusals
    partitions: list

    @property
    def ok(self):
        return self.result.clean and any(not p.is_driver_itself for p in self.partitions)


def parse(console):
    def number(text):
        return None if text == "?" else int(text, 0)

    console = console.replace("\r", "")
    kernel = re.search(r"^linux: (\S+),", console, re.M)
    return (
        kernel.group(1) if kernel else "",
        re.findall(r"^driver: (.*)$", console, re.M),
        [
            Partition(device, int(key, 0), uuid, number(contexts), number(properties), driver)
            for device, key, uuid, contexts, properties, driver in LINE.findall(console)
        ],
    )


def run_linux(system, *, shell=False, append="", timeout=180, **options):
    """Boots and waits for the power-off. Options are those of qemu.Machine."""
    words = f"console=ttyAMA0 panic=-1 loglevel=5 {'tantalum.shell=1 ' if shell else ''}{append}".strip()
    extra = ["-kernel", str(LINUX / "Image"), "-initrd", str(LINUX / "initramfs.gz"), "-append", words]
    machine = Machine(system, arguments=[], timeout=timeout, extra=extra, **options)
    result = machine.run()
    return Found(result, *parse(result.console))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", default=ROOT / "build" / "systems" / "linux")
    parser.add_argument("--pes", type=int, default=4)
    parser.add_argument("--cpu")
    parser.add_argument("--timeout", type=float, default=180)
    parser.add_argument("--append", default="", help="more words for the kernel command line")
    parser.add_argument("--shell", action="store_true")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    versions = (LINUX / "versions.txt").read_text().strip().replace("\n", "\n  ")
    print(f"  {versions}", flush=True)
    try:
        found = run_linux(
            options.system,
            pes=options.pes, cpu=options.cpu, shell=options.shell, append=options.append, live=True,
            interactive=options.shell,
            timeout=None if options.shell else options.timeout, folder=ROOT / "build" / "run-linux",
        )
    except KeyboardInterrupt:
        return 130

    print()
    for line in found.driver:
        print(line)
    if found.partitions:
        print(f"{'ID':8}{'UUID':38}{'contexts':>9}  {'properties':12}")
    for p in found.partitions:
        contexts = "?" if p.contexts is None else p.contexts
        properties = "?" if p.properties is None else f"{p.properties:#010x}"
        note = "the driver itself" if p.is_driver_itself else p.driver
        print(f"{p.id:#06x}  {p.uuid:38}{contexts:>9}  {properties:12}{note}".rstrip())
    if found.ok or (options.shell and found.result.clean):
        return 0
    if found.result.clean:
        print("the kernel's FF-A driver found no partition", file=sys.stderr)
        return 1
    print(found.result.report(20) if found.result.hung else found.result.verdict(), file=sys.stderr)
    return HANG if found.result.hung else 1


if __name__ == "__main__":
    sys.exit(main())
