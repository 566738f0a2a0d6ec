"""Who took part: calls between those who were invited, and theirs to a bridge.

From the records of the servers (`show events` of the agent).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Literal

from tslcd.conference import records

Status = Literal["present", "outside", "absent"]
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """When a meeting is held."""

    begins: datetime
    ends: datetime

    def overlap(self, begins: float, ends: float) -> tuple[float, float] | None:
        """The part of a time (seconds since the epoch) that is inside; None when nothing is."""
        inside = max(begins, self.begins.timestamp()), min(ends, self.ends.timestamp())
        return inside if inside[0] < inside[1] else None

    def has(self, moment: float) -> bool:
        """Whether a moment is inside."""
        return self.begins.timestamp() <= moment < self.ends.timestamp()


@dataclass(frozen=True, slots=True)
class Invited:
    """A site that is invited, by the account of its endpoint; "" where it has none."""

    site_id: str
    name_vi: str
    account: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """How an invited site took part. `times`: how often it joined; `seconds` in the meeting, calls at once once.

    `lost`: packets of sound that either end missed; None where no end said so. `refused`: attempts that the server did
    not let in. `outside`: addresses that are none of the province's.
    """

    invited: Invited
    status: Status
    joined: datetime | None = None
    left: datetime | None = None
    times: int = 0
    seconds: int = 0
    addresses: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    lost: int | None = None
    refused: int = 0


@dataclass(slots=True)
class _Call:
    """A call as the records have it; `ended` is None while it is held, or where nothing tells its end."""

    accounts: tuple[str, str]
    begun: float
    addresses: dict[str, str]
    ended: float | None = None
    lost: int | None = None

    def part(self, window: Window, now: float) -> tuple[float, float] | None:
        """What of it was in the meeting, as far as anybody knows by `now`; None when nothing was."""
        if self.ended is None and not window.has(self.begun):
            return None  # its end was lost, nobody knows when
        return window.overlap(self.begun, min(now, self.ended if self.ended is not None else now))


@dataclass(slots=True)
class _Seen:
    parts: list[tuple[float, float]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


REFUSALS = ("wrong_password", "unknown_account", "foreign_account", "outside")


def attend(
    invited: Sequence[Invited],
    events: Iterable[Event],
    window: Window,
    *,
    inside: Sequence[IPv4Network | IPv6Network],
    now: float,
    bridges: Collection[str] = (),
) -> list[Attendance]:
    """Set a meeting's invitations against the records.

    :param events: of all servers of the service, in any order.
    :param inside: the province's prefixes; who calls from elsewhere does not take part over this network.
    :param bridges: accounts of the service itself: who calls one of them has joined.
    :param now: seconds since the epoch: nothing is counted that is still to come.
    :returns: one entry per invited site, in their order.
    """
    ordered = sorted(events, key=lambda event: float(event["at"]))
    accounts = {one.account for one in invited if one.account}
    seen: dict[str, _Seen] = {account: _Seen() for account in accounts}
    for call in _calls(ordered):
        part = call.part(window, now)
        members = [account for account in call.accounts if account not in bridges]
        if part is None or not accounts.issuperset(members):
            continue
        for account in members:
            seen[account].parts.append(part)
            seen[account].addresses.append(call.addresses.get(account, ""))
            if call.lost is not None:
                seen[account].lost.append(call.lost)
    tried = {account: list[Event]() for account in accounts}
    for event in ordered:
        if event["event"] in REFUSALS and event["account"] in tried and window.has(float(event["at"])):
            tried[event["account"]].append(event)
    return [_attendance(one, seen.get(one.account, _Seen()), tried.get(one.account, []), inside) for one in invited]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody not invited, in the time of a meeting: refused (an event of REFUSALS), or `joined` at a bridge."""

    event: str
    account: str
    address: str
    times: int


def strangers(
    invited: Sequence[Invited], events: Sequence[Event], window: Window, *, now: float, bridges: Collection[str] = ()
) -> list[Stranger]:
    """Who else tried or took part, the most frequent first; a bridge lets every declared account in."""
    accounts = {one.account for one in invited} | set(bridges)
    found = Counter(
        (str(event["event"]), str(event["account"]), _host(event))
        for event in events
        if event["event"] in REFUSALS and event["account"] not in accounts and window.has(float(event["at"]))
    )
    for call in _calls(sorted(events, key=lambda event: float(event["at"]))):
        if call.part(window, now) and not set(call.accounts).isdisjoint(bridges):
            others = (name for name in call.accounts if name not in accounts)
            found.update(("joined", name, call.addresses.get(name, "")) for name in others)
    return [Stranger(*words, times) for words, times in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def _attendance(
    invited: Invited, seen: _Seen, tried: Sequence[Event], inside: Sequence[IPv4Network | IPv6Network]
) -> Attendance:
    addresses = tuple(dict.fromkeys(filter(None, seen.addresses)))
    strange = dict.fromkeys(address for address in addresses if not _is_inside(address, inside))
    strange |= dict.fromkeys(_host(event) for event in tried if event["event"] == "outside")
    joined = _joined(seen.parts)
    came_from_inside = any(_is_inside(address, inside) for address in addresses)
    status: Status = "present" if joined and came_from_inside else "outside" if strange else "absent"
    return Attendance(
        invited=invited,
        status=status,
        joined=datetime.fromtimestamp(joined[0][0], UTC) if joined else None,
        left=datetime.fromtimestamp(joined[-1][1], UTC) if joined else None,
        times=len(joined),
        seconds=round(sum(end - start for start, end in joined)),
        addresses=addresses,
        outside=tuple(strange),
        lost=sum(seen.lost) if seen.lost else None,
        refused=len(tried),
    )


def _calls(events: Iterable[Event]) -> Iterator[_Call]:
    """Calls that were answered."""
    asked: dict[str, Event] = {}
    held: dict[str, _Call] = {}
    for event in events:
        match event["event"]:
            case "invite":
                asked[event["call"]] = event
            case "answered" if (first := asked.get(event["call"])) and event["call"] not in held:
                addresses = {event["account"]: _host(first), event["peer"]: _host(event)}
                held[event["call"]] = _Call((event["account"], event["peer"]), float(event["at"]), addresses)
            case "unregistered":  # who is gone is in no call: its end was not seen
                for open_one in held.values():
                    if open_one.ended is None and event["account"] in open_one.accounts:
                        open_one.ended = float(event["at"])
            case "ended" if (call := held.get(event["call"])) and call.ended is None:
                call.ended = float(event["at"])
                call.lost = records.lost(str(event.get("stats", "")), str(event.get("peer_stats", "")))
    yield from held.values()


def _joined(parts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Times that overlap or touch, as one."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _host(event: Event) -> str:
    return str(records.address(event["from"]) or "")


def _is_inside(address: str, inside: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in prefix for prefix in inside if prefix.version == found.version)
