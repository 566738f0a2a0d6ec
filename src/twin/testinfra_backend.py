"""A testinfra backend that enters a twin's node: `twin://NODE`, for hosts and providers, which have no SSH.

Importing this module registers it. Routers are tested over SSH like real ones (`ansible://`).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import testinfra.backend
from testinfra.backend.base import BaseBackend, CommandResult

from twin import node, paths, state


class TwinBackend(BaseBackend):  # type: ignore[misc]  # testinfra ships no types
    """Runs commands inside a node's namespaces, as root."""

    NAME = "twin"

    def run(self, command: str, *args: str, **kwargs: Any) -> CommandResult:
        """Run a shell command line in the node; its arguments are quoted into it."""
        line = self.get_command(command, *args)
        first = state.ready(paths.find(Path.cwd())).node(self.hostname).first
        done = subprocess.run(
            node.enter(first, ["sh", "-c", line]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=node.environment(self.hostname),
            check=False,
        )
        return self.result(done.returncode, line.encode(), done.stdout, done.stderr)


testinfra.backend.BACKENDS["twin"] = "twin.testinfra_backend.TwinBackend"
