"""A provider's core that fails in silence: its PE keeps lines, BGP and BFD up and drops what goes from site to site."""

from __future__ import annotations

from twin import node
from twin.errors import TwinError
from twin.state import RunningNode, State

_TABLE = "inet twin_core"
_FAILURE = f"""table {_TABLE} {{
chain forward {{ type filter hook forward priority -300; iifname "ce*" oifname "ce*" drop; }}
}}
"""


def provider(state: State, name: str) -> RunningNode:
    """The PE of this name.

    :raises TwinError: when it is another kind of node, or none.
    """
    found = state.node(name)
    if found.kind != "provider":
        raise TwinError(f"{name} is no provider but a {found.kind}: it has no core")
    return found


def fail(pe: RunningNode) -> None:
    """Drop all packets between sites, without a word to anybody; done again it changes nothing."""
    node.ask(pe.name, pe.first, ["nft", "-f", "-"], _clean() + _FAILURE)


def mend(pe: RunningNode) -> None:
    """Undo that; also when it was only half done."""
    node.ask(pe.name, pe.first, ["nft", "-f", "-"], _clean())


def _clean() -> str:
    return f"table {_TABLE} {{ }}\ndelete table {_TABLE}\n"  # the first line lets it be absent
