"""The transaction of one device: diff, commit with a revert timer on the router, verify, and only then confirm.

Whatever happens, the router ends in its old or its new configuration: an unconfirmed commit is undone by the router.
What is reported is what the router itself says became of the commit, never what a broken session lets us guess.
"""

from __future__ import annotations

import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from napalm.base.exceptions import CommitConfirmException, CommitError, ConnectionException, LockError, NapalmException

from tslcd import verify
from tslcd.intended import DeviceIntent
from tslcd.witness import Witness

Verdict = Literal["unchanged", "planned", "committed", "reverted", "refused", "locked", "failed", "unreachable"]

# A router may need this long beyond its timer to go back and to have its BGP sessions up again.
REVERT_MARGIN_S = 30
# Confirming takes a moment after verification has used up its time.
CONFIRM_MARGIN_S = 10
MAX_REVERT_S = 3600
NOT_SAVED = "ran as declared, but would have started with another configuration"


class Device(Protocol):
    """A NAPALM driver that can also say what became of its commits."""

    def open(self) -> None: ...  # noqa: D102 - NAPALM's own, as the rest
    def close(self) -> None: ...  # noqa: D102
    def load_replace_candidate(self, filename: str | None = None, config: str | None = None) -> None: ...  # noqa: D102
    def compare_config(self) -> str: ...  # noqa: D102
    def commit_config(self, message: str = "", revert_in: int | None = None) -> None: ...  # noqa: D102
    def confirm_commit(self) -> None: ...  # noqa: D102
    def rollback(self) -> None: ...  # noqa: D102

    def get_config(self, retrieve: str = "all") -> dict[str, str]: ...  # noqa: D102

    def status(self) -> dict[str, Any]:
        """`pending`: a commit that waits for its confirm, or None; `last`: how the latest one ended, or None."""


@dataclass(frozen=True)
class Timing:
    """How long, in seconds, the router waits before it reverts by itself, and how long verification may take.

    :raises ValueError: when the router would revert while verification still runs.
    """

    revert_s: int = 60
    verify_s: int = 30

    def __post_init__(self) -> None:
        if not self.verify_s + CONFIRM_MARGIN_S <= self.revert_s <= MAX_REVERT_S:
            least = self.verify_s + CONFIRM_MARGIN_S
            raise ValueError(
                f"revert_s is {self.revert_s}; with verify_s {self.verify_s} it is {least} to {MAX_REVERT_S}"
            )


@dataclass(frozen=True)
class Outcome:
    """What happened on one device: a verdict, one sentence why, the unified diff, and what verification found."""

    result: Verdict
    reason: str = ""
    diff: str = ""
    problems: list[str] = field(default_factory=list)


def deploy(
    device: Device,
    text: str,
    intent: DeviceIntent,
    witness: Witness,
    *,
    dry_run: bool = False,
    message: str = "",
    timing: Timing | None = None,
) -> Outcome:
    """Bring a router to `text` (placeholders filled), or leave it exactly as it was.

    :param device: a driver that is not open yet; it is opened anew after the commit, when the path may have changed.
    :param witness: a neighbour of ours whose view of the router counts in the verification.
    """
    timing = timing or Timing()
    try:
        device.open()
    except ConnectionException as error:
        return Outcome("unreachable", str(error))
    with closing(device):
        found = _differences(device, text)
        if isinstance(found, Outcome):
            return found
        if dry_run:
            return Outcome("planned", "" if found.diff else NOT_SAVED, found.diff)
        witness.before()
        transaction = _Transaction(device, found.diff, timing, found.previous)
        try:
            device.commit_config(message=message, revert_in=timing.revert_s if found.diff else None)
        except (LockError, CommitConfirmException) as error:
            return Outcome("locked", str(error), found.diff)
        except CommitError as error:
            return transaction.refused(str(error))
        except NapalmException as error:  # no answer: the change may have cut the path, or only this session
            return transaction.settle(f"no answer to the commit: {error}")
        if not found.diff:
            return Outcome("committed", NOT_SAVED)
    return transaction.confirm(intent, witness)


@dataclass(frozen=True)
class _Found:
    """What is to do: the difference (empty when only saving is), and the id of the commit before this one."""

    diff: str
    previous: str | None


def _differences(device: Device, text: str) -> _Found | Outcome:
    """Compare an open device with `text`; an outcome when there is nothing to do, or nothing may be done."""
    try:
        status = device.status()
        saved = device.get_config(retrieve="startup")["startup"] == text
        if saved and not status["pending"] and device.get_config(retrieve="running")["running"] == text:
            return Outcome("unchanged")  # parsers need not read again what runs: a hub's rules take them three seconds
        device.load_replace_candidate(config=text)
        diff = device.compare_config()
    except ConnectionException as error:
        return Outcome("unreachable", f"the session broke before anything was changed: {error}")
    except NapalmException as error:
        return Outcome("refused", str(error))
    if pending := status["pending"]:
        return Outcome("locked", f"a commit of {pending['owner']} is pending until {pending['until']}", diff)
    return Outcome("unchanged") if saved and not diff else _Found(diff, _last_id(status))


@dataclass
class _Transaction:
    """A commit that is pending on the router; `previous` is the id of the one before it."""

    device: Device
    diff: str
    timing: Timing
    previous: str | None

    def confirm(self, intent: DeviceIntent, witness: Witness) -> Outcome:
        """Verify over a new session, then confirm; otherwise roll back, or let the router's timer do it."""
        try:
            self.device.open()
            with closing(self.device):
                problems = verify.until_clean(intent, self.device, self.timing.verify_s, witness=witness)
                if problems:
                    self.device.rollback()
                    return Outcome("reverted", "verification failed; rolled back", self.diff, problems)
                self.device.confirm_commit()
                return self.read_again()
        except NapalmException as error:
            return self.settle(str(error))

    def refused(self, reason: str) -> Outcome:
        """The router said no: before it began, or after it had begun and went back at once."""
        with suppress(NapalmException):
            if _last_id(self.device.status()) == self.previous:
                return Outcome("refused", reason, self.diff)
        return self.settle(reason)

    def read_again(self) -> Outcome:
        """After the confirm: what runs must be what was committed. The session is open.

        :raises NapalmException: when it cannot be read.
        """
        remaining = self.device.compare_config()  # against the candidate, which the driver still holds
        if remaining:
            return Outcome("failed", "confirmed, but what runs is not what was committed", remaining)
        return Outcome("committed", diff=self.diff)

    def settle(self, reason: str) -> Outcome:
        """Ask the router, for as long as its timer may take, what became of the commit."""
        self.device.close()
        deadline = time.monotonic() + self.timing.revert_s + REVERT_MARGIN_S
        last: dict[str, Any] | None = None
        answered = False
        while time.monotonic() < deadline:
            with suppress(NapalmException), closing(self.device):
                self.device.open()
                status = self.device.status()
                answered, last = True, status["last"]
                if not status["pending"] and _last_id(status) != self.previous:
                    break
            time.sleep(1)
        else:
            if answered:
                return Outcome("failed", f"{reason}; the router knows of no such commit", self.diff)
            return Outcome("unreachable", f"{reason}; no answer since its timer ran out", self.diff)
        assert last is not None
        if last["result"] == "confirmed":
            try:
                self.device.open()
                with closing(self.device):
                    return self.read_again()
            except NapalmException as error:
                return Outcome("unreachable", f"confirmed, but not to be read again: {error}", self.diff)
        if not last["whole"]:
            return Outcome("failed", f"{reason}; went back incompletely: {', '.join(last['sections'])}", self.diff)
        return Outcome("reverted", f"{reason}; the router went back by itself ({last['reason']})", self.diff)


def _last_id(status: dict[str, Any]) -> str | None:
    return status["last"]["id"] if status["last"] else None
