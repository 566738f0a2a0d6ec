"""VLANs: what each one is for, and its subnets at every site."""

from __future__ import annotations

from datetime import date

from tslcd import addressing, model
from tslcd.documents.addressing import by_number
from tslcd.documents.document import BASIS, DECLARED, Cell, Document, mark

INTERNET = {"none": "không", "central": "qua cổng của tỉnh", "local": "đường riêng tại điểm"}
SOURCES = ("group_vars/all/vlans.yml", "group_vars/all/zones.yml")


def document(network: model.Network, as_of: date) -> Document:
    """One row per VLAN; the same at every site."""
    zones = network.province.zones
    return Document(
        name="vlans",
        title="Bảng VLAN",
        as_of=as_of,
        sources=SOURCES,
        columns=(
            ("id", "VLAN"),
            ("name", "Tên"),
            ("zone", "Vùng"),
            ("zone_name", "Tên vùng"),
            ("v4", "IPv4 trong dải của điểm"),
            ("v6", "IPv6 trong dải của điểm"),
            ("access_ports", "Cổng"),
            ("internet", "Internet"),
            BASIS,
        ),
        rows=tuple(
            (
                vlan.id,
                vlan.name,
                vlan.zone,
                zones[vlan.zone].name_vi,
                f"cục bộ {vlan.local_v4}" if vlan.local_v4 else f"+{vlan.offset}, /{vlan.length}",
                f"/64 số {vlan.id:02d}",
                ", ".join(vlan.access_ports) or "không",
                INTERNET[vlan.internet],
                DECLARED,
            )
            for vlan in network.province.vlans
        ),
    )


def subnets(network: model.Network, as_of: date) -> Document:
    """One row per site and VLAN."""
    return Document(
        name="vlan_subnets",
        title="Mạng con của từng điểm",
        as_of=as_of,
        sources=("group_vars/all/addressing.yml", *SOURCES),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên"),
            ("vlan", "VLAN"),
            ("vlan_name", "Tên VLAN"),
            ("subnet_v4", "Mạng con IPv4"),
            ("gateway_v4", "Cổng ra IPv4"),
            ("subnet_v6", "Mạng con IPv6"),
            ("gateway_v6", "Cổng ra IPv6"),
            BASIS,
        ),
        rows=tuple(
            _row(network.province.addressing, router, vlan)
            for router in by_number(network)
            if router.hostname.endswith("-r1")
            for vlan in network.province.vlans
        ),
        assumed=("Dải địa chỉ gốc",) if network.province.addressing.assumed else (),
    )


def _row(plan: model.Addressing, router: model.Router, vlan: model.Vlan) -> tuple[Cell, ...]:
    v4 = addressing.vlan_v4(plan, router.site.number, vlan)
    v6 = addressing.vlan_v6(plan, router.site.number, vlan)
    return (
        router.site_id,
        router.site.name,
        vlan.id,
        vlan.name,
        str(v4),
        str(addressing.gateway_v4(v4).ip),
        str(v6),
        str(addressing.gateway_v6(v6).ip),
        mark(plan.assumed),
    )
