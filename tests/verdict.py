#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the suites of `make test` one after the other and gives one verdict.

A suite is a make target that prints its tests and, in a line of its own, `N passed, N failed` with an optional
`, N skipped` (pytest's summary counts too). A suite that ends without that line, in error, with no test at all,
with a skip it has no right to, or not within its time counts as failed. The last line is the sum.
"""
import os
import re
import signal
import subprocess
import sys
import time

# name, make target, seconds it may take, skips allowed
SUITES = [
    ("unit", "test-unit", 600, 0),
    ("threads", "test-threads", 300, 0),
    ("config", "test-config", 600, 0),
    ("tools", "test-tools", 300, 0),
    ("check", "check", 600, 0),
    ("compilers", "test-compilers", 600, 0),
    ("target", "test-target", 1800, 0),
    ("linux", "test-linux", 900, 6),
    ("bench", "test-bench", 900, 0),
]
COUNT = re.compile(r"^(?:=+ )?(?:(\d+) failed, )?(\d+) passed(?:, (\d+) failed)?(?:, (\d+) skipped)?.*$")


class Outcome:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.why = None


def count(line, outcome):
    """Takes a summary line into @outcome; later ones replace earlier ones."""
    match = COUNT.match(line.strip())
    if match:
        outcome.passed = int(match.group(2))
        outcome.failed = int(match.group(1) or match.group(3) or 0)
        outcome.skipped = int(match.group(4) or 0)
    return match is not None


def stop(process):
    """Ends the suite with everything it started: it leads a process group of its own."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(target, seconds):
    """Runs one suite, shows its output as it comes."""
    outcome = Outcome()
    counted = False
    process = subprocess.Popen(["make", "--no-print-directory", target], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, errors="replace",
                               start_new_session=True)
    previous = signal.signal(signal.SIGALRM, lambda *_: stop(process))
    signal.alarm(seconds)
    try:
        for line in process.stdout:
            sys.stdout.write("  " + line)
            sys.stdout.flush()
            counted |= count(line, outcome)
        status = process.wait()
    except KeyboardInterrupt:
        stop(process)
        raise
    finally:
        expired = signal.alarm(0) == 0
        signal.signal(signal.SIGALRM, previous)
    if expired:
        outcome.why = f"not finished after {seconds} s"
    elif not counted:
        outcome.why = f"no summary (make {target} ended with {status})"
    elif status != 0 and outcome.failed == 0:
        outcome.why = f"make {target} ended with {status}"
    elif outcome.passed + outcome.failed + outcome.skipped == 0:
        outcome.why = "no test ran"
    return outcome


def main():
    wanted = sys.argv[1:]
    total = Outcome()
    table = []
    for name, target, seconds, skips in SUITES:
        if wanted and name not in wanted:
            continue
        print(f"== {name}", flush=True)
        start = time.monotonic()
        outcome = run(target, seconds)
        if outcome.why is None and outcome.skipped > skips:
            outcome.why = f"{outcome.skipped} skipped, {skips} may be"
        if outcome.why is not None:
            outcome.failed += 1
        table.append((name, outcome, time.monotonic() - start))
        total.passed += outcome.passed
        total.failed += outcome.failed
        total.skipped += outcome.skipped
    print("== summary")
    for name, outcome, seconds in table:
        note = f"  {outcome.why}" if outcome.why else ""
        print(f"{name:10} {outcome.passed:5} passed {outcome.failed:4} failed {outcome.skipped:4} skipped "
              f"{seconds:5.0f} s{note}")
    if total.skipped:
        print(f"SKIPPED {total.skipped}: see above why")
    print(f"{total.passed} passed, {total.failed} failed")
    sys.exit(1 if total.failed or not total.passed else 0)


main()
