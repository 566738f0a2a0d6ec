"""The border with level I: what is announced and accepted there is agreed, and listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tslcd import model
from tslcd.addressing import is_inside
from tslcd.policy.rule import Breach, rule

LISTS = ("announced_v4", "announced_v6", "accepted_v4", "accepted_v6")


@rule("TS-LVI-01", "error", "address allocation")
def border_without_agreement(level_i: model.LevelI) -> Iterator[Breach]:
    """The border counts as confirmed, and no agreement is named."""
    if not level_i.assumed and level_i.approval_ref is None:
        yield Breach(("level_i", "approval_ref"), "null, and not assumed; should name the agreement")


@rule("TS-LVI-02", "error", "address allocation")
def announced_beyond_the_aggregate(level_i: model.LevelI, addressing: model.Addressing) -> Iterator[Breach]:
    """Something is announced to level I that is not the province's."""
    for family in ("v4", "v6"):
        aggregate = getattr(addressing, f"site_{family}")
        for index, prefix in enumerate(getattr(level_i, f"announced_{family}")):
            if prefix.prefixlen and not is_inside(prefix, aggregate):
                text = f"{prefix} is outside of the province's {aggregate}; should be {aggregate}"
                yield Breach(("level_i", f"announced_{family}", index), text)


@rule("TS-LVI-03", "error", "address allocation")
def default_route_at_the_border(level_i: model.LevelI) -> Iterator[Breach]:
    """A default route is announced to level I, or accepted from it."""
    for key in LISTS:
        for index, prefix in enumerate(getattr(level_i, key)):
            if prefix.prefixlen == 0:
                text = f"{prefix} is a default route; should be a list of prefixes"
                yield Breach(("level_i", key, index), text)


@rule("TS-LVI-04", "error", "own")
def border_outside_the_hub(level_i: model.LevelI, sites: Sequence[model.Router]) -> Iterator[Breach]:
    """The border is at a site that is neither the hub nor the disaster-recovery site."""
    for router in sites:
        if router.site_id == level_i.site and router.tier not in model.CENTRES:
            text = f"{level_i.site} is of tier {router.tier}; should be the hub, or the disaster-recovery site"
            yield Breach(("level_i", "site"), text)
