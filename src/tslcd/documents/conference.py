"""Conference budgets of every site and of the hub."""

from __future__ import annotations

from datetime import date

from tslcd import budgets, model
from tslcd.circuits import contract_of
from tslcd.documents.document import BASIS, TIERS, Document, mark

VERDICTS = {"fits": "Đạt", "tight": "Đạt, trên {} %", "exceeds": "Không đạt"}


def document(network: model.Network, as_of: date) -> Document:
    """One row per site and uplink."""
    found = sorted(budgets.of_network(network), key=lambda budget: (budget.router.site.number, not budget.primary))
    conference, providers = network.province.conference, network.province.providers
    contracts = network.province.contracts
    policy = network.province.policy
    profile = policy.profile_of(as_of) or min(policy.profiles, key=lambda name: policy.profiles[name].valid_from)
    warning = policy.profiles[profile].conference_warning_percent

    def assumed(budget: budgets.Budget) -> bool:
        contract = contract_of(budget.uplink, providers)
        return network.province.qos.assumed or (contract is not None and contracts[contract].assumed)

    return Document(
        name="conference_budgets",
        title="Ngân sách băng thông hội nghị truyền hình",
        as_of=as_of,
        sources=("group_vars/all/conference.yml", "group_vars/all/qos.yml", "inventory/"),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên"),
            ("tier", "Cấp"),
            ("provider", "Nhà mạng"),
            ("rank", "Đường"),
            ("rate_mbps", "Tốc độ hợp đồng (Mbit/s)"),
            ("calls", "Số cuộc gọi đồng thời"),
            ("needed_mbps", "Cần (Mbit/s)"),
            ("available_mbps", "Có (Mbit/s)"),
            ("percent", "Tỷ lệ dùng (%)"),
            ("verdict", "Kết quả"),
            BASIS,
        ),
        rows=tuple(
            (
                budget.router.site_id,
                budget.router.site.name,
                TIERS[budget.router.tier],
                providers[budget.uplink.provider].name,
                "chính" if budget.primary else "dự phòng",
                budget.uplink.rate_mbps,
                budget.calls,
                f"{budget.needed_kbps / 1000:.2f}",
                f"{budget.available_kbps / 1000:.2f}",
                f"{budget.percent:.1f}",
                VERDICTS[budget.verdict(warning)].format(warning),
                mark(assumed(budget)),
            )
            for budget in found
        ),
        assumed=("Tốc độ đường truyền, số cuộc gọi đồng thời và bảng phân lớp",) if any(map(assumed, found)) else (),
        remarks=(
            f"Một cuộc gọi: {conference.codec}, {conference.codec_rate_kbps[conference.codec]} kbit/s, "
            f"cộng {conference.overhead_percent} % phần đầu gói.",
        ),
    )
