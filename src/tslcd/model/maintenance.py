"""Planned work on a line or a device: traffic is led away before it, and comes back after it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tslcd.model.base import Declared, Name, Text


class Maintenance(Declared):
    """Work on a line. While it is declared the line is drained: it stays up, and carries what has no other way."""

    reason: Text
    """What is done."""
    requested_by: Name
    """Key of `contacts`: the function that asked for it."""
    until: date
    """Last day; after it the maintenance is a finding."""


class DeviceMaintenance(Maintenance):
    """Work on a device: all its lines are drained, and then, where two routers share a site, its gateways leave it."""

    state: Literal["draining", "drained"] = "draining"
    """draining: its lines; drained: its gateways, too. One is committed after the other, and back in turn."""
