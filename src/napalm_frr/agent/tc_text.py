"""Grammar of the section `tc`: each shaped interface with its tree of HTB classes, sorted by interface and number.

htb INTERFACE default=1:N
class INTERFACE 1:N [parent=1:N] rate=R ceil=R burst=S cburst=S [overhead=B] [prio=P quantum=B queue=KIND:LIMIT]

N is hexadecimal, as tc and nftables print it; R is `…kbit` (`…bit` where it is no multiple), S `…b`. A leaf has prio,
quantum and queue, of which KIND is pfifo (LIMIT in packets, `…p`) or bfifo (LIMIT in bytes, `…b`). A parent stands
before its children, so that the order of the lines is an order in which the kernel takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from napalm_frr.document import DocumentError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,14}\Z")
_NUMBER = re.compile(r"1:([1-9a-f][0-9a-f]{0,3})\Z")
_SIZE, _RATE, _COUNT = re.compile(r"[1-9]\d{0,9}b\Z"), re.compile(r"[1-9]\d{0,12}k?bit\Z"), re.compile(r"\d{1,6}\Z")
_LEAF = ("prio", "quantum", "queue")
_ATTRIBUTES = {
    "parent": _NUMBER,
    "rate": _RATE,
    "ceil": _RATE,
    "burst": _SIZE,
    "cburst": _SIZE,
    "overhead": re.compile(r"[1-9]\d{0,2}\Z"),
    "prio": re.compile(r"[0-7]\Z"),
    "quantum": re.compile(r"[1-9]\d{0,5}\Z"),
    "queue": re.compile(r"(pfifo:[1-9]\d{0,6}p|bfifo:[1-9]\d{0,8}b)\Z"),
}
OF_CLASS = tuple(key for key in _ATTRIBUTES if key != "queue")
"""Attributes that the kernel keeps with a class; its queue is a thing of its own."""
_NEEDED = ("rate", "ceil", "burst", "cburst")
_ROOT = 1


@dataclass(frozen=True)
class Class:
    """One class with its declared attributes."""

    number: int
    attributes: Mapping[str, str]

    @property
    def parent(self) -> int:
        """Its parent's number, 0 for the root of the tree."""
        return number_of(self.attributes["parent"]) if "parent" in self.attributes else 0

    def line(self, interface: str) -> str:
        """Its line in the section."""
        words = [f"{key}={self.attributes[key]}" for key in _ATTRIBUTES if key in self.attributes]
        return " ".join(["class", interface, name_of(self.number), *words])


@dataclass(frozen=True)
class Tree:
    """What shapes one interface: `default` takes packets that name no class."""

    default: int
    classes: dict[int, Class] = field(default_factory=dict)

    @property
    def structure(self) -> tuple[int, set[tuple[int, int]]]:
        """What cannot be changed in place: where unnamed packets go, and which class is below which."""
        inner = {this.parent for this in self.classes.values()}
        return self.default, {(number, this.parent) for number, this in self.classes.items() if number in inner}

    def lines(self, interface: str) -> Iterator[str]:
        """Its lines in the section."""
        yield f"htb {interface} default={name_of(self.default)}"
        for number in sorted(self.classes):
            yield self.classes[number].line(interface)


def parse(text: str) -> dict[str, Tree]:
    """Interface -> tree. Raises DocumentError at the first wrong line."""
    trees: dict[str, Tree] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if message := _read(line.split(" "), trees):
            raise DocumentError("tc", number, message)
    for interface, tree in trees.items():
        if message := _tree_fault(tree):
            raise DocumentError("tc", 0, f"{interface}: {message}")
    return trees


def accepted(text: str) -> str:
    """The lines and words of a running section that a document could hold too."""
    kept = []
    for line in text.splitlines():
        words = line.split(" ")
        if words[0] == "htb":
            kept.append(" ".join(words[:3]))
        elif words[0] == "class":
            pairs = [(word, *word.partition("=")[::2]) for word in words[3:]]
            known = [word for word, key, value in pairs if key in _ATTRIBUTES and _ATTRIBUTES[key].match(value)]
            kept.append(" ".join([*words[:3], *known]))
    return "".join(f"{line}\n" for line in kept)


def number_of(name: str) -> int:
    """16 for `1:10`."""
    return int(name.removeprefix("1:"), 16)


def name_of(number: int) -> str:
    """`1:10` for 16."""
    return f"1:{number:x}"


def _read(words: list[str], trees: dict[str, Tree]) -> str:
    """Takes one line in; what is wrong with it, or ""."""
    kind, interface, *rest = [*words, ""][: max(2, len(words))]
    if kind not in ("htb", "class"):
        return f"unknown word {kind!r}; a line begins with htb or class"
    if not _NAME.match(interface):
        return f"{interface!r} is no name of an interface"
    if kind == "htb":
        if len(rest) != 1 or not rest[0].startswith("default=") or not _NUMBER.match(rest[0].removeprefix("default=")):
            return "should be: htb INTERFACE default=1:N"
        if trees and interface <= list(trees)[-1]:
            return "interfaces are sorted, each has one htb line"
        trees[interface] = Tree(number_of(rest[0].removeprefix("default=")))
        return ""
    if not trees or interface != list(trees)[-1]:
        return f"stands before the htb line of {interface}"
    return _read_class(rest, trees[interface])


def _read_class(words: list[str], tree: Tree) -> str:
    if not words or not _NUMBER.match(words[0]):
        return "should be: class INTERFACE 1:N …"
    attributes: dict[str, str] = {}
    for word in words[1:]:
        key, _, value = word.partition("=")
        if key not in _ATTRIBUTES:
            return f"unknown attribute {word!r}; known are {', '.join(_ATTRIBUTES)}"
        if not _ATTRIBUTES[key].match(value):
            return f"{word!r} is no value of {key}"
        attributes[key] = value
    if list(attributes) != [key for key in _ATTRIBUTES if key in attributes] or len(attributes) != len(words) - 1:
        return f"attributes stand once each, in the order {', '.join(_ATTRIBUTES)}"
    if missing := [key for key in _NEEDED if key not in attributes]:
        return f"{missing[0]} is missing"
    this = Class(number_of(words[0]), attributes)
    if tree.classes and this.number <= max(tree.classes):
        return "classes are sorted by their numbers"
    if this.parent and this.parent not in tree.classes:
        return f"its parent {name_of(this.parent)} does not stand before it"
    tree.classes[this.number] = this
    return ""


def _tree_fault(tree: Tree) -> str:
    inner = {this.parent for this in tree.classes.values()}
    for number, this in tree.classes.items():
        has = [key for key in _LEAF if key in this.attributes]
        if number in inner and has:
            return f"class {name_of(number)} has classes below it, so it has no {has[0]}"
        if number not in inner and len(has) < len(_LEAF):
            return f"class {name_of(number)} has no classes below it, so it needs {', '.join(_LEAF)}"
        if number == _ROOT and "queue" in has:
            return "class 1:1 cannot have a queue: its handle is the tree's own"
    if tree.default not in tree.classes or tree.default in inner:
        return f"default {name_of(tree.default)} should be a class without classes below it"
    return ""
