"""Devices: how they are reached, by whom they are configured, and what their ports and interfaces are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import addressing as formulas
from tslcd import model
from tslcd.conference.endpoint import address_v4
from tslcd.origin import KeyPath
from tslcd.policy.facts import Own
from tslcd.policy.rule import Breach, rule


@rule("TS-DEV-01", "error", "own")
def address_of_another_device(
    addressing: model.Addressing,
    routers: Sequence[model.Router],
    ansible_hosts: Mapping[str, str | None],
    endpoints: Sequence[model.ConferenceEndpoint] = (),
    vlans: Sequence[model.Vlan] = (),
) -> Iterator[Breach]:
    """Ansible would connect to an address that is not the router's own loopback, or not the endpoint's own.

    One finding for all routers, and one for all endpoints.
    """
    bases = {1: addressing.loopback_a, 2: addressing.loopback_b}
    wrong = []
    for router in routers:
        unit, found = router.unit, ansible_hosts[router.hostname]
        if router.site.number >= bases[unit].num_addresses:
            continue  # number_outside_its_bases says so
        if found != str(bases[unit].network_address + router.site.number):
            loopback = formulas.loopback_v4(addressing, router.site.number, unit).ip
            wrong.append((router.hostname, f"not an address of {router.hostname} ({found}); should be {loopback}"))
    yield from _one_for_all(wrong, "its loopback")
    astray = []
    for endpoint in endpoints:
        found, right = ansible_hosts.get(endpoint.hostname), _own_address(addressing, endpoint, vlans)
        if right is not None and found != right:
            astray.append((endpoint.hostname, f"not the address of {endpoint.hostname} ({found}); should be {right}"))
    yield from _one_for_all(astray, "as its VLAN has it")


def _one_for_all(wrong: Sequence[tuple[str, str]], why: str) -> Iterator[Breach]:
    if wrong:
        (hostname, text), others = wrong[0], len(wrong) - 1
        more = f" ({others} more)" if others else ""
        yield Breach(("ansible_host",), f"{text}, {why}{more}", hostname)


def _own_address(plan: model.Addressing, endpoint: model.ConferenceEndpoint, vlans: Sequence[model.Vlan]) -> str | None:
    """An endpoint's IPv4 address; None where there is none, which other rules say."""
    vlan = next((vlan for vlan in vlans if vlan.name == endpoint.device.endpoint.vlan), None)
    try:
        return str(address_v4(plan, endpoint, vlan).ip) if vlan and not vlan.local_v4 else None
    except ValueError:
        return None


@rule("TS-DEV-02", "error", "own")
def vlans_that_collide(every_vlans: Sequence[Own]) -> Iterator[Breach]:
    """Two VLANs have one id, one name or one access port."""
    for host, vlans in every_vlans:
        marks: dict[str, list[tuple[KeyPath, object]]] = {
            "id": [(("vlans", n, "id"), vlan.id) for n, vlan in enumerate(vlans)],
            "name": [(("vlans", n, "name"), vlan.name) for n, vlan in enumerate(vlans)],
            "port": [
                (("vlans", n, "access_ports", m), p) for n, v in enumerate(vlans) for m, p in enumerate(v.access_ports)
            ],
        }
        for what, entries in marks.items():
            seen: set[object] = set()
            for path, value in entries:
                if value in seen:
                    yield Breach(path, f"{what} in use ({value}) by another VLAN; should be one of its own", host)
                seen.add(value)


@rule("TS-DEV-03", "error", "own")
def port_of_a_line_in_use(
    providers: Mapping[str, model.Provider], every_vlans: Sequence[Own], routers: Sequence[model.Router]
) -> Iterator[Breach]:
    """Two lines of a router, or a line and a VLAN, are plugged into one port."""
    for host, vlans in every_vlans:
        lines = {provider.port: name for name, provider in reversed([*providers.items()])}
        for index, vlan in enumerate(vlans):
            for position, port in enumerate(vlan.access_ports):
                if port in lines:
                    text = f"port in use ({port}) by the line of {lines[port]}; should be another one"
                    yield Breach(("vlans", index, "access_ports", position), text, host)
    pairs = {tuple(uplink.provider for uplink in router.uplinks) for router in routers}
    for pair in sorted(pair for pair in pairs if len(pair) == 2 and pair[0] != pair[1] and set(pair) <= set(providers)):
        networks = {model.network_of(providers, name) for name in pair}  # of one, two_uplinks_on_one_provider says so
        if len(networks) == 2 and providers[pair[0]].port == providers[pair[1]].port:
            text = f"port in use ({providers[pair[1]].port}) by the line of {pair[0]}; should be another one"
            yield Breach(("providers", pair[1], "port"), text)


@rule("TS-DEV-04", "error", "own")
def device_text_that_is_not_ascii(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """A port's name on the device is not ASCII.

    All other text that reaches a device is refused by the model itself (`model.DeviceText`).
    """
    for router in routers:
        for port, name in router.device.ports.items():
            if not (name.isascii() and name.isprintable()):
                text = f'wrong name ("{name}"); should be printable ASCII: it reaches a device'
                yield Breach(("ports", port), text, router.hostname)


@rule("TS-DEV-05", "error", "carriers")
def carrier_device_that_we_would_commit_to(
    routers: Sequence[model.Router], providers: Mapping[str, model.Provider]
) -> Iterator[Breach]:
    """A device is configured by a carrier, and yet we would reach it and commit to it."""
    for router in routers:
        device = router.device
        if device.managed_by in providers and device.access != "none":
            text = f"configured by {device.managed_by}, but reached {device.access}; should be access none"
            yield Breach(("managed_by",), text, router.hostname)


@rule("TS-DEV-06", "error", "own")
def device_of_ours_that_we_cannot_reach(routers: Sequence[model.Router]) -> Iterator[Breach]:
    """A device is ours to configure, and there is no way to it."""
    for router in routers:
        if router.in_service and router.device.managed_by == "province" and router.device.access == "none":
            text = "none, but managed by the province; should be in_band or out_of_band"
            yield Breach(("access",), text, router.hostname)


@rule("TS-DEV-07", "warning", "carriers")
def device_of_a_carrier_without_a_line(
    routers: Sequence[model.Router], providers: Mapping[str, model.Provider]
) -> Iterator[Breach]:
    """A device is configured by a carrier that the site has no line of."""
    for router in routers:
        manager = router.device.managed_by
        if manager in providers and manager not in {uplink.provider for uplink in router.site.uplinks}:
            text = f"{manager} configures it, but the site has no line of {manager}"
            yield Breach(("managed_by",), text, router.hostname)


@rule("TS-DEV-08", "error", "level-3 hardening")
def users_untagged_on_a_trunk(
    routers: Sequence[model.Router], vlans: Sequence[model.Vlan], zones: Mapping[str, model.Zone]
) -> Iterator[Breach]:
    """A trunk carries a VLAN of users untagged: a frame with a second tag would hop into another VLAN."""
    users = {vlan.name for vlan in vlans if vlan.zone not in zones or zones[vlan.zone].role != "management"}
    for router in routers:
        for port, own in router.site.ports.items():
            if own.native in users:
                text = f"a VLAN of users ({own.native}); should be one of management: a second tag would hop"
                yield Breach(("site", "ports", port, "native"), text, router.hostname)


@rule("TS-DEV-09", "error", "own")
def port_without_vlan(routers: Sequence[model.Router], vlans: Sequence[model.Vlan]) -> Iterator[Breach]:
    """A site speaks of a switch port that carries nothing."""
    usual = {port for vlan in vlans for port in vlan.access_ports}
    for router in routers:
        for port, own in router.site.ports.items():
            if own.access is None and not own.trunk and port not in usual:
                yield Breach(("site", "ports", port), "carries no VLAN; should have access or trunk", router.hostname)


@rule("TS-DEV-10", "error", "own")
def line_without_a_router(routers: Sequence[model.Router], ansible_hosts: Mapping[str, str | None]) -> Iterator[Breach]:
    """A line is plugged into a router that the site does not have, or a router has no line."""
    for router in routers:
        units = [unit for unit in (1, 2) if _named(router, unit) in ansible_hosts]
        for index, uplink in enumerate(router.site.uplinks):
            if uplink.router not in units and router.unit == units[0]:
                text = f"no router {uplink.router} here; should be {' or '.join(map(str, units))}"
                yield Breach(("site", "uplinks", index, "router"), text, router.hostname)
        if not router.uplinks:
            text = f"no line for {router.hostname}; should have one with router: {router.unit}"
            yield Breach(("site", "uplinks"), text, router.hostname)


@rule("TS-DEV-11", "error", "own")
def second_router_alone(routers: Sequence[model.Router], ansible_hosts: Mapping[str, str | None]) -> Iterator[Breach]:
    """A site has a second router and no first one: its addresses would be nobody's."""
    for router in routers:
        if router.unit == 2 and _named(router, 1) not in ansible_hosts:
            text = f"no first router beside it; should be called {_named(router, 1)}"
            yield Breach(("site",), text, router.hostname)


@rule("TS-DEV-12", "warning", "own")
def provider_at_one_router_of_two(in_service: Sequence[model.Router]) -> Iterator[Breach]:
    """A provider's line is at one of a site's two routers: who has that provider alone loses the site with it."""
    for router in in_service:
        lines = router.site.uplinks
        for index, uplink in enumerate(lines):
            beside = {other.router for other in lines if other.provider == uplink.provider}
            if len({other.router for other in lines}) == 2 and len(beside) == 1:
                text = f"{uplink.provider} at router {uplink.router} alone; should have a line at the other one, too"
                yield Breach(("site", "uplinks", index, "router"), text, router.hostname)


@rule("TS-DEV-13", "error", "own")
def links_of_two_sites_that_meet(
    providers: Mapping[str, model.Provider], routers: Sequence[model.Router]
) -> Iterator[Breach]:
    """Links of second routers are counted from the end of the prefix: one is another site's first link already."""
    first = {router.site.number: router for router in routers if router.unit == 1}
    for router in (router for router in routers if router.unit == 2):
        for uplink in router.uplinks:
            if uplink.provider in providers:
                count = 2 ** (31 - providers[uplink.provider].link_v4.prefixlen)
                if (other := first.get(count - 1 - router.site.number)) is not None:
                    text = f"its link at {uplink.provider} is that of {other.site_id}; should have another number"
                    yield Breach(("site", "number"), text, router.hostname)


@rule("TS-DEV-14", "error", "own")
def cross_connect_in_use(
    pair: model.Pair,
    every_vlans: Sequence[Own] = (),
    providers: Mapping[str, model.Provider] = {},
) -> Iterator[Breach]:
    """The port of the cross-connect between two routers carries a line or a VLAN, or its prefix is no link's."""
    port = pair.port
    used = {provider.port: f"the line of {name}" for name, provider in providers.items()}
    used |= {name: f"VLAN {vlan.id}" for _, vlans in every_vlans for vlan in vlans for name in vlan.access_ports}
    if port in used:
        yield Breach(("pair", "port"), f"port in use ({port}) by {used[port]}; should be another one")
    for key, length in (("link_v4", 31), ("link_v6", 127)):
        if (link := getattr(pair, key)).prefixlen != length:
            text = f"{link} is no link between two routers; should be a /{length}"
            yield Breach(("pair", key), text)


@rule("TS-DEV-15", "error", "own")
def two_routers_that_prefer_each_other(pair: model.Pair, routing: model.Routing) -> Iterator[Breach]:
    """A router of a pair would prefer the other's lines to its own ones, or its own drained ones to the other's."""
    least, most = routing.drained.local_preference, routing.unwatched_local_preference
    if not least < pair.local_preference < most:
        text = (
            f"{pair.local_preference}; should be more than of drained lines ({least}), less than of any other ({most})"
        )
        yield Breach(("pair", "local_preference"), text)


def _named(router: model.Router, unit: int) -> str:
    return f"{router.hostname[:-1]}{unit}"
