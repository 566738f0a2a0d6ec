"""What is said of each room: a table for engineers, a sentence in Vietnamese for officials, JSON for records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from tslcd.conference.endpoint import EndpointIntent
from tslcd.readiness.look import Look
from tslcd.readiness.trial import Trial

RTT_LIMIT_MS = 50.0
"""Inside the province; more is an alarm (shared targets of the network)."""
BUDGET_LIMIT = 100.0
COLUMNS = ("registered", "way", "budget", "dropped", "rtt ms", "call")


@dataclass(frozen=True, slots=True)
class Finding:
    """A room, what was read of it, and how its call went (None: none was tried)."""

    room: EndpointIntent
    look: Look
    trial: Trial | None

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps it from a meeting, in Vietnamese; empty: it is ready."""
        look, own = self.look, {str(self.room.address_v4.ip), str(self.room.address_v6.ip)}
        found = [f"không đọc được thiết bị mạng ({look.problem})"] if look.problem else []
        if look.source == "":
            found.append("chưa đăng ký tại máy chủ hội nghị")
        elif look.source is not None and look.source not in own:
            found.append(f"tài khoản đang đăng ký từ địa chỉ khác ({look.source})")
        if look.provider == "":
            found.append("không có đường truyền cấp II đến máy chủ")
        if look.percent > BUDGET_LIMIT:
            found.append(f"đường truyền không đủ cho cuộc họp ({look.percent:.0f} %)")
        if look.rtt_ms is not None and look.rtt_ms > RTT_LIMIT_MS:
            found.append(f"độ trễ lớn ({look.rtt_ms:.0f} ms)")
        if look.provider and look.unanswered:
            found.append(f"mất {look.unanswered} gói thử đến trung tâm")
        if self.trial and self.trial.problem:
            found.append(f"gọi thử không được ({self.trial.problem})")
        elif self.trial and self.trial.lost:
            found.append(f"gọi thử mất {self.trial.lost} gói âm thanh")
        return tuple(found)

    @property
    def sentence_vi(self) -> str:
        """For officials."""
        if self.problems:
            return f"{self.room.site_name_vi}: CHƯA sẵn sàng: {'; '.join(self.problems)}."
        way = f"qua đường {self.look.provider}" if self.look.provider else "tại trung tâm dữ liệu"
        call = "gọi thử không mất gói" if self.trial else "chưa gọi thử"
        return f"{self.room.site_name_vi}: sẵn sàng: đã đăng ký, {way}, {call}."


def table(found: Sequence[Finding]) -> Iterator[str]:
    """One line per room, then one sentence per room."""
    rows = [("room", *COLUMNS, ""), *(_row(finding) for finding in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield from (finding.sentence_vi for finding in found)


def _row(finding: Finding) -> tuple[str, ...]:
    look, trial = finding.look, finding.trial
    at_hub = look.provider is None
    return (
        finding.room.hostname,
        "?" if look.source is None else look.source or "no",
        "?" if look.problem else "local" if at_hub else look.provider or "none",
        "-" if at_hub else f"{look.percent:.0f} %",
        "-" if at_hub else str(look.dropped),
        "-" if at_hub else "none" if look.rtt_ms is None else f"{look.rtt_ms:.1f}",
        "not tried" if trial is None else trial.problem or f"{trial.lost} lost",
        "not ready" if finding.problems else "ready",
    )


def sentence(found: Sequence[Finding], left_out: int = 0) -> str:
    """The run in one line; `left_out` rooms run a platform that nothing reads."""
    ready = sum(not finding.problems for finding in found)
    rest = f", {left_out} not looked at (no driver)" if left_out else ""
    return f"readiness: {len(found)} rooms, {ready} ready, {len(found) - ready} not ready{rest}"


def as_json(found: Sequence[Finding], *, time: str) -> Mapping[str, object]:
    """The content of build/readiness/readiness.json."""
    return {
        "time": time,
        "rooms": {
            finding.room.hostname: {
                "site": finding.room.site_id,
                "ready": not finding.problems,
                "sentence_vi": finding.sentence_vi,
                "look": asdict(finding.look),
                "call": asdict(finding.trial) if finding.trial else None,
            }
            for finding in found
        },
    }
