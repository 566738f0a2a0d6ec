"""The transaction: snapshot, timer, apply, compare; then confirm, or back to the snapshot by the same way."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from napalm_frr.agent import apply, check, files, running, state, system_text, timer
from napalm_frr.agent.process import CommandError
from napalm_frr.agent.state import Pending
from napalm_frr.document import Document, join, split

# A commit without a revert timer still has one while it is being applied: its agent may die half way.
APPLY_LIMIT_S = 90
Answer = dict[str, Any]


class RefusedError(Exception):
    """A request that the state of the router does not allow; `facts` go into the answer."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.facts = facts


@dataclass(frozen=True)
class Request:
    """What somebody wants committed; `revert_in` in seconds, 0 means no confirm is awaited."""

    text: str
    owner: str
    message: str
    revert_in: int = 0


def commit(request: Request) -> Answer:
    """Result `refused`, `unchanged`, `pending`, `committed` or `reverted`.

    Raises RefusedError, LockedError, CommandError.
    """
    with state.lock():
        _refuse_while_pending()
        start = time.monotonic()
        report = check.check(request.text)
        if not report.ok or report.document is None:
            return {"result": "refused", "errors": report.errors}
        checked = time.monotonic()
        before = running.read()
        spent = {"check": round((checked - start) * 1000), "snapshot": round((time.monotonic() - checked) * 1000)}
        if dict(before) == dict(report.document):
            _confirm_unchanged(request)
            return {"result": "unchanged", "ms": spent}
        answer = _change(request, report.document, before)
        return answer | {"ms": spent | answer["ms"]}


def confirm(commit_id: str) -> Answer:
    """Ends the timer; the candidate is now the confirmed document. Raises RefusedError, LockedError."""
    with state.lock():
        this = _pending(commit_id)
        if this.left_s() <= 0:
            raise RefusedError("the time to confirm is over; the router is going back", pending=this.as_dict())
        state.end_confirmed(this)
        return {"result": "confirmed", "id": this.id}


def rollback(commit_id: str) -> Answer:
    """Takes back a pending commit, or (by its id) the last confirmed one.

    Raises RefusedError, LockedError, CommandError.
    """
    with state.lock():
        if state.pending():
            return revert(_pending(commit_id), "rollback", "asked for")
        last = state.facts(state.CONFIRMED_FACTS) or {}
        previous = files.read(state.PREVIOUS)
        if not commit_id or commit_id != last.get("id") or not previous:
            raise RefusedError("nothing to roll back: no commit is pending, and the last confirmed one is another")
        request = Request(previous, str(last["owner"]), f"rollback of {commit_id}")
        answer = _change(request, split(previous), running.read())
        files.remove(state.PREVIOUS)
        return answer | {"result": "reverted"} if answer["result"] == "committed" else answer


def revert(this: Pending, by: str, reason: str) -> Answer:
    """Applies the snapshot. The caller holds the lock. Tries twice, and says truthfully what is left."""
    snapshot = split(files.read(state.SNAPSHOT))
    failure = ""
    left: dict[str, str] = {}
    for _ in range(2):
        try:
            apply.apply(snapshot, running.read(), keep_going=True)
        except (CommandError, OSError) as error:
            failure = str(error)
        left = apply.differences(snapshot)
        if not left:
            break
    state.end_reverted(this, by, reason, left)
    answer: Answer = {"result": "reverted", "id": this.id, "by": by, "reason": reason, "whole": not left}
    return answer | ({"left": left, "failure": failure} if left else {})


def expire(this: Pending) -> Answer:
    """What the timer does in the end."""
    return revert(this, "timer", f"not confirmed within {this.revert_in or APPLY_LIMIT_S} s")


def status() -> Answer:
    """What an engineer or auditor wants to know about the transaction state."""
    this = state.pending()
    return {
        "pending": this.as_dict() if this else None,
        "confirmed": state.facts(state.CONFIRMED_FACTS),
        "last": state.facts(state.LAST),
    }


def _change(request: Request, wanted: Document, before: Document) -> Answer:
    this = Pending(
        id=os.urandom(8).hex(),
        owner=request.owner,
        message=request.message,
        deadline=time.monotonic() + (request.revert_in or APPLY_LIMIT_S),
        revert_in=request.revert_in,
        applier=os.getpid(),
        at=state.utc(time.time()),
    )
    state.begin(this, _restorable(before), request.text)
    timer.start(this.id)
    state.log(f"begin {this.id} {request.owner!r} revert_in={request.revert_in} message={request.message!r}")
    spent: apply.Steps = {}
    reason = ""
    left: dict[str, str] = {}
    try:
        spent |= apply.apply(wanted, before)
        compare_start = time.monotonic()
        left = apply.differences(wanted)
        spent["compare"] = round((time.monotonic() - compare_start) * 1000)
    except (CommandError, OSError) as error:
        reason = str(error)
        left = apply.differences(wanted)
    if reason or left:
        reason = reason or f"after applying, {', '.join(left)} is not as in the candidate"
        return revert(this, "agent", reason) | {"differences": left, "ms": spent}
    if not request.revert_in:
        state.end_confirmed(this)
    return {"result": "pending" if request.revert_in else "committed", "id": this.id, "ms": spent}


def _restorable(before: Document) -> str:
    """What runs, without lines that show foreign files and foreign settings: going back does not bring those back."""
    system = "".join(line + "\n" for line in before["system"].splitlines() if system_text.is_declarable(line))
    return join({**before, "system": system})


def _confirm_unchanged(request: Request) -> None:
    """A router that already is as wanted may still have confirmed another text, for example after a change by hand."""
    if files.read(state.CONFIRMED) != request.text:
        facts = {"id": os.urandom(8).hex(), "owner": request.owner, "message": request.message}
        state.confirm_text(request.text, facts)


def _refuse_while_pending() -> None:
    if this := state.pending():
        facts = this.as_dict()
        raise RefusedError(f"a commit of {this.owner} is pending until {facts['until']}", pending=facts)


def _pending(commit_id: str) -> Pending:
    this = state.pending()
    if this is None:
        raise RefusedError("no commit is pending", last=state.facts(state.LAST))
    if commit_id and commit_id != this.id:
        raise RefusedError(f"another commit is pending, of {this.owner}", pending=this.as_dict())
    return this
