"""The parts of a twin: nodes and the links between them, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Literal

Kind = Literal["router", "provider", "internet", "host", "switch"]
USUAL_MTU = 1500


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link, and the greatest IP packet that it takes (bytes)."""

    node: str
    interface: str
    mtu_bytes: int = USUAL_MTU


@dataclass(frozen=True, slots=True)
class Link:
    """A wire between two nodes. `a` is never a router's end: what cuts and heals works there, as a digger would."""

    a: End
    b: End
    is_lan: bool = False
    """Whether `b` is a port of a router's switch, which the router itself sets up or down."""

    def joins(self, one: str, other: str) -> bool:
        """Whether the link is the one between these two nodes."""
        return {self.a.node, self.b.node} == {one, other}


@dataclass(frozen=True, slots=True)
class Router:
    """A site's router; its configuration is the document of its intent."""

    name: str
    address_v4: str
    address_v6: str
    kind: Kind = "router"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses without length, the canonical one first."""
        return (self.address_v4, self.address_v6)


@dataclass(frozen=True, slots=True)
class Bfd:
    """BFD timers of a line."""

    transmit_ms: int
    receive_ms: int
    multiplier: int


@dataclass(frozen=True, slots=True)
class CarrierClass:
    """A class that a provider sells (tslcd.carrier): DSCP values that it takes (none: the rest), and a mark of its own.

    A class of treatment priority never gets more than its share.
    """

    name: str
    dscp: tuple[int, ...]
    share_percent: int
    treatment: Literal["priority", "guarantee", "best_effort"]
    mark: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """The provider's side of an uplink: one interface with a BGP session per family. Addresses of ours with length."""

    interface: str
    rate_mbps: int
    site_asn: int
    local_v4: str
    local_v6: str
    peer_v4: str
    peer_v6: str
    keepalive_s: int
    hold_s: int
    bfd: Bfd | None
    classes: tuple[CarrierClass, ...] = ()
    """What the carrier sells on this line; without classes it tells no packets apart."""
    password: str = ""
    """A placeholder; empty when the sessions are not signed."""

    @property
    def pairs(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The BGP sessions: the site's address and ours, without length, per family."""
        return ((self.peer_v4, _bare(self.local_v4)), (self.peer_v6, _bare(self.local_v6)))


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's cloud, shrunk to one PE router, with its own way to the Internet."""

    name: str
    asn: int
    sessions: tuple[Session, ...]
    outside_v4: str
    outside_v6: str
    outside_gateway_v4: str
    outside_gateway_v6: str
    customers: tuple[str, ...] = ()
    """Prefixes of its VPN: what has no route there is dropped, and does not follow its own way to the Internet."""
    kind: Kind = "provider"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses without length."""
        return (_bare(self.outside_v4), _bare(self.outside_v6))


@dataclass(frozen=True, slots=True)
class Address:
    """Static addresses (with length) of one interface of a host."""

    interface: str
    v4: str
    v6: str


@dataclass(frozen=True, slots=True)
class Listener:
    """Ports that a host answers on at one of its addresses (without length), `first` to `last`, both included."""

    protocol: Literal["tcp", "udp"]
    address: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Device:
    """A conference device that runs its document with our agent, on a host of its VLAN. Addresses without length."""

    name: str
    role: Literal["conference_endpoint", "conference_server"]
    v4: str
    v6: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """The one that it is managed at first."""
        return (self.v4, self.v6)


@dataclass(frozen=True, slots=True)
class Host:
    """A machine with static addresses: a site's host, the controller, or the Internet."""

    name: str
    interfaces: tuple[Address, ...]
    gateway_v4: str | None = None
    gateway_v6: str | None = None
    listeners: tuple[Listener, ...] = ()
    device: Device | None = None
    kind: Kind = "host"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses without length, those of the first interface; none of a host that only sends frames."""
        return tuple(_bare(address) for first in self.interfaces[:1] for address in (first.v4, first.v6))


@dataclass(frozen=True, slots=True)
class Switch:
    """The LAN switch of a site with two routers or a room: segments (name → interfaces) apart from each other."""

    name: str
    segments: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Kind = "switch"

    @property
    def addresses(self) -> tuple[str, ...]:
        """It has none."""
        return ()


Node = Router | Provider | Host | Switch


@dataclass(frozen=True, slots=True)
class Topology:
    """All nodes and links of a twin."""

    routers: tuple[Router, ...]
    providers: tuple[Provider, ...]
    hosts: tuple[Host, ...]
    switches: tuple[Switch, ...]
    links: tuple[Link, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node; names are unique."""
        return (*self.routers, *self.providers, *self.hosts, *self.switches)

    @property
    def devices(self) -> tuple[Device, ...]:
        """Conference devices, which are hosts too."""
        return tuple(host.device for host in self.hosts if host.device)


def _bare(address: str) -> str:
    return str(ip_interface(address).ip)
