"""Comparison of two documents, section by section, as plain text."""

from __future__ import annotations

import difflib

from napalm_frr.document import Document


def diff(intended: Document, running: Document) -> dict[str, str]:
    """Every section of `intended` -> unified diff from running to intended, "" where they are equal."""
    return {name: _unified(name, running.get(name, ""), intended[name]) for name in intended}


def text(intended: Document, running: Document) -> str:
    """The diffs of all sections that differ, one after the other; "" when the documents are equal."""
    return "".join(diff(intended, running).values())


def _unified(name: str, running: str, intended: str) -> str:
    if running == intended:
        return ""
    lines = difflib.unified_diff(
        running.splitlines(), intended.splitlines(), f"{name} running", f"{name} intended", n=2, lineterm=""
    )
    return "".join(line + "\n" for line in lines)
