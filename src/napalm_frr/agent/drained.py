"""What still passes over lines that are drained: the counters of chain `drained`, behind all verdicts."""

from __future__ import annotations

import json
from typing import Any

from napalm_frr.agent import process

_DIRECTIONS = {"iifname": "in", "oifname": "out"}


def counters() -> dict[str, dict[str, int]]:
    """Interface -> packets `in` and `out` since the rules were loaded; empty where no line is drained."""
    status, output, _ = process.outcome(["nft", "-j", "list", "chain", "inet", "filter", "drained"])
    return {} if status else parse(json.loads(output))


def parse(listed: dict[str, Any]) -> dict[str, dict[str, int]]:
    """The same from what `nft -j` prints."""
    found: dict[str, dict[str, int]] = {}
    for rule in (item["rule"] for item in listed["nftables"] if "rule" in item):
        match, counter = rule["expr"]
        direction = _DIRECTIONS[match["match"]["left"]["meta"]["key"]]
        found.setdefault(match["match"]["right"], {})[direction] = counter["counter"]["packets"]
    return found
