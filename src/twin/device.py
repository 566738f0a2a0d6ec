"""Conference devices: the production agent boots their document on a host of their VLAN (host.sh)."""

from __future__ import annotations

from tslcd.platforms.kamailio.facts import AUTHORITY
from twin.credentials import Credentials
from twin.delivery import Delivery
from twin.node import File
from twin.shape import Device

KEY, CERTIFICATE = "/etc/kamailio/tls.key", "/etc/kamailio/tls.pem"


def files(device: Device, delivery: Delivery, keys: Credentials) -> list[File]:
    """What the device is delivered with: whom a server's certificate must be signed by; a server also with its own."""
    common = [*delivery.files(), File(AUTHORITY, keys.authority)]
    if device.role == "conference_endpoint":
        return common
    own = keys.servers[device.name]
    return [*common, File(KEY, own.key, 0o600), File(CERTIFICATE, own.certificate)]
