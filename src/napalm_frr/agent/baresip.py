"""Section `baresip`: the files of a conference endpoint and the program that runs with them, or neither.

What is wrong with the program shows as a line that begins with `unmanaged`, and so does each line of the files that no
document can hold. Baresip reads its files once, so that every change starts it anew.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from napalm_frr.agent import baresip_control, baresip_text, files, process, service_user
from napalm_frr.agent.program import Program, within
from napalm_frr.agent.restorable import UNMANAGED, marked
from napalm_frr.document import DocumentError

DIRECTORY = Path("/var/lib/baresip")
_USER = "baresip"
_LIMIT_S = 5
_AS_USER = f"setpriv --reuid={_USER} --regid={_USER} --init-groups"


def _places() -> dict[str, Path]:
    return {kind: DIRECTORY / kind for kind in baresip_text.KINDS}


def program() -> Program:
    """Baresip, as this device starts it."""
    command = f"{_AS_USER} baresip -f {DIRECTORY}"
    return Program("baresip", command, tuple(_places().values()), log=Path("/var/log/baresip.log"))


def read() -> str:
    """The section as it is now."""
    texts = {kind: files.read(path) for kind, path in _places().items()}
    shown = "".join(_as_lines(kind, text) for kind, text in texts.items())
    is_declared = any(texts.values())
    if program().is_alive() != is_declared:
        return f"{UNMANAGED}baresip {'does not run' if is_declared else 'runs'}\n{shown}"
    if is_declared and not program().is_current():
        return f"{UNMANAGED}baresip runs with what it read before\n{shown}"
    return shown


def check(text: str, _: Path) -> list[tuple[int, str]]:
    """Lines (from 1) that the grammar refuses: baresip has no way to try a file."""
    try:
        baresip_text.parse(text)
    except DocumentError as error:
        return [(error.line, error.message)]
    return []


def apply(text: str) -> None:
    """Lets baresip run with `text`, anew in any case. Raises CommandError, OSError."""
    endpoint = baresip_text.parse(text)
    if endpoint is None:
        program().stop()
        _remove_files()
        return
    start(text)
    if not within(_LIMIT_S, lambda: program().runs() and _answers(endpoint.control)):
        raise process.CommandError(["baresip"], f"does not start: {' '.join(program().last_words()[-3:])}")


def start(text: str) -> None:
    """The same without waiting whether it runs. Raises CommandError, OSError, DocumentError."""
    endpoint = baresip_text.parse(text)
    if endpoint is None:
        _remove_files()
        return
    _write_files(endpoint)
    program().restart()


def running() -> baresip_text.Endpoint:
    """What it runs with. Raises CommandError."""
    with contextlib.suppress(DocumentError):
        lines = read().splitlines(keepends=True)
        if endpoint := baresip_text.parse("".join(line for line in lines if not line.startswith(UNMANAGED))):
            return endpoint
    raise process.CommandError(["baresip"], "is not set up on this device")


def _as_lines(kind: str, text: str) -> str:
    *lines, rest = text.split("\n")
    shown = [f"{kind} {line}" if _is_good(f"{kind} {line}") else marked(line) for line in lines]
    return "".join(line + "\n" for line in [*shown, *([marked(rest)] if rest else [])])


def _is_good(line: str) -> bool:
    return line.isascii() and line.isprintable() and line == line.rstrip() and not baresip_text.fault(line)


def _answers(address: tuple[str, int]) -> bool:
    try:
        baresip_control.ask(address, "listcalls", limit_s=1)
    except process.CommandError:
        return False
    return True


def _write_files(endpoint: baresip_text.Endpoint) -> None:
    owner = service_user.owner(_USER, DIRECTORY)
    DIRECTORY.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(DIRECTORY, *owner, follow_symlinks=False)
    DIRECTORY.chmod(0o700)
    for kind, lines in zip(baresip_text.KINDS, (endpoint.config, endpoint.accounts), strict=True):
        files.write(_places()[kind], "".join(line + "\n" for line in lines), mode=0o600, owner=owner)


def _remove_files() -> None:
    for path in _places().values():
        path.unlink(missing_ok=True)
