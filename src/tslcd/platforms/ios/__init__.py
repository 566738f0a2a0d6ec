"""Platform ios: routers with the command line of Cisco IOS and IOS-XE. Unverified: no real device has confirmed it."""

from tslcd.platforms.ios.facts import facts
from tslcd.platforms.ios.names import vlan_interface
from tslcd.platforms.ios.settings import Settings

__all__ = ["Settings", "facts", "vlan_interface"]
