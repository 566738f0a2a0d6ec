"""Platform polycom_group: room systems Polycom RealPresence Group and HDX. Unverified: no device has confirmed it."""

from tslcd.platforms.polycom_group.facts import facts

__all__ = ["facts"]
