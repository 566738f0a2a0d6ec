"""A CSV file of data/ as rows that know their places, so that a finding can name file, line and column."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tslcd.errors import Finding, Place
from tslcd.nearest import suggestion

_CELL = re.compile(r'"(?:[^"]|"")*"|[^,]*')


@dataclass(frozen=True)
class Row:
    """One record, by the names of its columns."""

    file: str
    line: int
    text: str
    cells: dict[str, str]

    def finding(self, column: str, text: str) -> Finding:
        """What is wrong with the cell of a column."""
        return Finding(Place(self.file, self.line, self._position(column)), column, text)

    def _position(self, column: str) -> int:
        start = 0
        for name in self.cells:
            if name == column:
                return start + 1
            cell = _CELL.match(self.text, start)
            start = (cell.end() if cell is not None else start) + 1
        return 1


@dataclass(frozen=True)
class Table:
    """The rows of a file that have all their cells, and what is wrong with the others."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def read(path: Path, name: str, columns: Sequence[str]) -> Table:
    """Read the file at `path`, called `name` in findings, which has at least these `columns`; a row is one line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        records = [next(csv.reader([line]), []) for line in lines]
    except UnicodeDecodeError as error:
        return Table((), (Finding(Place(name), "", f"not UTF-8 at byte {error.start}; should be text in UTF-8"),))
    except csv.Error as error:
        return Table((), (Finding(Place(name), "", f"not CSV; {error}"),))
    header = records[0] if records else []
    missing = [
        Finding(Place(name, 1, 1), column, f"missing column; the file has {', '.join(header) or 'none'}")
        for column in columns
        if column not in header
    ]
    if missing:
        return Table((), tuple(missing))
    rows, findings = [], []
    for line, (text, cells) in enumerate(zip(lines[1:], records[1:], strict=True), start=2):
        if len(cells) != len(header):
            wanted = f"wrong number of cells ({len(cells)}); should be {len(header)}, as in the first line"
            findings.append(Finding(Place(name, line, 1), "", wanted))
            continue
        row = Row(name, line, text, dict(zip(header, cells, strict=True)))
        findings += _spelling(row)
        rows.append(row)
    return Table(tuple(rows), tuple(findings))


def _spelling(row: Row) -> Iterator[Finding]:
    for column, value in row.cells.items():
        if value != value.strip():
            yield row.finding(column, f"wrong value ({value!r}); should have no blanks at either end")
        elif not unicodedata.is_normalized("NFC", value):
            composed = unicodedata.normalize("NFC", value)
            yield row.finding(column, f"wrong value ({value}); should be NFC, letters with their marks: {composed}")


def misspelt_file(name: str, directory: Path) -> str:
    """The sentence for a file that does not exist."""
    return f"no such file below {directory.name}/ ({name}); {suggestion(name, [p.name for p in directory.glob('*')])}"
