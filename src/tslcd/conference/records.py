"""What servers' records say, in words of their own: addresses with ports, counters of calls."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address


def address(source: str) -> IPv4Address | IPv6Address | None:
    """Of `10.98.9.11:50266` or `[2001:db8::11]:5061`, in whatever spelling; None where it is none."""
    try:
        return ip_address(source.rpartition(":")[0].strip("[]"))
    except ValueError:
        return None


def lost(*stats: str) -> int | None:
    """Packets of sound that the ends of a call missed (`…;PL=received,sent;…`, header X-RTP-Stat, of each end).

    Both ends speak of the same two directions: the greater figure counts. None where no end says anything.
    """
    said = []
    for text in stats:
        words = dict(word.partition("=")[::2] for word in text.split(";"))
        counted = [int(number) for number in words.get("PL", "").split(",") if number.isdecimal()]
        said += [sum(counted)] if counted else []
    return max(said) if said else None
