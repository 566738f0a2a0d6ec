"""Section `keepalived`: /etc/keepalived/keepalived.conf and the daemon that runs with it, or neither.

Whether this router has the addresses just now is for the routers to agree on: no part of the section. What is wrong
with the daemon shows as a line that begins with `unmanaged`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

from napalm_frr.agent import files, keepalived_text, process
from napalm_frr.agent.keepalived_text import Address
from napalm_frr.agent.program import within
from napalm_frr.agent.restorable import UNMANAGED
from napalm_frr.document import DocumentError, split_partial

CONFIG = Path("/etc/keepalived/keepalived.conf")
_PIDS = (Path("/run/keepalived.pid"), Path("/run/vrrp.pid"))
"""Of the parent, and of its child, which does the work and ends with it."""
_LOADED = Path("/run/napalm-frr.keepalived")
"""What the daemon was last told to read: the number that the kernel gave its interface, and the text."""
_LIMIT_S = 5
_START = "exec /usr/sbin/keepalived --dont-fork --vrrp --log-console >> /var/log/keepalived.log 2>&1"
_STAND_INS = """
file=$1; shift
for name; do ip link add name "$name" type veth || exit; done
exec /usr/sbin/keepalived --config-test --vrrp --use-file "$file" """
_FRR_ADDRESS = re.compile(r" ip(?:v6)? address ")
_INTERFACE = re.compile(r"^ *interface (\S+)$", re.MULTILINE)
_COMPLAINT = re.compile(r"^\(.*: Line (\d+)\) (.*)$", re.MULTILINE)


def read() -> str:
    """The section as it is now."""
    text = files.read(CONFIG)
    shown = _as_section(text)
    if is_alive() != bool(text):
        shown = f"{UNMANAGED}keepalived {'does not run' if text else 'runs'}\n{shown}"
    elif text and files.read(_LOADED) != _loaded(text):
        shown = f"{UNMANAGED}keepalived runs with what it read before\n{shown}"
    return shown


def is_alive() -> bool:
    """Whether the parent and its child run."""
    return all(_pid(path) for path in _PIDS)


def check(text: str, scratch: Path) -> list[tuple[int, str]]:
    """Lines (from 1) that the grammar or keepalived refuses, tried with stand-ins for the interfaces.

    `scratch` is a file to write. Raises CommandError.
    """
    try:
        instance = keepalived_text.parse(text)
    except DocumentError as error:
        return [(error.line, error.message)]
    if instance is None:
        return []
    scratch.write_text(text, encoding="ascii")
    argv = ["unshare", "--net", "sh", "-c", _STAND_INS, "sh", str(scratch), *instance.interfaces]
    status, output, errors = process.outcome(argv)
    if not status:
        return []
    found = [(int(number), message) for number, message in _COMPLAINT.findall(output + errors)]
    return found or [(0, (errors + output).strip() or f"keepalived refuses it with status {status}")]


def release(text: str, frr: str) -> None:
    """Ends the daemon when it is not to run any more, or when FRR is to have one of its addresses itself.

    Raises CommandError, OSError.
    """
    if not text or shared(_known(), frr):
        _stop()


def apply(text: str) -> None:
    """Lets the daemon run with `text`, which it reads again in any case. Raises CommandError, OSError."""
    if not text:
        _stop()
        return
    gone = keepalived_text.addresses(_known()) - keepalived_text.addresses(text)
    files.write(CONFIG, text, mode=0o600)
    if is_alive():
        _service("reload", lambda: _send(signal.SIGHUP, _PIDS[:1]))
        within(_LIMIT_S, lambda: not gone & _present())  # it takes away itself what it does not have any more
    else:
        _end()
        _service("restart", lambda: process.run(["setsid", "--fork", "sh", "-c", _START], is_daemon=True))
    _remove(gone)  # what one that was killed left behind
    if not within(_LIMIT_S, is_alive):
        raise process.CommandError(["keepalived"], "does not start")
    remember(text)


def write_file(text: str) -> None:
    """What keepalived reads when it starts; without a file it is not started. Raises OSError."""
    if text:
        files.write(CONFIG, text, mode=0o600)
        remember(text)
    else:
        CONFIG.unlink(missing_ok=True)


def remember(text: str) -> None:
    """Notes that the daemon reads `text`, and which interface it finds. Raises OSError."""
    files.write(_LOADED, _loaded(text), mode=0o600)


def shared(text: str, frr: str) -> list[str]:
    """Addresses, without their lengths, that both sections have."""
    have = {line.split()[-1].partition("/")[0] for line in frr.splitlines() if _FRR_ADDRESS.match(line)}
    return sorted(have & {this.address.partition("/")[0] for this in keepalived_text.addresses(text)})


def _as_section(text: str) -> str:
    """The file; when no document can hold it, its lines are marked. Either way it never looks like another one."""
    with contextlib.suppress(DocumentError):
        if not text or split_partial(f"#@ keepalived\n{text}") == {"keepalived": text}:
            return text
    lines = [line.encode("unicode_escape").decode("ascii").rstrip() for line in text.split("\n")]
    return "".join(f"{UNMANAGED}line {line}".rstrip() + "\n" for line in lines)


def _loaded(text: str) -> str:
    match = _INTERFACE.search(text)
    return f"{files.read(Path('/sys/class/net') / match[1] / 'ifindex').strip() if match else ''}\n{text}"


def _known() -> str:
    """Lines of what the daemon runs with, and of what it would start with."""
    return f"{files.read(_LOADED)}\n{files.read(CONFIG)}"


def _stop() -> None:
    if any(map(_pid, _PIDS)):
        _service("stop", lambda: None)
    _end()
    _remove(keepalived_text.addresses(_known()))
    CONFIG.unlink(missing_ok=True)
    _LOADED.unlink(missing_ok=True)


def _end() -> None:
    """Nothing of the daemon is left: half of it, or a number in a file, would keep a new one from starting."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        _send(number, _PIDS)
        if within(_LIMIT_S, lambda: not any(map(_pid, _PIDS))):
            break
    else:
        raise process.CommandError(["keepalived"], "does not end")
    for path in _PIDS:
        path.unlink(missing_ok=True)


def _service(verb: str, by_hand: Callable[[], object]) -> None:
    """By systemd where it runs; its unit starts keepalived only when there is a file."""
    if Path("/run/systemd/system").is_dir():
        process.run(["systemctl", verb, "keepalived"], timeout_s=60, is_daemon=True)
    else:
        by_hand()


def _send(number: signal.Signals, paths: Iterable[Path]) -> None:
    for path in paths:
        if pid := _pid(path):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _pid(path: Path) -> int:
    """0 when it does not run. Asks the process table: a file may outlive its process."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(path.read_text(encoding="ascii"))
        if b"keepalived" in (Path("/proc") / str(pid) / "cmdline").read_bytes():
            return pid
    return 0


def _present() -> set[Address]:
    """Every address of this router."""
    links = json.loads(process.run(["ip", "-json", "address"]))
    return {
        Address(f"{row['local']}/{row['prefixlen']}", link["ifname"])
        for link in links
        for row in link["addr_info"]
        if "local" in row
    }


def _remove(addresses: set[Address]) -> None:
    for this in addresses & _present():
        process.outcome(["ip", "address", "del", this.address, "dev", this.interface])
