"""A line in maintenance is the worst one in both directions, and nothing else of the router changes."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff

import pytest

from tslcd import intent, load, model, render
from tslcd.validation import validate

COMMUNE = "lci-02686-a-mu-sung-r1"
HUB = "lci-hub-r1"
ASN = "4200100130"
WORK = {"reason": "a test", "requested_by": "data-centre", "until": date(2024, 6, 30)}


@pytest.fixture(scope="module")
def network(small_network, tmp_path_factory) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("small")))


def drained(network: model.Network, *providers: str) -> model.Network:
    """With these lines of the commune in maintenance."""

    def line(uplink: model.Uplink) -> model.Uplink:
        work = model.Maintenance(**WORK) if uplink.provider in providers else None
        return uplink.model_copy(update={"maintenance": work})

    def with_lines(router: model.Router) -> model.Router:
        if router.hostname != COMMUNE:
            return router
        site = router.site.model_copy(update={"uplinks": tuple(map(line, router.site.uplinks))})
        return router.model_copy(update={"site": site})

    return network.model_copy(update={"routers": tuple(map(with_lines, network.routers))})


def device(network: model.Network) -> model.Network:
    """With the commune's router in maintenance."""

    def at_work(router: model.Router) -> model.Router:
        if router.hostname != COMMUNE:
            return router
        own = router.device.model_copy(update={"maintenance": model.DeviceMaintenance(**WORK)})
        return router.model_copy(update={"device": own})

    return network.model_copy(update={"routers": tuple(map(at_work, network.routers))})


def counted(line: str) -> list[str]:
    """What still passes over it is counted, behind all verdicts."""
    hook = "\t\ttype filter hook forward priority security; policy accept;"
    rules = [f'\t\tiifname "{line}" counter', f'\t\toifname "{line}" counter']
    return [f"+{text}" for text in ("\tchain drained {", hook, *rules, "\t}", "")]


def changes(before: model.Network, after: model.Network) -> list[str]:
    texts = [render.document(intent.derive(one)[COMMUNE]).splitlines() for one in (before, after)]
    return sorted(line for line in unified_diff(*texts, n=0, lineterm="") if not line.startswith(("---", "+++", "@@")))


def inward_of_all(inward: list[str]) -> list[str]:
    """Of sessions across the core in both families, then of the PE's: what is watched there, and the rest."""
    watched = ["- set local-preference 50", "+ set local-preference 10"]
    return [*inward, *inward, *(watched + inward) * 2]


def test_a_drained_primary_is_the_worst_in_both_directions_and_families_and_keeps_its_sessions(network):
    inward = ["- set local-preference 200", "+ set local-preference 10"]
    outward = [f"+ set as-path prepend {' '.join([ASN] * 4)}", "+ set community graceful-shutdown"]
    expected = [*inward_of_all(inward), *outward, *outward, *counted("wan1")]
    assert changes(network, drained(network, "vnpt")) == sorted(expected)


def test_a_drained_secondary_is_worse_than_it_was(network):
    inward = ["- set local-preference 100", "+ set local-preference 10"]
    outward = [
        f"- set as-path prepend {ASN} {ASN}",
        f"+ set as-path prepend {' '.join([ASN] * 6)}",
        "+ set community graceful-shutdown",
    ]
    expected = [*inward_of_all(inward), *outward, *outward, *counted("wan2")]
    assert changes(network, drained(network, "viettel")) == sorted(expected)


def test_maintenance_of_a_router_drains_all_its_lines(network):
    uplinks = intent.derive(device(network))[COMMUNE].uplinks
    assert all(uplink.drained for uplink in uplinks)
    assert uplinks == intent.derive(drained(network, "vnpt", "viettel"))[COMMUNE].uplinks


@pytest.mark.parametrize(("state", "leaves"), [("draining", False), ("drained", True)])
def test_the_gateways_leave_a_router_of_a_pair_only_after_its_lines(network, state, leaves):
    work = model.DeviceMaintenance(**WORK, state=state)
    routers = [
        router.model_copy(update={"device": router.device.model_copy(update={"maintenance": work})})
        if router.hostname == HUB
        else router
        for router in network.routers
    ]
    intended = intent.derive(network.model_copy(update={"routers": tuple(routers)}))[HUB]
    assert [uplink.drained for uplink in intended.uplinks] == [True, True]
    assert intended.pair.leaves == leaves
    assert ("    priority 10\n" in render.document(intended)) == leaves


@pytest.mark.parametrize(
    ("drained", "refusal"),
    [
        ({"local_preference": 100, "prepend": 4}, "drained.local_preference should be less than"),
        ({"local_preference": 10, "prepend": 2}, "drained.prepend should be greater than"),
    ],
)
def test_a_drained_line_that_would_not_be_the_worst_is_refused(network, drained, refusal):
    routing = network.province.routing.model_dump(mode="json") | {"drained": drained}
    _, problems = validate(model.Routing, routing, "routing")
    assert len(problems) == 1
    assert problems[0].text.startswith(refusal)
