"""Many documents are given to FRR's parser at once, and each still gets the findings that it would get alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from napalm_frr.agent import frr, process

VALID = "hostname a\n!\nrouter bgp 65000\n bgp router-id 10.0.0.1\nexit\n!\nend\n"
WRONG = "hostname b\n!\nrouter bgp 65000\n bgp ruter-id 10.0.0.1\nexit\n!\nend\n"
OPEN = "hostname c\n!\nrouter bgp 65000\n address-family ipv4 unicast\n"
NEEDS_OPEN = " neighbor 10.0.0.1 remote-as 1\nhostname d\nend\n"
LEAVES = "exit\nhostname e\nend\n"
ENDS = "exit\nexit\nexit\nhostname f\nend\n"
NONSENSE = "hostname g\nnonsense\nend\nnonsense too\n"


def alone(text: str, tmp_path: Path) -> list[tuple[int, str]]:
    return frr.check([text], tmp_path / "alone")[0]


@pytest.mark.parametrize(
    "texts",
    [
        [VALID, VALID, VALID],
        [VALID, WRONG, VALID, NONSENSE],
        [OPEN, NEEDS_OPEN, VALID],
        [VALID, LEAVES, WRONG],
        [ENDS, WRONG, VALID],
        [VALID, ENDS],
        [NONSENSE, NONSENSE],
    ],
    ids=["valid", "wrong", "open context", "left", "reading ended", "ended last", "all wrong"],
)
def test_each_text_gets_what_it_gets_alone(texts, tmp_path):
    assert frr.check(texts, tmp_path / "many") == [alone(text, tmp_path) for text in texts]


def test_the_wrong_line_is_named(tmp_path):
    assert [number for number, _ in alone(WRONG, tmp_path)] == [4]


def test_lines_that_vtysh_leaves_unread_are_a_finding(tmp_path):
    assert alone(ENDS, tmp_path) != []


def test_valid_texts_cost_one_start_of_vtysh(tmp_path, monkeypatch):
    starts, outcome = [], process.outcome
    monkeypatch.setattr(process, "outcome", lambda argv: starts.append(argv) or outcome(argv))
    frr.check([VALID] * 20, tmp_path / "many")
    assert len(starts) == 1
