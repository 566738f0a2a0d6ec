"""What is wrong with the declared data, as findings that name file, line, column and key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LONGEST = 1000
"""Characters of a finding that are shown: a key may be as long as a file."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a declared file (relative to the repository), counted from 1; line 0 is the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: where, which key, and what with what would be right instead; by which policy rule."""

    place: Place
    key: str
    text: str
    rule: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        line = f"{self.place}: {self.key}: {self.text}" if self.key else f"{self.place}: {self.text}"
        line = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
        shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in line)
        return f"{shown} [{self.rule}]" if self.rule else shown


class DeclarationError(Exception):
    """The declared data is not usable. Carries every error of the run, each once, ordered by place.

    `judged_by` is the day and the policy profile, where the run came so far.
    """

    def __init__(self, findings: Iterable[Finding], judged_by: str = "") -> None:
        self.findings = tuple(sorted(set(findings)))
        self.judged_by = judged_by
        super().__init__("\n".join(map(str, self.findings)))
