"""Become a command inside the twin: it replaces the calling process; terminal, signals and exit code are its own."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import NoReturn

from twin import node, state
from twin.down import TWIN_VARIABLE
from twin.errors import TwinError
from twin.lan import CONTROLLER
from twin.paths import Paths
from twin.state import RunningNode

DEFAULT_COMMAND = ("bash", "--norc")


def execute(paths: Paths, name: str, command: Sequence[str]) -> NoReturn:
    """Become a command inside a node.

    :raises TwinError: when there is no such node.
    """
    visited = _alive(paths, name)
    environment = node.environment(name) | {"TERM": os.environ.get("TERM", "dumb")}
    _become(node.enter(visited.first, command or DEFAULT_COMMAND), environment)


def run(paths: Paths, command: Sequence[str]) -> NoReturn:
    """Become a command on the controller: in its network, with this machine's files, directory and environment.

    :raises TwinError: when the twin is not up.
    """
    controller = _alive(paths, CONTROLLER)
    _become(node.enter_network(controller.first, command or DEFAULT_COMMAND), dict(os.environ) | variables(paths))


def variables(paths: Paths) -> dict[str, str]:
    """What tells programs on the controller that they talk to a twin, and with which keys."""
    # ssh splits an option's value at blanks unless it is in double quotes; Ansible splits the whole as a shell would.
    options = [f'UserKnownHostsFile="{paths.credentials / "known_hosts"}"', "GlobalKnownHostsFile=/dev/null"]
    options += ["StrictHostKeyChecking=yes", "IdentitiesOnly=yes", f'IdentityFile="{paths.credentials / "netops"}"']
    return {
        "TSLCD_ENVIRONMENT": "twin",
        "TSLCD_CREDENTIALS": str(paths.credentials),
        TWIN_VARIABLE: str(paths.twin),
        "ANSIBLE_REMOTE_USER": "netops",
        "ANSIBLE_PRIVATE_KEY_FILE": str(paths.credentials / "netops"),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_SSH_COMMON_ARGS": " ".join(f"-o {shlex.quote(option)}" for option in options),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(paths.ssh_sockets),
    }


def _alive(paths: Paths, name: str) -> RunningNode:
    visited = state.ready(paths).node(name)
    if not visited.first.alive:
        raise TwinError(f"node {name} is dead: start the twin again with `twin up`")
    return visited


def _become(command: Sequence[str], environment: dict[str, str]) -> NoReturn:
    sys.stdout.flush()
    os.execvpe(command[0], list(command), environment)
