"""Registrations: who is registered at the conference server is declared, and comes from the address of its endpoint.

No commit is judged by it: somebody with a room's password must not keep the server from getting another one.
"""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.conference import records
from tslcd.conference.server import ServerIntent


def problems(intent: ServerIntent, device: NetworkDriver) -> list[str]:
    """Accounts that register from somewhere else, or that nobody has declared; a bridge that is not there."""
    own = {account.name: (account.address_v4, account.address_v6) for account in intent.accounts}
    found = []
    registrations = json.loads(device.cli(["show registrations"])["show registrations"])
    if intent.bridge and intent.bridge.account.name not in {one["account"] for one in registrations}:
        found.append(f"the bridge ({intent.bridge.account.name}) is not registered")
    for registration in registrations:
        account, source = registration["account"], records.address(registration["from"])
        if account not in own:
            found.append(f"{account} is registered, but not declared")
        elif source not in own[account]:
            found.append(f"{account} is registered from {source or registration['from']}, not from its endpoint")
    return found
