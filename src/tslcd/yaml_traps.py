"""YAML as people wrote it, from the parser's events: what the loaded values alone no longer show.

A number with a leading zero, a key twice, an anchor that grows without end: after loading nobody can tell. In files of
inventory/ the nesting of groups is read as well, since Ansible only warns about what it skips there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

import yaml

from tslcd.errors import Finding, Place
from tslcd.nearest import suggestion

Role = Literal["groups", "group", "hosts", "variables", "data"]
"""What a mapping holds. The first three are the inventory's own grammar; variables are named, data is their value."""

MAX_DEPTH = 30
"""Levels of nesting; declared data has a dozen."""
MAX_ALIASED = 20_000
"""Values that aliases may add to a file."""
BELOW_GROUP: dict[str, Role] = {"vars": "variables", "children": "groups", "hosts": "hosts"}
MEMBER: dict[Role, Role] = {"groups": "group", "hosts": "variables", "variables": "data", "data": "data"}
MEANT: dict[Role, str] = {
    "groups": "a mapping of groups",
    "group": "a mapping with vars, children or hosts",
    "hosts": "a mapping of hosts",
    "variables": "a mapping of variables",
}
KINDS = {"bool": "true or false", "int": "a number", "float": "a number", "null": "null", "timestamp": "a date"}


@dataclass
class Reading:
    """What one file shows: `fatal` findings leave nothing to read on with; `nesting` is (group, member, place)."""

    file: str
    fatal: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    nesting: list[tuple[str, str, Place]] = field(default_factory=list)
    variables: dict[str, Place] = field(default_factory=dict)
    """Keys at the top of the file."""
    refused: str = ""
    """Why the YAML parser stopped, if it did."""


def read(text: str, file: str) -> Reading:
    """Judge one file by its text."""
    reading = Reading(file)
    walk = _Walk(reading, "groups" if file.startswith("inventory/") else "variables")
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            walk.event(event)
    except _EnoughError:
        pass
    except yaml.YAMLError as error:
        reading.refused = str(getattr(error, "problem", None) or error).splitlines()[0]
    return reading


def group_cycles(readings: Iterable[Reading]) -> Iterator[Finding]:
    """Groups that contain themselves, told where the circle closes."""
    members: dict[str, list[tuple[str, Place]]] = {}
    for reading in readings:
        for group, member, place in reading.nesting:
            members.setdefault(group, []).append((member, place))
    done: set[str] = set()
    for start, first in members.items():
        if start in done:
            continue
        trail, ahead = [start], [iter(first)]
        while ahead:
            if (step := next(ahead[-1], None)) is None:
                done.add(trail.pop())
                ahead.pop()
                continue
            member, place = step
            if member in trail:
                circle = " → ".join([*trail[trail.index(member) :], member])
                yield Finding(place, member, f"a group inside itself ({circle}); should not stand here")
            elif member in members and member not in done:
                trail.append(member)
                ahead.append(iter(members[member]))


class _EnoughError(Exception):
    """Nothing more can be learned from this file."""


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Frame:
    """An open mapping or sequence, and where in it we are."""

    role: Role
    is_mapping: bool
    anchor: str | None
    before: int
    """Values of the file before it opened."""
    lines: dict[str, int] = field(default_factory=dict)
    """Key → line where it stands."""
    key: str | None = None
    """The key whose value comes next; None where a key comes next."""
    last_key: str = ""
    index: int = 0

    @property
    def part(self) -> str:
        return f".{self.last_key}" if self.is_mapping else f"[{self.index}]"


class _Walk:
    """Follows the events of one file with a stack of its own: no nesting can exhaust it."""

    def __init__(self, reading: Reading, top: Role) -> None:
        self._reading, self._top = reading, top
        self._stack: list[_Frame] = []
        self._values, self._aliased = 0, 0
        self._sizes: dict[str, int] = {}

    def event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._stack.pop()
            if frame.anchor is not None:
                self._sizes[frame.anchor] = self._values - frame.before
            self._filled()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._values += 1
        plain = event.implicit[0] and event.tag is None
        if self._at_key():
            self._key(self._stack[-1], event, plain=plain)
            return
        if event.anchor is not None:
            self._sizes[event.anchor] = 1
        kind = _kind(event.value) if plain else "str"
        if (role := self._role()) != "data":
            if kind != "null":
                self._stop(event, f"wrong value; should be {MEANT[role]}")
        elif kind in {"int", "float"}:
            self._number(event)
        elif kind == "timestamp":
            self._timestamp(event)
        self._filled()

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if self._at_key():
            self._stop(event, "a list or mapping as a key; should be text")
        if len(self._stack) == MAX_DEPTH:
            self._stop(event, f"nested too deeply; should be at most {MAX_DEPTH} levels")
        self._values += 1
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if not is_mapping and (role := self._role()) != "data":
            self._stop(event, f"wrong value (a list); should be {MEANT[role]}")
        self._stack.append(_Frame(self._role(), is_mapping, event.anchor, self._values))

    def _alias(self, event: yaml.AliasEvent) -> None:
        if self._at_key():
            self._stop(event, "an alias as a key; should be text")
        if any(frame.anchor == event.anchor for frame in self._stack):
            self._stop(event, f"contains itself (*{event.anchor}); should be written out")
        size = self._sizes.get(event.anchor or "", 1)
        self._values += size
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            self._stop(event, f"aliases that grow to more than {MAX_ALIASED} values; should be written out")
        self._filled()

    def _key(self, frame: _Frame, event: yaml.ScalarEvent, *, plain: bool) -> None:
        key, place = event.value, _place(self._reading.file, event)
        frame.key = frame.last_key = key
        if (first := frame.lines.get(key)) is not None and key != "<<":
            self._fatal(place, f"a key that line {first} has already; should be there once")
        frame.lines.setdefault(key, place.line)
        if plain and (kind := _kind(key)) in KINDS:
            text = f"YAML reads this key as {KINDS[kind]}; should be in quotes, or another name"
            self._reading.findings.append(Finding(place, self._path(), text))
        if len(self._stack) == 1:
            if self._top == "groups" and key == "plugin":
                raise _EnoughError  # a source of an inventory plugin, in that plugin's own words
            self._reading.variables[key] = place
        elif frame.role == "groups":
            self._reading.nesting.append((self._stack[-3].last_key, key, place))
        elif frame.role == "group" and key not in BELOW_GROUP:
            self._fatal(place, f"unknown key of a group, which Ansible would skip; {suggestion(key, BELOW_GROUP)}")

    def _number(self, event: yaml.ScalarEvent) -> None:
        digits = event.value.replace("_", "").lstrip("+-")
        if ":" in digits:
            text = f"YAML reads {event.value} in base 60; should be in quotes, or a plain number"
        elif digits.isdigit() and digits.startswith("0") and len(digits) > 1:
            decimal = int(digits, 8)
            text = f"YAML reads {event.value} as {decimal} (octal); should be in quotes, or without leading zeros"
        else:
            return
        self._reading.findings.append(Finding(_place(self._reading.file, event), self._path(), text))

    def _timestamp(self, event: yaml.ScalarEvent) -> None:
        try:
            date.fromisoformat(event.value)
        except ValueError:
            text = f"no day of the calendar ({event.value}); should be a day such as 2025-12-31, or in quotes"
            self._fatal(_place(self._reading.file, event), text)

    def _at_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_mapping and self._stack[-1].key is None

    def _filled(self) -> None:
        """A value is complete: a mapping waits for its next key, a sequence for its next entry."""
        if self._stack:
            frame = self._stack[-1]
            if frame.is_mapping:
                frame.key = None
            else:
                frame.index += 1

    def _role(self) -> Role:
        """What the value at this position would be, if it is a mapping."""
        if not self._stack:
            return self._top
        frame = self._stack[-1]
        return BELOW_GROUP.get(frame.last_key, "data") if frame.role == "group" else MEMBER[frame.role]

    def _path(self) -> str:
        """The position in variables; in the inventory's own grammar the last two names."""
        values = [frame.part for frame in self._stack if frame.role in {"variables", "data"}]
        return "".join(values or [frame.part for frame in self._stack[-2:]]).removeprefix(".")

    def _fatal(self, place: Place, text: str) -> None:
        self._reading.fatal.append(Finding(place, self._path(), text))

    def _stop(self, event: yaml.Event, text: str) -> None:
        self._fatal(_place(self._reading.file, event), text)
        raise _EnoughError


def _place(file: str, event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)


@lru_cache(maxsize=4096)
def _kind(value: str) -> str:
    """What YAML takes a plain scalar for: str, int, bool, …"""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    tags = (tag for tag, form in resolvers.get(value[:1], ()) if form.match(value))
    return str(next(tags, "str")).rpartition(":")[2]
