"""What is wrong with the declared data, as findings that name file, line, column and key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    """One thing that is wrong: where, which key, and what with what would be right instead."""

    place: Place
    key: str
    text: str

    def __str__(self) -> str:
        line = f"{self.place}: {self.key}: {self.text}" if self.key else f"{self.place}: {self.text}"
        line = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
        return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in line)


class DeclarationError(Exception):
    """The declared data is not usable. Carries every finding of the run, each once, ordered by place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))
