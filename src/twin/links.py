"""Wires between nodes: make them, raise them, cut and heal them."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping

from twin import node
from twin.errors import TwinError
from twin.process import Process
from twin.shape import USUAL_MTU, End, Link
from twin.state import Cut, State


def create(links: Iterable[Link], firsts: Mapping[str, Process]) -> None:
    """Make all wires, both ends down, in one go; none of them ever exists outside the nodes.

    :raises TwinError: with the kernel's message.
    """
    batch = "".join(
        f"link add name {link.a.interface} netns {firsts[link.a.node].pid} type veth "
        f"peer name {link.b.interface} netns {firsts[link.b.node].pid}\n"
        for link in links
    )
    _ip(next(iter(firsts.values())), batch)


def raise_all(links: Iterable[Link], firsts: Mapping[str, Process]) -> None:
    """Set both ends of all links up, node by node, but for ports of switches: those are their router's own."""
    raise_ends((end for link in links for end in ((link.a,) if link.is_lan else (link.a, link.b))), firsts)


def raise_ends(ends: Iterable[End], firsts: Mapping[str, Process]) -> None:
    """Set these interfaces up, node by node."""
    batches = defaultdict[str, str](str)
    for end in ends:
        mtu = f"mtu {end.mtu_bytes} " if end.mtu_bytes != USUAL_MTU else ""  # a router sets its own
        batches[end.node] += f"link set dev {end.interface} {mtu}up\n"
    for name, batch in batches.items():
        _ip(firsts[name], batch)


def find(state: State, one: str, other: str) -> Link:
    """The link between two nodes.

    :raises TwinError: naming the neighbours, when there is none.
    """
    for link in state.links:
        if link.joins(one, other):
            return link
    state.node(other)
    name = state.node(one).name
    neighbours = {end.node for link in state.links for end in (link.a, link.b) if name in (link.a.node, link.b.node)}
    raise TwinError(f"no link between {one} and {other}; {one} is linked with {', '.join(sorted(neighbours - {one}))}")


def cut(state: State, cut_: Cut) -> None:
    """Cut a link: down, so that the router loses the carrier, or, silently, with packets of both directions dropped."""
    end = cut_.link.a
    if cut_.silent:
        node.ask(end.node, _first(state, end), ["nft", "-f", "-"], _blackhole(end.interface))
    else:
        _ip(_first(state, end), f"link set dev {end.interface} down\n")


def heal(state: State, cut_: Cut) -> None:
    """Undo a cut; also one that was only half made."""
    end = cut_.link.a
    if cut_.silent:
        # The first line of each lets the table be absent.
        forget = [f"table {table} {{ }}\ndelete table {table}\n" for table in _blackhole_tables(end.interface)]
        node.ask(end.node, _first(state, end), ["nft", "-f", "-"], "".join(forget))
        return
    _ip(_first(state, end), f"link set dev {end.interface} up\n")
    if state.node(end.node).kind != "provider":  # zebra puts lost routes back, a host does not
        node.ask(end.node, _first(state, end), ["ip", "-batch", "/run/twin/addresses"])


def _first(state: State, end: End) -> Process:
    return state.node(end.node).first


def _ip(first: Process, batch: str) -> None:
    done = subprocess.run(
        node.enter_network(first, ["ip", "-batch", "-"]), input=batch, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TwinError(f"links: {done.stderr.strip()}")


def _blackhole_tables(interface: str) -> tuple[str, str]:
    name = f"twin_cut_{interface.replace('-', '_')}"
    return f"netdev {name}", f"inet {name}"


def _blackhole(interface: str) -> str:
    """Frames of all kinds; and packets, because what a PE has queued behind an ifb passes the hooks of the device."""
    device, packets = _blackhole_tables(interface)
    chains = "".join(
        f'chain {hook} {{ type filter hook {hook} device "{interface}" priority -500; policy drop; }}\n'
        for hook in ("ingress", "egress")
    )
    inward = f'chain inward {{ type filter hook prerouting priority -500; iifname "{interface}" drop; }}\n'
    outward = f'chain outward {{ type filter hook postrouting priority 500; oifname "{interface}" drop; }}\n'
    return f"table {device} {{\n{chains}}}\ntable {packets} {{\n{inward}{outward}}}\n"
