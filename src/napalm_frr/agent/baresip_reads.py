"""What a conference endpoint tells of its accounts and calls, and the two things it can be asked to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from napalm_frr.agent import baresip, baresip_control
from napalm_frr.agent.baresip_text import ACCOUNT, Endpoint
from napalm_frr.agent.process import CommandError

_REGISTERED = re.compile(r"^(>?) *sip:([^@\s]+)@\S+ +(OK|ERR|zzz)\b(.*)$", re.MULTILINE)
_STATES = {"OK": "registered", "ERR": "failed", "zzz": "not registered"}
_EXPIRES = re.compile(r"Expires (\d+)s")
_CALL = re.compile(r"^>? *\[line \d+\] +(\d+):(\d+):(\d+) +([A-Z ]+?) +<?sip:([^@;>\s]+)", re.MULTILINE)
_DIRECTION = re.compile(r"^ *direction: *(\w+)", re.MULTILINE)


def registrations() -> list[dict[str, Any]]:
    """One per line of its accounts, in their order. Raises CommandError."""
    endpoint = baresip.running()
    return parse_registrations(_ask(endpoint, "reginfo"), endpoint)


def calls() -> list[dict[str, Any]]:
    """Those that it has now. Raises CommandError."""
    endpoint = baresip.running()
    found = []
    for listed in _by_account(endpoint):
        found += parse_calls(listed, _ask(endpoint, "callstat") if _CALL.search(listed) else "")
    return found


def dial(account: str) -> dict[str, str]:
    """Calls another account of its own domain, through a server with which it is registered. Raises CommandError."""
    endpoint = baresip.running()
    if not re.fullmatch(ACCOUNT, account):
        raise CommandError(["dial"], "an account is a name of lower case letters, digits, dots, hyphens")
    _turn_to_registered(endpoint)
    _ask(endpoint, "dial", f"sip:{account}@{endpoint.parsed[0].domain}")
    return {"result": "dialled", "peer": account}


def hang_up() -> dict[str, str]:
    """Ends its calls, if there are any. Raises CommandError."""
    endpoint = baresip.running()
    for listed in _by_account(endpoint):
        if _CALL.search(listed):
            _ask(endpoint, "hangup")
    return {"result": "hung up"}


def parse_registrations(text: str, endpoint: Endpoint) -> list[dict[str, Any]]:
    """From `reginfo`, whose lines stand in the order of the accounts."""
    found = []
    for account, (_, user, state, rest) in zip(endpoint.parsed, _REGISTERED.findall(text), strict=False):
        expires = _EXPIRES.search(rest)
        found.append(
            {
                "account": user,
                "server": account.server,
                "state": _STATES[state],
                "expires_s": int(expires[1]) if expires and state == "OK" else 0,
            }
        )
    return found


def parse_calls(listed: str, details: str) -> list[dict[str, Any]]:
    """From `listcalls`; the direction, of the one that is current, from `callstat`."""
    direction = _DIRECTION.search(details)
    return [
        {
            "peer": peer,
            "direction": direction[1].lower() if direction else "",
            "state": state.lower(),
            "seconds": int(hours) * 3600 + int(minutes) * 60 + int(seconds),
        }
        for hours, minutes, seconds, state, peer in _CALL.findall(listed)
    ]


def _by_account(endpoint: Endpoint) -> Iterator[str]:
    """What `listcalls` says for each account: commands are about the current one, and `uanext` turns to the next."""
    for _ in endpoint.accounts:
        yield _ask(endpoint, "listcalls")
        if len(endpoint.accounts) > 1:
            _ask(endpoint, "uanext")


def _turn_to_registered(endpoint: Endpoint) -> None:
    for _ in endpoint.accounts:
        if any(mark and state == "OK" for mark, _, state, _ in _REGISTERED.findall(_ask(endpoint, "reginfo"))):
            return
        _ask(endpoint, "uanext")
    raise CommandError(["dial"], "no account is registered with any server")


def _ask(endpoint: Endpoint, command: str, parameters: str = "") -> str:
    return baresip_control.ask(endpoint.control, command, parameters)
