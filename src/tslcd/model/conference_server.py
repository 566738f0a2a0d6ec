"""A server of a conference service that is ours to configure, as its line in the inventory declares it."""

from __future__ import annotations

from typing import Literal

from tslcd.model.base import Declared, Name
from tslcd.model.site import Role


class ServerDevice(Declared):
    """A declared conference server, from the inventory host's own variables. Address and accounts follow."""

    role: Role
    """What it is for."""
    platform: Name
    """What it runs: a directory of templates/."""
    managed_by: Name = "province"
    """Who configures it: `province`, or a carrier (a key of `providers`)."""
    access: Literal["in_band", "out_of_band", "none"] = "in_band"
    """How we reach it: through the network itself, by a way of its own, or not at all."""
