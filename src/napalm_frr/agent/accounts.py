"""Login accounts: uid 1000..59999, shell /bin/sh, password '*' (none, but not locked for sshd), no further groups."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import signal
from pathlib import Path

from napalm_frr.agent import process

_HOMES = Path("/var/home")
_SHELL = "/bin/sh"
_NO_LOGIN = ("/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/false", "/bin/sync")


def lines() -> list[str]:
    """`account NAME`, sorted. What is not as declared accounts are is appended, so that it shows as a difference.

    A system account shows only when somebody could use it: with a login shell, or a password other than none.
    """
    passwords = _password_fields()
    found = []
    for entry in pwd.getpwall():
        password = passwords.get(entry.pw_name, "*")
        if _is_persons(entry):
            found.append(" ".join(["account", entry.pw_name, *_deviations(entry, password)]))
        elif entry.pw_name != "root" and (words := _usable(entry, password)):
            found.append(" ".join(["account", entry.pw_name, f"uid={entry.pw_uid}", *words]))
    return sorted(found)


def apply(declared: list[str]) -> None:
    """Creates what is missing, removes what is not declared, repairs what deviates. Raises CommandError."""
    actual = {line.split(" ")[1]: line for line in lines()}
    for name in sorted(set(actual) - set(declared)):
        entry = pwd.getpwnam(name)
        if not _is_persons(entry):  # a package may need it, but nobody logs in with it
            process.run(["usermod", "--shell", _NO_LOGIN[0], "--password", "*", name])
            continue
        _end_processes(entry.pw_uid)
        process.run(["userdel", "--force", "--remove", name], ok=(0, 12))
    for name in declared:
        if name not in actual:
            _create(name)
        elif actual[name] != f"account {name}":
            process.run(["usermod", "--shell", _SHELL, "--password", "*", "--groups", "", name])


def _create(name: str) -> None:
    _HOMES.mkdir(parents=True, exist_ok=True)
    place = ["--create-home", "--base-dir", str(_HOMES), "--skel", "/nonexistent"]
    process.run(["useradd", *place, "--shell", _SHELL, "--password", "*", name])


def _is_persons(entry: pwd.struct_passwd) -> bool:
    return 1000 <= entry.pw_uid < 60000 or (entry.pw_uid == 0 and entry.pw_name != "root")


def _usable(entry: pwd.struct_passwd, password: str) -> list[str]:
    words = [] if password.startswith(("*", "!")) else ["password=set"]
    return words + ([] if entry.pw_shell in _NO_LOGIN else [f"shell={entry.pw_shell}"])


def _password_fields() -> dict[str, str]:
    rows = (line.split(":") for line in Path("/etc/shadow").read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) > 1}


def _deviations(entry: pwd.struct_passwd, password: str) -> list[str]:
    groups = sorted(group.gr_name for group in grp.getgrall() if entry.pw_name in group.gr_mem)
    return [
        word
        for word, is_so in (
            (f"groups={','.join(groups)}", groups),
            ("password=set", password != "*"),
            (f"shell={entry.pw_shell}", entry.pw_shell != _SHELL),
            ("uid=0", entry.pw_uid == 0),
        )
        if is_so
    ]


def _end_processes(uid: int) -> None:
    """A removed person's sessions end with the account."""
    if uid == 0:
        return
    for directory in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if directory.stat().st_uid == uid:
                os.kill(int(directory.name), signal.SIGKILL)
