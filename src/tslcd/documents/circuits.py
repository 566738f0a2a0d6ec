"""Leased lines: contract, period, state, cost, and what is saved when a separate line is cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tslcd import circuits, model
from tslcd.documents.document import BASIS, MISSING, Document, mark

PURPOSES = {
    "primary": "đường chính",
    "secondary": "đường dự phòng",
    "conference": "thuê riêng cho hội nghị",
    "internet": "thuê riêng cho Internet",
    "other": "thuê riêng, khác",
}
STATES = {"active": "đang thuê", "under_review": "đang rà soát", "cancelled": "đã ngừng thuê"}
NOTHING_TO_SAVE = "không ngừng thuê"


def document(network: model.Network, as_of: date) -> Document:
    """One row per leased line."""
    lines = sorted(circuits.of_network(network), key=lambda line: line.site_id)
    separate = [line for line in lines if line.separate]
    return Document(
        name="circuits",
        title="Đường truyền và hợp đồng",
        as_of=as_of,
        sources=("group_vars/all/contracts.yml", "group_vars/all/providers.yml", "inventory/"),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên"),
            ("purpose", "Mục đích"),
            ("provider", "Nhà mạng"),
            ("rate_mbps", "Tốc độ (Mbit/s)"),
            ("contract", "Hợp đồng"),
            ("reference", "Số, ngày hợp đồng"),
            ("valid_from", "Từ ngày"),
            ("valid_to", "Đến ngày"),
            ("in_force", "Hiệu lực"),
            ("state", "Trạng thái"),
            ("cancelled_on", "Ngừng thuê từ"),
            ("monthly_cost_vnd", "Chi phí tháng (đồng)"),
            ("monthly_saving_vnd", "Tiết kiệm tháng khi ngừng (đồng)"),
            ("exemption", "Được giữ lại vì"),
            BASIS,
        ),
        rows=tuple(
            (
                line.site_id,
                line.site_name,
                PURPOSES[line.purpose],
                line.provider_name,
                line.rate_mbps,
                line.contract_id,
                line.contract.reference if not line.contract.assumed else None,
                str(line.contract.valid_from),
                str(line.contract.valid_to),
                _in_force(line.contract, as_of),
                STATES[line.state],
                line.cancelled_on if line.state == "cancelled" else "không",
                line.monthly_cost_vnd,
                line.monthly_cost_vnd if line.separate else NOTHING_TO_SAVE,
                f"{line.exemption.reason} ({line.exemption.approval_ref})" if line.exemption else "không",
                mark(line.contract.assumed),
            )
            for line in lines
        ),
        assumed=("Hợp đồng, thời hạn, tốc độ và chi phí",) if any(line.contract.assumed for line in lines) else (),
        remarks=(
            f"{len(lines)} đường; chi phí tháng: {_sum(lines)}.",
            f"{len(separate)} đường thuê riêng; tiết kiệm tháng khi ngừng: {_sum(separate)}.",
        ),
    )


def _in_force(contract: model.Contract, as_of: date) -> str:
    if as_of < contract.valid_from:
        return "chưa hiệu lực"
    return "đã hết hạn" if as_of > contract.valid_to else "còn hiệu lực"


def _sum(lines: Sequence[circuits.Line]) -> str:
    """The sum of the known costs, and of how many lines it is: a cost that nobody knows is not zero."""
    known = [line.monthly_cost_vnd for line in lines if line.monthly_cost_vnd is not None]
    return f"{sum(known)} đồng, của {len(known)} trên {len(lines)} đường" if known else MISSING
