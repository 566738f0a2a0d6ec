"""The transaction: snapshot, timer, apply, compare; then confirm, or back to the snapshot by the same way."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from napalm_frr.agent import (
    apply,
    chain,
    check,
    danger,
    frr_daemons,
    going_back,
    ovs,
    person,
    restorable,
    running,
    sealed,
    state,
    system_text,
    timer,
)
from napalm_frr.agent.going_back import APPLY_LIMIT_S, Answer
from napalm_frr.agent.process import CommandError
from napalm_frr.agent.state import Facts, Pending
from napalm_frr.document import Document, join, kind_of, split

# Daemons that were just killed are back within this time.
_SETTLE_LIMIT_S = 10


class RefusedError(Exception):
    """A request that the state of the router does not allow; `facts` go into the answer."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.facts = facts


@dataclass(frozen=True)
class Request:
    """What somebody wants committed; `revert_in` in seconds, 0 means no confirm is awaited."""

    text: str
    facts: Facts
    revert_in: int = 0
    allow: Sequence[str] = ()


def commit(request: Request) -> Answer:
    """Result `refused`, `unchanged`, `pending`, `committed` or `reverted`.

    Raises RefusedError, LockedError, CommandError.
    """
    with state.lock():
        _refuse_while_pending()
        start = time.monotonic()
        commit_id = os.urandom(8).hex()
        confirmed = _confirmed()
        try:
            state.start(commit_id)
            before = _settled(confirmed)
            read = time.monotonic()
            state.note("check")
            report = check.check(request.text, kind_of(confirmed))
        except OSError as error:
            raise RefusedError(f"nothing was changed: {error}") from error
        if not report.ok or report.document is None:
            return {"result": "refused", "errors": report.errors}
        spent = {"snapshot": round((read - start) * 1000), "check": round((time.monotonic() - read) * 1000)}
        if dict(before) == dict(report.document):
            _confirm_unchanged(commit_id, request)
            return {"result": "unchanged", "ms": spent}
        back = _back(before, confirmed)
        _refuse_danger(danger.found(back, report.document), request.allow)
        request = replace(request, facts=_with_person(request.facts, back))
        answer = _change(commit_id, request, report.document, before, back)
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
            return going_back.revert(_pending(commit_id), "rollback", "asked for")
        confirmed = state.confirmed()
        previous = sealed.unseal(state.PREVIOUS.read_text(encoding="utf-8")) if state.PREVIOUS.exists() else None
        if not commit_id or not confirmed or commit_id != confirmed.facts.get("id") or not previous:
            raise RefusedError("nothing to roll back: no commit is pending, and the last confirmed one is another")
        before = running.read()
        back = _back(before, split(confirmed.text))
        facts = Facts(str(confirmed.facts["owner"]), f"rollback of {commit_id}")
        new_id = os.urandom(8).hex()
        state.start(new_id)
        answer = _change(new_id, Request(previous.text, _with_person(facts, back)), split(previous.text), before, back)
        state.PREVIOUS.unlink(missing_ok=True)
        return answer | {"result": "reverted"} if answer["result"] == "committed" else answer


def status() -> Answer:
    """What an engineer or auditor wants to know about the transaction state."""
    this = state.pending()
    records = chain.read(state.COMMITS)
    return {
        "pending": this.as_dict() if this else None,
        "confirmed": state.confirmed_facts(),
        "last": records[-1] if records else None,
        "records": {"number": len(records), "first_broken": chain.first_broken(records)},
    }


def _change(commit_id: str, request: Request, wanted: Document, before: Document, back: Document) -> Answer:
    this = Pending(
        id=commit_id,
        facts=request.facts,
        deadline=time.monotonic() + (request.revert_in or APPLY_LIMIT_S),
        revert_in=request.revert_in,
        at=state.utc(time.time()),
        boot=state.boot_id(),
    )
    try:
        state.begin(this, join(back), request.text)
    except OSError as error:
        raise RefusedError(f"nothing was changed, there is no space to be able to go back: {error}") from error
    state.log(f"{this.id} begin revert_in={request.revert_in} {request.facts}")
    spent: apply.Steps = {}
    reason = ""
    left: dict[str, str] = {}
    try:
        state.note("timer")
        timer.start(this.id, going_back.settle)
        spent |= apply.apply(wanted, before, state.note)
        state.note("compare")
        compare_start = time.monotonic()
        left = apply.differences(wanted)
        spent["compare"] = round((time.monotonic() - compare_start) * 1000)
        if not left:
            sums = state.sha256(join(wanted))
            state.note("applied", candidate=sums, running=sums)  # compared just now: they are the same text
            if not request.revert_in:
                state.end_confirmed(this)
    except (CommandError, OSError) as error:
        reason = str(error)
    if reason or left:
        reason = reason or f"after applying, {', '.join(left)} is not as in the candidate"
        return going_back.revert(this, "agent", reason) | {"differences": left, "ms": spent}
    return {"result": "pending" if request.revert_in else "committed", "id": this.id, "ms": spent}


def _settled(confirmed: Document) -> Document:
    """What runs. Waits a little for daemons that were just killed: half a configuration must not become the snapshot.

    Raises RefusedError when a switch or router does not answer.
    """
    deadline = time.monotonic() + _SETTLE_LIMIT_S
    while True:
        problem = ""
        try:
            before = running.read()
        except CommandError as error:
            problem = str(error)
        else:
            if kind_of(confirmed) != "router":
                return before
            if confirmed["ovs"] and not ovs.is_alive():
                problem = "Open vSwitch does not run"
            elif before["frr"] == confirmed["frr"] or frr_daemons.is_settled() or time.monotonic() > deadline:
                return before
        if problem and time.monotonic() > deadline:
            raise RefusedError(f"nothing was changed: {problem}")
        time.sleep(0.2)


def _back(before: Document, confirmed: Document) -> Document:
    daemons = frr_daemons.expected() if kind_of(confirmed) == "router" else None
    return restorable.document(before, confirmed, daemons)


def _confirmed() -> Document:
    this = state.confirmed()
    if this is None:
        raise RefusedError("no confirmed document is whole: this router could not go back")
    return split(this.text)


def _with_person(facts: Facts, running_now: Document) -> Facts:
    key = person.fingerprint()
    return replace(facts, key=key, person=person.owner(key, system_text.parse(running_now["system"]).keys))


def _confirm_unchanged(commit_id: str, request: Request) -> None:
    """A router that already is as wanted may still have confirmed another text, for example after a change by hand."""
    now = state.confirmed()
    if now is None or now.text != request.text:
        facts = _with_person(request.facts, split(request.text))
        state.confirm_text(request.text, commit_id, facts)
        sums = state.sha256(request.text)
        state.record(commit_id, facts, {"result": "confirmed"}, candidate=sums, running=sums)


def _refuse_while_pending() -> None:
    if this := state.pending():
        facts = this.as_dict()
        raise RefusedError(f"a commit of {this.facts.owner} is pending until {facts['until']}", pending=facts)


def _refuse_danger(found: dict[str, list[str]], allowed: Sequence[str]) -> None:
    if refused := {kind: reasons for kind, reasons in found.items() if kind not in allowed}:
        texts = [f"{'; '.join(reasons)} (needs --allow {kind})" for kind, reasons in refused.items()]
        raise RefusedError(f"dangerous: {'; '.join(texts)}", dangerous=refused)


def _pending(commit_id: str) -> Pending:
    this = state.pending()
    if this is None:
        raise RefusedError("no commit is pending", last=state.last())
    if commit_id and commit_id != this.id:
        raise RefusedError(f"another commit is pending, of {this.facts.owner}", pending=this.as_dict())
    return this
