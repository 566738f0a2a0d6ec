"""Conference devices: the production agent boots their document on a host of their VLAN (host.sh)."""

from __future__ import annotations

from twin.credentials import Credentials
from twin.delivery import Delivery
from twin.node import File
from twin.shape import Device

AUTHORITY = "/etc/ssl/certs/conference-ca.pem"
KEY, CERTIFICATE = "/etc/kamailio/tls.key", "/etc/kamailio/tls.pem"


def files(device: Device, delivery: Delivery, keys: Credentials) -> list[File]:
    """What the device is delivered with; a server with its certificate, an endpoint with whose it has to be."""
    if device.role == "conference_endpoint":
        return [*delivery.files(), File(AUTHORITY, keys.authority)]
    own = keys.servers[device.name]
    return [*delivery.files(), File(KEY, own.key, 0o600), File(CERTIFICATE, own.certificate)]
