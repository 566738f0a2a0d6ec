"""Who a planned meeting invites, and which meetings are held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tslcd.model import Meeting, Router


def invited(meeting: Meeting, sites: Iterable[Router]) -> tuple[str, ...]:
    """Ids of the sites that take part: the chair first, then in the order of `sites` (a router of each)."""

    def meant(site: Router) -> bool:
        below = meeting.district is not None and site.parent == meeting.district and site.tier == "commune"
        return site.site_id in meeting.sites or site.tier in meeting.tiers or below

    return (meeting.chair, *(site.site_id for site in sites if meant(site) and site.site_id != meeting.chair))


def at_once(meetings: Sequence[Meeting]) -> Iterator[tuple[int, tuple[Meeting, ...]]]:
    """For the start of each meeting: its place, and all meetings that are held then, itself among them."""
    for index, meeting in enumerate(meetings):
        yield index, tuple(other for other in meetings if other.starts_at <= meeting.starts_at < other.ends_at)
