# SPDX-License-Identifier: BSD-3-Clause
"""Runs the tests inside the normal-world client and reads the lines it reports by.

The client (normal-world/test.c) says by semihosting, one line each:
  @ test NAME    @ pass NAME    @ fail NAME: WHERE: WHAT    @ skip NAME: WHY    @ note TEXT
  @ done PASSED FAILED SKIPPED
Tests of a system that share a boot run in one go. When one of them hangs or ends the machine, it has failed and
the rest goes on in a new boot; so does it when the client ends after a failure that leaves the system unclean.
"""

import dataclasses
import os
import pathlib
import re
import subprocess

from qemu import ROOT, Machine

# Where the flash images are: those of another SPMC can be tested too.
SYSTEMS = pathlib.Path(os.environ.get("SYSTEMS", ROOT / "build" / "systems"))
ELF = ROOT / "build" / "normal-world.elf"
SYMBOL = re.compile(r" test__(shared|alone)__(\w+?)__(\d+)__(\w+)$", re.M)
LINE = re.compile(r"^@ (test|pass|fail|skip|note|done) ?([^\n:]*)(?:: )?(.*)$", re.M)
BOOT_SECONDS = 20
TEST_SECONDS = 60  # no test may be silent for longer
SHARED_SECONDS = 160
RESTARTS = 12  # new boots after hangs before the rest is given up


@dataclasses.dataclass(frozen=True)
class Test:
    name: str
    alone: bool
    system: str
    pes: int


@dataclasses.dataclass
class Verdict:
    """What became of one test. kind: pass, fail, skip, hang, missing."""

    kind: str
    text: str = ""


def registered(nm="llvm-nm-19", elf=ELF):
    """All tests of the client, in its order."""
    if not elf.exists():
        return []
    listing = subprocess.run([nm, "-n", elf], capture_output=True, text=True, check=True).stdout
    return [
        Test(name, kind == "alone", system, int(pes))
        for kind, system, pes, name in SYMBOL.findall(listing)
    ]


def read_lines(result):
    """Verdicts by name, the test that had not ended, whether the client came to its end."""
    verdicts, running, notes, done = {}, None, [], False
    for kind, head, text in LINE.findall(result.client):
        if kind == "test":
            running, notes = head, []
        elif kind == "note":
            notes.append(head + (": " + text if text else ""))
        elif kind == "done":
            done = True
        else:
            verdicts[head] = Verdict(kind, "\n".join([*notes, text]))
            if head == running:
                running = None
    return verdicts, running, done


def boot(system, words, pes, seconds):
    return Machine(
        SYSTEMS / system, pes=pes, arguments=words, timeout=seconds
    ).run()


def last_failed(found):
    """The test after whose failure the client ended, or None."""
    name = next(reversed(found), None)
    return name if name is not None and found[name].kind == "fail" else None


def run_shared(system, pes, tests):
    """Verdicts of all tests of a system that share a boot, and the consoles of the boots it took."""
    verdicts, consoles = {}, []
    words = ["test", "all", system]
    for _ in range(RESTARTS):
        result = boot(system, words, pes, BOOT_SECONDS + SHARED_SECONDS)
        consoles.append(result.console)
        found, running, done = read_lines(result)
        verdicts.update(found)
        if done:
            break
        if running is None and last_failed(found) is not None:
            words = ["test", f"after:{last_failed(found)}"]
            continue
        if running is None:
            missing = [t.name for t in tests if t.name not in verdicts]
            verdicts.update({name: Verdict("hang", result.report()) for name in missing[:1]})
            break
        verdicts[running] = Verdict("hang", result.report())
        words = ["test", f"after:{running}"]
    for test in tests:
        verdicts.setdefault(test.name, Verdict("missing", "the client did not come to it"))
    return verdicts, consoles


def run_alone(test, pes):
    """Verdict of a test with a boot of its own, and its console."""
    result = boot(test.system, ["test", test.name], pes, BOOT_SECONDS + TEST_SECONDS)
    found, _, done = read_lines(result)
    verdict = found.get(test.name)
    if verdict is None or not done:
        return Verdict("hang", result.report()), result
    if verdict.kind == "fail":
        verdict.text += "\n" + result.report()
    elif verdict.kind == "pass" and not result.clean:
        return Verdict("fail", "passed, but: " + result.report()), result
    return verdict, result
