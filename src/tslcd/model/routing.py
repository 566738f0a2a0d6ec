"""Which uplink carries the traffic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tslcd.model.base import Declared

LocalPreference = Annotated[int, Field(ge=0, le=4294967295)]


class Drained(Declared):
    """What makes a line in maintenance the worst one, in both directions, while its sessions stay up.

    Its announcements also carry the community GRACEFUL_SHUTDOWN (RFC 8326): sites decide between providers by local
    preference, which a longer AS path does not change.
    """

    local_preference: LocalPreference
    """BGP local preference of what the line brings."""
    prepend: Annotated[int, Field(ge=1, le=10)]
    """How much oftener than usual the own AS number is repeated on it."""


class Routing(Declared):
    """BGP policy towards the providers: the primary uplink wins in both directions."""

    primary_local_preference: LocalPreference
    """BGP local preference of what the primary uplink brings."""
    secondary_local_preference: LocalPreference
    """BGP local preference of what the secondary uplink brings."""
    secondary_prepend: Annotated[int, Field(ge=1, le=5)]
    """How often the own AS number is repeated on the secondary uplink."""
    drained: Drained
    """How traffic is led away from a line in maintenance."""
    max_prefix_restart_minutes: Annotated[int, Field(ge=1, le=1440)]
    """Pause before a session that was closed for too many prefixes is tried again, minutes."""
    unwatched_local_preference: LocalPreference
    """BGP local preference of what a carrier brings while the multihop session that watches its core is down."""
    log_level: Literal["errors", "warnings", "notifications", "informational"]
    """Lowest severity that is logged."""

    @model_validator(mode="after")
    def _primary_wins(self) -> Routing:
        if self.primary_local_preference <= self.secondary_local_preference:
            raise ValueError("primary_local_preference should be greater than secondary_local_preference")
        if self.secondary_local_preference <= self.drained.local_preference:
            raise ValueError("drained.local_preference should be less than secondary_local_preference")
        if self.drained.prepend <= self.secondary_prepend:
            raise ValueError("drained.prepend should be greater than secondary_prepend")
        if self.secondary_local_preference <= self.unwatched_local_preference:
            raise ValueError("secondary_local_preference should be greater than unwatched_local_preference")
        return self
