"""Platform baresip: a Debian machine with baresip 1.0.0 as conference endpoint."""

from tslcd.platforms.baresip.facts import facts
from tslcd.platforms.baresip.resetting import resetting
from tslcd.platforms.baresip.settings import Settings

__all__ = ["Settings", "facts", "resetting"]
