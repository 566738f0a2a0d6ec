"""Findings for people (one line each, identical ones once) and for programs (build/findings.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tslcd.errors import Finding
from tslcd.policy.rule import RULES

FILE = Path("build/findings.json")


def lines(findings: Iterable[Finding]) -> list[str]:
    """One line per finding in the order of their places; those with the same text, at whatever place, as one."""
    same: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        same.setdefault((finding.rule, finding.text), []).append(finding)
    return [f"{alike[0]}" + (f" (and {len(alike) - 1} more)" if len(alike) > 1 else "") for alike in same.values()]


def heading(judged_by: str, warnings: Sequence[Finding]) -> str:
    """By what the network was judged, and how much is to be said about it."""
    return f"{judged_by}: {_count(len(warnings), 'warning')}" + (f", each in {FILE}" if warnings else "")


def total(errors: Sequence[Finding]) -> str:
    """How much is wrong, and where."""
    files = {finding.place.file for finding in errors}
    return f"{_count(len(errors), 'error')} in {_count(len(files), 'file')}"


def as_json(judged_by: str, findings: Iterable[Finding]) -> str:
    """Every finding for itself, with the source of its rule."""
    records = [
        {
            "id": finding.rule,
            "severity": finding.severity,
            "place": str(finding.place),
            "key": finding.key,
            "text": finding.text,
            "source": RULES[finding.rule].source,
        }
        for finding in findings
    ]
    return json.dumps({"judged_by": judged_by, "findings": records}, ensure_ascii=False, indent=1) + "\n"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
