"""Routing: every declared BGP session is up, loopbacks answer from where the engineer stands, drained lines are left.

The session of a line in maintenance may be down: somebody is at work there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from napalm.base import NetworkDriver

from tslcd.firewall import SSH_PORT
from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.verify.reach import answers


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Sessions that are not established, loopbacks that do not answer on the SSH port, lines that are still used."""
    peers = device.get_bgp_neighbors().get("global", {}).get("peers", {})
    working = [uplink for uplink in intent.uplinks if not uplink.drained]
    expected = [(uplink.provider, peer) for uplink in working for peer in (uplink.peer_v4, uplink.peer_v6)]
    if intent.pair:
        expected += [("the site's other router", peer) for peer in (intent.pair.peer_v4, intent.pair.peer_v6)]
    found = [
        f"BGP session with {name} at {peer} is not established"
        for name, peer in expected
        if not peers.get(str(peer), {}).get("is_up")
    ]
    loopbacks = (str(intent.loopback_v4.ip), str(intent.loopback_v6.ip))
    found += [
        f"loopback {address} does not answer from here" for address in loopbacks if not answers(address, SSH_PORT)
    ]
    return found + _still_used(intent, device)


def _peers(uplink: UplinkIntent) -> Iterator[IPv4Address | IPv6Address]:
    """Whose routes lead over this line: the PE, and routers across the carrier's core."""
    yield from (uplink.peer_v4, uplink.peer_v6)
    for far in uplink.multihop.far if uplink.multihop else ():
        yield from (far.end_v4, far.end_v6)


def _still_used(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Drained lines that are the best way to somewhere, although another way should be better by now."""
    drained = {str(peer): uplink for uplink in intent.uplinks if uplink.drained for peer in _peers(uplink)}
    if not drained:
        return []
    tables: dict[str, dict[str, Any]] = json.loads(device.cli(["show bgp-routes"])["show bgp-routes"])
    found: dict[str, list[str]] = {}
    for prefix, paths in (route for table in tables.values() for route in table.get("routes", {}).items()):
        best = next((path for path in paths if path.get("bestpath")), None)
        if best is None or (uplink := drained.get(best["peerId"])) is None:
            continue
        others = (path for path in paths if path["peerId"] not in drained and path.get("valid"))
        if any(path.get("locPrf", 0) > uplink.local_preference for path in others):
            found.setdefault(uplink.provider, []).append(prefix)
    return [
        f"the line of {provider} is drained, but still the way to {len(prefixes)} prefixes, for example {prefixes[0]}"
        for provider, prefixes in found.items()
    ]
