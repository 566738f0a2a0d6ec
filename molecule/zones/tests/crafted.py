"""Packets that no honest host sends: forged sources, fragments, headers that hide a port, tunnels."""

from __future__ import annotations

from itertools import count, product

import packets
from sentences import COMMUNE, HOSTS, HUB, OTHER
from trial import Probe

ROOM, OTHER_ROOM, OFFICE, SERVER = (
    f"{COMMUNE}-conference",
    f"{OTHER}-conference",
    f"{COMMUNE}-office",
    f"{HUB}-services",
)
PORTAL = ("10.96.5.84", "2001:db8:1500:130::20")
CONFERENCE_SERVICE = HOSTS[SERVER]
MORE_FRAGMENTS = 0x2000
SSH = 22
_ports = count(41000)
_unused_ports = count(61500)  # beyond what probers are given, which have SSH connections of their own to these hosts


def _raw(node: str, to: tuple[str, str], sent: list[bytes], mark: tuple, allowed: bool) -> Probe:
    """`to`: node and address of the target; `mark`: source, target, protocol, ports of what must (not) arrive."""
    return Probe(node, "raw", HOSTS.get(node, ("", ""))[0], to[1], 0, allowed, to[0], packets=tuple(sent), mark=mark)


def _udp(family: int, allowed: bool, header: int | None = None, options: bytes = b"") -> Probe:
    """A datagram from room to room, perhaps behind a header."""
    source, target, port = HOSTS[ROOM][family], HOSTS[OTHER_ROOM][family], next(_ports)
    payload, protocol = packets.datagram(source, target, port, 16400), packets.UDP
    if header is not None:
        payload, protocol = packets.behind(header, protocol, payload), header
    sent = packets.ip(source, target, protocol, payload, options=options)
    return _raw(ROOM, (OTHER_ROOM, target), [sent], (source, target, packets.UDP, port, 16400), allowed)


def _syn(
    node: str, source: str, target: str, to: str, dport: int, *, allowed: bool = False, header: int | None = None
) -> Probe:
    """The start of a connection with this source, perhaps behind a header."""
    port = next(_ports)
    payload, protocol = packets.syn(source, target, port, dport), packets.TCP
    if header is not None:
        payload, protocol = packets.behind(header, protocol, payload), header
    sent = packets.ip(source, target, protocol, payload)
    return _raw(node, (to, target), [sent], (source, target, packets.TCP, port, dport), allowed)


def _in_two(first: int, header: int | None, allowed: bool) -> Probe:
    """A datagram from room to room in two fragments, the first one of these bytes, perhaps all of it a header."""
    here, there, port = HOSTS[ROOM][1], HOSTS[OTHER_ROOM][1], next(_ports)
    payload, protocol = packets.datagram(here, there, port, 16400, packets.SMALLEST_FIRST_FRAGMENT + 100), packets.UDP
    if header is not None:
        payload, protocol = packets.behind(header, protocol, payload, first), header
    parts = packets.fragments_v6(protocol, payload, first)
    mark = (here, there, packets.UDP, port, 16400)
    return _raw(
        ROOM, (OTHER_ROOM, there), [packets.ip(here, there, packets.FRAGMENT, part) for part in parts], mark, allowed
    )


def _fragmented() -> list[tuple[str, Probe]]:
    least = packets.SMALLEST_FIRST_FRAGMENT
    found = [
        ("a fragmented datagram from room to room passes", _in_two(least, None, True)),
        ("a port hidden in a second fragment is stopped", _in_two(least, packets.DESTINATION_OPTIONS, False)),
    ]
    here, there, port = HOSTS[OFFICE][0], PORTAL[0], next(_ports)
    one, two = (packets.syn(here, there, port, dport) for dport in (443, 22))
    pieces = [packets.ip(here, there, packets.TCP, one[:16], fragment=MORE_FRAGMENTS)]
    pieces += [packets.ip(here, there, packets.TCP, two[:16], fragment=MORE_FRAGMENTS)]
    pieces += [packets.ip(here, there, packets.TCP, two[16:], fragment=2)]
    mark = (here, there, packets.TCP, port, 22)
    found.append(("overlapping fragments cannot swap a port", _raw(OFFICE, (SERVER, there), pieces, mark, False)))
    alone = packets.ip(here, there, packets.UDP, bytes(64), fragment=40)
    mark = (here, there, packets.UDP, 0, 0)
    found.append(("a later fragment alone is stopped", _raw(OFFICE, (SERVER, there), [alone], mark, False)))
    return found


def _tunnels() -> list[tuple[str, Probe]]:
    here, there = HOSTS[ROOM][0], HOSTS[OTHER_ROOM][0]
    return [
        (
            f"{name} between rooms is stopped",
            _raw(
                ROOM,
                (OTHER_ROOM, there),
                [packets.ip(here, there, number, bytes(40))],
                (here, there, number, 0, 0),
                False,
            ),
        )
        for name, number in (("an IP-in-IP tunnel", packets.IPIP), ("a GRE tunnel", packets.GRE), ("ESP", packets.ESP))
    ]


def _big() -> list[tuple[str, Probe]]:
    found = []
    for family, name in enumerate(("IPv4", "IPv6")):
        here = HOSTS[ROOM][family]
        for to, port in ((OTHER_ROOM, 16400), (SERVER, 5060)):
            probe = Probe(ROOM, "udp", here, HOSTS[to][family], port, True, to, size=3000)
            found.append((f"a datagram of 3000 bytes reaches {to}, {name}", probe))
    return found


def _forged() -> list[tuple[str, Probe]]:
    """Sources that the office VLAN does not have, towards what these sources may open."""
    sources = (
        ("another host of its own office", "10.98.8.77", "2001:db8:1500:8210::77", True),
        ("an office of another commune", "10.98.24.10", "2001:db8:1500:8610::10", False),
        ("the hub's office", "10.96.4.10", "2001:db8:1500:110::10", False),
        ("an address outside", "203.0.113.9", "2001:db8:ffff::9", False),
        ("a router", "10.111.0.1", "2001:db8:1500:100::1", False),
    )
    found = [
        (
            f"a packet of an office PC as {who} {'passes' if own else 'is stopped'}, IPv{4 + 2 * family}",
            _syn(OFFICE, address, PORTAL[family], SERVER, 443, allowed=own),
        )
        for who, v4, v6, own in sources
        for family, address in enumerate((v4, v6))
    ]
    for family, room in enumerate(("10.98.9.77", "2001:db8:1500:8220::77")):
        name = f"IPv{4 + 2 * family}"
        probe = _syn(OFFICE, room, CONFERENCE_SERVICE[family], SERVER, 5061)
        found.append((f"a packet from an office PC that claims to be a conference room is stopped, {name}", probe))
        probe = _syn("pe-vnpt", room, HOSTS[ROOM][family], ROOM, 5061)
        found.append((f"a packet from a carrier that claims to be a host of the site is stopped, {name}", probe))
        manager = ("10.96.5.202", "2001:db8:1500:199::10")[family]
        probe = _syn(OFFICE, manager, HOSTS[f"{COMMUNE}-management"][family], f"{COMMUNE}-management", 22)
        found.append((f"a packet from an office PC that claims to be the engineer's machine is stopped, {name}", probe))
    return found


def _answers() -> list[tuple[str, Probe]]:
    """Answers on SSH to the engineer's machine that it has not asked for; one comes twice, as if a first were lost."""
    kinds = (
        ("the answer to a first segment", (packets.SYN | packets.ACK,)),
        ("a segment of a connection", (packets.ACK, packets.ACK)),
        ("a first segment", (packets.SYN, packets.SYN)),
    )
    found = []
    for family, (name, kind) in product((0, 1), kinds):
        for node in (ROOM, f"{HUB}-conference", SERVER):
            here, there, port = HOSTS[node][family], HOSTS["controller"][family], next(_unused_ports)
            sent = [
                packets.ip(here, there, packets.TCP, packets.segment(here, there, SSH, port, flags)) for flags in kind
            ]
            mark = (here, there, packets.TCP, SSH, port)
            claim = f"{name} from {node}, port 22, without a connection of a manager is stopped, IPv{4 + 2 * family}"
            found.append((claim, _raw(node, ("controller", there), sent, mark, False)))
    return found


def _hidden() -> list[tuple[str, Probe]]:
    office, portal = HOSTS[OFFICE][1], PORTAL[1]
    headers = (
        ("hop-by-hop options", packets.HOP_BY_HOP),
        ("a routing header", packets.ROUTING),
        ("destination options", packets.DESTINATION_OPTIONS),
    )
    found = [(f"a datagram between rooms behind {name} is stopped", _udp(1, False, header)) for name, header in headers]
    found += [
        (
            f"a connection to the portal behind {name} is stopped",
            _syn(OFFICE, office, portal, SERVER, 443, header=header),
        )
        for name, header in headers
    ]
    return [
        *found,
        ("a datagram between rooms behind a fragment header passes", _udp(1, True, packets.FRAGMENT)),
        ("a port that no service has is stopped behind a fragment header too",
         _syn(OFFICE, office, portal, SERVER, 22, header=packets.FRAGMENT)),
        ("a datagram with a source route is stopped", _udp(0, False, options=packets.LOOSE_SOURCE_ROUTE)),
        ("a plain datagram made by hand passes, IPv4", _udp(0, True)),
        ("a plain datagram made by hand passes, IPv6", _udp(1, True)),
    ]  # fmt: skip


ANSWERS = _answers()
PROBES = [*_hidden(), *_fragmented(), *_tunnels(), *_big(), *_forged(), *ANSWERS]
"""Claim and probe."""
