# SPDX-License-Identifier: BSD-3-Clause
"""The tests of the normal-world client (normal-world/tests), at several numbers of PEs."""

import os

import client
import pytest

ALONE_PES = int(os.environ.get("ALONE_PES", "4"))


def judge(verdict):
    if verdict.kind == "skip":
        pytest.skip(verdict.text)
    if verdict.kind != "pass":
        pytest.fail(f"{verdict.kind}: {verdict.text}", pytrace=False)


def test_shared(pes, shared, suites):
    verdicts, _ = suites.get(pes, shared.system)
    judge(verdicts[shared.name])


def test_alone(alone):
    judge(client.run_alone(alone, max(alone.pes, ALONE_PES))[0])
