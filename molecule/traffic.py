"""Sends and receives UDP with numbers and times in it. Runs inside nodes, which share one clock; standard library only.

`traffic.py send FLOWS` and `traffic.py receive FLOWS`; FLOWS is JSON, a list of
{"name", "address", "port", "dscp", "bytes" (UDP payload), "kbps" (of payload), "seconds", "type" (of RTP), "nice",
"stops" (when standard input ends, if that is before `seconds`)}.
`receive` prints `ready` once it listens, and after a silence
{name: {"received", "kbps", "p50_ms", "p99_ms", "dscp", "missing"}}.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import sys
import time
from contextlib import suppress
from functools import partial

_HEAD = struct.Struct("!BBHIQ")  # like RTP: version, payload type, then our own number and nanoseconds
_RTP_VERSION_2 = 0x80
_TICK_S = 0.002
_MOST_AT_ONCE = 100  # packets: what a flood of 6,000 a second owes after a machine was elsewhere for 16 ms
_SILENCE_S = 1.5
_BUFFER = 8 << 20
_SO_RCVBUFFORCE = 33  # Linux; the socket module does not name it


def _socket(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM), family == socket.AF_INET6


def send(flow):
    """Send one flow at its pace: every packet that is due, every 2 ms at least."""
    if flow.get("nice"):
        os.nice(10)  # a flood must not take the processor from the switch that carries it
    sock, is_v6 = _socket(flow["address"])
    level, option = (socket.IPPROTO_IPV6, socket.IPV6_TCLASS) if is_v6 else (socket.IPPROTO_IP, socket.IP_TOS)
    sock.setsockopt(level, option, flow["dscp"] << 2)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    sock.connect((flow["address"], flow["port"]))
    filling = bytes(flow["bytes"] - _HEAD.size)
    per_second = flow["kbps"] * 125 / flow["bytes"]
    start = time.monotonic()
    number = forgiven = 0
    while (now := time.monotonic() - start) < flow["seconds"] and not (flow.get("stops") and _is_over()):
        late = now * per_second - number - forgiven
        forgiven += max(0, int(late) - _MOST_AT_ONCE)  # a machine that was busy must not make a burst of it
        while number + forgiven < now * per_second:
            stamp = time.monotonic_ns()
            with suppress(OSError):  # nobody listens yet, or the queue is full: it counts as sent
                sock.send(_HEAD.pack(_RTP_VERSION_2, flow.get("type", 0), 0, number, stamp) + filling)
            number += 1
        time.sleep(max(_TICK_S, (number + forgiven) / per_second - now))
    return {"sent": number, "kbps": round(number * flow["bytes"] / 125 / now)}


def _is_over():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def _listen(flow):
    sock, is_v6 = _socket(flow["address"])
    sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    level, option = (socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS) if is_v6 else (socket.IPPROTO_IP, socket.IP_RECVTOS)
    sock.setsockopt(level, option, 1)
    sock.bind(("::" if is_v6 else "0.0.0.0", flow["port"]))
    return sock


def receive(flow, sock):
    """Receive one flow until it is silent."""
    sock.settimeout(flow["seconds"] + _SILENCE_S)
    delays, numbers, marks, size, first, last = [], [], {}, 0, 0, 0
    try:
        while True:
            data, ancillary, _, _ = sock.recvmsg(2048, 64)
            arrived = time.monotonic_ns()
            *_, number, stamp = _HEAD.unpack_from(data)
            numbers.append(number)
            first, last = first or arrived, arrived
            delays.append((arrived - stamp) / 1e6)
            size += len(data)
            mark = ancillary[0][2][0] >> 2 if ancillary else -1
            marks[mark] = marks.get(mark, 0) + 1
            sock.settimeout(_SILENCE_S)
    except TimeoutError:
        pass
    delays.sort()
    return {
        "received": len(delays),
        "kbps": round(size * 8e6 / (last - first)) if last > first else 0,
        "p50_ms": round(delays[len(delays) // 2], 2) if delays else None,
        "p99_ms": round(delays[len(delays) * 99 // 100], 2) if delays else None,
        "dscp": marks,
        "missing": sorted(set(range(max(numbers, default=-1) + 1)) - set(numbers))[:9],
    }


def main():
    """One process per flow, so that a busy one does not delay the others."""
    flows = json.loads(sys.argv[2])
    works = [partial(send, flow) for flow in flows]
    if sys.argv[1] == "receive":
        works = [partial(receive, flow, _listen(flow)) for flow in flows]
        print("ready", flush=True)
    children = []
    for flow, work in zip(flows, works, strict=True):
        reader, writer = os.pipe()
        if not (pid := os.fork()):
            os.close(reader)
            os.write(writer, json.dumps(work()).encode())
            os._exit(0)
        os.close(writer)
        children.append((flow["name"], pid, reader))
    answers = {}
    for name, pid, reader in children:
        with os.fdopen(reader) as pipe:
            answers[name] = json.loads(pipe.read())
        os.waitpid(pid, 0)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
