"""Platforms that a device may run. Only here, and in templates/<platform>/, is anything said in a platform's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tslcd.intent import RouterIntent
from tslcd.model import Declared
from tslcd.platforms import frr, ios
from tslcd.platforms.port_map import PortMap

__all__ = ["PLATFORMS", "SETTINGS", "Platform", "PortMap"]


@dataclass(frozen=True, slots=True)
class Platform:
    """What the rest of the code needs to know of a platform."""

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

SETTINGS: Mapping[str, type[Declared]] = MappingProxyType(
    {name: platform.settings for name, platform in PLATFORMS.items()}
)
"""Platform → model of its own settings."""
