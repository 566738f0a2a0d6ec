"""The transaction of one device: diff, commit with a revert timer on the router, verify, and only then confirm.

Whatever happens, the router ends in its old or its new configuration: an unconfirmed commit is undone by the router.
"""

from __future__ import annotations

import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Literal

from napalm.base import NetworkDriver
from napalm.base.exceptions import CommitConfirmException, CommitError, ConnectionException, LockError, NapalmException

from tslcd import verify
from tslcd.intent import RouterIntent

Verdict = Literal["unchanged", "planned", "committed", "reverted", "refused", "locked", "unreachable"]

# A router may need this long beyond its timer to go back and to have its BGP sessions up again.
REVERT_MARGIN_S = 30


@dataclass(frozen=True)
class Timing:
    """How long, in seconds, the router waits before it reverts by itself, and how long verification may take."""

    revert_s: int = 60
    verify_s: int = 30


@dataclass(frozen=True)
class Outcome:
    """What happened on one device: a verdict, one sentence why, the unified diff, and what verification found."""

    result: Verdict
    reason: str = ""
    diff: str = ""
    problems: list[str] = field(default_factory=list)


def deploy(
    device: NetworkDriver,
    text: str,
    intent: RouterIntent,
    *,
    dry_run: bool = False,
    message: str = "",
    timing: Timing | None = None,
) -> Outcome:
    """Bring a router to `text` (placeholders filled), or leave it exactly as it was.

    :param device: a driver that is not open yet; it is opened anew after the commit, when the path may have changed.
    """
    timing = timing or Timing()
    try:
        device.open()
    except ConnectionException as error:
        return Outcome("unreachable", str(error))
    with closing(device):
        try:
            device.load_replace_candidate(config=text)
            diff = device.compare_config()
        except ConnectionException as error:
            return Outcome("unreachable", f"the session broke before anything was changed: {error}")
        except NapalmException as error:
            return Outcome("refused", str(error))
        if not diff:
            return Outcome("unchanged")
        if dry_run:
            return Outcome("planned", diff=diff)
        try:
            device.commit_config(message=message, revert_in=timing.revert_s)
        except ConnectionException as error:
            device.close()
            return _await_revert(device, f"the session broke during the commit: {error}", diff, timing)
        except (LockError, CommitConfirmException) as error:
            return Outcome("locked", str(error), diff)
        except CommitError as error:
            return Outcome("refused", str(error), diff)
    return _confirm(device, text, intent, diff, timing)


def _confirm(device: NetworkDriver, text: str, intent: RouterIntent, diff: str, timing: Timing) -> Outcome:
    """Verify over a new session, then confirm; otherwise roll back, or let the router's timer do it."""
    try:
        device.open()
        with closing(device):
            problems = verify.until_clean(intent, device, timing.verify_s)
            if problems:
                device.rollback()
                return Outcome("reverted", "verification failed; rolled back", diff, problems)
            device.confirm_commit()
            device.load_replace_candidate(config=text)
            remaining = device.compare_config()
    except ConnectionException as error:
        return _await_revert(device, f"not reachable after the commit: {error}", diff, timing)
    except NapalmException as error:
        return _await_revert(device, str(error), diff, timing)
    if remaining:
        return Outcome("refused", "confirmed, but what runs is not what was committed", remaining)
    return Outcome("committed", diff=diff)


def _await_revert(device: NetworkDriver, reason: str, diff: str, timing: Timing) -> Outcome:
    """Wait until the router has undone the commit by itself, and say so only when it is seen."""
    deadline = time.monotonic() + timing.revert_s + REVERT_MARGIN_S
    while time.monotonic() < deadline:
        with suppress(ConnectionException), closing(device):
            device.open()
            if not device.has_pending_commit():
                return Outcome("reverted", f"{reason}; the router went back by itself", diff)
        time.sleep(1)
    return Outcome("unreachable", f"{reason}; and the router has not answered since its timer ran out", diff)
