"""A program of its own that runs inside a node's network: wait until TCP services answer.

Usage: reach.py SECONDS BANNER PORT ADDRESS...   Exit 0 when all answer with the banner (may be empty), else 1; prints
those that do not. Only the standard library, since it is started by path.
"""

import socket
import sys
import threading
import time
from contextlib import suppress

ATTEMPT_S = 1.0
PAUSE_S = 0.05


def answers(address: str, port: int, banner: bytes) -> bool:
    """Whether the service accepts a connection and its first bytes are the banner."""
    with suppress(OSError), socket.create_connection((address, port), timeout=ATTEMPT_S) as connection:
        return connection.recv(len(banner)) == banner if banner else True
    return False


def wait(address: str, port: int, banner: bytes, deadline: float, missing: list[str]) -> None:
    """Try until it answers; it is in `missing` afterwards if it never did."""
    while not answers(address, port, banner):
        if time.monotonic() > deadline:
            missing.append(address)
            return
        time.sleep(PAUSE_S)


def main(timeout_s: str, banner: str, port: str, *addresses: str) -> int:
    """Wait for all addresses at the same time."""
    deadline = time.monotonic() + float(timeout_s)
    missing: list[str] = []
    threads = [
        threading.Thread(target=wait, args=(address, int(port), banner.encode(), deadline, missing))
        for address in addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("\n".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
