"""What is declared for servers of platform kamailio alone."""

from __future__ import annotations

from tslcd.platforms import debian


class Settings(debian.Settings):
    """Kernel settings, sudo and sshd of every server of this platform."""
