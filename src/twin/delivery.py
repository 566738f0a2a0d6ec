"""What a device has on it before its first start."""

from __future__ import annotations

from dataclasses import dataclass

from twin.credentials import KeyPair
from twin.node import File

AGENT = "/usr/local/sbin/napalm-frr-agent"
CONFIRMED = "/var/lib/napalm-frr/confirmed.conf"
DIGEST_KEY = "/var/lib/napalm-frr/digest.key"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The agent, the document (no placeholders left), its keys."""

    agent: bytes
    document: str
    host_key: KeyPair
    digest_key: bytes

    def files(self) -> list[File]:
        """Where they lie."""
        return [
            File(AGENT, self.agent, 0o755),
            File(CONFIRMED, self.document, 0o600),
            File(DIGEST_KEY, f"{self.digest_key.hex()}\n", 0o600),
            File(HOST_KEY, self.host_key.private, 0o600),
            File(f"{HOST_KEY}.pub", self.host_key.public + "\n"),
        ]
