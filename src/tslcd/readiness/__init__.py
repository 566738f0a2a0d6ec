"""The check before a meeting: is each room registered, on its way over this network, and does a call work?

`look` reads, `trial` calls, `report` says it to engineers and officials.
"""

from tslcd.readiness.look import Look, Room, look
from tslcd.readiness.report import Finding, as_json, sentence, table
from tslcd.readiness.trial import Trial, try_calls

__all__ = ["Finding", "Look", "Room", "Trial", "as_json", "look", "sentence", "table", "try_calls"]
