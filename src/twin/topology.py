"""What the twin consists of, derived from the routers' intents: nodes and the links between them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_interface
from itertools import groupby
from typing import TYPE_CHECKING

from twin import lan
from twin.lan import CONTROLLER
from twin.shape import (
    Address,
    Bfd,
    CarrierClass,
    End,
    Host,
    Link,
    Listener,
    Provider,
    Router,
    Session,
    Topology,
)

if TYPE_CHECKING:  # at run time only `up` needs the model, whose import takes longer than the other commands
    from tslcd import carrier
    from tslcd.conference.endpoint import EndpointIntent
    from tslcd.conference.server import ServerIntent
    from tslcd.intent import RouterIntent, UplinkIntent

INTERNET = "internet"
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


def build(
    intents: Iterable[RouterIntent], rooms: Sequence[EndpointIntent] = (), servers: Sequence[ServerIntent] = ()
) -> Topology:
    """Derive the twin of these routers. The intents are full ones: a site's hosts exist before its router serves them.

    :param rooms: conference endpoints; those of other sites are left out, as are `servers`.

    :raises ValueError: when a name would stand for two nodes, an interface name is too long, or there is no controller.
    """
    routers = tuple(intents)
    _check_names(intent.hostname for intent in routers)
    providers = tuple(_providers(routers))
    lans = [lan.build(site, rooms, servers) for site in _by_site(routers)]
    hosts = [host for own in lans for host in own.hosts]
    hosts.append(_internet(providers))
    links = [_wan_link(intent, uplink) for intent in routers for uplink in intent.uplinks]
    links += [link for own in lans for link in own.links]
    links += [_outside_link(provider.name) for provider in providers]
    topology = Topology(
        routers=tuple(Router(i.hostname, str(i.loopback_v4.ip), str(i.loopback_v6.ip)) for i in routers),
        providers=providers,
        hosts=tuple(hosts),
        switches=tuple(own.switch for own in lans if own.switch),
        links=tuple(links),
    )
    _check(topology)
    return topology


def _check(topology: Topology) -> None:
    named = [(node.name, node.device.name if isinstance(node, Host) and node.device else "") for node in topology.nodes]
    _check_names(name for pair in named for name in dict.fromkeys(pair) if name)
    long = [end for link in topology.links for end in (link.a, link.b) if len(end.interface) > INTERFACE_NAME_LENGTH]
    if long:
        raise ValueError(f"interface name too long for the kernel: {long[0].interface} on {long[0].node}")
    if not any(host.name == CONTROLLER for host in topology.hosts):
        raise ValueError("no controller: the hub has no management VLAN")


def _check_names(names: Iterable[str]) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(f"several nodes would be called {', '.join(repeated)}")


def _providers(routers: tuple[RouterIntent, ...]) -> Iterator[Provider]:
    names = sorted({uplink.network for intent in routers for uplink in intent.uplinks})
    for position, name in enumerate(names):
        lines = [(i, u) for i in routers for u in i.uplinks if u.network == name]
        yield Provider(
            name=f"pe-{name}",
            asn=lines[0][1].pe_asn,
            sessions=tuple(_session(intent, uplink) for intent, uplink in lines),
            outside_v4=f"203.0.113.{4 * position + 2}/30",
            outside_v6=f"2001:db8:ffff:{position + 1:x}::2/64",
            outside_gateway_v4=f"203.0.113.{4 * position + 1}",
            outside_gateway_v6=f"2001:db8:ffff:{position + 1:x}::1",
            customers=tuple(dict.fromkeys(prefix for intent, _ in lines for prefix in _customers(intent))),
        )


def _customers(intent: RouterIntent) -> tuple[str, ...]:
    walls = intent.firewall
    return (str(walls.province_v4), str(walls.province_v6)) if walls else ()


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
        classes=tuple(_carrier_class(this) for this in uplink.carrier_classes),
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
    carrier = End(f"pe-{uplink.network}", _pe_interface(intent), uplink.mtu_bytes)
    return Link(carrier, End(intent.hostname, uplink.port))


def _by_site(routers: Iterable[RouterIntent]) -> Iterator[tuple[RouterIntent, ...]]:
    for _, site in groupby(sorted(routers, key=lambda one: (one.site_number, one.hostname)), lambda one: one.site_id):
        yield tuple(site)


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
    """The line of a second router has a letter behind the site's number."""
    second = intent.pair is not None and not intent.pair.first
    return f"ce{intent.site_number}{'b' if second else ''}"


def _with_length_of(address: str, model: str) -> str:
    return f"{address}/{ip_interface(model).network.prefixlen}"
