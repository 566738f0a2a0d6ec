"""Leased lines and the contracts that they are leased under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from tslcd import model
from tslcd.circuits import contract_of
from tslcd.origin import KeyPath
from tslcd.policy.facts import by_site
from tslcd.policy.rule import Breach, rule


def _circuits(sites: Sequence[model.Router]) -> Iterator[tuple[str, KeyPath, model.Circuit]]:
    for router in sites:
        for index, circuit in enumerate(router.site.circuits):
            yield router.hostname, ("site", "circuits", index), circuit


def _lines_by_contract(in_service: Sequence[model.Router], providers: Mapping[str, model.Provider]) -> dict[str, int]:
    """Contract → lines that are leased under it, of sites in service and not cancelled."""
    lines: dict[str, int] = {}
    for router in in_service:
        circuits = [circuit for circuit in router.site.circuits if circuit.state != "cancelled"]
        for line in (*router.site.uplinks, *circuits):
            if (contract := contract_of(line, providers)) is not None:
                lines[contract] = lines.get(contract, 0) + 1
    return lines


@rule("TS-CIR-01", "warning", "city instruction of 2023")
def expired_contract(
    contracts: Mapping[str, model.Contract],
    providers: Mapping[str, model.Provider],
    in_service: Sequence[model.Router],
    as_of: date,
) -> Iterator[Breach]:
    """Lines run under a contract that has ended."""
    lines = _lines_by_contract(in_service, providers)
    for name, contract in contracts.items():
        if name in lines and contract.valid_to < as_of:
            text = f"ended on {contract.valid_to}; lines under it: {lines[name]}"
            yield Breach(("contracts", name, "valid_to"), text)


@rule("TS-CIR-02", "warning", "own")
def contract_about_to_expire(
    contracts: Mapping[str, model.Contract],
    providers: Mapping[str, model.Provider],
    in_service: Sequence[model.Router],
    as_of: date,
    limits: model.Profile,
) -> Iterator[Breach]:
    """Lines run under a contract that ends soon."""
    lines = _lines_by_contract(in_service, providers)
    for name, contract in contracts.items():
        if name in lines and as_of <= contract.valid_to <= as_of + timedelta(days=limits.expiry_warning_days):
            left = (contract.valid_to - as_of).days
            text = f"ends on {contract.valid_to}, in {left} days; lines under it: {lines[name]}"
            yield Breach(("contracts", name, "valid_to"), text)


@rule("TS-CIR-03", "warning", "city instruction of 2023")
def conference_line_without_exemption(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A separately leased conference line stays without a reason."""
    for host, path, circuit in _circuits(sites):
        if circuit.purpose == "conference" and circuit.state == "active" and circuit.exemption is None:
            text = "an active conference line without exemption; should be under_review or cancelled"
            yield Breach((*path, "state"), text, host)


@rule("TS-CIR-04", "warning", "city instruction of 2023")
def expired_exemption(sites: Sequence[model.Router], as_of: date) -> Iterator[Breach]:
    """A leased line stays by an exemption that has ended."""
    for host, path, circuit in _circuits(sites):
        if circuit.state != "cancelled" and circuit.exemption and circuit.exemption.expires < as_of:
            text = f"ended on {circuit.exemption.expires}; should be renewed, or the line under_review or cancelled"
            yield Breach((*path, "exemption", "expires"), text, host)


@rule("TS-CIR-05", "error", "city instruction of 2023")
def cancelled_without_a_day(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A line is cancelled, but nobody says since when: the report cannot count it."""
    for host, path, circuit in _circuits(sites):
        if circuit.state == "cancelled" and circuit.cancelled_on is None:
            yield Breach(path, "cancelled without cancelled_on; should name the first day without it", host)


@rule("TS-CIR-06", "warning", "own")
def cancelled_in_the_future(sites: Sequence[model.Router], as_of: date) -> Iterator[Breach]:
    """A line counts as cancelled before its last day."""
    for host, path, circuit in _circuits(sites):
        if circuit.state == "cancelled" and circuit.cancelled_on and circuit.cancelled_on > as_of:
            text = f"cancelled only on {circuit.cancelled_on}; should be under_review until then"
            yield Breach((*path, "state"), text, host)


@rule("TS-CIR-07", "error", "own")
def day_of_cancelling_without_cancelling(sites: Sequence[model.Router]) -> Iterator[Breach]:
    """A line has a day of cancelling, but is not cancelled."""
    for host, path, circuit in _circuits(sites):
        if circuit.state != "cancelled" and circuit.cancelled_on is not None:
            text = f"a day ({circuit.cancelled_on}), but the state is {circuit.state}; goes with state cancelled"
            yield Breach((*path, "cancelled_on"), text, host)


@rule("TS-CIR-08", "error", "own")
def contract_of_another_provider(
    contracts: Mapping[str, model.Contract],
    sites: Sequence[model.Router],
    providers: Mapping[str, model.Provider] = {},
) -> Iterator[Breach]:
    """A line is leased from one provider under a contract with another."""
    for name, provider in providers.items():
        contract = contracts.get(provider.contract)
        if contract and contract.provider != (carrier := model.network_of(providers, name)):
            text = f"{provider.contract} is a contract with {contract.provider}; should be one with {carrier}"
            yield Breach(("providers", name, "contract"), text)
    for router in sites:
        for kind in ("uplinks", "circuits"):
            lines: Sequence[model.LeasedLine] = getattr(router.site, kind)
            for index, line in enumerate(lines):
                contract = contracts.get(line.contract) if line.contract else None
                if contract and contract.provider != (carrier := model.network_of(providers, line.provider)):
                    text = f"{line.contract} is a contract with {contract.provider}; should be one with {carrier}"
                    yield Breach(("site", kind, index, "contract"), text, router.hostname)


@rule("TS-CIR-09", "warning", "own")
def contract_that_has_not_begun(
    contracts: Mapping[str, model.Contract],
    providers: Mapping[str, model.Provider],
    in_service: Sequence[model.Router],
    as_of: date,
) -> Iterator[Breach]:
    """Lines run under a contract that has not begun."""
    lines = _lines_by_contract(in_service, providers)
    for name, contract in contracts.items():
        if name in lines and contract.valid_from > as_of:
            text = f"begins on {contract.valid_from}; lines under it already: {lines[name]}"
            yield Breach(("contracts", name, "valid_from"), text)


@rule("TS-CIR-10", "error", "own")
def contract_that_ends_before_it_begins(contracts: Mapping[str, model.Contract]) -> Iterator[Breach]:
    """A contract's last day is before its first."""
    for name, contract in contracts.items():
        if contract.valid_to < contract.valid_from:
            text = f"ends on {contract.valid_to}, before it begins on {contract.valid_from}"
            yield Breach(("contracts", name, "valid_to"), text)


@rule("TS-CIR-11", "error", "own")
def two_uplinks_on_one_provider(
    routers: Sequence[model.Router], providers: Mapping[str, model.Provider] = {}
) -> Iterator[Breach]:
    """Both uplinks of a router are in one provider's network: they would fail together."""
    for router in routers:
        met: set[str] = set()
        for index, uplink in enumerate(router.site.uplinks):
            if uplink.router == router.unit:
                if (name := model.network_of(providers, uplink.provider)) in met:
                    text = f"a second uplink on one provider ({name}); should be another provider, or one uplink"
                    yield Breach(("site", "uplinks", index, "provider"), text, router.hostname)
                met.add(name)


@rule("TS-CIR-12", "error", "own")
def two_routers_on_one_provider(
    routers: Sequence[model.Router], providers: Mapping[str, model.Provider] = {}
) -> Iterator[Breach]:
    """Both routers of a site have lines of one provider alone: the second one saves nothing."""
    for pair in by_site(routers):
        used = {model.network_of(providers, uplink.provider) for router in pair for uplink in router.site.uplinks}
        if len(pair) > 1 and len(used) == 1:
            text = f"two routers, and {used.pop()} alone; should have a line of another provider, or one router"
            yield Breach(("site", "uplinks"), text, pair[-1].hostname)
