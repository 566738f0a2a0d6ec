"""BGP in the words of FRR: sessions with PEs, with routers beyond them and beside us, and what filters their routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.multihop import HOPS, FarEnd, MultihopIntent
from tslcd.pair import PairIntent
from tslcd.platforms.prefix_list import bounds
from tslcd.routing import IPNetwork, PrefixRule

Family = Literal["v4", "v6"]
PAIR = "pair"
"""What stands for the other router of a site: its description, BFD profile, and what its policy's name begins with."""
CONNECT_S = 5
"""How soon a session beyond a PE is tried again; the daemon's own 120 s would leave a mended core unused as long."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A BGP session: with a PE, with a router beyond it (`hops` is then how far it may be), or with the one beside us.

    Sessions name their source: otherwise FRR 8.4 learns it late, makes the BFD session anew and drops BGP once.
    What is empty or 0 is not printed; `password` is a placeholder.
    """

    address: str
    remote_as: int
    description: str
    bfd_profile: str
    password: str
    hops: int
    source: str
    keepalive_s: int
    hold_s: int
    connect_s: int
    max_prefix: int
    restart_minutes: int
    prefix_list: str
    incoming: str
    outgoing: str
    is_passive: bool = False
    is_ours: bool = False
    """Whether it is the site's other router, to which everything goes as by this router."""


@dataclass(frozen=True, slots=True)
class PrefixLine:
    """One line of a prefix list; `bounds` is empty or starts with a space, as the daemon prints it."""

    name: str
    sequence: int
    action: str
    prefix: str
    bounds: str


def core(provider: str) -> str:
    """What stands for a carrier's core: its BFD profile, and what its policy's name begins with."""
    return f"{provider}-core"


def neighbors(intent: RouterIntent, family: Family) -> tuple[Neighbor, ...]:
    """All sessions of a family, in the order of their addresses."""
    found = [_pe(uplink, family) for uplink in intent.uplinks]
    watches = [(uplink, uplink.multihop) for uplink in intent.uplinks if uplink.multihop]
    found += [_far(uplink, watch, far, family) for uplink, watch in watches for far in watch.far]
    found += [_other(intent.asn, intent.pair, family)] if intent.pair else []
    return tuple(sorted(found, key=lambda neighbor: int(ip_address(neighbor.address))))


def _pe(uplink: UplinkIntent, family: Family) -> Neighbor:
    return Neighbor(
        address=str(_of(uplink, "peer", family)),
        remote_as=uplink.pe_asn,
        description=uplink.provider,
        bfd_profile=uplink.provider if uplink.bfd else "",
        password=f"${{{uplink.secret}}}" if uplink.secret else "",
        hops=0,
        source=str(_of(uplink, "local", family).ip),
        keepalive_s=uplink.keepalive_s,
        hold_s=uplink.hold_s,
        connect_s=0,
        max_prefix=_of(uplink, "max_prefix", family),
        restart_minutes=uplink.max_prefix_restart_minutes,
        prefix_list="",
        incoming=f"{uplink.provider}-in-{family}",
        outgoing=f"{uplink.provider}-out-{family}",
    )


def _far(uplink: UplinkIntent, watch: MultihopIntent, far: FarEnd, family: Family) -> Neighbor:
    """Its prefix list names all that may come, so no maximum is needed."""
    return Neighbor(
        address=str(_of(far, "end", family)),
        remote_as=far.asn,
        description=f"{far.hostname} over {uplink.provider}",
        bfd_profile=core(uplink.provider),
        password="",
        hops=HOPS,
        source=str(_of(watch, "end", family)),
        keepalive_s=uplink.keepalive_s,
        hold_s=uplink.hold_s,
        connect_s=0 if watch.is_asked else CONNECT_S,
        max_prefix=0,
        restart_minutes=0,
        prefix_list=f"{far.hostname}-{family}",
        incoming=f"{core(uplink.provider)}-in-{family}",
        outgoing=f"{uplink.provider}-out-{family}",
        is_passive=watch.is_asked,
    )


def _other(asn: int, pair: PairIntent, family: Family) -> Neighbor:
    """Its routes from carriers have passed its own filters."""
    return Neighbor(
        address=str(_of(pair, "peer", family)),
        remote_as=asn,
        description=PAIR,
        password="",
        bfd_profile=PAIR,
        hops=0,
        source=str(_of(pair, "local", family).ip),
        keepalive_s=pair.keepalive_s,
        hold_s=pair.hold_s,
        connect_s=CONNECT_S,
        max_prefix=0,
        restart_minutes=0,
        prefix_list="",
        incoming=f"{PAIR}-in-{family}",
        outgoing="",
        is_ours=True,
    )


def prefix_lists(intent: RouterIntent, family: Family) -> tuple[PrefixLine, ...]:
    """All prefix lists of a family, in the order of their names."""
    accepted = _of(intent, "accepted", family)
    # Carriers hear of the other router's loopback from both, we from that router alone.
    other = [_of(intent.pair, "other_loopback", family).network] if intent.pair else []
    lists: dict[str, Iterable[PrefixRule]] = {
        f"announce-{family}": map(_exactly, sorted([*_of(intent, "announced", family), *other])),
        f"network-{family}": accepted,
        **({f"{PAIR}-{family}": [*map(_exactly, other), *accepted]} if other else {}),
        **{f"{c.site_id}-{family}": _of(c, "prefixes", family) + _of(c, "ends", family) for c in intent.centres},
    }
    for uplink in intent.uplinks:
        if watch := uplink.multihop:
            lists[f"{uplink.provider}-end-{family}"] = [_exactly(ip_network(_of(watch, "end", family)))]
            lists[f"{uplink.provider}-far-{family}"] = _of(watch, "accepted", family)
            lists[f"{uplink.provider}-except-{family}"] = map(_exactly, _of(watch, "exceptions", family))
            for far in watch.far:
                lists[f"{far.hostname}-{family}"] = map(_exactly, sorted(_of(far, "announced", family)))
    return tuple(line for name in sorted(lists) for line in _lines(name, lists[name]))


def _lines(name: str, rules: Iterable[PrefixRule]) -> Iterable[PrefixLine]:
    for position, rule in enumerate(rules, start=1):
        action = "permit" if rule.permit else "deny"
        yield PrefixLine(name, 5 * position, action, str(rule.prefix), bounds(rule))


def _exactly(network: IPNetwork) -> PrefixRule:
    return PrefixRule(True, network, network.prefixlen, network.prefixlen)


def _of(thing: object, name: str, family: Family) -> Any:
    return getattr(thing, f"{name}_{family}")
