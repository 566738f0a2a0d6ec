"""What follows from the declared network for a conference service: its addresses, and how endpoints reach it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

from tslcd import addressing
from tslcd.model import ConferenceService, Network, Province


@dataclass(frozen=True, slots=True)
class RegistrarIntent:
    """A server of the service; `site_id` is empty where it is a carrier's."""

    site_id: str
    v4: IPv4Address
    v6: IPv6Address


@dataclass(frozen=True, slots=True)
class ServiceIntent:
    """A conference service, resolved; `registrars` stand in the order of their use: the main one, then take-over."""

    name: str
    name_vi: str
    stand_in: bool
    attachment: Literal["hub", "provider_extranet"]
    registrars: tuple[RegistrarIntent, ...]
    domain: str
    transport: Literal["udp", "tcp", "tls"]
    port: int
    first_media_port: int
    last_media_port: int


def derive(network: Network) -> dict[str, ServiceIntent]:
    """Every declared conference service by its name.

    :raises ValueError: when a server's number does not fit into its VLAN.
    """
    numbers = {router.site_id: router.site.number for router in network.routers}
    return {
        name: ServiceIntent(
            name=name,
            name_vi=own.name_vi,
            stand_in=own.stand_in,
            attachment=own.attachment,
            registrars=_registrars(network.province, own, numbers),
            domain=own.domain,
            transport=own.transport,
            port=own.port,
            first_media_port=own.media_ports.first,
            last_media_port=own.media_ports.last,
        )
        for name, own in network.province.conference.services.items()
    }


def _registrars(province: Province, own: ConferenceService, numbers: dict[str, int]) -> tuple[RegistrarIntent, ...]:
    if own.catalogue is None:
        return tuple(RegistrarIntent("", registrar.v4, registrar.v6) for registrar in own.registrars)
    plan, vlans = province.addressing, {vlan.name: vlan for vlan in province.vlans}
    return tuple(
        RegistrarIntent(
            server.site,
            addressing.host_v4(addressing.vlan_v4(plan, numbers[server.site], vlans[server.vlan]), server.host),
            addressing.host_v6(addressing.vlan_v6(plan, numbers[server.site], vlans[server.vlan]), server.host),
        )
        for server in province.services[own.catalogue].servers
    )
