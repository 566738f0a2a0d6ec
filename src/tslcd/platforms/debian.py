"""Section `system` of devices that run Debian with our agent; lists stand in the order that the agent prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tslcd.model import Declared, DeviceText, Person


class Settings(Declared):
    """Kernel settings, sudo and sshd: what every platform of this kind declares for itself."""

    sysctl: dict[str, int]
    """Kernel setting (net.*) → value."""
    sudo: tuple[DeviceText, ...]
    """Lines of sudoers; only the agent may be allowed."""
    sshd: tuple[DeviceText, ...]
    """Lines of sshd_config, in their order."""


@dataclass(frozen=True, slots=True)
class System:
    """What templates/debian/ prints."""

    hostname: str
    accounts: tuple[str, ...]
    keys: tuple[Person, ...]
    sysctl: tuple[tuple[str, int], ...]
    sudo: tuple[str, ...]
    sshd: tuple[str, ...]
    daemons: tuple[str, ...]
    mtus: tuple[tuple[str, int], ...]


def system(
    hostname: str,
    people: Sequence[Person],
    settings: Settings,
    *,
    daemons: Sequence[str] = (),
    mtus: Sequence[tuple[str, int]] = (),
) -> System:
    """Put what is declared into the agent's order."""
    return System(
        hostname=hostname,
        accounts=tuple(sorted({person.account for person in people})),
        keys=tuple(sorted(people, key=lambda person: (person.account, person.id))),
        sysctl=tuple(sorted(settings.sysctl.items())),
        sudo=settings.sudo,
        sshd=settings.sshd,
        daemons=tuple(sorted(daemons)),
        mtus=tuple(sorted(mtus)),
    )
