"""Removals done before frr-reload.py, in one call.

frr-reload.py removes line by line, one process each; after it has removed a BGP neighbour it tries to remove that
neighbour's other lines too, shortening each refused command word by word. Removing whole neighbours and interface lines
first is several times faster and leaves it nothing to guess. Timers of a BFD profile it cannot take back at all. A
password it would repeat on vtysh's command line, for everybody who lists processes.
"""

from __future__ import annotations

import re

_NEIGHBOR = re.compile(r" neighbor ([0-9a-fA-F.:]+)(?: remote-as .*|( bfd))$")
_PASSWORD = re.compile(r" neighbor (\S+) password .+$")
_MEMBER = re.compile(r" (?:profile|peer) ")
_BFD_DEFAULTS = {
    "detect-multiplier": "3",
    "echo receive-interval": "50",
    "echo transmit-interval": "50",
    "minimum-ttl": "254",
    "receive-interval": "300",
    "transmit-interval": "300",
}

Contexts = dict[tuple[str, ...], dict[str, str]]
"""Lines that open a context -> what stands in it (a line, or a neighbour) -> the command that removes that."""


def commands(running: str, wanted: str) -> list[str]:
    """Lines for `vtysh -f`; empty when nothing of this kind leaves the configuration."""
    have, want = _contexts(running), _contexts(wanted)
    result: list[str] = []
    for context, things in have.items():
        if context not in want and not context[0].startswith("interface "):
            continue  # frr-reload.py removes an instance or a profile as a whole
        gone = {line: removal for line, removal in things.items() if line not in want.get(context, {})}
        # With a neighbour goes what stands about it.
        removals = [removal for line, removal in gone.items() if line.split(" ")[0] not in gone.keys() - {line}]
        if removals:
            result += [*context, *removals, *("exit" for _ in context)]
    return result


def _contexts(text: str) -> Contexts:
    contexts: Contexts = {}
    head: tuple[str, ...] = ("",)
    for line in text.splitlines():
        if line and not line.startswith(" "):
            head = (line,)
        elif head[0] == "bfd" and _MEMBER.match(line):
            head = ("bfd", line)
        if found := _thing(head, line):
            contexts.setdefault(head, {})[found[0]] = found[1]
        elif line.startswith(("interface ", "router bgp ")) or _MEMBER.match(line):
            contexts.setdefault(head, {})
    return contexts


def _thing(head: tuple[str, ...], line: str) -> tuple[str, str] | None:
    if not line.startswith(" "):
        return None
    if head[0].startswith("interface "):
        return line, _negated(line.strip())
    if head[0].startswith("router bgp ") and (match := _NEIGHBOR.match(line)):
        name = f"{match[1]}{match[2] or ''}"
        return name, f"no neighbor {name}"
    if head[0].startswith("router bgp ") and (match := _PASSWORD.match(line)):
        return line.removeprefix(" neighbor "), f"no neighbor {match[1]} password"
    if head[0] == "bfd" and line.startswith("  "):
        keyword = line.strip().rpartition(" ")[0]
        if keyword in _BFD_DEFAULTS:
            return keyword, f"{keyword} {_BFD_DEFAULTS[keyword]}"
        return line, _negated(line.strip())
    return None


def _negated(line: str) -> str:
    if line.startswith("no "):
        return line.removeprefix("no ")
    return "no description" if line.startswith("description ") else f"no {line}"
