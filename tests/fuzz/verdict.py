"""What must hold of every mutant: accepted with all laws of the network, or rejected with places that are files."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from random import Random

from fuzz.mutate import mutate
from napalm_frr import document
from tslcd import intent, load, model, write
from tslcd.conference import endpoint
from tslcd.errors import DeclarationError
from tslcd.platforms import PLATFORMS

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 20
DECLARED = ("inventory/", "group_vars/", "host_vars/", "data/")


class BrokenLawError(AssertionError):
    """A mutant was accepted although a law of the network does not hold, or rejected badly."""


def judge(root: Path, seed: str) -> tuple[bool, list[str]]:
    """Mutate the copy at `root` and load it; gives whether it was accepted, and what was done to it.

    :raises Exception: when anything but a clean verdict comes out, a BrokenLawError among others.
    """
    done = mutate(Random(seed), root)
    before = _listing(root)
    try:
        with _deadline(), redirect_stderr(StringIO()):
            network = load.network(root)
            _laws(network)
    except DeclarationError as rejected:
        _rejected_well(rejected)
        return False, done
    else:
        return True, done
    finally:
        assert _listing(root) == before, "something was written"


def _rejected_well(rejected: DeclarationError) -> None:
    if not rejected.findings:
        raise BrokenLawError("rejected without a finding")
    for finding in rejected.findings:
        if not finding.place.file.startswith(DECLARED):
            raise BrokenLawError(f"names no file: {finding}")
        if "\n" in str(finding) or len(str(finding)) > 2000 or "Traceback" in str(finding):
            raise BrokenLawError(f"unreadable: {str(finding)[:200]!r}")


def _laws(network: model.Network) -> None:
    plan = network.province.addressing
    devices = (*network.routers, *network.endpoints)
    platforms = {device.hostname: device.device.platform for device in devices}
    rendering = write.rendering(network, platforms.keys(), ROOT)
    for path, text in rendering.files.items():
        platform = platforms[path.stem]
        if not text.isascii() and path.suffix != ".html" and (platform in PLATFORMS or path.suffix != ".json"):
            raise BrokenLawError(f"{path.name}: not ASCII")
        if path.suffix == ".conf" and platform == "frr" and document.join(document.split(text)) != text:
            raise BrokenLawError(f"{path.name}: not canonical")
    derived = intent.derive(network).values()
    addresses: Counter[object] = Counter()
    for router in derived:
        number = router.site_number
        site_v4 = int(plan.site_v4.network_address) + number * 2 ** (32 - plan.site_v4_length)
        site_v6 = int(plan.site_v6.network_address) + number * 2 ** (128 - plan.site_v6_length)
        assert router.site_v4 is not None
        assert router.site_v6 is not None
        if (int(router.site_v4.network_address), int(router.site_v6.network_address)) != (site_v4, site_v6):
            raise BrokenLawError(f"{router.hostname}: prefixes that do not follow from number {number}")
        if router.asn != plan.asn_base + number or router.asn > 2**32 - 1:
            raise BrokenLawError(f"{router.hostname}: AS number {router.asn}")
        local = {vlan.id for vlan in network.province.vlans if vlan.local_v4 is not None}
        addresses.update([router.hostname, router.loopback_v4.ip, router.loopback_v6.ip])
        addresses.update(
            ip for line in router.uplinks for ip in (line.local_v4.ip, line.peer_v4, line.local_v6.ip, line.peer_v6)
        )
        if router.pair and not router.pair.first:
            continue  # the first router of its site has had what the site has once
        addresses.update([router.asn, *(vlan.gateway_v6.ip for vlan in router.vlans)])
        addresses.update(vlan.gateway_v4.ip for vlan in router.vlans if vlan.id not in local)
    for room in endpoint.derive(network).values():
        addresses.update([room.hostname, room.account, room.secret, room.address_v4.ip, room.address_v6.ip])
        if any(registrar.v4 not in plan.site_v4 for registrar in room.service.registrars):
            raise BrokenLawError(f"{room.hostname}: registers outside of the network")
    if repeated := [str(address) for address, times in addresses.items() if times > 1]:
        raise BrokenLawError(f"not unique: {', '.join(repeated[:5])}")


def _listing(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if "__pycache__" not in path.parts}


@contextmanager
def _deadline() -> Iterator[None]:
    def too_long(*_: object) -> None:
        raise BrokenLawError(f"no verdict after {DEADLINE_S} s")

    former = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, DEADLINE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
