"""Short test calls: rooms in pairs, all pairs at once; a room whose pair fails calls the reference room alone."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from napalm.base.exceptions import NapalmException

from tslcd.conference import records
from tslcd.conference.endpoint import EndpointIntent
from tslcd.readiness.look import Open

CALL_S = 6.5
"""Longer than the 5 s after which ends first report to each other: before that there is nothing to say of loss."""
ANSWER_S = 8.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How a call went: with whom, and packets of sound lost; `problem` says why nothing is known of it."""

    partner: str = ""
    lost: int = 0
    problem: str = ""


IN_A_CALL = "đang họp"


def try_calls(
    rooms: Sequence[EndpointIntent], reference: EndpointIntent, server: str, driver: Open
) -> dict[str, Trial]:
    """Let every room hold a call.

    :param rooms: those that are registered; `reference` among them, if it is.
    :param reference: the room that is called when a pair has failed, and by a room that has no partner.
    :returns: hostname → how it went; nothing of a room that nobody could call.
    """
    try:
        since = max((float(event["at"]) for event in _events(server, driver)), default=0.0)
    except (NapalmException, ValueError) as error:
        return {room.hostname: Trial(problem=str(error)) for room in rooms}
    others = [room for room in rooms if room.hostname != reference.hostname]
    pairs = [(one, other) for one, other in zip(others[::2], others[1::2], strict=False)]
    found: dict[str, Trial] = {}
    with ThreadPoolExecutor(max_workers=max(1, len(pairs))) as pool:
        for pair, trial in zip(
            pairs, pool.map(lambda pair: _call(pair[0], pair[1], server, since, driver), pairs), strict=True
        ):
            if not trial.problem:
                found |= {pair[0].hostname: trial, pair[1].hostname: Trial(pair[0].hostname, trial.lost)}
    can_answer = any(room.hostname == reference.hostname for room in rooms)
    for room in others if can_answer else ():
        if room.hostname not in found:
            found[room.hostname] = _call(room, reference, server, since, driver)
            if not found[room.hostname].problem:
                found[reference.hostname] = Trial(room.hostname, found[room.hostname].lost)
    if can_answer and reference.hostname not in found and others:
        found[reference.hostname] = _call(reference, others[0], server, since, driver)
    return found


def _call(caller: EndpointIntent, callee: EndpointIntent, server: str, since: float, driver: Open) -> Trial:
    """One call; what it says of the caller. Nobody who meets already is called, nor is their call ended.

    :param since: time of the last record before, by the server's clock.
    """
    try:
        if _calls(driver(callee.hostname)):
            return Trial(callee.hostname, problem=f"{callee.hostname} {IN_A_CALL}")
        device = driver(caller.hostname)
        device.open()
        with closing(device):
            if _listed(device):
                return Trial(callee.hostname, problem=IN_A_CALL)
            device.call("dial", callee.account)
            try:
                if not _answered(device, callee):
                    return Trial(callee.hostname, problem="no answer")
                time.sleep(CALL_S)
            finally:
                with suppress(NapalmException):
                    device.call("hangup")
        lost = _lost(caller, callee, _events(server, driver), since)
    except (NapalmException, ValueError) as error:
        return Trial(callee.hostname, problem=str(error))
    return Trial(callee.hostname, problem="no record of the call") if lost is None else Trial(callee.hostname, lost)


def _answered(device: Any, callee: EndpointIntent) -> bool:
    deadline = time.monotonic() + ANSWER_S
    while time.monotonic() < deadline:
        if any(one["state"] == "established" and callee.account in one["peer"] for one in _listed(device)):
            return True
        time.sleep(0.3)
    return False


def _listed(device: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(device.cli(["show calls"])["show calls"])
    return found


def _calls(device: Any) -> list[dict[str, Any]]:
    device.open()
    with closing(device):
        return _listed(device)


def _events(server: str, driver: Open) -> list[Mapping[str, Any]]:
    device = driver(server)
    device.open()
    with closing(device):
        events: list[Mapping[str, Any]] = json.loads(device.cli(["show events"])["show events"])
        return events


def _lost(
    caller: EndpointIntent, callee: EndpointIntent, events: Sequence[Mapping[str, Any]], since: float
) -> int | None:
    """What both ends of their last call counted, by the server's record; None where it says nothing."""
    both = {caller.account, callee.account}
    ended = [e for e in events if e["event"] == "ended" and e["at"] > since and {e["account"], e["peer"]} == both]
    return records.lost(ended[-1]["stats"], ended[-1]["peer_stats"]) if ended else None
