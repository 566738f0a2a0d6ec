"""ServerIntent → what the templates of platform kamailio print: words of the agent's section, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.conference.server import AccountIntent, BridgeIntent, ServerIntent
from tslcd.platforms import debian
from tslcd.platforms.kamailio.settings import Settings

AUTHORITY = "/etc/ssl/certs/conference-ca.pem"
"""Certificate of whoever signs the server's; delivered to it, as its own is."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Words of section bridge."""

    server: str
    authority: str
    media: str
    dscp: str
    calls: int
    account: str
    secret: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates/kamailio/ prints; `tos` is the DSCP as it stands in the header's byte."""

    system: debian.System
    listeners: tuple[str, ...]
    domain: str
    clients: tuple[str, ...]
    tos: int
    accounts: tuple[AccountIntent, ...]
    bridge: Bridge | None


def facts(intent: ServerIntent) -> Facts:
    """Word a server's intent for Kamailio."""
    settings = Settings.model_validate(intent.settings)
    service = intent.service
    return Facts(
        system=debian.system(intent.hostname, intent.people, settings),
        listeners=tuple(
            sorted(
                f"{service.transport} {address}:{service.port}"
                for address in (intent.address_v4.ip, f"[{intent.address_v6.ip}]")
            )
        ),
        domain=service.domain,
        clients=tuple(sorted(map(str, (intent.clients_v4, intent.clients_v6)))),
        tos=intent.dscp << 2,
        accounts=intent.accounts,
        bridge=_bridge(intent, intent.bridge) if intent.bridge else None,
    )


def _bridge(intent: ServerIntent, own: BridgeIntent) -> Bridge:
    service = intent.service
    return Bridge(
        server=f"{service.transport} {intent.address_v4.ip}:{service.port}",
        authority=AUTHORITY if service.transport == "tls" else "",
        media=f"{service.first_media_port}-{service.last_media_port}",
        dscp=f"{intent.dscp} {own.audio_dscp} {own.video_dscp}",
        calls=own.calls,
        account=own.account.name,
        secret=own.account.secret,
    )
