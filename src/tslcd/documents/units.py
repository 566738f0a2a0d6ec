"""The sites by the official unit that they serve on the document's day."""

from __future__ import annotations

from datetime import date

from tslcd import model, served_units
from tslcd.documents.document import LIFE_CYCLES, TIERS, Document

REASONS = {
    served_units.NO_LIST: "không thuộc danh mục đơn vị hành chính",
    served_units.NOTHING_LEFT: "đơn vị đã kết thúc, không có đơn vị kế tiếp",
}


def document(network: model.Network, as_of: date) -> Document:
    """One row per site, in the order of the units."""
    return Document(
        name="units",
        title="Các điểm theo đơn vị hành chính",
        as_of=as_of,
        sources=("group_vars/all/units.yml", "data/"),
        columns=(
            ("above", "Đơn vị cấp trên"),
            ("code", "Mã đơn vị"),
            ("unit", "Đơn vị"),
            ("site_id", "Mã điểm"),
            ("name", "Tên điểm"),
            ("tier", "Cấp của điểm"),
            ("life_cycle", "Trạng thái"),
            ("note", "Ghi chú"),
        ),
        rows=tuple(
            (
                f"{served.above.kind} {served.above.name}" if served.above else "không",
                served.unit.code if served.unit else "không",
                f"{served.unit.kind} {served.unit.name}" if served.unit else REASONS[served.reason],
                router.site_id,
                router.site.name,
                TIERS[router.tier],
                LIFE_CYCLES[router.site.life_cycle],
                (served.unit.note if served.unit else None) or "không",
            )
            for served in served_units.on(network, as_of)
            for router in served.routers
        ),
    )
