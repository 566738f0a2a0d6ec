"""One SSH connection of an account, below the level at which clients are well behaved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import paramiko
from paramiko.common import cMSG_CHANNEL_REQUEST

ADDRESS = "10.111.0.129"
HOST = "lci-02683-bat-xat-r1"
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
WAIT_S = 15
SESSIONS = 4  # sshd takes ten in a connection


class Answer(NamedTuple):
    """What came back; a status of None means that the server ended the channel or the connection."""

    status: int | None
    output: str


class Login:
    """A connection that is opened again when an attempt has broken it."""

    def __init__(self, account: str, key: str | None = None) -> None:
        self._account, self._key = account, key or account
        self._transport: paramiko.Transport | None = None

    @property
    def transport(self) -> paramiko.Transport:
        """A live connection; the host key is checked."""
        if self._transport is None or not self._transport.is_active():
            known = paramiko.HostKeys(str(CREDENTIALS / "known_hosts"))
            self._transport = paramiko.Transport((ADDRESS, 22))
            self._transport.connect(
                known.lookup(ADDRESS)["ssh-ed25519"],
                self._account,
                pkey=paramiko.Ed25519Key.from_private_key_file(str(CREDENTIALS / self._key)),
            )
        return self._transport

    def close(self) -> None:
        """End it."""
        if self._transport:
            self._transport.close()

    def run(self, command: str | bytes, typed: bytes = b"", environment: dict[str, str] | None = None) -> Answer:
        """Run a command with what is typed as its input."""

        def begin(channel: paramiko.Channel) -> None:
            for name, value in (environment or {}).items():
                channel.set_environment_variable(name, value)
            channel.exec_command(command)

        return self.talk(begin, typed)

    def run_all(self, commands: Sequence[str | bytes], typed: Sequence[str]) -> list[Answer]:
        """Run commands side by side; one after the other where the server ended something, maybe for a neighbour."""
        _ = self.transport
        inputs = [text.encode() for text in typed]
        with ThreadPoolExecutor(SESSIONS) as pool:
            answers = list(pool.map(self.run, commands, inputs))
        attempts = zip(commands, inputs, answers, strict=True)
        return [self.run(c, text) if answer.status is None else answer for c, text, answer in attempts]

    def talk(self, begin, typed: bytes = b"") -> Answer:
        """Open a session, let `begin` request something in it, type, and read to the end."""
        try:
            with self.transport.open_session(timeout=WAIT_S) as channel:
                channel.settimeout(WAIT_S)
                channel.set_combine_stderr(True)
                begin(channel)
                channel.sendall(typed)
                channel.shutdown_write()
                output = b"".join(iter(lambda: channel.recv(65536), b""))
                status = channel.recv_exit_status()
        except (paramiko.SSHException, EOFError, OSError) as error:
            return Answer(None, str(error))
        return Answer(status if status >= 0 else None, output.decode("utf-8", "replace"))

    def is_granted(self, request: str, *fields: bytes | int | bool) -> bool:
        """Whether the server grants a request within a session, by its name and raw fields."""
        with self.transport.open_session(timeout=WAIT_S) as channel:
            message = paramiko.Message()
            message.add_byte(cMSG_CHANNEL_REQUEST)
            message.add_int(channel.remote_chanid)
            message.add_string(request)
            message.add_boolean(True)
            message.add(*fields)
            channel._event_pending()
            channel.transport._send_user_message(message)
            try:
                channel._wait_for_event()
            except paramiko.SSHException:
                return False
            return True
