"""What the agent keeps on disk, below /var/lib/napalm-frr (readable by root alone).

confirmed.conf, .copy  the last confirmed document, twice, sealed (see `sealed`), with when and by whom
previous.conf          what ran before the last confirmed commit, for one `rollback` after a confirm
journal                the steps of the latest commit (see `journal`): whether one is pending, and how far it came
snapshot.conf          what a pending commit goes back to; candidate.conf: what it puts in place; both sealed
commits                how every commit ended, chained by hash (see `chain`)
reserve                space held while a commit is under way
log                    one line per event

The order of writing makes every crash point clear: snapshot and candidate are durable before the journal says `begin`,
and that before the first change. A commit is confirmed from the moment its document is renamed to confirmed.conf.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from napalm_frr.agent import chain, files, journal, process, reserve, sealed
from napalm_frr.document import HEADER, Kind, kind_of

DIRECTORY = Path("/var/lib/napalm-frr")
CONFIRMED, PREVIOUS = DIRECTORY / "confirmed.conf", DIRECTORY / "previous.conf"
SNAPSHOT, CANDIDATE = DIRECTORY / "snapshot.conf", DIRECTORY / "candidate.conf"
JOURNAL, COMMITS, LOG = DIRECTORY / "journal", DIRECTORY / "commits", DIRECTORY / "log"
LOCK = Path("/run/napalm-frr.lock")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_ENDS = ("confirmed", "reverted")


class LockedError(Exception):
    """Another agent is at work on this router."""


@dataclass(frozen=True)
class Facts:
    """Who commits what. `data` names the declared data; `key` is the fingerprint that logged in, `person` its owner."""

    owner: str
    message: str
    data: str = ""
    key: str = ""
    person: str = ""


@dataclass(frozen=True)
class Pending:
    """A commit that is being applied or waits for its confirm.

    `deadline` is monotonic time in seconds, of this `boot`. `step` is the latest in the journal; `going_back` says why,
    once somebody has begun to take it back.
    """

    id: str
    facts: Facts
    deadline: float
    revert_in: int
    at: str
    boot: str
    step: str = ""
    going_back: dict[str, str] | None = None

    @property
    def is_applied(self) -> bool:
        """False while an agent applies it, and for ever when that agent died."""
        return self.step in ("applied", "confirm")

    def left_s(self) -> float:
        """Seconds until the router goes back."""
        return max(0.0, self.deadline - time.monotonic()) if self.boot == boot_id() else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For people and drivers; the deadline also as wall clock, which is exact only while the clock is not set."""
        shown = {"id": self.id, **asdict(self.facts), "revert_in": self.revert_in, "at": self.at, "step": self.step}
        return shown | {"seconds_left": round(self.left_s(), 1), "until": utc(time.time() + self.left_s())}


@contextmanager
def lock(wait_s: float = 5) -> Iterator[None]:
    """One agent at a time changes the router. Raises LockedError.

    Programs that the agent runs inherit the lock: when it is killed half way, nobody begins before they have ended.
    """
    descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait_s
        while not _locked(descriptor):
            if time.monotonic() > deadline:
                raise LockedError("another commit is being applied")
            time.sleep(0.02)
        process.inherited = (descriptor,)
        yield
    finally:
        process.inherited = ()
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def confirmed() -> sealed.Sealed | None:
    """The last confirmed document, from the newest whole file."""
    return sealed.read(CONFIRMED)


def kind() -> Kind:
    """What this device is: what its confirmed document is for; a router when there is none."""
    this = confirmed()
    names = (line.removeprefix(HEADER) for line in this.text.splitlines() if line.startswith(HEADER)) if this else ()
    return kind_of(dict.fromkeys(names, ""))


def confirmed_facts() -> dict[str, Any] | None:
    """For `status`; the SHA-256 is always that of the document as it is on disk."""
    this = confirmed()
    return this.facts | {"sha256": sha256(this.text)} if this else None


def pending() -> Pending | None:
    """The commit that waits for its confirm."""
    entries = journal.read(JOURNAL)
    begun = next((entry for entry in entries if entry.step == "begin"), None)
    if begun is None or entries[-1].step in _ENDS:
        return None
    facts = dict(begun.facts)
    back = next((entry.facts for entry in entries if entry.step == "revert"), None)
    return Pending(begun.id, Facts(**facts.pop("facts")), **facts, step=entries[-1].step, going_back=back)


def start(commit_id: str) -> None:
    """A new journal. Nothing is pending, and nothing is changed yet. Raises OSError when there is no space for one."""
    journal.start(JOURNAL, journal.Entry(commit_id, "read", {}))


def begin(this: Pending, snapshot: str, candidate: str) -> None:
    """From here on the commit is pending, also after a crash. Raises OSError: then nothing is pending."""
    reserve.hold(len(snapshot) + len(candidate))
    try:
        for path, text in ((SNAPSHOT, snapshot), (CANDIDATE, candidate)):
            files.write(path, sealed.seal(text, {"id": this.id}), mode=0o600, durable=True)
    except OSError:
        _tidy()
        raise
    facts = {key: value for key, value in asdict(this).items() if key not in ("id", "step", "going_back")}
    journal.append(JOURNAL, "begin", facts)


def note(step: str, **facts: Any) -> None:
    """The step that is done next. Raises OSError."""
    journal.append(JOURNAL, step, facts)


def document_of(this: Pending, path: Path) -> str:
    """Snapshot or candidate of this commit; "" when it is not whole or of another one."""
    found = sealed.unseal(files.read(path))
    return found.text if found and found.facts.get("id") == this.id else ""


def end_confirmed(this: Pending) -> None:
    """The candidate becomes the confirmed document, the snapshot the previous one. Raises OSError.

    After a crash it can be called again, as long as the commit is pending.
    """
    now = confirmed()
    reserve.release()
    if now is None or now.facts.get("id") != this.id:
        candidate = document_of(this, CANDIDATE)
        if not candidate:
            raise OSError(f"{CANDIDATE} is not whole")
        note("confirm")
        confirm_text(candidate, this.id, this.facts)
    else:
        mend_confirmed()
    if SNAPSHOT.exists():
        SNAPSHOT.replace(PREVIOUS)
    _end(this, {"result": "confirmed"})


def is_confirmed(this: Pending) -> bool:
    """A crash can come between the confirm and its end in the journal."""
    now = confirmed()
    return now is not None and now.facts.get("id") == this.id


def confirm_text(text: str, commit_id: str, facts: Facts) -> None:
    """Makes `text` what the router boots with."""
    sealed.write(CONFIRMED, text, {"id": commit_id, **asdict(facts), "at": utc(time.time())})


def mend_confirmed() -> None:
    """Two whole copies again, if there is space: one alone is good enough to go on."""
    try:
        sealed.mend(CONFIRMED)
    except OSError as error:
        log(f"{CONFIRMED.name} has no second copy: {error}")


def end_reverted(this: Pending, by: str, reason: str, differences: dict[str, str]) -> None:
    """The router went back; `differences` (section -> diff) is what it could not bring back."""
    _end(
        this,
        {
            "result": "reverted",
            "by": by,
            "reason": reason,
            "whole": not differences,
            "sections": sorted(differences),
        },
    )


def record(commit_id: str, facts: Facts, outcome: dict[str, Any], **sums: str) -> None:
    """One more link in the chain, unless it is already there. Raises OSError."""
    last_one = last() or {}
    if (last_one.get("id"), last_one.get("result")) != (commit_id, outcome["result"]):
        chain.append(COMMITS, {"id": commit_id, **asdict(facts), "at": utc(time.time()), **sums, **outcome})
    log(f"{commit_id} owner={facts.owner!r} key={facts.key} {outcome}")


def last() -> dict[str, Any] | None:
    """How the latest commit ended."""
    records = chain.read(COMMITS)
    return records[-1] if records else None


def _end(this: Pending, outcome: dict[str, Any]) -> None:
    reserve.release()
    entries = journal.read(JOURNAL)
    sums: dict[str, str] = next((entry.facts for entry in reversed(entries) if entry.step == "applied"), {})
    try:
        record(this.id, this.facts, outcome, **sums)
    except OSError as error:
        # Whether the router is old or new does not depend on the record, and must not wait for space on the disk.
        log(f"no record of {this.id}: {error}")
    note(outcome["result"])
    _tidy()


def _tidy() -> None:
    for path in (SNAPSHOT, CANDIDATE):
        with contextlib.suppress(OSError):
            files.remove(path)
    reserve.release()


def sha256(text: str) -> str:
    """Hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def boot_id() -> str:
    """Changes with every start of the kernel: monotonic times of another start mean nothing."""
    return files.read(_BOOT_ID).strip()


def log(event: str) -> None:
    """Appends one line, if there is space."""
    with contextlib.suppress(OSError), LOG.open("a", encoding="ascii", errors="replace") as file:
        file.write(f"{utc(time.time())} {event}\n")


def utc(moment: float) -> str:
    """ISO 8601 text of seconds since the epoch."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
