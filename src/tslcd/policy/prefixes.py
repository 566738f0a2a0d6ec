"""Prefixes: everything that is derived from a base fits into it, and no two things have the same addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Network

from tslcd import addressing as formulas
from tslcd import model
from tslcd.origin import KeyPath, dotted
from tslcd.policy.facts import Own
from tslcd.policy.rule import Breach, rule

Network = IPv4Network | IPv6Network
Block = tuple[KeyPath, Network]


@rule("TS-PFX-01", "error", "address allocation")
def number_outside_its_bases(
    addressing: model.Addressing, routers: Sequence[model.Router], providers: Mapping[str, model.Provider] = {}
) -> Iterator[Breach]:
    """A site's number does not fit into a base prefix: its addresses would be somebody else's."""
    for router in routers if not _uncut(addressing) else ():
        number = router.site.number
        lines = [providers[uplink.provider] for uplink in router.site.uplinks if uplink.provider in providers]
        if number >= _greatest(addressing, lines) and (failure := _first_failure(addressing, lines, number)):
            yield Breach(("site", "number"), f"no address for it; {failure}", router.hostname)


def _greatest(plan: model.Addressing, lines: Iterable[model.Provider]) -> int:
    """First number that does not fit into some base: cheaper than deriving the addresses of every site."""
    bases: list[tuple[Network, int]] = [
        (plan.site_v4, plan.site_v4_length),
        (plan.site_v6, plan.site_v6_length),
        (plan.loopback_a, 32),
        (plan.loopback_b, 32),
    ]
    for line in lines:
        bases += [(line.link_v4, 31), (line.link_v6, 127)]
        if watch := line.bfd_multihop:
            bases += [(watch.ends_v4, 32), (watch.ends_v6, 128)]
    return min(2 ** (length - base.prefixlen) if length >= base.prefixlen else 0 for base, length in bases)


def _first_failure(plan: model.Addressing, lines: Iterable[model.Provider], number: int) -> ValueError | None:
    derived: list[Callable[[], object]] = [
        partial(formulas.site_v4, plan, number),
        partial(formulas.site_v6, plan, number),
        *(partial(formulas.loopback_v4, plan, number, unit) for unit in (1, 2)),
    ]
    for line in lines:
        derived += [partial(formulas.link_v4, line, number), partial(formulas.link_v6, line, number)]
        if watch := line.bfd_multihop:
            derived += [partial(formulas.end_v4, watch, number), partial(formulas.end_v6, watch, number)]
    return _failure_of(derived)


def _failure_of(derived: Iterable[Callable[[], object]]) -> ValueError | None:
    for formula in derived:
        try:
            formula()
        except ValueError as failure:
            return failure
    return None


@rule("TS-PFX-02", "error", "own")
def vlan_outside_its_site(
    addressing: model.Addressing, routers: Sequence[model.Router], every_vlans: Sequence[Own]
) -> Iterator[Breach]:
    """A VLAN does not fit into a site's prefixes."""
    numbers = {router.hostname: router.site.number for router in routers}
    for host, vlans in every_vlans if not _uncut(addressing) else ():
        number = numbers[host] if host else next(iter(numbers.values()), 1)
        for index, vlan in enumerate(vlans):
            subnets = [partial(subnet, addressing, number, vlan) for subnet in (formulas.vlan_v4, formulas.vlan_v6)]
            if (failure := _failure_of(subnets)) is not None:
                yield Breach(("vlans", index), f"no subnet for it; {failure}", host)


@rule("TS-PFX-03", "error", "own")
def vlans_that_overlap(every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """Two VLANs of a site share addresses."""
    for host, vlans in every_vlans:
        placed = sorted(
            (vlan.offset, vlan.offset + 2 ** (32 - (vlan.length or 32)), index)
            for index, vlan in enumerate(vlans)
            if vlan.offset is not None
        )
        for (_, end, lower), (start, _, upper) in _neighbours(placed):
            if start < end:
                text = f"overlaps VLAN {vlans[lower].id} ({vlans[lower].name}), which ends before offset {end}"
                yield Breach(("vlans", upper, "offset"), f"{text}; should begin there or later", host)
        local = [(("vlans", index, "local_v4"), vlan.local_v4) for index, vlan in enumerate(vlans) if vlan.local_v4]
        for path, own, other in _overlaps(local):
            yield Breach(path, f"{own} overlaps {other[1]} of {dotted(other[0])}; should be apart", host)


@rule("TS-PFX-04", "error", "own")
def loopbacks_and_links_that_overlap(
    addressing: model.Addressing, providers: Mapping[str, model.Provider] = {}
) -> Iterator[Breach]:
    """Loopbacks, PE-CE links and ends of multihop sessions, also those of two providers, share addresses."""
    blocks: list[Block] = [
        (("addressing", "loopback_a"), addressing.loopback_a),
        (("addressing", "loopback_b"), addressing.loopback_b),
    ]
    for name, provider in providers.items():
        blocks += [(("providers", name, *keys), prefix) for keys, prefix in provider.prefixes]
    for path, own, other in _overlaps(blocks):
        yield Breach(path, f"{own} overlaps {other[1]} of {dotted(other[0])}; should be apart")


@rule("TS-PFX-05", "error", "own")
def infrastructure_outside_its_prefix(
    firewall: model.Firewall,
    addressing: model.Addressing | None = None,
    providers: Mapping[str, model.Provider] = {},
) -> Iterator[Breach]:
    """Loopbacks, links or ends of sessions lie outside the infrastructure prefix: users could talk to them."""
    blocks: list[Block] = []
    if addressing:
        blocks += [(("addressing", name), getattr(addressing, name)) for name in ("loopback_a", "loopback_b")]
    for name, provider in providers.items():
        blocks += [(("providers", name, *keys), prefix) for keys, prefix in provider.prefixes]
    for path, block in blocks:
        key = f"infrastructure_v{block.version}"
        if not _inside(block, getattr(firewall, key)):
            yield Breach(path, f"{block} is outside {key} of the firewall; should lie in {getattr(firewall, key)}")


@rule("TS-PFX-06", "error", "own")
def site_in_infrastructure(
    addressing: model.Addressing, routers: Sequence[model.Router], firewall: model.Firewall
) -> Iterator[Breach]:
    """A site's prefix holds loopbacks or links: users would have addresses of the infrastructure."""
    kept: list[tuple[str, Network, Network, int]] = [
        ("infrastructure_v4", firewall.infrastructure_v4, addressing.site_v4, addressing.site_v4_length),
        ("infrastructure_v6", firewall.infrastructure_v6, addressing.site_v6, addressing.site_v6_length),
    ]
    ranges = [(key, block, _numbers(block, base, length)) for key, block, base, length in kept]
    for router in routers:
        for key, block, numbers in ranges:
            if router.site.number in numbers:
                site = (formulas.site_v4 if block.version == 4 else formulas.site_v6)(addressing, router.site.number)
                text = f"no address for it; {site} is {key} of the firewall ({block})"
                yield Breach(("site", "number"), text, router.hostname)
                break


@rule("TS-PFX-07", "error", "own")
def local_subnet_in_use_elsewhere(
    every_vlans: Sequence[Own],
    addressing: model.Addressing | None = None,
    firewall: model.Firewall | None = None,
    level_i: model.LevelI | None = None,
) -> Iterator[Breach]:
    """A guest subnet overlaps the province's or level I's prefixes: hosts could not reach them."""
    others: list[Block] = []
    if addressing:
        others.append((("addressing", "site_v4"), addressing.site_v4))
    if firewall:
        others.append((("firewall", "infrastructure_v4"), firewall.infrastructure_v4))
    for index, accepted in enumerate(level_i.accepted_v4 if level_i else ()):
        others.append((("level_i", "accepted_v4", index), accepted))
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            for path, other in others:
                if vlan.local_v4 and vlan.local_v4.overlaps(other):
                    text = f"{vlan.local_v4} overlaps {other} of {dotted(path)}; should be apart"
                    yield Breach(("vlans", index, "local_v4"), text, host)
                    break


@rule("TS-PFX-08", "error", "address allocation")
def level_i_prefixes_that_overlap(
    level_i: model.LevelI, addressing: model.Addressing | None = None, firewall: model.Firewall | None = None
) -> Iterator[Breach]:
    """A prefix that is accepted from level I is the province's own, or is listed twice."""
    own: list[Block] = []
    if addressing:
        own += [(("addressing", key), getattr(addressing, key)) for key in ("site_v4", "site_v6")]
    if firewall:
        own += [(("firewall", key), getattr(firewall, key)) for key in ("infrastructure_v4", "infrastructure_v6")]
    listed: list[Block] = [
        (("level_i", key, index), prefix)
        for key in ("accepted_v4", "accepted_v6")
        for index, prefix in enumerate(getattr(level_i, key))
        if prefix.prefixlen
    ]
    inner = [(path, block) for path, block in listed if (hit := _hit(block, own)) is None]
    for path, block in listed:
        if hit := _hit(block, own):
            yield Breach(path, f"{block} overlaps {hit[1]} of {dotted(hit[0])}; level I never gives us our own")
    for path, prefix, other in _overlaps(inner):
        yield Breach(path, f"{prefix} overlaps {other[1]} of {dotted(other[0])}; should be listed once")


@rule("TS-PFX-09", "error", "own")
def site_length_of_no_use(addressing: model.Addressing) -> Iterator[Breach]:
    """A site's prefix is not longer than the base that it is cut from."""
    for family in _uncut(addressing):
        base, length = getattr(addressing, f"site_{family}"), getattr(addressing, f"site_{family}_length")
        text = f"/{length} cannot be cut from {base}; should be longer than {base.prefixlen}"
        yield Breach(("addressing", f"site_{family}_length"), text)


def _uncut(plan: model.Addressing) -> list[str]:
    """Families in which the sites' base holds no sites: then nothing is to be said of each of them."""
    cuts: dict[str, tuple[Network, int]] = {
        "v4": (plan.site_v4, plan.site_v4_length),
        "v6": (plan.site_v6, plan.site_v6_length),
    }
    return [family for family, (base, length) in cuts.items() if length <= base.prefixlen]


def _hit(block: Network, others: Iterable[Block]) -> Block | None:
    return next((other for other in others if _meet(block, other[1])), None)


def _meet(one: Network, other: Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _inside(block: Network, around: Network) -> bool:
    if isinstance(block, IPv4Network) and isinstance(around, IPv4Network):
        return block.subnet_of(around)
    return isinstance(block, IPv6Network) and isinstance(around, IPv6Network) and block.subnet_of(around)


def _numbers(block: Network, base: Network, length: int) -> range:
    """Numbers of the sites whose prefixes share addresses with `block`."""
    size = 2 ** max(0, base.max_prefixlen - length)
    first = int(block.network_address) - int(base.network_address)
    last = int(block.broadcast_address) - int(base.network_address)
    return range(max(0, first // size), last // size + 1)


def _overlaps(blocks: Sequence[Block]) -> Iterator[tuple[KeyPath, Network, Block]]:
    """(path, prefix, one declared before that it overlaps): sorted, a prefix can only overlap the widest one before."""
    order = {path: position for position, (path, _) in enumerate(blocks)}
    widest: Block | None = None
    for block in sorted(blocks, key=lambda b: (b[1].version, int(b[1].network_address), b[1].prefixlen)):
        if widest is not None and _meet(widest[1], block[1]):
            earlier, later = sorted((widest, block), key=lambda b: order[b[0]])
            yield later[0], later[1], earlier
        if widest is None or not _meet(widest[1], block[1]):
            widest = block


def _neighbours(placed: Sequence[tuple[int, int, int]]) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    """Each interval with the one before it that reaches furthest."""
    furthest: tuple[int, int, int] | None = None
    for own in placed:
        if furthest is not None:
            yield furthest, own
        if furthest is None or own[1] > furthest[1]:
            furthest = own
