"""EndpointIntent → what the settings sheet prints: Vietnamese words for whoever sits at the PC."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.conference.endpoint import EndpointIntent

TRANSPORTS = {"udp": "UDP", "tcp": "TCP", "tls": "TLS (mã hóa)"}
ENCRYPTION = {
    "required": "Bắt buộc: chọn “Chỉ gọi khi có mã hóa”",
    "optional": "Khi hai bên cùng hỗ trợ: chọn “Tự động”",
    "off": "Không mã hóa (ngoại lệ được duyệt): chọn “Tắt”",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet prints: pairs of a label and a value, by part; `steps` are what to click, in order."""

    site: str
    hostname: str
    service: str
    stand_in: bool
    place: tuple[tuple[str, str], ...]
    account: tuple[tuple[str, str], ...]
    network: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]


def facts(intent: EndpointIntent) -> Facts:
    """Word an endpoint's intent for the sheet. The password is never printed: the contact hands it over."""
    service = intent.service
    main, *others = service.registrars
    ports = f"UDP {service.first_media_port} đến {service.last_media_port}"
    return Facts(
        site=intent.site_name_vi,
        hostname=intent.hostname,
        service=service.name_vi,
        stand_in=service.stand_in,
        place=(
            ("Phòng họp", intent.room_vi),
            ("Đầu mối phụ trách", intent.owner_vi),
        ),
        account=(
            ("Máy chủ", str(main.v4)),
            (
                "Máy chủ dự phòng (chỉ dùng khi được thông báo)",
                ", ".join(str(other.v4) for other in others) or "không có",
            ),
            ("Cổng", str(service.port)),
            ("Giao thức", TRANSPORTS[service.transport]),
            ("Tên miền", service.domain),
            ("Tài khoản", intent.account),
            ("Tên đầy đủ", intent.uri),
            ("Mật khẩu", f"không in ở đây; nhận trực tiếp từ đầu mối, mã tham chiếu {intent.secret}"),
            ("Mã hóa âm thanh, hình ảnh", ENCRYPTION[intent.media_encryption]),
            ("Tốc độ nhận tối đa (kbit/s)", str(intent.call_rate_in_kbps)),
            ("Tốc độ gửi tối đa (kbit/s)", str(intent.call_rate_out_kbps)),
        ),
        network=(
            ("Cắm vào", f"ổ mạng hội nghị (VLAN {intent.vlan_id}) của bộ định tuyến tại điểm"),
            ("Địa chỉ IPv4", str(intent.address_v4)),
            ("Cổng mặc định IPv4", str(intent.gateway_v4.ip)),
            ("Địa chỉ IPv6", str(intent.address_v6)),
            ("Cổng mặc định IPv6", str(intent.gateway_v6.ip)),
            ("Cổng âm thanh, hình ảnh", ports),
            ("Internet", "không dùng: rút dây và tắt Wi-Fi nối Internet trước khi họp"),
        ),
        steps=(
            "Rút mọi đường Internet khỏi máy, cắm máy vào ổ mạng hội nghị.",
            "Mở Cài đặt mạng của máy, nhập địa chỉ IPv4 và IPv6 ở mục 3, chọn Lưu.",
            "Mở phần mềm họp, chọn Cài đặt, chọn Máy chủ: xóa địa chỉ cũ, nhập máy chủ, cổng, giao thức ở mục 2, Lưu.",
            "Chọn Cài đặt, chọn Tài khoản: xóa tài khoản cũ, nhập tài khoản và mật khẩu, chọn Đăng nhập.",
            "Chọn Cài đặt, chọn Cuộc gọi: đặt mã hóa và hai tốc độ tối đa ở mục 2, chọn Lưu.",
            "Nếu phần mềm báo chứng chỉ của máy chủ không hợp lệ: dừng lại, không bỏ qua, báo đầu mối phụ trách.",
            "Gọi thử với đầu mối phụ trách; ghi ngày thiết lập lại vào mục 5 và báo cho đầu mối.",
        ),
    )
