"""Provider profiles: what each carrier really gives on its lines (domain.md, "provider profile")."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Asn, Declared, Dscp, InterfaceName, LocalName, Name, Prefix4, Prefix6, Text


class Bfd(Declared):
    """BFD timers, milliseconds."""

    transmit_ms: Annotated[int, Field(ge=50, le=60000)]
    """Least interval between packets that we send, milliseconds."""
    receive_ms: Annotated[int, Field(ge=50, le=60000)]
    """Least interval between packets that we accept, milliseconds."""
    multiplier: Annotated[int, Field(ge=2, le=50)]
    """Packets that may be lost before the session is down."""


class MultihopBfd(Bfd):
    """BFD across a carrier's core, and the addresses that its sessions run between."""

    ends_v4: Prefix4
    """IPv4 addresses that sites announce to this carrier alone: site n has the n-th, a second router the n-th last."""
    ends_v6: Prefix6
    """IPv6 addresses that sites announce to this carrier alone: site n has the n-th, a second router the n-th last."""


class CeAsn(Declared):
    """Whose AS number a site's router has on this carrier's lines."""

    assigned_by: Literal["province", "provider"]
    """The province's own plan, or the carrier."""
    width_bits: Literal[16, 32]
    """Width of the AS numbers that the carrier accepts, bits."""


class TrafficClass(Declared):
    """A class of traffic that the carrier sells."""

    recognised_by: tuple[Dscp, ...]
    """DSCP values that put a packet into this class; one class has none and takes the rest."""
    share_percent: Annotated[int, Field(ge=0, le=100)]
    """Share of the contract rate that it gets, percent."""
    treatment: Literal["priority", "guarantee", "best_effort"]
    """How the carrier queues it; priority is policed to its share."""


class Provider(Declared):
    """What a carrier really gives. Every fact is assumed until `confirmed` names the reference that says it."""

    name: LocalName
    """Name for people."""
    confirmed: dict[Name, Text]
    """Fact (a key of this profile) → reference that confirms it; facts that are not named here are assumed."""
    network: Name | None = None
    """Key of the same carrier's profile whose network these lines belong to; null: they have a network of their own."""
    contract: Name
    """Key of `contracts`: what its lines are leased under unless a line says otherwise."""
    pe_asn: Asn
    """AS number of the carrier's edge routers."""
    ce_asn: CeAsn
    """Who assigns the AS numbers of the sites' routers, and how wide they are."""
    as_override: bool
    """Whether the carrier replaces a site's AS number by its own: then an AS path does not stop a loop."""
    keeps_origin_as: bool
    """Whether its AS paths still end in the AS number of the site that announced: what is checked for the centres."""
    routing: Literal["bgp", "static"]
    """How routes are exchanged on its lines."""
    ipv6: bool
    """Whether its lines carry IPv6."""
    port: InterfaceName
    """The router's port that this carrier's line is plugged into, the same at every site."""
    encapsulation: Literal["untagged", "dot1q"]
    """What is on the wire between site and carrier."""
    mtu_bytes: Annotated[int, Field(ge=1280, le=9216)]
    """Greatest IP packet that its lines carry, bytes."""
    link_v4: Prefix4
    """IPv4 prefix of the PE-CE links: site n has the n-th /31, the even address is the carrier's."""
    link_v6: Prefix6
    """IPv6 prefix of the PE-CE links: site n has the n-th /127, the even address is the carrier's."""
    keepalive_s: Annotated[int, Field(ge=1, le=600)]
    """BGP keepalive interval, seconds."""
    hold_s: Annotated[int, Field(ge=3, le=1800)]
    """BGP hold time, seconds."""
    bfd: Bfd | None = None
    """BFD on both sessions of a line; without it the hold time finds failures."""
    bfd_multihop: MultihopBfd | None = None
    """BFD across the carrier's core, between the hub and sites with two uplinks; without it only lines are watched."""
    bfd_least_interval_ms: Annotated[int, Field(ge=10, le=60000)] | None = None
    """Shortest interval of BFD that the carrier allows, milliseconds; null while nobody knows it."""
    authentication: Literal["none", "md5", "tcp_ao"]
    """How BGP sessions prove who they are."""
    max_prefix_v4: Annotated[int, Field(ge=1)]
    """IPv4 prefixes above which a session is closed."""
    max_prefix_v6: Annotated[int, Field(ge=1)]
    """IPv6 prefixes above which a session is closed."""
    dscp: Literal["preserve", "rewrite"]
    """Whether the DSCP of a packet is the same at the other end."""
    traffic_classes: dict[Name, TrafficClass]
    """Classes that the carrier sells, by its own names."""
    class_map: dict[Name, Name]
    """Our class (a name of `qos.classes`) → the carrier's (a key of `traffic_classes`)."""

    @property
    def prefixes(self) -> tuple[tuple[tuple[str, ...], IPv4Network | IPv6Network], ...]:
        """What addresses on its lines and for its sessions are cut from: (keys below this profile, prefix).

        None where another profile has the network: it declares the same ones.
        """
        if self.network is not None:
            return ()
        lines = ((("link_v4",), self.link_v4), (("link_v6",), self.link_v6))
        if (watch := self.bfd_multihop) is None:
            return lines
        return (*lines, (("bfd_multihop", "ends_v4"), watch.ends_v4), (("bfd_multihop", "ends_v6"), watch.ends_v6))

    @property
    def assumed_facts(self) -> tuple[str, ...]:
        """Facts that nobody has confirmed yet."""
        return tuple(
            sorted(
                type(self).model_fields.keys() - {"name", "confirmed", "network", "contract"} - self.confirmed.keys()
            )
        )

    @property
    def assumed(self) -> bool:
        """True until every fact is confirmed; assumed ones are committed on the twin only."""
        return bool(self.assumed_facts)


def network_of(providers: Mapping[str, Provider], name: str) -> str:
    """The profile whose network the lines of this one belong to: itself, or another one of the same carrier."""
    return (providers[name].network if name in providers else None) or name
