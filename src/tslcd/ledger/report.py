"""A meeting's ledger for people: a sentence, a table, and files that are kept by quarter."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from tslcd.ledger.attendance import Attendance, Stranger, Window
from tslcd.model import Meeting

STATUS_VI = {"present": "dự họp qua mạng TSLCD", "outside": "từ ngoài mạng TSLCD", "absent": "vắng"}
MOST_OTHERS, MOST_LETTERS = 10, 64
OTHERS_VI = {
    "joined": "đã vào họp",
    "wrong_password": "sai mật khẩu",
    "unknown_account": "không có tài khoản này",
    "foreign_account": "dùng tài khoản của điểm khác",
    "outside": "từ ngoài mạng TSLCD",
}
COLUMNS = ("site_id", "name", "account", "status", "joined", "left", "times", "minutes", "addresses", "lost", "refused")


def path(root: Path, meeting: Meeting, window: Window, ending: str) -> Path:
    """Where the ledger of a meeting is kept: build/ledger/2026-q4/<key>.json or .csv; quarters are those of UTC."""
    quarter = f"{window.begins.year}-q{(window.begins.month + 2) // 3}"
    return root / "build" / "ledger" / quarter / f"{meeting.key}.{ending}"


def sentence(found: Sequence[Attendance]) -> str:
    """`17 invited, 14 over TSLCD, 2 absent, 1 from outside`."""
    counts = Counter(one.status for one in found)
    return (
        f"{len(found)} invited, {counts['present']} over TSLCD, {counts['absent']} absent, "
        f"{counts['outside']} from outside"
    )


def sentence_vi(found: Sequence[Attendance]) -> str:
    """The same for officials."""
    counts = Counter(one.status for one in found)
    return (
        f"Mời {len(found)} điểm: {counts['present']} điểm dự họp qua mạng TSLCD, {counts['absent']} điểm vắng, "
        f"{counts['outside']} điểm từ ngoài mạng."
    )


def table(meeting: Meeting, found: Sequence[Attendance], others: Sequence[Stranger] = ()) -> Iterator[str]:
    """The meeting, one line per invited site, who else was refused, and the sentence for officials."""
    yield meeting.name_vi
    width = max(len(one.invited.name_vi) for one in found)
    for one in found:
        more = ""
        if one.status == "present":
            loss = "" if one.lost is None else f", mất {one.lost} gói"
            more = f": {one.seconds // 60} phút {one.seconds % 60} giây, vào {one.times} lần{loss}"
        elif one.outside:
            more = f": {', '.join(one.outside)}"
        refused = f"; {one.refused} lần bị từ chối" if one.refused else ""
        yield f"  {one.invited.name_vi:{width}}  {STATUS_VI[one.status]}{more}{refused}"
    for other in others[:MOST_OTHERS]:
        # Whoever is refused has chosen the name: it must not look like another line.
        name = other.account.encode("unicode_escape").decode("ascii")[:MOST_LETTERS]
        yield f"  không được mời: {name} từ {other.address}, {OTHERS_VI[other.event]}: {other.times} lần"
    if len(others) > MOST_OTHERS:
        yield f"  không được mời: còn {len(others) - MOST_OTHERS} trường hợp, xem tệp .json"
    yield sentence_vi(found)


def as_csv(found: Sequence[Attendance]) -> str:
    """One line per invited site; times in UTC."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        own, minutes = one.invited, f"{one.seconds / 60:.1f}"
        addresses = " ".join((*one.addresses, *(strange for strange in one.outside if strange not in one.addresses)))
        lost = "" if one.lost is None else one.lost
        facts = (one.status, _utc(one.joined), _utc(one.left), one.times, minutes, addresses, lost, one.refused)
        writer.writerow((own.site_id, own.name_vi, own.account, *facts))
    return out.getvalue()


def as_json(
    meeting: Meeting, window: Window, found: Sequence[Attendance], others: Sequence[Stranger] = (), *, time: str
) -> dict[str, object]:
    """The whole ledger."""
    return {
        "meeting": meeting.key,
        "name_vi": meeting.name_vi,
        "begins": _utc(window.begins),
        "ends": _utc(window.ends),
        "written": time,
        "summary": sentence(found),
        "summary_vi": sentence_vi(found),
        "others": [asdict(other) for other in others],
        "sites": [
            {
                "site": one.invited.site_id,
                "name": one.invited.name_vi,
                "account": one.invited.account,
                "status": one.status,
                "joined": _utc(one.joined),
                "left": _utc(one.left),
                "times": one.times,
                "seconds": one.seconds,
                "addresses": list(one.addresses),
                "outside": list(one.outside),
                "lost": one.lost,
                "refused": one.refused,
            }
            for one in found
        ],
    }


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
