"""Lines in the words of FRR and nftables: what comes in over each and by which policy, and BFD profiles."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.model import Bfd
from tslcd.multihop import MultihopIntent
from tslcd.platforms.frr.bgp import PAIR, core
from tslcd.platforms.frr.names import set_of

# The daemon's own defaults; it leaves them out of its running configuration.
BFD_DEFAULT_MS = 300
BFD_DEFAULT_MULTIPLIER = 3
# RFC 8326: who receives it likes the route least. The daemon heeds it by itself, with local preference 0.
GRACEFUL_SHUTDOWN = "graceful-shutdown"


@dataclass(frozen=True, slots=True)
class Profile:
    """BFD profile of an uplink: milliseconds; None where the daemon's default is meant."""

    name: str
    multiplier: int | None
    transmit_ms: int | None
    receive_ms: int | None
    is_passive: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """A site whose prefixes only its own AS may originate: suffix of the lists' names, place in the route maps."""

    name: str
    asn: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Session:
    """A PE-CE line: what comes in over it and by which policy. `far_*`: sets of routers beyond its PE, or empty."""

    interface: str
    provider: str
    peer_v4: str
    peer_v6: str
    far_v4: str
    far_v6: str
    has_bfd: bool
    local_preference: int
    pe_local_preference: int
    has_exceptions: bool
    exceptional_local_preference: int
    prepend: str
    community: str
    centres: tuple[Centre, ...]


def centres(intent: RouterIntent) -> tuple[Centre, ...]:
    """By name; route maps ask for them first."""
    ordered = sorted(intent.centres, key=lambda centre: centre.site_id)
    return tuple(Centre(centre.site_id, centre.asn, sequence) for sequence, centre in enumerate(ordered, start=1))


def sessions(intent: RouterIntent) -> tuple[Session, ...]:
    """One per line, in the order of the declaration."""
    return tuple(_session(intent.asn, uplink, centres(intent)) for uplink in intent.uplinks)


def _session(asn: int, uplink: UplinkIntent, centres: tuple[Centre, ...]) -> Session:
    watch = uplink.multihop
    far = watch.far if watch else ()
    unwatched = min(uplink.unwatched_local_preference, uplink.local_preference)
    is_usual = watch is not None and watch.is_usual
    return Session(
        interface=uplink.port,
        provider=uplink.provider,
        peer_v4=str(uplink.peer_v4),
        peer_v6=str(uplink.peer_v6),
        far_v4=set_of(sorted(end.end_v4 for end in far)),
        far_v6=set_of(sorted(end.end_v6 for end in far)),
        has_bfd=uplink.bfd is not None,
        local_preference=uplink.local_preference,
        pe_local_preference=unwatched if is_usual else uplink.local_preference,
        has_exceptions=watch is not None and bool(watch.exceptions_v4),
        exceptional_local_preference=uplink.local_preference if is_usual else unwatched,
        prepend=" ".join([str(asn)] * uplink.prepends),
        community=GRACEFUL_SHUTDOWN if uplink.drained else "",
        centres=centres if uplink.keeps_origin_as else (),
    )


def profiles(intent: RouterIntent) -> tuple[Profile, ...]:
    """Of lines, of cores that are watched, and of the cable to the other router; by name."""
    pair = [_profile(PAIR, intent.pair.bfd)] if intent.pair else []
    lines = [_profile(uplink.provider, uplink.bfd) for uplink in intent.uplinks if uplink.bfd]
    cores = [_profile(core(uplink.provider), uplink.multihop) for uplink in intent.uplinks if uplink.multihop]
    return tuple(sorted([*pair, *lines, *cores], key=lambda profile: profile.name))


def _profile(name: str, timers: Bfd | MultihopIntent) -> Profile:
    return Profile(
        name=name,
        multiplier=_unless(timers.multiplier, BFD_DEFAULT_MULTIPLIER),
        transmit_ms=_unless(timers.transmit_ms, BFD_DEFAULT_MS),
        receive_ms=_unless(timers.receive_ms, BFD_DEFAULT_MS),
        is_passive=isinstance(timers, MultihopIntent) and timers.is_asked,
    )


def _unless(value: int, default: int) -> int | None:
    return None if value == default else value
