"""The security baseline of every managed device (domain.md, "Level-3 hardening")."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, Name


class Security(Declared):
    """What every device that we manage keeps to, whatever its platform."""

    management_protocols: tuple[Literal["ssh", "https", "telnet", "http", "snmp_v2"], ...]
    """How devices may be managed."""
    idle_timeout_s: Annotated[int, Field(ge=0, le=86400)]
    """Seconds after which an idle administrator is logged out; 0 is never."""
    log_retention_days: Annotated[int, Field(ge=1, le=3650)]
    """How long central logs are kept, days."""
    default_accounts: tuple[Name, ...]
    """Accounts of the manufacturer that stay usable; should be none."""
