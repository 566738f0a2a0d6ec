"""Routing: every declared BGP session is up, and the loopbacks answer from where the engineer stands."""

from __future__ import annotations

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.verify.reach import answers


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Sessions that are not established, and loopbacks that do not answer on the SSH port."""
    peers = device.get_bgp_neighbors().get("global", {}).get("peers", {})
    found = [
        f"BGP session with {uplink.provider} at {peer} is not established"
        for uplink in intent.uplinks
        for peer in (str(uplink.peer_v4), str(uplink.peer_v6))
        if not peers.get(peer, {}).get("is_up")
    ]
    loopbacks = (str(intent.loopback_v4.ip), str(intent.loopback_v6.ip))
    found += [f"loopback {address} does not answer from here" for address in loopbacks if not answers(address, 22)]
    return found
