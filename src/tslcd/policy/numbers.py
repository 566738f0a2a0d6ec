"""Numbers and names: a site's number, the AS numbers and the names that must not be mistaken for each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from tslcd import model
from tslcd.origin import KeyPath
from tslcd.policy.rule import Breach, rule

LAST_16_BIT = 65535
RESERVED = {0, 23456, 65535, 4294967295}


def _repeated(routers: Sequence[model.Router]) -> Iterator[tuple[model.Router, model.Router, int]]:
    """(router, the first one with its number, a free number), of different sites."""
    taken = {router.site.number for router in routers}
    owner: dict[int, model.Router] = {}
    for router in routers:
        first = owner.setdefault(router.site.number, router)
        if first.site_id != router.site_id:
            yield router, first, next(number for number in count(1) if number not in taken)


@rule("TS-NUM-01", "error", "own")
def repeated_number(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """Two sites have one number: they would have the same addresses."""
    for router, first, free in _repeated(routers):
        if first.in_service and router.in_service:
            text = f"number in use ({router.site.number}) by {first.site_id}; should be a free one, for example {free}"
            yield Breach(("site", "number"), text, router.hostname)


@rule("TS-NUM-02", "error", "own")
def number_given_again(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """A site has the number of one that is decommissioned: old routes, logs and reports would speak of both."""
    for router, first, free in _repeated(routers):
        gone, other = (first, router) if not first.in_service else (router, first)
        if not gone.in_service:
            text = (
                f"number ({router.site.number}) of the decommissioned {gone.site_id}, never given again; "
                f"should be a free one, for example {free}"
            )
            yield Breach(("site", "number"), text, other.hostname)


@rule("TS-NUM-03", "error", "own")
def routers_that_disagree(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """Two routers of one site have different numbers: they would not have the same addresses."""
    first: dict[str, model.Router] = {}
    for router in routers:
        other = first.setdefault(router.site_id, router)
        if other.site.number != router.site.number:
            text = f"number {router.site.number}, but {other.hostname} of the same site has {other.site.number}"
            yield Breach(("site", "number"), f"{text}; should be one number", router.hostname)


@rule("TS-NUM-04", "error", "own")
def site_ids_that_read_the_same(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """Two site ids differ in hyphens alone: one router would be taken for the other."""
    first: dict[str, str] = {}
    for router in sites:
        other = first.setdefault(router.site_id.replace("-", ""), router.site_id)
        if other != router.site_id:
            text = f"site id {router.site_id} reads like {other}; should differ in more than hyphens"
            yield Breach(("site",), text, router.hostname)


@rule("TS-NUM-05", "warning", "own")
def names_that_read_the_same(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """Two sites of one unit and one parent have names that are the same without their marks."""
    first: dict[tuple[str, str | None, str | None], model.Router] = {}
    for router in sites:
        key = (_ascii(router.site.name), router.site.unit, router.parent)
        if (other := first.setdefault(key, router)) is not router:
            text = f'name "{router.site.name}" reads like "{other.site.name}" of {other.site_id}'
            yield Breach(("site", "name"), f"{text}; should say which is which", router.hostname)


@rule("TS-NUM-06", "error", "RFC 4271")
def as_number_in_use(
    addressing: model.Addressing,
    sites: Sequence[model.Router],
    providers: Mapping[str, model.Provider] = {},
    level_i: model.LevelI | None = None,
) -> Iterator[Breach]:
    """A provider or level I has the AS number of a site or of another one: loop detection would drop routes."""
    owner = {addressing.asn_base + router.site.number: router.site_id for router in sites}
    others: list[tuple[KeyPath, str, int]] = [
        (("providers", name, "pe_asn"), model.network_of(providers, name), provider.pe_asn)
        for name, provider in providers.items()
    ]
    if level_i:
        others.append((("level_i", "peer_asn"), "level I", level_i.peer_asn))
    for path, name, asn in others:
        if (first := owner.setdefault(asn, name)) != name:
            yield Breach(path, f"AS number in use ({asn}) by {first}; should be its own")


@rule("TS-NUM-07", "error", "RFC 4271")
def as_number_that_nobody_may_use(
    addressing: model.Addressing,
    sites: Sequence[model.Router],
    providers: Mapping[str, model.Provider] = {},
    level_i: model.LevelI | None = None,
) -> Iterator[Breach]:
    """An AS number is reserved, or the sites' are not private ones."""
    for name, provider in providers.items():
        if provider.pe_asn in RESERVED:
            yield Breach(
                ("providers", name, "pe_asn"), f"reserved AS number ({provider.pe_asn}); should be an assigned one"
            )
    if level_i and level_i.peer_asn in RESERVED:
        yield Breach(("level_i", "peer_asn"), f"reserved AS number ({level_i.peer_asn}); should be an assigned one")
    numbers = [router.site.number for router in sites] or [1]
    least, most = addressing.asn_base + min(numbers), addressing.asn_base + max(numbers)
    if not any(first <= least and most <= last for first, last in ((64512, 65534), (4200000000, 4294967294))):
        text = f"sites would have AS numbers {least} to {most}; should be private: 4200000000 to 4294967294"
        yield Breach(("addressing", "asn_base"), text)


@rule("TS-NUM-08", "error", "carriers")
def as_number_too_wide_for_a_provider(
    addressing: model.Addressing, providers: Mapping[str, model.Provider], in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """A provider takes 16-bit AS numbers, and a site on it has a wider one."""
    for name, provider in providers.items():
        if provider.ce_asn.width_bits == 16:
            wide = [
                router
                for router in in_service
                if addressing.asn_base + router.site.number > LAST_16_BIT
                and any(uplink.provider == name for uplink in router.site.uplinks)
            ]
            if wide:
                asn = addressing.asn_base + wide[0].site.number
                text = f"takes 16-bit AS numbers; {wide[0].site_id} has {asn} (sites on it: {len(wide)})"
                yield Breach(("providers", name, "ce_asn", "width_bits"), text)


def _ascii(name: str) -> str:
    """A name as it is left when marks are lost: đ is a letter of its own and has no mark to lose."""
    marked = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    return "".join(letter for letter in marked if letter.isascii())
