"""Planned meetings: who is invited, and whether all that meet at once fit into what lines are judged by."""

from __future__ import annotations

from datetime import date, datetime

from tslcd import model
from tslcd.conference import meetings
from tslcd.documents.document import BASIS, Document, mark
from tslcd.policy.run import LOCAL

MEETING_TIERS = {"province_department_district": "tỉnh – sở, ngành – huyện", "district_commune": "huyện – xã"}


def document(network: model.Network, as_of: date) -> Document:
    """One row per meeting, by the time of its start."""
    conference = network.province.conference
    sites = [router for router in network.routers if router.in_service and router.unit == 1]
    names = {router.site_id: router.site.name for router in network.routers}
    equipped = {own.site_id for own in network.endpoints if own.in_service}
    invited = {meeting.key: meetings.invited(meeting, sites) for meeting in conference.meetings}
    most = conference.calls.get("hub", 0)
    rows = []
    for index, together in meetings.at_once(conference.meetings):
        meeting = conference.meetings[index]
        present = sum(len(invited[other.key]) for other in together)
        rows.append(
            (
                meeting.starts_at,
                (
                    meeting.key,
                    meeting.name_vi,
                    MEETING_TIERS[meeting.tier],
                    names[meeting.chair],
                    _local(meeting.starts_at),
                    _local(meeting.ends_at),
                    len(invited[meeting.key]),
                    sum(site in equipped for site in invited[meeting.key]),
                    present,
                    most,
                    "Đạt" if present <= most else "Không đạt",
                    mark(meeting.assumed),
                ),
            )
        )
    return Document(
        name="meetings",
        title="Các cuộc họp trực tuyến dự kiến",
        as_of=as_of,
        sources=("group_vars/all/conference.yml", "inventory/"),
        columns=(
            ("meeting", "Mã cuộc họp"),
            ("name", "Cuộc họp"),
            ("tier", "Cấp họp"),
            ("chair", "Điểm chủ trì"),
            ("starts_at", "Bắt đầu (giờ Việt Nam)"),
            ("ends_at", "Kết thúc (giờ Việt Nam)"),
            ("sites", "Số điểm dự"),
            ("with_endpoint", "Số điểm có thiết bị"),
            ("at_once", "Số điểm họp cùng lúc"),
            ("most", "Số điểm tối đa cùng lúc"),
            ("verdict", "Kết quả"),
            BASIS,
        ),
        rows=tuple(row for _, row in sorted(rows, key=lambda entry: entry[0])),
        assumed=tuple(meeting.name_vi for meeting in conference.meetings if meeting.assumed),
    )


def _local(moment: datetime) -> str:
    """As people in Lào Cai read it."""
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
