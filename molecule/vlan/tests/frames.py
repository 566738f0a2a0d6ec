"""A program of its own inside a host of the twin: sends Ethernet frames, tagged as asked, and notes those that arrive.

Started with its text (`python3 -c`). Talks in lines of JSON: says "ready"; is given a list of [token, [VLAN ids, the
outer one first]] and sends a broadcast for each; is told to stop and answers with a list of [token, [VLAN ids]] of what
it saw.
"""

import json
import socket
import struct
import sys
import threading
from contextlib import suppress

ETHERTYPE = 0x88B5  # for local experiments (IEEE 802)
TAG = 0x8100
PACKET, AUXILIARY, TAG_IS_VALID = 263, 8, 16  # SOL_PACKET, PACKET_AUXDATA, TP_STATUS_VLAN_VALID of linux/if_packet.h
OWN = 4  # PACKET_OUTGOING


def noted(frame, auxiliary):
    """Token and VLAN ids of a frame of ours, or None. The kernel hands the outer tag beside the frame."""
    tags = []
    for level, kind, data in auxiliary:
        if (level, kind) == (PACKET, AUXILIARY) and struct.unpack_from("=I", data)[0] & TAG_IS_VALID:
            tags.append(struct.unpack_from("=H", data, 16)[0] & 0xFFF)
    at = 12
    while struct.unpack_from("!H", frame, at)[0] == TAG:
        tags.append(struct.unpack_from("!H", frame, at + 2)[0] & 0xFFF)
        at += 4
    if struct.unpack_from("!H", frame, at)[0] != ETHERTYPE:
        return None
    return [frame[at + 2 :].rstrip(b"\0").decode("ascii"), tags]


def main():
    seen = []
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.setsockopt(PACKET, AUXILIARY, 1)
    wire.bind(("eth0", 3))

    def listen():
        while True:
            frame, auxiliary, _, (_, _, way, *_) = wire.recvmsg(2048, 256)
            with suppress(struct.error, UnicodeDecodeError):
                if way != OWN and (found := noted(frame, auxiliary)):
                    seen.append(found)

    threading.Thread(target=listen, daemon=True).start()
    print(json.dumps("ready"), flush=True)
    source = wire.getsockname()[4]
    for token, tags in json.loads(sys.stdin.readline()):
        head = b"\xff" * 6 + source + b"".join(struct.pack("!HH", TAG, vlan) for vlan in tags)
        wire.send((head + struct.pack("!H", ETHERTYPE) + token.encode("ascii")).ljust(64, b"\0"))
    sys.stdin.readline()
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
