"""Which uplink carries the traffic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared


class Routing(Declared):
    """BGP policy towards the providers: the primary uplink wins in both directions."""

    primary_local_preference: int
    """BGP local preference of what the primary uplink brings."""
    secondary_local_preference: int
    """BGP local preference of what the secondary uplink brings."""
    secondary_prepend: Annotated[int, Field(ge=1, le=5)]
    """How often the own AS number is repeated on the secondary uplink."""
    log_level: Literal["errors", "warnings", "notifications", "informational"]
    """Lowest severity that FRR logs."""
