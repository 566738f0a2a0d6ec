"""What follows from the declared network for one router: addresses, neighbours, policy and walls, fully resolved.

Templates print these facts; they decide and compute nothing. Lists stand in the order in which the daemons print them.
`stage="day0"` is the part that makes a router reachable: uplinks, BGP, loopback, accounts and SSH.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

from tslcd import addressing
from tslcd.firewall import Walls, walls
from tslcd.model import Network, Person, Province, Router, Site, System, Tier, Uplink, Vlan
from tslcd.routing import PrefixRule, filters_v4, filters_v6

Stage = Literal["day0", "full"]

# The daemon's own default; it leaves it out of its running configuration.
BFD_DEFAULT_MS = 300
BFD_DEFAULT_MULTIPLIER = 3


@dataclass(frozen=True, slots=True)
class BfdIntent:
    """BFD profile of an uplink: milliseconds; None where the daemon's default is meant."""

    name: str
    multiplier: int | None
    transmit_ms: int | None
    receive_ms: int | None


@dataclass(frozen=True, slots=True)
class UplinkIntent:
    """One PE-CE line with its two BGP sessions (IPv4 and IPv6); `source_*` are the local addresses without length.

    Sessions name their source: otherwise FRR 8.4 learns it late, makes the BFD session anew and drops BGP once.
    """

    interface: str
    provider: str
    rate_mbps: int
    primary: bool
    pe_asn: int
    local_v4: str
    peer_v4: str
    source_v4: str
    local_v6: str
    peer_v6: str
    source_v6: str
    keepalive_s: int
    hold_s: int
    bfd: BfdIntent | None
    local_preference: int
    prepend: str
    max_prefix_v4: int
    max_prefix_v6: int


@dataclass(frozen=True, slots=True)
class VlanIntent:
    """One VLAN of the site with its gateway addresses on this router."""

    id: int
    name: str
    zone: str
    interface: str
    subnet_v4: str
    subnet_v6: str
    gateway_v4: str
    gateway_v6: str
    access_ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterfaceIntent:
    """A routed interface; order in the document is that of the daemon (natural order of names)."""

    name: str
    description: str
    address_v4: str
    address_v6: str


@dataclass(frozen=True, slots=True)
class PortIntent:
    """A port of the site's switch: an access port, or the internal one that routes its VLAN."""

    name: str
    tag: int
    internal: bool


@dataclass(frozen=True, slots=True)
class SystemIntent:
    """Accounts, kernel settings and SSH, in the order of the document."""

    daemons: tuple[str, ...]
    accounts: tuple[str, ...]
    keys: tuple[Person, ...]
    sysctl: tuple[tuple[str, int], ...]
    listeners: tuple[str, ...]
    sudo: tuple[str, ...]
    sshd: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouterIntent:
    """Everything that one router's document is printed from."""

    hostname: str
    stage: Stage
    site_id: str
    site_number: int
    tier: Tier
    asn: int
    router_id: str
    loopback_v4: str
    loopback_v6: str
    uplinks: tuple[UplinkIntent, ...]
    vlans: tuple[VlanIntent, ...]
    interfaces: tuple[InterfaceIntent, ...]
    ports: tuple[PortIntent, ...]
    site_v4: str | None
    site_v6: str | None
    announce_v4: tuple[str, ...]
    announce_v6: tuple[str, ...]
    filters_v4: tuple[PrefixRule, ...]
    filters_v6: tuple[PrefixRule, ...]
    log_level: str
    system: SystemIntent
    firewall: Walls | None
    assumed: tuple[str, ...]

    @property
    def profiles(self) -> tuple[BfdIntent, ...]:
        """BFD profiles in use, each once, by name."""
        return tuple(sorted({u.bfd for u in self.uplinks if u.bfd}, key=lambda profile: profile.name))

    @property
    def uplinks_by_provider(self) -> tuple[UplinkIntent, ...]:
        """Uplinks in the order of their providers' names, as policy objects are printed."""
        return tuple(sorted(self.uplinks, key=lambda uplink: uplink.provider))

    @property
    def uplinks_by_address(self) -> tuple[UplinkIntent, ...]:
        """Uplinks in the order of their peers' addresses, as sessions are printed."""
        return tuple(sorted(self.uplinks, key=lambda uplink: int(IPv4Address(uplink.peer_v4))))


def derive(network: Network, stage: Stage = "full") -> dict[str, RouterIntent]:
    """Derive every router of the network.

    :returns: hostname → intent, in the order of the declaration.
    :raises ValueError: when a number does not fit into its base prefix.
    """
    shared = _Shared(network)
    return {router.hostname: shared.router(router, stage) for router in network.routers}


class _Shared:
    """What is the same on every router, computed once for the whole network."""

    def __init__(self, network: Network) -> None:
        self.province: Province = network.province
        plan = self.province.addressing
        numbers = {router.site_id: router.site.number for router in network.routers}
        management = [vlan for vlan in self.province.vlans if vlan.zone == "mgmt"]
        offices = [numbers[site] for site in self.province.firewall.management_sites if site in numbers]
        self.managers_v4 = tuple(str(addressing.vlan_v4(plan, n, vlan)) for n in offices for vlan in management)
        self.managers_v6 = tuple(str(addressing.vlan_v6(plan, n, vlan)) for n in offices for vlan in management)
        self.system = _system(self.province.system)

    def router(self, router: Router, stage: Stage) -> RouterIntent:
        plan = self.province.addressing
        site = router.site
        unit = int(router.hostname.rsplit("-r", 1)[1])
        loopback4 = addressing.loopback_v4(plan, site.number, unit)
        loopback6 = addressing.loopback_v6(plan, site.number, unit)
        site4 = addressing.site_v4(plan, site.number)
        site6 = addressing.site_v6(plan, site.number)
        full = stage == "full"
        announced4 = sorted([site4, loopback4.network] if full else [loopback4.network])
        announced6 = sorted([site6, loopback6.network] if full else [loopback6.network])
        uplinks = tuple(self._uplink(site, uplink, primary=uplink is site.uplinks[0]) for uplink in site.uplinks)
        vlans = tuple(self._vlan(site, vlan) for vlan in self.province.vlans) if full else ()
        return RouterIntent(
            hostname=router.hostname,
            stage=stage,
            site_id=router.site_id,
            site_number=site.number,
            tier=router.tier,
            asn=addressing.asn(plan, site.number),
            router_id=str(loopback4.ip),
            loopback_v4=str(loopback4),
            loopback_v6=str(loopback6),
            uplinks=uplinks,
            vlans=vlans,
            interfaces=_interfaces(str(loopback4), str(loopback6), uplinks, vlans),
            ports=_ports(vlans),
            site_v4=str(site4) if full else None,
            site_v6=str(site6) if full else None,
            announce_v4=tuple(map(str, announced4)),
            announce_v6=tuple(map(str, announced6)),
            filters_v4=filters_v4(plan, [site4, loopback4.network], announced4),
            filters_v6=filters_v6(plan, [site6], announced6),
            log_level=self.province.routing.log_level,
            system=self.system,
            firewall=self._walls(site) if full else None,
            assumed=self._assumed(site),
        )

    def _walls(self, site: Site) -> Walls:
        return walls(self.province, site, managers_v4=self.managers_v4, managers_v6=self.managers_v6)

    def _assumed(self, site: Site) -> tuple[str, ...]:
        """The subjects behind this router's document whose values nobody has confirmed yet."""
        providers = self.province.providers
        lines = [f"providers.{u.provider}" for u in site.uplinks if providers[u.provider].assumed]
        return ("addressing", *lines) if self.province.addressing.assumed else tuple(lines)

    def _uplink(self, site: Site, uplink: Uplink, *, primary: bool) -> UplinkIntent:
        provider = self.province.providers[uplink.provider]
        routing = self.province.routing
        link4 = addressing.link_v4(provider, site.number)
        link6 = addressing.link_v6(provider, site.number)
        asn = str(addressing.asn(self.province.addressing, site.number))
        bfd = None
        if provider.bfd:
            bfd = BfdIntent(
                name=uplink.provider,
                multiplier=_unless(provider.bfd.multiplier, BFD_DEFAULT_MULTIPLIER),
                transmit_ms=_unless(provider.bfd.transmit_ms, BFD_DEFAULT_MS),
                receive_ms=_unless(provider.bfd.receive_ms, BFD_DEFAULT_MS),
            )
        return UplinkIntent(
            interface=provider.port,
            provider=uplink.provider,
            rate_mbps=uplink.rate_mbps,
            primary=primary,
            pe_asn=provider.pe_asn,
            local_v4=str(link4.ce),
            peer_v4=str(link4.pe.ip),
            source_v4=str(link4.ce.ip),
            local_v6=str(link6.ce),
            peer_v6=str(link6.pe.ip),
            source_v6=str(link6.ce.ip),
            keepalive_s=provider.keepalive_s,
            hold_s=provider.hold_s,
            bfd=bfd,
            local_preference=routing.primary_local_preference if primary else routing.secondary_local_preference,
            prepend="" if primary else " ".join([asn] * routing.secondary_prepend),
            max_prefix_v4=provider.max_prefix_v4,
            max_prefix_v6=provider.max_prefix_v6,
        )

    def _vlan(self, site: Site, vlan: Vlan) -> VlanIntent:
        plan = self.province.addressing
        subnet4 = addressing.vlan_v4(plan, site.number, vlan)
        subnet6 = addressing.vlan_v6(plan, site.number, vlan)
        return VlanIntent(
            id=vlan.id,
            name=vlan.name,
            zone=vlan.zone,
            interface=f"vlan{vlan.id}",
            subnet_v4=str(subnet4),
            subnet_v6=str(subnet6),
            gateway_v4=str(addressing.gateway_v4(subnet4)),
            gateway_v6=str(addressing.gateway_v6(subnet6)),
            access_ports=vlan.access_ports,
        )


def _interfaces(
    loopback4: str, loopback6: str, uplinks: Iterable[UplinkIntent], vlans: Iterable[VlanIntent]
) -> tuple[InterfaceIntent, ...]:
    routed = [InterfaceIntent("lo", "", loopback4, loopback6)]
    routed += [InterfaceIntent(v.interface, v.name, v.gateway_v4, v.gateway_v6) for v in vlans]
    for uplink in uplinks:
        line = f"{uplink.provider} {uplink.rate_mbps} Mbit/s"
        routed.append(InterfaceIntent(uplink.interface, line, uplink.local_v4, uplink.local_v6))
    return tuple(sorted(routed, key=lambda interface: _natural(interface.name)))


def _ports(vlans: Iterable[VlanIntent]) -> tuple[PortIntent, ...]:
    ports = [PortIntent(name, vlan.id, internal=False) for vlan in vlans for name in vlan.access_ports]
    ports += [PortIntent(vlan.interface, vlan.id, internal=True) for vlan in vlans]
    return tuple(sorted(ports, key=lambda port: port.name))


def _system(system: System) -> SystemIntent:
    return SystemIntent(
        daemons=tuple(sorted(system.daemons)),
        accounts=tuple(sorted({person.account for person in system.people})),
        keys=tuple(sorted(system.people, key=lambda person: (person.account, person.id))),
        sysctl=tuple(sorted(system.sysctl.items())),
        listeners=tuple(sorted(system.listeners)),
        sudo=system.sudo,
        sshd=system.sshd,
    )


def _unless(value: int, default: int) -> int | None:
    return None if value == default else value


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d*)", name)
    assert match
    return match[1], int(match[2] or 0)
