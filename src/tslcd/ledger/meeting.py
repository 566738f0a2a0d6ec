"""Which meeting a ledger is about: when it was held, who was invited, and how far back the records reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tslcd import model
from tslcd.conference import endpoint, meetings
from tslcd.ledger.attendance import Event, Invited, Window
from tslcd.nearest import suggestion


def meeting(network: model.Network, key: str) -> model.Meeting:
    """The declared meeting of this key.

    :raises ValueError: with the nearest key.
    """
    known = {one.key: one for one in network.province.conference.meetings}
    if key not in known:
        raise ValueError(f"ledger_meeting: no meeting is called {key}; {suggestion(key, known)}")
    return known[key]


def window(planned: model.Meeting, begins: str, ends: str) -> Window:
    """When it was held: as planned, or from and to the moments given (ISO 8601 with a time zone; "" as planned).

    :raises ValueError: when a moment is none, has no time zone, or the end is not after the beginning.
    """
    found = Window(_moment(begins, planned.starts_at), _moment(ends, planned.ends_at))
    if found.ends <= found.begins:
        raise ValueError(f"ledger_ends ({found.ends}) should be after ledger_begins ({found.begins})")
    return found


def invited(network: model.Network, planned: model.Meeting) -> Iterator[Invited]:
    """The sites of a meeting with the account of their first endpoint."""
    first: dict[str, str] = {}
    for own in endpoint.derive(network).values():
        first.setdefault(own.site_id, own.account)
    sites = {router.site_id: router for router in reversed(network.routers) if router.in_service}
    ordered = [router for router in network.routers if sites.get(router.site_id) is router]
    for site_id in meetings.invited(planned, ordered):
        yield Invited(site_id, sites[site_id].site.name, first.get(site_id, ""))


def bridges(network: model.Network) -> tuple[str, ...]:
    """Accounts by which meetings of three and more are called."""
    declared = (own.bridge for own in network.province.conference.services.values())
    return tuple(bridge.account for bridge in declared if bridge)


def gap(events: Sequence[Event], held: Window) -> str:
    """What is to be said where the records begin only after the meeting did, or ""."""
    first = min((float(event["at"]) for event in events), default=0.0)
    if first <= held.begins.timestamp():
        return ""
    since = datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds")
    return f"records reach back to {since} alone: who left before is missing"


def _moment(text: str, usual: datetime) -> datetime:
    moment = datetime.fromisoformat(text) if text else usual
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone; should look like 2026-12-08T08:00:00+07:00")
    return moment.astimezone(UTC)
