"""What is declared for routers of platform ios alone."""

from __future__ import annotations

from tslcd.platforms.port_map import PortMap


class Settings(PortMap):
    """What only routers of this platform need."""
