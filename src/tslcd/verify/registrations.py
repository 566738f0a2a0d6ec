"""Registrations: who is registered at the conference server is declared, and comes from the address of its endpoint.

No commit is judged by it: somebody with a room's password must not keep the server from getting another one.
"""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.conference import records
from tslcd.conference.server import ServerIntent


def problems(intent: ServerIntent, device: NetworkDriver) -> list[str]:
    """Accounts that register from somewhere else, or that nobody has declared."""
    own = {account.name: (account.address_v4, account.address_v6) for account in intent.accounts}
    found = []
    for registration in json.loads(device.cli(["show registrations"])["show registrations"]):
        account, source = registration["account"], records.address(registration["from"])
        if account not in own:
            found.append(f"{account} is registered, but not declared")
        elif source not in own[account]:
            found.append(f"{account} is registered from {source or registration['from']}, not from its endpoint")
    return found
