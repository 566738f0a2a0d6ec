"""Puts the confirmed document in place before FRR starts."""

from __future__ import annotations

from napalm_frr.agent import files, frr, frr_daemons, nft, ovs, state, system, system_text
from napalm_frr.agent.commit import Answer, RefusedError
from napalm_frr.document import split


def boot() -> Answer:
    """Drops an unconfirmed commit. Raises RefusedError, DocumentError, CommandError, OSError."""
    if frr_daemons.is_alive("zebra"):
        raise RefusedError("FRR already runs; boot is only for the start of the router")
    with state.lock():
        dropped = state.pending()
        if dropped:
            state.end_reverted(dropped, "boot", "the router restarted before the commit was confirmed", {})
        text = files.read(state.CONFIRMED)
        if not text:
            raise RefusedError(f"{state.CONFIRMED.name} is missing")
        document = split(text)
        if not state.facts(state.CONFIRMED_FACTS):
            state.confirm_text(text, {"id": "", "owner": "", "message": "day-0"})
        declared = system_text.parse(document["system"])
        nft.apply(document["nft"])
        system.create_host_key()
        system.apply(declared)
        ovs.apply(document["ovs"])
        system.apply_sysctls(declared)
        frr_daemons.write_file(declared.daemons)
        frr.write_file(document["frr"])
        state.log("boot")
        return {"result": "booted", "dropped": dropped.id if dropped else None}
