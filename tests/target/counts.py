# SPDX-License-Identifier: BSD-3-Clause
"""Hooks of pytest that end a run with the line of all suites: `N passed, N failed`."""

COUNTS = {}


def pytest_terminal_summary(terminalreporter):
    for key in ("passed", "failed", "error", "skipped"):
        COUNTS[key] = len(terminalreporter.stats.get(key, []))


def pytest_unconfigure():
    if COUNTS:
        skipped = f", {COUNTS['skipped']} skipped" if COUNTS["skipped"] else ""
        print(f"{COUNTS['passed']} passed, {COUNTS['failed'] + COUNTS['error']} failed{skipped}")
