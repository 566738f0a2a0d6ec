"""What follows from the declared network for one server of the conference service: addresses, clients and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any, Literal

from tslcd import addressing, model
from tslcd.conference import endpoint, service
from tslcd.conference.service import ServiceIntent
from tslcd.dscp import DSCP


@dataclass(frozen=True, slots=True)
class AccountIntent:
    """An endpoint's account and its address; `secret` names the placeholder of its password."""

    name: str
    secret: str
    endpoint: str
    address_v4: IPv4Address
    address_v6: IPv6Address


@dataclass(frozen=True, slots=True)
class BridgeIntent:
    """The bridge that runs beside a server and registers there; `calls` at once. DSCP of what it sends by itself."""

    account: AccountIntent
    calls: int
    audio_dscp: int
    video_dscp: int


@dataclass(frozen=True, slots=True)
class ServerIntent:
    """Everything that one server's document is printed from; `dscp` marks its signalling.

    `accounts` are those of endpoints and, where there is one, of its bridge.
    """

    hostname: str
    platform: str
    site_id: str
    site_number: int
    vlan_id: int
    address_v4: IPv4Interface
    gateway_v4: IPv4Interface
    address_v6: IPv6Interface
    gateway_v6: IPv6Interface
    service: ServiceIntent
    clients_v4: IPv4Network
    clients_v6: IPv6Network
    accounts: tuple[AccountIntent, ...]
    bridge: BridgeIntent | None
    dscp: int
    people: tuple[model.Person, ...]
    settings: dict[str, Any]
    assumed: tuple[str, ...]

    @property
    def role(self) -> Literal["conference_server"]:
        """What it is for."""
        return "conference_server"


def place(conference: model.Conference, services: Mapping[str, model.Service], site_id: str) -> model.Server | None:
    """Where the province's conference service is answered at a site, from the catalogue; None where it is not."""
    own = conference.services.get(conference.service)
    entry = services.get(own.catalogue or "") if own else None
    return next((server for server in entry.servers if server.site == site_id), None) if entry else None


def derive(network: model.Network) -> dict[str, ServerIntent]:
    """Derive every server of the province's conference service.

    :returns: hostname → intent; decommissioned sites have none.
    :raises ValueError: when a number does not fit into its base prefix or its VLAN.
    """
    if not network.servers:
        return {}
    province = network.province
    name = province.conference.service
    its_service = service.derive(network)[name]
    registered = [own for own in endpoint.derive(network).values() if own.service.name == name]
    accounts = tuple(
        AccountIntent(own.account, own.secret, own.hostname, own.address_v4.ip, own.address_v6.ip) for own in registered
    )
    found = {}
    for server in network.servers:
        where = place(province.conference, province.services, server.site_id)
        if server.in_service and where is not None:
            found[server.hostname] = _server(network, server, where, its_service, accounts)
    return found


def _server(
    network: model.Network,
    server: model.ConferenceServer,
    where: model.Server,
    its_service: ServiceIntent,
    accounts: tuple[AccountIntent, ...],
) -> ServerIntent:
    province, plan = network.province, network.province.addressing
    vlan = next(vlan for vlan in province.vlans if vlan.name == where.vlan)
    subnet4 = addressing.vlan_v4(plan, server.site.number, vlan)
    subnet6 = addressing.vlan_v6(plan, server.site.number, vlan)
    v4, v6 = addressing.host_v4(subnet4, where.host), addressing.host_v6(subnet6, where.host)
    marks = {own.name: DSCP[own.dscp[0]] for own in province.qos.classes}
    declared = province.conference.services[its_service.name].bridge
    bridge = None
    if declared:
        bridge = BridgeIntent(
            AccountIntent(declared.account, declared.secret, server.hostname, v4, v6),
            calls=province.conference.calls["hub"],
            audio_dscp=marks[province.conference.audio_class],
            video_dscp=marks[province.conference.video_class],
        )
    settings = network.settings.get(server.device.platform)
    return ServerIntent(
        hostname=server.hostname,
        platform=server.device.platform,
        site_id=server.site_id,
        site_number=server.site.number,
        vlan_id=vlan.id,
        address_v4=IPv4Interface((int(v4), subnet4.prefixlen)),
        gateway_v4=addressing.gateway_v4(subnet4),
        address_v6=IPv6Interface((int(v6), subnet6.prefixlen)),
        gateway_v6=addressing.gateway_v6(subnet6),
        service=its_service,
        clients_v4=plan.site_v4,
        clients_v6=plan.site_v6,
        accounts=tuple(sorted((*accounts, *([bridge.account] if bridge else [])), key=lambda one: one.name)),
        bridge=bridge,
        dscp=marks[province.conference.signalling_class],
        people=province.system.people,
        settings=settings.model_dump(mode="json") if settings else {},
        assumed=endpoint.assumed(province, its_service.name),
    )


def main(network: model.Network) -> ServerIntent:
    """The server that endpoints register at as long as it is there.

    :raises LookupError: when it is none of ours.
    """
    for own in derive(network).values():
        if own.site_id == own.service.registrars[0].site_id:
            return own
    raise LookupError(f"no conference_server stands where {network.province.conference.service} is answered first")
