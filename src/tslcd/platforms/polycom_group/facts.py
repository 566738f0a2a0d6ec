"""EndpointIntent → what the templates of platform polycom_group print, in the device's own words.

Two documents say the same as far as each can: lines of the command line, and a profile for the provisioning server.
"""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.conference.endpoint import EndpointIntent

# Encryption of calls: on the command line, and in the profile.
ENCRYPTION = {"required": "requiredallcalls", "optional": "yes", "off": "no"}
PROFILE_ENCRYPTION = {"required": "enable", "optional": "auto", "off": "disable"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the templates print. `server` is address and port; rates are kbit/s of a whole call."""

    hostname: str
    address: str
    mask: str
    gateway: str
    server: str
    transport: str
    user: str
    uri: str
    secret: str
    encryption: str
    profile_encryption: str
    rate_in_kbps: int
    rate_out_kbps: int
    first_media_port: int
    last_media_port: int


def facts(intent: EndpointIntent) -> Facts:
    """Word an endpoint's intent for a Polycom room system, which knows one server."""
    service = intent.service
    return Facts(
        hostname=intent.hostname,
        address=str(intent.address_v4.ip),
        mask=str(intent.address_v4.netmask),
        gateway=str(intent.gateway_v4.ip),
        server=f"{service.registrars[0].v4}:{service.port}",
        transport=service.transport.upper(),
        user=intent.account,
        uri=intent.uri,
        secret="${" + intent.secret + "}",
        encryption=ENCRYPTION[intent.media_encryption],
        profile_encryption=PROFILE_ENCRYPTION[intent.media_encryption],
        rate_in_kbps=intent.call_rate_in_kbps,
        rate_out_kbps=intent.call_rate_out_kbps,
        first_media_port=service.first_media_port,
        last_media_port=service.last_media_port,
    )
