"""Section `frr`: the running configuration of the daemons, changed by FRR's own frr-reload.py."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from napalm_frr import frr_text
from napalm_frr.agent import frr_daemons, frr_removals, process

CONFIG = Path("/etc/frr/frr.conf")
_VTYSH_CONFIG = Path("/etc/frr/vtysh.conf")
_CANDIDATE = Path("/run/frr/napalm-candidate.conf")
_RELOAD = "/usr/lib/frr/frr-reload.py"
_ATTEMPTS = 2
_LINE = re.compile(r"^line (\d+):\s*(.*)$", re.MULTILINE)
# A command of the top level: it leaves whatever the text before it ended in, so that texts are read independently.
_BETWEEN = "hostname between-two-texts\n"
_AT_ONCE = 200
# Refused wherever it stands: vtysh says nothing of what it leaves unread (after `exit` at the top level).
_LAST = "napalm-frr-last-line\n"


def read() -> str:
    """The section as the daemons have it now; empty while FRR does not run. Raises CommandError."""
    if not frr_daemons.is_alive("zebra"):
        return ""
    return frr_text.from_show_running(process.run(["vtysh", "-c", "show running-config"]))


def check(texts: Sequence[str], candidate: Path) -> list[list[tuple[int, str]]]:
    """Lines (from 1) of each section that vtysh's parser refuses, with what it said. `candidate` is a scratch file.

    vtysh takes longer to start than to read fifty sections, so one reads all of them; those that it refuses anything
    in are read again, each by itself.
    """
    if len(texts) < 2:
        return [_refused(text, candidate) for text in texts]
    if len(texts) > _AT_ONCE:
        return check(texts[:_AT_ONCE], candidate) + check(texts[_AT_ONCE:], candidate)
    refused = _refused(_BETWEEN.join(texts), candidate)
    if not refused:
        return [[] for _ in texts]
    starts = list(accumulate((len((text + _BETWEEN).splitlines()) for text in texts), initial=1))
    blamed = {bisect_right(starts, number) - 1 for number, _ in refused if number} or set(range(len(texts)))
    blameless = [index for index in range(len(texts)) if index not in blamed]
    found = {index: _refused(texts[index], candidate) for index in blamed}
    found |= zip(blameless, check([texts[index] for index in blameless], candidate), strict=True)
    return [found[index] for index in range(len(texts))]


def _refused(text: str, candidate: Path) -> list[tuple[int, str]]:
    candidate.write_text(text + _LAST, encoding="ascii")
    status, output, errors = process.outcome(["vtysh", "-C", "-f", str(candidate)])
    found = {int(number): what for number, what in _LINE.findall(output + errors)}
    if found.pop(len(text.splitlines()) + 1, None) is None and not found:
        found[0] = (errors + output).strip() or f"vtysh -C stops before the last line, with status {status}"
    return list(found.items())


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
