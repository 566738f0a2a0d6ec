"""Official units that sites serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tslcd import model
from tslcd.nearest import suggestion
from tslcd.policy.rule import Breach, rule


@rule("TS-UNT-01", "error", "own")
def unknown_unit(sites: Sequence[model.Router], official_units: Sequence[model.Unit]) -> Iterator[Breach]:
    """A site serves a unit that no official list has."""
    known = {unit.id for unit in official_units}
    for router in sites:
        if router.site.unit is not None and router.site.unit not in known:
            text = f"unknown unit ({router.site.unit}); {suggestion(router.site.unit, known)}"
            yield Breach(("site", "unit"), text, router.hostname)


@rule("TS-UNT-02", "warning", "own")
def unit_that_is_gone(
    sites: Sequence[model.Router], official_units: Sequence[model.Unit], as_of: date
) -> Iterator[Breach]:
    """A site in service serves a unit that has ended, and nothing took its place."""
    by_id = {unit.id: unit for unit in official_units}
    for router in sites:
        unit = by_id.get(router.site.unit or "")
        if unit and router.in_service and unit.valid_to and unit.valid_to < as_of and not unit.successors:
            text = f"ended on {unit.valid_to} without successor; should be a unit that holds"
            yield Breach(("site", "unit"), text, router.hostname)
