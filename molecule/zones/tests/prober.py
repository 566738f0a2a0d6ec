"""A program of its own inside a host of the twin: tries all its probes at once, and notes every packet that reaches it.

Started with its text (`python3 -c`), since a node does not see the repository. Talks in lines of JSON: says "ready";
is given a list of probes and answers with what was answered and from which ports; is told to stop and answers with the
packets seen.

A probe: `protocol` (tcp, udp, icmp, raw), `source`, `target`, and `port`, `size` (bytes of payload) or `packets` (whole
IP packets in hex, sent as they are); `patience_s`, after which it counts as unanswered. Any answer counts, a refusal
too: it proves that the way is open. A packet seen: [source, destination, protocol number, source port, destination
port]; for ICMP echo both ports are its identifier.
"""

import json
import select
import socket
import struct
import sys
import threading
import time
from contextlib import suppress

AGAIN_S = 0.6
TICK_S = 0.02
PROTOCOLS = {"tcp": 6, "udp": 17}
ECHO = {4: (8, 0), 6: (128, 129)}
ETHERTYPES = {0x0800: 4, 0x86DD: 6}
EXTENSIONS = {0, 43, 44, 60, 135}


def parse(version, packet):
    """What the program notes of an IP packet (ports of later fragments as 0), or None for what is too short."""
    with suppress(struct.error, IndexError):
        if version == 4:
            start, protocol = (packet[0] & 15) * 4, packet[9]
            later = struct.unpack_from("!H", packet, 6)[0] & 0x1FFF
            source, destination = (socket.inet_ntop(socket.AF_INET, packet[n : n + 4]) for n in (12, 16))
        else:
            start, protocol, later = 40, packet[6], 0
            source, destination = (socket.inet_ntop(socket.AF_INET6, packet[n : n + 16]) for n in (8, 24))
            while protocol in EXTENSIONS and not later:
                if protocol == 44:
                    later = struct.unpack_from("!H", packet, start + 2)[0] & 0xFFF8
                length = 8 if protocol == 44 else 8 * (packet[start + 1] + 1)
                protocol, start = packet[start], start + length
        first = second = 0
        if later:
            return [source, destination, protocol, first, second]
        if protocol in (6, 17):
            first, second = struct.unpack_from("!HH", packet, start)
        elif protocol in (1, 58) and packet[start] == ECHO[version][0]:
            first = second = struct.unpack_from("!H", packet, start + 4)[0]
        return [source, destination, protocol, first, second]
    return None


def listen(seen):
    """Note what arrives for this host."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)

    def note():
        while True:
            packet, (_, kind, way, *_) = wire.recvfrom(65535)
            if way == socket.PACKET_HOST and kind in ETHERTYPES and (found := parse(ETHERTYPES[kind], packet)):
                seen.append(found)

    threading.Thread(target=note, daemon=True).start()


def checksum(data):
    """Of an ICMP message; the kernel computes that of ICMPv6."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


class Pinger:
    """One raw socket of a family for all echo requests of a host, told apart by their identifiers."""

    def __init__(self, version):
        self.version = version
        family, protocol = (socket.AF_INET, 1) if version == 4 else (socket.AF_INET6, 58)
        self.socket = socket.socket(family, socket.SOCK_RAW, protocol)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.setblocking(False)

    def send(self, probe):
        head = struct.pack("!BBHHH", ECHO[self.version][0], 0, 0, probe["identifier"], 1)
        if self.version == 4:
            head = head[:2] + struct.pack("!H", checksum(head)) + head[4:]
        self.socket.sendto(head, (probe["target"], 0))

    def answers(self):
        """Identifier and sender of every echo reply that waits."""
        with suppress(BlockingIOError):
            while True:
                packet, sender = self.socket.recvfrom(65535)
                message = packet[(packet[0] & 15) * 4 :] if self.version == 4 else packet
                if message[0] == ECHO[self.version][1]:
                    yield struct.unpack_from("!H", message, 4)[0], sender[0]


def open_socket(probe):
    """A socket that has tried once, or None when the kernel refused at once."""
    kind = socket.SOCK_STREAM if probe["protocol"] == "tcp" else socket.SOCK_DGRAM
    opened = socket.socket(socket.AF_INET6 if ":" in probe["target"] else socket.AF_INET, kind)
    opened.setblocking(False)
    opened.bind((probe["source"], 0))
    try:
        opened.connect((probe["target"], probe["port"]))
    except BlockingIOError:
        pass
    except OSError:  # no route: nothing can answer
        opened.close()
        return None
    return opened


def send_raw(probe):
    for packet in map(bytes.fromhex, probe["packets"]):
        family = socket.AF_INET6 if packet[0] >> 4 == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender, suppress(OSError):
            sender.sendto(packet, (probe["target"], 0))


class Trial:
    """All probes of a host, at the same time."""

    def __init__(self, probes):
        self.probes = probes
        self.answered = [False] * len(probes)
        self.ports = [0] * len(probes)
        self.open = {}
        self.pingers = {4: Pinger(4), 6: Pinger(6)}

    def start(self):
        for number, probe in enumerate(self.probes):
            if probe["protocol"] == "icmp":
                self.ports[number] = probe["identifier"]
            elif probe["protocol"] == "raw":
                send_raw(probe)
            elif opened := open_socket(probe):
                self.open[number] = opened
                self.ports[number] = opened.getsockname()[1]

    def run(self):
        start = again = time.monotonic()
        while waiting := [n for n, p in enumerate(self.probes) if not self.answered[n] and p["protocol"] != "raw"]:
            now = time.monotonic()
            waiting = [n for n in waiting if now - start < self.probes[n]["patience_s"]]
            if not waiting:
                return
            if now >= again:
                self.send(waiting)
                again = now + AGAIN_S
            self.collect(waiting)

    def send(self, waiting):
        for number in waiting:
            probe = self.probes[number]
            with suppress(OSError):
                if probe["protocol"] == "icmp":
                    self.pingers[6 if ":" in probe["target"] else 4].send(probe)
                elif probe["protocol"] == "udp" and number in self.open:
                    self.open[number].send(bytes(probe.get("size", 8)))

    def collect(self, waiting):
        poll = select.poll()
        numbers = {}
        for number in waiting:
            if number in self.open:
                poll.register(
                    self.open[number], select.POLLOUT if self.probes[number]["protocol"] == "tcp" else select.POLLIN
                )
                numbers[self.open[number].fileno()] = number
        for handle, _ in poll.poll(TICK_S * 1000):
            number = numbers[handle]
            protocol = self.probes[number]["protocol"]
            self.answered[number] = self.is_answered(self.open[number], protocol)
            if protocol == "tcp":
                self.open.pop(number).close()  # open or broken, it would be ready for ever
        found = {answer for pinger in self.pingers.values() for answer in pinger.answers()}
        for number in waiting:
            if self.probes[number]["protocol"] == "icmp":
                self.answered[number] = (self.probes[number]["identifier"], self.probes[number]["target"]) in found

    def is_answered(self, opened, protocol):
        if protocol == "tcp":
            return opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, 111)
        try:
            return bool(opened.recv(65535))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False


def main():
    seen = []
    listen(seen)
    print(json.dumps("ready"), flush=True)
    trial = Trial(json.loads(sys.stdin.readline()))
    trial.start()
    trial.run()
    print(json.dumps([trial.answered, trial.ports]), flush=True)
    sys.stdin.readline()
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
