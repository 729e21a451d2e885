# SPDX-License-Identifier: BSD-3-Clause
"""What `make run` shows: the demo partitions answer on every PE and the machine switches itself off."""

import re

import client


def test_demo_talks_to_every_partition_and_switches_off(any_pes):
    result = client.boot("demo", ["demo"], any_pes, client.BOOT_SECONDS + client.TEST_SECONDS)

    assert result.clean and result.reason == "guest-shutdown", result.report()
    for partition in ("8001", "8002", "8003"):
        greetings = re.findall(rf"PE (\d+) +{partition} +greetings to PE (\d+) from {partition}", result.console)
        assert greetings == [(str(pe), str(pe)) for pe in range(any_pes)], result.report()
        row = re.search(rf"^  {partition}    +((?: ?3 of 3)+)\r?$", result.console, re.M)
        assert row and row.group(1).count("3 of 3") == any_pes, result.report()


def test_an_unknown_word_is_refused():
    result = client.boot("demo", ["nonsense"], 1, client.BOOT_SECONDS)

    assert result.status == 2, result.report()


def test_a_test_that_does_not_exist_is_no_success():
    result = client.boot("test", ["test", "no_such_test"], 1, client.BOOT_SECONDS)

    assert result.status == 1, result.report()
