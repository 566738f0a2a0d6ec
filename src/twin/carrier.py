"""What a carrier's edge does to packets: each direction of a line has its contract rate and a drop-tail buffer.

Towards the site the line's own interface queues (nftables names the class, then marks may be rewritten); from the site
an ifb behind the interface does, and u32 filters name the class. Priority classes never get more than their share.
"""

from __future__ import annotations

from collections.abc import Iterator

from twin.shape import CarrierClass, Provider, Session

BUFFER_MS = 50
"""How long a packet waits at most in a class that has its whole rate."""
BURST_MS = 5
MTU_FRAME = 1514
_FIRST = 0x11
_KBIT = 125  # bytes per second
_LAST = 1 << 30
"""Metric of a route that every other one is preferred to."""
_PRIO = {"priority": 0, "guarantee": 1, "best_effort": 2}
_ALL = CarrierClass("all", (), 100, "best_effort", None)


def links(provider: Provider) -> str:
    """Commands for `ip -batch`: the second interface of every line, and the bounds of the VPN."""
    lines = [f"link add name {name} type ifb\nlink set dev {name} up\n" for name in map(_inbound, provider.sessions)]
    return "".join([*lines, *(f"route add blackhole {prefix} metric {_LAST}\n" for prefix in provider.customers)])


def queues(provider: Provider) -> str:
    """Commands for `tc -batch`."""
    lines = [line for session in provider.sessions for line in _line(session)]
    return "".join(f"{line}\n" for line in lines)


def rules(provider: Provider) -> str:
    """What nftables does: name the class of what goes to a site, and rewrite marks where the profile says so."""
    products: dict[tuple[CarrierClass, ...], list[str]] = {}
    for session in provider.sessions:
        products.setdefault(session.classes, []).append(f'"{session.interface}"')
    choose: list[str] = []
    mark: list[str] = []
    for sold, interfaces in products.items():
        out = f"oifname {{ {', '.join(interfaces)} }}"
        classes = _classes(sold)
        named = {dscp: number for number, this in classes.items() for dscp in this.dscp}
        rest = next(number for number, this in classes.items() if not this.dscp)
        choose.append(f"{out} meta priority set 1:{rest:x}")
        if named:
            pairs = ", ".join(f"{dscp} : 1:{number:x}" for dscp, number in sorted(named.items()))
            choose += [f"{out} meta priority set {family} dscp map {{ {pairs} }}" for family in ("ip", "ip6")]
        mark += [
            f"{out} meta priority 1:{number:x} {family} dscp set {this.mark}"
            for number, this in classes.items()
            if this.mark is not None
            for family in ("ip", "ip6")
        ]
    return (
        "table arp carrier {\n" + _chain("output", "output", [f"meta priority set 1:{_FIRST:x}"], "filter") + "}\n"
        "table inet carrier {\n"
        + _chain("output", "output", choose)
        + _chain("forward", "forward", [*choose, *mark])
        + "}\n"
    )


def _chain(name: str, hook: str, body: list[str], priority: str = "mangle") -> str:
    inside = "".join(f"{rule}\n" for rule in body)
    return f"chain {name} {{\ntype filter hook {hook} priority {priority};\n{inside}}}\n"


def _line(session: Session) -> Iterator[str]:
    inbound, classes = _inbound(session), _classes(session.classes)
    for interface in (session.interface, inbound):
        yield from _tree(interface, classes, session.rate_mbps * 1000)
    for number, this in classes.items():
        where = f"flowid 1:{number:x}"
        for dscp in this.dscp:
            field = f"{dscp << 2:#x} 0xfc {where}"
            yield f"filter add dev {inbound} parent 1: protocol ip prio 1 u32 match ip dsfield {field}"
            yield f"filter add dev {inbound} parent 1: protocol ipv6 prio 2 u32 match ip6 priority {field}"
    yield f"filter add dev {inbound} parent 1: protocol arp prio 3 u32 match u32 0 0 flowid 1:{_FIRST:x}"
    yield f"qdisc add dev {session.interface} ingress"
    redirect = f"action mirred egress redirect dev {inbound}"
    yield f"filter add dev {session.interface} parent ffff: protocol all u32 match u32 0 0 {redirect}"


def _tree(interface: str, classes: dict[int, CarrierClass], rate_kbps: int) -> Iterator[str]:
    rest = next(number for number, this in classes.items() if not this.dscp)
    yield f"qdisc add dev {interface} root handle 1: htb default {rest:#x}"
    yield f"class add dev {interface} parent 1: classid 1:1 htb {_rates(rate_kbps, rate_kbps)}"
    for number, this in classes.items():
        share = max(8, rate_kbps * this.share_percent // 100)
        ceil = share if this.treatment == "priority" else rate_kbps
        limit = max(10 * MTU_FRAME, ceil * _KBIT * BUFFER_MS // 1000)
        order = f"prio {_PRIO[this.treatment]} quantum {MTU_FRAME}"
        yield f"class add dev {interface} parent 1:1 classid 1:{number:x} htb {_rates(share, ceil)} {order}"
        yield f"qdisc add dev {interface} parent 1:{number:x} handle {number:x}: bfifo limit {limit}"


def _rates(rate_kbps: int, ceil_kbps: int) -> str:
    burst, cburst = (max(2 * MTU_FRAME, kbps * _KBIT * BURST_MS // 1000) for kbps in (rate_kbps, ceil_kbps))
    return f"rate {rate_kbps}kbit ceil {ceil_kbps}kbit burst {burst}b cburst {cburst}b"


def _classes(sold: tuple[CarrierClass, ...]) -> dict[int, CarrierClass]:
    """Number → class; a carrier without classes has one for everything."""
    return dict(enumerate(sold or (_ALL,), _FIRST))


def _inbound(session: Session) -> str:
    return f"in-{session.interface}"
