"""The files that NAPALM's own suite commits, made from what the router runs: its keys are this twin's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_WAN1 = re.compile(r"(interface wan1\n description ).*")


def write(directory: Path, running: str) -> None:
    """Write initial.conf, new_good.{conf,diff}, new_typo.conf, merge_good.{conf,diff} and merge_typo.conf."""
    new = _described(running, "NAPALM replaces").replace("icmp_echo_ignore_broadcasts = 1", "icmp_ratelimit = 500")
    merged = _described(running, "NAPALM merges")
    merge = merged[merged.index("#@ frr\n") : merged.index("#@ keepalived\n")]
    files = {
        "initial.conf": running,
        "new_good.conf": new,
        "new_good.diff": _diff(running, new),
        "new_typo.conf": new.replace("remote-as", "remotest-as"),
        "merge_good.conf": merge,
        "merge_good.diff": _diff(merged, running),
        "merge_typo.conf": "#@ nft\n" + running.partition("#@ nft\n")[2].replace(" accept", " acept", 1),
    }
    for name, text in files.items():
        (directory / name).write_text(text, encoding="ascii")


def _described(text: str, description: str) -> str:
    return _WAN1.sub(rf"\g<1>{description}", text, count=1)


def _diff(old: str, new: str) -> str:
    """By the program of that name, section by section: another opinion than the driver's own."""
    sections = (_sections(text) for text in (old, new))
    before, after = (dict(pairs) for pairs in sections)
    parts = (_unified(name, before[name], after[name]) for name in before if before[name] != after[name])
    return "".join(parts)


def _sections(text: str) -> list[tuple[str, str]]:
    parts = re.split(r"^#@ (\w+)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def _unified(name: str, old: str, new: str) -> str:
    command = ["bash", "-c", 'diff -U2 --label "$1 running" --label "$1 intended" <(printf %s "$2") <(printf %s "$3")']
    return subprocess.run([*command, "-", name, old, new], capture_output=True, text=True, check=False).stdout
