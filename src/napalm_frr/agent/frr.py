"""Section `frr`: the running configuration of the daemons, changed by FRR's own frr-reload.py."""

from __future__ import annotations

import re
from pathlib import Path

from napalm_frr import frr_text
from napalm_frr.agent import frr_daemons, frr_removals, process

CONFIG = Path("/etc/frr/frr.conf")
_VTYSH_CONFIG = Path("/etc/frr/vtysh.conf")
_CANDIDATE = Path("/run/frr/napalm-candidate.conf")
_RELOAD = "/usr/lib/frr/frr-reload.py"
_ATTEMPTS = 2
_LINE = re.compile(r"^line (\d+):\s*(.*)$", re.MULTILINE)


def read() -> str:
    """The section as the daemons have it now; empty while FRR does not run. Raises CommandError."""
    if not frr_daemons.is_alive("zebra"):
        return ""
    return frr_text.from_show_running(process.run(["vtysh", "-c", "show running-config"]))


def check(text: str, candidate: Path) -> list[tuple[int, str]]:
    """Lines (from 1) that vtysh's parser refuses, with what it said. `candidate` is a scratch file."""
    candidate.write_text(text, encoding="ascii")
    status, output, errors = process.outcome(["vtysh", "-C", "-f", str(candidate)])
    said = output + errors
    found = [(int(number), what) for number, what in _LINE.findall(said)]
    if not found and (status or "%" in said):
        found.append((0, said.strip() or f"vtysh -C ended with status {status}"))
    return found


def write_file(text: str) -> None:
    """What FRR reads when it starts."""
    frr_daemons.write_owned(CONFIG, text)
    # frr-reload.py needs it, and the daemons print it in their running configuration.
    frr_daemons.write_owned(_VTYSH_CONFIG, "service integrated-vtysh-config\n")


def apply(text: str) -> None:
    """Leads the daemons to `text`. A second attempt follows when the first leaves a difference. Raises CommandError.

    The file comes first: a daemon that dies half way is started by its watchdog, and reads it.
    """
    write_file(text)
    if commands := frr_removals.commands(read(), text):
        frr_daemons.write_owned(_CANDIDATE, "".join(line + "\n" for line in commands))
        process.outcome(["vtysh", "-f", str(_CANDIDATE)])
    for attempt in range(1, _ATTEMPTS + 1):
        frr_daemons.write_owned(_CANDIDATE, text)
        try:
            # Its scratch files repeat session passwords: nobody else reads them.
            reload = [_RELOAD, "--reload", "--stdout", str(_CANDIDATE)]
            status, output, errors = process.outcome(reload, timeout_s=60, umask=0o077)
        finally:
            _CANDIDATE.unlink(missing_ok=True)
        if read() == text:
            write_file(text)  # frr-reload.py has let the daemons write it in their own order
            return
        if attempt == _ATTEMPTS:
            raise process.CommandError(
                ["frr-reload.py"], _complaints(output + errors) or f"status {status}, and a difference stays"
            )


def _complaints(log: str) -> str:
    """Only what frr-reload.py calls errors: the rest of its log repeats the configuration."""
    return "\n".join(line for line in log.splitlines() if "ERROR" in line or "WARNING" in line or "failed" in line)[
        :2000
    ]
