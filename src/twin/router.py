"""Site routers: the production agent boots the document that the box is delivered with."""

from __future__ import annotations

from pathlib import Path

from twin import node
from twin.delivery import Delivery
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Router


def boot(router: Router, first: Process, files: list[File], log: Path, delivery: Delivery) -> None:
    """Boot a router in a started node.

    :raises TwinError: when that fails.
    """
    node.boot(router.name, first, [*files, *delivery.files()], (CODE / "router.sh").read_text(), log)
