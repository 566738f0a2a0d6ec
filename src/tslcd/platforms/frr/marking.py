"""The trust boundary in the words of nftables: every packet gets a DSCP and the number of its class (see queues)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tslcd.dscp import DSCP
from tslcd.intent import RouterIntent
from tslcd.marking import MarkingIntent, VlanMarking
from tslcd.model import Dscp
from tslcd.platforms.frr.names import printed_order, set_of, vlan_interface
from tslcd.platforms.frr.queues import class_name, spoke_map

_NAMES: Mapping[str, str] = {"DF": "cs0", "LE": "lephb"}


@dataclass(frozen=True, slots=True)
class Remark:
    """Another DSCP on one line, where its carrier would take the packet for something else."""

    interface: str
    dscp: str


@dataclass(frozen=True, slots=True)
class MarkChain:
    """What happens to packets of a class; `sites_*` are elements of maps, empty where no site is shaped on its own."""

    chain: str
    dscp: str
    remarks: tuple[Remark, ...]
    queue: str
    sites_v4: str
    sites_v6: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Interfaces (a set) whose packets are believed, and elements of the map from DSCP to chain."""

    interfaces: str
    verdicts: str


@dataclass(frozen=True, slots=True)
class Marking:
    """What the template prints; sets and elements of maps as nftables prints them, empty where there are none."""

    managed: str
    """Interfaces (a set) whose hosts answer on SSH to `managers_*` (sets)."""
    managers_v4: str
    managers_v6: str
    rtp_interfaces: str
    rtp_dscp: str
    rtp_types: str
    video: str
    trusts: tuple[Trust, ...]
    services_v4: str
    services_v6: str
    otherwise: str
    routing: str
    routing_queue: str
    management: str
    chains: tuple[MarkChain, ...]


def marking_facts(intent: RouterIntent, marking: MarkingIntent) -> Marking:
    """Turn the intent into what the template prints."""
    classes = {this.name: n for n, this in enumerate(intent.uplinks[0].classes)}
    dscp = {this.name: this.dscp for this in intent.uplinks[0].classes}
    here = [vlan for vlan in marking.vlans if any(vlan.vlan == own.id for own in intent.vlans)]
    video = [vlan for vlan in here if {marking.audio_class, marking.video_class} <= set(vlan.trusted)]
    return Marking(
        managed=_set(vlan_interface(vlan.id) for vlan in intent.vlans if vlan.id in marking.managed),
        managers_v4=set_of(marking.managers_v4),
        managers_v6=set_of(marking.managers_v6),
        rtp_interfaces=_set(_interface(vlan) for vlan in video) if marking.video_payload_types else "",
        rtp_dscp=_name(dscp[marking.audio_class][0]),
        rtp_types=_payload_types(marking.video_payload_types),
        video=_chain(marking.video_class),
        trusts=(*_trusts(here, dscp), *_pair_trust(intent, dscp)),
        services_v4=_services(marking, "v4"),
        services_v6=_services(marking, "v6"),
        otherwise=_verdicts(
            {
                _quoted(_interface(vlan)): vlan.otherwise
                for vlan in sorted(here, key=lambda vlan: printed_order(_interface(vlan)))
            }
        ),
        routing=_chain(marking.routing_class),
        routing_queue=class_name(0, classes[marking.routing_class]),
        management=_chain(marking.management_class),
        chains=tuple(_mark_chain(intent, name, position) for name, position in classes.items()),
    )


def _mark_chain(intent: RouterIntent, name: str, position: int) -> MarkChain:
    own = [(uplink, uplink.classes[position]) for uplink in intent.uplinks]
    sites = {spoke.site_number: spoke for uplink in intent.uplinks for spoke in uplink.spokes}
    ordered = sorted(sites.values(), key=lambda spoke: spoke.v4)
    return MarkChain(
        chain=_chain(name),
        dscp=_name(own[0][1].dscp[0]),
        remarks=tuple(Remark(uplink.port, _name(this.remark)) for uplink, this in own if this.remark),
        queue=class_name(0, position),
        sites_v4=spoke_map(ordered, "v4", position),
        sites_v6=spoke_map(sorted(ordered, key=lambda spoke: spoke.v6), "v6", position),
    )


def _trusts(vlans: Iterable[VlanMarking], dscp: Mapping[str, tuple[Dscp, ...]]) -> tuple[Trust, ...]:
    """VLANs that may say the same share one rule."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for vlan in vlans:
        if vlan.trusted:
            groups.setdefault(vlan.trusted, []).append(_interface(vlan))
    return tuple(
        Trust(_set(interfaces), _dscp_verdicts({value: name for name in trusted for value in dscp[name]}))
        for trusted, interfaces in groups.items()
    )


def _pair_trust(intent: RouterIntent, dscp: Mapping[str, tuple[Dscp, ...]]) -> Iterator[Trust]:
    """What the site's other router sends on has been marked by it."""
    if intent.pair:
        verdicts = _dscp_verdicts({value: name for name, values in dscp.items() for value in values})
        yield Trust(_set([intent.pair.port]), verdicts)


def _dscp_verdicts(classes: Mapping[Dscp, str]) -> str:
    return _verdicts({_name(value): classes[value] for value in sorted(classes, key=lambda value: DSCP[value])})


@lru_cache(maxsize=8)
def _services(marking: MarkingIntent, family: str) -> str:
    elements = {}
    for this in marking.services:
        server = this.server_v4 if family == "v4" else this.server_v6
        ports = str(this.first) if this.first == this.last else f"{this.first}-{this.last}"
        elements[f"{server} . {this.protocol} . {ports}"] = this.class_name
    return _verdicts(elements)


def _verdicts(classes: Mapping[str, str]) -> str:
    return ", ".join(f"{key} : goto {_chain(name)}" for key, name in classes.items())


def _payload_types(types: tuple[int, ...]) -> str:
    """One value stands in hexadecimal and without braces, as nftables prints it after a mask."""
    return f"{types[0]:#x}" if len(types) == 1 else "{ " + ", ".join(map(str, types)) + " }"


def _set(names: Iterable[str]) -> str:
    quoted = [_quoted(name) for name in sorted(names, key=printed_order)]
    return quoted[0] if len(quoted) == 1 else "{ " + ", ".join(quoted) + " }" if quoted else ""


def _quoted(name: str) -> str:
    return f'"{name}"'


def _interface(vlan: VlanMarking) -> str:
    return vlan_interface(vlan.vlan)


def _chain(name: str) -> str:
    return f"mark-{name}"


def _name(dscp: Dscp) -> str:
    return _NAMES.get(dscp, dscp.lower())
