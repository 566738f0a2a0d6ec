"""What to build: the routers asked for and their documents, from the declared network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from tslcd import intent, load, write
from tslcd.conference import endpoint, server
from tslcd.errors import DeclarationError
from tslcd.intended import Build
from tslcd.source import open_source
from twin import topology
from twin.errors import TwinError
from twin.shape import Topology

Boot = Literal["day0", "intended"]

PLATFORM = "frr"
BESIDE = ("baresip", "kamailio")
"""Platforms of conference devices that the twin runs; of others there is a sheet of paper, or a room system."""
TEST_TWIN = Path("molecule/test_twin.yml")  # an inventory file, so that playbooks can be limited to it


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks for: an Ansible host pattern (None: the test twin), and what the sites boot with."""

    limit: str | None
    boot: Boot

    def __str__(self) -> str:
        return f"{self.limit or 'the test twin'}, booting {self.boot}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A twin to build: its topology, and per device what it boots and with which document (placeholders not filled)."""

    topology: Topology
    boots: Mapping[str, Boot]
    documents: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Equal for twins of the same nodes, wires and addresses that boot the same way."""
        return hashlib.sha256(repr((self.topology, sorted(self.boots.items()))).encode()).hexdigest()


def make(root: Path, request: Request) -> Plan:
    """Plan a twin: the routers asked for, and always the hub, which boots its intended configuration.

    :raises TwinError: when the pattern selects no router, or the declared network cannot be used or shown.
    """
    try:
        return _make(root, request)
    except (DeclarationError, write.RenderError, ValueError) as error:
        raise TwinError(str(error)) from error


def _make(root: Path, request: Request) -> Plan:
    source = open_source(root)
    network = load.from_ansible(source.inventory, source.variable_manager, source.loader)
    full = intent.derive(network, "full")
    wanted = _matching(source.inventory, request.limit) if request.limit else _test_twin(root)
    rooms = [room for room in endpoint.derive(network).values() if room.platform in BESIDE]
    servers = [one for one in server.derive(network).values() if one.platform in BESIDE]
    wanted -= {device.hostname for device in network.devices} - full.keys()  # they come with their site, or are gone
    if not wanted or not wanted <= full.keys():
        raise TwinError(f"no router is meant by {', '.join(sorted(wanted - full.keys())) or request.limit}")
    intents = [i for i in full.values() if i.tier == "hub" or i.hostname in wanted]
    if others := [f"{i.hostname} ({i.platform})" for i in intents if i.platform != PLATFORM]:
        raise TwinError(f"the twin runs platform {PLATFORM} only, not {', '.join(others)}")
    boots: dict[str, Boot] = {i.hostname: "intended" if i.tier == "hub" else request.boot for i in intents}
    shape = topology.build(intents, rooms, servers)
    boots |= {device.name: "intended" for device in shape.devices}
    files = write.rendering(network, boots.keys(), root).files
    stages: dict[Boot, intent.Stage] = {"day0": "day0", "intended": "full"}
    documents = {name: files[Build(root).text_path(name, stages[boot])] for name, boot in boots.items()}
    return Plan(shape, boots, documents)


def _test_twin(root: Path) -> set[str]:
    content = yaml.safe_load((root / TEST_TWIN).read_text())
    return {str(router) for router in content["test_twin"]["hosts"]}


def _matching(inventory: Any, pattern: str) -> set[str]:
    from ansible.errors import AnsibleError  # noqa: PLC0415 - reads its settings on import, which open_source points to

    try:
        return {str(host.name) for host in inventory.get_hosts(pattern)}
    except AnsibleError as error:
        raise TwinError(f"--limit {pattern}: {error}") from error
