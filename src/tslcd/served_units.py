"""The sites by the official unit that they serve on a day: views change with the day, sites do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tslcd import model, units

NO_LIST = "no official list has these sites"
NOTHING_LEFT = "nothing took the place of their unit"


@dataclass(frozen=True)
class Served:
    """A unit (or why there is none) with the unit above it and the sites that serve it on a day."""

    unit: model.Unit | None
    above: model.Unit | None
    reason: str
    routers: tuple[model.Router, ...]


def on(network: model.Network, as_of: date) -> list[Served]:
    """All sites by unit: first by the unit above, then by code; sites without a unit come last, with the reason."""
    known = units.by_id(network)
    sites: dict[tuple[str, str], list[model.Router]] = {}
    for router in {r.site_id: r for r in reversed(network.routers)}.values():
        unit = units.unit_at(network, router.site.unit, as_of) if router.site.unit else None
        reason = "" if unit is not None else NOTHING_LEFT if router.site.unit else NO_LIST
        sites.setdefault((unit.id if unit is not None else "", reason), []).append(router)
    served = []
    for (unit_id, reason), routers in sites.items():
        unit = known.get(unit_id)
        above = known.get(unit.parent or "") if unit is not None else None
        ordered = tuple(sorted(routers, key=lambda router: router.site.number))
        served.append(Served(unit, above, reason, ordered))
    return sorted(served, key=_order)


def _order(served: Served) -> tuple[bool, str, str, str]:
    unit, above = served.unit, served.above
    if unit is None:
        return (True, served.reason, "", "")
    # a unit of districts stands before the communes below it
    return (False, above.code if above is not None else unit.code, unit.code if above is not None else "", "")


def as_text(network: model.Network, as_of: date) -> Iterator[str]:
    """The view for people."""
    found = on(network, as_of)
    count = sum(len(served.routers) for served in found)
    yield f"{count} sites on {as_of}, {sum(served.unit is not None for served in found)} units"
    for served in found:
        if served.unit is None:
            yield f"none: {served.reason}"
        else:
            above = f", {served.above.kind} {served.above.name}" if served.above is not None else ""
            note = f"  ({served.unit.note})" if served.unit.note else ""
            yield f"{served.unit.code} {served.unit.kind} {served.unit.name}{above}{note}"
        for router in served.routers:
            state = "" if router.site.life_cycle == "active" else f", {router.site.life_cycle}"
            yield f"  {router.site_id}: {router.site.name}{state}"
