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
    """The shared boots, one for each number of PEs, run when first asked for."""

    def __init__(self):
        self.done = {}

    def get(self, pes):
        if pes not in self.done:
            self.done[pes] = client.run_shared(pes, [t for t in SHARED if t.pes <= pes])
        return self.done[pes]


@pytest.fixture(scope="session")
def suites():
    return Suites()


def pytest_generate_tests(metafunc):
    if "shared" in metafunc.fixturenames:
        cases = [(pes, test) for pes in PES for test in SHARED if test.pes <= pes]
        metafunc.parametrize("pes,shared", cases, ids=[f"{pes}-{test.name}" for pes, test in cases])
    if "alone" in metafunc.fixturenames:
        metafunc.parametrize("alone", ALONE, ids=[test.name for test in ALONE])
    if "any_pes" in metafunc.fixturenames:
        metafunc.parametrize("any_pes", PES)
