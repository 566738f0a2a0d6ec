"""VLANs: every gateway is up and carries exactly its addresses."""

from __future__ import annotations

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.platforms import PLATFORMS


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Gateways that are missing, down, or have other addresses than intended."""
    if not intent.vlans:
        return []
    states = device.get_interfaces()
    addresses = device.get_interfaces_ip()
    found = []
    for vlan in intent.vlans:
        name = PLATFORMS[intent.platform].vlan_interface(vlan.id)
        state = states.get(name)
        if state is None:
            found.append(f"{name} ({vlan.name}) does not exist")
        elif not state["is_up"]:
            found.append(f"{name} ({vlan.name}) is down")
        here = addresses.get(name, {})
        actual = {
            f"{address}/{detail['prefix_length']}"
            for family in ("ipv4", "ipv6")
            for address, detail in here.get(family, {}).items()
            if not address.startswith("fe80:")
        }
        if actual != {str(vlan.gateway_v4), str(vlan.gateway_v6)}:
            expected = f"{vlan.gateway_v4} and {vlan.gateway_v6}"
            found.append(f"{name} ({vlan.name}) has {', '.join(sorted(actual)) or 'no address'}, not {expected}")
    return found
