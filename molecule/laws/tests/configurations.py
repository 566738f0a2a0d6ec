"""Configurations of one router that differ in kind, each through the real pipeline: declared → derived → printed.

Their number is a prime, so that steps of any size visit all of them (see `walk`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tslcd import intent, load, model, render, secrets
from twin.faults import gateway

ROOT = Path(__file__).resolve().parents[3]
ENGINEER_2 = model.Person(
    id="engineer-2", account="netops", public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
)
Change = Callable[[model.Province, model.Site], tuple[model.Province, model.Site]]


def documents(hostname: str) -> dict[str, str]:
    """Name → whole document with this twin's secrets, the declared configuration first."""
    network = load.network(ROOT)
    values = secrets.read(secrets.credentials_directory())

    def document(name: str, stage: intent.Stage) -> str:
        routers = []
        province = network.province
        for router in network.routers:
            if router.hostname == hostname:
                province, site = CHANGES[name](network.province, router.site)
                routers.append(router.model_copy(update={"site": site}))
            else:
                routers.append(router)
        settings = SETTINGS.get(name, lambda frr: frr)(network.settings["frr"])
        changed = model.Network(province=province, routers=tuple(routers), settings={"frr": settings})
        printed = render.document(intent.derive(changed, stage)[hostname])
        return secrets.fill(gateway.moving(printed) if "gateway by VRRP" in name else printed, values)

    return {name: document(name, "day0" if name == "day-0" else "full") for name in CHANGES}


def walk(count: int) -> Iterator[tuple[int, int]]:
    """Every transition between `count` (prime) configurations, each once, as one walk; its first lap visits all."""
    here = 0
    for step in range(1, count):
        for _ in range(count):
            there = (here + step) % count
            yield here, there
            here = there


def is_whole() -> bool:
    """Whether every transition is asked for: `LAWS=all`."""
    return os.environ.get("LAWS") == "all"


def _declared(province, site):
    return province, site


def _single_uplink(province, site):
    return province, _with(site, uplinks=(_with(site.uplinks[0], rate_mbps=45),))


def _uplinks_swapped(province, site):
    return province, _with(site, uplinks=tuple(reversed(site.uplinks)))


def _without_bfd(province, site):
    return _providers(province, bfd=None, bfd_multihop=None), site


def _slow_bfd(province, site):
    return _providers(province, bfd=model.Bfd(transmit_ms=500, receive_ms=700, multiplier=5), hold_s=60), site


def _renumbered(province, site):
    vlans = (*province.vlans[:1], _with(province.vlans[1], id=21, offset=512), *province.vlans[2:])
    return _with(province, vlans=vlans), site


def _other_as(province, site):
    return _with(province, addressing=_with(province.addressing, asn_base=province.addressing.asn_base + 10_000)), site


def _more_vlans(province, site):
    extra = model.Vlan(id=40, name="cameras", zone="services", offset=768, length=25, access_ports=())
    return _with(province, vlans=(*province.vlans[:3], extra, province.vlans[3])), site


def _management_only(province, site):
    return _with(province, vlans=tuple(vlan for vlan in province.vlans if vlan.zone == "mgmt")), site


def _other_system(province, site):
    return _with(province, system=_with(province.system, people=(*province.system.people, ENGINEER_2))), site


def _other_kernel_and_sshd(frr):
    sysctl = {"net.ipv4.icmp_ratelimit": 500, **frr.sysctl, "net.ipv4.tcp_syncookies": 2}
    del sysctl["net.ipv4.icmp_echo_ignore_broadcasts"]
    sshd = tuple(line.replace("MaxAuthTries 3", "MaxAuthTries 4") for line in frr.sshd)
    return _with(frr, sysctl=sysctl, sshd=sshd)


def _other_policy(province, site):
    routing = model.Routing(
        primary_local_preference=150,
        secondary_local_preference=140,
        secondary_prepend=4,
        drained=model.Drained(local_preference=0, prepend=9),
        max_prefix_restart_minutes=1,
        unwatched_local_preference=30,
        log_level="warnings",
    )
    firewall = _with(province.firewall, flows=province.firewall.flows[:1])
    qos = _with(province.qos, default_class="shared-bulk", classes=tuple(map(_other_share, province.qos.classes)))
    return _with(_providers(province, max_prefix_v4=900), routing=routing, firewall=firewall, qos=qos), site


def _other_share(declared):
    return _with(declared, share_percent={"shared-critical": 14, "shared-bulk": 18}.get(declared.name, 1))


CHANGES: dict[str, Change] = {
    "declared": _declared,
    "day-0": _declared,
    "uplinks swapped": _uplinks_swapped,
    "without BFD": _without_bfd,
    "management VLAN only": _management_only,
    "slow BFD": _slow_bfd,
    "single uplink": _single_uplink,
    "other AS number": _other_as,
    "VLAN renumbered": _renumbered,
    "other policy, gateway by VRRP": _other_policy,
    "one VLAN more, other system": lambda *parts: _other_system(*_more_vlans(*parts)),
}
SETTINGS: dict[str, Callable[[Any], Any]] = {
    "without BFD": lambda frr: _with(frr, daemons=("bgpd",)),
    "one VLAN more, other system": _other_kernel_and_sshd,
}
"""Name of a change → what it makes of the platform's own settings."""


def _with(part, **values):
    return part.model_copy(update=values)


def _providers(province, **values):
    return _with(province, providers={name: _with(line, **values) for name, line in province.providers.items()})
