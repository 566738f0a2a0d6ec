"""Intent in the words of Cisco IOS and IOS-XE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from tslcd.intent import RouterIntent, UplinkIntent, VlanIntent
from tslcd.platforms.ios.access_lists import AccessList, access_lists, uplink_in, vlan_in, vlan_out
from tslcd.platforms.ios.names import network, vlan_interface, with_mask
from tslcd.platforms.ios.policies import Policy, TrafficClass, policies, traffic_classes, uplink_policy
from tslcd.platforms.ios.settings import Settings
from tslcd.platforms.prefix_list import bounds
from tslcd.ports import PortIntent
from tslcd.routing import IPNetwork, PrefixRule

# Privilege level of an account: netops changes, auditor looks.
PRIVILEGE = {"netops": 15, "auditor": 1}
SECONDS_PER_MINUTE = 60
# RFC 8326: who receives GRACEFUL_SHUTDOWN likes the route least; this platform must be told so (list `drained`).
GRACEFUL_SHUTDOWN, DRAINED, LEAST_PREFERENCE = "gshut", "drained", 0


@dataclass(frozen=True, slots=True)
class User:
    """A local user; `secret` is the placeholder of a type 9 hash."""

    name: str
    privilege: int
    secret: str


@dataclass(frozen=True, slots=True)
class Bfd:
    """Timers of an interface, milliseconds."""

    transmit_ms: int
    receive_ms: int
    multiplier: int


@dataclass(frozen=True, slots=True)
class Session:
    """One BGP session; `password` is a placeholder, or empty."""

    peer: str
    family: str
    pe_asn: int
    provider: str
    interface: str
    keepalive_s: int
    hold_s: int
    has_bfd: bool
    password: str
    max_prefix: int
    max_prefix_restart_minutes: int


@dataclass(frozen=True, slots=True)
class Uplink:
    """The interface of a PE-CE line; names of lists and policies are empty on day-0."""

    interface: str
    description: str
    address_v4: str
    address_v6: str
    mtu_bytes: int
    bfd: Bfd | None
    list_v4: str
    list_v6: str
    policy: str


@dataclass(frozen=True, slots=True)
class RouteMap:
    """An entry of a session's policy; `as_path` and `matched` are lists; what is empty or None is left out."""

    name: str
    action: str
    sequence: int
    as_path: int | None
    prefix_list: str
    keyword: str
    matched: str
    local_preference: int | None
    prepend: str
    community: str


@dataclass(frozen=True, slots=True)
class Centre:
    """A site whose prefixes only its own AS may originate, with the number of its AS path list."""

    name: str
    asn: int
    number: int


@dataclass(frozen=True, slots=True)
class PrefixLine:
    """One line of a prefix list; `bounds` is empty or starts with a space."""

    keyword: str
    name: str
    sequence: int
    action: str
    prefix: str
    bounds: str


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """A switch port that carries `vlan` untagged, or a trunk of the list `trunk`, of which `native` is untagged.

    A trunk without a native VLAN drops what is untagged: the platform's own native VLAN is not in its list.
    """

    interface: str
    description: str
    vlan: int | None
    trunk: str
    native: int | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class Gateway:
    """The routed interface of a VLAN."""

    interface: str
    vlan: int
    name: str
    address_v4: str
    address_v6: str
    in_v4: str
    out_v4: str
    in_v6: str
    out_v6: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates/ios/ prints."""

    hostname: str
    asn: int
    router_id: str
    loopback_v4: str
    loopback_v6: str
    log_level: str
    exec_timeout: str
    users: tuple[User, ...]
    managers_v4: tuple[str, ...]
    managers_v6: tuple[str, ...]
    gateways: tuple[Gateway, ...]
    ports: tuple[SwitchPort, ...]
    uplinks: tuple[Uplink, ...]
    sessions: tuple[Session, ...]
    sessions_v4: tuple[Session, ...]
    sessions_v6: tuple[Session, ...]
    held_v4: str
    held_v6: str
    announced_v4: tuple[str, ...]
    announced_v6: tuple[str, ...]
    prefix_lines: tuple[PrefixLine, ...]
    centres: tuple[Centre, ...]
    route_maps: tuple[RouteMap, ...]
    access_lists: tuple[AccessList, ...]
    traffic_classes: tuple[TrafficClass, ...]
    policies: tuple[Policy, ...]


def facts(intent: RouterIntent) -> Facts:
    """Turn a router's intent into what its templates print."""
    names = Settings.model_validate(intent.settings).ports | intent.port_names
    sessions = tuple(session for uplink in intent.uplinks for session in _sessions(uplink, names))
    vlans = {vlan.id: vlan.name for vlan in intent.vlans}
    centres = tuple(Centre(c.site_id, c.asn, number) for number, c in enumerate(intent.centres, start=1))
    return Facts(
        hostname=intent.hostname,
        asn=intent.asn,
        router_id=str(intent.loopback_v4.ip),
        loopback_v4=with_mask(intent.loopback_v4),
        loopback_v6=str(intent.loopback_v6),
        log_level=intent.log_level,
        exec_timeout=" ".join(map(str, divmod(intent.idle_timeout_s, SECONDS_PER_MINUTE))),
        users=tuple(
            User(person.id, PRIVILEGE[person.account], f"${{ios_secret_{person.id.replace('-', '_')}}}")
            for person in intent.people
        ),
        managers_v4=tuple(map(network, intent.firewall.managers_v4)) if intent.firewall else (),
        managers_v6=tuple(map(network, intent.firewall.managers_v6)) if intent.firewall else (),
        gateways=tuple(_gateway(vlan) for vlan in intent.vlans),
        ports=tuple(_port(port, names[port.name], vlans) for port in intent.ports),
        uplinks=tuple(_uplink(uplink, names, full=intent.stage == "full") for uplink in intent.uplinks),
        sessions=sessions,
        sessions_v4=tuple(session for session in sessions if session.family == "v4"),
        sessions_v6=tuple(session for session in sessions if session.family == "v6"),
        held_v4=_route(intent.site_v4) if intent.site_v4 else "",
        held_v6=str(intent.site_v6 or ""),
        announced_v4=tuple(f"{n.network_address} mask {n.netmask}" for n in sorted(intent.announced_v4)),
        announced_v6=tuple(map(str, sorted(intent.announced_v6))),
        prefix_lines=(
            *_prefix_lists("ip", "v4", sorted(intent.announced_v4), intent.accepted_v4),
            *_prefix_lists("ipv6", "v6", sorted(intent.announced_v6), intent.accepted_v6),
            *(line for c in intent.centres for line in _prefix_list("ip", f"{c.site_id}-v4", c.prefixes_v4)),
            *(line for c in intent.centres for line in _prefix_list("ipv6", f"{c.site_id}-v6", c.prefixes_v6)),
        ),
        centres=centres,
        route_maps=tuple(found for uplink in intent.uplinks for found in _route_maps(intent.asn, uplink, centres)),
        access_lists=access_lists(intent, intent.firewall) if intent.firewall else (),
        traffic_classes=traffic_classes(intent),
        policies=policies(intent),
    )


def _port(port: PortIntent, interface: str, vlans: dict[int, str]) -> SwitchPort:
    untagged = () if port.native is None else (port.native,)
    carried = ",".join(map(str, sorted({*port.tagged, *untagged}))) if port.access is None else ""
    usual = vlans[port.access] if port.access is not None else f"trunk {carried}"
    return SwitchPort(
        interface=interface,
        description=f"{port.name} {port.description or usual}",
        vlan=port.access,
        trunk=carried,
        native=port.native,
        enabled=port.enabled,
    )


def _sessions(uplink: UplinkIntent, names: dict[str, str]) -> tuple[Session, ...]:
    password = f"${{{uplink.secret}}}" if uplink.secret else ""
    return tuple(
        Session(
            peer=str(peer),
            family=family,
            pe_asn=uplink.pe_asn,
            provider=uplink.provider,
            interface=names[uplink.port],
            keepalive_s=uplink.keepalive_s,
            hold_s=uplink.hold_s,
            has_bfd=uplink.bfd is not None,
            password=password,
            max_prefix=limit,
            max_prefix_restart_minutes=uplink.max_prefix_restart_minutes,
        )
        for peer, family, limit in (
            (uplink.peer_v4, "v4", uplink.max_prefix_v4),
            (uplink.peer_v6, "v6", uplink.max_prefix_v6),
        )
    )


def _uplink(uplink: UplinkIntent, names: dict[str, str], *, full: bool) -> Uplink:
    bfd = Bfd(uplink.bfd.transmit_ms, uplink.bfd.receive_ms, uplink.bfd.multiplier) if uplink.bfd else None
    return Uplink(
        interface=names[uplink.port],
        description=f"{uplink.port} {uplink.provider} {uplink.rate_mbps} Mbit/s",
        address_v4=with_mask(uplink.local_v4),
        address_v6=str(uplink.local_v6),
        mtu_bytes=uplink.mtu_bytes,
        bfd=bfd,
        list_v4=uplink_in(uplink.provider, "v4") if full else "",
        list_v6=uplink_in(uplink.provider, "v6") if full else "",
        policy=uplink_policy(uplink) if full else "",
    )


def _gateway(vlan: VlanIntent) -> Gateway:
    return Gateway(
        interface=vlan_interface(vlan.id),
        vlan=vlan.id,
        name=vlan.name,
        address_v4=with_mask(vlan.gateway_v4),
        address_v6=str(vlan.gateway_v6),
        in_v4=vlan_in(vlan.id, "v4"),
        out_v4=vlan_out(vlan.id, "v4"),
        in_v6=vlan_in(vlan.id, "v6"),
        out_v6=vlan_out(vlan.id, "v6"),
    )


def _route(prefix: IPv4Network) -> str:
    return f"{prefix.network_address} {prefix.netmask}"


def _prefix_lists(
    keyword: str, family: str, announced: Iterable[IPNetwork], accepted: Iterable[PrefixRule]
) -> tuple[PrefixLine, ...]:
    exact = [PrefixRule(True, prefix, prefix.prefixlen, prefix.prefixlen) for prefix in announced]
    return (
        *_prefix_list(keyword, f"announce-{family}", exact),
        *_prefix_list(keyword, f"network-{family}", accepted),
    )


def _prefix_list(keyword: str, name: str, rules: Iterable[PrefixRule]) -> tuple[PrefixLine, ...]:
    return tuple(
        PrefixLine(keyword, name, 5 * position, "permit" if rule.permit else "deny", str(rule.prefix), bounds(rule))
        for position, rule in enumerate(rules, start=1)
    )


def _route_maps(asn: int, uplink: UplinkIntent, centres: tuple[Centre, ...]) -> Iterator[RouteMap]:
    prepend = " ".join([str(asn)] * uplink.prepends)
    families = (("v4", "ip"), ("v6", "ipv6"))
    entries = ((5, DRAINED, LEAST_PREFERENCE), (10, "", uplink.local_preference))
    for family, keyword in families:
        name = f"{uplink.provider}-in-{family}"
        for c in centres if uplink.keeps_origin_as else ():
            yield RouteMap(name, "deny", c.number, c.number, f"{c.name}-{family}", keyword, "", None, "", "")
        for number, matched, preference in entries:
            yield RouteMap(name, "permit", number, None, f"network-{family}", keyword, matched, preference, "", "")
    community = GRACEFUL_SHUTDOWN if uplink.drained else ""
    for family, keyword in families:
        name = f"{uplink.provider}-out-{family}"
        yield RouteMap(name, "permit", 10, None, f"announce-{family}", keyword, "", None, prepend, community)
