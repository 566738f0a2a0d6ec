"""Leased lines: uplinks of the level-II network, other circuits, and the contracts that they are leased under."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, Name, RateMbps, Text
from tslcd.model.maintenance import Maintenance

CircuitState = Literal["active", "under_review", "cancelled"]


class Contract(Declared):
    """A lease from a carrier: its period, and whether it is at hand."""

    provider: Name
    """Key of `providers`."""
    reference: Text
    """Number and date of the contract."""
    valid_from: date
    """First day."""
    valid_to: date
    """Last day."""
    assumed: bool
    """True until the contract is at hand; rates and costs of its lines are then assumed, too."""


class Exemption(Declared):
    """Why a leased line may stay although it should be cancelled."""

    reason: Text
    """Why."""
    approval_ref: Text
    """Who allowed it: number and date."""
    expires: date
    """Last day."""


class LeasedLine(Declared):
    """A leased line."""

    provider: Name
    """Key of `providers`."""
    rate_mbps: RateMbps
    """Contract rate in each direction, Mbit/s."""
    contract: Name | None = None
    """Key of `contracts`, where it is not the provider's own one."""
    monthly_cost_vnd: Annotated[int, Field(ge=0)] | None = None
    """What it costs in a month, VND; left out while nobody knows."""
    maintenance: Maintenance | None = None
    """Why traffic is led away from it, while it is."""


class Uplink(LeasedLine):
    """One leased PE-CE line of a site; the first declared one of a router is its primary."""

    router: Literal[1, 2] = 1
    """The router that it is plugged into: 1 for -r1, 2 for -r2."""


class Circuit(LeasedLine):
    """A line that is leased separately, beside the uplinks: to be reviewed and cancelled."""

    purpose: Literal["conference", "internet", "other"]
    """What it was leased for."""
    state: CircuitState
    """active → under_review → cancelled."""
    cancelled_on: date | None = None
    """First day without it; goes with state cancelled."""
    exemption: Exemption | None = None
    """Why it may stay, where it may."""
