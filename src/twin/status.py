"""What runs, as a table for people and as JSON."""

from __future__ import annotations

from typing import Any

from twin.state import Cut, State

HEADER = ("NODE", "KIND", "PID", "BOOT", "STATE", "ADDRESSES")


def rows(state: State) -> list[tuple[str, ...]]:
    """One row per node, in the order of HEADER."""
    dead = set(state.dead)
    return [
        (
            node.name,
            node.kind,
            str(node.first.pid),
            node.boot,
            "dead" if node.name in dead else "up",
            ", ".join(node.addresses),
        )
        for node in state.nodes
    ]


def table(state: State) -> str:
    """The table of nodes, then the cut links."""
    lines = [HEADER, *rows(state)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    text += [f"cut: {describe(cut)}" for cut in state.cuts]
    text += [f"cut: core of {name} (silent)" for name in state.failed_cores]
    return "\n".join(text)


def as_json(state: State) -> dict[str, Any]:
    """The same as data."""
    dead = set(state.dead)
    return {
        "request": state.request,
        "phase": state.phase,
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "pid": node.first.pid,
                "boot": node.boot,
                "state": "dead" if node.name in dead else "up",
                "addresses": list(node.addresses),
            }
            for node in state.nodes
        ],
        "links": [[link.a.node, link.b.node] for link in state.links],
        "cuts": [{"nodes": [cut.link.a.node, cut.link.b.node], "silent": cut.silent} for cut in state.cuts],
        "failed_cores": list(state.failed_cores),
    }


def describe(cut: Cut) -> str:
    """A cut in words."""
    return f"{cut.link.a.node} - {cut.link.b.node} ({'silent' if cut.silent else 'link down'})"
