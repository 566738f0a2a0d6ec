"""What a run is judged by besides the declared data: its day, and whether it is meant for production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tslcd.errors import DeclarationError, Finding, Place

LOCAL = timezone(timedelta(hours=7))
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def today() -> date:
    """The day in Lào Cai (+07:00)."""
    return datetime.now(LOCAL).date()


@dataclass(frozen=True)
class Run:
    """A run's day and purpose. Dates change findings, never documents."""

    as_of: date = field(default_factory=today)
    production: bool = False

    def __str__(self) -> str:
        return f"as of {self.as_of}" + (" (today)" if self.as_of == today() else "") + self.purpose

    @property
    def purpose(self) -> str:
        """What is said about a run for production."""
        return ", for production" if self.production else ""


def from_extra_variables(extra: Mapping[str, Any]) -> Run:
    """The run that `-e as_of=2026-11-22 -e production=true` asks for; today, and not for production, without them.

    :raises DeclarationError: when a value is not one.
    """
    findings, day, production = [], today(), False
    if "as_of" in extra:
        given = str(extra["as_of"])
        try:
            day = datetime.strptime(given, "%Y-%m-%d").date()
        except ValueError:
            text = f'wrong value ("{given}"); should be a day, for example {day}'
            findings.append(Finding(Place("-e"), "as_of", text))
    if "production" in extra:
        meant = TRUTH.get(str(extra["production"]).lower())
        production = meant or False
        if meant is None:
            text = f'wrong value ("{extra["production"]}"); should be true or false'
            findings.append(Finding(Place("-e"), "production", text))
    if findings:
        raise DeclarationError(findings)
    return Run(day, production)
