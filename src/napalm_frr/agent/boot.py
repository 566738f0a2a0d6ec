"""Puts the confirmed document in place before FRR starts; on endpoints and servers it starts their programs, too."""

from __future__ import annotations

from napalm_frr.agent import (
    frr,
    frr_daemons,
    keepalived,
    kernel,
    kinds,
    nft,
    ovs,
    reserve,
    state,
    system,
    system_text,
    tc,
)
from napalm_frr.agent.commit import RefusedError
from napalm_frr.agent.going_back import Answer
from napalm_frr.agent.process import CommandError
from napalm_frr.agent.state import Facts
from napalm_frr.document import Document, DocumentError, kind_of, split


def boot() -> Answer:
    """Drops an unconfirmed commit. Raises RefusedError, DocumentError, CommandError, OSError."""
    if name := _running():
        raise RefusedError(f"{name} already runs; boot is only for the start of the device")
    with state.lock():
        reserve.release()
        confirmed = state.confirmed()
        if confirmed is None:
            raise RefusedError(f"{state.CONFIRMED} is missing or not whole")
        document = split(confirmed.text)
        if kind_of(document) == "router":
            _put_router(document)
        else:
            _put_other(document)
        dropped = _end_pending()
        if not confirmed.facts:
            state.confirm_text(confirmed.text, "", Facts("", "day-0"))
        else:
            state.mend_confirmed()
        state.log("boot")
        return {"result": "booted", "dropped": dropped}


def _running() -> str:
    """The program that would not see what boot puts in place, if it runs."""
    if owners := kinds.of(state.kind()):
        return next((name for name, runner in owners.items() if runner.program().is_alive()), "")
    return "FRR" if frr_daemons.is_alive("zebra") else ""


def _put_router(document: Document) -> None:
    declared = system_text.parse(document["system"])
    nft.apply(document["nft"])
    system.create_host_key()
    system.apply(declared)
    ovs.apply(document["ovs"])
    system.apply_sysctls(declared)
    kernel.set_mtus(document["frr"], document["ovs"], declared.mtus)
    _apply_queues(document["tc"])
    frr_daemons.write_file(declared.daemons)
    frr.write_file(document["frr"])
    keepalived.write_file(document["keepalived"])


def _put_other(document: Document) -> None:
    """Here nobody else starts the program. One that does not start shows as drift: the way in is not to suffer."""
    declared = system_text.parse(document["system"])
    system.create_host_key()
    system.apply(declared)
    system.apply_sysctls(declared)
    for name, runner in kinds.of(kind_of(document)).items():
        try:
            runner.start(document[name])
        except (CommandError, DocumentError, OSError) as error:
            state.log(f"boot: {error}")


def _apply_queues(text: str) -> None:
    """A router without its queues is better than none: what is missing shows as drift."""
    try:
        tc.apply(text)
    except CommandError as error:
        state.log(f"boot: {error}")


def _end_pending() -> str | None:
    """What the restart interrupted: confirmed, when its document already was; else taken back, which it is by now."""
    this = state.pending()
    if this is None:
        return None
    if state.is_confirmed(this):
        state.end_confirmed(this)
        return None
    state.end_reverted(this, "boot", "the router restarted before the commit was confirmed", {})
    return this.id
