"""A site and its devices, as their inventory file declares them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, InterfaceName, LocalName, Name, Text
from tslcd.model.circuit import Circuit, Uplink
from tslcd.model.maintenance import DeviceMaintenance
from tslcd.model.port import SwitchPort

LifeCycle = Literal["active", "branch_office", "decommissioned"]
Role = Literal["router", "conference_endpoint", "conference_server"]


class Site(Declared):
    """A site: its immutable number and what cannot be derived from it. (`no` would be a boolean in YAML 1.1.)"""

    number: Annotated[int, Field(ge=1, le=65535)]
    """Immutable number that all addresses follow from; never given again."""
    name: LocalName
    """Name for people, in Vietnamese."""
    unit: Name | None = None
    """Id of the official unit that it was set up for (`<code>-<list>`); null where no official list has it."""
    life_cycle: LifeCycle = "active"
    """active; branch_office: serves a unit whose seat is elsewhere; decommissioned: nothing is rendered any more."""
    uplinks: Annotated[tuple[Uplink, ...], Field(min_length=1, max_length=4)]
    """Leased lines of the level-II network, at most two per router; the first one of a router is its primary."""
    circuits: tuple[Circuit, ...] = ()
    """Lines that are leased separately."""
    ports: dict[InterfaceName, SwitchPort] = Field(default_factory=dict)
    """Switch ports that differ from `access_ports` of `vlans`: trunks, further access ports, descriptions, state."""


class Device(Declared):
    """A declared router of a site, from the inventory host's own variables."""

    role: Role
    """What it is for."""
    platform: Name
    """What it runs: a directory of templates/."""
    managed_by: Name = "province"
    """Who configures it: `province`, or the carrier (a key of `providers`), where it belongs to the leased service."""
    access: Literal["in_band", "out_of_band", "none"] = "in_band"
    """How we reach it: through the network itself, by a way of its own, or not at all."""
    ports: dict[InterfaceName, Text] = Field(default_factory=dict)
    """Logical port → name on this device, where it differs from its platform's own map."""
    maintenance: DeviceMaintenance | None = None
    """Why traffic is led away from it, while it is."""


class ExceptionNote(Declared):
    """Why host_vars/ makes a device differ from its group."""

    reason: Text
    """Why."""
    requested_by: Name
    """Key of `contacts`: the function that asked for it."""
    expires: date
    """Last day; after it the exception is a finding."""
