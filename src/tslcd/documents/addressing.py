"""The addressing plan: every site with the addresses and the AS number that follow from its number."""

from __future__ import annotations

from datetime import date

from tslcd import addressing, model, units
from tslcd.documents.document import BASIS, LIFE_CYCLES, TIERS, Cell, Document, mark

COLUMNS = (
    ("number", "Số điểm"),
    ("site_id", "Mã điểm"),
    ("name", "Tên"),
    ("tier", "Cấp"),
    ("unit", "Đơn vị hành chính"),
    ("life_cycle", "Trạng thái"),
    ("asn", "Số AS"),
    ("site_v4", "IPv4"),
    ("site_v6", "IPv6"),
    ("loopback_v4", "Loopback IPv4"),
    ("loopback_v6", "Loopback IPv6"),
)


def document(network: model.Network, as_of: date) -> Document:
    """One row per router: a second router has a loopback of its own. Decommissioned sites stay: nothing is reused."""
    plan, providers = network.province.addressing, network.province.providers
    lines = tuple(
        (f"{name}_{end}_{family}", f"{provider.name} {end.upper()} {family.replace('v', 'IPv')}")
        for name, provider in providers.items()
        if provider.network is None
        for family in ("v4", "v6")
        for end in ("pe", "ce")
    )
    return Document(
        name="addressing",
        title="Quy hoạch địa chỉ",
        as_of=as_of,
        sources=("group_vars/all/addressing.yml", "group_vars/all/providers.yml", "inventory/"),
        columns=(*COLUMNS, *lines, BASIS),
        rows=tuple(_row(network, router, as_of) for router in by_number(network)),
        assumed=_assumed(plan, providers),
    )


def by_number(network: model.Network) -> list[model.Router]:
    """All routers in the order of their sites' numbers."""
    return sorted(network.routers, key=lambda router: (router.site.number, router.hostname))


def unit_name(network: model.Network, site: model.Site, as_of: date) -> str:
    """The unit that a site serves on a day, for people."""
    if site.unit is None:
        return "không thuộc danh mục"
    unit = units.unit_at(network, site.unit, as_of)
    return f"{unit.kind} {unit.name} ({unit.code})" if unit is not None else f"{site.unit}: không còn đơn vị kế tiếp"


def _row(network: model.Network, router: model.Router, as_of: date) -> tuple[Cell, ...]:
    plan, site = network.province.addressing, router.site
    providers = network.province.providers
    leased = {model.network_of(providers, uplink.provider) for uplink in router.uplinks}
    ends: list[str] = []
    for name, provider in providers.items():
        if provider.network is not None:
            continue
        link4 = addressing.link_v4(provider, site.number, router.unit)
        link6 = addressing.link_v6(provider, site.number, router.unit)
        addresses = (link4.pe, link4.ce, link6.pe, link6.ce)
        ends += map(str, addresses) if name in leased else ["không thuê"] * len(addresses)
    assumed = plan.assumed or any(providers[name].assumed for name in leased)
    return (
        site.number,
        router.site_id,
        site.name,
        TIERS[router.tier],
        unit_name(network, site, as_of),
        LIFE_CYCLES[site.life_cycle],
        addressing.asn(plan, site.number),
        str(addressing.site_v4(plan, site.number)),
        str(addressing.site_v6(plan, site.number)),
        str(addressing.loopback_v4(plan, site.number, router.unit)),
        str(addressing.loopback_v6(plan, site.number, router.unit)),
        *ends,
        mark(assumed),
    )


def _assumed(plan: model.Addressing, providers: dict[str, model.Provider]) -> tuple[str, ...]:
    bases = ("Dải địa chỉ gốc và số AS gốc",) if plan.assumed else ()
    facts = {"link_v4", "link_v6"}
    lines = tuple(
        f"Địa chỉ đường truyền {provider.name}"
        for provider in providers.values()
        if provider.network is None and facts & set(provider.assumed_facts)
    )
    return (*bases, *lines)
