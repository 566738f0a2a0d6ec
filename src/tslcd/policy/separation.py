"""Separation: what must not meet the Internet, and what must not meet each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.facts import Own
from tslcd.policy.rule import Breach, rule

CLOSED = ("conference", "management", "party")
"""Roles of zones that never have Internet."""


@rule("TS-SEP-01", "error", "city instruction of 2023")
def internet_for_a_closed_zone(zones: Mapping[str, model.Zone], every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """A conference, management or Party VLAN has Internet."""
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            role = zones[vlan.zone].role if vlan.zone in zones else None
            if role in CLOSED and vlan.internet != "none":
                text = f"{vlan.internet}, but zone {vlan.zone} is for {role}; should be none"
                yield Breach(("vlans", index, "internet"), text, host)


@rule("TS-SEP-02", "error", "own")
def guest_prefix_announced(zones: Mapping[str, model.Zone], every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """A guest VLAN lies in the site's prefix, which is announced to the whole network."""
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            if vlan.zone in zones and zones[vlan.zone].role == "internet" and vlan.local_v4 is None:
                text = "a guest VLAN in the site's announced prefix; should have local_v4 instead of offset and length"
                yield Breach(("vlans", index, "offset"), text, host)


@rule("TS-SEP-03", "error", "own")
def local_subnet_for_the_network(zones: Mapping[str, model.Zone], every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """A VLAN of the level-II network has a subnet that is never announced: nobody could reach it."""
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            if vlan.zone in zones and zones[vlan.zone].role != "internet" and vlan.local_v4 is not None:
                text = f"never announced, but zone {vlan.zone} is of the network; should have offset and length"
                yield Breach(("vlans", index, "local_v4"), text, host)


@rule("TS-SEP-04", "error", "level-3 hardening")
def dual_homed_lan(zones: Mapping[str, model.Zone], every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """Hosts of the level-II network also leave through the site's own Internet line."""
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            role = zones[vlan.zone].role if vlan.zone in zones else None
            if role in ("users", "services") and vlan.internet == "local":
                text = f"local, but zone {vlan.zone} is of the level-II network; should be none or central"
                yield Breach(("vlans", index, "internet"), text, host)


@rule("TS-SEP-05", "error", "level-3 hardening")
def internet_line_that_guests_do_not_use(
    zones: Mapping[str, model.Zone], vlans: Sequence[model.Vlan], sites: Sequence[model.Router]
) -> Iterator[Breach]:
    """A site has an active Internet line and no guest VLAN: only the level-II LAN can be plugged into it."""
    for router in sites:
        own: Sequence[model.Vlan] = router.overrides.get("vlans", vlans)
        if any(vlan.zone in zones and zones[vlan.zone].role == "internet" for vlan in own):
            continue
        for index, circuit in enumerate(router.site.circuits):
            if circuit.purpose == "internet" and circuit.state == "active":
                text = "an Internet line at a site without a guest VLAN; should be under_review or cancelled"
                yield Breach(("site", "circuits", index, "purpose"), text, router.hostname)


@rule("TS-SEP-06", "error", "level-3 hardening")
def flow_from_guests(zones: Mapping[str, model.Zone], firewall: model.Firewall) -> Iterator[Breach]:
    """Guests may start traffic to the network, or the network to guests."""
    for index, flow in enumerate(firewall.flows):
        for end in ("source", "destination"):
            name = getattr(flow, end)
            if name in zones and zones[name].role == "internet":
                yield Breach(("firewall", "flows", index, end), f"{name} is for guests; should be in no flow")


@rule("TS-SEP-07", "error", "level-3 hardening")
def flow_into_management(zones: Mapping[str, model.Zone], firewall: model.Firewall) -> Iterator[Breach]:
    """A zone that is not for management may start traffic to management."""
    for index, flow in enumerate(firewall.flows):
        if flow.source in zones and flow.destination in zones:
            roles = zones[flow.source].role, zones[flow.destination].role
            if roles[1] == "management" and roles[0] != "management":
                text = f"{flow.source} is not for management; should not reach {flow.destination}"
                yield Breach(("firewall", "flows", index, "source"), text)


@rule("TS-SEP-08", "error", "provincial conclusion of 2018")
def party_zone_opened_as_a_whole(zones: Mapping[str, model.Zone], firewall: model.Firewall) -> Iterator[Breach]:
    """A flow opens the Party zone to another one as a whole: exchange with it is by list."""
    for index, flow in enumerate(firewall.flows):
        if flow.source in zones and flow.destination in zones and flow.source != flow.destination:
            for end in ("source", "destination"):
                name = getattr(flow, end)
                if zones[name].role == "party":
                    text = f"{name} as a whole; exchange with the Party zone is by list, service by service"
                    yield Breach(("firewall", "flows", index, end), text)
