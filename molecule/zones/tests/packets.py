"""IP packets as bytes, for what sockets do not send: forged sources, fragments, headers that hide a port."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import count

TCP, UDP, IPIP, GRE, ESP = 6, 17, 4, 47, 50
SYN, ACK = 0x02, 0x10
HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS = 0, 43, 44, 60
LOOSE_SOURCE_ROUTE = bytes([131, 7, 4, 10, 98, 9, 1, 1])  # over the gateway itself; one byte of padding
SMALLEST_FIRST_FRAGMENT = 1240  # IPv6 lets no fragment but the last be shorter than the least MTU; bytes of payload
_IDENTIFICATION_V4 = 1
_identifications = count(4711)  # two datagrams with one identification would spoil each other


def datagram(source: str, target: str, sport: int, dport: int, size: int = 16) -> bytes:
    """A UDP datagram with its checksum."""
    head = struct.pack("!HHHH", sport, dport, 8 + size, 0)
    return _with_checksum(source, target, UDP, head + bytes(size), at=6)


def syn(source: str, target: str, sport: int, dport: int) -> bytes:
    """The first segment of a TCP connection."""
    return segment(source, target, sport, dport, SYN)


def segment(source: str, target: str, sport: int, dport: int, flags: int) -> bytes:
    """A TCP segment without payload; of one that answers (`ACK`), what it acknowledges is made up."""
    head = struct.pack("!HHIIBBHHH", sport, dport, 1, 1 if flags & ACK else 0, 0x50, flags, 8192, 0, 0)
    return _with_checksum(source, target, TCP, head, at=16)


def ip(source: str, target: str, protocol: int, payload: bytes, *, options: bytes = b"", fragment: int = 0) -> bytes:
    """An IP packet of the family of its addresses. IPv4 alone: `fragment`, offset (of 8 bytes) and flags; `options`."""
    here, there = ip_address(source), ip_address(target)
    if isinstance(here, IPv6Address):
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + here.packed + there.packed + payload
    words = 5 + len(options) // 4
    head = struct.pack(
        "!BBHHHBBH", 0x40 | words, 0, 4 * words + len(payload), _IDENTIFICATION_V4, fragment, 64, protocol, 0
    )
    head += here.packed + there.packed + options
    return head[:10] + struct.pack("!H", _sum(head)) + head[12:] + payload


def behind(header: int, protocol: int, payload: bytes, size: int = 8) -> bytes:
    """A payload behind an IPv6 extension header of `size` bytes (a multiple of 8, more than 8 for options only)."""
    identification = next(_identifications)
    filled = {
        HOP_BY_HOP: bytes([protocol, size // 8 - 1]) + bytes(size - 2),
        DESTINATION_OPTIONS: bytes([protocol, size // 8 - 1]) + bytes(size - 2),
        ROUTING: bytes([protocol, 0, 4, 0, 0, 0, 0, 0]),
        FRAGMENT: struct.pack("!BBHI", protocol, 0, 0, identification),
    }
    return filled[header] + payload


def fragments_v6(protocol: int, payload: bytes, first: int) -> list[bytes]:
    """A payload in two fragments, cut after `first` bytes (a multiple of 8)."""
    identification = next(_identifications)
    one = struct.pack("!BBHI", protocol, 0, 1, identification) + payload[:first]
    two = struct.pack("!BBHI", protocol, 0, first, identification) + payload[first:]
    return [one, two]


def _with_checksum(source: str, target: str, protocol: int, payload: bytes, at: int) -> bytes:
    here, there = ip_address(source), ip_address(target)
    length = (
        struct.pack("!HH", protocol, len(payload))
        if isinstance(here, IPv4Address)
        else struct.pack("!II", len(payload), protocol)
    )
    found = _sum(here.packed + there.packed + length + payload) or 0xFFFF
    return payload[:at] + struct.pack("!H", found) + payload[at + 2 :]


def _sum(data: bytes) -> int:
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF
