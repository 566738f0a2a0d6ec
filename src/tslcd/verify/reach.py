"""One TCP connection attempt from the machine that runs the playbook: the neighbour's view of a router."""

from __future__ import annotations

import socket


def answers(address: str, port: int, timeout_s: float = 1.0) -> bool:
    """Whether something accepts a TCP connection at `address` and `port` within `timeout_s` seconds."""
    try:
        with socket.create_connection((address, port), timeout=timeout_s):
            return True
    except OSError:
        return False
