"""VLANs: gateways are up with exactly their addresses, switch ports carry their VLANs and are as declared."""

from __future__ import annotations

from typing import Any

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.platforms import PLATFORMS


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Gateways that are missing, down, or have other addresses than intended; one of a pair has none at all."""
    if not intent.vlans:
        return []
    states = device.get_interfaces()
    addresses = device.get_interfaces_ip()
    interface = PLATFORMS[intent.platform].vlan_interface
    found = []
    has_any = any(_addresses(addresses, interface(vlan.id)) for vlan in intent.vlans)
    is_elsewhere = intent.pair is not None and (intent.pair.leaves or not has_any)
    for vlan in intent.vlans:
        name = interface(vlan.id)
        state = states.get(name)
        if state is None:
            found.append(f"{name} ({vlan.name}) does not exist")
        elif not state["is_up"]:
            found.append(f"{name} ({vlan.name}) is down")
        actual = _addresses(addresses, name)
        if is_elsewhere and actual:
            found.append(f"{name} ({vlan.name}) still has its gateways, which should be the other router's")
        elif not is_elsewhere and actual != {str(vlan.gateway_v4), str(vlan.gateway_v6)}:
            expected = f"{vlan.gateway_v4} and {vlan.gateway_v6}"
            found.append(f"{name} ({vlan.name}) has {', '.join(sorted(actual)) or 'no address'}, not {expected}")
    return found + _ports(intent, device.get_vlans(), states)


def _addresses(addresses: dict[str, Any], name: str) -> set[str]:
    """Addresses with prefix lengths of an interface, without link-local ones."""
    return {
        f"{address}/{detail['prefix_length']}"
        for family in ("ipv4", "ipv6")
        for address, detail in addresses.get(name, {}).get(family, {}).items()
        if not address.startswith("fe80:")
    }


def _ports(intent: RouterIntent, vlans: dict[str, Any], states: dict[str, Any]) -> list[str]:
    """Ports that carry other VLANs than declared, or whose state is another."""
    found = []
    for port in intent.ports:
        declared = {vlan for vlan in (port.access, port.native, *port.tagged) if vlan is not None}
        actual = {int(number) for number, members in vlans.items() if port.name in members["interfaces"]}
        if actual != declared:
            shown = ", ".join(map(str, sorted(actual))) or "no VLAN"
            found.append(f"{port.name} carries {shown}, not {', '.join(map(str, sorted(declared)))}")
        is_enabled = states.get(port.name, {}).get("is_enabled", False)
        if is_enabled != port.enabled:
            found.append(f"{port.name} is {'enabled' if is_enabled else 'disabled'}")
    return found
