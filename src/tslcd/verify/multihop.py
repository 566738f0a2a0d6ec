"""Multihop: every session of a site with the hub, which watches a carrier's core, is up, and so is its BFD."""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Sessions beyond the PEs that are down, but on lines in maintenance.

    Sites answer for them: the hub does not know which of its sites are on.
    """
    ends = [
        (uplink.provider, far.hostname, str(end))
        for uplink in intent.uplinks
        if uplink.multihop and intent.tier != "hub" and not uplink.drained
        for far in uplink.multihop.far
        for end in (far.end_v4, far.end_v6)
    ]
    if not ends:
        return []
    peers = device.get_bgp_neighbors().get("global", {}).get("peers", {})
    alive = {peer["peer"] for peer in json.loads(device.cli(["show bfd"])["show bfd"]) if peer["status"] == "up"}
    found = []
    for provider, hostname, end in ends:
        if not peers.get(end, {}).get("is_up"):
            found.append(f"BGP session with {hostname} over {provider} at {end} is not established")
        elif end not in alive:
            found.append(f"BFD with {hostname} over {provider} at {end} is down: nobody watches the carrier's core")
    return found
