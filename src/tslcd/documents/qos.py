"""The QoS table: our classes, and what becomes of each on every provider's lines."""

from __future__ import annotations

from datetime import date

from tslcd import model
from tslcd.documents.document import ASSUMED, BASIS, Document, mark

TREATMENTS = {
    "priority": "ưu tiên tuyệt đối",
    "guarantee": "bảo đảm tối thiểu",
    "fair": "chia đều",
    "leftover": "phần còn dư",
    "best_effort": "không bảo đảm",
}
MAPPING = {"traffic_classes", "class_map"}


def document(network: model.Network, as_of: date) -> Document:
    """One row per class, with a column per provider."""
    qos, providers = network.province.qos, network.province.providers
    guessed = [provider for provider in providers.values() if MAPPING & set(provider.assumed_facts)]
    return Document(
        name="qos",
        title="Bảng phân lớp chất lượng dịch vụ (QoS)",
        as_of=as_of,
        sources=("group_vars/all/qos.yml", "group_vars/all/providers.yml"),
        columns=(
            ("class", "Lớp"),
            ("dscp", "DSCP"),
            ("pcp", "PCP"),
            ("share_percent", "Tỷ lệ (%)"),
            ("treatment", "Cách xử lý"),
            ("traffic", "Lưu lượng"),
            *((name, f"Lớp của {provider.name}") for name, provider in providers.items()),
            BASIS,
        ),
        rows=tuple(
            (
                own.name,
                "/".join(own.dscp),
                own.pcp,
                own.share_percent,
                TREATMENTS[own.treatment] + (f", mức {own.priority_level}" if own.priority_level else ""),
                own.traffic_vi,
                *(_sold(provider, own.name) for provider in providers.values()),
                mark(qos.assumed),
            )
            for own in qos.classes
        ),
        assumed=(
            *(("Toàn bộ bảng phân lớp",) if qos.assumed else ()),
            *(f"Các lớp của {provider.name}" for provider in guessed),
        ),
    )


def _sold(provider: model.Provider, own: str) -> str | None:
    theirs = provider.class_map.get(own)
    sold = provider.traffic_classes.get(theirs or "")
    if theirs is None or sold is None:
        return None
    guess = f", {ASSUMED}" if MAPPING & set(provider.assumed_facts) else ""
    return f"{theirs} ({TREATMENTS[sold.treatment]}, {sold.share_percent} %{guess})"
