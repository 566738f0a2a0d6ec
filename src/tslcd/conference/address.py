"""Where endpoints and servers are reached, from raw declared data: for inventories, read before any model is.

The model's own ways are `endpoint.derive` and `server.derive`; rule TS-DEV-01 compares.
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
        return _host_v4(plan, vlans, number, name, HOSTS_BEFORE + int(hostname[-1]))
    except _NOT_DECLARED:
        return None


def server_v4(plan: Any, vlans: Any, number: int, site_id: str, *, conference: Any, services: Any) -> str | None:
    """The IPv4 address of the conference server of site `number`; None where the data give none.

    :param conference: subject `conference`.
    :param services: subject `services`.
    """
    try:
        entry = services[conference["services"][conference["service"]]["catalogue"]]
        where = next(server for server in entry["servers"] if server["site"] == site_id)
        return _host_v4(plan, vlans, number, where["vlan"], where["host"])
    except _NOT_DECLARED:
        return None


_NOT_DECLARED = (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError)


def _host_v4(plan: Any, vlans: Any, number: int, name: str, host: int) -> str | None:
    vlan = next(vlan for vlan in vlans if vlan["name"] == name)
    subnet = number * 2 ** (32 - plan["site_v4_length"]) + vlan["offset"]
    return str(IPv4Network(plan["site_v4"])[subnet + host]) if number > 0 else None
