"""Candidates that cut their own management path, in canonical form: nothing but the timer can bring the router back."""

from __future__ import annotations

import re
from collections.abc import Callable


def _without_ssh(text: str) -> str:
    return re.sub(r"^.* tcp dport 22 (?:.* )?accept\b.*\n", "", text, flags=re.MULTILINE)


def _without_bgp(text: str) -> str:
    return re.sub(r"^router bgp .*?^exit\n!\n", "", text, flags=re.MULTILINE | re.DOTALL)


def _without_loopback(text: str) -> str:
    return re.sub(r"^interface lo\n.*?^exit\n!\n", "", text, flags=re.MULTILINE | re.DOTALL)


def _other_port(text: str) -> str:
    return text.replace("\nsshd Port 22\n", "\nsshd Port 2222\n")


CUTS: dict[str, Callable[[str], str]] = {
    "path-firewall": _without_ssh,
    "path-bgp": _without_bgp,
    "path-loopback": _without_loopback,
    "path-sshd": _other_port,
}
"""Kind of fault → what it does to a candidate."""
