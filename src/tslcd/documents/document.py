"""A document: a table with its title, the day it is about, and what in it is assumed."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

MISSING = "Chưa có số liệu"
ASSUMED = "giả định"
CONFIRMED = "đã xác nhận"
DECLARED = "theo khai báo"
BASIS = ("basis", "Căn cứ")
TIERS = {
    "hub": "Trung tâm dữ liệu",
    "dr": "Điểm dự phòng",
    "department": "Sở, ban, ngành",
    "district": "Cấp huyện",
    "commune": "Cấp xã",
}
LIFE_CYCLES = {"active": "đang hoạt động", "branch_office": "chi nhánh", "decommissioned": "đã ngừng, giữ số"}

Cell = str | int | None


@dataclass(frozen=True)
class Document:
    """Rows under columns of (key for programs, heading for people); a cell of None is a value that nobody knows."""

    name: str
    title: str
    as_of: date
    sources: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    assumed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return tuple(heading for _, heading in self.columns)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """The rows as cells of a Markdown table."""
        return [tuple(text(cell).replace("|", "\\|") for cell in row) for row in self.rows]

    def csv(self) -> str:
        """The rows as CSV, below the keys of the columns."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(key for key, _ in self.columns)
        writer.writerows([text(cell) for cell in row] for row in self.rows)
        return out.getvalue()


def text(cell: Cell) -> str:
    """A cell as it is printed."""
    return MISSING if cell is None else str(cell)


def mark(assumed: bool) -> str:
    """What stands beside a value that may be assumed."""
    return ASSUMED if assumed else CONFIRMED
