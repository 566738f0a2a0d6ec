"""Official units as dated facts: the lists of data/ as `model.Unit`, and the unit that holds on a day.

Nothing of a site follows from its unit but what people read; numbers, names and addresses stay when units change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

from tslcd import csv_table, model
from tslcd.csv_table import Row
from tslcd.errors import Finding, Place
from tslcd.nearest import suggestion
from tslcd.validation import Problem

Level = Literal["province", "district", "commune"]
DIGITS: dict[Level, int] = {"province": 2, "district": 3, "commune": 5}
"""Level, from the top → digits of its official codes; a list has columns `<level>_code`, `_name` and `_type`."""
_KIND: dict[Level, str] = {"province": "tỉnh"}  # what a list without a column of types means


@dataclass
class Official:
    """All units, what is wrong with their files, and what is wrong with `units` itself."""

    units: dict[str, model.Unit] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(declared: model.Units, directory: Path) -> Official:
    """Read every declared list and map from `directory`; units come in the order of the lists, those above first."""
    found = Official()
    for name, official in declared.lists.items():
        if (path := _file(found, ("units", "lists", name, "file"), directory, official.file)) is not None:
            _read_list(found, path, name, official)
    incomplete = bool(found.findings or found.problems)
    found.problems += _wrong_periods(declared)
    following = dict(pairwise(declared.lists))
    if incomplete:  # a list that is wrong would make every row of its map wrong, too
        return found
    for name, file in declared.successors.items():
        if name not in following:
            wanted = f"no list follows it ({name}); {suggestion(name, following)}"
            found.problems.append(Problem(("units", "successors", name), wanted, at_key=True))
        elif (path := _file(found, ("units", "successors", name), directory, file)) is not None:
            _read_map(found, path, name, following[name])
    if not found.findings and not found.problems:
        found.problems += _changes_and_doubts(found, declared)
    return found


def unit_at(network: model.Network, unit_id: str, as_of: date) -> model.Unit | None:
    """The unit that this one is on a day, following successors; None where nothing took its place, or before its time.

    :raises KeyError: when no list has the unit.
    """
    units = by_id(network)
    unit = units[unit_id]
    while unit.valid_to is not None and unit.valid_to < as_of:
        if not unit.successors:
            return None
        unit = units[unit.successors[0]]
    return unit if unit.valid_from <= as_of else None


def by_id(network: model.Network) -> dict[str, model.Unit]:
    """Every official unit by its id."""
    return {unit.id: unit for unit in network.official_units}


def _file(found: Official, path: tuple[str, ...], directory: Path, name: str) -> Path | None:
    if name in {file.name for file in directory.glob("*")}:
        return directory / name
    found.problems.append(Problem(path, csv_table.misspelt_file(name, directory)))
    return None


def _read_list(found: Official, path: Path, name: str, official: model.UnitList) -> None:
    file = f"{path.parent.name}/{path.name}"
    table = csv_table.read(path, file, [f"commune_{what}" for what in ("code", "name", "type")])
    found.findings += table.findings
    levels = [level for level in DIGITS if table.rows and f"{level}_code" in table.rows[0].cells]
    for row in table.rows:
        parent = None
        for level in levels:
            unit = _unit(row, level, parent, name, official)
            known = found.units.get(unit.id)
            found.findings += _wrong_cells(row, level, unit, known)
            found.units.setdefault(unit.id, unit)
            parent = unit.id


def _unit(row: Row, level: Level, parent: str | None, name: str, official: model.UnitList) -> model.Unit:
    code = row.cells[f"{level}_code"]
    return model.Unit.model_construct(
        id=f"{code}-{name}",
        code=code,
        name=row.cells.get(f"{level}_name", ""),
        kind=row.cells.get(f"{level}_type", _KIND.get(level, "")),
        level=level,
        parent=parent,
        valid_from=official.valid_from,
        valid_to=official.valid_to,
        successors=(),
        note=None,
    )


def _wrong_cells(row: Row, level: Level, unit: model.Unit, known: model.Unit | None) -> Iterator[Finding]:
    digits = DIGITS[level]
    if not (unit.code.isascii() and unit.code.isdigit() and len(unit.code) == digits):
        yield row.finding(f"{level}_code", f"wrong value ({unit.code}); should be {digits} digits, zeros included")
    for column, value in (("name", unit.name), ("type", unit.kind)):
        if not value:
            yield row.finding(f"{level}_{column}", "empty; every unit has one")
    if known is None:
        return
    if level == "commune":
        yield row.finding("commune_code", f"code in use ({unit.code}) by {known.name}; should be one of its own")
    elif (known.name, known.kind) != (unit.name, unit.kind):
        text = f"{unit.code} is {known.kind} {known.name} above ({unit.kind} {unit.name}); should be the same"
        yield row.finding(f"{level}_name", text)


def _wrong_periods(declared: model.Units) -> Iterator[Problem]:
    for name, official in declared.lists.items():
        if official.valid_to is not None and official.valid_to < official.valid_from:
            text = f"before the first day ({official.valid_to}); should be {official.valid_from} or later"
            yield Problem(("units", "lists", name, "valid_to"), text)
    for (name, earlier), (_, later) in pairwise(declared.lists.items()):
        last = later.valid_from - timedelta(days=1)
        if earlier.valid_to != last:
            text = f"wrong value ({earlier.valid_to or 'null'}); should be {last}, the day before the next list"
            yield Problem(("units", "lists", name, "valid_to"), text)


def _read_map(found: Official, path: Path, name: str, following: str) -> None:
    """Which unit of list `following` each commune of list `name` became."""
    file = f"{path.parent.name}/{path.name}"
    before, after = f"commune_code_{name}", f"commune_code_{following}"
    table = csv_table.read(path, file, [before, after])
    found.findings += table.findings
    for row in table.rows:
        wrong = False
        for column, of_list in ((before, name), (after, following)):
            if (unit := found.units.get(f"{row.cells[column]}-{of_list}")) is None:
                meant = _meant(found.units, row, column, of_list)
                text = f"unknown unit of {of_list} ({row.cells[column]}); {meant}"
                found.findings.append(row.finding(column, text))
                wrong = True
            elif row.cells.get(f"name_{of_list}", unit.name) != unit.name:
                text = f"{unit.code} is {unit.name} in its list ({row.cells[f'name_{of_list}']}); should be the same"
                found.findings.append(row.finding(f"name_{of_list}", text))
        if wrong:
            continue
        unit = found.units[f"{row.cells[before]}-{name}"]
        if unit.successors:
            text = f"{unit.code} has a successor already; a divided unit's sites name their units of {following}"
            found.findings.append(row.finding(before, text))
            continue
        update = {"successors": (f"{row.cells[after]}-{following}",), "note": row.cells.get("note") or None}
        found.units[unit.id] = unit.model_copy(update=update)
    for unit in found.units.values():
        if unit.level == "commune" and unit.id.endswith(f"-{name}") and not unit.successors and not found.findings:
            text = f"no row for {unit.code} ({unit.name}); should say which unit of {following} it became"
            found.findings.append(Finding(Place(file), before, text))


def _meant(units: Mapping[str, model.Unit], row: Row, column: str, of_list: str) -> str:
    """The code that goes with the row's name, else the one that looks most like the row's."""
    codes = {u.code: u.name for u in units.values() if u.level == "commune" and u.id == f"{u.code}-{of_list}"}
    of_name = [code for code, name in codes.items() if name == row.cells.get(f"name_{of_list}")]
    return suggestion(of_name[0] if of_name else row.cells[column], codes)


def _changes_and_doubts(found: Official, declared: model.Units) -> Iterator[Problem]:
    for index, change in enumerate(declared.changes):
        path = ("units", "changes", index)
        yield from _unknown(found.units, change.unit, (*path, "unit"))
        yield from _unknown(found.units, change.successor, (*path, "successor"))
        if (unit := found.units.get(change.unit)) is None or change.successor not in found.units:
            continue
        last = unit.valid_to or date.max
        if not unit.valid_from < change.effective_on <= last:
            text = f"outside its list ({change.effective_on}); should be after {unit.valid_from} and by {last}"
            yield Problem((*path, "effective_on"), text)
        guess = " (giả định)" if change.assumed else ""
        note = f"thành {change.successor} từ {change.effective_on}{guess}: {change.source}"
        found.units[unit.id] = unit.model_copy(
            update={
                "valid_to": change.effective_on - timedelta(days=1),
                "successors": (change.successor,),
                "note": note,
            }
        )
    for unit_id, doubt in declared.doubts.items():
        yield from _unknown(found.units, unit_id, ("units", "doubts", unit_id), at_key=True)
        if (unit := found.units.get(unit_id)) is not None:
            found.units[unit_id] = unit.model_copy(update={"note": doubt})


def _unknown(
    units: Mapping[str, model.Unit], unit_id: str, path: tuple[str | int, ...], *, at_key: bool = False
) -> Iterator[Problem]:
    if unit_id not in units:
        yield Problem(path, f"unknown unit ({unit_id}); {suggestion(unit_id, units)}", at_key)
