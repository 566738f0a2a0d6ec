"""Platforms: what is declared can be said in the words of every device that it is declared for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tslcd import capability, model
from tslcd.policy.rule import Breach, rule


@rule("TS-PLT-01", "error", "own")
def value_that_a_platform_cannot_express(
    subjects: Mapping[str, Any],
    settings: Mapping[str, model.Declared],
    routers: Sequence[model.Router],
    root: Path,
    endpoints: Sequence[model.ConferenceEndpoint] = (),
) -> Iterator[Breach]:
    """A value is declared that the platform of a device has no words for, by its table of capabilities."""
    for hostname, path, text in capability.inexpressible(subjects, settings, routers, root):
        yield Breach(path, text, hostname)
    for hostname, path, text in capability.inexpressible_at_endpoints(subjects, endpoints, root):
        yield Breach(path, text, hostname)
