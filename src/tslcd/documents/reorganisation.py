"""The reorganisation as two documents: the proposal per site, and what a decommissioned site has to give back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tslcd import addressing, circuits, model, reorganisation
from tslcd.conference.endpoint import account
from tslcd.documents.circuits import PURPOSES
from tslcd.documents.document import ASSUMED, LIFE_CYCLES, MISSING, Cell, Document
from tslcd.reorganisation import Proposal

OUTCOMES = {
    "unchanged": "không đổi",
    "seat": "trụ sở của đơn vị mới",
    "branch_office": "chi nhánh",
    "decommissioned": "ngừng hoạt động",
}
REASONS = {
    "unchanged": "đơn vị hành chính không đổi",
    "seat": "đơn vị mới giữ mã hoặc tên của đơn vị cũ",
    "branch_office": "đơn vị mới giữ mã của đơn vị khác",
    "decommissioned": "đơn vị kết thúc, không có đơn vị kế tiếp",
}
PROPOSED = "đề xuất"


def proposal(network: model.Network, as_of: date) -> Document:
    """One row per site that has an official unit."""
    return Document(
        name="reorganisation",
        title="Sắp xếp đơn vị hành chính: đề xuất cho từng điểm",
        as_of=as_of,
        sources=("group_vars/all/units.yml", "data/", "inventory/"),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên điểm"),
            ("unit_before", "Đơn vị khi thiết lập"),
            ("unit_after", "Đơn vị phục vụ"),
            ("outcome", "Đề xuất"),
            ("reason", "Theo quy tắc"),
            ("check", "Cần xem lại"),
            ("declared_life_cycle", "Đang khai báo"),
            ("life_cycle", "life_cycle"),
            ("parent_before", "Điểm cấp trên hiện nay"),
            ("parent", "parent"),
            ("basis", "Căn cứ"),
        ),
        rows=tuple(_row(found) for found in reorganisation.propose(network, as_of)),
    )


def _row(found: Proposal) -> tuple[Cell, ...]:
    notes = [unit.note for unit in (found.before, found.after) if unit is not None and unit.note]
    if found.other_seat is not None:
        notes.insert(0, f"tên đơn vị mới là của {found.other_seat.site_id}")
    if found.outcome == "decommissioned" and found.router.in_service:
        notes.append("trừ khi đơn vị mới dùng lại trụ sở này")
    return (
        found.router.site_id,
        found.router.site.name,
        _unit(found.before),
        _unit(found.after) if found.after is not None else "không còn",
        OUTCOMES[found.outcome],
        REASONS[found.outcome] if found.router.in_service else "đã khai báo ngừng hoạt động",
        "; ".join(dict.fromkeys(notes)) or "không",
        LIFE_CYCLES[found.router.site.life_cycle],
        found.life_cycle,
        found.router.parent or "không",
        found.parent or "không",
        PROPOSED,
    )


def _unit(unit: model.Unit) -> str:
    return f"{unit.kind} {unit.name} ({unit.id})"


def checklist(network: model.Network, as_of: date) -> Document:
    """One row per thing to give back, or to keep, of each site that ends."""
    proposals = reorganisation.propose(network, as_of)
    moved = {found.router.site_id: found.parent for found in proposals}
    return Document(
        name="reorganisation_checklist",
        title="Sắp xếp đơn vị hành chính: việc phải làm khi ngừng một điểm",
        as_of=as_of,
        sources=("inventory/", "group_vars/all/"),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên điểm"),
            ("state", "Tình trạng"),
            ("what", "Hạng mục"),
            ("item", "Nội dung"),
            ("duty", "Việc phải làm"),
            ("done", "Xong"),
        ),
        rows=tuple(
            (
                found.router.site_id,
                found.router.site.name,
                "đã khai báo" if found.router.site.life_cycle == "decommissioned" else PROPOSED,
                *duty,
                "☐",
            )
            for found in reorganisation.leaving(proposals)
            for duty in _duties(network, found.router, moved)
        ),
        assumed=(("Địa chỉ, hợp đồng và tốc độ",) if network.province.addressing.assumed else ()),
    )


def _duties(
    network: model.Network, router: model.Router, moved: dict[str, str | None]
) -> Iterator[tuple[str, str, str]]:
    """(kind, what, duty) of everything that a site has."""
    province, site = network.province, router.site
    for line in circuits.of_site(network, router):
        guess = f" ({ASSUMED})" if line.contract.assumed else ""
        cost = MISSING if line.monthly_cost_vnd is None else f"{line.monthly_cost_vnd} đồng/tháng"
        item = f"{PURPOSES[line.purpose]}, {line.provider_name}, {line.rate_mbps} Mbit/s, chi phí: {cost}{guess}"
        yield "Đường truyền", item, f"thông báo ngừng thuê; hợp đồng {line.contract_id}, đến {line.contract.valid_to}"
    plan = province.addressing
    prefixes = f"{addressing.site_v4(plan, site.number)}, {addressing.site_v6(plan, site.number)}"
    keep = "giữ nguyên, không cấp lại cho điểm khác"
    yield "Số điểm, số AS", f"{site.number}; {addressing.asn(plan, site.number)}", keep
    yield "Địa chỉ", prefixes, keep
    for own in (r for r in network.routers if r.site_id == router.site_id):
        owner = own.device.managed_by
        back = "thu hồi, xóa cấu hình và khóa" if owner == "province" else f"trả {province.providers[owner].name}"
        yield "Bộ định tuyến", f"{own.hostname}, {own.device.platform}", back
        loopback = addressing.loopback_v4(plan, site.number, own.unit).ip
        yield "Giám sát, khóa SSH", f"{own.hostname}, {loopback}", "gỡ khỏi giám sát và known_hosts"
    ports = [f"{port} (VLAN {vlan.id} {vlan.name})" for vlan in province.vlans for port in vlan.access_ports]
    leased = [province.providers[uplink.provider] for uplink in site.uplinks]
    ports += [f"{provider.port} ({provider.name})" for provider in leased]
    yield "Cổng", ", ".join(ports), "tháo cáp, ghi lại thiết bị đang cắm"
    rooms = [own for own in network.endpoints if own.site_id == router.site_id]
    for room in rooms:
        item = f"{room.hostname}, {room.device.platform}, {room.device.endpoint.room}, tài khoản {account(room)}"
        yield "Thiết bị, tài khoản hội nghị", item, "thu hồi thiết bị, khóa tài khoản"
    if not rooms:
        yield "Thiết bị, tài khoản hội nghị", MISSING, "kiểm kê tại chỗ; thu hồi thiết bị, khóa tài khoản"
    served = [f"{name} ({s.name_vi})" for name, s in province.services.items() if _answers(s, router.site_id)]
    move = "chuyển máy chủ sang điểm khác trước khi ngừng" if served else "không phải làm gì"
    yield "Dịch vụ đặt tại điểm", ", ".join(served) or "không có", move
    below = sorted({r.site_id for r in network.routers if r.parent == router.site_id})
    for child in below:
        yield "Điểm trực thuộc", child, f"chuyển về {moved.get(child) or MISSING}"


def _answers(service: model.Service, site_id: str) -> bool:
    return any(server.site == site_id for server in service.servers)
