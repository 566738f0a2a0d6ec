"""Conference endpoints: what each is to be set to, who answers for it, and since when it is set so."""

from __future__ import annotations

from datetime import date

from tslcd import model
from tslcd.conference import endpoint
from tslcd.documents.document import BASIS, TIERS, Document, mark

ENCRYPTION = {"required": "bắt buộc", "optional": "khi hai bên hỗ trợ", "off": "không"}


def document(network: model.Network, as_of: date) -> Document:
    """One row per endpoint of a site in service, by the numbers of the sites."""
    declared = {own.hostname: own for own in network.endpoints}
    derived = sorted(endpoint.derive(network).values(), key=lambda own: (own.site_number, own.hostname))
    services = network.province.conference.services
    return Document(
        name="conference_endpoints",
        title="Thiết bị họp trực tuyến: máy chủ và tài khoản",
        as_of=as_of,
        sources=("inventory/", "group_vars/all/conference.yml", "group_vars/all/services.yml"),
        columns=(
            ("site_id", "Mã điểm"),
            ("name", "Tên"),
            ("tier", "Cấp"),
            ("room", "Phòng họp"),
            ("endpoint", "Thiết bị"),
            ("platform", "Nền tảng"),
            ("service", "Hệ thống họp"),
            ("server", "Máy chủ"),
            ("account", "Tài khoản"),
            ("address", "Địa chỉ thiết bị"),
            ("rates_kbps", "Tốc độ nhận / gửi tối đa (kbit/s)"),
            ("encryption", "Mã hóa"),
            ("owner", "Đầu mối"),
            ("server_set_on", "Ngày thiết lập lại máy chủ"),
            ("account_set_on", "Ngày thiết lập lại tài khoản"),
            ("legacy", "Hệ thống cũ qua Internet"),
            BASIS,
        ),
        rows=tuple(
            (
                own.site_id,
                own.site_name_vi,
                TIERS[own.tier],
                own.room_vi,
                own.hostname,
                own.platform,
                own.service.name_vi,
                f"{own.service.registrars[0].v4}:{own.service.port}",
                own.account,
                str(own.address_v4.ip),
                f"{own.call_rate_in_kbps} / {own.call_rate_out_kbps}",
                ENCRYPTION[own.media_encryption],
                own.owner_vi,
                _day(declared[own.hostname].device.endpoint.server_set_on),
                _day(declared[own.hostname].device.endpoint.account_set_on),
                _legacy(declared[own.hostname].device.endpoint.legacy),
                mark(bool(own.assumed)),
            )
            for own in derived
        ),
        assumed=tuple(f"máy chủ của {own.name_vi}" for own in services.values() if own.assumed_facts or own.stand_in),
        remarks=("Mật khẩu không nằm trong bảng này và không nằm trong kho mã: đầu mối trao trực tiếp.",),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)


def _legacy(legacy: model.Legacy | None) -> str | None:
    if legacy is None:
        return None
    return f"{legacy.server}, " + (f"dùng đến {legacy.last_used_on}" if legacy.last_used_on else "còn dùng")
