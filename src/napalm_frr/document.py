"""The configuration document of one device and its only splitter.

A document is ASCII text with `\\n` line ends. Header lines `#@ NAME` start the sections: all of those of one kind of
device (`KINDS`), in their order, once each. Whatever could make a later parser read another file or run a program is
refused here, before any parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

Kind = Literal["router", "endpoint", "server"]
"""What a device is: a router, a conference endpoint, or the server that endpoints register with."""

SECTIONS = ("system", "ovs", "frr", "keepalived", "tc", "nft")
"""Of a router's document."""
KINDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {"router": SECTIONS, "endpoint": ("system", "baresip"), "server": ("system", "kamailio", "bridge")}
)
"""Kind of device -> the sections of its document, in their order."""
HEADER = "#@ "

_ORDER = tuple(dict.fromkeys(name for sections in KINDS.values() for name in sections))
_KIND_OF: Mapping[str, Kind] = {name: kind for kind, names in KINDS.items() for name in names if name != "system"}

_ALLOWED = re.compile(r"[\t\x20-\x7e]*\Z")
_NFT_FILES = re.compile(r"\b(include|define|redefine|undefine)\b")
_NFT_QUOTED = re.compile(r'"[^"]*"')
_SHELL_LINE = re.compile(r"\s*(!\s*\S|#!|\$\(|`)")
# Words of vtysh that leave the configuration: they would act when the text is fed to it.
_FRR_ACTIONS = re.compile(r"\s*(do|start-shell|copy|write|list|find|show|terminal|clear|end|configure)\b")


class DocumentError(ValueError):
    """A document that is refused. `section` may be empty; `line` counts from 1 inside it, 0 means the whole of it."""

    def __init__(self, section: str, line: int, message: str) -> None:
        super().__init__(f"section {section or '-'} line {line}: {message}")
        self.section, self.line, self.message = section, line, message

    def as_dict(self) -> dict[str, str | int]:
        """For JSON."""
        return {"section": self.section, "line": self.line, "message": self.message}


Document = Mapping[str, str]
"""Section name -> text of the section: empty, or lines that each end in a newline."""


def split(text: str) -> Document:
    """The sections of a whole document. Raises DocumentError."""
    parts = _parts(text)
    kind = _kind(parts)
    if "system" in parts and kind is None:
        likely = (f"{sections[1]} of {named(kind)}" for kind, sections in KINDS.items())
        raise DocumentError("", 0, f"after section system others are missing: {', '.join(likely)}")
    missing = [name for name in KINDS[kind or "router"] if name not in parts]
    if missing:
        raise DocumentError(missing[0], 0, f"section is missing{f' in the document of {named(kind)}' if kind else ''}")
    return MappingProxyType(parts)


def kind_of(document: Document) -> Kind:
    """The kind of device that a whole document is for."""
    return _kind(document) or "router"


def named(kind: Kind) -> str:
    """For people: `a router`, `an endpoint`."""
    return f"{'an' if kind == 'endpoint' else 'a'} {kind}"


def split_partial(text: str) -> Document:
    """The sections of a document that need not have all of them (a merge candidate). Raises DocumentError."""
    parts = _parts(text)
    if not parts:
        raise DocumentError("", 1, "no section")
    return MappingProxyType(parts)


def join(document: Document) -> str:
    """The text of the sections that there are, in their order; the inverse of `split`."""
    return "".join(f"{HEADER}{name}\n{document[name]}" for name in _ORDER if name in document)


def _kind(names: Iterable[str]) -> Kind | None:
    """Told by the first section that only one kind of device has."""
    return next((_KIND_OF[name] for name in names if name in _KIND_OF), None)


def _parts(text: str) -> dict[str, str]:
    if text and not text.endswith("\n"):
        raise DocumentError("", text.count("\n") + 1, "the last line does not end in a newline")
    parts: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if line.startswith("#@"):
            name = _next_section(line, list(parts), number)
            parts[name] = []
            continue
        if not name:
            raise DocumentError("", number, "text before the first section header")
        parts[name].append(line)
        _refuse_line(name, len(parts[name]), line)
    for section, lines in parts.items():
        _refuse_frr_end(section, lines)
    return {section: "".join(line + "\n" for line in lines) for section, lines in parts.items()}


def _next_section(line: str, seen: list[str], number: int) -> str:
    name = line.removeprefix(HEADER)
    if name not in _ORDER:
        raise DocumentError("", number, f"unknown section header {line!r}")
    if name in seen:
        raise DocumentError(name, 0, "section appears twice")
    kind = _kind([*seen, name])
    if kind and name not in KINDS[kind]:
        raise DocumentError(name, 0, f"section does not belong into the document of {named(kind)}")
    if seen and _ORDER.index(name) < _ORDER.index(seen[-1]):
        raise DocumentError(
            name, 0, f"section stands after {seen[-1]}; the order is {', '.join(KINDS[kind or 'router'])}"
        )
    return name


def _refuse_line(section: str, number: int, line: str) -> None:
    if not _ALLOWED.match(line):
        raise DocumentError(section, number, "only printable ASCII is allowed")
    if line != line.rstrip():
        raise DocumentError(section, number, "white space at the end of the line")
    if section != "system" and _SHELL_LINE.match(line):
        raise DocumentError(section, number, "shell lines are not allowed")
    if section == "nft":
        unquoted = _NFT_QUOTED.sub('""', line)
        if found := _NFT_FILES.search(unquoted):
            raise DocumentError(section, number, f"{found[1]} is not allowed")
    if section == "frr" and line != "end" and (found := _FRR_ACTIONS.match(line)):
        raise DocumentError(section, number, f"{found[1]} is not configuration")


def _refuse_frr_end(section: str, lines: list[str]) -> None:
    """FRR stops reading at `end`: what follows would be silently ignored."""
    if section != "frr" or not lines:
        return
    if lines[-1] != "end" or lines.count("end") != 1:
        raise DocumentError(section, len(lines), "the section ends with its only line 'end'")
