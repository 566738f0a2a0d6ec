"""A PC's hand-made packets, TCP with a mark: forged.py SOURCE ADDRESS PORT DSCP SECONDS PER_SECOND; prints how many."""

import socket
import struct
import sys
import time

MOST_AT_ONCE = 16
TICK_S = 0.002
SYN = 0x02


def segment(source, address, port):
    """One SYN with 1400 bytes behind it, so that a firewall that looks at states lets it pass."""
    head = struct.pack("!HHIIBBHHH", 40000, port, 1, 0, 5 << 4, SYN, 65535, 0, 0)
    body = head + bytes(1400)
    pseudo = socket.inet_aton(source) + socket.inet_aton(address) + struct.pack("!HH", socket.IPPROTO_TCP, len(body))
    total = sum(struct.unpack(f"!{(len(pseudo) + len(body)) // 2}H", pseudo + body))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:16] + struct.pack("!H", ~total & 0xFFFF) + body[18:]


def main():
    """Send at a steady pace until the time is over."""
    source, address, port, dscp, seconds, per_second = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    raw.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
    packet = segment(source, address, port)
    start = time.monotonic()
    sent = forgiven = 0
    while (now := time.monotonic() - start) < seconds:
        due = int(now * per_second) - sent - forgiven
        forgiven += max(0, due - MOST_AT_ONCE)
        for _ in range(min(due, MOST_AT_ONCE)):
            raw.sendto(packet, (address, 0))
            sent += 1
        time.sleep(TICK_S)
    print(sent)


main()
