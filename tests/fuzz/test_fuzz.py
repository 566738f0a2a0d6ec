"""A sample of the mutants of `make campaign`, the same in every run: accepted with all laws, or rejected by file."""

from __future__ import annotations

import pytest

from fuzz.verdict import judge

SEED, SAMPLE = 5, 40


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_mutant_is_accepted_whole_or_rejected_by_file(small, number):
    judge(small, f"{SEED}:{number}")
