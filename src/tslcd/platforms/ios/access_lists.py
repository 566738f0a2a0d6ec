"""The firewall's walls as access lists: stateless lines, with answers let through by reflexive lists.

Every VLAN has a list for what its hosts send and one for what is sent to them, every uplink one for what the carrier
delivers. IPv6 lists match prefixes only, so a zone is recognised in the own site and nowhere else (capabilities.yml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tslcd.firewall import SSH_PORT, FirewallIntent, FlowIntent, ServiceFlow
from tslcd.intent import RouterIntent, UplinkIntent, VlanIntent
from tslcd.platforms.ios.names import host, network, pattern

Family = Literal["v4", "v6"]
PROTOCOL = {"v4": "ip", "v6": "ipv6"}
HEAD = {"v4": "ip access-list extended", "v6": "ipv6 access-list"}
ANY = "any"
BGP, SSH = "eq bgp", f"eq {SSH_PORT}"
BFD_CONTROL = "eq 3784"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: `permit ip SOURCE DESTINATION`, and what follows it (starts with a space, or is empty)."""

    action: Literal["permit", "deny"]
    protocol: str
    source: str
    destination: str
    option: str = ""


@dataclass(frozen=True, slots=True)
class AccessList:
    """A named list: first answers to sessions of the reflexive list `answers` (if any), then the rules in order."""

    head: str
    rules: tuple[Rule, ...]
    answers: str = ""


def vlan_in(vlan: int, family: Family) -> str:
    """Name of the list for what a VLAN's hosts send."""
    return f"vlan{vlan}-in-{family}"


def vlan_out(vlan: int, family: Family) -> str:
    """Name of the list for what is sent to a VLAN's hosts."""
    return f"vlan{vlan}-out-{family}"


def uplink_in(provider: str, family: Family) -> str:
    """Name of the list for what a carrier delivers."""
    return f"{provider}-in-{family}"


def access_lists(intent: RouterIntent, firewall: FirewallIntent) -> tuple[AccessList, ...]:
    """All lists of a router."""
    families: tuple[Family, ...] = ("v4", "v6")
    walls = [_Walls(intent, firewall, family) for family in families]
    lists = [found for wall in walls for vlan in intent.vlans for found in wall.of_vlan(vlan)]
    return (*lists, *(wall.of_uplink(uplink) for wall in walls for uplink in intent.uplinks))


def _ways(service: ServiceFlow) -> Iterator[tuple[str, str]]:
    """Protocol and ports of a service, as the end of a line."""
    for protocol, ranges in (("tcp", service.tcp), ("udp", service.udp)):
        for ports in ranges:
            one = ports.first == ports.last
            yield protocol, f"eq {ports.first}" if one else f"range {ports.first} {ports.last}"


class _Walls:
    """The walls of one family."""

    def __init__(self, intent: RouterIntent, firewall: FirewallIntent, family: Family) -> None:
        self.intent, self.firewall, self.family = intent, firewall, family
        v4 = family == "v4"
        self.protocol = PROTOCOL[family]
        self.managers = tuple(map(network, firewall.managers_v4 if v4 else firewall.managers_v6))
        self.manager_subnets = set(firewall.managers_v4) if v4 else set(firewall.managers_v6)
        self.province = network(firewall.province_v4 if v4 else firewall.province_v6)
        self.infrastructure = network(firewall.infrastructure_v4 if v4 else firewall.infrastructure_v6)
        self.loopback = host(intent.loopback_v4.ip if v4 else intent.loopback_v6.ip)
        site = intent.site_v4 if v4 else intent.site_v6
        assert site is not None  # there are no walls on day-0
        self.site = network(site)
        self.subnets = {vlan.id: vlan.subnet_v4 if v4 else vlan.subnet_v6 for vlan in intent.vlans}
        self.gateways = {vlan.id: host(vlan.gateway_v4.ip if v4 else vlan.gateway_v6.ip) for vlan in intent.vlans}

    def of_vlan(self, vlan: VlanIntent) -> Iterator[AccessList]:
        """What the VLAN's hosts may send, and what may be sent to them."""
        own = network(self.subnets[vlan.id])
        started, answered = f"from-vlan{vlan.id}-{self.family}", f"to-vlan{vlan.id}-{self.family}"
        sent = [*self._neighbour_discovery()]
        if self.subnets[vlan.id] in self.manager_subnets:
            sent.append(self._permit(own, self.province, started))
        sent.append(Rule("permit", "icmp", own, self.gateways[vlan.id]))
        sent += [Rule("deny", self.protocol, ANY, gateway) for gateway in self.gateways.values()]
        sent.append(Rule("deny", self.protocol, ANY, self.infrastructure))
        sent += [self._permit(own, there, started) for there in self._destinations(vlan)]
        for service in self._services():
            if service.source == vlan.zone:
                servers = service.servers_v4 if self.family == "v4" else service.servers_v6
                sent += [self._open(own, server, way, started) for server in servers for way in _ways(service)]
        yield self._list(vlan_in(vlan.id, self.family), sent, answered)
        received = [*self._neighbour_discovery()]
        received += self._managers(vlan, own, answered)
        received.append(Rule("deny", self.protocol, self.infrastructure, ANY))
        received += [self._permit(there, own, answered) for there in self._sources(vlan)]
        for service in self._services():
            servers = service.servers_v4 if self.family == "v4" else service.servers_v6
            received += [
                self._open(client, server, way, answered)
                for server in servers
                if server in self.subnets[vlan.id]
                for client in self._clients(service.source, vlan)
                for way in _ways(service)
            ]
        yield self._list(vlan_out(vlan.id, self.family), received, started)

    def of_uplink(self, uplink: UplinkIntent) -> AccessList:
        """What the carrier may deliver: routing for the router, management, and the province's packets for the site."""
        v4 = self.family == "v4"
        here = host(uplink.local_v4.ip if v4 else uplink.local_v6.ip)
        peer = host(uplink.peer_v4 if v4 else uplink.peer_v6)
        rules = [
            *self._neighbour_discovery(),
            Rule("permit", "tcp", peer, here, f" {BGP}"),
            Rule("permit", "tcp", f"{peer} {BGP}", here),
        ]
        if uplink.bfd:
            rules.append(Rule("permit", "udp", peer, here, f" {BFD_CONTROL}"))
        rules += [Rule("permit", "icmp", ANY, address) for address in (here, self.loopback)]
        rules += [Rule("permit", "tcp", manager, self.loopback, f" {SSH}") for manager in self.managers]
        rules.append(Rule("deny", self.protocol, self.site, ANY))
        rules += [Rule("permit", "icmp", self.province, gateway) for gateway in self.gateways.values()]
        # In IPv6 the loopback lies inside the site's prefix.
        rules += [Rule("deny", self.protocol, ANY, own) for own in (self.loopback, *self.gateways.values())]
        rules.append(Rule("permit", self.protocol, self.province, self.site))
        return self._list(uplink_in(uplink.provider, self.family), rules)

    def _managers(self, vlan: VlanIntent, own: str, answered: str) -> Iterator[Rule]:
        """What managers may open here. The list of a manager's own VLAN lets all of it through; this one judges."""
        if any(flow.destination_vlan == vlan.id and self._is_of_managers(flow) for flow in self.firewall.flows):
            yield from (self._permit(manager, own, answered) for manager in self.managers)
        elif any(zone.vlan == vlan.id for zone in self.firewall.managed):
            reflect = f" {SSH} reflect {answered}"
            yield from (Rule("permit", "tcp", manager, own, reflect) for manager in self.managers)

    def _is_of_managers(self, flow: FlowIntent) -> bool:
        mask, value = int(flow.source_v4.mask), int(flow.source_v4.value)
        return any(int(subnet.network_address) & mask == value for subnet in self.firewall.managers_v4)

    def _destinations(self, vlan: VlanIntent) -> Iterator[str]:
        for flow in self.firewall.flows:
            if flow.source_vlan == vlan.id:
                if self.family == "v4":
                    yield pattern(self.firewall.province_v4, flow.destination_v4)
                elif flow.destination_vlan != vlan.id:
                    yield network(self.subnets[flow.destination_vlan])

    def _sources(self, vlan: VlanIntent) -> Iterator[str]:
        for flow in self.firewall.flows:
            if flow.destination_vlan == vlan.id:
                if self.family == "v4":
                    yield pattern(self.firewall.province_v4, flow.source_v4)
                elif flow.source_vlan != vlan.id:
                    yield network(self.subnets[flow.source_vlan])

    def _services(self) -> Iterator[ServiceFlow]:
        """Flows to services, without those that would lead out of a closed zone."""
        closed = {zone.zone: zone for zone in self.firewall.closed}
        for flow in self.firewall.services:
            if flow.source not in closed or set(flow.servers_v4) <= set(closed[flow.source].servers_v4):
                yield flow

    def _clients(self, zone: str, vlan: VlanIntent) -> Iterator[str]:
        """Who of a zone asks a server in this VLAN: in IPv6 the own site's hosts only."""
        for other in self.firewall.zones:
            if other.zone == zone and self.family == "v4":
                yield pattern(self.firewall.province_v4, other.v4)
            elif other.zone == zone and other.vlan != vlan.id and other.vlan in self.subnets:
                yield network(self.subnets[other.vlan])

    def _open(self, client: str, server: object, way: tuple[str, str], reflexive: str) -> Rule:
        protocol, ports = way
        return Rule("permit", protocol, client, host(server), f" {ports} reflect {reflexive}")

    def _permit(self, source: str, destination: str, reflexive: str) -> Rule:
        return Rule("permit", self.protocol, source, destination, f" reflect {reflexive}")

    def _neighbour_discovery(self) -> tuple[Rule, ...]:
        if self.family == "v4":
            return ()
        return tuple(Rule("permit", "icmp", ANY, ANY, f" {kind}") for kind in ("nd-na", "nd-ns"))

    def _list(self, name: str, rules: Iterable[Rule], answers: str = "") -> AccessList:
        last = Rule("deny", self.protocol, ANY, ANY, " log")
        return AccessList(f"{HEAD[self.family]} {name}", (*rules, last), answers)
