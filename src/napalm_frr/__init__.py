"""NAPALM driver for Debian routers: FRR, Open vSwitch and nftables as one transaction."""

from napalm_frr.driver import FrrDriver

__all__ = ["FrrDriver"]
