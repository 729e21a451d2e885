# SPDX-License-Identifier: BSD-3-Clause
"""Target tests: numbers of PEs, the boots that tests share, the last line."""

import os

import client
import pytest
from counts import pytest_terminal_summary, pytest_unconfigure  # noqa: F401

PES = [int(word) for word in os.environ.get("PES", "1 2 4 8").split()]
TESTS = client.registered()
SHARED = [test for test in TESTS if not test.alone]
ALONE = [test for test in TESTS if test.alone]


class Suites:
    """The shared boots, one for each system and number of PEs, run when first asked for."""

    def __init__(self):
        self.done = {}

    def get(self, pes, system="test"):
        if (pes, system) not in self.done:
            tests = [test for test in SHARED if test.system == system and test.pes <= pes]
            self.done[pes, system] = client.run_shared(system, pes, tests)
        return self.done[pes, system]


@pytest.fixture(scope="session")
def suites():
    return Suites()


def pytest_itemcollected(item):
    """K= finds tests by their system as well."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    test = params.get("shared") or params.get("alone")
    if test is not None:
        item.extra_keyword_matches.add(test.system)


def pytest_generate_tests(metafunc):
    if "shared" in metafunc.fixturenames:
        cases = [(pes, test) for pes in PES for test in SHARED if test.pes <= pes]
        metafunc.parametrize("pes,shared", cases, ids=[f"{pes}-{test.name}" for pes, test in cases])
    if "alone" in metafunc.fixturenames:
        metafunc.parametrize("alone", ALONE, ids=[test.name for test in ALONE])
    if "any_pes" in metafunc.fixturenames:
        metafunc.parametrize("any_pes", PES)
