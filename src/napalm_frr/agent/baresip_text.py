"""Grammar of the section `baresip`: what a conference endpoint is set to, in baresip's own words.

config KEY VALUE            lines of its file `config`, in their order
accounts <sip:…>;…          lines of its file `accounts`

Only keys, modules and parameters that are listed here: none of them runs a program, reads a file of somebody's choice
or lets others than this machine control calls. An empty section means that baresip does not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from napalm_frr.document import DocumentError

KINDS = ("config", "accounts")
MODULES_DIRECTORY = "/usr/lib/baresip/modules"
LONGEST_ACCOUNT = 511
"""Characters of a line of `accounts`; baresip 1.0.0 cuts what is longer, and says nothing."""

_NUMBER, _RANGE = r"(?:0|[1-9]\d{0,8})", r"[1-9]\d{0,4}-[1-9]\d{0,4}"
_WITH_PORT = r"(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:]{2,39}\]):\d{1,5}"
_SINK, _PICTURE = r"aubridge,[a-z0-9]{1,20}", r"(?:fakevideo,nil|vidbridge,[a-z0-9]{1,20})"
_MODULE = r"(?:g711|g722|opus|ausine|aubridge|avcodec|avformat|fakevideo|vidbridge|uuid|srtp|account|menu|ctrl_tcp)\.so"
_CONFIG = {
    "poll_method": "epoll",
    "sip_listen": _WITH_PORT,
    "sip_cafile": r"/etc/ssl/(?:certs/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,100}",
    "call_local_timeout": _NUMBER,
    "call_max_calls": _NUMBER,
    "audio_source": rf"(?:ausine,{_NUMBER}|{_SINK})",
    "audio_player": _SINK,
    "audio_alert": _SINK,
    "ausrc_srate": _NUMBER,
    "ausrc_channels": "[12]",
    "video_source": _PICTURE,
    "video_display": _PICTURE,
    "video_bitrate": _NUMBER,
    "rtp_tos": r"(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])",
    "rtp_ports": _RANGE,
    "rtp_bandwidth": r"\d{1,7}-\d{1,7}",
    "rtp_stats": "yes|no",
    "ctrl_tcp_listen": r"127\.0\.0\.1:[1-9]\d{0,4}",
    "module_path": re.escape(MODULES_DIRECTORY),
    "module": _MODULE,
    "module_app": _MODULE,
}
_REPEATED = ("module", "module_app")
_REQUIRED = ("config ctrl_tcp_listen ", "config module account.so", "config module_app ctrl_tcp.so")
_TRANSPORT = "transport=(?:udp|tcp|tls)"
ACCOUNT = r"[a-z0-9][a-z0-9._-]{0,62}"
_AOR = re.compile(rf"<sip:({ACCOUNT})@([a-z0-9][a-z0-9.-]{{0,252}})(?:;{_TRANSPORT})?>")
_PARAMETER = re.compile(r';([a-z_]+)=("[^"]*"|[^;"]*)')
_CODECS = r"[A-Za-z0-9]{1,16}(?:/\d{1,6}(?:/[12])?)?"
SECRET = r"[A-Za-z0-9._~+/=-]{8,128}"
"""Letters that neither baresip nor Kamailio takes for anything else than a part of the secret."""
_PARAMETERS = {
    "auth_user": ACCOUNT,
    "auth_pass": SECRET,
    "outbound": rf'"sip:{_WITH_PORT}(?:;{_TRANSPORT})?"',
    "regint": r"[1-9]\d{0,4}",
    "mediaenc": "srtp|srtp-mand|srtp-mandf",
    "answermode": "auto|manual",
    "audio_codecs": rf"{_CODECS}(?:,{_CODECS})*",
    "video_codecs": rf"{_CODECS}(?:,{_CODECS})*",
    "mwi": "no",
}
_NEEDED = ("auth_pass", "outbound")


@dataclass(frozen=True)
class Account:
    """A line of `accounts`, as far as others need it: who registers, in which domain, with which server."""

    user: str
    domain: str
    server: str


@dataclass
class Endpoint:
    """What a section says: the lines of both files, and the accounts that are in them."""

    config: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    parsed: list[Account] = field(default_factory=list)

    @property
    def control(self) -> tuple[str, int]:
        """Where ctrl_tcp listens."""
        words = next(line for line in self.config if line.startswith("ctrl_tcp_listen ")).split(" ")
        host, _, port = words[1].rpartition(":")
        return host, int(port)


def parse(text: str) -> Endpoint | None:
    """None when the section is empty. Raises DocumentError at the first wrong line."""
    lines = text.splitlines()
    if not lines:
        return None
    found = Endpoint()
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(" ")
        if kind not in KINDS:
            raise _fault(number, f"unknown word {kind!r}; known: {', '.join(KINDS)}")
        if kind == "config" and found.accounts:
            raise _fault(number, "config lines stand before accounts lines")
        if message := fault(line):
            raise _fault(number, message)
        key = rest.partition(" ")[0]
        if kind == "config" and key not in _REPEATED and any(this.startswith(f"{key} ") for this in found.config):
            raise _fault(number, f"a second {key}")
        (found.config if kind == "config" else found.accounts).append(rest)
        if kind == "accounts":
            found.parsed.append(account(rest))
    if missing := [words.rstrip() for words in _REQUIRED if not any(line.startswith(words) for line in lines)]:
        raise _fault(len(lines), f"must contain: {'; '.join(missing)}")
    if not found.accounts:
        raise _fault(len(lines), "an accounts line is missing")
    return found


def fault(line: str) -> str:
    """What is wrong with a line by itself, or ""."""
    kind, _, rest = line.partition(" ")
    return _config_fault(rest) if kind == "config" else _account_fault(rest)


def account(line: str) -> Account:
    """From a line that is valid."""
    head = _AOR.match(line)
    outbound = dict(_PARAMETER.findall(line))["outbound"]
    if head is None:
        raise ValueError("not an account")
    return Account(head[1], head[2], outbound.strip('"').removeprefix("sip:").partition(";")[0])


def _config_fault(line: str) -> str:
    key, _, value = line.partition(" ")
    if key not in _CONFIG:
        return f"config {key!r} is not allowed; known: {', '.join(_CONFIG)}"
    if not re.fullmatch(_CONFIG[key], value):
        return f"config {key} may only be {_CONFIG[key]}"
    if key == "sip_listen":
        return _address_fault(value)
    low, _, high = value.partition("-")
    return f"{key}: {value} is no range" if high and key.startswith("rtp_") and int(low) > int(high) else ""


def _account_fault(line: str) -> str:
    head = _AOR.match(line)
    if not head:
        return "an accounts line begins with <sip:USER@DOMAIN> or <sip:USER@DOMAIN;transport=…>"
    if len(line) > LONGEST_ACCOUNT:
        return f"{len(line)} characters; baresip reads {LONGEST_ACCOUNT} and cuts the rest"
    rest = line[head.end() :]
    found = _PARAMETER.findall(rest)
    if "".join(f";{key}={value}" for key, value in found) != rest:
        return "after the address come parameters: ;KEY=VALUE"
    names = [key for key, _ in found]
    for key, value in found:
        if key not in _PARAMETERS:
            return f"parameter {key!r} is not allowed; known: {', '.join(_PARAMETERS)}"
        if names.count(key) > 1:
            return f"a second {key}"
        if not re.fullmatch(_PARAMETERS[key], value):
            return f"{key} may only be {_PARAMETERS[key]}"  # without the value: it may be a secret
        if key == "outbound" and (message := _address_fault(value.strip('"')[4:].partition(";")[0])):
            return message
    missing = [key for key in _NEEDED if key not in names]
    return f"{missing[0]} is missing" if missing else ""


def _address_fault(text: str) -> str:
    host, _, port = text.rpartition(":")
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return f"{host} is no address"
    return "" if int(port) <= 65535 else f"{port} is no port"


def _fault(line: int, message: str) -> DocumentError:
    return DocumentError("baresip", line, message)
