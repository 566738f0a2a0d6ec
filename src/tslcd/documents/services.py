"""The service matrix: which zone may reach which service, by which flow, in which class, by whose approval."""

from __future__ import annotations

from datetime import date

from tslcd import model
from tslcd.documents.document import BASIS, Document, mark


def document(network: model.Network, as_of: date) -> Document:
    """One row per service, zone and flow."""
    province = network.province
    return Document(
        name="services",
        title="Ma trận dịch vụ dùng chung",
        as_of=as_of,
        sources=("group_vars/all/services.yml", "group_vars/all/zones.yml", "group_vars/all/contacts.yml"),
        columns=(
            ("service", "Mã dịch vụ"),
            ("name", "Dịch vụ"),
            ("zone", "Vùng được truy cập"),
            ("flow", "Luồng"),
            ("servers", "Máy chủ (điểm, VLAN, số máy)"),
            ("class", "Lớp QoS"),
            ("approval", "Văn bản đồng ý"),
            ("internet_facing", "Công khai ra Internet"),
            ("contact", "Đầu mối"),
            BASIS,
        ),
        rows=tuple(
            (
                name,
                service.name_vi,
                f"{zone}: {province.zones[zone].name_vi}",
                _flow(transport),
                "; ".join(f"{server.site}, {server.vlan}, {server.host}" for server in service.servers),
                service.qos_class,
                service.approval_ref,
                "có" if service.internet_facing else "không",
                province.contacts[service.contact].name_vi,
                mark(service.assumed),
            )
            for name, service in province.services.items()
            for zone in service.clients
            for transport in service.transports
        ),
        assumed=tuple(service.name_vi for service in province.services.values() if service.assumed),
    )


def _flow(transport: model.Transport) -> str:
    last = f"-{transport.last_port}" if transport.last_port else ""
    return f"{transport.protocol}/{transport.port}{last}"
