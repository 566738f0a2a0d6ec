"""Platforms that a device may run. Only here, and in templates/<platform>/, is anything said in a platform's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tslcd.conference.endpoint import EndpointIntent
from tslcd.conference.server import ServerIntent
from tslcd.intent import RouterIntent
from tslcd.model import Declared
from tslcd.platforms import baresip, frr, ios, kamailio, polycom_group, vmeeting_client
from tslcd.platforms.port_map import PortMap

__all__ = [
    "ENDPOINT_PLATFORMS",
    "PLATFORMS",
    "SERVER_PLATFORMS",
    "SETTINGS",
    "EndpointPlatform",
    "Platform",
    "PortMap",
    "ServerPlatform",
]


@dataclass(frozen=True, slots=True)
class Platform:
    """What the rest of the code needs to know of a platform of routers."""

    settings: type[Declared]
    """Model of what is declared for this platform alone: the variable of its name in group_vars/platform_<name>/."""
    facts: Callable[[RouterIntent], object]
    """Intent → what its templates print, as `d`; pure."""
    vlan_interface: Callable[[int], str]
    """VLAN id → name of the gateway's interface."""


PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        "frr": Platform(settings=frr.Settings, facts=frr.facts, vlan_interface=frr.vlan_interface),
        "ios": Platform(settings=ios.Settings, facts=ios.facts, vlan_interface=ios.vlan_interface),
    }
)


@dataclass(frozen=True, slots=True)
class EndpointPlatform:
    """What the rest of the code needs to know of a platform of conference endpoints."""

    facts: Callable[[EndpointIntent], object]
    """Intent → what its templates print, as `d`; pure."""
    documents: Mapping[str, str]
    """Ending of a document's file → template below templates/<platform>/; `html` is for people, others are ASCII."""
    settings: type[Declared] | None = None
    """Model of what is declared for this platform alone; None where nothing is."""
    resetting: Callable[[str], frozenset[str]] = lambda _: frozenset()
    """Diff of a commit → what of `server` and `account` it has set anew."""


ENDPOINT_PLATFORMS: Mapping[str, EndpointPlatform] = MappingProxyType(
    {
        "baresip": EndpointPlatform(baresip.facts, {"conf": "main.j2"}, baresip.Settings, baresip.resetting),
        "polycom_group": EndpointPlatform(polycom_group.facts, {"conf": "main.j2", "xml": "provisioning.xml.j2"}),
        "vmeeting_client": EndpointPlatform(vmeeting_client.facts, {"html": "sheet.html.j2"}),
    }
)


@dataclass(frozen=True, slots=True)
class ServerPlatform:
    """What the rest of the code needs to know of a platform of conference servers."""

    facts: Callable[[ServerIntent], object]
    """Intent → what its templates print, as `d`; pure."""
    settings: type[Declared]
    """Model of what is declared for this platform alone."""


SERVER_PLATFORMS: Mapping[str, ServerPlatform] = MappingProxyType(
    {"kamailio": ServerPlatform(kamailio.facts, kamailio.Settings)}
)

SETTINGS: Mapping[str, type[Declared]] = MappingProxyType(
    {name: platform.settings for name, platform in PLATFORMS.items()}
    | {name: platform.settings for name, platform in ENDPOINT_PLATFORMS.items() if platform.settings is not None}
    | {name: platform.settings for name, platform in SERVER_PLATFORMS.items()}
)
"""Platform → model of its own settings, where it has any."""
