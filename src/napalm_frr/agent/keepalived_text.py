"""Grammar of the section `keepalived`: one VRRP instance that moves a site's gateways, in keepalived's own words.

vrrp_instance NAME {
    state BACKUP
    interface IF
    version 3
    virtual_router_id 1-255
    priority 1-254
    advert_int SECONDS
    [preempt_delay SECONDS]
    virtual_ipaddress {
        LINK-LOCAL/64 dev IF
    }
    [virtual_ipaddress_excluded {
        ADDRESS/LENGTH dev IF
    }]
    [track_interface {
        IF [weight -N]
    }]
}

Exactly these words in this order. Advertisements go over IPv6, since the one address of the instance itself is a
link-local one of its interface; all others, of both families, are sorted by number. Nothing here names a program, a
file, a mail server or a virtual server. An empty section means that keepalived does not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_interface

from napalm_frr.document import DocumentError

_INDENT = "    "
_NAME = r"[A-Za-z][A-Za-z0-9._-]{0,14}"
_HEAD = re.compile(rf"vrrp_instance ({_NAME}) {{\Z")
_COUNT = re.compile(r"(?:0|[1-9]\d{0,4})\Z")
_DECIMAL = re.compile(r"(0|[1-9]\d?)(\.\d?[1-9])?\Z")
_ADDRESS = re.compile(rf"([0-9a-f.:]+/\d{{1,3}}) dev ({_NAME})\Z")
_TRACKED = re.compile(rf"({_NAME})(?: weight (-[1-9]\d{{0,2}}))?\Z")
_LARGEST_WEIGHT = 253

_SETTINGS = ("state", "interface", "version", "virtual_router_id", "priority", "advert_int", "preempt_delay")
_BLOCKS = ("virtual_ipaddress", "virtual_ipaddress_excluded", "track_interface")
_WORDS = (*_SETTINGS, *(f"{name} {{" for name in _BLOCKS))
_MAY_LACK = ("preempt_delay", "virtual_ipaddress_excluded", "track_interface")
_FIXED = {"state": "BACKUP", "version": "3"}
_RANGES = {"virtual_router_id": (1, 255), "priority": (1, 254), "preempt_delay": (0, 1000)}
_SHORTEST_ADVERT_S, _LONGEST_ADVERT_S = 0.01, 40.95


@dataclass(frozen=True)
class Address:
    """An address that moves: `ADDRESS/LENGTH`, and the interface that has it on the active router."""

    address: str
    interface: str

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """IPv4 before IPv6, each by number."""
        this = ip_interface(self.address)
        return this.version, int(this), this.network.prefixlen, self.interface


@dataclass
class Instance:
    """What a section says, as far as others need it: where routers speak, what moves, which ports are watched."""

    interface: str = ""
    addresses: list[Address] = field(default_factory=list)
    tracked: list[str] = field(default_factory=list)

    @property
    def interfaces(self) -> list[str]:
        """Every interface that is named, once."""
        return list(dict.fromkeys([self.interface, *(this.interface for this in self.addresses), *self.tracked]))


def parse(text: str) -> Instance | None:
    """None when the section is empty. Raises DocumentError at the first wrong line."""
    lines = text.splitlines()
    if not lines:
        return None
    if not _HEAD.match(lines[0]):
        raise _fault(1, "should be: vrrp_instance NAME {")
    if "}" not in lines:
        raise _fault(len(lines), "the instance does not end with }")
    end = lines.index("}")
    if end + 1 < len(lines):
        raise _fault(end + 2, "one instance moves all gateways; nothing follows it")
    return _instance(lines[1:end])


def addresses(text: str) -> set[Address]:
    """Addresses that move, also of a text that somebody may have damaged."""
    found = (_ADDRESS.match(line.strip()) for line in text.splitlines())
    return {Address(match[1], match[2]) for match in found if match}


def _instance(lines: list[str]) -> Instance:
    """Reads what stands between the braces, from line 2 of the section on."""
    left = list(_WORDS)
    found = Instance()
    at = 0
    while at < len(lines):
        number, line = at + 2, lines[at]
        words = _unindented(number, line, 1)
        key = words if words.endswith(" {") else words.partition(" ")[0]
        _advance(number, key, left)
        at += 1
        if key not in _SETTINGS:
            close = lines.index(f"{_INDENT}}}", at) if f"{_INDENT}}}" in lines[at:] else -1
            if close < 0:
                raise _fault(number, f"{key} does not end with }}")
            members = [(at + 2 + n, _unindented(at + 2 + n, member, 2)) for n, member in enumerate(lines[at:close])]
            if not members:
                raise _fault(number, "an empty block is left out")
            _read_members(key.removesuffix(" {"), members, found)
            at = close + 1
        elif message := _setting_fault(key, words.removeprefix(key).removeprefix(" ")):
            raise _fault(number, message)
        elif key == "interface":
            found.interface = words.removeprefix("interface ")
    if missing := [word for word in left if word.removesuffix(" {") not in _MAY_LACK]:
        raise _fault(len(lines) + 2, f"{missing[0].removesuffix(' {')} is missing")
    return found


def _unindented(number: int, line: str, level: int) -> str:
    words = line.removeprefix(_INDENT * level)
    if words == line or words.startswith((" ", "\t")) or "  " in words:
        raise _fault(number, f"should begin with {len(_INDENT) * level} blanks and have one between words")
    return words


def _advance(number: int, key: str, left: list[str]) -> None:
    """Takes `key` and what may be left out before it off the words still to come."""
    if key not in _WORDS:
        known = ", ".join(word.removesuffix(" {") for word in _WORDS)
        raise _fault(number, f"unknown word {key.removesuffix(' {')!r}; known are {known}")
    while left and left[0] != key and left[0].removesuffix(" {") in _MAY_LACK:
        del left[0]
    if not left or left[0] != key:
        should = f"{left[0].removesuffix(' {')} stands here" if left else "the instance ends here"
        raise _fault(number, f"{key.removesuffix(' {')} stands in the wrong place, or twice: {should}")
    del left[0]


def _setting_fault(key: str, value: str) -> str:
    """What is wrong with a setting's value, or ""."""
    if key in _FIXED:
        return "" if value == _FIXED[key] else f"should be: {key} {_FIXED[key]}"
    if key == "interface":
        return "" if re.fullmatch(_NAME, value) else f"{value!r} is no name of an interface"
    if key == "advert_int":
        is_good = _DECIMAL.match(value) and _SHORTEST_ADVERT_S <= float(value) <= _LONGEST_ADVERT_S
        return (
            ""
            if is_good
            else f"advert_int is {_SHORTEST_ADVERT_S} to {_LONGEST_ADVERT_S} s, as short as it can be said"
        )
    least, most = _RANGES[key]
    return "" if _COUNT.match(value) and least <= int(value) <= most else f"{key} is {least} to {most}"


def _read_members(block: str, members: list[tuple[int, str]], instance: Instance) -> None:
    if block == "track_interface":
        _read_tracked(members, instance)
        return
    last = None
    for number, words in members:
        this = _read_address(number, words)
        if block == "virtual_ipaddress" and (last or not _is_link_local(this) or this.interface != instance.interface):
            raise _fault(number, f"should be one link-local address with /64 of {instance.interface}, to speak from")
        if this in instance.addresses or (last and this.rank <= last.rank):
            raise _fault(number, "addresses are sorted by number, IPv4 first, each once")
        last = this
        instance.addresses.append(this)


def _read_address(number: int, words: str) -> Address:
    match = _ADDRESS.match(words)
    if not match:
        raise _fault(number, "should be: ADDRESS/LENGTH dev INTERFACE")
    try:
        canonical = str(ip_interface(match[1]))
    except ValueError:
        canonical = ""
    if canonical != match[1]:
        raise _fault(number, f"{match[1]} should be {canonical or 'an address with its length'}")
    return Address(match[1], match[2])


def _is_link_local(this: Address) -> bool:
    address = ip_interface(this.address)
    return address.version == 6 and address.is_link_local and address.network.prefixlen == 64


def _read_tracked(members: list[tuple[int, str]], instance: Instance) -> None:
    for number, words in members:
        match = _TRACKED.match(words)
        if not match or int(match[2] or 0) < -_LARGEST_WEIGHT:
            raise _fault(number, f"should be: INTERFACE, or INTERFACE weight -1 to -{_LARGEST_WEIGHT}")
        if instance.tracked and match[1] <= instance.tracked[-1]:
            raise _fault(number, "interfaces are sorted, each once")
        instance.tracked.append(match[1])


def _fault(line: int, message: str) -> DocumentError:
    return DocumentError("keepalived", line, message)
