"""What a commit has set anew at an endpoint: its server, its account, or both."""

from __future__ import annotations

import re

_LINE = re.compile(r"^([-+])accounts <(sip:[^>;]+)[^>]*>(\S*)", re.MULTILINE)
_SERVER = re.compile(r';outbound="([^"]*)"')
_PASSWORD = re.compile(r";auth_pass=([^;]*)")


def resetting(diff: str) -> frozenset[str]:
    """`server`, `account`: what differs between the lines of accounts that a commit took away and those it put there.

    :param diff: unified, from what ran to what runs; passwords as digests.
    """
    servers: dict[str, set[str]] = {"-": set(), "+": set()}
    accounts: dict[str, set[tuple[str, str]]] = {"-": set(), "+": set()}
    for side, uri, parameters in _LINE.findall(diff):
        servers[side] |= set(_SERVER.findall(parameters))
        accounts[side] |= {(uri, password) for password in _PASSWORD.findall(parameters)}
    found = {"server": servers["+"] - servers["-"], "account": accounts["+"] - accounts["-"]}
    return frozenset(name for name, new in found.items() if new)
