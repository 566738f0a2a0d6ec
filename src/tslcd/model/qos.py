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


class ZoneMarks(Declared):
    """What hosts of a zone may say of their packets; all other marks of theirs are rewritten."""

    trusted: tuple[Name, ...]
    """Names of classes whose marks are believed."""
    otherwise: Name
    """Name of the class of packets that neither a trusted mark nor the catalogue of services tells."""


class Qos(Declared):
    """How an uplink's rate is shared, the same at every site (domain.md, "QoS classes")."""

    assumed: bool
    """True until the operating centre has agreed on the table with the carriers."""
    classes: Annotated[tuple[QosClass, ...], Field(min_length=1)]
    """All classes; their shares make 100."""
    zones: dict[Name, ZoneMarks]
    """Key of `zones` → the trust boundary at its access ports; a zone that is missing trusts nothing."""
    video_payload_types: tuple[Annotated[int, Field(ge=0, le=127)], ...]
    """RTP payload types of pictures; endpoints that mark them like sound are remarked."""
    routing_class: Name
    """Class of routing protocols, neighbour discovery and ARP: what keeps the line alive."""
    management_class: Name
    """Class of everything else that routers send themselves."""
    default_class: Name
    """Class of packets that nothing tells."""
