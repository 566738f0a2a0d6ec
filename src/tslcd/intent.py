"""What follows from the declared network for one router: addresses, neighbours, policy and walls, fully resolved.

Nothing here is said in the words or the order of a platform: platforms/ turns these facts into what templates print.
`stage="day0"` is the part that makes a router reachable: uplinks, BGP, loopback, accounts and SSH.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any, Literal

from tslcd import addressing, carrier, firewall, marking, pair, ports, qos
from tslcd.carrier import CarrierClass
from tslcd.firewall import FirewallIntent
from tslcd.marking import MarkingIntent
from tslcd.model import CENTRES, Bfd, Drained, Network, Person, Province, Router, Site, Tier, Uplink, Vlan, network_of
from tslcd.multihop import MultihopIntent, Sessions
from tslcd.pair import PairIntent
from tslcd.ports import PortIntent
from tslcd.qos import ClassIntent, SpokeIntent
from tslcd.routing import Centre, PrefixRule, accepted_v4, accepted_v6, centre

Stage = Literal["day0", "full"]


@dataclass(frozen=True, slots=True)
class UplinkIntent:
    """One PE-CE line with its two BGP sessions (IPv4 and IPv6), between `local_*` and `peer_*`.

    `secret` names the placeholder of the password that signs both sessions (TCP-MD5); empty when nothing does.
    """

    provider: str
    network: str
    """The profile whose network the line belongs to; other profiles may share it."""
    port: str
    rate_mbps: int
    primary: bool
    pe_asn: int
    local_v4: IPv4Interface
    peer_v4: IPv4Address
    local_v6: IPv6Interface
    peer_v6: IPv6Address
    keepalive_s: int
    hold_s: int
    bfd: Bfd | None
    multihop: MultihopIntent | None
    secret: str
    mtu_bytes: int
    local_preference: int
    unwatched_local_preference: int
    """Of what the carrier brings from the far ends of `multihop`, which count more while their session is up."""
    prepends: int
    drained: bool
    max_prefix_v4: int
    max_prefix_v6: int
    max_prefix_restart_minutes: int
    keeps_origin_as: bool
    classes: tuple[ClassIntent, ...]
    spokes: tuple[SpokeIntent, ...]
    carrier_classes: tuple[CarrierClass, ...]


@dataclass(frozen=True, slots=True)
class VlanIntent:
    """One VLAN of the site with its gateway addresses on this router."""

    id: int
    name: str
    zone: str
    subnet_v4: IPv4Network
    subnet_v6: IPv6Network
    gateway_v4: IPv4Interface
    gateway_v6: IPv6Interface
    access_ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouterIntent:
    """Everything that one router's document is printed from.

    `settings` are its platform's own, as declared; `port_names` are logical ports with names of this device's own.
    """

    hostname: str
    platform: str
    stage: Stage
    site_id: str
    site_number: int
    tier: Tier
    asn: int
    loopback_v4: IPv4Interface
    loopback_v6: IPv6Interface
    uplinks: tuple[UplinkIntent, ...]
    pair: PairIntent | None
    vlans: tuple[VlanIntent, ...]
    ports: tuple[PortIntent, ...]
    site_v4: IPv4Network | None
    site_v6: IPv6Network | None
    announced_v4: tuple[IPv4Network, ...]
    announced_v6: tuple[IPv6Network, ...]
    accepted_v4: tuple[PrefixRule, ...]
    accepted_v6: tuple[PrefixRule, ...]
    centres: tuple[Centre, ...]
    log_level: str
    idle_timeout_s: int
    people: tuple[Person, ...]
    firewall: FirewallIntent | None
    marking: MarkingIntent | None
    settings: dict[str, Any]
    port_names: dict[str, str]
    assumed: tuple[str, ...]


def derive(network: Network, stage: Stage = "full", hosts: Collection[str] | None = None) -> dict[str, RouterIntent]:
    """Derive every router of the network, or those of `hosts`; what each is told of others is the same in both cases.

    :returns: hostname → intent, in the order of the declaration; decommissioned sites have none.
    :raises ValueError: when a number does not fit into its base prefix.
    """
    common = _Shared(network)
    intents = {}
    for router in network.routers:
        if router.in_service and (hosts is None or router.hostname in hosts):
            shared = _Shared(network.seen_by(router)) if router.overrides else common
            intents[router.hostname] = shared.router(router, stage)
    return intents


def session_secret(provider: str, hostname: str) -> str:
    """The name under which credentials hold the password of a line: each router has one of its own per provider."""
    return f"bgp_{provider}_{hostname}"


class _Shared:
    """What is the same on every router without exceptions of its own, computed once for the whole network."""

    def __init__(self, network: Network) -> None:
        self.province: Province = network.province
        plan = self.province.addressing
        numbers = {router.site_id: router.site.number for router in network.routers}
        management = [vlan for vlan in self.province.vlans if self.province.zones[vlan.zone].role == "management"]
        offices = [numbers[site] for site in self.province.firewall.management_sites if site in numbers]
        self.firewall = firewall.derive(
            self.province,
            numbers,
            managers_v4=tuple(addressing.vlan_v4(plan, n, vlan) for n in offices for vlan in management),
            managers_v6=tuple(addressing.vlan_v6(plan, n, vlan) for n in offices for vlan in management),
        )
        self.marking = marking.derive(network, self.firewall)
        self.routers = network.routers
        self.multihop = Sessions(self.province, network.routers)
        self.pairs = {router.site_id for router in network.routers if router.unit == 2}
        self.spokes: dict[str, tuple[SpokeIntent, ...]] = {}  # by network
        self.classes: dict[tuple[str, int], tuple[ClassIntent, ...]] = {}  # by provider and rate
        self.carrier_classes = {name: carrier.classes(one) for name, one in self.province.providers.items()}
        self.centres = tuple(
            centre(plan, self.province.providers.values(), site_id, number)
            for site_id, number in {r.site_id: r.site.number for r in network.routers if _is_centre(r)}.items()
        )
        self.settings = {name: own.model_dump(mode="json") for name, own in network.settings.items()}

    def router(self, router: Router, stage: Stage) -> RouterIntent:
        plan = self.province.addressing
        site = router.site
        loopback4 = addressing.loopback_v4(plan, site.number, router.unit)
        loopback6 = addressing.loopback_v6(plan, site.number, router.unit)
        both = pair.derive(self.province, router) if router.site_id in self.pairs else None
        loopbacks4 = [loopback4.network, both.other_loopback_v4.network] if both else [loopback4.network]
        site4 = addressing.site_v4(plan, site.number)
        site6 = addressing.site_v6(plan, site.number)
        full = stage == "full"
        return RouterIntent(
            hostname=router.hostname,
            platform=router.device.platform,
            stage=stage,
            site_id=router.site_id,
            site_number=site.number,
            tier=router.tier,
            asn=addressing.asn(plan, site.number),
            loopback_v4=loopback4,
            loopback_v6=loopback6,
            uplinks=tuple(self._uplink(router, uplink, stage) for uplink in router.uplinks),
            pair=both,
            vlans=tuple(self._vlan(site, vlan) for vlan in self.province.vlans) if full else (),
            ports=ports.derive(site, self.province.vlans) if full else (),
            site_v4=site4 if full else None,
            site_v6=site6 if full else None,
            announced_v4=(site4, loopback4.network) if full else (loopback4.network,),
            announced_v6=(site6, loopback6.network) if full else (loopback6.network,),
            accepted_v4=accepted_v4(plan, [site4, *loopbacks4]),
            accepted_v6=accepted_v6(plan, [site6, self.province.firewall.infrastructure_v6]),
            centres=tuple(other for other in self.centres if other.site_id != router.site_id),
            log_level=self.province.routing.log_level,
            idle_timeout_s=self.province.security.idle_timeout_s,
            people=self.province.system.people,
            firewall=self.firewall if full else None,
            marking=self.marking if full else None,
            settings=self.settings[router.device.platform],
            port_names=router.device.ports,
            assumed=self._assumed(router, full=full),
        )

    def _assumed(self, router: Router, *, full: bool) -> tuple[str, ...]:
        """The subjects behind this router's document whose values nobody has confirmed yet."""
        providers = self.province.providers
        found = ["addressing"] if self.province.addressing.assumed else []
        found += [f"providers.{u.provider}" for u in router.uplinks if providers[u.provider].assumed]
        if full:
            permitted = {flow.service for flow in self.firewall.services}
            found += [
                f"services.{name}" for name, s in self.province.services.items() if s.assumed and name in permitted
            ]
        return tuple(found)

    def _uplink(self, router: Router, uplink: Uplink, stage: Stage) -> UplinkIntent:
        site = router.site
        primary = uplink is router.uplinks[0]
        provider = self.province.providers[uplink.provider]
        network = network_of(self.province.providers, uplink.provider)
        routing = self.province.routing
        link4 = addressing.link_v4(provider, site.number, router.unit)
        link6 = addressing.link_v6(provider, site.number, router.unit)
        intended = UplinkIntent(
            provider=uplink.provider,
            network=network,
            port=provider.port,
            rate_mbps=uplink.rate_mbps,
            primary=primary,
            pe_asn=provider.pe_asn,
            local_v4=link4.ce,
            peer_v4=link4.pe.ip,
            local_v6=link6.ce,
            peer_v6=link6.pe.ip,
            keepalive_s=provider.keepalive_s,
            hold_s=provider.hold_s,
            bfd=provider.bfd,
            multihop=self.multihop.over(router, uplink) if stage == "full" else None,
            secret=session_secret(uplink.provider, router.hostname) if provider.authentication == "md5" else "",
            mtu_bytes=provider.mtu_bytes,
            local_preference=routing.primary_local_preference if primary else routing.secondary_local_preference,
            unwatched_local_preference=routing.unwatched_local_preference,
            prepends=(0 if primary else routing.secondary_prepend)
            + (self.province.pair.prepend if router.unit == 2 else 0),
            drained=False,
            max_prefix_v4=provider.max_prefix_v4,
            max_prefix_v6=provider.max_prefix_v6,
            max_prefix_restart_minutes=routing.max_prefix_restart_minutes,
            keeps_origin_as=provider.keeps_origin_as,
            classes=self._classes(uplink) if stage == "full" else (),
            spokes=self._spokes(network) if stage == "full" and router.tier in CENTRES else (),
            carrier_classes=self.carrier_classes[uplink.provider],
        )
        return _drained(intended, routing.drained) if uplink.maintenance or router.device.maintenance else intended

    def _spokes(self, network: str) -> tuple[SpokeIntent, ...]:
        """Sites with a line in this network, which the centres must not send more than it carries."""
        if network not in self.spokes:
            plan = self.province.addressing
            lines = {
                router.site_id: (router.site.number, uplink.rate_mbps)
                for router in self.routers
                if router.in_service and router.tier not in CENTRES
                for uplink in router.uplinks
                if network_of(self.province.providers, uplink.provider) == network
            }
            self.spokes[network] = tuple(
                SpokeIntent(number, rate, addressing.site_v4(plan, number), addressing.site_v6(plan, number))
                for number, rate in sorted(lines.values())
            )
        return self.spokes[network]

    def _classes(self, uplink: Uplink) -> tuple[ClassIntent, ...]:
        key = (uplink.provider, uplink.rate_mbps)
        if key not in self.classes:
            self.classes[key] = qos.classes(self.province.qos, self.province.providers[uplink.provider], key[1])
        return self.classes[key]

    def _vlan(self, site: Site, vlan: Vlan) -> VlanIntent:
        plan = self.province.addressing
        subnet4 = addressing.vlan_v4(plan, site.number, vlan)
        subnet6 = addressing.vlan_v6(plan, site.number, vlan)
        return VlanIntent(
            id=vlan.id,
            name=vlan.name,
            zone=vlan.zone,
            subnet_v4=subnet4,
            subnet_v6=subnet6,
            gateway_v4=addressing.gateway_v4(subnet4),
            gateway_v6=addressing.gateway_v6(subnet6),
            access_ports=vlan.access_ports,
        )


def _drained(uplink: UplinkIntent, how: Drained) -> UplinkIntent:
    """A line in maintenance: the worst in both directions; of two such lines the primary stays the better one."""
    return replace(uplink, drained=True, local_preference=how.local_preference, prepends=uplink.prepends + how.prepend)


def _is_centre(router: Router) -> bool:
    return router.in_service and router.tier in CENTRES
