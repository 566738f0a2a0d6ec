"""Sites: whom they report to, and what their life cycle allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.origin import KeyPath
from tslcd.policy.rule import Breach, rule

PARENTS: Mapping[str, tuple[str, ...]] = {
    "dr": ("hub",),
    "department": ("hub",),
    "district": ("hub",),
    "commune": ("district", "hub"),  # the hub: since July 2025 there are no districts
}


@rule("TS-SIT-01", "error", "own")
def site_without_parent(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A site other than the hub reports to nobody."""
    for router in sites:
        if router.parent is None and router.tier != "hub":
            yield Breach(("parent",), "missing; only the hub has no parent", router.hostname)


@rule("TS-SIT-02", "error", "own")
def sites_that_report_in_a_circle(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A site reports to itself, directly or through others."""
    parents = {router.site_id: router.parent for router in sites}
    hosts = {router.site_id: router.hostname for router in sites}
    done: set[str] = set()
    for start in parents:
        chain: list[str] = []
        site: str | None = start
        while site is not None and site in parents and site not in done and site not in chain:
            chain.append(site)
            site = parents[site]
        if site in chain:
            circle = chain[chain.index(site) :]
            first = min(circle)
            shown = " → ".join([*circle[circle.index(first) :], *circle[: circle.index(first)], first])
            yield Breach(("parent",), f"reports in a circle: {shown}", hosts[first])
        done.update(chain)


@rule("TS-SIT-03", "error", "own")
def parent_of_a_wrong_tier(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A site reports to one that is not above it."""
    by_id = {router.site_id: router for router in sites}
    for router in sites:
        parent = by_id.get(router.parent or "")
        if parent is None:
            continue
        allowed = PARENTS.get(router.tier, ())
        if router.site.life_cycle == "branch_office":
            allowed = (*allowed, router.tier)  # a branch reports to the office that it belongs to
        if router.tier == "hub":
            yield Breach(("parent",), f"the hub reports to {router.parent}; should have no parent", router.hostname)
        elif parent.tier not in allowed:
            text = f"{router.parent} is of tier {parent.tier}; of a {router.tier} it should be {' or '.join(allowed)}"
            yield Breach(("parent",), text, router.hostname)


@rule("TS-SIT-04", "error", "own")
def more_than_one_hub(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """Two sites are the hub."""
    hubs = [router for router in sites if router.tier == "hub"]
    for router in hubs[1:]:
        yield Breach(("tier",), f"a second hub beside {hubs[0].site_id}; should be one", router.hostname)


@rule("TS-SIT-05", "error", "own")
def branch_office_of_no_unit(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A branch office serves no official unit."""
    for router in sites:
        if router.site.life_cycle == "branch_office" and router.site.unit is None:
            yield Breach(
                ("site", "life_cycle"),
                "a branch office without unit; should name the unit that it serves",
                router.hostname,
            )


@rule("TS-SIT-06", "warning", "own")
def decommissioned_site_that_still_pays(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A decommissioned site still has an active leased line."""
    for router in sites:
        for index, circuit in enumerate(router.site.circuits if not router.in_service else ()):
            if circuit.state == "active":
                text = "active at a decommissioned site; should be under_review or cancelled"
                yield Breach(("site", "circuits", index, "state"), text, router.hostname)


@rule("TS-SIT-07", "error", "own")
def decommissioned_site_that_others_need(
    sites: Sequence[model.Router],
    firewall: model.Firewall | None = None,
    services: Mapping[str, model.Service] = {},
    level_i: model.LevelI | None = None,
) -> Iterator[Breach]:
    """A decommissioned site is a parent, a management site, the place of a service or of the level-I border."""
    gone = {router.site_id for router in sites if not router.in_service}
    if not gone:
        return
    for router in sites:
        if router.in_service and router.parent in gone:
            yield Breach(
                ("parent",), f"{router.parent} is decommissioned; should be a site in service", router.hostname
            )
    needed: list[tuple[KeyPath, str]] = []
    for index, site in enumerate(firewall.management_sites if firewall else ()):
        needed.append((("firewall", "management_sites", index), site))
    for name, service in services.items():
        for index, server in enumerate(service.servers):
            needed.append((("services", name, "servers", index, "site"), server.site))
    if level_i:
        needed.append((("level_i", "site"), level_i.site))
    for path, site in needed:
        if site in gone:
            yield Breach(path, f"{site} is decommissioned; should be a site in service")
