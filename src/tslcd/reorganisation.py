"""What official units that changed mean for the sites, as a proposal for people to decide.

The rule, in this order. A site without a unit, or whose unit still holds, stays as it is. A site whose unit ended
without a successor is proposed for decommissioning. Of the sites that serve one new unit, the one whose code the new
unit keeps is its seat; where none has that code, the one whose name it keeps; the others become branch offices. Where
code and name point to different sites, both are shown. No number, address, host name or AS number changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tslcd import model, units

Outcome = Literal["unchanged", "seat", "branch_office", "decommissioned"]
LIFE_CYCLE: dict[Outcome, model.LifeCycle] = {
    "unchanged": "active",
    "seat": "active",
    "branch_office": "branch_office",
    "decommissioned": "decommissioned",
}


@dataclass(frozen=True)
class Proposal:
    """What a site was set up for, what it serves on the day, and what is proposed.

    `other_seat` is the site whose name the new unit keeps, where its code says another one.
    """

    router: model.Router
    before: model.Unit
    after: model.Unit | None
    outcome: Outcome
    parent: str | None
    other_seat: model.Router | None = None

    @property
    def life_cycle(self) -> model.LifeCycle:
        """What `site.life_cycle` would be; what is declared where nothing changes."""
        return self.router.site.life_cycle if self.outcome == "unchanged" else LIFE_CYCLE[self.outcome]


def propose(network: model.Network, as_of: date) -> list[Proposal]:
    """A proposal per site that has an official unit, by number."""
    known = units.by_id(network)
    first = {r.site_id: r for r in sorted(network.routers, key=lambda r: r.hostname, reverse=True)}
    sites = sorted((r for r in first.values() if r.site.unit), key=lambda r: r.site.number)
    after = {r.site_id: units.unit_at(network, r.site.unit or "", as_of) for r in sites}
    seats, named = _seats(known, sites, after)
    drafts = []
    for router in sites:
        before, unit = known[router.site.unit or ""], after[router.site_id]
        gone = unit is None or router.site.life_cycle == "decommissioned"
        outcome: Outcome = "decommissioned" if gone or unit is None else _outcome(before, unit, router, seats)
        other = named.get(unit.id) if unit is not None and outcome == "seat" else None
        drafts.append(Proposal(router, before, unit, outcome, None, other if other is not router else None))
    ended = {draft.router.site_id for draft in drafts if draft.life_cycle == "decommissioned"}
    return [_with_parent(draft, first, ended, seats) for draft in drafts]


def _seats(
    known: Mapping[str, model.Unit], sites: Sequence[model.Router], after: Mapping[str, model.Unit | None]
) -> tuple[dict[str, model.Router], dict[str, model.Router]]:
    """By id of the unit: its seat, and the site whose name it keeps."""
    seats: dict[str, model.Router] = {}
    named: dict[str, model.Router] = {}
    for router in sites:
        unit = after[router.site_id]
        if unit is None or router.site.life_cycle == "decommissioned":
            continue
        own = known[router.site.unit or ""]
        if own.code == unit.code:
            seats[unit.id] = router
        if own.name == unit.name:
            named.setdefault(unit.id, router)
    return {**named, **seats}, named


def _outcome(before: model.Unit, unit: model.Unit, router: model.Router, seats: Mapping[str, model.Router]) -> Outcome:
    seat = seats.get(unit.id)
    if before == unit and (seat is None or seat is router):
        return "unchanged"
    return "seat" if seat is None or seat is router else "branch_office"


def _with_parent(
    draft: Proposal, first: Mapping[str, model.Router], ended: set[str], seats: Mapping[str, model.Router]
) -> Proposal:
    """A branch office reports to its seat; any other site to the nearest one above that is left."""
    parent = draft.router.parent
    if draft.outcome == "branch_office" and draft.after is not None:
        parent = seats[draft.after.id].site_id
    while parent in ended:
        parent = first[parent].parent
    return Proposal(draft.router, draft.before, draft.after, draft.outcome, parent, draft.other_seat)


def leaving(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Sites that are proposed for decommissioning, or declared as decommissioned."""
    yield from (proposal for proposal in proposals if proposal.life_cycle == "decommissioned")
