"""What the policy rules found, rule by rule: how often, and the first place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tslcd.documents.document import Document
from tslcd.errors import Finding
from tslcd.policy.rule import RULES

SEVERITIES = {"error": "lỗi", "warning": "cảnh báo"}


def document(found: Sequence[Finding], as_of: date) -> Document:
    """One row per rule, in the order of the rules; a rule that found nothing says so."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in sorted(found):
        by_rule.setdefault(finding.rule, []).append(finding)
    return Document(
        name="findings",
        title="Kết quả kiểm tra theo quy tắc",
        as_of=as_of,
        sources=("inventory/", "group_vars/", "host_vars/", "data/"),
        columns=(
            ("rule", "Quy tắc"),
            ("severity", "Mức"),
            ("forbids", "Điều bị cấm"),
            ("source", "Căn cứ"),
            ("count", "Số phát hiện"),
            ("first_place", "Nơi đầu tiên"),
            ("first_text", "Nội dung"),
        ),
        rows=tuple(
            (
                rule.id,
                SEVERITIES[rule.severity],
                rule.forbids,
                rule.source,
                len(own := by_rule.get(rule.id, [])),
                str(own[0].place) if own else "không có",
                own[0].text if own else "không có",
            )
            for rule in RULES.values()
        ),
    )
