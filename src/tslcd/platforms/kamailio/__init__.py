"""Platform kamailio: a Debian machine with Kamailio as registrar and proxy of a conference service."""

from tslcd.platforms.kamailio.facts import facts
from tslcd.platforms.kamailio.settings import Settings

__all__ = ["Settings", "facts"]
