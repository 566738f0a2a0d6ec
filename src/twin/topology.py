"""What the twin consists of, derived from the routers' intents: nodes and the links between them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_interface
from typing import TYPE_CHECKING, Literal

from twin.shape import Address, Bfd, CarrierClass, End, Host, Link, Listener, Provider, Router, Session, Topology

if TYPE_CHECKING:  # at run time only `up` needs the model, whose import takes longer than the other commands
    from tslcd import carrier
    from tslcd.firewall import PortRange, ServiceFlow
    from tslcd.intent import RouterIntent, UplinkIntent, VlanIntent

INTERNET = "internet"
CONTROLLER = "controller"
HOST_NUMBER = 10  # hosts are .10 and ::10 in their subnets
OUTSIDE_V4 = "203.0.113.80"
OUTSIDE_V6 = "2001:db8:ffff::80"
OUTSIDE_PREFIX_V4 = "203.0.113.0/24"
OUTSIDE_PREFIX_V6 = "2001:db8:ffff::/48"
_OUTSIDE_LISTENERS = tuple(
    listener
    for address in (OUTSIDE_V4, OUTSIDE_V6)
    for listener in (Listener("udp", address, 53, 53), Listener("tcp", address, 80, 80))
)
INTERFACE_NAME_LENGTH = 15


def build(intents: Iterable[RouterIntent]) -> Topology:
    """Derive the twin of these routers. The intents are full ones: a site's hosts exist before its router serves them.

    :raises ValueError: when a name would stand for two nodes, an interface name is too long, or there is no controller.
    """
    routers = tuple(intents)
    providers = tuple(_providers(routers))
    hosts = [host for intent in routers for host, _ in _lan(intent)]
    hosts.append(_internet(providers))
    links = [_wan_link(intent, uplink) for intent in routers for uplink in intent.uplinks]
    links += [link for intent in routers for _, link in _lan(intent)]
    links += [_outside_link(provider.name) for provider in providers]
    topology = Topology(
        routers=tuple(Router(i.hostname, str(i.loopback_v4.ip), str(i.loopback_v6.ip)) for i in routers),
        providers=providers,
        hosts=tuple(hosts),
        links=tuple(links),
    )
    _check(topology)
    return topology


def _check(topology: Topology) -> None:
    repeated = [name for name, count in Counter(node.name for node in topology.nodes).items() if count > 1]
    if repeated:
        raise ValueError(f"several nodes would be called {', '.join(repeated)}: the twin knows one router per site")
    long = [end for link in topology.links for end in (link.a, link.b) if len(end.interface) > INTERFACE_NAME_LENGTH]
    if long:
        raise ValueError(f"interface name too long for the kernel: {long[0].interface} on {long[0].node}")
    if not any(host.name == CONTROLLER for host in topology.hosts):
        raise ValueError("no controller: the hub has no management VLAN")


def _providers(routers: tuple[RouterIntent, ...]) -> Iterator[Provider]:
    names = sorted({uplink.provider for intent in routers for uplink in intent.uplinks})
    for position, name in enumerate(names):
        lines = [(i, u) for i in routers for u in i.uplinks if u.provider == name]
        yield Provider(
            name=f"pe-{name}",
            asn=lines[0][1].pe_asn,
            classes=tuple(_carrier_class(this) for this in lines[0][1].carrier_classes),
            sessions=tuple(_session(intent, uplink) for intent, uplink in lines),
            outside_v4=f"203.0.113.{4 * position + 2}/30",
            outside_v6=f"2001:db8:ffff:{position + 1:x}::2/64",
            outside_gateway_v4=f"203.0.113.{4 * position + 1}",
            outside_gateway_v6=f"2001:db8:ffff:{position + 1:x}::1",
        )


def _session(intent: RouterIntent, uplink: UplinkIntent) -> Session:
    return Session(
        interface=_pe_interface(intent),
        rate_mbps=uplink.rate_mbps,
        site_asn=intent.asn,
        local_v4=f"{uplink.peer_v4}/{uplink.local_v4.network.prefixlen}",
        local_v6=f"{uplink.peer_v6}/{uplink.local_v6.network.prefixlen}",
        peer_v4=str(uplink.local_v4.ip),
        peer_v6=str(uplink.local_v6.ip),
        keepalive_s=uplink.keepalive_s,
        hold_s=uplink.hold_s,
        bfd=_bfd(uplink),
        password=f"${{{uplink.secret}}}" if uplink.secret else "",
    )


def _carrier_class(this: carrier.CarrierClass) -> CarrierClass:
    return CarrierClass(this.name, this.dscp, this.share_percent, this.treatment, this.mark)


def _bfd(uplink: UplinkIntent) -> Bfd | None:
    if uplink.bfd is None:
        return None
    return Bfd(
        transmit_ms=uplink.bfd.transmit_ms,
        receive_ms=uplink.bfd.receive_ms,
        multiplier=uplink.bfd.multiplier,
    )


def _wan_link(intent: RouterIntent, uplink: UplinkIntent) -> Link:
    """The carrier's end takes no bigger packets than its line carries; the router's end is a plain port."""
    carrier = End(f"pe-{uplink.provider}", _pe_interface(intent), uplink.mtu_bytes)
    return Link(carrier, End(intent.hostname, uplink.port))


def _lan(intent: RouterIntent) -> Iterator[tuple[Host, Link]]:
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
            listeners=tuple(dict.fromkeys(listener for flow in services for listener in _listeners(flow, vlan))),
        )
        yield host, Link(End(name, "eth0"), End(intent.hostname, port.name), is_lan=True)
    for name in free:
        bare = Host(f"{intent.site_id}-{name}", interfaces=())
        yield bare, Link(End(bare.name, "eth0"), End(intent.hostname, name), is_lan=True)


def _listeners(flow: ServiceFlow, vlan: VlanIntent) -> Iterator[Listener]:
    """What of a service is answered in this VLAN."""
    transports: tuple[tuple[Literal["tcp", "udp"], tuple[PortRange, ...]], ...] = (("tcp", flow.tcp), ("udp", flow.udp))
    for protocol, ranges in transports:
        for ports in ranges:
            for v4, v6 in zip(flow.servers_v4, flow.servers_v6, strict=True):
                if v4 in vlan.subnet_v4:
                    yield Listener(protocol, str(v4), ports.first, ports.last)
                    yield Listener(protocol, str(v6), ports.first, ports.last)


def _in(address: IPv4Address | IPv6Address, subnet: IPv4Network | IPv6Network) -> str:
    return f"{address}/{subnet.prefixlen}"


def _internet(providers: tuple[Provider, ...]) -> Host:
    """A real outside: it answers ping, HTTP and the port of DNS, to whatever a provider lets through."""
    lines = (
        Address(
            interface=_outside_interface(provider.name),
            v4=_with_length_of(provider.outside_gateway_v4, provider.outside_v4),
            v6=_with_length_of(provider.outside_gateway_v6, provider.outside_v6),
        )
        for provider in providers
    )
    own = Address("lo", f"{OUTSIDE_V4}/32", f"{OUTSIDE_V6}/128")
    return Host(INTERNET, interfaces=(own, *lines), listeners=_OUTSIDE_LISTENERS, kind="internet")


def _outside_link(provider: str) -> Link:
    return Link(End(INTERNET, _outside_interface(provider)), End(provider, INTERNET))


def _outside_interface(provider: str) -> str:
    return f"to-{provider.removeprefix('pe-')}"


def _pe_interface(intent: RouterIntent) -> str:
    return f"ce{intent.site_number}"


def _with_length_of(address: str, model: str) -> str:
    return f"{address}/{ip_interface(model).network.prefixlen}"


def _host_of(subnet: IPv4Network | IPv6Network) -> str:
    """The host's address in a subnet: .10, ::10."""
    number = HOST_NUMBER if subnet.version == 4 else int(str(HOST_NUMBER), 16)
    return f"{subnet[number]}/{subnet.prefixlen}"
