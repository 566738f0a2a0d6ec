"""Intent in the words of FRR, Open vSwitch and nftables; lists stand in the order in which the daemons print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network
from urllib.parse import quote

from tslcd.intent import RouterIntent
from tslcd.platforms import debian
from tslcd.platforms.frr.bgp import PAIR, Neighbor, PrefixLine, neighbors, prefix_lists
from tslcd.platforms.frr.firewall import ETHERNET_MTU, Firewall, firewall_facts
from tslcd.platforms.frr.lines import Centre, Profile, Session, centres, profiles, sessions
from tslcd.platforms.frr.marking import Marking, marking_facts
from tslcd.platforms.frr.names import vlan_interface
from tslcd.platforms.frr.pair import Pair, pair_facts
from tslcd.platforms.frr.queues import Tree, trees
from tslcd.platforms.frr.settings import Settings
from tslcd.ports import PortIntent


@dataclass(frozen=True, slots=True)
class Interface:
    """A routed interface; without addresses where they are given to whichever router is active."""

    name: str
    description: str
    addresses_v4: tuple[str, ...]
    addresses_v6: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the site's switch, or the internal one that routes a VLAN; attributes as Open vSwitch names them."""

    name: str
    attributes: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates/frr/ prints."""

    hostname: str
    asn: int
    router_id: str
    site_v4: str
    site_v6: str
    log_level: str
    system: debian.System
    ports: tuple[Port, ...]
    interfaces: tuple[Interface, ...]
    sessions: tuple[Session, ...]
    sessions_by_provider: tuple[Session, ...]
    neighbors_v4: tuple[Neighbor, ...]
    neighbors_v6: tuple[Neighbor, ...]
    profiles: tuple[Profile, ...]
    pair: Pair | None
    networks_v4: tuple[str, ...]
    networks_v6: tuple[str, ...]
    filters_v4: tuple[PrefixLine, ...]
    filters_v6: tuple[PrefixLine, ...]
    centres: tuple[Centre, ...]
    firewall: Firewall | None
    trees: tuple[Tree, ...]
    marking: Marking | None


def facts(intent: RouterIntent) -> Facts:
    """Turn a router's intent into what its templates print."""
    settings = Settings.model_validate(intent.settings)
    lines = sessions(intent)
    ends = [watch for uplink in intent.uplinks if (watch := uplink.multihop)]
    return Facts(
        hostname=intent.hostname,
        asn=intent.asn,
        router_id=str(intent.loopback_v4.ip),
        site_v4=str(intent.site_v4 or ""),
        site_v6=str(intent.site_v6 or ""),
        log_level=intent.log_level,
        system=debian.system(
            intent.hostname,
            intent.people,
            settings,
            daemons=settings.daemons,
            mtus=[(u.port, u.mtu_bytes) for u in intent.uplinks if u.mtu_bytes != ETHERNET_MTU],
        ),
        ports=_ports(intent),
        interfaces=_interfaces(intent),
        sessions=lines,
        sessions_by_provider=tuple(sorted(lines, key=lambda session: session.provider)),
        neighbors_v4=neighbors(intent, "v4"),
        neighbors_v6=neighbors(intent, "v6"),
        profiles=profiles(intent),
        pair=pair_facts(intent, intent.pair) if intent.pair else None,
        networks_v4=tuple(map(str, sorted([*intent.announced_v4, *(IPv4Network(watch.end_v4) for watch in ends)]))),
        networks_v6=tuple(map(str, sorted([*intent.announced_v6, *(IPv6Network(watch.end_v6) for watch in ends)]))),
        filters_v4=prefix_lists(intent, "v4"),
        filters_v6=prefix_lists(intent, "v6"),
        centres=centres(intent),
        firewall=firewall_facts(intent, intent.firewall) if intent.firewall else None,
        trees=trees(intent),
        marking=marking_facts(intent, intent.marking) if intent.marking else None,
    )


def _interfaces(intent: RouterIntent) -> tuple[Interface, ...]:
    ends = [watch for uplink in intent.uplinks if (watch := uplink.multihop)]
    own_v4 = sorted([intent.loopback_v4, *(IPv4Interface(watch.end_v4) for watch in ends)])
    own_v6 = sorted([intent.loopback_v6, *(IPv6Interface(watch.end_v6) for watch in ends)])
    routed = [Interface("lo", "", tuple(map(str, own_v4)), tuple(map(str, own_v6)))]
    for vlan in intent.vlans:  # in a pair keepalived gives the gateways to the active router
        gateway = ((), ()) if intent.pair else ((str(vlan.gateway_v4),), (str(vlan.gateway_v6),))
        routed.append(Interface(vlan_interface(vlan.id), vlan.name, *gateway))
    if intent.pair:
        cable = ((str(intent.pair.local_v4),), (str(intent.pair.local_v6),))
        routed.append(Interface(intent.pair.port, PAIR, *cable))
    routed += [
        Interface(u.port, f"{u.provider} {u.rate_mbps} Mbit/s", (str(u.local_v4),), (str(u.local_v6),))
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


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d*)", name)
    assert match
    return match[1], int(match[2] or 0)
