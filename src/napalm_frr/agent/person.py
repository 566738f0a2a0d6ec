"""The key with which the person logged in on whose behalf this agent runs.

Environment variables and files of the session belong to its account, which could forge them. What it cannot forge: the
root-owned sshd among the agent's ancestors, the address and port of that sshd's connection, and what sshd logged when
it accepted the key of that connection.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import socket
from pathlib import Path

from napalm_frr.agent import process
from napalm_frr.agent.system_text import Key

_LOGS = (Path("/var/log/sshd.log"), Path("/var/log/auth.log"))
_TAIL = 1024 * 1024
_SOCKET = re.compile(r"socket:\[(\d+)\]\Z")
_ESTABLISHED = "01"


def fingerprint() -> str:
    """`SHA256:…` as OpenSSH prints it; "" when the agent was not called over SSH, or no log tells."""
    with contextlib.suppress(OSError, ValueError, process.CommandError):
        sshd = _sshd()
        if sshd and (peer := _peer(sshd)):
            return find(_logged(sshd), *peer)
    return ""


def find(log: str, address: str, port: int) -> str:
    """The key of the connection that was accepted last from this address and port."""
    accepted = rf"Accepted publickey for \S+ from {re.escape(address)} port {port} ssh2: \S+ (SHA256:\S+)"
    matches = re.findall(accepted, log)
    return str(matches[-1]) if matches else ""


def owner(print_: str, keys: list[Key]) -> str:
    """Whose key it is, by the declared keys; "" when it is nobody's."""
    return next((key.owner for key in keys if print_ == of(key)), "")


def of(key: Key) -> str:
    """The fingerprint of a declared key."""
    digest = hashlib.sha256(base64.b64decode(key.base64)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _sshd() -> int:
    """The nearest ancestor that is a root-owned sshd with a connection; 0 when there is none."""
    pid = os.getppid()
    while pid > 1:
        directory = Path("/proc") / str(pid)
        status = dict(line.partition(":\t")[::2] for line in (directory / "status").read_text().splitlines())
        is_sshd = (directory / "exe").readlink().name in ("sshd", "sshd-session")
        if is_sshd and status["Uid"].split()[:3] == ["0"] * 3 and _peer(pid):
            return pid
        pid = int(status["PPid"])
    return 0


def _peer(pid: int) -> tuple[str, int] | None:
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if match := _SOCKET.match(str(link.readlink())):
                inodes.add(match[1])
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            if words[9] in inodes and words[3] == _ESTABLISHED:
                host, _, port = words[2].partition(":")
                return _address(host), int(port, 16)
    return None


def _address(text: str) -> str:
    """The kernel prints 32-bit words in the machine's order."""
    data = b"".join(bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8))
    mapped = bytes(10) + b"\xff\xff"
    if data.startswith(mapped) and len(data) == 16:
        data = data[12:]
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def _logged(sshd: int) -> str:
    if Path("/run/systemd/system").is_dir():
        return process.run(["journalctl", "-q", "-o", "cat", f"_PID={sshd}"])
    texts = []
    for path in _LOGS:
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            texts.append(file.read().decode("ascii", errors="replace"))
    return "".join(texts)
