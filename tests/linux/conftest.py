# SPDX-License-Identifier: BSD-3-Clause
"""The last line, as in tests/target."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "target"))

from counts import pytest_terminal_summary, pytest_unconfigure  # noqa: E402, F401
