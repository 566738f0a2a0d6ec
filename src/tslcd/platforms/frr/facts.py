"""Intent in the words of FRR, Open vSwitch and nftables; lists stand in the order in which the daemons print them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address

from tslcd.firewall import FirewallIntent, FlowIntent, PatternV4, PatternV6
from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.model import Person
from tslcd.platforms.frr.marking import Marking, marking_facts
from tslcd.platforms.frr.names import vlan_interface
from tslcd.platforms.frr.queues import Tree, trees
from tslcd.platforms.frr.settings import Settings
from tslcd.routing import IPNetwork, PrefixRule

# The daemon's own defaults; it leaves them out of its running configuration.
BFD_DEFAULT_MS = 300
BFD_DEFAULT_MULTIPLIER = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """BFD profile of an uplink: milliseconds; None where the daemon's default is meant."""

    name: str
    multiplier: int | None
    transmit_ms: int | None
    receive_ms: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A PE-CE line with its BGP sessions; `source_*` are the local addresses without length.

    Sessions name their source: otherwise FRR 8.4 learns it late, makes the BFD session anew and drops BGP once.
    """

    interface: str
    provider: str
    pe_asn: int
    peer_v4: str
    source_v4: str
    peer_v6: str
    source_v6: str
    keepalive_s: int
    hold_s: int
    bfd: Profile | None
    local_preference: int
    prepend: str
    max_prefix_v4: int
    max_prefix_v6: int


@dataclass(frozen=True, slots=True)
class Interface:
    """A routed interface."""

    name: str
    description: str
    address_v4: str
    address_v6: str


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the site's switch: an access port, or the internal one that routes its VLAN."""

    name: str
    tag: int
    internal: bool


@dataclass(frozen=True, slots=True)
class PrefixLine:
    """One line of a prefix list; `bounds` is empty or starts with a space, as the daemon prints it."""

    name: str
    sequence: int
    action: str
    prefix: str
    bounds: str


@dataclass(frozen=True, slots=True)
class Match:
    """`address & mask == value`, as nftables prints it."""

    mask: str
    value: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One permitted direction between zones, in both families."""

    source: str
    destination: str
    source_v4: Match
    destination_v4: Match
    source_v6: Match
    destination_v6: Match


@dataclass(frozen=True, slots=True)
class Subnet:
    """What an interface's packets must carry as their source."""

    interface: str
    v4: str
    v6: str


@dataclass(frozen=True, slots=True)
class Firewall:
    """The facts of the ruleset; sets are strings as nftables prints them."""

    province_v4: str
    province_v6: str
    infrastructure_v4: str
    infrastructure_v6: str
    own_v4: str
    own_v6: str
    managers_v4: str
    managers_v6: str
    subnets: tuple[Subnet, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates/frr/ prints."""

    hostname: str
    asn: int
    router_id: str
    site_v4: str
    site_v6: str
    log_level: str
    daemons: tuple[str, ...]
    accounts: tuple[str, ...]
    keys: tuple[Person, ...]
    sysctl: tuple[tuple[str, int], ...]
    sudo: tuple[str, ...]
    sshd: tuple[str, ...]
    ports: tuple[Port, ...]
    interfaces: tuple[Interface, ...]
    sessions: tuple[Session, ...]
    sessions_by_provider: tuple[Session, ...]
    sessions_by_address: tuple[Session, ...]
    profiles: tuple[Profile, ...]
    announced_v4: tuple[str, ...]
    announced_v6: tuple[str, ...]
    filters_v4: tuple[PrefixLine, ...]
    filters_v6: tuple[PrefixLine, ...]
    firewall: Firewall | None
    trees: tuple[Tree, ...]
    marking: Marking | None


def facts(intent: RouterIntent) -> Facts:
    """Turn a router's intent into what its templates print."""
    settings = Settings.model_validate(intent.settings)
    sessions = tuple(_session(intent.asn, uplink) for uplink in intent.uplinks)
    by_address = sorted(zip(intent.uplinks, sessions, strict=True), key=lambda pair: pair[0].peer_v4)
    announced_v4, announced_v6 = sorted(intent.announced_v4), sorted(intent.announced_v6)
    return Facts(
        hostname=intent.hostname,
        asn=intent.asn,
        router_id=str(intent.loopback_v4.ip),
        site_v4=str(intent.site_v4 or ""),
        site_v6=str(intent.site_v6 or ""),
        log_level=intent.log_level,
        daemons=tuple(sorted(settings.daemons)),
        accounts=tuple(sorted({person.account for person in intent.people})),
        keys=tuple(sorted(intent.people, key=lambda person: (person.account, person.id))),
        sysctl=tuple(sorted(settings.sysctl.items())),
        sudo=settings.sudo,
        sshd=settings.sshd,
        ports=_ports(intent),
        interfaces=_interfaces(intent),
        sessions=sessions,
        sessions_by_provider=tuple(sorted(sessions, key=lambda session: session.provider)),
        sessions_by_address=tuple(session for _, session in by_address),
        profiles=tuple(sorted({s.bfd for s in sessions if s.bfd}, key=lambda profile: profile.name)),
        announced_v4=tuple(map(str, announced_v4)),
        announced_v6=tuple(map(str, announced_v6)),
        filters_v4=_prefix_lists("v4", announced_v4, intent.accepted_v4),
        filters_v6=_prefix_lists("v6", announced_v6, intent.accepted_v6),
        firewall=_firewall(intent, intent.firewall) if intent.firewall else None,
        trees=trees(intent),
        marking=marking_facts(intent, intent.marking) if intent.marking else None,
    )


def _session(asn: int, uplink: UplinkIntent) -> Session:
    bfd = None
    if uplink.bfd:
        bfd = Profile(
            name=uplink.provider,
            multiplier=_unless(uplink.bfd.multiplier, BFD_DEFAULT_MULTIPLIER),
            transmit_ms=_unless(uplink.bfd.transmit_ms, BFD_DEFAULT_MS),
            receive_ms=_unless(uplink.bfd.receive_ms, BFD_DEFAULT_MS),
        )
    return Session(
        interface=uplink.port,
        provider=uplink.provider,
        pe_asn=uplink.pe_asn,
        peer_v4=str(uplink.peer_v4),
        source_v4=str(uplink.local_v4.ip),
        peer_v6=str(uplink.peer_v6),
        source_v6=str(uplink.local_v6.ip),
        keepalive_s=uplink.keepalive_s,
        hold_s=uplink.hold_s,
        bfd=bfd,
        local_preference=uplink.local_preference,
        prepend=" ".join([str(asn)] * uplink.prepends),
        max_prefix_v4=uplink.max_prefix_v4,
        max_prefix_v6=uplink.max_prefix_v6,
    )


def _interfaces(intent: RouterIntent) -> tuple[Interface, ...]:
    routed = [Interface("lo", "", str(intent.loopback_v4), str(intent.loopback_v6))]
    routed += [Interface(vlan_interface(v.id), v.name, str(v.gateway_v4), str(v.gateway_v6)) for v in intent.vlans]
    routed += [
        Interface(u.port, f"{u.provider} {u.rate_mbps} Mbit/s", str(u.local_v4), str(u.local_v6))
        for u in intent.uplinks
    ]
    return tuple(sorted(routed, key=lambda interface: _natural(interface.name)))


def _ports(intent: RouterIntent) -> tuple[Port, ...]:
    ports = [Port(name, vlan.id, internal=False) for vlan in intent.vlans for name in vlan.access_ports]
    ports += [Port(vlan_interface(vlan.id), vlan.id, internal=True) for vlan in intent.vlans]
    return tuple(sorted(ports, key=lambda port: port.name))


def _prefix_lists(
    family: str, announced: Iterable[IPNetwork], accepted: Iterable[PrefixRule]
) -> tuple[PrefixLine, ...]:
    exact = [PrefixRule(True, network, network.prefixlen, network.prefixlen) for network in announced]
    return _prefix_list(f"announce-{family}", exact) + _prefix_list(f"network-{family}", accepted)


def _prefix_list(name: str, rules: Iterable[PrefixRule]) -> tuple[PrefixLine, ...]:
    return tuple(
        PrefixLine(name, 5 * position, "permit" if rule.permit else "deny", str(rule.prefix), _bounds(rule))
        for position, rule in enumerate(rules, start=1)
    )


def _bounds(rule: PrefixRule) -> str:
    own, most = rule.prefix.prefixlen, rule.prefix.max_prefixlen
    least = f" ge {rule.shortest}" if rule.shortest > own else ""
    if rule.longest == own or (rule.longest == most and least):
        return least
    return f"{least} le {rule.longest}"


def _firewall(intent: RouterIntent, firewall: FirewallIntent) -> Firewall:
    return Firewall(
        province_v4=str(firewall.province_v4),
        province_v6=str(firewall.province_v6),
        infrastructure_v4=str(firewall.infrastructure_v4),
        infrastructure_v6=str(firewall.infrastructure_v6),
        own_v4=str(intent.site_v4),
        own_v6=str(intent.site_v6),
        managers_v4=_set(firewall.managers_v4),
        managers_v6=_set(firewall.managers_v6),
        subnets=tuple(Subnet(vlan_interface(v.id), str(v.subnet_v4), str(v.subnet_v6)) for v in intent.vlans),
        flows=_flows(firewall.flows),
    )


@lru_cache(maxsize=8)  # the same on every router without exceptions of its own
def _flows(flows: tuple[FlowIntent, ...]) -> tuple[Flow, ...]:
    return tuple(_flow(flow) for flow in flows)


def _flow(flow: FlowIntent) -> Flow:
    return Flow(
        flow.source,
        flow.destination,
        _match(flow.source_v4),
        _match(flow.destination_v4),
        _match(flow.source_v6),
        _match(flow.destination_v6),
    )


def _match(pattern: PatternV4 | PatternV6) -> Match:
    return Match(_address(pattern.mask), _address(pattern.value))


def _address(address: object) -> str:
    """An address as nftables prints it in an expression: of IPv6 the high groups one by one, only the tail short."""
    if not isinstance(address, IPv6Address):
        return str(address)
    groups = [f"{(int(address) >> shift) & 0xFFFF:x}" for shift in range(112, -16, -16)]
    while groups and groups[-1] == "0":
        groups.pop()
    return ":".join(groups) + "::"


def _set(prefixes: Iterable[IPNetwork]) -> str:
    """A set literal as nftables prints it: one element stands without braces."""
    elements = list(map(str, prefixes))
    return elements[0] if len(elements) == 1 else "{ " + ", ".join(elements) + " }"


def _unless(value: int, default: int) -> int | None:
    return None if value == default else value


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d*)", name)
    assert match
    return match[1], int(match[2] or 0)
