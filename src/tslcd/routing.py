"""Import filter of a site: it accepts only other sites' prefixes.

Accepted are the exact lengths that sites announce inside the province's bases: nothing less specific (an aggregate
would blackhole a site that lost its primary uplink), nothing of the site's own, never a default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from tslcd.model import Addressing

IPNetwork = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """Prefixes inside `prefix` that have `shortest` to `longest` bits; the first rule that fits decides."""

    permit: bool
    prefix: IPNetwork
    shortest: int
    longest: int


def accepted_v4(plan: Addressing, own: Iterable[IPv4Network]) -> tuple[PrefixRule, ...]:
    """What a site with these prefixes accepts of the IPv4 routes that it is offered."""
    foreign = [(plan.site_v4, plan.site_v4_length), (plan.loopback_a, 32), (plan.loopback_b, 32)]
    return (*(_nothing_within(n) for n in own), *(_of_length(n, length) for n, length in foreign))


def accepted_v6(plan: Addressing, own: Iterable[IPv6Network]) -> tuple[PrefixRule, ...]:
    """What a site with these prefixes accepts of the IPv6 routes that it is offered."""
    foreign = [(plan.site_v6, plan.site_v6_length), (plan.site_v6, 128)]
    return (*(_nothing_within(n) for n in own), *(_of_length(n, length) for n, length in foreign))


def _nothing_within(network: IPNetwork) -> PrefixRule:
    return PrefixRule(False, network, network.prefixlen, network.max_prefixlen)


def _of_length(base: IPNetwork, length: int) -> PrefixRule:
    return PrefixRule(True, base, length, length)
