"""Intent in the words of FRR, Open vSwitch and nftables; lists stand in the order in which the daemons print them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.model import Person
from tslcd.platforms.frr.firewall import ETHERNET_MTU, Firewall, firewall_facts
from tslcd.platforms.frr.marking import Marking, marking_facts
from tslcd.platforms.frr.names import vlan_interface
from tslcd.platforms.frr.queues import Tree, trees
from tslcd.platforms.frr.settings import Settings
from tslcd.platforms.prefix_list import bounds
from tslcd.ports import PortIntent
from tslcd.routing import IPNetwork, PrefixRule

# The daemon's own defaults; it leaves them out of its running configuration.
BFD_DEFAULT_MS = 300
BFD_DEFAULT_MULTIPLIER = 3
# RFC 8326: who receives it likes the route least. The daemon heeds it by itself, with local preference 0.
GRACEFUL_SHUTDOWN = "graceful-shutdown"


@dataclass(frozen=True, slots=True)
class Profile:
    """BFD profile of an uplink: milliseconds; None where the daemon's default is meant."""

    name: str
    multiplier: int | None
    transmit_ms: int | None
    receive_ms: int | None


@dataclass(frozen=True, slots=True)
class Centre:
    """A site whose prefixes only its own AS may originate: suffix of the lists' names, place in the route maps."""

    name: str
    asn: int
    sequence: int


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
    community: str
    max_prefix_v4: int
    max_prefix_v6: int
    max_prefix_restart_minutes: int
    centres: tuple[Centre, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """A routed interface."""

    name: str
    description: str
    address_v4: str
    address_v6: str


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the site's switch, or the internal one that routes a VLAN; attributes as Open vSwitch names them."""

    name: str
    attributes: str


@dataclass(frozen=True, slots=True)
class PrefixLine:
    """One line of a prefix list; `bounds` is empty or starts with a space, as the daemon prints it."""

    name: str
    sequence: int
    action: str
    prefix: str
    bounds: str


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
    mtus: tuple[tuple[str, int], ...]
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
    centres: tuple[Centre, ...]
    firewall: Firewall | None
    trees: tuple[Tree, ...]
    marking: Marking | None


def facts(intent: RouterIntent) -> Facts:
    """Turn a router's intent into what its templates print."""
    settings = Settings.model_validate(intent.settings)
    centres = tuple(
        Centre(centre.site_id, centre.asn, sequence)
        for sequence, centre in enumerate(sorted(intent.centres, key=lambda centre: centre.site_id), start=1)
    )
    sessions = tuple(_session(intent.asn, uplink, centres) for uplink in intent.uplinks)
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
        mtus=tuple(sorted((u.port, u.mtu_bytes) for u in intent.uplinks if u.mtu_bytes != ETHERNET_MTU)),
        ports=_ports(intent),
        interfaces=_interfaces(intent),
        sessions=sessions,
        sessions_by_provider=tuple(sorted(sessions, key=lambda session: session.provider)),
        sessions_by_address=tuple(session for _, session in by_address),
        profiles=tuple(sorted({s.bfd for s in sessions if s.bfd}, key=lambda profile: profile.name)),
        announced_v4=tuple(map(str, announced_v4)),
        announced_v6=tuple(map(str, announced_v6)),
        filters_v4=_prefix_lists(
            "v4", announced_v4, intent.accepted_v4, {centre.site_id: centre.prefixes_v4 for centre in intent.centres}
        ),
        filters_v6=_prefix_lists(
            "v6", announced_v6, intent.accepted_v6, {centre.site_id: centre.prefixes_v6 for centre in intent.centres}
        ),
        centres=centres,
        firewall=firewall_facts(intent, intent.firewall) if intent.firewall else None,
        trees=trees(intent),
        marking=marking_facts(intent, intent.marking) if intent.marking else None,
    )


def _session(asn: int, uplink: UplinkIntent, centres: tuple[Centre, ...]) -> Session:
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
        community=GRACEFUL_SHUTDOWN if uplink.drained else "",
        max_prefix_v4=uplink.max_prefix_v4,
        max_prefix_v6=uplink.max_prefix_v6,
        max_prefix_restart_minutes=uplink.max_prefix_restart_minutes,
        centres=centres if uplink.keeps_origin_as else (),
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
    ports = [Port(port.name, _attributes(port)) for port in intent.ports]
    ports += [Port(vlan_interface(vlan.id), f"tag={vlan.id} type=internal") for vlan in intent.vlans]
    return tuple(sorted(ports, key=lambda port: port.name))


def _attributes(port: PortIntent) -> str:
    """In the order of the alphabet. A description stands as in a URL: words of a line are parted by blanks."""
    words = [f"description={quote(port.description, safe='')}"] if port.description else []
    words += [] if port.enabled else ["link=down"]
    if port.access is not None:
        return " ".join([*words, f"tag={port.access}"])
    words += [f"tag={port.native}"] if port.native is not None else []
    words += [f"trunks={','.join(map(str, port.tagged))}"]
    return " ".join([*words, "vlan_mode=trunk" if port.native is None else "vlan_mode=native-untagged"])


def _prefix_lists(
    family: str,
    announced: Iterable[IPNetwork],
    accepted: Iterable[PrefixRule],
    of_centres: Mapping[str, Iterable[PrefixRule]],
) -> tuple[PrefixLine, ...]:
    exact = [PrefixRule(True, network, network.prefixlen, network.prefixlen) for network in announced]
    lists = {"announce": exact, "network": accepted, **of_centres}
    return tuple(line for name in sorted(lists) for line in _prefix_list(f"{name}-{family}", lists[name]))


def _prefix_list(name: str, rules: Iterable[PrefixRule]) -> tuple[PrefixLine, ...]:
    return tuple(
        PrefixLine(name, 5 * position, "permit" if rule.permit else "deny", str(rule.prefix), bounds(rule))
        for position, rule in enumerate(rules, start=1)
    )


def _unless(value: int, default: int) -> int | None:
    return None if value == default else value


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d*)", name)
    assert match
    return match[1], int(match[2] or 0)
