"""Section `kamailio`: kamailio.cfg and the server that runs with it, or neither.

Its key and certificate are delivered to the device, as sshd's host key is, and stand in no document. When nothing but
accounts changes, the running server is told, so that the registrations of all others stay.
"""

from __future__ import annotations

import contextlib
import grp
import json
import os
import pwd
from pathlib import Path

from napalm_frr.agent import files, kamailio_cfg, kamailio_control, kamailio_text, process
from napalm_frr.agent.kamailio_text import Server
from napalm_frr.agent.program import Program, within
from napalm_frr.agent.restorable import UNMANAGED
from napalm_frr.document import DocumentError

CONFIG = Path("/etc/kamailio/kamailio.cfg")
_KEY = Path("/etc/kamailio/tls.key")
_RUN = Path("/run/kamailio")
_USER = "kamailio"
_LIMIT_S = 5
# Every line of its log is one JSON object: what came from the network cannot look like another line.
_COMMAND = f"/usr/sbin/kamailio -DD -E -m 128 --log-engine=json:MU -u {_USER} -g {_USER} -f "


def program() -> Program:
    """Kamailio, as this device starts it."""
    return Program("kamailio", f"{_COMMAND}{CONFIG}", (CONFIG,), log=Path("/var/log/kamailio.log"))


def read() -> str:
    """The section as it is now."""
    text = files.read(CONFIG)
    shown = kamailio_cfg.read(text)
    if program().is_alive() != bool(text):
        return f"{UNMANAGED}kamailio {'does not run' if text else 'runs'}\n{shown}"
    if text and not program().is_current():
        return f"{UNMANAGED}kamailio runs with what it read before\n{shown}"
    return shown


def check(text: str, scratch: Path) -> list[tuple[int, str]]:
    """Lines (from 1) that the grammar refuses, or what Kamailio has against the file that would be written.

    `scratch` is a file to write. Raises CommandError.
    """
    try:
        server = kamailio_text.parse(text)
    except DocumentError as error:
        return [(error.line, error.message)]
    if server is None:
        return []
    scratch.write_text(kamailio_cfg.write(server), encoding="ascii")
    status, output, errors = process.outcome(["kamailio", "-c", "-f", str(scratch)])
    scratch.unlink()
    return [(0, (errors + output).strip()[-1000:] or f"kamailio refuses it with status {status}")] if status else []


def apply(text: str) -> None:
    """Lets Kamailio run with `text`. Raises CommandError, OSError, DocumentError."""
    server = kamailio_text.parse(text)
    if server is None:
        program().stop()
        CONFIG.unlink(missing_ok=True)
        return
    before = _running()
    if before is not None and _differs_in_accounts_alone(before, server):
        _write_files(server)  # first: a file of which the server knows half shows, and the next commit starts it anew
        _tell_accounts(before.accounts, server.accounts)
        program().remember()
        return
    start(text)
    if not within(_LIMIT_S, lambda: program().runs() and kamailio_control.is_alive()):
        raise process.CommandError(["kamailio"], f"does not start: {_last_errors()}")


def start(text: str) -> None:
    """The same without waiting whether it runs. Raises CommandError, OSError, DocumentError."""
    server = kamailio_text.parse(text)
    if server is None:
        CONFIG.unlink(missing_ok=True)
        return
    _write_files(server)
    program().restart()


def running() -> Server:
    """What it runs with. Raises CommandError."""
    if (server := _running()) is None:
        raise process.CommandError(["kamailio"], "does not run with what its document says")
    return server


def _running() -> Server | None:
    """None unless the server runs with a file that a document can say whole."""
    with contextlib.suppress(DocumentError):
        return kamailio_text.parse(read())
    return None


def _differs_in_accounts_alone(one: Server, other: Server) -> bool:
    return (one.listens, one.domain, one.clients, one.tos) == (other.listens, other.domain, other.clients, other.tos)


def _tell_accounts(before: dict[str, str], wanted: dict[str, str]) -> None:
    """A changed account is refused with its former password, and what registered with that is forgotten."""
    for name in [name for name, secret in before.items() if wanted.get(name) != secret]:
        if name not in wanted:
            kamailio_control.ask("htable.delete", "users", name)
        else:
            kamailio_control.ask("htable.sets", "users", name, wanted[name])
        kamailio_control.ask("ul.rm", "location", name)
    for name in [name for name in wanted if name not in before]:
        kamailio_control.ask("htable.sets", "users", name, wanted[name])


def _write_files(server: Server) -> None:
    group = grp.getgrnam(_USER).gr_gid
    files.write(CONFIG, kamailio_cfg.write(server), mode=0o640, owner=(0, group))
    _RUN.mkdir(mode=0o770, exist_ok=True)
    os.chown(_RUN, pwd.getpwnam(_USER).pw_uid, group, follow_symlinks=False)
    if _KEY.is_file():
        os.chown(_KEY, 0, group)
        _KEY.chmod(0o640)


def _last_errors() -> str:
    found = []
    for line in program().last_words():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            if (message := json.loads(line))["pri"] in ("ERROR", "CRITICAL"):
                found.append(str(message["msg"]).strip())
    return "; ".join(found[-4:])
