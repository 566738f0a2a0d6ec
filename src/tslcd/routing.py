"""Import filter of a site: it accepts only other sites' prefixes, and those of a centre only from the centre.

Accepted are the exact lengths that sites announce inside the province's bases: nothing less specific (an aggregate
would blackhole a site that lost its primary uplink), nothing of the site's own, never a default. What lies in the
prefixes of a centre must besides originate in its AS; for other sites this would take a list as long as the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from tslcd import addressing
from tslcd.model import Addressing, Provider

IPNetwork = IPv4Network | IPv6Network
UNITS = (1, 2)
"""Routers that a site has at most."""


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """Prefixes inside `prefix` that have `shortest` to `longest` bits; the first rule that fits decides."""

    permit: bool
    prefix: IPNetwork
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Centre:
    """A site that all others depend on, and what nobody but its own AS may announce; ends are of multihop sessions."""

    site_id: str
    asn: int
    prefixes_v4: tuple[PrefixRule, ...]
    prefixes_v6: tuple[PrefixRule, ...]
    ends_v4: tuple[PrefixRule, ...]
    ends_v6: tuple[PrefixRule, ...]


def centre(plan: Addressing, providers: Iterable[Provider], site_id: str, number: int) -> Centre:
    """The centre with this site number: its site's prefixes, and of both its routers loopbacks and multihop ends.

    :raises ValueError: when the number does not fit into a base prefix.
    """
    watched = [provider.bfd_multihop for provider in providers if provider.bfd_multihop]
    loopbacks = (addressing.loopback_v4(plan, number, unit).network for unit in UNITS)
    ends = [
        (addressing.end_v4(bfd, number, n).network, addressing.end_v6(bfd, number, n).network)
        for bfd in watched
        for n in UNITS
    ]
    return Centre(
        site_id=site_id,
        asn=addressing.asn(plan, number),
        prefixes_v4=tuple(map(_anything_within, (addressing.site_v4(plan, number), *loopbacks))),
        prefixes_v6=(_anything_within(addressing.site_v6(plan, number)),),
        ends_v4=tuple(_anything_within(v4) for v4, _ in ends),
        ends_v6=tuple(_anything_within(v6) for _, v6 in ends),
    )


def accepted_v4(plan: Addressing, own: Iterable[IPv4Network]) -> tuple[PrefixRule, ...]:
    """What a site with these prefixes accepts of the IPv4 routes that it is offered."""
    foreign = [(plan.site_v4, plan.site_v4_length), (plan.loopback_a, 32), (plan.loopback_b, 32)]
    return (*(_nothing_within(n) for n in own), *(_of_length(n, length) for n, length in foreign))


def accepted_v6(plan: Addressing, own: Iterable[IPv6Network]) -> tuple[PrefixRule, ...]:
    """What a site with these prefixes accepts of the IPv6 routes that it is offered."""
    foreign = [(plan.site_v6, plan.site_v6_length), (plan.site_v6, 128)]
    return (*(_nothing_within(n) for n in own), *(_of_length(n, length) for n, length in foreign))


def _anything_within(network: IPNetwork) -> PrefixRule:
    return PrefixRule(True, network, network.prefixlen, network.max_prefixlen)


def _nothing_within(network: IPNetwork) -> PrefixRule:
    return PrefixRule(False, network, network.prefixlen, network.max_prefixlen)


def _of_length(base: IPNetwork, length: int) -> PrefixRule:
    return PrefixRule(True, base, length, length)
