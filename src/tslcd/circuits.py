"""Every leased line of a site with the contract that it is leased under: uplinks first, then separate circuits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tslcd import model

Purpose = Literal["primary", "secondary", "conference", "internet", "other"]


@dataclass(frozen=True)
class Line:
    """A leased line. `monthly_cost_vnd` is None while nobody knows it."""

    site_id: str
    site_name: str
    purpose: Purpose
    provider: str
    provider_name: str
    rate_mbps: int
    contract_id: str
    contract: model.Contract
    state: model.CircuitState
    cancelled_on: str | None
    exemption: model.Exemption | None
    maintenance: model.Maintenance | None
    monthly_cost_vnd: int | None

    @property
    def separate(self) -> bool:
        """Whether it is leased beside the level-II uplinks: to be reviewed and cancelled."""
        return self.purpose not in ("primary", "secondary")

    def as_json(self) -> dict[str, Any]:
        """The line as plain data."""
        return {
            "purpose": self.purpose,
            "provider": self.provider,
            "rate_mbps": self.rate_mbps,
            "contract": {"id": self.contract_id, **self.contract.model_dump(mode="json")},
            "state": self.state,
            "cancelled_on": self.cancelled_on,
            "exemption": self.exemption.model_dump(mode="json") if self.exemption is not None else None,
            "maintenance": self.maintenance.model_dump(mode="json") if self.maintenance is not None else None,
            "monthly_cost_vnd": self.monthly_cost_vnd,
        }

    def ended(self, as_of: date) -> bool:
        """Whether the contract is over on a day."""
        return self.contract.valid_to < as_of

    def as_row(self, as_of: date) -> tuple[str, ...]:
        """The line for people."""
        period = f"{self.contract.valid_from} to {self.contract.valid_to}"
        cost = "cost not known" if self.monthly_cost_vnd is None else f"{self.monthly_cost_vnd} VND a month"
        mark = (", ended" if self.ended(as_of) else "") + (" (assumed)" if self.contract.assumed else "")
        contract = f"{self.contract_id}: {period}{mark}"
        work = f"in maintenance until {self.maintenance.until}: {self.maintenance.reason}" if self.maintenance else ""
        return (self.purpose, self.provider_name, f"{self.rate_mbps} Mbit/s", self.state, contract, cost, work)


def of_network(network: model.Network) -> Iterator[Line]:
    """All lines, by site."""
    seen: set[str] = set()
    for router in network.routers:
        if router.site_id not in seen:
            seen.add(router.site_id)
            yield from of_site(network, router)


def of_site(network: model.Network, router: model.Router) -> Iterator[Line]:
    """The lines of a router's site."""
    met: set[int] = set()  # routers whose primary has been seen
    for uplink in router.site.uplinks:
        yield _line(network, router, "secondary" if uplink.router in met else "primary", uplink)
        met.add(uplink.router)
    for circuit in router.site.circuits:
        yield _line(network, router, circuit.purpose, circuit)


def contract_of(line: model.LeasedLine, providers: Mapping[str, model.Provider]) -> str | None:
    """Key of the contract that a line is leased under: its own, else its provider's; None for an unknown provider."""
    provider = providers.get(line.provider)
    return line.contract or (provider.contract if provider else None)


def _line(network: model.Network, router: model.Router, purpose: Purpose, leased: model.LeasedLine) -> Line:
    province = network.province
    contract = contract_of(leased, province.providers)
    assert contract is not None  # the rules have refused unknown providers
    circuit = leased if isinstance(leased, model.Circuit) else None
    return Line(
        site_id=router.site_id,
        site_name=router.site.name,
        purpose=purpose,
        provider=leased.provider,
        provider_name=province.providers[leased.provider].name,
        rate_mbps=leased.rate_mbps,
        contract_id=contract,
        contract=province.contracts[contract],
        state=circuit.state if circuit is not None else "active",
        cancelled_on=str(circuit.cancelled_on) if circuit is not None and circuit.cancelled_on else None,
        exemption=circuit.exemption if circuit is not None else None,
        maintenance=leased.maintenance if isinstance(leased, model.Uplink) else None,
        monthly_cost_vnd=leased.monthly_cost_vnd,
    )
