"""Provider profiles: timers and bounds that hold together, and with the size of the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.rule import Breach, rule


@rule("TS-PRV-01", "error", "RFC 4271")
def hold_time_too_short(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A session is given up before three keepalives could be lost."""
    for name, provider in providers.items():
        if provider.hold_s < 3 * provider.keepalive_s:
            text = f"{provider.hold_s} s with a keepalive every {provider.keepalive_s} s"
            yield Breach(("providers", name, "hold_s"), f"{text}; should be {3 * provider.keepalive_s} or more")


@rule("TS-PRV-02", "error", "carriers")
def bfd_faster_than_the_provider(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """BFD is faster than the provider allows."""
    for name, provider in providers.items():
        for key in ("bfd", "bfd_multihop"):
            bfd: model.Bfd | None = getattr(provider, key)
            least = provider.bfd_least_interval_ms
            for timer in ("transmit_ms", "receive_ms") if bfd and least else ():
                if (interval := getattr(bfd, timer)) < (least or 0):
                    text = f"{interval} ms; should be {least} or more, the provider's least"
                    yield Breach(("providers", name, key, timer), text)


@rule("TS-PRV-03", "error", "carriers")
def fewer_prefixes_than_the_network_has(
    providers: Mapping[str, model.Provider], in_service: Sequence[model.Router], routers: Sequence[model.Router]
) -> Iterator[Breach]:
    """A provider's bound on prefixes is below what the sites announce: every session would close."""
    at_site: dict[str, int] = {}
    for router in routers:
        at_site[router.site_id] = at_site.get(router.site_id, 0) + 1
    for name, provider in providers.items():
        network = model.network_of(providers, name)
        on_it = [
            router
            for router in in_service
            if any(model.network_of(providers, uplink.provider) == network for uplink in router.site.uplinks)
        ]
        announced = sum(1 + at_site[router.site_id] for router in on_it)  # a site's prefix, its routers' loopbacks
        announced += sum(at_site[router.site_id] for router in on_it if _is_watched(provider, router))  # their ends
        for key in ("max_prefix_v4", "max_prefix_v6"):
            if (most := getattr(provider, key)) < announced:
                text = f"{most}, but {len(on_it)} sites announce {announced}; should be {announced} or more"
                yield Breach(("providers", name, key), text)


@rule("TS-PRV-04", "warning", "own")
def core_that_nobody_watches(
    providers: Mapping[str, model.Provider], in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """Sites with two uplinks have a primary provider without multihop BFD: a failure in its core moves nothing."""
    for name, provider in providers.items():
        blind = [
            router.site_id
            for router in in_service
            if len(router.site.uplinks) > 1 and router.site.uplinks[0].provider == name
        ]
        if blind and provider.bfd_multihop is None:
            text = f"missing, but it is the primary of {len(blind)} sites with two uplinks; should be declared"
            yield Breach(("providers", name, "bfd_multihop"), text)


@rule("TS-PRV-05", "error", "carriers")
def products_of_one_network_that_differ(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """Profiles of one network say different things of what the network has once."""
    for name, provider in providers.items():
        whole = providers.get(provider.network or name)
        if whole is None or provider.network is None:
            continue
        if whole.network is not None or provider.network == name:
            text = f"{provider.network} has no network of its own; should be a profile that has one"
            yield Breach(("providers", name, "network"), text)
            continue
        for key in ("pe_asn", "as_override", "port", "link_v4", "link_v6"):
            if (own := getattr(provider, key)) != (theirs := getattr(whole, key)):
                yield Breach(("providers", name, key), f"{own}, but {theirs} in {provider.network}; should be the same")


def _is_watched(provider: model.Provider, router: model.Router) -> bool:
    return provider.bfd_multihop is not None and (router.tier == "hub" or len(router.site.uplinks) > 1)
