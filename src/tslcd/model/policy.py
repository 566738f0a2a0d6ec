"""Dated policy: which rules and which thresholds hold on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from tslcd.model.base import Declared, Name, Text

Percent = Annotated[int, Field(ge=1, le=100)]
RuleId = Annotated[str, StringConstraints(pattern=r"^TS-[A-Z]{3}-[0-9]{2}$")]


class Profile(Declared):
    """The thresholds of a period, and the rules that begin with it."""

    valid_from: date
    """First day; it holds until the next profile begins."""
    source: Text
    """What it follows from."""
    begins: tuple[RuleId, ...] = ()
    """Rules that do not hold before this profile; a rule that no profile names always holds."""
    max_priority_percent: Percent
    """Greatest share of a line for all classes of strict priority together, percent."""
    conference_warning_percent: Percent
    """Share of the conference budget above which a site is named, percent."""
    expiry_warning_days: Annotated[int, Field(ge=0, le=3650)]
    """Days before its end on which a contract is named."""
    max_idle_timeout_s: Annotated[int, Field(ge=1, le=86400)]
    """Longest time that an idle administrator may stay logged in, seconds."""
    min_log_retention_days: Annotated[int, Field(ge=1, le=3650)]
    """Shortest time that central logs are kept, days."""
    max_load_percent: Percent | None = None
    """Greatest 95th percentile of a line's load over 7 days, percent; for measurements, no declared value breaks it."""


class Policy(Declared):
    """Profiles by name."""

    profiles: Annotated[dict[Name, Profile], Field(min_length=1)]
    """Name → profile, in the order of their days."""

    def profile_of(self, day: date) -> str | None:
        """Name of the profile that holds on a day; None before the first one."""
        begun = [name for name, profile in self.profiles.items() if profile.valid_from <= day]
        return max(begun, key=lambda name: self.profiles[name].valid_from, default=None)

    def beginning_after(self, day: date) -> frozenset[str]:
        """Rules that do not hold yet."""
        return frozenset(
            name for profile in self.profiles.values() if profile.valid_from > day for name in profile.begins
        )
