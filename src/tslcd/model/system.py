"""Who may log in to devices."""

from __future__ import annotations

from typing import Literal

from tslcd.model.base import Declared, DeviceText, Name


class Person(Declared):
    """A key holder, named by function (no personal data in git). `public_key` may be a ${placeholder}."""

    id: Name
    """Function of the holder, for example engineer-1."""
    account: Literal["netops", "auditor"]
    """Account that the key opens: netops changes, auditor reads."""
    public_key: DeviceText
    """OpenSSH public key, or a ${placeholder} for it."""


class System(Declared):
    """Accounts of every device; what only one platform has stands in group_vars/platform_*/."""

    people: tuple[Person, ...]
    """Who may log in."""
