# SPDX-License-Identifier: BSD-3-Clause
"""FFA_CONSOLE_LOG: what normal-world/tests/console.c lets partitions print must be on the console."""

import re

import client
import pytest
from conftest import ALONE, PES

LONG = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
LINES = {
    1: ("8001", ""),
    2: ("8001", ""),
    3: ("8007", ""),
    4: ("8007", ""),
    5: ("8005", " abcdefgh"),
    6: ("8005", " " + LONG),
    7: ("8007", ""),
    8: ("8001", ""),
}


@pytest.mark.parametrize("number", LINES)
def test_line_is_printed_once_with_its_partition(number, suites):
    _, consoles = suites.get(PES[0])
    partition, rest = LINES[number]
    found = re.findall(rf"^.*console-test {number}\b.*$", "\n".join(consoles), re.M)
    assert found == [f"[{partition} 0] console-test {number}{rest}"]


# ---- a partition that never stops: console_log_of_a_flood_is_cut_and_others_are_heard

FLOOD_PES = 4
FLOOD_LINES = 600 * (FLOOD_PES - 1)
QUIET_LINES = 50
BURST = 65536  # core/console_quota.h
WRITTEN = 128 + len("[8001 1] ") + len("\r")
SHOWN = re.compile(r"^\[8001 [1-3]\] flood x{121}$", re.M)
NOTE = re.compile(r"^\[8001 \d\] \((\d+) lines? left out: too many\)$", re.M)


@pytest.fixture(scope="module")
def flood():
    test = next(test for test in ALONE if test.name == "console_log_of_a_flood_is_cut_and_others_are_heard")
    verdict, result = client.run_alone(test, FLOOD_PES)
    assert verdict.kind == "pass", verdict.text
    return result.console


def test_a_flood_is_shown_for_a_burst_and_then_cut(flood):
    shown = len(SHOWN.findall(flood))
    assert BURST - 1024 < shown * WRITTEN, "not even the burst"
    assert shown < FLOOD_LINES, "never cut"


def test_lines_left_out_of_a_flood_are_all_told(flood):
    told = sum(int(count) for count in NOTE.findall(flood))
    assert len(SHOWN.findall(flood)) + told == FLOOD_LINES


def test_lines_after_a_flood_appear(flood):
    assert "[8001 0] the flood is over" in flood.splitlines()


def test_lines_of_others_appear_in_a_flood(flood):
    quiet = re.findall(r"^\[8005 0\] quiet (\d\d)$", flood, re.M)
    assert quiet == [f"{number:02}" for number in range(QUIET_LINES)]


# ---- CPU_OFF that partitions refuse or never answer: normal-world/tests/cpu_off.c


@pytest.mark.parametrize("name", ["m-mp", "m-mp11", "m-mp13"])
def test_a_partition_that_stands_in_the_way_of_cpu_off_is_named(name, suites):
    pes = next((pes for pes in PES if pes >= 2), None)
    if pes is None:
        pytest.skip("needs more PEs")
    console = "\n".join(suites.get(pes, "messages")[1])
    assert re.search(rf"^\[.*\] WARN  power +0x800\d {name}: refuses CPU_OFF of PE 1 \(-3\): it goes off$", console, re.M)
    assert re.search(rf"^\[.*\] WARN  power +0x800\d {name}: no answer to CPU_OFF of PE 1 in 100 ms: it goes off$", console, re.M)
