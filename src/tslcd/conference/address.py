"""Where an endpoint is reached, from raw declared data: for inventories, which are read before any model is.

The model's own way is `endpoint.derive`; rule TS-DEV-01 compares the two.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

HOSTS_BEFORE = 10
"""Hosts of a VLAN that are not for endpoints: the first one of a site (-c1) is host 11, in both families."""
USUAL_VLAN = "conference"


def endpoint_v4(plan: Any, vlans: Any, number: int, hostname: str, declared: Any) -> str | None:
    """The IPv4 address of the endpoint `hostname` (`…-c1`) of site `number`; None where the data give none.

    :param plan: subject `addressing`.
    :param vlans: subject `vlans`.
    :param declared: the host's variable `endpoint`, or None.
    """
    try:
        name = (declared or {}).get("vlan", USUAL_VLAN)
        vlan = next(vlan for vlan in vlans if vlan["name"] == name)
        base = IPv4Network(plan["site_v4"])
        subnet = number * 2 ** (32 - plan["site_v4_length"]) + vlan["offset"]
        host = subnet + HOSTS_BEFORE + int(hostname[-1])
        return str(base[host]) if number > 0 else None
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        return None
