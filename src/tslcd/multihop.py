"""Sessions across a carrier's core, between the hub and sites that have another way when that core fails.

A PE that has lost its core keeps the line, BGP and single-hop BFD up. Each end of a multihop session therefore is an
address that its router announces to one carrier alone: the session is pinned to that carrier, and so is every route
that it brings. While it is up its routes win; when it fails, what the carrier itself brings from the other end is the
last way, after the other carrier's. So a session that fails without reason loses nothing where there is no other way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from tslcd import addressing
from tslcd.model import MultihopBfd, Province, Router, Uplink, network_of
from tslcd.routing import IPNetwork, PrefixRule

HOPS = 16
"""Routers that a session crosses at most: two PEs, and those of a core that lets customers see them."""


@dataclass(frozen=True, slots=True)
class FarEnd:
    """The router at the other end, and the prefixes that it announces."""

    hostname: str
    asn: int
    end_v4: IPv4Address
    end_v6: IPv6Address
    announced_v4: tuple[IPv4Network, ...]
    announced_v6: tuple[IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class MultihopIntent:
    """A router's sessions over one carrier, in both families: from its own ends to each far one."""

    end_v4: IPv4Address
    end_v6: IPv6Address
    transmit_ms: int
    receive_ms: int
    multiplier: int
    far: tuple[FarEnd, ...]
    accepted_v4: tuple[PrefixRule, ...]
    accepted_v6: tuple[PrefixRule, ...]
    """Far ends, as the carrier may bring them."""
    is_asked: bool
    """Whether it waits for the other ends to begin: the hub does not call sites that are not there."""
    is_usual: bool
    """Whether what the carrier brings is watched but for `exceptions_*` (at the hub), or only those are (at a site)."""
    exceptions_v4: tuple[IPv4Network, ...]
    exceptions_v6: tuple[IPv6Network, ...]


class Sessions:
    """Who watches whom over which carrier, of the whole network."""

    def __init__(self, province: Province, routers: Iterable[Router]) -> None:
        self._province = province
        serving = [router for router in routers if router.in_service]
        self._hubs = [router for router in serving if router.tier == "hub"]
        self._sites = [router for router in serving if router.tier != "hub" and len(router.uplinks) > 1]
        self._far: dict[tuple[str, bool], tuple[FarEnd, ...]] = {}

    def over(self, router: Router, uplink: Uplink) -> MultihopIntent | None:
        """The sessions of a router over the carrier of one of its uplinks; None where there are none."""
        declared = self._province.providers[uplink.provider].bfd_multihop
        is_hub = router.tier == "hub"
        if declared is None or (not is_hub and len(router.uplinks) < 2):
            return None
        network = network_of(self._province.providers, uplink.provider)
        far = self._far_ends(network, declared, hubs=not is_hub)
        if not far:
            return None
        end4 = addressing.end_v4(declared, router.site.number, router.unit)
        end6 = addressing.end_v6(declared, router.site.number, router.unit)
        exceptions = self._unwatched(network, declared) if is_hub else far
        return MultihopIntent(
            end_v4=end4.ip,
            end_v6=end6.ip,
            transmit_ms=declared.transmit_ms,
            receive_ms=declared.receive_ms,
            multiplier=declared.multiplier,
            far=far,
            accepted_v4=_of_base(declared.ends_v4, end4.network) if is_hub else tuple(_exactly(f.end_v4) for f in far),
            accepted_v6=_of_base(declared.ends_v6, end6.network) if is_hub else tuple(_exactly(f.end_v6) for f in far),
            is_asked=is_hub,
            is_usual=is_hub,
            exceptions_v4=tuple(dict.fromkeys(prefix for f in exceptions for prefix in f.announced_v4)),
            exceptions_v6=tuple(dict.fromkeys(prefix for f in exceptions for prefix in f.announced_v6)),
        )

    def _far_ends(self, network: str, declared: MultihopBfd, *, hubs: bool) -> tuple[FarEnd, ...]:
        key = (network, hubs)
        if key not in self._far:
            self._far[key] = tuple(
                self._far_end(router, declared)
                for router in (self._hubs if hubs else self._sites)
                if any(self._is_watched(uplink, network) for uplink in router.uplinks)
            )
        return self._far[key]

    def _unwatched(self, network: str, declared: MultihopBfd) -> tuple[FarEnd, ...]:
        """Sites that have another way, a line in this network, and no session over it."""
        providers = self._province.providers
        return tuple(
            self._far_end(router, declared)
            for router in self._sites
            if any(network_of(providers, uplink.provider) == network for uplink in router.uplinks)
            and not any(self._is_watched(uplink, network) for uplink in router.uplinks)
        )

    def _is_watched(self, uplink: Uplink, network: str) -> bool:
        providers = self._province.providers
        return network_of(providers, uplink.provider) == network and providers[uplink.provider].bfd_multihop is not None

    def _far_end(self, router: Router, declared: MultihopBfd) -> FarEnd:
        plan, number, unit = self._province.addressing, router.site.number, router.unit
        return FarEnd(
            hostname=router.hostname,
            asn=addressing.asn(plan, number),
            end_v4=addressing.end_v4(declared, number, unit).ip,
            end_v6=addressing.end_v6(declared, number, unit).ip,
            announced_v4=(addressing.site_v4(plan, number), addressing.loopback_v4(plan, number, unit).network),
            announced_v6=(addressing.site_v6(plan, number), addressing.loopback_v6(plan, number, unit).network),
        )


def _exactly(end: IPv4Address | IPv6Address) -> PrefixRule:
    return PrefixRule(True, ip_network(end), end.max_prefixlen, end.max_prefixlen)


def _of_base(base: IPNetwork, own: IPNetwork) -> tuple[PrefixRule, ...]:
    """Every end of a base but one's own: a line for each would be as long as the network."""
    longest = base.max_prefixlen
    return (PrefixRule(False, own, longest, longest), PrefixRule(True, base, longest, longest))
