"""What the agent keeps on disk, below /var/lib/napalm-frr (readable by root alone).

confirmed.conf/.json   the last confirmed document, and when, by whom, its SHA-256
previous.conf          the document before it, for one `rollback` after a confirm
pending.json           a commit that waits for its confirm; with snapshot.conf (to go back to) and candidate.conf
last.json              how the latest commit ended
log                    one line per event
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from napalm_frr.agent import files

DIRECTORY = Path("/var/lib/napalm-frr")
CONFIRMED, CONFIRMED_FACTS = DIRECTORY / "confirmed.conf", DIRECTORY / "confirmed.json"
PREVIOUS = DIRECTORY / "previous.conf"
PENDING, SNAPSHOT, CANDIDATE = DIRECTORY / "pending.json", DIRECTORY / "snapshot.conf", DIRECTORY / "candidate.conf"
LAST, LOG = DIRECTORY / "last.json", DIRECTORY / "log"
_LOCK = Path("/run/napalm-frr.lock")


class LockedError(Exception):
    """Another agent is at work on this router."""


@dataclass(frozen=True)
class Pending:
    """A commit that is being applied or waits for its confirm. `deadline` is monotonic time in seconds."""

    id: str
    owner: str
    message: str
    deadline: float
    revert_in: int
    applier: int
    at: str

    def left_s(self) -> float:
        """Seconds until the router goes back."""
        return max(0.0, self.deadline - time.monotonic())

    def as_dict(self) -> dict[str, Any]:
        """For people and drivers; the deadline also as wall clock, which is exact only while the clock is not set."""
        facts = {
            "id": self.id,
            "owner": self.owner,
            "message": self.message,
            "revert_in": self.revert_in,
            "at": self.at,
        }
        return facts | {"seconds_left": round(self.left_s(), 1), "until": utc(time.time() + self.left_s())}


@contextmanager
def lock(wait_s: float = 5) -> Iterator[None]:
    """One agent at a time changes the router; the lock ends with its process. Raises LockedError."""
    descriptor = os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LockedError("another commit is being applied") from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def pending() -> Pending | None:
    """The commit that waits for its confirm."""
    text = files.read(PENDING)
    return Pending(**json.loads(text)) if text else None


def begin(this: Pending, snapshot: str, candidate: str) -> None:
    """From here on the commit is pending, also after a crash. What going back needs is on disk before any change."""
    files.write(SNAPSHOT, snapshot, mode=0o600, durable=True)
    files.write(CANDIDATE, candidate, mode=0o600, durable=True)
    files.write(PENDING, json.dumps(asdict(this)), mode=0o600, durable=True)


def end_confirmed(this: Pending) -> None:
    """The candidate becomes the confirmed document, the snapshot the previous one."""
    candidate, snapshot = files.read(CANDIDATE), files.read(SNAPSHOT)
    files.write(PREVIOUS, snapshot, mode=0o600, durable=True)
    confirm_text(candidate, {"id": this.id, "owner": this.owner, "message": this.message})
    _end(this, {"result": "confirmed"})


def confirm_text(text: str, facts: dict[str, str]) -> None:
    """Makes `text` what the router boots with."""
    files.write(CONFIRMED, text, mode=0o600, durable=True)
    record = facts | {"sha256": hashlib.sha256(text.encode()).hexdigest(), "at": utc(time.time())}
    files.write(CONFIRMED_FACTS, json.dumps(record), mode=0o600, durable=True)


def end_reverted(this: Pending, by: str, reason: str, differences: dict[str, str]) -> None:
    """The router went back; `differences` (section -> diff) is what it could not bring back."""
    _end(
        this,
        {"result": "reverted", "by": by, "reason": reason, "whole": not differences, "sections": sorted(differences)},
    )


def _end(this: Pending, outcome: dict[str, Any]) -> None:
    record = {"id": this.id, "owner": this.owner, "message": this.message, "at": utc(time.time())} | outcome
    files.write(LAST, json.dumps(record), mode=0o600, durable=True)
    for path in (PENDING, SNAPSHOT, CANDIDATE):
        files.remove(path)
    log(f"{outcome['result']} {this.id} owner={this.owner!r} {json.dumps(outcome)}")


def facts(path: Path) -> dict[str, Any] | None:
    """A JSON object on disk, or None."""
    text = files.read(path)
    return dict(json.loads(text)) if text else None


def log(event: str) -> None:
    """Appends one line."""
    with LOG.open("a", encoding="ascii", errors="replace") as file:
        file.write(f"{utc(time.time())} {event}\n")


def utc(moment: float) -> str:
    """ISO 8601 text of seconds since the epoch."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
