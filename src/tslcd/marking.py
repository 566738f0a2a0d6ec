"""Which class a packet belongs to: who may say so himself, what the catalogue of services says, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tslcd import addressing
from tslcd.firewall import FirewallIntent
from tslcd.model import Network, Province


@dataclass(frozen=True, slots=True)
class VlanMarking:
    """Packets from hosts of a VLAN: marks of `trusted` classes are believed; `otherwise` is for what nothing tells."""

    vlan: int
    trusted: tuple[str, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class ServiceMarking:
    """Packets to these ports (`first` to `last`) of a server, and its answers from them, belong to a class."""

    server_v4: IPv4Address
    server_v6: IPv6Address
    protocol: str
    first: int
    last: int
    class_name: str


@dataclass(frozen=True, slots=True)
class MarkingIntent:
    """The trust boundary of a site, in the order in which it is asked.

    First answers from SSH of `managed` VLANs to managers, which belong to `management_class`: a host's sshd chooses a
    mark of its own, and a trusted one would put a shell among the calls. Then video that an endpoint marks like sound
    (payload types of RTP), then trusted marks, then the catalogue, then what the VLAN's zone says. What the router
    sends itself belongs to `routing_class` or to `management_class`.
    """

    managed: tuple[int, ...]
    managers_v4: tuple[IPv4Network, ...]
    managers_v6: tuple[IPv6Network, ...]
    vlans: tuple[VlanMarking, ...]
    services: tuple[ServiceMarking, ...]
    audio_class: str
    video_class: str
    video_payload_types: tuple[int, ...]
    routing_class: str
    management_class: str
    default_class: str


def derive(network: Network, firewall: FirewallIntent) -> MarkingIntent:
    """The same on every router."""
    province = network.province
    return MarkingIntent(
        managed=tuple(zone.vlan for zone in firewall.managed),
        managers_v4=firewall.managers_v4,
        managers_v6=firewall.managers_v6,
        vlans=tuple(_vlan(province, vlan.id, vlan.zone) for vlan in province.vlans),
        services=_services(network),
        audio_class=province.conference.audio_class,
        video_class=province.conference.video_class,
        video_payload_types=tuple(sorted(province.qos.video_payload_types)),
        routing_class=province.qos.routing_class,
        management_class=province.qos.management_class,
        default_class=province.qos.default_class,
    )


def _vlan(province: Province, vlan: int, zone: str) -> VlanMarking:
    said = province.qos.zones.get(zone)
    if said is None:
        return VlanMarking(vlan, (), province.qos.default_class)
    return VlanMarking(vlan, said.trusted, said.otherwise)


def _services(network: Network) -> tuple[ServiceMarking, ...]:
    """By address and port. A port that says nothing has the class of its service; without one nothing is told."""
    province = network.province
    numbers = {router.site_id: router.site.number for router in network.routers}
    vlans = {vlan.name: vlan for vlan in province.vlans if vlan.offset is not None}
    found = [
        ServiceMarking(
            server_v4=addressing.host_v4(
                addressing.vlan_v4(province.addressing, numbers[server.site], vlans[server.vlan]), server.host
            ),
            server_v6=addressing.host_v6(
                addressing.vlan_v6(province.addressing, numbers[server.site], vlans[server.vlan]), server.host
            ),
            protocol=transport.protocol,
            first=transport.port,
            last=transport.last_port or transport.port,
            class_name=class_name,
        )
        for service in province.services.values()
        for server in service.servers
        if server.site in numbers and server.vlan in vlans
        for transport in service.transports
        if (class_name := transport.qos_class or service.qos_class)
    ]
    return tuple(sorted(found, key=lambda this: (this.server_v4, this.protocol, this.first)))
