"""Conference endpoint: it is registered at the declared service, with its own account, and nowhere else."""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.conference.endpoint import EndpointIntent
from tslcd.firewall import SSH_PORT
from tslcd.verify.reach import answers


def problems(intent: EndpointIntent, device: NetworkDriver) -> list[str]:
    """Registrations that are missing, or elsewhere; an address that does not answer.

    One of the service's servers is enough: that is what the others are for.
    """
    declared = {f"{registrar.v4}:{intent.service.port}" for registrar in intent.service.registrars}
    registrations = json.loads(device.cli(["show registrations"])["show registrations"])
    found = [
        f"{own['account']} is for {own['server']}, which is no server of {intent.service.name}"
        for own in registrations
        if own["server"] not in declared
    ]
    registered = [own for own in registrations if own["state"] == "registered" and own["server"] in declared]
    if not any(own["account"] == intent.account for own in registered):
        found.append(f"{intent.account} is not registered at {' or '.join(sorted(declared))}")
    address = str(intent.address_v4.ip)
    return found if answers(address, SSH_PORT) else [*found, f"{address} does not answer from here"]
