"""Neighbours that are ours, as witnesses of a commit: a router that praises itself proves little.

For a site the hub must hold every prefix that the site announces; for the hub itself, every router that answered
through it before the commit must answer after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Protocol

from napalm.base import NetworkDriver
from napalm.base.exceptions import NapalmException

from tslcd.firewall import SSH_PORT
from tslcd.intended import DeviceIntent
from tslcd.intent import RouterIntent
from tslcd.verify.reach import answers

PROBES = 64
GRACEFUL_SHUTDOWN = "gracefulShutdown"


class Witness(Protocol):
    """Somebody else's view of a router."""

    def before(self) -> None:
        """Take note of what must still hold after the commit."""

    def problems(self, intent: Any) -> list[str]:
        """What the neighbour misses now, one sentence each."""


class Nobody:
    """Of a device that forwards nothing: whoever is behind it does not depend on the commit."""

    def before(self) -> None:
        """Nothing to note."""

    def problems(self, intent: DeviceIntent) -> list[str]:
        """None, whatever is committed."""
        return []


class HubRoutes:
    """The hub's routing table: the witness of every site."""

    def __init__(self, hub: NetworkDriver, name: str) -> None:
        self._hub, self._name = hub, name

    def before(self) -> None:
        """Nothing to note: what the hub must hold follows from the intent."""

    def problems(self, intent: RouterIntent) -> list[str]:
        """Prefixes that the site announces and the hub has no route to, or does not know to be on a drained line."""
        try:
            self._hub.open()
            with closing(self._hub):
                found: list[str] = []
                for prefix in map(str, (*intent.announced_v4, *intent.announced_v6)):
                    routes = self._hub.get_route_to(prefix).get(prefix)
                    found += self._unmarked(prefix, routes, intent) if routes else []
                    found += [] if routes else [f"{self._name} has no route to {prefix}"]
                return found
        except NapalmException as error:
            return [f"{self._name} cannot be asked: {error}"]

    def _unmarked(self, prefix: str, routes: Sequence[dict[str, Any]], intent: RouterIntent) -> Iterator[str]:
        """Without the mark the hub goes on sending over a drained line: it prefers providers, not short paths."""
        drained: dict[str, str] = {}  # AS number of a PE, or our end of a session across the carrier's core → carrier
        for uplink in (uplink for uplink in intent.uplinks if uplink.drained):
            ends = (uplink.multihop.end_v4, uplink.multihop.end_v6) if uplink.multihop else ()
            drained |= dict.fromkeys(map(str, (uplink.pe_asn, *ends)), uplink.provider)
        for attributes in (route["protocol_attributes"] for route in routes if route["protocol"] == "bgp"):
            via = {attributes["as_path"].partition(" ")[0], attributes["peer_id"]} & drained.keys()
            if via and GRACEFUL_SHUTDOWN not in attributes["communities"]:
                yield f"{self._name} does not see that {prefix} is on a drained line of {drained[via.pop()]}"


class ReachThrough:
    """All other routers, reached through the one that is changed: the witnesses of the hub."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = list(addresses)
        self._answered: list[str] = []

    def before(self) -> None:
        """Note which routers answer."""
        self._answered = [address for address, answer in self._probe(self._addresses) if answer]

    def problems(self, intent: RouterIntent) -> list[str]:
        """Routers that answered before and do not now."""
        lost = [address for address, answer in self._probe(self._answered) if not answer]
        return [f"{address} answered through {intent.hostname} before, and does not now" for address in lost]

    def _probe(self, addresses: Sequence[str]) -> list[tuple[str, bool]]:
        with ThreadPoolExecutor(max_workers=PROBES) as pool:
            return list(zip(addresses, pool.map(lambda address: answers(address, SSH_PORT), addresses), strict=True))
