"""Looks at the media that arrive at a room: rtp.py SOURCE. Runs inside a room until its standard input ends.

Prints {payload type: {"received", "lost" (holes in the sequence numbers), "silence_s" (longest, between two packets)}}.
The head of encrypted media is not encrypted. Standard library only.
"""

import json
import socket
import struct
import sys
import threading
import time
from itertools import pairwise

UDP, RTP_VERSION_2, FIRST_PORT = 17, 2, 16384
RTCP = range(72, 77)  # 200 to 204 without the bit that marks a frame's end
DSCP_SHIFT = 2


def heads(wire, source):
    """Time, payload type and sequence number of every packet of media from an address."""
    while True:
        packet, (_, _, way, *_) = wire.recvfrom(2048)
        if way != socket.PACKET_HOST or packet[9] != UDP or packet[12:16] != source:
            continue
        start = (packet[0] & 15) * 4
        (port,) = struct.unpack_from("!H", packet, start + 2)
        first, second, number = struct.unpack_from("!BBH", packet, start + 8)
        if port >= FIRST_PORT and first >> 6 == RTP_VERSION_2 and second & 127 not in RTCP:
            yield time.monotonic(), second & 127, number


def main():
    """Look until nobody wants to know any more."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
    seen = []
    packets = heads(wire, socket.inet_aton(sys.argv[1]))
    threading.Thread(target=lambda: [seen.append(head) for head in packets], daemon=True).start()
    print("ready", flush=True)
    sys.stdin.readline()
    found = {}
    for kind in sorted({kind for _, kind, _ in seen}):
        own = [(when, number) for when, this, number in seen if this == kind]
        steps = [(after[0] - before[0], (after[1] - before[1]) % 65536) for before, after in pairwise(own)]
        found[kind] = {
            "received": len(own),
            "lost": sum(step - 1 for _, step in steps if 0 < step < 32768),
            "silence_s": round(max((gap for gap, _ in steps), default=0), 3),
        }
    print(json.dumps(found))


main()
