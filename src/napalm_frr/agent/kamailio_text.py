"""Grammar of the section `kamailio`: a conference server in words of our own. The agent turns them into kamailio.cfg.

listen udp|tcp|tls ADDRESS:PORT     one or more
domain NAME                         one
clients PREFIX                      one or more: who may talk to it at all
tos 0-255                           one: of everything that it sends
account NAME password SECRET        any number

In this order, lines of one word sorted and not repeated. Whoever may commit is not root, and kamailio.cfg can run
programs: nothing of it can be said here. An empty section means that Kamailio does not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from napalm_frr.agent.baresip_text import ACCOUNT, SECRET
from napalm_frr.document import DocumentError

KINDS = ("listen", "domain", "clients", "tos", "account")
ONE, _AT_LEAST_ONE = ("domain", "tos"), ("listen", "domain", "clients", "tos")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+\Z")
LISTEN = re.compile(r"(udp|tcp|tls) (\d+(?:\.\d+){3}|\[[0-9a-f:]+\]):([1-9]\d{0,4})\Z")
_ACCOUNT = re.compile(rf"({ACCOUNT}) password ({SECRET})\Z")
_TOS = re.compile(r"(?:0|[1-9]\d{0,2})\Z")


@dataclass
class Server:
    """What a section says; lists in the order of their lines."""

    listens: list[tuple[str, str]] = field(default_factory=list)
    domain: str = ""
    clients: list[str] = field(default_factory=list)
    tos: int = 0
    accounts: dict[str, str] = field(default_factory=dict)

    @property
    def has_tls(self) -> bool:
        """Whether it needs a key and a certificate."""
        return any(transport == "tls" for transport, _ in self.listens)


def parse(text: str) -> Server | None:
    """None when the section is empty. Raises DocumentError at the first wrong line."""
    lines = text.splitlines()
    if not lines:
        return None
    server = Server()
    last = ("", "")
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(" ")
        if kind not in KINDS:
            raise _fault(number, f"unknown word {kind!r}; known: {', '.join(KINDS)}")
        if last[0] and KINDS.index(kind) < KINDS.index(last[0]):
            raise _fault(number, f"{kind} lines stand before {last[0]} lines")
        if kind == last[0] and kind in ONE:
            raise _fault(number, f"a second {kind}")
        if kind == last[0] and rest.partition(" password ")[0] <= last[1].partition(" password ")[0]:
            raise _fault(number, f"{kind} lines are sorted and not repeated")
        last = (kind, rest)
        if message := fault(line):
            raise _fault(number, message)
        _take(server, kind, rest)
    kinds = {line.partition(" ")[0] for line in lines}
    if missing := [kind for kind in _AT_LEAST_ONE if kind not in kinds]:
        raise _fault(len(lines), f"{missing[0]} is missing")
    return server


def fault(line: str) -> str:
    """What is wrong with a line by itself, or ""; never with a secret in it."""
    kind, _, rest = line.partition(" ")
    if kind == "listen":
        match = LISTEN.match(rest)
        is_good = match and is_address(match)
        return "" if is_good else "a listen line is: listen udp|tcp|tls ADDRESS:PORT, IPv6 in brackets"
    if kind == "domain":
        return "" if DOMAIN.match(rest) else "a domain is a name of lower case letters, digits, hyphens and dots"
    if kind == "clients":
        is_good = "/" in rest and _is_canonical(rest, ip_network)
        return "" if is_good else "a clients line is: clients PREFIX, as short as it can be said"
    if kind == "tos":
        return "" if _TOS.match(rest) and int(rest) <= 255 else "tos is 0 to 255"
    return "" if _ACCOUNT.match(rest) else f"an account line is: account NAME password SECRET, the secret {SECRET}"


def is_address(listen: re.Match[str]) -> bool:
    """Whether address and port that LISTEN found are real."""
    return _is_canonical(listen[2].strip("[]"), ip_address) and int(listen[3]) <= 65535


def _take(server: Server, kind: str, rest: str) -> None:
    if kind == "listen":
        transport, _, address = rest.partition(" ")
        server.listens.append((transport, address))
    elif kind == "domain":
        server.domain = rest
    elif kind == "clients":
        server.clients.append(rest)
    elif kind == "tos":
        server.tos = int(rest)
    else:
        name, _, secret = rest.partition(" password ")
        server.accounts[name] = secret


def _is_canonical(text: str, read: Callable[[str], object]) -> bool:
    try:
        return str(read(text)) == text
    except ValueError:
        return False


def _fault(line: int, message: str) -> DocumentError:
    return DocumentError("kamailio", line, message)
