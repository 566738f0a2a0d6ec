"""Zones, and the VLANs that every site has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tslcd.model.base import Declared, InterfaceName, LocalName, Name, Prefix4

ZoneRole = Literal["users", "conference", "services", "management", "party", "internet"]
Internet = Literal["none", "central", "local"]


class Zone(Declared):
    """A part of the network that the firewall keeps apart from the others, the same at every site."""

    role: ZoneRole
    """What its hosts are for; management opens SSH to routers, internet is for guests."""
    name_vi: LocalName
    """Name for people, in Vietnamese."""


class Vlan(Declared):
    """A VLAN that every site has, placed in the site's prefix by `offset` (addresses) and `length` (bits)."""

    id: Annotated[int, Field(ge=1, le=4094)]
    """VLAN id; IPv6 subnets allow for 1 to 99."""
    name: Name
    """Name, also the description of the gateway's interface."""
    zone: Name
    """Key of `zones`: the firewall zone that its hosts belong to."""
    offset: Annotated[int, Field(ge=0)] | None = None
    """First address in the site's IPv4 prefix, counted in addresses; left out where `local_v4` is declared."""
    length: Annotated[int, Field(ge=8, le=30)] | None = None
    """Length of its IPv4 subnet, bits; left out where `local_v4` is declared."""
    local_v4: Prefix4 | None = None
    """An IPv4 subnet that is the same at every site and never announced, for guests, instead of offset and length."""
    access_ports: tuple[InterfaceName, ...]
    """Switch ports that carry this VLAN untagged."""
    internet: Internet = "none"
    """Internet for its hosts: none, central (through the province's gateway) or local (the site's own line)."""

    @model_validator(mode="after")
    def _placed_once(self) -> Vlan:
        placed = (self.offset is not None, self.length is not None, self.local_v4 is None)
        if len(set(placed)) > 1:
            raise ValueError("should have offset and length, or local_v4 instead of both")
        return self
