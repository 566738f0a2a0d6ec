"""What of NAPALM's contract these routers cannot answer, each with its reason."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from napalm.base.base import NetworkDriver

_NO_DAEMON = "no {} daemon belongs to a router's document"
REASONS = {
    "get_bgp_config": "the configuration is one document: get_config, section frr",
    "get_environment": "a Debian router tells its temperatures, fans and power in no uniform way",
    "get_firewall_policies": "nftables has rules and chains, no policies between zones: get_config, section nft",
    "get_interfaces_counters": "Linux does not count unicast and broadcast packets apart",
    "get_lldp_neighbors": _NO_DAEMON.format("LLDP"),
    "get_lldp_neighbors_detail": _NO_DAEMON.format("LLDP"),
    "get_mac_address_table": "Open vSwitch counts no moves; cli(['show ovs-fdb']) prints its table",
    "get_network_instances": "a router has one routing table",
    "get_ntp_peers": _NO_DAEMON.format("NTP"),
    "get_ntp_servers": _NO_DAEMON.format("NTP"),
    "get_ntp_stats": _NO_DAEMON.format("NTP"),
    "get_optics": "optical levels come from drivers of network cards that differ too much",
    "get_probes_config": "probes are not part of a router's document",
    "get_probes_results": "probes are not part of a router's document",
    "get_snmp_information": _NO_DAEMON.format("SNMP"),
    "get_users": "accounts and keys are lines of the document: get_config, section system",
    "traceroute": "no such program is in Debian's standard installation, and ping does not time the hops on the way",
}


def _refusal(name: str, reason: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(f"{name}: {reason}")

    # Whoever looks sees the signature of the contract; typeshed does not know the attribute that inspect reads.
    refuse.__signature__ = inspect.signature(getattr(NetworkDriver, name))  # type: ignore[attr-defined]
    refuse.__name__, refuse.__doc__ = name, f"Not implemented: {reason}."
    return refuse


class Absent(NetworkDriver):  # type: ignore[misc] # napalm ships no types
    """A driver whose absent methods say why they are absent."""


for _name, _reason in REASONS.items():
    setattr(Absent, _name, _refusal(_name, _reason))
