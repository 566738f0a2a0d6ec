"""Grammar of the section `bridge`: the member of every meeting of three and more, mixing sound, passing pictures on.

server udp|tcp|tls ADDRESS:PORT     where it registers
domain NAME                         of its account
authority FILE                      with tls alone: who must have signed the server's certificate
media FIRST-LAST                    ports of sound and pictures
dscp SIGNALLING SOUND PICTURES      0-63 each
calls NUMBER                        that it takes at once
account NAME password SECRET        by which it is called

Each once, in this order. An empty section means that there is no bridge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from napalm_frr.agent.baresip_text import ACCOUNT, SECRET
from napalm_frr.agent.kamailio_text import DOMAIN, LISTEN, is_address
from napalm_frr.document import DocumentError

_WORDS = {
    "server": (LISTEN, "server udp|tcp|tls ADDRESS:PORT, IPv6 in brackets"),
    "domain": (DOMAIN, "domain NAME, of lower case letters, digits, hyphens and dots"),
    "authority": (re.compile(r"/etc/ssl/certs/[A-Za-z0-9_][A-Za-z0-9._-]{0,100}\Z"), "authority /etc/ssl/certs/FILE"),
    "media": (re.compile(r"([1-9]\d{3,4})-([1-9]\d{3,4})\Z"), "media FIRST-LAST, 1024 to 65535"),
    "dscp": (re.compile(r"(\d|[1-5]\d|6[0-3]) (\d|[1-5]\d|6[0-3]) (\d|[1-5]\d|6[0-3])\Z"), "dscp, three times 0 to 63"),
    "calls": (re.compile(r"[1-9]\d{0,3}\Z"), "calls NUMBER"),
    "account": (
        re.compile(rf"({ACCOUNT}) password ({SECRET})\Z"),
        f"account NAME password SECRET, the secret {SECRET}",
    ),
}
_PORTS = range(1024, 65536)
_PORTS_OF_A_CALL = 4
"""Sound and pictures, each with its control packets."""


@dataclass(frozen=True)
class Bridge:
    """What a section says."""

    transport: str
    server: str
    domain: str
    authority: str
    media: tuple[int, int]
    dscp: tuple[int, int, int]
    calls: int
    account: str
    password: str


def parse(text: str) -> Bridge | None:
    """None when the section is empty. Raises DocumentError at the first wrong line."""
    lines = text.splitlines()
    if not lines:
        return None
    found: dict[str, re.Match[str]] = {}
    order = [*_WORDS]
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(" ")
        if kind not in _WORDS:
            raise _fault(number, f"unknown word {kind!r}; known: {', '.join(_WORDS)}")
        if found and order.index(kind) <= order.index([*found][-1]):
            raise _fault(number, f"a second {kind}" if kind in found else f"{kind} stands before {[*found][-1]}")
        pattern, form = _WORDS[kind]
        match = pattern.match(rest)
        if match is None or _is_out_of_range(kind, match):
            raise _fault(number, f"should be: {form}")  # without the line: it may hold a secret
        found[kind] = match
    has_tls = "server" in found and found["server"][1] == "tls"
    for kind in order:
        if kind not in found and (kind != "authority" or has_tls):
            raise _fault(len(lines), f"{kind} is missing")
    if "authority" in found and not has_tls:
        raise _fault(lines.index(f"authority {found['authority'][0]}") + 1, "authority stands with tls alone")
    most = (int(found["media"][2]) - int(found["media"][1]) + 1) // _PORTS_OF_A_CALL
    if int(found["calls"][0]) > most:
        raise _fault(lines.index(f"calls {found['calls'][0]}") + 1, f"the ports of media are enough for {most} calls")
    return Bridge(
        transport=found["server"][1],
        server=f"{found['server'][2]}:{found['server'][3]}",
        domain=found["domain"][0],
        authority=found["authority"][0] if has_tls else "",
        media=(int(found["media"][1]), int(found["media"][2])),
        dscp=(int(found["dscp"][1]), int(found["dscp"][2]), int(found["dscp"][3])),
        calls=int(found["calls"][0]),
        account=found["account"][1],
        password=found["account"][2],
    )


def _is_out_of_range(kind: str, match: re.Match[str]) -> bool:
    if kind == "server":
        return not is_address(match)
    if kind == "media":
        first, last = int(match[1]), int(match[2])
        return first not in _PORTS or last not in _PORTS or last - first + 1 < _PORTS_OF_A_CALL
    return False


def _fault(line: int, message: str) -> DocumentError:
    return DocumentError("bridge", line, message)
