"""Platform vmeeting_client: a PC with the meeting service's own client, set up by hand. Unverified: see its table."""

from tslcd.platforms.vmeeting_client.facts import facts

__all__ = ["facts"]
