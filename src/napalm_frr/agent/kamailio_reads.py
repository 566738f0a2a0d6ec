"""What a conference server tells: who is registered, and what happened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from napalm_frr.agent import kamailio, kamailio_control
from napalm_frr.agent.kamailio_cfg import MARK

_MOST_EVENTS = 10_000
_READ_BYTES = 8_000_000
_URI = re.compile(r"sips?:(?:[^@]*@)?(\[[0-9a-fA-F:]+\]|[^:;]+):(\d+)")


def registrations() -> list[dict[str, Any]]:
    """By account. Each is asked for alone: all at once do not fit into one answer. Raises CommandError."""
    found = []
    for name in kamailio.running().accounts:
        answer = kamailio_control.ask("ul.lookup", "location", name) or {}
        found += [_registration(name, item["Contact"]) for item in answer.get("Contacts", ())]
    return found


def events() -> list[dict[str, Any]]:
    """The latest, in the order of the log."""
    try:
        with kamailio.program().log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _READ_BYTES))
            lines = file.read().decode("utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    return list(parse_events(lines))[-_MOST_EVENTS:]


def parse_events(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Events among lines of the log, each of which is an object of its own; half lines are skipped."""
    for line in lines:
        if MARK not in line:
            continue
        try:
            message = json.loads(line, strict=False)
            if message["subsys"] == "xlog" and message["msg"].startswith(MARK):
                yield _event(dict(word.split("=", 1) for word in message["msg"].split()[1:]))
        except (ValueError, KeyError, TypeError):
            continue


def _event(words: dict[str, str]) -> dict[str, Any]:
    said = {key: unquote(value) if value != "<null>" else "" for key, value in words.items()}
    address = said.get("ip", "")
    event: dict[str, Any] = {"at": float(said["at"]), "event": said["event"], "account": said.get("account", "")}
    event["peer"] = said.get("peer", "")
    event["from"] = f"[{address}]:{said['port']}" if ":" in address else f"{address}:{said['port']}" if address else ""
    event["call"] = said.get("call", "")
    event["code"] = int(said.get("code") or 0)
    return event | {key: said.get(key, "") for key in ("stats", "peer_stats")}


def _registration(name: str, contact: dict[str, Any]) -> dict[str, Any]:
    received = _URI.match(str(contact.get("Received", ""))) or _URI.match(str(contact["Address"]))
    expires = contact["Expires"]
    return {
        "account": name,
        "contact": contact["Address"],
        "from": f"{received[1]}:{received[2]}" if received else "",
        "expires_s": expires if isinstance(expires, int) else 0,
    }
