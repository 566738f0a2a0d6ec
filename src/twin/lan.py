"""What is plugged into a site's routers: a host per VLAN, and a switch where two routers share the LAN. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Literal

from twin.shape import Address, End, Host, Link, Listener, Switch

if TYPE_CHECKING:  # at run time only `up` needs the model, whose import takes longer than the other commands
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


def build(routers: Sequence[RouterIntent]) -> Lan:
    """The LAN of a site.

    :param routers: of one site, the first one first; equal ports of both are plugged into one segment of a switch.
    """
    plugged = list(_hosts(routers[0]))
    hosts = tuple(host for host, _ in plugged)
    if len(routers) == 1:
        return Lan(hosts, None, tuple(Link(End(h.name, "eth0"), End(routers[0].hostname, p), True) for h, p in plugged))
    name = f"{routers[0].site_id}-lan"
    links = [Link(End(host.name, "eth0"), End(name, f"{port}-host")) for host, port in plugged]
    segments = {port: [f"{port}-host"] for _, port in plugged}
    for router in routers:
        for port, ends in segments.items():
            own = f"{port}-{_suffix(router)}"
            ends.append(own)
            links.append(Link(End(name, own), End(router.hostname, port), is_lan=True))
    first = routers[0].pair
    assert first is not None  # there are two
    segments[first.port] = [f"{first.port}-{_suffix(router)}" for router in routers]
    links += [Link(End(name, f"{first.port}-{_suffix(r)}"), End(r.hostname, first.port)) for r in routers]
    return Lan(hosts, Switch(name, tuple((key, tuple(ends)) for key, ends in segments.items())), tuple(links))


def _suffix(router: RouterIntent) -> str:
    return router.hostname.rsplit("-", 1)[1]


def _hosts(intent: RouterIntent) -> Iterator[tuple[Host, str]]:
    """A host per VLAN, on its first access port, with the addresses of all servers there; on other ports bare ones."""
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
        here = [(_in(v4, vlan.subnet_v4), _in(v6, vlan.subnet_v6)) for v4, v6 in servers if v4 in vlan.subnet_v4]
        host = Host(
            name=name,
            interfaces=tuple(Address("eth0", v4, v6) for v4, v6 in dict.fromkeys([own, *here])),
            gateway_v4=str(vlan.gateway_v4.ip),
            gateway_v6=str(vlan.gateway_v6.ip),
            listeners=tuple(
                dict.fromkeys([*(one for flow in services for one in _listeners(flow, vlan)), *_managed(intent, vlan)])
            ),
        )
        yield host, port.name
    for name in free:
        yield Host(f"{intent.site_id}-{name}", interfaces=()), name


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
