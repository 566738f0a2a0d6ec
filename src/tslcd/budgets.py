"""Conference budgets: whether the calls that a site must carry at once fit into the conference classes of an uplink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tslcd import model

Verdict = Literal["fits", "tight", "exceeds"]


@dataclass(frozen=True)
class Budget:
    """A site on one of its uplinks. Rates are exact: needed × 100 and available × 100 are whole numbers of kbit/s."""

    router: model.Router
    index: int
    """Place of the uplink among the site's, from 0."""
    uplink: model.Uplink
    primary: bool
    calls: int
    needed_kbps: float
    available_kbps: float

    @property
    def percent(self) -> float:
        """What the calls take of what the conference classes give."""
        return 100 * self.needed_kbps / self.available_kbps if self.available_kbps else float("inf")

    def verdict(self, warning_percent: int) -> Verdict:
        """tight above the percentage that the day's policy profile warns at; exceeds above 100."""
        return "exceeds" if self.percent > 100 else "tight" if self.percent > warning_percent else "fits"


def of_network(network: model.Network) -> Iterator[Budget]:
    """Every site in service on each of its uplinks: a meeting must fit into ONE of them."""
    serving = [router for router in network.routers if router.in_service and router.unit == 1]
    yield from of_sites(network.province.conference, network.province.qos, serving)


def share_percent(conference: model.Conference, qos: model.Qos) -> int:
    """What the conference's classes get of a line, percent."""
    names = {conference.audio_class, conference.video_class}
    return sum(own.share_percent for own in qos.classes if own.name in names)


def of_sites(conference: model.Conference, qos: model.Qos, sites: Iterable[model.Router]) -> Iterator[Budget]:
    """These sites (a router of each) on each uplink of that router: the other router stands in for it."""
    per_call = conference.codec_rate_kbps[conference.codec] * (100 + conference.overhead_percent)
    share = share_percent(conference, qos)
    for router in sites:
        calls = conference.calls.get(router.tier, 0)
        own = [(index, uplink) for index, uplink in enumerate(router.site.uplinks) if uplink.router == router.unit]
        for index, uplink in own:
            needed, available = calls * per_call / 100, uplink.rate_mbps * 1000 * share / 100
            yield Budget(router, index, uplink, index == own[0][0], calls, needed, available)
