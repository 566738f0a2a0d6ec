"""The read `show route PREFIX [longer]`, or an address: the only one that takes a parameter, and a strict one.

A parameter is accepted in its one canonical spelling, so that nothing else can hide in it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from napalm_frr.agent import PATH, process

_DESTINATION = re.compile(r"[0-9a-f.:]{2,39}(/[0-9]{1,3})?")
SUDO = rf"{PATH} ^show route [0-9a-f.\:]{{2,39}}(/[0-9]{{1,3}})?( longer)?$"
"""How sudo is told about it; the agent itself is stricter."""

Destination = IPv4Address | IPv6Address | IPv4Network | IPv6Network


def is_query(words: Sequence[str]) -> bool:
    """Whether the words after `show` ask for a route."""
    if len(words) not in (2, 3) or words[0] != "route" or (destination := parse(words[1])) is None:
        return False
    return len(words) == 2 or (words[2] == "longer" and isinstance(destination, IPv4Network | IPv6Network))


def parse(text: str) -> Destination | None:
    """A prefix (exactly that route is meant) or an address (the route that it takes); None for other spellings."""
    if not _DESTINATION.fullmatch(text):
        return None
    try:
        destination: Destination = ip_network(text) if "/" in text else ip_address(text)
    except ValueError:
        return None
    return destination if str(destination) == text else None


def read(words: Sequence[str]) -> dict[str, Any]:
    """What zebra and bgpd hold, `now` on the router's clock, and its AS number. Raises CommandError."""
    destination = words[1]
    ip, family = ("ipv6", "ipv6") if ":" in destination else ("ip", "ipv4")
    table, detail = (" longer-prefixes", " detail") if len(words) == 3 else ("", "")
    queries = (
        f"show {ip} route {destination}{table} json",
        f"show bgp {family} unicast {destination}{table} json{detail}",
        "show bgp summary json",
    )
    output = process.run(["vtysh", *(word for query in queries for word in ("-c", query))])
    zebra, bgp, summary = (*_values(output), {}, {}, {})[:3]
    paths = _by_prefix(bgp)
    if "/" not in destination:  # bgpd may know only a shorter prefix for an address than zebra uses
        paths = {prefix: rows for prefix, rows in paths.items() if prefix in zebra}
    numbers = [family["as"] for family in summary.values() if isinstance(family, dict) and "as" in family]
    return {"now": int(time.time()), "asn": numbers[0] if numbers else 0, "zebra": zebra, "bgp": paths}


def _values(output: str) -> list[dict[str, Any]]:
    """The JSON objects one after the other; a daemon that does not run answers with a line of text instead."""
    decoder = json.JSONDecoder()
    values = []
    at = 0
    while (at := output.find("{", at)) >= 0:
        value, at = decoder.raw_decode(output, at)
        values.append(value)
    return values


def _by_prefix(bgp: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """One shape for one route and for a table, whose lists begin with a header that is no path."""
    if "routes" in bgp:
        return {prefix: [path for path in rows if "aspath" in path] for prefix, rows in bgp["routes"].items()}
    return {bgp["prefix"]: bgp["paths"]} if "prefix" in bgp else {}
