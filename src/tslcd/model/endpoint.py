"""A conference endpoint of a site, as its line in the inventory declares it; a usual one says nothing more."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, LocalName, Name, Text
from tslcd.model.conference import Account, RateKbps
from tslcd.model.site import Role


class Legacy(Declared):
    """The service of before the level-II network, reached over the Internet."""

    server: Text
    """Its address, as it stood in the endpoint."""
    account: Text | None = None
    """The account there."""
    last_used_on: date | None = None
    """Day of the last meeting there; null while meetings are still held there."""


class Endpoint(Declared):
    """What one endpoint has for itself. Its address follows from its site's number, its VLAN and its name (-c1)."""

    room: LocalName = "Phòng họp trực tuyến"
    """The room it stands in, for people."""
    service: Name | None = None
    """Key of `conference.services`, where it is not the province's own."""
    account: Account | None = None
    """Its account at the service; the site's id, and from the second endpoint on its name, where none is declared."""
    secret: Name | None = None
    """Name under which credentials hold its password; `conference_<hostname>` where none is declared."""
    call_rate_in_kbps: RateKbps | None = None
    """Greatest rate of a call towards it, kbit/s; that of `conference.codec` where none is declared."""
    call_rate_out_kbps: RateKbps | None = None
    """Greatest rate of a call from it, kbit/s; that of `conference.codec` where none is declared."""
    media_encryption: Literal["required", "optional", "off"] = "required"
    """Whether sound and pictures are encrypted: carriers' VPNs are not."""
    vlan: Name = "conference"
    """Name of one of `vlans`: where it is plugged in."""
    owner: Name | None = None
    """Key of `contacts`: who answers for it; the first contact of its site's tier where none is declared."""
    server_set_on: date | None = None
    """Day on which its server's address was set to the level-II service; null where nobody has recorded it."""
    account_set_on: date | None = None
    """Day on which its account was set to the level-II service; null where nobody has recorded it."""
    legacy: Legacy | None = None
    """The service of before, where one is known."""


class EndpointDevice(Declared):
    """A declared conference endpoint, from the inventory host's own variables."""

    role: Role
    """What it is for."""
    platform: Name
    """What it runs: a directory of templates/."""
    managed_by: Name = "province"
    """Who configures it: `province`, or a carrier (a key of `providers`)."""
    access: Literal["in_band", "out_of_band", "none"] = "in_band"
    """How we reach it: through the network itself, by a way of its own, or not at all."""
    endpoint: Annotated[Endpoint, Field(default_factory=Endpoint)]
    """What it has for itself."""
