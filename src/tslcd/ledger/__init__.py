"""The ledger of a meeting: who was invited, set against what the conference servers saw.

`meeting` says which one, `attendance` works it out of servers' records, `report` says it and keeps it for the quarter.
"""

from tslcd.ledger.attendance import Attendance, Invited, Stranger, Window, attend, strangers
from tslcd.ledger.meeting import bridges, gap, invited, meeting, window
from tslcd.ledger.report import as_csv, as_json, path, sentence, table

__all__ = [
    "Attendance",
    "Invited",
    "Stranger",
    "Window",
    "as_csv",
    "as_json",
    "attend",
    "bridges",
    "gap",
    "invited",
    "meeting",
    "path",
    "sentence",
    "strangers",
    "table",
    "window",
]
