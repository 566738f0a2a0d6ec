"""Commands to a running Kamailio: JSON-RPC over its datagram socket, where no secret stands in a list of processes."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

from napalm_frr.agent.process import CommandError

SOCKET = Path("/run/kamailio/kamailio_rpc.sock")
_LIMIT_S = 3.0
_LONGEST = 200_000
_NONE = ("not found", "has no contacts")
"""How it says that there is no such thing: also of a contact that is gone and not yet taken away."""


def ask(method: str, *parameters: str, limit_s: float = _LIMIT_S) -> Any:
    """What Kamailio answers; None when there is no such thing. Raises CommandError."""
    own = Path(f"/run/napalm-frr.rpc.{os.getpid()}")
    question = json.dumps({"jsonrpc": "2.0", "method": method, "params": parameters, "id": 1})
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mine:
            own.unlink(missing_ok=True)
            before = os.umask(0)  # Kamailio's user answers to it; connected, it takes from nobody else
            try:
                mine.bind(str(own))
            finally:
                os.umask(before)
            mine.settimeout(limit_s)
            mine.connect(str(SOCKET))
            mine.send(question.encode("ascii"))
            answer: dict[str, Any] = json.loads(mine.recv(_LONGEST).decode("utf-8", errors="replace"), strict=False)
    except (OSError, ValueError) as error:
        raise CommandError(["kamailio"], f"no answer to {method}: {error}") from error
    finally:
        own.unlink(missing_ok=True)
    said = str(answer.get("error", {}).get("message", ""))
    if "error" in answer and not any(words in said.lower() for words in _NONE):
        raise CommandError(["kamailio"], f"{method}: {said}")
    return answer.get("result")


def is_alive() -> bool:
    """Whether it answers."""
    try:
        ask("core.version", limit_s=1)
    except CommandError:
        return False
    return True
