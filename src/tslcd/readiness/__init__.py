"""The check before a meeting: is each room registered, on its way over this network, and does a call work?

`rooms` says what there is to look at, `look` reads, `trial` calls, `report` says it to engineers and officials.
"""

from tslcd.readiness.check import check
from tslcd.readiness.look import Look
from tslcd.readiness.report import Finding, as_json, sentence, table
from tslcd.readiness.rooms import task
from tslcd.readiness.trial import Trial

__all__ = ["Finding", "Look", "Trial", "as_json", "check", "sentence", "table", "task"]
