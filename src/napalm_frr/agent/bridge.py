"""Section `bridge`: the file with its words, and the program that runs with it (bridge_run.py), or neither."""

from __future__ import annotations

import shutil
from pathlib import Path

from napalm_frr.agent import PATH, bridge_text, files, process
from napalm_frr.agent.program import Program, within
from napalm_frr.agent.restorable import UNMANAGED, marked
from napalm_frr.document import DocumentError

NAME = "conference-bridge"
DAEMON = "linphone-daemon"
CONFIG = Path(f"/etc/{NAME}.conf")
HOME = Path(f"/run/{NAME}")
READY = Path(f"/run/napalm-frr.{NAME}.ready")
"""Made when a daemon has outlived its start; taken away before the next one."""
_LIMIT_S = 10


def program() -> Program:
    """The bridge, as this device starts it."""
    return Program(NAME, f"{PATH} {NAME}", (CONFIG,), log=Path(f"/var/log/{NAME}.log"))


def read() -> str:
    """The section as it is now."""
    text = files.read(CONFIG)
    shown = _shown(text)
    if program().is_alive() != bool(text):
        return f"{UNMANAGED}bridge {'does not run' if text else 'runs'}\n{shown}"
    if text and not program().is_current():
        return f"{UNMANAGED}bridge runs with what it read before\n{shown}"
    return shown


def check(text: str, _: Path) -> list[tuple[int, str]]:
    """Lines (from 1) that the grammar refuses: linphone-daemon has no way to try a file."""
    try:
        bridge = bridge_text.parse(text)
    except DocumentError as error:
        return [(error.line, error.message)]
    return [(0, f"{DAEMON} is not installed")] if bridge and not shutil.which(DAEMON) else []


def apply(text: str) -> None:
    """Lets the bridge run with `text`, anew in any case. Raises CommandError, OSError."""
    if not text:
        program().stop()
        CONFIG.unlink(missing_ok=True)
        shutil.rmtree(HOME, ignore_errors=True)
        return
    start(text)
    if not within(_LIMIT_S, lambda: program().runs() and READY.exists()):
        raise process.CommandError(["bridge"], f"does not start: {' '.join(program().last_words()[-3:])}")


def start(text: str) -> None:
    """The same without waiting whether it runs. Raises CommandError, OSError, DocumentError."""
    bridge_text.parse(text)
    READY.unlink(missing_ok=True)
    if not text:
        CONFIG.unlink(missing_ok=True)
        return
    files.write(CONFIG, text, mode=0o600)
    program().restart()


def _shown(text: str) -> str:
    """As it is, when a document can hold it; else each line is marked."""
    try:
        bridge_text.parse(text)
    except (DocumentError, ValueError):
        return "".join(f"{marked(line)}\n" for line in text.removesuffix("\n").split("\n"))
    return text
