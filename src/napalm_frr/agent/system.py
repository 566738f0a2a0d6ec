"""Section `system`: hostname, FRR's daemons, accounts and keys, sysctls, sudo rules, sshd."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

from napalm_frr.agent import accounts, files, process
from napalm_frr.agent.system_text import AUTHORIZED_KEYS, System

_KEYS = Path(AUTHORIZED_KEYS)
_SYSCTL_FILE = Path("/etc/sysctl.d/90-napalm-frr.conf")
_SYSCTLS_BEFORE = Path("/run/napalm-frr.sysctls")
_SUDO_DIRECTORY = Path("/etc/sudoers.d")
_SUDO_FILE = _SUDO_DIRECTORY / "napalm-frr"
_ABSENT = "absent"
_SUDOERS = Path("/etc/sudoers")
_SUDOERS_TEXT = """\
# Written by napalm-frr-agent. What may be done with sudo stands in documents.
Defaults env_reset
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults use_pty
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
"""
_SSHD_FILE = Path("/etc/ssh/sshd_config")
_HOST_KEY = Path("/etc/ssh/ssh_host_ed25519_key")


def read(daemons: Sequence[str] = ()) -> str:
    """The section as it is now, on a router with the lines of its daemons.

    A file that others put where this section rules is a line `unmanaged PATH`.
    """
    lines = [f"hostname {socket.gethostname()}"]
    lines += daemons
    lines += accounts.lines()
    lines += sorted(_key_lines())
    lines += [f"sysctl {key} = {_sysctl_value(key)}" for key in sorted(_declared_sysctls())]
    lines += [f"sudo {line}" for line in files.read(_SUDO_FILE).splitlines()]
    lines += [f"sshd {line}" for line in files.read(_SSHD_FILE).splitlines()]
    lines += [f"unmanaged {path}" for path in _unmanaged()]
    return "".join(line + "\n" for line in lines)


def apply(system: System) -> None:
    """Everything but sysctls (see `apply_sysctls`), running daemons and sshd's reload. Raises CommandError, OSError."""
    if socket.gethostname() != system.hostname:
        socket.sethostname(system.hostname)
    files.write(Path("/etc/hostname"), system.hostname + "\n")
    # sudo looks its own host up; without this line it would ask DNS, over links that may be down.
    files.write(Path("/etc/hosts"), f"127.0.0.1 localhost\n127.0.1.1 {system.hostname}\n::1 localhost\n")
    accounts.apply(system.accounts)
    _apply_keys(system)
    _apply_sudo(system)
    files.write(_SSHD_FILE, _lines(system.sshd))


def apply_sysctls(system: System) -> None:
    """Runs after the interfaces exist, because some keys carry an interface's name. Raises OSError.

    A key that no document names any more gets the value back that it had before one did.
    """
    before = _values_before_documents(list(system.sysctls))
    for key in sorted(set(_declared_sysctls()) - set(system.sysctls)):
        with contextlib.suppress(OSError):  # its interface may be gone
            _set_sysctl(key, before.get(key, _sysctl_value(key)))
    files.write(_SYSCTL_FILE, _lines([f"{key} = {value}" for key, value in system.sysctls.items()]))
    # Twice: some keys set others (forwarding resets accept_redirects).
    for key, value in [*system.sysctls.items()] * 2:
        _set_sysctl(key, value)


def _values_before_documents(keys: list[str]) -> dict[str, str]:
    """Since the kernel started; kept where a restart forgets it, as the kernel does."""
    before: dict[str, str] = json.loads(files.read(_SYSCTLS_BEFORE) or "{}")
    for key in keys:
        if (value := _sysctl_value(key)) != _ABSENT:
            before.setdefault(key, value)
    files.write(_SYSCTLS_BEFORE, json.dumps(before), mode=0o600)
    return before


def create_host_key() -> None:
    """A router without a host key gets one; it is never part of a document."""
    if not _HOST_KEY.exists():
        process.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(_HOST_KEY)])


def reload_sshd() -> None:
    """A running sshd reads its file again; its sessions stay."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
        os.kill(int(Path("/run/sshd.pid").read_text(encoding="ascii")), signal.SIGHUP)


def _lines(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


def _key_lines() -> list[str]:
    found = []
    for path in _KEYS.iterdir() if _KEYS.is_dir() else ():
        for line in files.read(path).splitlines():
            kind, _, rest = line.partition(" ")
            blob, _, owner = rest.partition(" ")
            found.append(f"key {path.name} {owner} {kind} {blob}")
    return found


def _apply_keys(system: System) -> None:
    _KEYS.mkdir(mode=0o755, parents=True, exist_ok=True)
    wanted: dict[str, list[str]] = {}
    for key in system.keys:
        wanted.setdefault(key.account, []).append(f"{key.kind} {key.base64} {key.owner}")
    for account, lines in wanted.items():
        files.write(_KEYS / account, _lines(lines))
    for path in _KEYS.iterdir():
        if path.name not in wanted:
            files.discard(path)


def _apply_sudo(system: System) -> None:
    files.write(_SUDO_FILE, _lines(system.sudo), mode=0o440)
    files.write(_SUDOERS, _SUDOERS_TEXT, mode=0o440)
    for path in _unmanaged():
        files.discard(path)


def _unmanaged() -> list[Path]:
    """Files that sudo reads and that no document knows, and /etc/sudoers when it is not the agent's."""
    found = [] if files.read(_SUDOERS) == _SUDOERS_TEXT else [_SUDOERS]
    if _SUDO_DIRECTORY.is_dir():
        found += [path for path in _SUDO_DIRECTORY.iterdir() if path != _SUDO_FILE and not _is_plain_readme(path)]
    return sorted(found)


def _is_plain_readme(path: Path) -> bool:
    """Debian's README is only comments; sudo would read anything else in it."""
    return path.name == "README" and all(line.startswith("#") or not line for line in files.read(path).splitlines())


def _declared_sysctls() -> list[str]:
    return [line.partition(" = ")[0] for line in files.read(_SYSCTL_FILE).splitlines()]


def _sysctl_path(key: str) -> Path:
    return Path("/proc/sys") / key.replace(".", "/")


def _set_sysctl(key: str, value: str) -> None:
    if _sysctl_value(key) != value:
        _sysctl_path(key).write_text(value + "\n", encoding="ascii")


def _sysctl_value(key: str) -> str:
    try:
        return " ".join(_sysctl_path(key).read_text(encoding="ascii").split())
    except OSError:
        return _ABSENT
