"""Official units as dated facts. A site's number, addresses and name never follow from them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tslcd.model.base import Declared, LocalName, Name, Text


class UnitList(Declared):
    """An official list of units, and the days on which it holds."""

    file: Text
    """CSV file below data/."""
    source: Text
    """Who published it."""
    valid_from: date
    """First day."""
    valid_to: date | None = None
    """Last day; null while it holds."""


class UnitChange(Declared):
    """A unit that ended before its list did."""

    unit: Name
    """Id of the unit."""
    successor: Name
    """Id of the unit of the same list that took its place."""
    effective_on: date
    """First day without it."""
    source: Text
    """Who says so."""
    assumed: bool
    """True where the day is a guess."""


class Units(Declared):
    """Lists in the order of time, and which unit became which."""

    lists: dict[Name, UnitList]
    """Name of a list → the list; a unit's id is `<code>-<name of its list>`."""
    successors: dict[Name, Text]
    """Name of a list → CSV file below data/ that says which unit of the next list each of its units became."""
    changes: tuple[UnitChange, ...] = ()
    """What changed while a list held."""
    doubts: dict[Name, Text] = Field(default_factory=dict)
    """Id of a unit → what is in doubt about it; shown wherever the unit is."""


class Unit(Declared):
    """A unit as one list has it."""

    id: Name
    """`<code>-<list>`: codes are given again, 13 of them name another unit after July 2025."""
    code: Text
    """Official code: zero-padded text."""
    name: LocalName
    """Official name, NFC."""
    kind: LocalName
    """phường, xã, thị trấn, huyện, …"""
    level: Literal["province", "district", "commune"]
    """Level of administration."""
    parent: Name | None
    """Id of the unit above, null at the top of the list."""
    valid_from: date
    """First day."""
    valid_to: date | None
    """Last day; null while it holds."""
    successors: tuple[Name, ...]
    """Ids of the units that took its place; empty while it holds, and where nothing took its place."""
    note: Text | None = None
    """What is in doubt about it, or special; for people."""
