"""What is plugged into a site's routers: a host per VLAN, and a switch where more than two are plugged in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Literal

from twin.shape import Address, Device, End, Host, Link, Listener, Switch

if TYPE_CHECKING:  # at run time only `up` needs the model, whose import takes longer than the other commands
    from tslcd.conference.endpoint import EndpointIntent
    from tslcd.conference.server import ServerIntent
    from tslcd.firewall import PortRange, ServiceFlow
    from tslcd.intent import RouterIntent, VlanIntent

CONTROLLER = "controller"
HOST_NUMBER = 10  # hosts are .10 and ::10 in their subnets
SSH_PORT = 22


@dataclass(frozen=True, slots=True)
class Lan:
    """A site behind its routers."""

    hosts: tuple[Host, ...]
    switch: Switch | None
    links: tuple[Link, ...]


def build(
    routers: Sequence[RouterIntent], rooms: Sequence[EndpointIntent] = (), servers: Sequence[ServerIntent] = ()
) -> Lan:
    """The LAN of a site.

    :param routers: of one site, the first one first; equal ports of both are plugged into one segment of a switch.
    :param rooms: conference endpoints of all sites; each is a host of its own, beside the host of its VLAN.
    :param servers: conference servers of all sites; each runs on the host of its VLAN, which stands for all servers.
    """
    site = routers[0]
    plugged = list(_hosts(site, {server.vlan_id: server for server in servers if server.site_id == site.site_id}))
    port_of = {host.name: port for host, port in plugged}
    names = {vlan.id: vlan.name for vlan in site.vlans}
    for room in (room for room in rooms if room.site_id == site.site_id):
        if port := port_of.get(f"{room.site_id}-{names.get(room.vlan_id)}"):
            plugged.append((_room(room), port))
    return _joined(routers, plugged)


def _joined(routers: Sequence[RouterIntent], plugged: Sequence[tuple[Host, str]]) -> Lan:
    """Hosts and routers with the wires between them: one where a host is alone with a router, else through a switch."""
    by_port: dict[str, list[Host]] = {}
    for host, port in plugged:
        by_port.setdefault(port, []).append(host)
    name = f"{routers[0].site_id}-lan"
    links: list[Link] = []
    segments: dict[str, list[str]] = {}
    for port, hosts in by_port.items():
        if len(routers) == len(hosts) == 1:
            links.append(Link(End(hosts[0].name, "eth0"), End(routers[0].hostname, port), is_lan=True))
            continue
        ends = [f"{port}-{'host' if number == 0 else number}" for number in range(len(hosts))]
        links += [Link(End(host.name, "eth0"), End(name, end)) for host, end in zip(hosts, ends, strict=True)]
        segments[port] = ends
    for router in routers:
        for port, ends in segments.items():
            own = f"{port}-{_suffix(router)}"
            ends.append(own)
            links.append(Link(End(name, own), End(router.hostname, port), is_lan=True))
    if pair := routers[0].pair if len(routers) > 1 else None:
        segments[pair.port] = [f"{pair.port}-{_suffix(router)}" for router in routers]
        links += [Link(End(name, f"{pair.port}-{_suffix(r)}"), End(r.hostname, pair.port)) for r in routers]
    switch = Switch(name, tuple((key, tuple(ends)) for key, ends in segments.items())) if segments else None
    return Lan(tuple(host for host, _ in plugged), switch, tuple(links))


def _suffix(router: RouterIntent) -> str:
    return router.hostname.rsplit("-", 1)[1]


def _hosts(intent: RouterIntent, beside: Mapping[int, ServerIntent]) -> Iterator[tuple[Host, str]]:
    """A host per VLAN, on its first access port, with the addresses of all servers there; on other ports bare ones.

    :param beside: VLAN id → the conference server that runs on its host.
    """
    free = {port.name: port for port in intent.ports}
    for vlan in intent.vlans:
        port = next((port for port in free.values() if port.access == vlan.id and port.enabled), None)
        if port is None:
            continue
        del free[port.name]
        hub = intent.tier == "hub"
        name = CONTROLLER if hub and vlan.zone == "mgmt" else f"{intent.site_id}-{vlan.name}"
        services = intent.firewall.services if intent.firewall else ()
        servers = dict.fromkeys(
            pair for flow in services for pair in zip(flow.servers_v4, flow.servers_v6, strict=True)
        )
        own = (_host_of(vlan.subnet_v4), _host_of(vlan.subnet_v6))
        device = beside.get(vlan.id)
        here = [(_in(v4, vlan.subnet_v4), _in(v6, vlan.subnet_v6)) for v4, v6 in servers if v4 in vlan.subnet_v4]
        host = Host(
            name=name,
            interfaces=tuple(Address("eth0", v4, v6) for v4, v6 in dict.fromkeys([own, *here])),
            gateway_v4=str(vlan.gateway_v4.ip),
            gateway_v6=str(vlan.gateway_v6.ip),
            listeners=tuple(dict.fromkeys(_not_of(device, _answered(intent, vlan)))),
            device=_device(device) if device else None,
        )
        yield host, port.name
    for name in free:
        yield Host(f"{intent.site_id}-{name}", interfaces=()), name


def _room(intent: EndpointIntent) -> Host:
    """A conference endpoint."""
    return Host(
        name=intent.hostname,
        interfaces=(Address("eth0", str(intent.address_v4), str(intent.address_v6)),),
        gateway_v4=str(intent.gateway_v4.ip),
        gateway_v6=str(intent.gateway_v6.ip),
        device=_device(intent),
    )


def _device(intent: EndpointIntent | ServerIntent) -> Device:
    return Device(intent.hostname, intent.role, str(intent.address_v4.ip), str(intent.address_v6.ip))


def _answered(intent: RouterIntent, vlan: VlanIntent) -> Iterator[Listener]:
    """What the twin's host of a VLAN answers in the place of services and machines."""
    for flow in intent.firewall.services if intent.firewall else ():
        yield from _listeners(flow, vlan)
    yield from _managed(intent, vlan)


def _not_of(device: ServerIntent | None, listeners: Iterable[Listener]) -> Iterator[Listener]:
    """All but what the device that runs on this host answers itself: its service's port, and SSH at every address."""
    own = {str(device.address_v4.ip), str(device.address_v6.ip)} if device else set()
    for listener in listeners:
        is_its_service = device is not None and listener.first == listener.last == device.service.port
        if device is None or not ((is_its_service and listener.address in own) or listener.first == SSH_PORT):
            yield listener


def _listeners(flow: ServiceFlow, vlan: VlanIntent) -> Iterator[Listener]:
    """What of a service is answered in this VLAN."""
    transports: tuple[tuple[Literal["tcp", "udp"], tuple[PortRange, ...]], ...] = (("tcp", flow.tcp), ("udp", flow.udp))
    for protocol, ranges in transports:
        for ports in ranges:
            for v4, v6 in zip(flow.servers_v4, flow.servers_v6, strict=True):
                if v4 in vlan.subnet_v4:
                    yield Listener(protocol, str(v4), ports.first, ports.last)
                    yield Listener(protocol, str(v6), ports.first, ports.last)


def _managed(intent: RouterIntent, vlan: VlanIntent) -> Iterator[Listener]:
    """Where a manager's SSH is answered: at the host's own addresses, which are those of no endpoint."""
    if intent.firewall and any(zone.vlan == vlan.id for zone in intent.firewall.managed):
        for subnet in (vlan.subnet_v4, vlan.subnet_v6):
            yield Listener("tcp", _host_of(subnet).partition("/")[0], SSH_PORT, SSH_PORT)


def _in(address: IPv4Address | IPv6Address, subnet: IPv4Network | IPv6Network) -> str:
    return f"{address}/{subnet.prefixlen}"


def _host_of(subnet: IPv4Network | IPv6Network) -> str:
    """The host's address in a subnet: .10, ::10."""
    number = HOST_NUMBER if subnet.version == 4 else int(str(HOST_NUMBER), 16)
    return f"{subnet[number]}/{subnet.prefixlen}"
