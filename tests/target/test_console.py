# SPDX-License-Identifier: BSD-3-Clause
"""FFA_CONSOLE_LOG: what normal-world/tests/console.c lets partitions print must be on the console."""

import re

import pytest
from conftest import PES

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
