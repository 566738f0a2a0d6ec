"""A program of its own on a host of the twin: answers where the catalogue says that a service is answered.

Usage: responder.py NAME FILE   FILE holds a JSON list of [protocol, address, port]. TCP gets a small HTTP answer with
the name of the host, UDP gets its datagram back. Only the standard library, since it is started by path.
"""

import json
import selectors
import socket
import sys
from contextlib import suppress
from pathlib import Path

BACKLOG = 64
REQUEST_BYTES = 4096
PATIENCE_S = 5


def listen(protocol: str, address: str, port: int) -> socket.socket:
    """A bound socket."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, kind)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((address, port))
    if kind == socket.SOCK_STREAM:
        bound.listen(BACKLOG)
    return bound


def main(name: str, file: str) -> None:
    """Answer until the node ends."""
    answer = f"HTTP/1.0 200 OK\r\nContent-Length: {len(name) + 1}\r\n\r\n{name}\n".encode()
    waiting = selectors.DefaultSelector()
    for protocol, address, port in json.loads(Path(file).read_text()):
        waiting.register(listen(protocol, address, port), selectors.EVENT_READ, protocol)
    while True:
        for key, _ in waiting.select():
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            with suppress(OSError):
                if key.data == "udp":
                    datagram, client = ready.recvfrom(65535)
                    ready.sendto(datagram, client)
                elif key.data == "tcp":
                    connection, _ = ready.accept()
                    connection.settimeout(PATIENCE_S)
                    waiting.register(connection, selectors.EVENT_READ, "client")
                else:
                    waiting.unregister(ready)
                    with ready:
                        if ready.recv(REQUEST_BYTES):
                            ready.sendall(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
