"""Commands to a running baresip over its control port (module ctrl_tcp): netstrings that hold JSON."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any

from napalm_frr.agent.process import CommandError

_LIMIT_S = 3.0
_LONGEST = 1_000_000
_TOKEN = "napalm-frr"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def ask(address: tuple[str, int], command: str, parameters: str = "", limit_s: float = _LIMIT_S) -> str:
    """What baresip answers, without colours. Raises CommandError."""
    message = {"command": command, "params": parameters, "token": _TOKEN}
    if not parameters:
        del message["params"]
    text = json.dumps(message)
    try:
        with socket.create_connection(address, timeout=limit_s) as connection:
            connection.sendall(f"{len(text)}:{text},".encode("ascii"))
            answer = _answer(connection, time.monotonic() + limit_s)
    except (OSError, ValueError) as error:
        raise CommandError(["baresip"], f"no answer to {command}: {error}") from error
    data = _COLOUR.sub("", str(answer.get("data", "")))
    if not answer.get("ok"):
        raise CommandError(["baresip"], f"{command}: {data.strip() or 'refused'}")
    return data


def _answer(connection: socket.socket, deadline: float) -> dict[str, Any]:
    """The one that answers: events about calls come between. Raises OSError, ValueError."""
    received = b""
    while time.monotonic() < deadline and len(received) < _LONGEST:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
        while (message := netstring(received)) is not None:
            text, received = message
            found: dict[str, Any] = json.loads(text.decode("utf-8", errors="replace"), strict=False)
            if found.get("response") and found.get("token") == _TOKEN:
                return found
    raise OSError("the connection ended")


def netstring(data: bytes) -> tuple[bytes, bytes] | None:
    """The first message `LENGTH:BYTES,` and what follows it; None until it is whole. Raises ValueError."""
    length, colon, rest = data.partition(b":")
    if not colon:
        return None
    size = int(length)
    return (rest[:size], rest[size + 1 :]) if len(rest) > size else None
