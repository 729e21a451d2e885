#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the corpus of manifests through tools/manifest-check, and the unit tests of config/.

Each .dts file says in its first comments what must come of it:
  // expect: LINE   a line of complaint; all of them, in order, and no others
  // shows: LINE    a line of the accepted configuration, spaces squeezed
  // spmc: FILE     the SPMC manifest a partition is checked against (default base/spmc.dtsi)
  // vm: N          the vm node it belongs to (default 1)
  // after: FILE    a partition manifest that is accepted before, as vm1
SPMC manifests are in folders named *spmc and *vm and in good/spmc*, the others are of partitions.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import struct
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
NOT_TESTS = {"base", "between"}


def directives(source):
    """The directives of a file, by name."""
    found = {"expect": [], "shows": [], "spmc": [], "vm": [], "after": []}
    for line in source.read_text().splitlines():
        if not line.startswith("//"):
            break
        match = re.fullmatch(r"// (\w+): (.*)", line)
        if match and match[1] in found:
            found[match[1]].append(match[2])
    return found


def compile_dts(source, work):
    """Compiles SOURCE unless that was done already; the path of the blob."""
    blob = work / source.relative_to(HERE).with_suffix(".dtb")
    newest = max(path.stat().st_mtime for path in [source, *(HERE / "base").iterdir()])
    if blob.exists() and blob.stat().st_mtime > newest:
        return blob
    blob.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text()
    if source.suffix == ".dtsi":
        text = "/dts-v1/;\n" + text
    partial = blob.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-i", source.parent, "-o", partial, "-"],
                   input=text, text=True, check=True, capture_output=True)
    partial.replace(blob)
    return blob


def is_spmc(source):
    name = source.stem if source.parent.name == "good" else source.parent.name
    return re.search(r"spmc|-vm$", name) is not None


def command(check, source, work, asked):
    """How manifest-check is to be called for SOURCE."""
    blob = compile_dts(source, work)
    if is_spmc(source):
        return [check, "--spmc", blob]
    spmc = HERE / (asked["spmc"] or ["base/spmc.dtsi"])[0]
    line = [check, "--spmc", compile_dts(spmc, work)]
    for first in asked["after"]:
        line += ["--manifest", compile_dts(HERE / first, work)]
    return line + ["--vm", (asked["vm"] or ["1"])[0], "--manifest", blob]


def complaints_of_the_test(stderr, asked):
    """Lines about the partitions that are there already are not the test's business."""
    lines = stderr.splitlines()
    return [line for line in lines if 'partition vm1 "' not in line] if asked["after"] else lines


def run_manifest(check, source, work):
    """None, or why the test failed."""
    asked = directives(source)
    try:
        done = subprocess.run(command(check, source, work, asked), text=True, capture_output=True,
                              timeout=60, check=False)
    except subprocess.CalledProcessError as error:
        return "does not compile: " + error.stderr.strip()
    except subprocess.TimeoutExpired:
        return "hangs"
    expected = asked["expect"]
    actual = complaints_of_the_test(done.stderr, asked)
    if actual != expected:
        return "\n    ".join(["expected:", *expected, "but got:", *actual])
    refused = any(not line.startswith("warning: ") for line in expected)
    if done.returncode != (1 if refused else 0):
        return f"exit status {done.returncode}"
    shown = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for line in asked["shows"]:
        if line not in shown:
            return "\n    ".join([f"does not show: {line}", "but:", *shown])
    return None


def sources():
    return sorted(path for path in HERE.glob("*/*.dts") if path.parent.name not in NOT_TESTS)


def run_manifests(check, work):
    """Results as (name, complaint) for the whole corpus."""
    tests = sources()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda source: run_manifest(check, source, work), tests)
    return [(f"manifest {path.relative_to(HERE).with_suffix('')}", why)
            for path, why in zip(tests, results)]


def run_unit(program):
    """Results of a cmocka program, which speaks TAP."""
    environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP")
    name = pathlib.Path(program).name
    try:
        done = subprocess.run([program], env=environment, text=True, capture_output=True, timeout=120,
                              check=False)
    except subprocess.TimeoutExpired:
        return [(name, "hangs")]
    results = []
    for line in done.stdout.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)", line)
        if match:
            results.append((f"{name} {match[2]}", "see below" if match[1] else None))
    if done.returncode != 0 or not results:
        results.append((name, f"exit status {done.returncode}\n{done.stdout}{done.stderr}"))
    return results


def package(manifest):
    """An SPKG of version 2 with MANIFEST and a small image."""
    image = 0x1000 + (len(manifest) + 0xFFF) // 0x1000 * 0x1000
    header = struct.pack("<4s5I", b"SPKG", 2, 0x1000, len(manifest), image, 16)
    return (header.ljust(0x1000, b"\0") + manifest).ljust(image + 16, b"\0")


def transfer_list(manifest):
    """A transfer list with MANIFEST and a small image."""
    image = 0x1000 + (len(manifest) + 8 + 0xFFF) // 0x1000 * 0x1000
    size = image + 16
    text = struct.pack("<IBBBBIIII", 0x4A0FB10B, 0, 1, 24, 12, size, size, 0, 0)
    text += struct.pack("<II", 8 << 24, 0x1000 - 40) + bytes(0x1000 - 40)
    text += struct.pack("<II", 0x106 | 8 << 24, len(manifest)) + manifest
    text += bytes(-len(text) % 8)
    text += struct.pack("<II", 8 << 24, image - 16 - len(text)) + bytes(image - 16 - len(text))
    return text + struct.pack("<II", 0x103 | 8 << 24, 16) + bytes(16)


def write_seeds(folder, work):
    """The corpus as inputs of the fuzzer: a byte that says what it is, then the blob."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources():
        name = "-".join(source.relative_to(HERE).with_suffix("").parts)
        blob = compile_dts(source, work).read_bytes()
        (folder / name).write_bytes((b"\0" if is_spmc(source) else b"\1") + blob)
        (folder / f"{name}-tree").write_bytes(b"\3" + blob)
        if source.parent.name == "good" and not is_spmc(source):
            (folder / f"{name}-spkg").write_bytes(b"\2" + package(blob))
            (folder / f"{name}-list").write_bytes(b"\2" + transfer_list(blob))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", required=True, help="the program manifest-check")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="where blobs are kept")
    parser.add_argument("--seeds", type=pathlib.Path, help="write seeds of the fuzzer there, run nothing")
    parser.add_argument("--quiet", action="store_true", help="only failures and the sum")
    parser.add_argument("unit", nargs="*", help="unit test programs")
    options = parser.parse_args()

    if options.seeds:
        write_seeds(options.seeds, options.work)
        return 0
    results = run_manifests(options.check, options.work)
    for program in options.unit:
        results += run_unit(program)
    failed = [result for result in results if result[1] is not None]
    for name, why in results:
        if why is not None:
            print(f"FAIL {name}: {why}")
        elif not options.quiet:
            print(f"PASS {name}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
