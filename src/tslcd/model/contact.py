"""Who answers for what, by function. No names and no numbers of people: those are not kept in git."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tslcd.model.base import Declared, LocalName, Tier


class Contact(Declared):
    """A function that difficulties are reported to."""

    name_vi: LocalName
    """The function, in Vietnamese."""
    duties_vi: LocalName
    """What it answers for, in Vietnamese."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    """Tiers whose sites it is the first contact of."""
