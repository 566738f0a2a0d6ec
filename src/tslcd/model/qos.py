"""QoS classes: intent for traffic; queues of a device follow from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, Dscp, LocalName, Name


class QosClass(Declared):
    """A class of traffic on every uplink."""

    name: Name
    """Name that services and providers refer to."""
    dscp: Annotated[tuple[Dscp, ...], Field(min_length=1)]
    """DSCP values of its packets; the first one is what we mark with."""
    pcp: Annotated[int, Field(ge=0, le=7)]
    """Priority code point on tagged Ethernet."""
    share_percent: Annotated[int, Field(ge=1, le=100)]
    """Share of the shaped contract rate, percent."""
    treatment: Literal["priority", "guarantee", "fair", "leftover"]
    """priority: first, policed to its share; guarantee: at least its share; fair: flows share; leftover: the rest."""
    priority_level: Annotated[int, Field(ge=1, le=2)] | None = None
    """Order among the classes of treatment priority, 1 first."""
    traffic_vi: LocalName
    """What belongs to it, for people."""


class Qos(Declared):
    """How an uplink's rate is shared, the same at every site (domain.md, "QoS classes")."""

    assumed: bool
    """True until the operating centre has agreed on the table with the carriers."""
    classes: Annotated[tuple[QosClass, ...], Field(min_length=1)]
    """All classes; their shares make 100."""
