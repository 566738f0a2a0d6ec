"""Site routers: the production agent boots the document that the box is delivered with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twin import node
from twin.credentials import KeyPair
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Router

AGENT = "/usr/local/sbin/napalm-frr-agent"
CONFIRMED = "/var/lib/napalm-frr/confirmed.conf"
DIGEST_KEY = "/var/lib/napalm-frr/digest.key"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is on a router before its first start: the agent, the document (no placeholders left), its keys."""

    agent: bytes
    document: str
    host_key: KeyPair
    digest_key: bytes


def boot(router: Router, first: Process, files: list[File], log: Path, delivery: Delivery) -> None:
    """Boot a router in a started node.

    :raises TwinError: when that fails.
    """
    own = [
        File(AGENT, delivery.agent, 0o755),
        File(CONFIRMED, delivery.document, 0o600),
        File(DIGEST_KEY, f"{delivery.digest_key.hex()}\n", 0o600),
        File(HOST_KEY, delivery.host_key.private, 0o600),
        File(f"{HOST_KEY}.pub", delivery.host_key.public + "\n"),
    ]
    node.boot(router.name, first, [*files, *own], (CODE / "router.sh").read_text(), log)
