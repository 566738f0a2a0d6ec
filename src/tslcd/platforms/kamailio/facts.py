"""ServerIntent → what the templates of platform kamailio print: words of the agent's section, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.conference.server import AccountIntent, ServerIntent
from tslcd.platforms import debian
from tslcd.platforms.kamailio.settings import Settings


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates/kamailio/ prints; `tos` is the DSCP as it stands in the header's byte."""

    system: debian.System
    listeners: tuple[str, ...]
    domain: str
    clients: tuple[str, ...]
    tos: int
    accounts: tuple[AccountIntent, ...]


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
    )
