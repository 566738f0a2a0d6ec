"""Planned work: there is another way for the traffic meanwhile, and an end to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from tslcd import budgets, model
from tslcd.origin import KeyPath
from tslcd.policy.facts import by_site
from tslcd.policy.rule import Breach, rule


@dataclass(frozen=True)
class _Line:
    """An uplink of a site, its place there, and the router that it is plugged into."""

    router: model.Router
    index: int
    uplink: model.Uplink

    @property
    def is_drained(self) -> bool:
        return self.uplink.maintenance is not None or self.router.device.maintenance is not None

    @property
    def path(self) -> KeyPath:
        """Where its maintenance is declared: at the line itself, or at its router."""
        return ("site", "uplinks", self.index, "maintenance") if self.uplink.maintenance else ("maintenance",)


def _lines(site: Sequence[model.Router]) -> list[_Line]:
    units = {router.unit: router for router in site}
    return [
        _Line(units.get(uplink.router, site[0]), index, uplink) for index, uplink in enumerate(site[0].site.uplinks)
    ]


@rule("TS-MNT-01", "error", "own")
def all_lines_in_maintenance(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """All lines of a site are in maintenance at once, other than by its routers."""
    for site in by_site(routers):
        lines = _lines(site)
        if all(router.device.maintenance for router in site):
            continue  # both_routers_in_maintenance or maintenance_with_nowhere_to_go says so
        if len(lines) > 1 and all(line.is_drained for line in lines):
            text = "no line of the site is left; should be one after the other"
            yield Breach(lines[-1].path, text, lines[-1].router.hostname)


@rule("TS-MNT-02", "error", "own")
def both_routers_in_maintenance(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """Both routers of a pair are in maintenance at once."""
    for site in by_site(routers):
        first, *others = [router for router in site if router.device.maintenance] or [site[0]]
        for other in others:
            text = f"{first.hostname} is in maintenance already; should be one after the other"
            yield Breach(("maintenance",), text, other.hostname)


@rule("TS-MNT-03", "warning", "own")
def maintenance_that_should_be_over(routers: Sequence[model.Router], as_of: date) -> Iterator[Breach]:
    """A line or a device is in maintenance after the last day of the work."""
    for site in by_site(routers):
        works: list[tuple[str, KeyPath, model.Maintenance | None]] = [
            (line.router.hostname, ("site", "uplinks", line.index, "maintenance"), line.uplink.maintenance)
            for line in _lines(site)
        ]
        works += [(router.hostname, ("maintenance",), router.device.maintenance) for router in site]
        for host, path, work in works:
            if work and work.until < as_of:
                text = f"ended on {work.until}; should be renewed, or the maintenance removed"
                yield Breach((*path, "until"), text, host)


@rule("TS-MNT-04", "warning", "own")
def maintenance_with_nowhere_to_go(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """A site's only line, or its only router, is in maintenance: it carries on until the work cuts the site off."""
    for site in by_site(routers):
        lines = _lines(site)
        if len(site) == 1 and site[0].device.maintenance:
            yield Breach(("maintenance",), "the site's only router: its traffic has nowhere to go", site[0].hostname)
        elif len(lines) == 1 and lines[0].is_drained:
            yield Breach(lines[0].path, "the site's only line: its traffic has nowhere to go", site[0].hostname)


@rule("TS-MNT-05", "warning", "own")
def conference_beyond_what_is_left(
    conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """The meetings of a site do not fit into its secondary uplink while the primary one is in maintenance."""
    if conference.codec not in conference.codec_rate_kbps or not budgets.share_percent(conference, qos):
        return  # unknown_codec or unknown_class says so
    drained = [router for router in in_service if router.site.uplinks[0].maintenance]
    for budget in budgets.of_sites(conference, qos, drained):
        if not budget.primary and budget.percent > 100:
            line = f"{budget.uplink.rate_mbps} Mbit/s ({budget.uplink.provider})"
            needed = f"{budget.calls} calls need {ceil(budget.percent)} percent of the conference's share of {line}"
            text = f"{needed}; should be between meetings"
            yield Breach(("site", "uplinks", 0, "maintenance"), text, budget.router.hostname)


@rule("TS-MNT-06", "warning", "own")
def maintenance_that_cuts_others_off(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """The last line of a provider at the hub or the recovery site is in maintenance, and some sites have no other."""
    sites = [_lines(site) for site in by_site(routers) if site[0].in_service]
    providers = [{line.uplink.provider for line in lines} for lines in sites]
    alone = Counter(names.pop() for names in providers if len(names) == 1)
    for lines in sites:
        if lines[0].router.tier not in model.CENTRES:
            continue
        left = {line.uplink.provider for line in lines if not line.is_drained}
        last = {line.uplink.provider: line for line in lines if line.is_drained}
        for provider, line in last.items():
            if provider not in left and alone[provider]:
                text = f"no line of {provider} is left here; sites without another provider: {alone[provider]}"
                yield Breach(line.path, text, line.router.hostname)


@rule("TS-MNT-07", "error", "own")
def drained_line_that_wins(routing: model.Routing, pair: model.Pair) -> Iterator[Breach]:
    """A carrier would prefer a drained line of the first router of a pair to a line of the second one."""
    longest = routing.secondary_prepend + pair.prepend
    if routing.drained.prepend <= longest:
        text = f"{routing.drained.prepend}, but the second router's secondary line has {longest}; should be more"
        yield Breach(("routing", "drained", "prepend"), text)


@rule("TS-MNT-08", "error", "own")
def gateways_with_nowhere_to_go(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """A router without another one beside it is to let its gateways leave."""
    for site in by_site(routers):
        work = site[0].device.maintenance
        if len(site) == 1 and work and work.state == "drained":
            text = "drained, but no other router here has its gateways; should be draining"
            yield Breach(("maintenance", "state"), text, site[0].hostname)
