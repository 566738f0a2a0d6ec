"""Grammar of the section `system`, and what it may never say.

Whoever may commit is not root on the router: a document that would hand out more than the agent itself is refused here
(sudo rules for other programs, keys of undeclared accounts, sshd options that read files or run programs, sysctls
outside `net.`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from napalm_frr.agent import PATH, route
from napalm_frr.document import DocumentError

DAEMONS = (
    "babeld",
    "bfdd",
    "bgpd",
    "eigrpd",
    "fabricd",
    "isisd",
    "ldpd",
    "nhrpd",
    "ospf6d",
    "ospfd",
    "pathd",
    "pbrd",
    "pim6d",
    "pimd",
    "ripd",
    "ripngd",
    "vrrpd",
)
AUTHORIZED_KEYS = "/etc/ssh/authorized_keys.d"
KINDS = ("hostname", "daemon", "account", "key", "sysctl", "sudo", "sshd", "mtu")

_NAME = r"[a-z][a-z0-9_-]{0,30}"
_HOSTNAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_ACCOUNT = re.compile(rf"{_NAME}\Z")
_KEY = re.compile(rf"({_NAME}) ([A-Za-z0-9._@-]+) ([a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)\Z")
_KEY_TYPES = ("ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "sk-ecdsa-sha2-nistp256@openssh.com")
_SYSCTL = re.compile(r"(net(?:\.[A-Za-z0-9_-]+)+) = (-?\d+(?: \d+)*|[a-z][a-z0-9_]*)\Z")
_AGENT_CALL = rf"(?:{re.escape(route.SUDO)}|{re.escape(PATH)}(?: [a-z][a-z0-9_-]*)*)"
_SUDO = re.compile(rf"({_NAME}) ALL=\(root\) NOPASSWD: {_AGENT_CALL}(?:, {_AGENT_CALL})*\Z")
_MTU = re.compile(r"([a-z][a-z0-9.-]{0,14}) (\d+)\Z")
_MTUS = range(1280, 9217)
USUAL_MTU = 1500
"""What an interface has of which no document says anything else, bytes."""
_NUMBER, _WORDS, _YES_NO = r"\d+", r"[A-Za-z0-9@.,+-]+", "yes|no"
_SSHD = {
    "Port": _NUMBER,
    "AddressFamily": "any|inet|inet6",
    "ListenAddress": r"[0-9a-f:.\[\]]+",
    "HostKey": "/etc/ssh/ssh_host_ed25519_key",
    "PermitRootLogin": "no",
    "UsePAM": "no",
    "UseDNS": "no",
    "PasswordAuthentication": "no",
    "KbdInteractiveAuthentication": "no",
    "PubkeyAuthentication": "yes",
    "HostbasedAuthentication": "no",
    "PermitEmptyPasswords": "no",
    "AuthenticationMethods": "publickey",
    "AuthorizedKeysFile": f"{AUTHORIZED_KEYS}/%u",
    "PermitUserRC": "no",
    "PermitUserEnvironment": "no",
    "ExposeAuthInfo": "yes|no",
    "AllowUsers": rf"{_NAME}(?: {_NAME})*",
    "MaxStartups": r"\d+(:\d+:\d+)?",
    "MaxSessions": _NUMBER,
    "MaxAuthTries": _NUMBER,
    "LoginGraceTime": _NUMBER,
    "ClientAliveInterval": _NUMBER,
    "ClientAliveCountMax": _NUMBER,
    "TCPKeepAlive": _YES_NO,
    "DisableForwarding": "yes",
    "AllowAgentForwarding": "no",
    "AllowTcpForwarding": "no",
    "AllowStreamLocalForwarding": "no",
    "X11Forwarding": "no",
    "PermitTunnel": "no",
    "GatewayPorts": "no",
    "PermitTTY": _YES_NO,
    "PrintMotd": "no",
    "PrintLastLog": "no",
    "Compression": "no",
    "LogLevel": "INFO|VERBOSE",
    "SyslogFacility": "AUTH|AUTHPRIV",
    "StrictModes": "yes",
    "KexAlgorithms": _WORDS,
    "Ciphers": _WORDS,
    "MACs": _WORDS,
    "HostKeyAlgorithms": _WORDS,
    "PubkeyAcceptedAlgorithms": _WORDS,
    "RekeyLimit": r"[0-9KMG]+( [0-9smh]+)?",
    "Match": rf"User {_NAME}|all",
    "ForceCommand": rf"{re.escape(PATH)} auditor-shell",
}
_SSHD_REQUIRED = (
    "PermitRootLogin no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "DisableForwarding yes",
    "PermitUserRC no",
    f"AuthorizedKeysFile {AUTHORIZED_KEYS}/%u",
)


@dataclass(frozen=True)
class Key:
    """A public key that may log in as `account`; `owner` is the person."""

    account: str
    owner: str
    kind: str
    base64: str


@dataclass
class System:
    """What a section says; every list in the order of its lines."""

    hostname: str = ""
    daemons: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    sysctls: dict[str, str] = field(default_factory=dict)
    sudo: list[str] = field(default_factory=list)
    sshd: list[str] = field(default_factory=list)
    mtus: dict[str, int] = field(default_factory=dict)


def parse(text: str) -> System:
    """Reads and checks a section. Raises DocumentError at its first wrong line."""
    system = System()
    lines = text.splitlines()
    last = ("", "")
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(" ")
        if kind not in KINDS:
            raise DocumentError("system", number, f"unknown word {kind!r}; known: {', '.join(KINDS)}")
        _refuse_disorder(last, (kind, rest), number)
        last = (kind, rest)
        if message := _READERS[kind](system, rest):
            raise DocumentError("system", number, message)
    if message := _whole(system):
        raise DocumentError("system", len(lines), message)
    return system


def accepted(text: str) -> str:
    """The lines of a running section that a document could hold too."""
    system = System()
    kept: list[str] = []
    last = ("", "")
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        try:
            if kind not in KINDS or _READERS[kind](system, rest):
                continue
            _refuse_disorder(last, (kind, rest), 0)
        except DocumentError:
            continue
        last = (kind, rest)
        kept.append(line)
    return "".join(f"{line}\n" for line in kept)


def _refuse_disorder(last: tuple[str, str], this: tuple[str, str], number: int) -> None:
    if last[0] and KINDS.index(this[0]) < KINDS.index(last[0]):
        raise DocumentError("system", number, f"{this[0]} lines stand before {last[0]} lines")
    if this[0] == last[0] and this[0] not in ("sudo", "sshd") and this[1] <= last[1]:
        raise DocumentError("system", number, f"{this[0]} lines are sorted and not repeated")


def _hostname(system: System, rest: str) -> str:
    if system.hostname or not _HOSTNAME.match(rest):
        return "one hostname of lower case letters, digits and hyphens"
    system.hostname = rest
    return ""


def _daemon(system: System, rest: str) -> str:
    system.daemons.append(rest)
    return "" if rest in DAEMONS else f"unknown FRR daemon {rest!r} (zebra and staticd always run and are not listed)"


def _account(system: System, rest: str) -> str:
    system.accounts.append(rest)
    return "" if _ACCOUNT.match(rest) else "an account name is [a-z][a-z0-9_-]*"


def _key(system: System, rest: str) -> str:
    match = _KEY.match(rest)
    if not match:
        return "a key line is: key ACCOUNT OWNER TYPE BASE64"
    key = Key(*match.groups())
    if key.account not in system.accounts:
        return f"key of the undeclared account {key.account}"
    if key.kind not in _KEY_TYPES:
        return f"key type {key.kind} is not one of {', '.join(_KEY_TYPES)}"
    try:
        blob = base64.b64decode(key.base64, validate=True)
    except binascii.Error:
        return "the key is not base64"
    if blob[4 : 4 + int.from_bytes(blob[:4])] != key.kind.encode():
        return "the key is not of the type that it names"
    system.keys.append(key)
    return ""


def _sysctl(system: System, rest: str) -> str:
    match = _SYSCTL.match(rest)
    if not match:
        return "a sysctl line is: sysctl net.NAME = VALUE"
    system.sysctls[match[1]] = match[2]
    return ""


def _sudo(system: System, rest: str) -> str:
    match = _SUDO.match(rest)
    if not match:
        return f"a sudo line is: sudo ACCOUNT ALL=(root) NOPASSWD: {PATH} [VERB …][, …]; nothing else may be allowed"
    if match[1] not in system.accounts:
        return f"sudo rule of the undeclared account {match[1]}"
    system.sudo.append(rest)
    return ""


def _sshd(system: System, rest: str) -> str:
    keyword, _, value = rest.partition(" ")
    if keyword not in _SSHD:
        return f"sshd option {keyword!r} is not allowed"
    if not re.fullmatch(_SSHD[keyword], value):
        return f"sshd option {keyword} may only be {_SSHD[keyword]}"
    system.sshd.append(rest)
    return ""


def _mtu(system: System, rest: str) -> str:
    match = _MTU.match(rest)
    if not match or int(match[2]) not in _MTUS or match[2] != str(int(match[2])):
        return f"an mtu line is: mtu INTERFACE BYTES, with {_MTUS[0]} to {_MTUS[-1]} bytes"
    if int(match[2]) == USUAL_MTU:
        return f"{USUAL_MTU} bytes are usual and not written"
    if match[1] in system.mtus:
        return f"a second mtu of {match[1]}"
    system.mtus[match[1]] = int(match[2])
    return ""


_READERS: dict[str, Callable[[System, str], str]] = {
    "hostname": _hostname,
    "daemon": _daemon,
    "account": _account,
    "key": _key,
    "sysctl": _sysctl,
    "sudo": _sudo,
    "sshd": _sshd,
    "mtu": _mtu,
}


def _whole(system: System) -> str:
    if not system.hostname:
        return "hostname is missing"
    matches = [n for n, line in enumerate(system.sshd) if line.startswith("Match ")]
    general = system.sshd[: matches[0]] if matches else system.sshd
    absent = [line for line in _SSHD_REQUIRED if line not in general]
    return f"sshd lines must contain: {'; '.join(absent)}" if absent else ""


def is_declarable(line: str) -> bool:
    """False for lines that only a running section has, to show what no document declares."""
    kind, _, rest = line.partition(" ")
    if kind == "account":
        return bool(_ACCOUNT.match(rest))
    return kind in KINDS and (kind != "daemon" or rest in DAEMONS)
