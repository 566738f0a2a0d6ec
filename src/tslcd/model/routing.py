"""Which uplink carries the traffic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tslcd.model.base import Declared

LocalPreference = Annotated[int, Field(ge=0, le=4294967295)]


class Routing(Declared):
    """BGP policy towards the providers: the primary uplink wins in both directions."""

    primary_local_preference: LocalPreference
    """BGP local preference of what the primary uplink brings."""
    secondary_local_preference: LocalPreference
    """BGP local preference of what the secondary uplink brings."""
    secondary_prepend: Annotated[int, Field(ge=1, le=5)]
    """How often the own AS number is repeated on the secondary uplink."""
    log_level: Literal["errors", "warnings", "notifications", "informational"]
    """Lowest severity that is logged."""

    @model_validator(mode="after")
    def _primary_wins(self) -> Routing:
        if self.primary_local_preference <= self.secondary_local_preference:
            raise ValueError("primary_local_preference should be greater than secondary_local_preference")
        return self
