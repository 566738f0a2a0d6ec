"""What can be read of a room before a meeting: its registration, its way to the service, its queues, its budget."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from napalm.base import NetworkDriver
from napalm.base.exceptions import NapalmException

from tslcd.conference import records
from tslcd.conference.endpoint import EndpointIntent
from tslcd.intent import RouterIntent
from tslcd.platforms.frr.queues import class_name

Open = Callable[[str], NetworkDriver]
"""Hostname → a driver that is not open yet."""
WORKERS = 8
PLATFORM = "frr"
ECHOES = 5


@dataclass(frozen=True, slots=True)
class Room:
    """An endpoint, the routers of its site, the first one first, and the places of sound and pictures among classes.

    `budgets`: provider → what the calls of its tier take of the conference's share of that line, percent.
    """

    endpoint: EndpointIntent
    routers: tuple[RouterIntent, ...]
    media_classes: tuple[int, ...]
    budgets: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found; a text in `problem` says why something was not.

    `source`: address that the server has it registered from, "" when it is not, None when the server was not asked;
    `provider`: of the line that its site uses towards the server, "" when there is none, None when the server is at the
    site itself or nobody could be asked; `dropped`: packets of sound and pictures that the queues of that line dropped
    since they were made; `rtt_ms`: to the hub, None unanswered; `unanswered`: echoes that were lost.
    """

    source: str | None = None
    provider: str | None = None
    dropped: int = 0
    percent: float = 0.0
    rtt_ms: float | None = None
    unanswered: int = 0
    problem: str = ""


def look(rooms: Sequence[Room], server: str, hub: str, driver: Open) -> dict[str, Look]:
    """Read every room's server and router, a few at a time.

    :param server: hostname of the conference server that rooms should be registered at.
    :param hub: address that a site's router asks for an echo.
    :returns: hostname of the endpoint → what was found.
    """
    try:
        registered = _read(driver(server), "registrations")
    except NapalmException as error:
        return {room.endpoint.hostname: Look(problem=f"{server} cannot be asked: {error}") for room in rooms}
    sources = {one["account"]: str(records.address(one["from"]) or "") for one in registered}
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        found = pool.map(lambda room: _look(room, sources.get(room.endpoint.account, ""), hub, driver), rooms)
        return {room.endpoint.hostname: one for room, one in zip(rooms, found, strict=True)}


def _look(room: Room, source: str, hub: str, driver: Open) -> Look:
    registrar = room.endpoint.service.registrars[0].v4
    if any(router.site_v4 is not None and registrar in router.site_v4 for router in room.routers):
        return Look(source=source)
    problem = ""
    for router in room.routers:  # the second one when the first is gone
        if router.platform != PLATFORM:
            return Look(source=source, problem=f"{router.hostname} runs {router.platform}, which nothing reads")
        try:
            return _way(room, router, source, hub, driver)
        except (NapalmException, ValueError) as error:
            problem = problem or f"{router.hostname} cannot be asked: {error}"
    return Look(source=source, problem=problem)


def _way(room: Room, router: RouterIntent, source: str, hub: str, driver: Open) -> Look:
    question = f"show route {room.endpoint.service.registrars[0].v4}"
    device = driver(router.hostname)
    device.open()
    with closing(device):
        way = _interface(json.loads(device.cli([question])[question]))
        queues = json.loads(device.cli(["show queues"])["show queues"])
        echo = device.ping(hub, source=str(router.loopback_v4.ip), count=ECHOES).get("success", {})
    uplink = next((uplink for uplink in router.uplinks if uplink.port == way), None)
    names = [class_name(0, position) for position in room.media_classes]
    return Look(
        source=source,
        provider=uplink.provider if uplink else "",
        dropped=sum(queues.get(way, {}).get(name, {}).get("dropped", 0) for name in names),
        percent=room.budgets.get(uplink.provider, 0.0) if uplink else 0.0,
        rtt_ms=echo.get("rtt_avg"),
        unanswered=echo.get("packet_loss", ECHOES),
    )


def _read(device: NetworkDriver, what: str) -> Any:
    device.open()
    with closing(device):
        return json.loads(device.cli([f"show {what}"])[f"show {what}"])


def _interface(route: Mapping[str, Any]) -> str:
    """The interface that the kernel uses for the longest prefix of the answer; "" when there is no way."""
    found = [entry for entries in route.get("zebra", {}).values() for entry in entries if entry.get("selected")]
    best: Mapping[str, Any] = max(found, key=lambda entry: int(entry["prefixLen"]), default={})
    return next((str(hop["interfaceName"]) for hop in best.get("nexthops", ()) if hop.get("fib")), "")
