"""Two routers at one site."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tslcd.model.base import Declared, InterfaceName, Prefix4, Prefix6
from tslcd.model.provider import Bfd


class Pair(Declared):
    """How two routers of one site work together: the cross-connect between them, and the gateways that they share."""

    port: InterfaceName
    """Port of the cross-connect, the same on both."""
    link_v4: Prefix4
    """IPv4 prefix of the cross-connect (a /31), never announced: the same at every pair; even is -r1."""
    link_v6: Prefix6
    """IPv6 prefix of the cross-connect (a /127), as `link_v4`."""
    keepalive_s: Annotated[int, Field(ge=1, le=600)]
    """BGP keepalive interval of the session between them, seconds."""
    hold_s: Annotated[int, Field(ge=3, le=1800)]
    """BGP hold time of that session, seconds."""
    bfd: Bfd
    """BFD on that session."""
    advertisement_ms: Annotated[int, Field(ge=100, le=10000, multiple_of=100)]
    """VRRP: how often the active router says that it is there, milliseconds; three missed, and the other takes over."""
    return_delay_s: Annotated[int, Field(ge=0, le=1000)]
    """VRRP: how long the first router waits before it takes the gateways back, seconds: its routes come first."""
    local_preference: Annotated[int, Field(ge=0, le=4294967295)]
    """BGP local preference of what the other router brings: below the own lines', or both would send to each other."""
    prepend: Annotated[int, Field(ge=1, le=5)]
    """How much oftener the second router repeats the own AS number: carriers prefer the first."""
