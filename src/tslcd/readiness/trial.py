"""Short test calls: rooms in pairs, all pairs at once; a room whose pair fails calls the reference room alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from napalm.base.exceptions import NapalmException

from tslcd.conference.endpoint import EndpointIntent
from tslcd.readiness.look import Open

CALL_S = 6.5
"""Longer than the 5 s after which ends first report to each other: before that there is nothing to say of loss."""
ANSWER_S = 8.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How a call went: with whom, and packets of sound lost by either end; `problem` says why it did not come about."""

    partner: str = ""
    lost: int = 0
    problem: str = ""


def try_calls(
    rooms: Sequence[EndpointIntent], reference: EndpointIntent, server: str, driver: Open
) -> dict[str, Trial]:
    """Let every room hold a call.

    :param rooms: those that are registered.
    :param reference: the room that is called when a pair has failed, and by a room that has no partner.
    :returns: hostname → how it went.
    """
    others = [room for room in rooms if room.hostname != reference.hostname]
    pairs = [(one, other) for one, other in zip(others[::2], others[1::2], strict=False)]
    found: dict[str, Trial] = {}
    with ThreadPoolExecutor(max_workers=max(1, len(pairs))) as pool:
        for pair, trial in zip(
            pairs, pool.map(lambda pair: _call(pair[0], pair[1], server, driver), pairs), strict=True
        ):
            if not trial.problem:
                found |= {pair[0].hostname: trial, pair[1].hostname: Trial(pair[0].hostname, trial.lost)}
    for room in others:
        if room.hostname not in found:
            found[room.hostname] = _call(room, reference, server, driver)
            if not found[room.hostname].problem:
                found[reference.hostname] = Trial(room.hostname, found[room.hostname].lost)
    if reference.hostname not in found and others and any(room.hostname == reference.hostname for room in rooms):
        found[reference.hostname] = _call(reference, others[0], server, driver)
    return found


def _call(caller: EndpointIntent, callee: EndpointIntent, server: str, driver: Open) -> Trial:
    """One call; what it says of the caller."""
    begun = time.time()
    device = driver(caller.hostname)
    try:
        device.open()
        with closing(device):
            device.call("dial", callee.account)
            try:
                if not _answered(device):
                    return Trial(callee.hostname, problem="no answer")
                time.sleep(CALL_S)
            finally:
                with suppress(NapalmException):
                    device.call("hangup")
        return Trial(callee.hostname, max(_lost(caller, server, begun, driver), default=0))
    except NapalmException as error:
        return Trial(callee.hostname, problem=str(error))


def _answered(device: Any) -> bool:
    deadline = time.monotonic() + ANSWER_S
    while time.monotonic() < deadline:
        if any(one["state"] == "established" for one in json.loads(device.cli(["show calls"])["show calls"])):
            return True
        time.sleep(0.3)
    return False


def _lost(caller: EndpointIntent, server: str, since: float, driver: Open) -> Iterator[int]:
    """What both ends of the caller's last call counted, by the server's record."""
    device = driver(server)
    device.open()
    with closing(device):
        events: list[Mapping[str, Any]] = json.loads(device.cli(["show events"])["show events"])
    ended = [e for e in events if e["event"] == "ended" and e["account"] == caller.account and e["at"] >= since]
    for event in ended[-1:]:
        for text in filter(None, (event["stats"], event["peer_stats"])):
            words = dict(word.partition("=")[::2] for word in text.split(";"))
            yield from map(int, words.get("PL", "0").split(","))
