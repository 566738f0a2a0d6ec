"""Import and export filters of a site: it announces exactly its own prefixes and accepts only other sites' ones.

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
    """One line of a prefix list; `bounds` is empty or starts with a space, as the daemon prints it."""

    name: str
    sequence: int
    action: str
    prefix: str
    bounds: str


def filters_v4(
    plan: Addressing, own: Iterable[IPv4Network], announced: Iterable[IPv4Network]
) -> tuple[PrefixRule, ...]:
    """The IPv4 prefix lists `announce-v4` and `network-v4`."""
    accepted = [(plan.site_v4, plan.site_v4_length), (plan.loopback_a, 32), (plan.loopback_b, 32)]
    return _rules("announce-v4", [_exact(n) for n in announced]) + _rules(
        "network-v4", [_within(n) for n in own] + [_length(n, length) for n, length in accepted]
    )


def filters_v6(
    plan: Addressing, own: Iterable[IPv6Network], announced: Iterable[IPv6Network]
) -> tuple[PrefixRule, ...]:
    """The IPv6 prefix lists `announce-v6` and `network-v6`."""
    accepted = [(plan.site_v6, plan.site_v6_length), (plan.site_v6, 128)]
    return _rules("announce-v6", [_exact(n) for n in announced]) + _rules(
        "network-v6", [_within(n) for n in own] + [_length(n, length) for n, length in accepted]
    )


def _rules(name: str, lines: list[tuple[str, str, str]]) -> tuple[PrefixRule, ...]:
    return tuple(PrefixRule(name, 5 * position, *line) for position, line in enumerate(lines, start=1))


def _exact(network: IPNetwork) -> tuple[str, str, str]:
    return "permit", str(network), ""


def _within(network: IPNetwork) -> tuple[str, str, str]:
    """Refuse a prefix of our own and all that lies inside it."""
    longest = network.max_prefixlen
    return "deny", str(network), "" if network.prefixlen == longest else f" le {longest}"


def _length(base: IPNetwork, length: int) -> tuple[str, str, str]:
    return "permit", str(base), f" ge {length}" if length == base.max_prefixlen else f" ge {length} le {length}"
