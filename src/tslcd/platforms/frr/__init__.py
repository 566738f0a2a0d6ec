"""Platform frr: Debian with FRR, Open vSwitch, nftables and sshd."""

from tslcd.platforms.frr.facts import facts
from tslcd.platforms.frr.names import vlan_interface
from tslcd.platforms.frr.settings import Settings

__all__ = ["Settings", "facts", "vlan_interface"]
