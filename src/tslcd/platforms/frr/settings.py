"""What is declared for routers of platform frr alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from tslcd.model import Name
from tslcd.platforms import debian

Listener = Annotated[str, StringConstraints(pattern=r"^(tcp|udp)/[0-9]{1,5} [a-z0-9._-]+$")]


class Settings(debian.Settings):
    """Daemons, kernel settings, sudo and sshd of every router of this platform."""

    daemons: tuple[Name, ...]
    """FRR daemons besides zebra and staticd."""
    listeners: tuple[Listener, ...]
    """All that may listen beyond the loopback, for example tcp/22 sshd."""
