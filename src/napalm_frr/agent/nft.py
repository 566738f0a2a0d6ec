"""Section `nft`: the whole rule set of the kernel, replaced in one transaction."""

from __future__ import annotations

import re

from napalm_frr.agent import process

_ERROR = re.compile(r"^[^\s:]+:(\d+):\d+(?:-\d+)?: (?:Error: )?(.*)$", re.MULTILINE)
_NEW = "flush ruleset\n"


def read() -> str:
    """The rule set as the kernel has it, without counters. Raises CommandError."""
    return process.run(["nft", "-s", "list", "ruleset"])


def apply(text: str) -> None:
    """Raises CommandError; the old rules then stand."""
    process.run(["nft", "-f", "-"], _NEW + text)


def check(text: str) -> list[tuple[int, str]]:
    """Lines (from 1) that are refused or that the kernel would print otherwise. Tried in an empty network namespace."""
    status, output, errors = process.outcome(
        ["unshare", "--net", "sh", "-c", "nft -f - && nft -s list ruleset"], _NEW + text
    )
    if status:
        found = [(int(number) - 1, message) for number, message in _ERROR.findall(errors)]
        return found or [(0, errors.strip() or f"nft ended with status {status}")]
    if output == text:
        return []
    for number, (line, want) in enumerate(zip(text.splitlines(), output.splitlines(), strict=False), 1):
        if line != want:
            return [(number, f"not in canonical form; the kernel would print {want!r}")]
    return [(0, f"not in canonical form; the kernel would print {len(output.splitlines())} lines")]
