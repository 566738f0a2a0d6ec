"""SSH through netmiko, without the interactive shell that it opens for devices that have nothing else.

Commands and documents travel over exec channels: no terminal, no prompt, no echo, nothing to wait for.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import paramiko
from napalm.base.exceptions import (
    CommandTimeoutException,
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
    ConnectTimeoutError,
)
from netmiko.linux.linux_ssh import LinuxSSH

_CHUNK = 65536
_KEEPALIVE_S = 5


class Answer(NamedTuple):
    """What a program on the router said."""

    status: int
    output: str
    errors: str


class ExecSession(LinuxSSH):
    """A netmiko connection of device type `linux` whose session is prepared by doing nothing."""

    def establish_connection(self, width: int = 511, height: int = 1000) -> None:
        """Connects and authenticates; `width` and `height` mean nothing here. Raises paramiko's errors."""
        client = self._build_ssh_client()
        try:
            client.connect(**self._connect_params_dict())
        except Exception:
            client.close()
            raise
        client.get_transport().set_keepalive(_KEEPALIVE_S)
        self.remote_conn_pre = client

    def _try_session_preparation(self, force_data: bool = True) -> None:
        return

    def cleanup(self, command: str = "exit") -> None:
        """There is no shell to leave."""

    def is_alive(self) -> bool:
        """Whether the transport still stands, as far as this side knows."""
        return self.remote_conn_pre is not None and self._transport().is_active()

    def _transport(self) -> paramiko.Transport:
        transport = self.remote_conn_pre.get_transport() if self.remote_conn_pre else None
        if transport is None:
            raise EOFError("not connected")
        return transport

    def execute(self, command: str, text: str = "", timeout_s: float = 60) -> Answer:
        """Runs one command with `text` on its standard input. Raises NAPALM's connection exceptions."""
        deadline = time.monotonic() + timeout_s
        try:
            channel = self._transport().open_session(timeout=timeout_s)
            with channel:
                channel.settimeout(timeout_s)
                channel.exec_command(command)
                if text:
                    channel.sendall(text.encode("ascii"))
                channel.shutdown_write()
                return _collect(channel, deadline)
        except TimeoutError as error:
            raise CommandTimeoutException(f"{self.host}: no answer within {timeout_s:g} s") from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise ConnectionClosedException(f"{self.host}: the connection broke: {error}") from error


def _collect(channel: paramiko.Channel, deadline: float) -> Answer:
    """Reads both streams to their end. A status of -1 means that the connection ended first."""
    output, errors = bytearray(), bytearray()
    while True:
        channel.settimeout(max(0.01, deadline - time.monotonic()))
        chunk = channel.recv(_CHUNK)
        while channel.recv_stderr_ready():
            errors += channel.recv_stderr(_CHUNK)
        if not chunk:
            break
        output += chunk
    status = channel.recv_exit_status()
    while channel.recv_stderr_ready():
        errors += channel.recv_stderr(_CHUNK)
    if status == -1:
        raise EOFError("before the answer was complete")
    return Answer(status, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))


def connect(hostname: str, username: str, password: str, timeout_s: float, options: dict[str, Any]) -> ExecSession:
    """Opens a session with strict host key checking. Raises NAPALM's connection exceptions, never paramiko's."""
    known_hosts = options.pop("known_hosts", None)
    if known_hosts and not Path(known_hosts).is_file():
        raise ConnectionException(f"{hostname}: known_hosts file {known_hosts} does not exist")
    strict = {"ssh_strict": True, "alt_host_keys": bool(known_hosts), "alt_key_file": str(known_hosts or "")}
    strict["system_host_keys"] = not known_hosts
    arguments: dict[str, Any] = {"allow_agent": False, "conn_timeout": timeout_s, **options, **strict}
    if arguments.get("key_file"):
        arguments["use_keys"] = True
    try:
        return ExecSession(
            device_type="linux", host=hostname, username=username, password=password or None, **arguments
        )
    except paramiko.BadHostKeyException as error:
        raise ConnectionException(f"{hostname}: its host key is not the known one") from error
    except paramiko.AuthenticationException as error:
        raise ConnectAuthError(f"{hostname}: {username} was not accepted: {error}") from error
    except TimeoutError as error:
        raise ConnectTimeoutError(f"{hostname}: no connection within {timeout_s:g} s") from error
    except (paramiko.SSHException, OSError, EOFError, ValueError) as error:
        raise ConnectionException(f"{hostname}: {error}") from error
