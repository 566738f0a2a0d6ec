"""The whole declared network."""

from __future__ import annotations

from typing import Any

from pydantic import Field, SerializeAsAny

from tslcd.model.addressing import Addressing
from tslcd.model.base import Declared, DeviceText, Name, Tier
from tslcd.model.circuit import Contract, Uplink
from tslcd.model.conference import Conference
from tslcd.model.conference_server import ServerDevice
from tslcd.model.contact import Contact
from tslcd.model.endpoint import EndpointDevice
from tslcd.model.firewall import Firewall
from tslcd.model.level_i import LevelI
from tslcd.model.pair import Pair
from tslcd.model.policy import Policy
from tslcd.model.provider import Provider
from tslcd.model.qos import Qos
from tslcd.model.routing import Routing
from tslcd.model.security import Security
from tslcd.model.service import Service
from tslcd.model.site import Device, ExceptionNote, Site
from tslcd.model.system import System
from tslcd.model.unit import Unit, Units
from tslcd.model.vlan import Vlan, Zone


class Province(Declared):
    """All subjects of group_vars/all/, each under a variable of its own name."""

    addressing: Addressing
    zones: dict[Name, Zone]
    vlans: tuple[Vlan, ...]
    contracts: dict[Name, Contract]
    providers: dict[Name, Provider]
    routing: Routing
    pair: Pair
    system: System
    security: Security
    firewall: Firewall
    qos: Qos
    conference: Conference
    services: dict[Name, Service]
    level_i: LevelI
    contacts: dict[Name, Contact]
    units: Units
    policy: Policy


class Router(Declared):
    """A router together with its site: the unit that intent is derived for."""

    hostname: DeviceText
    site_id: Name
    tier: Tier
    parent: Name | None = None
    site: Site
    device: Device
    exception: ExceptionNote | None = None
    overrides: dict[str, Any] = Field(default_factory=dict)
    """Subject → its value for this router alone, from host_vars/ (subjects of `variables.OVERRIDABLE`)."""

    @property
    def unit(self) -> int:
        """1 for the first router of its site (-r1), 2 for the second."""
        return 2 if self.hostname.endswith("-r2") else 1

    @property
    def uplinks(self) -> tuple[Uplink, ...]:
        """The lines that are plugged into it, its primary first."""
        return tuple(uplink for uplink in self.site.uplinks if uplink.router == self.unit)

    @property
    def in_service(self) -> bool:
        """Whether anything is rendered for it."""
        return self.site.life_cycle != "decommissioned"


class ConferenceEndpoint(Declared):
    """A conference endpoint together with its site."""

    hostname: DeviceText
    site_id: Name
    tier: Tier
    site: Site
    device: EndpointDevice
    exception: ExceptionNote | None = None

    @property
    def number(self) -> int:
        """1 for the first endpoint of its site (-c1)."""
        return int(self.hostname[-1])

    @property
    def in_service(self) -> bool:
        """Whether anything is rendered for it."""
        return self.site.life_cycle != "decommissioned"


class ConferenceServer(Declared):
    """A server of the conference service together with its site."""

    hostname: DeviceText
    site_id: Name
    tier: Tier
    site: Site
    device: ServerDevice
    exception: ExceptionNote | None = None

    @property
    def in_service(self) -> bool:
        """Whether anything is rendered for it."""
        return self.site.life_cycle != "decommissioned"


class Network(Declared):
    """The whole declared network: every device that the inventory names, and what the province shares."""

    province: Province
    routers: tuple[Router, ...]
    endpoints: tuple[ConferenceEndpoint, ...] = ()
    servers: tuple[ConferenceServer, ...] = ()
    settings: dict[str, SerializeAsAny[Declared]] = Field(default_factory=dict)
    """Platform → its own settings (`platforms.SETTINGS`), from group_vars/platform_*/."""
    official_units: tuple[Unit, ...] = ()
    """All units of all lists, by the order of the lists."""

    @property
    def devices(self) -> tuple[Router | ConferenceEndpoint | ConferenceServer, ...]:
        """Routers, then endpoints, then servers."""
        return (*self.routers, *self.endpoints, *self.servers)

    def seen_by(self, router: Router) -> Network:
        """The network as it holds for this router, with its own exceptions in place of what all share."""
        subjects = {name: own for name, own in router.overrides.items() if name in Province.model_fields}
        settings = {name: own for name, own in router.overrides.items() if name not in subjects}
        return self.model_copy(
            update={"province": self.province.model_copy(update=subjects), "settings": {**self.settings, **settings}}
        )
