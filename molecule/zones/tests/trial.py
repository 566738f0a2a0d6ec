"""All probes of the scenario at once: one prober in each host, which sends its own and notes what arrives for it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin import node, paths, state

PROBER = Path(__file__).with_name("prober.py").read_text(encoding="utf-8")
ALLOWED_PATIENCE_S = 12.0  # neighbour discovery, first packets through the switch, a busy machine
DENIED_PATIENCE_S = 2.5  # three attempts
NUMBERS = {"tcp": 6, "udp": 17}


@dataclass(frozen=True)
class Probe:
    """One attempt from a host of the twin. `target_node`: the host that has the target address, "" for a router."""

    node: str
    protocol: str
    source: str
    target: str
    port: int = 0
    allowed: bool = False
    target_node: str = ""
    size: int = 8
    packets: tuple[bytes, ...] = ()
    mark: tuple[str, str, int, int, int] | None = None
    """What a raw packet looks like where it arrives."""

    def __str__(self) -> str:
        port = f"/{self.port}" if self.port else ""
        return f"{self.node} ({self.source}) to {self.target_node or 'router'} ({self.target}) {self.protocol}{port}"


@dataclass(frozen=True)
class Outcome:
    """Whether anything answered, and whether any packet of it reached the target's host."""

    answered: bool
    arrived: bool

    @property
    def passed(self) -> bool:
        """Whether any of it got through."""
        return self.answered or self.arrived


@dataclass
class Trial:
    """Outcomes by probe."""

    outcomes: dict[Probe, Outcome] = field(default_factory=dict)

    def wrong(self, probes: list[Probe]) -> list[str]:
        """Those that did not go as they should, one sentence each."""
        return [
            f"{probe}: {'stopped' if probe.allowed else 'passed'}; {self.outcomes[probe]}"
            for probe in probes
            if self.outcomes[probe].passed != probe.allowed
        ]


def run(probes: list[Probe]) -> Trial:
    """Try all probes at the same time."""
    nodes = sorted({name for probe in probes for name in (probe.node, probe.target_node) if name})
    running = {name: _start(name) for name in nodes}
    try:
        for process in running.values():
            assert _read(process) == "ready"
        sent = {name: [probe for probe in dict.fromkeys(probes) if probe.node == name] for name in nodes}
        identifiers = {probe: number for number, probe in enumerate(dict.fromkeys(probes), 1)}
        for name, process in running.items():
            _write(process, [_request(probe, identifiers[probe]) for probe in sent[name]])
        results = {name: _read(process) for name, process in running.items()}
        for process in running.values():
            _write(process, "stop")
        seen = {name: {tuple(packet) for packet in _read(process)} for name, process in running.items()}
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    trial = Trial()
    for name, own in sent.items():
        for probe, answered, port in zip(own, *results[name], strict=True):
            mark = probe.mark or _mark(probe, port)
            trial.outcomes[probe] = Outcome(answered, bool(probe.target_node) and mark in seen[probe.target_node])
    return trial


def _mark(probe: Probe, port: int) -> tuple[str, str, int, int, int]:
    if probe.protocol == "icmp":
        return (probe.source, probe.target, 58 if ":" in probe.target else 1, port, port)
    return (probe.source, probe.target, NUMBERS.get(probe.protocol, 0), port, probe.port)


def _request(probe: Probe, identifier: int) -> dict[str, Any]:
    return {
        "protocol": probe.protocol,
        "source": probe.source,
        "target": probe.target,
        "port": probe.port,
        "size": probe.size,
        "packets": [packet.hex() for packet in probe.packets],
        "identifier": identifier,
        "patience_s": ALLOWED_PATIENCE_S if probe.allowed else DENIED_PATIENCE_S,
    }


def _start(name: str) -> subprocess.Popen[str]:
    first = state.ready(paths.find(Path.cwd())).node(name).first
    return subprocess.Popen(
        node.enter(first, ["python3", "-ISs", "-c", PROBER]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=node.environment(name),
    )


def _read(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline())


def _write(process: subprocess.Popen[str], what: object) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
