"""Planned work on a line or a device: traffic is led away before it, and comes back after it."""

from __future__ import annotations

from datetime import date

from tslcd.model.base import Declared, Name, Text


class Maintenance(Declared):
    """Work on a line, or on a device and so on all its lines.

    While it is declared a line is drained: it stays up, and carries what has no other way.
    """

    reason: Text
    """What is done."""
    requested_by: Name
    """Key of `contacts`: the function that asked for it."""
    until: date
    """Last day; after it the maintenance is a finding."""
