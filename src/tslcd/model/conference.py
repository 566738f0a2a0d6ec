"""Meetings: the service that carries them, how many the network must carry at once, and those that are planned."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from tslcd.model.base import Declared, LocalName, Name, Text, Tier

Port = Annotated[int, Field(ge=1024, le=65535)]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=100)]
Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", max_length=63)]
RateKbps = Annotated[int, Field(ge=128, le=100000)]
MeetingTier = Literal["province_department_district", "district_commune"]


class MediaPorts(Declared):
    """A range of UDP ports for sound and pictures (RTP and RTCP)."""

    first: Port
    """First port."""
    last: Port
    """Last port."""

    @model_validator(mode="after")
    def _not_empty(self) -> MediaPorts:
        if self.last < self.first:
            raise ValueError("should have last at or above first")
        return self


class Registrar(Declared):
    """A server of a carrier's extranet, by its addresses inside the level-II network."""

    v4: IPv4Address
    """IPv4 address."""
    v6: IPv6Address
    """IPv6 address."""


class Bridge(Declared):
    """The member of every meeting of three and more: it mixes sound and passes pictures on."""

    account: Account
    """By which endpoints call it: lower case letters, digits, dots, hyphens."""
    secret: Name
    """Name under which credentials hold its password."""


class ConferenceService(Declared):
    """A conference service that endpoints register at: registrar and proxy in one."""

    name_vi: LocalName
    """Name for people, in Vietnamese."""
    stand_in: bool
    """True while the twin's stand-in answers under this profile and not the real service: never for production."""
    confirmed: dict[Name, Text] = Field(default_factory=dict)
    """Fact (a key of this profile) → reference that confirms it; facts that are not named here are assumed."""
    attachment: Literal["hub", "provider_extranet"]
    """hub: servers of the province, an entry of `services`; provider_extranet: servers of a carrier."""
    catalogue: Name | None = None
    """Key of `services` where attachment is hub: its servers are the registrars, the later ones take over."""
    provider: Name | None = None
    """Key of `providers` where attachment is provider_extranet."""
    registrars: tuple[Registrar, ...] = ()
    """Registrars where attachment is provider_extranet, the main one first."""
    domain: Domain
    """Domain of accounts: an endpoint is `<account>@<domain>`."""
    transport: Literal["udp", "tcp", "tls"]
    """What carries signalling (SIP); the keys of encrypted media travel in it."""
    port: Port
    """Port of the registrars."""
    media_ports: MediaPorts
    """Ports of sound and pictures, at servers and endpoints alike."""
    bridge: Bridge | None = None
    """Bridge for meetings of three and more, at each of the province's own servers; a carrier's has its own."""

    @model_validator(mode="after")
    def _attached_once(self) -> ConferenceService:
        at_hub = (self.catalogue is not None, self.provider is None, not self.registrars)
        if self.attachment == "hub" and not all(at_hub):
            raise ValueError("should have catalogue, and neither provider nor registrars, where attachment is hub")
        if self.attachment != "hub" and self.bridge:
            raise ValueError("should have no bridge where the servers are a carrier's")
        if self.attachment != "hub" and any(at_hub):
            raise ValueError(f"should have provider and registrars, and no catalogue, where it is {self.attachment}")
        return self

    @property
    def assumed_facts(self) -> tuple[str, ...]:
        """Facts that nobody has confirmed yet."""
        facts = type(self).model_fields.keys() - {"name_vi", "stand_in", "confirmed"}
        return tuple(sorted(fact for fact in facts - self.confirmed.keys() if getattr(self, fact) not in (None, ())))


class Meeting(Declared):
    """A planned meeting: who is invited, and when."""

    key: Name
    """Name that records refer to; never given again."""
    name_vi: LocalName
    """Name for people, in Vietnamese."""
    tier: MeetingTier
    """Who meets."""
    chair: Name
    """Id of the site that chairs it."""
    sites: tuple[Name, ...] = ()
    """Ids of sites that are invited."""
    tiers: tuple[Tier, ...] = ()
    """Tiers whose sites are all invited."""
    district: Name | None = None
    """Id of the site of a district whose communes are all invited."""
    starts_at: AwareDatetime
    """When it starts, with its time zone."""
    ends_at: AwareDatetime
    """When it ends, with its time zone."""
    assumed: bool = False
    """True where no calendar confirms it."""

    @model_validator(mode="after")
    def _not_empty(self) -> Meeting:
        if self.ends_at <= self.starts_at:
            raise ValueError("should have ends_at after starts_at")
        if not (self.sites or self.tiers or self.district):
            raise ValueError("should invite somebody: sites, tiers or district")
        return self


class Conference(Declared):
    """Calls × codec rate × overhead must fit into the conference classes of one uplink, at each site and at the hub."""

    codec_rate_kbps: dict[Name, RateKbps]
    """Codec → rate of one call in each direction before overhead, kbit/s."""
    codec: Name
    """Key of `codec_rate_kbps`: what meetings are planned with, and the call rate of endpoints that declare none."""
    audio_rate_kbps: Annotated[int, Field(ge=8, le=120)]
    """What sound takes of a call's rate, kbit/s."""
    overhead_percent: Annotated[int, Field(ge=0, le=100)]
    """What packets add to a codec's rate, percent."""
    calls: dict[Tier, Annotated[int, Field(ge=0, le=10000)]]
    """Tier → calls at once at each site of it; at the hub: all that meet there at once."""
    audio_class: Name
    """Class of the meetings' sound, a name of `qos.classes`."""
    video_class: Name
    """Class of the meetings' picture, a name of `qos.classes`."""
    signalling_class: Name
    """Class of what sets calls up, a name of `qos.classes`."""
    service: Name
    """Key of `services` below: what an endpoint registers at unless it says otherwise."""
    services: Annotated[dict[Name, ConferenceService], Field(min_length=1)]
    """Name → conference service."""
    meetings: tuple[Meeting, ...] = ()
    """Planned meetings."""
