"""Build a twin and wait until it is ready."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import napalm_frr.zipapp
from napalm_frr import redaction
from tslcd import secrets
from twin import convergence, credentials, device, host, links, provider, router, state, switch
from twin.credentials import Credentials
from twin.delivery import Delivery
from twin.down import down
from twin.errors import TwinError
from twin.node import File, Starting
from twin.paths import Paths
from twin.plan import Plan, Request, make
from twin.process import Process
from twin.shape import Device, Router, Topology
from twin.state import RunningNode, State

WORKERS = 6  # boots wait for their daemons more than they compute
READY_TIMEOUT_S = 120

Say = Callable[[str], None]


def up(paths: Paths, request: Request, recreate: bool, say: Say) -> State:
    """Build the twin unless the same one stands already. The caller holds the lock.

    :raises TwinError: when another twin stands, or this one cannot be built (then nothing of it remains).
    """
    plan = make(paths.root, request)
    standing = state.read(paths)
    healthy = standing is not None and standing.phase == "ready" and not standing.dead
    if standing and healthy and not recreate:
        if standing.digest == plan.digest:
            say("this twin is up already")
            return standing
        other = "the inventory changed since" if standing.request == str(request) else "it is not the one asked for"
        raise TwinError(f"a twin is up here ({standing.request}), but {other}: replace it with --recreate")
    if down(paths) or standing:
        say(f"removed the {'twin' if healthy else 'remains of a failed or killed twin'} that was here")
    with _no_remains(paths, say):
        return _build(paths, request, plan, say)


def _build(paths: Paths, request: Request, plan: Plan, say: Say) -> State:
    topology = plan.topology
    paths.logs.mkdir(parents=True)
    paths.ssh_sockets.mkdir(mode=0o700)
    journal = State(str(request), plan.digest, "starting", links=topology.links)
    state.save(paths, journal)

    say(f"starting {len(topology.nodes)} nodes")
    firsts = _start(paths, topology)
    boots = plan.boots
    running = (RunningNode(n.name, n.kind, boots.get(n.name, "-"), n.addresses, firsts[n.name]) for n in topology.nodes)
    journal = replace(journal, nodes=tuple(running))
    state.save(paths, journal)

    say(f"connecting {len(topology.links)} links")
    links.create(topology.links, firsts)
    served = [device for device in topology.devices if device.role == "conference_server"]
    keys = credentials.generate(plan.documents, plan.documents.values(), served)
    credentials.write(paths.credentials, keys, (*topology.routers, *topology.devices), plan.boots)

    say(f"booting {len(topology.routers)} routers, {len(topology.providers)} providers, {len(topology.hosts)} hosts")
    _boot(paths, plan, keys, firsts)
    links.raise_all(topology.links, firsts)  # last: a peer that comes up half configured announces what it should not

    say("waiting for BGP and ssh")
    reached = topology.devices if set(plan.boots.values()) == {"intended"} else ()
    convergence.wait(topology, reached, firsts, paths.logs, READY_TIMEOUT_S)
    journal = replace(journal, phase="ready")
    if journal.dead:
        raise TwinError(f"died during the start: {', '.join(journal.dead)}")
    state.save(paths, journal)
    return journal


def _start(paths: Paths, topology: Topology) -> dict[str, Process]:
    starting = [
        Starting(n.name, paths.twin, paths.logs / f"{n.name}.log", "disk" if n.kind == "router" else "memory")
        for n in topology.nodes
    ]
    return {node.name: node.wait() for node in starting}


def _boot(paths: Paths, plan: Plan, keys: Credentials, firsts: Mapping[str, Process]) -> None:
    """Boot everything at the same time, the slowest kind first.

    :raises TwinError: of the first node that fails; the others are left as they are.
    """
    topology = plan.topology
    agent = _agent()
    hosts_file = _hosts_file(topology)

    def log(name: str) -> Path:
        return paths.logs / f"{name}.log"

    def files(name: str) -> list[File]:
        no_names = File("/etc/resolv.conf", "")  # the machine's name servers are not in the twin
        return [File("/etc/hostname", f"{name}\n"), File("/etc/hosts", hosts_file), no_names]

    def delivery(node: Router | Device) -> Delivery:
        document = secrets.fill(plan.documents[node.name], keys.secrets)
        return Delivery(agent, document, keys.hosts[node.name], redaction.device_key(keys.digest_master, node.name))

    executor = ThreadPoolExecutor(WORKERS)
    try:
        boots: list[Future[None]] = []
        for r in topology.routers:
            boots.append(executor.submit(router.boot, r, firsts[r.name], files(r.name), log(r.name), delivery(r)))
        for p in topology.providers:
            boots.append(executor.submit(provider.boot, p, firsts[p.name], files(p.name), log(p.name), keys.secrets))
        for h in topology.hosts:
            own = device.files(h.device, delivery(h.device), keys) if h.device else []
            boots.append(executor.submit(host.boot, h, firsts[h.name], [*files(h.name), *own], log(h.name)))
        for s in topology.switches:
            boots.append(executor.submit(switch.boot, s, firsts[s.name], files(s.name), log(s.name)))
        for boot in as_completed(boots):
            boot.result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _agent() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "agent"
        napalm_frr.zipapp.build(path)
        return path.read_bytes()


def _hosts_file(topology: Topology) -> str:
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost"]
    lines += [f"{address} {node.name}" for node in topology.nodes for address in node.addresses]
    return "\n".join(lines) + "\n"


@contextmanager
def _no_remains(paths: Paths, say: Say) -> Iterator[None]:
    """Take everything down when the start fails or is interrupted; a second Ctrl-C does not disturb that."""
    try:
        yield
    except BaseException:
        signals = (signal.SIGINT, signal.SIGTERM)
        previous = [signal.signal(number, signal.SIG_IGN) for number in signals]
        say("failed: taking the twin down")
        down(paths)
        for number, handler in zip(signals, previous, strict=True):
            signal.signal(number, handler)
        raise
