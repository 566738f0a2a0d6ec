"""Switch ports of a site that are more than an access port of `vlans`."""

from __future__ import annotations

from pydantic import model_validator

from tslcd.model.base import Declared, DeviceText, Name


class SwitchPort(Declared):
    """What a site says of one of its switch ports; what it leaves out is as `access_ports` of `vlans` has it."""

    access: Name | None = None
    """Name of the VLAN that the port carries untagged; nothing else passes it."""
    trunk: tuple[Name, ...] = ()
    """Names of the VLANs that the port carries tagged; no other tag passes it."""
    native: Name | None = None
    """Name of the VLAN that a trunk carries untagged; without it untagged frames are dropped."""
    description: DeviceText | None = None
    """What is plugged in."""
    enabled: bool = True
    """Whether the port is up."""

    @model_validator(mode="after")
    def _one_mode(self) -> SwitchPort:
        if self.access is not None and self.trunk:
            raise ValueError("should have access or trunk, not both")
        if self.native is not None and not self.trunk:
            raise ValueError("should have native with trunk only")
        if self.native in self.trunk:
            raise ValueError("should have native apart from trunk: a VLAN is tagged or not")
        return self
