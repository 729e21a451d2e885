#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Boots the bench system under the counting plugin and tells what each operation costs.

  bench/bench.py                      a table, and all counts in build/bench/result.csv
  bench/bench.py --profile OPERATION  where the SPMC's instructions of one operation are spent
  bench/bench.py --check              is bench/limits.csv kept? The last line: `N passed, N failed`
  bench/bench.py --set-limits 10      writes bench/limits.csv: what was counted now, and 10 % more

`make bench` and `make test-bench` build what is needed first. Counts are instructions for one
operation.
"""

import argparse
import collections
import csv
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "target"))

from elf import Elf  # noqa: E402
from qemu import Machine  # noqa: E402

BENCH = ROOT / "bench"
BUILD = ROOT / "build"
OUT = BUILD / "bench"
TIMEOUT = 60
CPU = "max,pauth-impdef=on"  # as the reference was measured

SPMC_BASE, SPMC_SIZE = 0x0E100000, 0x200000
SPMC_VIRTUAL = 0xFFFFFF8000000000 | SPMC_BASE
# The first that matches counts. The SPMC's first instructions run at physical addresses.
REGIONS = [
    ("sel2", 0xFFFFFF8000000000, 0xFFFFFFFFFFFFFFFF),
    ("sel2_entry", SPMC_BASE, SPMC_BASE + SPMC_SIZE),
    ("sp", SPMC_BASE + SPMC_SIZE, 0x0F000000),
    ("el3", 0x0E090000, SPMC_BASE),  # BL31; BL1 and BL2, below, are nobody's
    ("nwd", 0x60000000, 0x70000000),
]
KINDS = ["all", "load", "store", "sysreg", "barrier", "tlbi", "cache", "eret", "call", "exclusive"]


SIZES = {"image": "image, code and constants", "memory": "EL2 memory, image and pools"}


class Bad(Exception):
    """What the caller must know: one clear sentence."""


# --- one run -----------------------------------------------------------------------------------


class Measurement:
    """Counts of one measurement: by region and kind, and per offset into the SPMC's image."""

    def __init__(self):
        self.regions = collections.defaultdict(lambda: dict.fromkeys(KINDS, 0))
        self.offsets = {}
        self.times = 1  # operations that were done
        self.failure = ""

    def each(self, region, kind="all"):
        total = self.regions[region][kind]
        if region == "sel2":
            total += self.regions["sel2_entry"][kind]
        return total / self.times


def read_counts(path):
    measurements = collections.defaultdict(Measurement)
    for line in path.read_text().splitlines():
        word = line.split()
        measurement = measurements[int(word[1])]
        if word[0] == "count":
            measurement.regions[word[2]] = dict(zip(KINDS, map(int, word[3:])))
        else:
            measurement.offsets[int(word[2], 16)] = int(word[3])
    return measurements


def name_measurements(counts, protocol):
    """The client's lines come in the order of the plugin's sequence numbers."""
    named = {"boot": counts[0]} if 0 in counts else {}
    sequence = 0
    for line in protocol.splitlines():
        word = line.split()
        if not word or word[0] not in ("operation", "failed"):
            continue
        sequence += 1
        if sequence not in counts:
            raise Bad(f"the plugin has no counts for {word[1]}: is a mark missing?")
        measurement = named[word[1]] = counts[sequence]
        if word[0] == "operation":
            measurement.times = int(word[2])
        else:
            measurement.failure = f"answered by w0 {word[2]}, w2 {word[3]}"
    return named


def run(flash):
    counts = OUT / "counts.txt"
    counts.unlink(missing_ok=True)
    arguments = [f"out={counts}"]
    arguments += [f"region={name}:{low:x}:{high:x}" for name, low, high in REGIONS]
    arguments += [f"window={base:x}:{base + SPMC_SIZE:x}" for base in (SPMC_VIRTUAL, SPMC_BASE)]
    result = Machine(
        flash, pes=4, cpu=CPU, icount=True, timeout=TIMEOUT, folder=OUT / "run",
        plugin=",".join([str(OUT / "count.so"), *arguments]),
    ).run()
    if "end\n" not in result.client or not counts.exists():
        raise Bad(f"the bench did not come to its end\n{result.report()}")
    return name_measurements(read_counts(counts), result.client), result


# --- sizes -------------------------------------------------------------------------------------


def memory_facts(console):
    """Lines of the boot log about memory, and the bytes they tell of: the image and EL2's pools."""
    lines = [line.strip() for line in console.splitlines() if re.search(r"\bmemory\b.*KiB", line)]
    ranges = r"(?:image|EL2 takes) 0x[0-9a-f]+-0x[0-9a-f]+, (\d+) KiB"
    return lines, sum(map(int, re.findall(ranges, "\n".join(lines)))) * 1024


# --- tables ------------------------------------------------------------------------------------


def read_csv(path):
    """{operation: {column: number or None}}"""
    with open(path, newline="") as file:
        return {
            row.pop("operation"): {key: int(value) if value else None for key, value in row.items()}
            for row in csv.DictReader(file)
        }


def number(value):
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def factor(value, reference):
    return f"{reference / value:.1f}" if reference and value else ""


def against_target(value, target):
    if target is None:
        return "", ""
    return str(target), "met" if value <= target else f"{value / target:.2f} x"


COLUMNS = [
    ("operation", 27), ("NWd", 6), ("EL3", 6), ("S-EL2", 7), ("SP", 6),
    ("loads", 6), ("stores", 6), ("sysreg", 6), ("barrier", 7),
    ("reference", 9), ("factor", 6), ("target", 6), ("", 5),
]


def table_row(cells):
    text = [cells[0].ljust(COLUMNS[0][1])]
    text += [cell.rjust(width) for cell, (_, width) in zip(cells[1:], COLUMNS[1:])]
    return " ".join(text).rstrip()


def operation_row(name, measurement, facts):
    if measurement.failure:
        return f"{name.ljust(COLUMNS[0][1])} {measurement.failure}"
    own = measurement.each("sel2")
    cells = [name] + [number(measurement.each(region)) for region in ("nwd", "el3", "sel2", "sp")]
    cells += [number(measurement.each("sel2", k)) for k in ("load", "store", "sysreg", "barrier")]
    reference = facts.get("reference")
    cells += ["" if reference is None else str(reference), factor(own, reference)]
    return table_row(cells + list(against_target(own, facts.get("target"))))


def size_row(name, value, reference):
    against = f"reference {reference:10,}   factor {factor(value, reference)}"
    return f"{name:30} {value:10,} bytes   {against}"


def print_table(measurements, sizes, memory_lines):
    facts = read_csv(BENCH / "reference.csv")
    print("Instructions for one operation; from loads on, those at S-EL2.")
    print("factor: how often our S-EL2 share goes into the reference's.\n")
    print(table_row([name for name, _ in COLUMNS]))
    for name, measurement in measurements.items():
        print(operation_row(name, measurement, facts.get(name, {})))
    print()
    for name, title in SIZES.items():
        print(size_row(title, sizes[name], facts[name]["reference"]))
    for line in memory_lines:
        print(f"  {line}")


def write_result(measurements, sizes):
    regions = [name for name, _, _ in REGIONS if name != "sel2_entry"]
    with open(OUT / "result.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["operation", *regions, *(f"sel2.{kind}" for kind in KINDS[1:])])
        for name, measurement in measurements.items():
            if not measurement.failure:
                table.writerow(
                    [name, *(number(measurement.each(region)) for region in regions)]
                    + [number(measurement.each("sel2", kind)) for kind in KINDS[1:]]
                )
        for name, value in sizes.items():
            table.writerow([name, value])


# --- profile -----------------------------------------------------------------------------------


def llvm_tool(name):
    versions = (ROOT / "versions.env").read_text()
    version = re.search(r"^CLANG_VERSION=(\d+)", versions, re.MULTILINE)[1]
    return shutil.which(f"{name}-{version}") or shutil.which(name)


def disassemble(elf):
    """{address: instruction}; empty when there is no tool for it."""
    tool = llvm_tool("llvm-objdump")
    if tool is None:
        return {}
    text = subprocess.run(
        [tool, "-d", "--no-show-raw-insn", str(elf)], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(r"^\s*([0-9a-f]+):\s+(.*)$", text, re.MULTILINE)
    return {int(address, 16): " ".join(instruction.split()) for address, instruction in found}


def source_frames(elf, addresses):
    """{address: [(function, file:line), ...]}, innermost inlined first; empty without the tool."""
    tool = llvm_tool("llvm-symbolizer")
    if tool is None:
        return {}
    answer = subprocess.run(
        [tool, f"--obj={elf}", "--inlines", "--output-style=JSON"],
        input="".join(f"{address:#x}\n" for address in addresses),
        capture_output=True, text=True, check=True,
    ).stdout
    frames = {}
    for line in answer.splitlines():
        entry = json.loads(line)
        frames[int(entry["Address"], 16)] = [
            (frame["FunctionName"], f"{pathlib.Path(frame['FileName']).name}:{frame['Line']}")
            for frame in entry.get("Symbol", [])
        ]
    return frames


def link_base(elf):
    """Where the image's first byte is linked."""
    return SPMC_VIRTUAL if elf.starts and elf.starts[-1] >= SPMC_VIRTUAL else SPMC_BASE


def print_counter(title, counter, total):
    print(f"\n{title}")
    for name, count in counter.most_common():
        print(f"  {number(count):>9} {100 * count / total:5.1f} %  {name}")


def innermost(frames, address, function):
    """The function of the source; assembly has none but its labels."""
    name, place = frames[address][0] if frames.get(address) else ("", "")
    return name if name and ".S:" not in place else function


def print_profile(name, measurement, elf_path):
    elf = Elf(elf_path)
    base = link_base(elf)
    counts = sorted(measurement.offsets.items())
    each = {base + offset: count / measurement.times for offset, count in counts}
    if not each:
        raise Bad(f"{name} executes nothing at S-EL2")
    total = sum(each.values())
    frames = source_frames(elf_path, each)
    by_function, by_source = collections.Counter(), collections.Counter()
    for address, count in each.items():
        function = elf.function_at(address)
        by_function[function] += count
        by_source[innermost(frames, address, function)] += count

    listing = OUT / f"profile-{name}.txt"
    listing.write_text(profile_listing(elf, elf_path, each, frames))
    print(f"{name}: {number(total)} instructions at S-EL2")
    print_counter("by function, with what is inlined in it", by_function, total)
    print_counter("by function of the source, inlined code where it was written", by_source, total)
    print(f"\nper address: {listing.relative_to(ROOT)}")


def profile_listing(elf, elf_path, each, frames):
    instructions = disassemble(elf_path)
    lines, function = [], None
    for address, count in each.items():
        if elf.function_at(address) != function:
            function = elf.function_at(address)
            lines.append(f"\n{function}:")
        where = " < ".join(f"{name} {place}" for name, place in frames.get(address, []))
        what = instructions.get(address, "")
        lines.append(f"{number(count):>9}  {address:x}  {what:44} {where}".rstrip())
    return "\n".join(lines).lstrip() + "\n"


# --- limits ------------------------------------------------------------------------------------


def costs(measurements, sizes):
    found = {name: m.each("sel2") for name, m in measurements.items() if not m.failure}
    return found | sizes


def check_limits(measurements, sizes):
    """A line for each limit and each operation that failed; true when all is well."""
    found = costs(measurements, sizes)
    passed = failed = 0
    for name, measurement in measurements.items():
        if measurement.failure:
            print(f"FAIL {name}: {measurement.failure}")
            failed += 1
    for name, limit in read_csv(BENCH / "limits.csv").items():
        if name not in found:
            if name not in measurements:  # else its failure was told above
                print(f"FAIL {name}: not measured")
                failed += 1
            continue
        good = found[name] <= limit["maximum"]
        verdict = "PASS" if good else "FAIL"
        print(f"{verdict} {name}: {number(found[name])} of at most {limit['maximum']}")
        passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def set_limits(measurements, sizes, percent):
    with open(BENCH / "limits.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["operation", "maximum"])
        for name, value in costs(measurements, sizes).items():
            if value > 0:
                table.writerow([name, math.ceil(value * (100 + percent) / 100)])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", metavar="OPERATION")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--set-limits", type=int, metavar="PERCENT")
    parser.add_argument("--system", default=BUILD / "systems" / "bench", help="its folder")
    parser.add_argument("--elf", default=BUILD / "tantalum.elf", help="of the SPMC")
    options = parser.parse_args()
    try:
        OUT.mkdir(parents=True, exist_ok=True)
        measurements, result = run(options.system)
        memory_lines, memory = memory_facts(result.console + result.secure)
        sizes = {"image": Elf(options.elf).read_only_size(), "memory": memory}
        write_result(measurements, sizes)
        if options.set_limits is not None:
            set_limits(measurements, sizes, options.set_limits)
        if options.check:
            return 0 if check_limits(measurements, sizes) else 1
        if options.profile:
            if options.profile not in measurements:
                raise Bad(f"no operation {options.profile}; there are: {', '.join(measurements)}")
            print_profile(options.profile, measurements[options.profile], options.elf)
            return 0
        print_table(measurements, sizes, memory_lines)
        return 1 if any(m.failure for m in measurements.values()) else 0
    except (Bad, OSError, ValueError) as error:
        print(f"bench: {error}", file=sys.stderr)
        if options.check:
            print("0 passed, 1 failed")
        return 1


if __name__ == "__main__":
    sys.exit(main())
