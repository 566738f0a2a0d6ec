"""EndpointIntent → what the templates of platform baresip print: lines of its files, in its own words and order.

Checked against the sources of baresip 1.0.0 (what Debian 12 ships): it has one TOS value for all RTP, none for SIP, one
listening address, and no order of accounts; it cuts a line of accounts off after 511 characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.conference.endpoint import EndpointIntent
from tslcd.dscp import DSCP
from tslcd.platforms import debian
from tslcd.platforms.baresip.settings import Settings

MEDIA_ENCRYPTION = {"required": "srtp-mand", "optional": "srtp", "off": ""}
BITS_PER_KBIT = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the file accounts: one server each; calls leave by the first."""

    uri: str
    user: str
    secret: str
    outbound: str
    media_encryption: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the templates print."""

    settings: Settings
    system: debian.System
    listen: str
    transport: str
    tls: bool
    rtp_tos: int
    media_ports: str
    bandwidth_kbps: str
    video_bitrate_bps: int
    accounts: tuple[Account, ...]
    audio_codecs: str
    video_codecs: str


def facts(intent: EndpointIntent) -> Facts:
    """Word an endpoint's intent for baresip."""
    settings = Settings.model_validate(intent.settings)
    service = intent.service
    return Facts(
        settings=settings,
        system=debian.system(intent.hostname, intent.people, settings),
        listen=f"{intent.address_v4.ip}:0",
        transport=service.transport,
        tls=service.transport == "tls",
        rtp_tos=DSCP[intent.marks.audio] << 2,
        media_ports=f"{service.first_media_port}-{service.last_media_port}",
        bandwidth_kbps=f"0-{intent.call_rate_in_kbps}",
        video_bitrate_bps=(intent.call_rate_out_kbps - intent.audio_rate_kbps) * BITS_PER_KBIT,
        accounts=tuple(
            Account(
                uri=f"sip:{intent.uri};transport={service.transport}",
                user=intent.account,
                secret="${" + intent.secret + "}",
                outbound=f"sip:{registrar.v4}:{service.port};transport={service.transport}",
                media_encryption=MEDIA_ENCRYPTION[intent.media_encryption],
            )
            for registrar in service.registrars
        ),
        audio_codecs=",".join(settings.audio_codecs),
        video_codecs=",".join(settings.video_codecs),
    )
