"""What tables of capabilities speak of on platforms of conference servers; capability.py reads the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tslcd import capability_endpoint

_ENDPOINTS = "endpoints' matter"
_ANOTHER = ("endpoint.", "conference.calls", "conference.services.bridge")
"""Keys of which another thing is true here."""
_ONLY_ENDPOINTS = (
    "conference.codec_rate_kbps",
    "conference.codec",
    "conference.audio_rate_kbps",
    "conference.services.registrars",
    "contacts.name_vi",
    "contacts.tiers",
)
NOT_DERIVED: Mapping[str, str] = MappingProxyType(
    {
        **{key: why for key, why in capability_endpoint.NOT_DERIVED.items() if not key.startswith(_ANOTHER)},
        **dict.fromkeys(_ONLY_ENDPOINTS, _ENDPOINTS),
        "conference.services.name_vi": "for people",
        "conference.services.stand_in": "decides where a document may be committed",
        "site.name": "for people",
        "endpoint.room": "for people",
        "endpoint.call_rate_in_kbps": _ENDPOINTS,
        "endpoint.call_rate_out_kbps": _ENDPOINTS,
        "endpoint.media_encryption": _ENDPOINTS,
        "endpoint.vlan": _ENDPOINTS,
        "endpoint.owner": "for people",
        "endpoint.server_set_on": "evidence for reports",
        "endpoint.account_set_on": "evidence for reports",
        "endpoint.legacy": "evidence for reports",
    }
)
"""Declared key → why no text of any platform of conference servers follows from it."""

BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "accounts": "an endpoint registers with its own account and password, and with no other",
        "from inside alone": "who is outside the level-II network is refused",
        "no relay": "calls between registered accounts alone",
        "records": "who registered, was refused, called, and with what loss",
        "take-over": "endpoints find the service at DR when the hub's is gone",
        "sound and pictures": "meetings of three and more are mixed",
        "one transaction": "a commit is whole or not at all, and undone by the server unless it is confirmed",
        "checked before commit": "the platform's own parser reads every document first",
        "verified and audited": "what runs is compared with what is declared, and tried live",
    }
)
"""What follows from the design rather than from one declared key: each platform says how it does it, or not."""
