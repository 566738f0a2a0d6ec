"""Evidence that an endpoint was set to the service: on which day its server and its account were, by which commit.

Written after a commit was verified, that is, after the endpoint had registered with what it was given. The device's own
journal of commits says the same and cannot be changed; this is what a report and the inventory are filled in from.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path

from tslcd.conference.endpoint import EndpointIntent


def path(root: Path, hostname: str) -> Path:
    """Where the evidence of an endpoint is kept: build/evidence/<endpoint>.json."""
    return root / "build" / "evidence" / f"{hostname}.json"


def record(root: Path, intent: EndpointIntent, what: Collection[str], *, day: date, declared: str) -> None:
    """Write down that `what` (`server`, `account`) was set on a day; what was set before keeps its day.

    :param declared: git commit of the declared data.
    """
    if not what:
        return
    target = path(root, intent.hostname)
    known: dict[str, object] = {}
    with suppress(OSError, ValueError):
        known = json.loads(target.read_text(encoding="utf-8"))
    facts = known | {
        "endpoint": intent.hostname,
        "site": intent.site_id,
        "account": intent.account,
        "service": intent.service.name,
        "servers": [str(registrar.v4) for registrar in intent.service.registrars],
        **{f"{name}_set_on": day.isoformat() for name in sorted(what)},
        **{f"{name}_set_by": declared for name in sorted(what)},
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
