"""What follows from the declared network for one conference endpoint: addresses, account, rates and marks, resolved.

Nothing here is said in the words of a platform: platforms/ turns these facts into what templates print.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface
from typing import Any, Literal

from tslcd import addressing
from tslcd.conference import service
from tslcd.conference.address import HOSTS_BEFORE
from tslcd.conference.service import ServiceIntent
from tslcd.model import Addressing, ConferenceEndpoint, Dscp, Network, Person, Province, Tier, Vlan


@dataclass(frozen=True, slots=True)
class Marks:
    """DSCP of what an endpoint sends: the first value of the class of each."""

    audio: Dscp
    video: Dscp
    signalling: Dscp


@dataclass(frozen=True, slots=True)
class EndpointIntent:
    """Everything that one endpoint's documents are printed from.

    `secret` names the placeholder of the account's password; `settings` are its platform's own, as declared. Rates are
    those of a whole call, sound and pictures, in kbit/s, seen from the endpoint.
    """

    hostname: str
    platform: str
    site_id: str
    site_number: int
    site_name_vi: str
    tier: Tier
    room_vi: str
    owner_vi: str
    vlan_id: int
    address_v4: IPv4Interface
    gateway_v4: IPv4Interface
    address_v6: IPv6Interface
    gateway_v6: IPv6Interface
    service: ServiceIntent
    account: str
    secret: str
    call_rate_in_kbps: int
    call_rate_out_kbps: int
    audio_rate_kbps: int
    media_encryption: Literal["required", "optional", "off"]
    marks: Marks
    people: tuple[Person, ...]
    settings: dict[str, Any]
    assumed: tuple[str, ...]

    @property
    def role(self) -> Literal["conference_endpoint"]:
        """What it is for."""
        return "conference_endpoint"

    @property
    def uri(self) -> str:
        """Its name at the service, without a scheme."""
        return f"{self.account}@{self.service.domain}"


def account(endpoint: ConferenceEndpoint) -> str:
    """Its account: what it declares, else its site's id; from the second endpoint of a site on, its own name."""
    first = endpoint.number == 1
    return endpoint.device.endpoint.account or (endpoint.site_id if first else endpoint.hostname)


def secret(endpoint: ConferenceEndpoint) -> str:
    """The name under which credentials hold the password of its account."""
    return endpoint.device.endpoint.secret or f"conference_{endpoint.hostname}"


def call_rates(province: Province, endpoint: ConferenceEndpoint) -> tuple[int, int]:
    """Greatest rate of a call towards it and from it, kbit/s."""
    usual = province.conference.codec_rate_kbps[province.conference.codec]
    own = endpoint.device.endpoint
    return own.call_rate_in_kbps or usual, own.call_rate_out_kbps or usual


def address_v4(plan: Addressing, endpoint: ConferenceEndpoint, vlan: Vlan) -> IPv4Interface:
    """Its address in its VLAN.

    :raises ValueError: when a number does not fit into its base prefix or its VLAN.
    """
    subnet = addressing.vlan_v4(plan, endpoint.site.number, vlan)
    return IPv4Interface((int(addressing.host_v4(subnet, HOSTS_BEFORE + endpoint.number)), subnet.prefixlen))


def derive(network: Network) -> dict[str, EndpointIntent]:
    """Derive every endpoint of the network.

    :returns: hostname → intent, in the order of the declaration; decommissioned sites have none.
    :raises ValueError: when a number does not fit into its base prefix or its VLAN.
    """
    if not network.endpoints:
        return {}
    province = network.province
    conference = province.conference
    services = service.derive(network)
    vlans = {vlan.name: vlan for vlan in province.vlans}
    dscp = {own.name: own.dscp[0] for own in province.qos.classes}
    marks = Marks(
        audio=dscp[conference.audio_class],
        video=dscp[conference.video_class],
        signalling=dscp[conference.signalling_class],
    )
    settings = {name: own.model_dump(mode="json") for name, own in network.settings.items()}
    return {
        endpoint.hostname: _endpoint(
            province,
            endpoint,
            vlan=vlans[endpoint.device.endpoint.vlan],
            its_service=services[endpoint.device.endpoint.service or conference.service],
            marks=marks,
            settings=settings.get(endpoint.device.platform, {}),
        )
        for endpoint in network.endpoints
        if endpoint.in_service
    }


def _endpoint(
    province: Province,
    endpoint: ConferenceEndpoint,
    *,
    vlan: Vlan,
    its_service: ServiceIntent,
    marks: Marks,
    settings: dict[str, Any],
) -> EndpointIntent:
    plan, number = province.addressing, endpoint.site.number
    subnet6 = addressing.vlan_v6(plan, number, vlan)
    v4, v6 = address_v4(plan, endpoint, vlan), addressing.host_v6(subnet6, HOSTS_BEFORE + endpoint.number)
    rate_in, rate_out = call_rates(province, endpoint)
    return EndpointIntent(
        hostname=endpoint.hostname,
        platform=endpoint.device.platform,
        site_id=endpoint.site_id,
        site_number=number,
        site_name_vi=endpoint.site.name,
        tier=endpoint.tier,
        room_vi=endpoint.device.endpoint.room,
        owner_vi=_owner(province, endpoint),
        vlan_id=vlan.id,
        address_v4=v4,
        gateway_v4=addressing.gateway_v4(v4.network),
        address_v6=IPv6Interface((int(v6), subnet6.prefixlen)),
        gateway_v6=addressing.gateway_v6(subnet6),
        service=its_service,
        account=account(endpoint),
        secret=secret(endpoint),
        call_rate_in_kbps=rate_in,
        call_rate_out_kbps=rate_out,
        audio_rate_kbps=province.conference.audio_rate_kbps,
        media_encryption=endpoint.device.endpoint.media_encryption,
        marks=marks,
        people=province.system.people,
        settings=settings,
        assumed=assumed(province, its_service.name),
    )


def _owner(province: Province, endpoint: ConferenceEndpoint) -> str:
    """The function that answers for it: the one declared, else the first contact of its site's tier."""
    name = endpoint.device.endpoint.owner
    if name is not None:
        return province.contacts[name].name_vi
    return next((own.name_vi for own in province.contacts.values() if endpoint.tier in own.tiers), "")


def assumed(province: Province, name: str) -> tuple[str, ...]:
    """The subjects behind documents of a service's devices whose values nobody has confirmed yet."""
    own = province.conference.services[name]
    found = ["addressing"] if province.addressing.assumed else []
    return (*found, f"conference.services.{name}") if own.assumed_facts or own.stand_in else tuple(found)
