"""What a carrier does to traffic inside its network, as its profile says: classes by DSCP, and marks of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tslcd.dscp import DSCP
from tslcd.model import Provider


@dataclass(frozen=True, slots=True)
class CarrierClass:
    """A class that the carrier sells: it takes packets with these DSCP values, or with none of them all the rest.

    `mark` is the DSCP value that packets of the class leave the carrier's network with, None where they keep theirs.
    """

    name: str
    dscp: tuple[int, ...]
    share_percent: int
    treatment: Literal["priority", "guarantee", "best_effort"]
    mark: int | None


def classes(provider: Provider) -> tuple[CarrierClass, ...]:
    """The carrier's classes in the order of its profile; none where it tells no packets apart."""
    return tuple(
        CarrierClass(
            name=name,
            dscp=tuple(DSCP[value] for value in declared.recognised_by),
            share_percent=declared.share_percent,
            treatment=declared.treatment,
            mark=DSCP[next(iter(declared.recognised_by), "DF")] if provider.dscp == "rewrite" else None,
        )
        for name, declared in provider.traffic_classes.items()
    )
