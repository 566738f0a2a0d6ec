"""Settings of platforms whose interfaces have names of their own."""

from __future__ import annotations

from tslcd.model import Declared, DeviceText, InterfaceName


class PortMap(Declared):
    """Which interface each logical port is, unless a device's own `ports` say otherwise."""

    ports: dict[InterfaceName, DeviceText]
    """Logical port (lan1, wan1) → interface of the device; `ports` of one device wins over it."""
