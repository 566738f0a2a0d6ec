"""Which rooms a check before a meeting is about, where they should be registered, and whom they may call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tslcd import budgets, capability, intent, model
from tslcd.conference import endpoint, server
from tslcd.conference.endpoint import EndpointIntent
from tslcd.readiness.look import Room


@dataclass(frozen=True, slots=True)
class Task:
    """What there is to look at: rooms, the server's hostname, the hub's loopback, and the room that others call.

    `left_out`: how many rooms run a platform that nothing reads.
    """

    rooms: tuple[Room, ...]
    server: str
    hub: str
    reference: EndpointIntent
    left_out: int


def task(network: model.Network, hosts: Sequence[str], root: Path) -> Task:
    """Resolve the rooms of a play.

    :raises LookupError: when no room can be read, or there is no server or no room beside it of ours.
    :raises tslcd.errors.DeclarationError: when a platform's table is wrong.
    """
    endpoints = endpoint.derive(network)
    read = [endpoints[host] for host in hosts if not capability.table(root, endpoints[host].platform).label]
    if not read:
        raise LookupError(f"none of {len(hosts)} rooms runs a platform that anything reads")
    main = server.main(network)
    beside = (own for own in endpoints.values() if (own.site_id, own.platform) == (main.site_id, read[0].platform))
    reference = next(beside, None)
    if reference is None:
        raise LookupError(f"no endpoint of platform {read[0].platform} at {main.site_id}, which rooms could call")
    routers = list(intent.derive(network).values())
    hub = next(str(router.loopback_v4.ip) for router in routers if router.tier == "hub")
    names = [own.name for own in network.province.qos.classes]
    conference = network.province.conference
    media = tuple(names.index(name) for name in (conference.audio_class, conference.video_class))
    percent: dict[str, dict[str, float]] = {}
    for budget in budgets.of_network(network):
        percent.setdefault(budget.router.site_id, {})[budget.uplink.provider] = budget.percent
    rooms = tuple(
        Room(
            room,
            tuple(router for router in routers if router.site_id == room.site_id),
            media,
            percent.get(room.site_id, {}),
        )
        for room in read
    )
    return Task(rooms, main.hostname, hub, reference, len(hosts) - len(read))
