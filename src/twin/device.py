"""Conference devices: the production agent boots their document on a host of their VLAN (host.sh)."""

from __future__ import annotations

from twin.credentials import Credentials
from twin.delivery import Delivery
from twin.node import File
from twin.shape import Device

AUTHORITY = "/etc/ssl/certs/conference-ca.pem"
KEY, CERTIFICATE = "/etc/kamailio/tls.key", "/etc/kamailio/tls.pem"


def files(device: Device, delivery: Delivery, keys: Credentials) -> list[File]:
    """What the device is delivered with; whose certificate a server has to have; a server also with its own."""
    authority = [*delivery.files(), File(AUTHORITY, keys.authority)]
    if device.role == "conference_endpoint":
        return authority
    own = keys.servers[device.name]
    return [*authority, File(KEY, own.key, 0o600), File(CERTIFICATE, own.certificate)]
