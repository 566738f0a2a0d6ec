"""Sessions with devices: NAPALM drivers with the credentials of whoever runs the command."""

from __future__ import annotations

from typing import Literal, cast

import napalm
from napalm.base import NetworkDriver

from tslcd import secrets

CONNECT_S = 10
DRIVERS = {"baresip": "frr", "kamailio": "frr"}
"""Platform → NAPALM's name of its driver, where it is another: what runs Debian with our agent has one in common."""

Account = Literal["netops", "auditor"]


def driver(platform: str, address: str, account: Account, timeout_s: int = 90, **options: object) -> NetworkDriver:
    """A driver for a device, not open yet; it checks host keys strictly against the credentials' known_hosts.

    `options` are the driver's own: see src/napalm_frr/README.md.
    """
    credentials = secrets.credentials_directory()
    return cast(
        NetworkDriver,
        napalm.get_network_driver(DRIVERS.get(platform, platform))(
            hostname=address,
            username=account,
            password="",
            timeout=timeout_s,
            optional_args={
                "key_file": str(credentials / account),
                "known_hosts": str(credentials / "known_hosts"),
                "conn_timeout": CONNECT_S,
                **options,
            },
        ),
    )
