"""Takes a commit back: by hand, by the timer, or by whichever agent call finds one that nobody will end."""

from __future__ import annotations

import time
from typing import Any

from napalm_frr import redaction
from napalm_frr.agent import apply, reserve, running, state, timer
from napalm_frr.agent.process import CommandError
from napalm_frr.agent.state import Pending
from napalm_frr.document import Document, DocumentError, split

# A commit without a revert timer still has one while it is being applied: its agent may die half way.
APPLY_LIMIT_S = 90
# Killed daemons come back by their watchdogs within seconds; a router that cannot go back in this time is reported.
_REVERT_LIMIT_S = 45
_PAUSE_S = 0.3
_ATTEMPTS = 3
_MAX_REASON = 1000
Answer = dict[str, Any]


def revert(this: Pending, by: str, reason: str) -> Answer:
    """Leads the router back and says truthfully what is left. The caller holds the lock."""
    reserve.release()
    reason = redaction.hide(reason)[:_MAX_REASON]  # everybody may read it, and a program may have repeated a secret
    _note("revert", by=by, reason=reason)
    wanted = _target(this)
    failure = ""
    left: dict[str, str] = {"": "not tried"}
    start = time.monotonic()
    attempts = 0
    while left and (attempts < _ATTEMPTS or time.monotonic() < start + _REVERT_LIMIT_S):
        if attempts:
            time.sleep(_PAUSE_S)
        attempts += 1
        try:
            apply.apply(wanted, running.read(), lambda step: _note(f"revert.{step}"), keep_going=True)
        except (CommandError, DocumentError, OSError) as error:
            failure = str(error)
        try:
            left = apply.differences(wanted)
        except CommandError as error:  # a daemon is just being started again
            failure = str(error)
            left = {"": failure}
    state.end_reverted(this, by, reason, left)
    answer: Answer = {"result": "reverted", "id": this.id, "by": by, "reason": reason, "whole": not left}
    return answer | ({"left": left, "failure": failure} if left else {})


def settle() -> Answer | None:
    """Ends a pending commit that nobody else will end. The caller holds the lock, so no agent is applying one."""
    this = state.pending()
    if this is None:
        return None
    if state.is_confirmed(this):
        state.end_confirmed(this)
        return {"result": "confirmed", "id": this.id}
    if this.going_back:  # somebody began, and died
        return revert(this, **this.going_back)
    if not this.is_applied:
        return revert(this, "recovery", f"the agent died at step {this.step}")
    if this.left_s() <= 0:
        return revert(this, "timer", f"not confirmed within {this.revert_in or APPLY_LIMIT_S} s")
    return None


def look_after() -> None:
    """What every agent call does first: nobody has to remember a commit whose agent and timer were killed."""
    this = state.pending()
    if this is None:
        return
    if not this.is_applied or this.left_s() <= 0 or state.is_confirmed(this):
        try:
            with state.lock(wait_s=0):
                settle()
        except state.LockedError:
            pass  # it is being applied, or taken back, right now
    if (this := state.pending()) and not timer.is_alive():
        timer.start(this.id, settle)


def _target(this: Pending) -> Document:
    """The snapshot; when it is not whole, the confirmed document."""
    if text := state.document_of(this, state.SNAPSHOT):
        return split(text)
    confirmed = state.confirmed()
    if confirmed is None:
        raise OSError("neither the snapshot nor the confirmed document is whole")
    state.log(f"{state.SNAPSHOT.name} is not whole; going back to the confirmed document")
    return split(confirmed.text)


def _note(step: str, **facts: Any) -> None:
    """Going back does not depend on a journal that cannot be written."""
    try:
        state.note(step, **facts)
    except OSError as error:
        state.log(f"journal: {error}")
