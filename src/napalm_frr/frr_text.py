"""Canonical order of an FRR running configuration.

FRR prints most lists sorted, but some in the order in which they were created: two routers with the same configuration
could print different text. Those are sorted here: named filter lists and route-maps by name, BFD profiles by name, BFD
peers, and the addresses of an interface.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_interface
from operator import itemgetter
from typing import Any

_BANNER = re.compile(r"(Building configuration\.\.\.|Current configuration:|frr version .*|frr defaults .*|)\Z")
_NAMED = re.compile(
    r"(access-list|(?:ip|ipv6) (?:access|prefix)-list|ipv6 access-list"
    r"|bgp (?:as-path access|(?:large-|ext)?community)-list(?: standard| expanded)?) (\S+)(?: |$)"
)
_SEQUENCE = re.compile(r"seq (\d+) ")
_ROUTE_MAP = re.compile(r"route-map (\S+) (?:permit|deny) (\d+)$")
_ADDRESS = re.compile(r" (?:ip|ipv6) address (\S+)")
_BFD_MEMBER = re.compile(r" (profile|peer) (.+)$")

Block = tuple[str, ...]


def from_show_running(output: str) -> str:
    """The section text from what `vtysh -c 'show running-config'` printed."""
    lines = output.splitlines()
    start = next((n for n, line in enumerate(lines) if line not in ("!",) and not _BANNER.match(line)), len(lines))
    return canonical("".join(line + "\n" for line in lines[start:]))


def canonical(text: str) -> str:
    """The same configuration in the one order in which documents print it."""
    blocks = _blocks(text.splitlines())
    blocks = _sort_runs(blocks, _named_key)
    blocks = _sort_runs(blocks, _route_map_key)
    ordered = [_inner_order(block) for block in blocks]
    return "".join(line + "\n" for block in ordered for line in block)


def first_misplaced(text: str) -> tuple[int, str] | None:
    """Line number (from 1) and expected line of the first place where `text` is not canonical."""
    lines, wanted = text.splitlines(), canonical(text).splitlines()
    for number, (line, want) in enumerate(zip(lines, wanted, strict=True), 1):
        if line != want:
            return number, want
    return None


def _blocks(lines: list[str]) -> list[Block]:
    """Top-level statements: single lines, or a context from its head to `exit` together with the `!` after it."""
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if end < len(lines) and (lines[end].startswith(" ") or lines[end] == "exit"):
            while end < len(lines) and lines[end].startswith(" "):
                end += 1
            while end < len(lines) and lines[end] in ("exit", "!") and lines[end - 1] != "!":
                end += 1
        blocks.append(tuple(lines[at:end]))
        at = end
    return blocks


def _sort_runs(blocks: list[Block], key: Callable[[Block], tuple[Any, ...] | None]) -> list[Block]:
    """Sorts every run of neighbouring blocks for which `key` returns something other than None."""
    result: list[Block] = []
    run: list[tuple[tuple[Any, ...], Block]] = []
    for block in [*blocks, ("",)]:
        if (rank := key(block)) is not None:
            run.append((rank, block))
            continue
        result += [member for _, member in sorted(run, key=itemgetter(0))]
        result.append(block)
        run = []
    return result[:-1]


def _named_key(block: Block) -> tuple[str, str, int] | None:
    """Kind, name and sequence number; a list's description stands before its entries."""
    match = _NAMED.match(block[0]) if len(block) == 1 else None
    if not match:
        return None
    number = _SEQUENCE.match(block[0], match.end())
    return (match[1], match[2], int(number[1]) if number else 0)


def _route_map_key(block: Block) -> tuple[str, int] | None:
    match = _ROUTE_MAP.match(block[0])
    return (match[1], int(match[2])) if match else None


def _inner_order(block: Block) -> Block:
    if block[0].startswith("interface "):
        return _addresses_in_order(block)
    if block[0] == "bfd":
        return _bfd_in_order(block)
    return block


def _addresses_in_order(block: Block) -> Block:
    places = [n for n, line in enumerate(block) if _ADDRESS.match(line)]
    ordered = sorted((block[n] for n in places), key=_address_key)
    lines = list(block)
    for place, line in zip(places, ordered, strict=True):
        lines[place] = line
    return tuple(lines)


def _address_key(line: str) -> tuple[int, int, int]:
    match = _ADDRESS.match(line)
    assert match
    try:
        address = ip_interface(match[1])
    except ValueError:
        return (9, 0, 0)
    return (address.version, int(address), address.network.prefixlen)


def _bfd_in_order(block: Block) -> Block:
    """Members run from ` profile X` or ` peer X` to ` exit` and ` !`; profiles come first, as FRR prints them."""
    members: list[list[str]] = []
    tail = list(block[1:])
    while tail and _BFD_MEMBER.match(tail[0]):
        end = tail.index(" exit") + 1 if " exit" in tail else len(tail)
        end += tail[end : end + 1] == [" !"]
        members.append(tail[:end])
        tail = tail[end:]
    members.sort(key=_bfd_key)
    return (block[0], *(line for member in members for line in member), *tail)


def _bfd_key(member: list[str]) -> tuple[bool, str]:
    match = _BFD_MEMBER.match(member[0])
    assert match
    return (match[1] == "peer", match[2])
