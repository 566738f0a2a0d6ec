"""The whole check: look at every room, and let those that are registered call each other."""

from __future__ import annotations

from tslcd.readiness.look import Open, look
from tslcd.readiness.report import Finding
from tslcd.readiness.rooms import Task
from tslcd.readiness.trial import Trial, try_calls


def check(task: Task, driver: Open, *, call: bool) -> list[Finding]:
    """One finding per room; without `call` nobody is called."""
    found = look(task.rooms, task.server, task.hub, driver)
    registered = [room.endpoint for room in task.rooms if found[room.endpoint.hostname].source]
    trials: dict[str, Trial] = try_calls(registered, task.reference, task.server, driver) if call else {}
    names = [room.endpoint.hostname for room in task.rooms]
    return [Finding(room.endpoint, found[name], trials.get(name)) for name, room in zip(names, task.rooms, strict=True)]
