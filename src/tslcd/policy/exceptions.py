"""Exceptions of single routers: for a time, and without touching what other routers derive from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tslcd import model
from tslcd.policy.rule import Breach, rule


@rule("TS-EXC-01", "warning", "own")
def expired_exception(
    routers: Sequence[model.Router],
    as_of: date,
    endpoints: Sequence[model.ConferenceEndpoint] = (),
    servers: Sequence[model.ConferenceServer] = (),
) -> Iterator[Breach]:
    """An exception is in place after its last day."""
    devices: Sequence[model.Router | model.ConferenceEndpoint | model.ConferenceServer]
    devices = (*routers, *endpoints, *servers)
    for own in devices:
        if own.exception and own.exception.expires < as_of:
            text = f"ended on {own.exception.expires}; should be renewed, or the file removed"
            yield Breach(("exception", "expires"), text, own.hostname)


@rule("TS-EXC-02", "error", "own")
def exception_that_moves_a_vlan(routers: Sequence[model.Router], vlans: Sequence[model.Vlan]) -> Iterator[Breach]:
    """An exception gives a VLAN another place, zone or id: other routers' firewalls know zones by address bits."""
    shared = {vlan.name: vlan for vlan in vlans}
    for router in routers:
        own: Sequence[model.Vlan] = router.overrides.get("vlans", ())
        for index, vlan in enumerate(own):
            usual = shared.get(vlan.name)
            if usual is None:
                text = f"{vlan.name} is no VLAN of the province; should be one of its own, or be added for all"
                yield Breach(("vlans", index, "name"), text, router.hostname)
                continue
            for key in ("id", "zone", "offset", "length", "local_v4"):
                if (value := getattr(vlan, key)) != (right := getattr(usual, key)):
                    text = f"{_shown(value)}, but {_shown(right)} everywhere else; should be the same"
                    yield Breach(("vlans", index, key), text, router.hostname)


def _shown(value: object) -> str:
    return "null" if value is None else str(value)
