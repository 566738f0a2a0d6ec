"""The service catalogue: every entry has a class, an approval, and a port of its own that can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.rule import Breach, rule


@rule("TS-SVC-01", "error", "own")
def service_without_class(services: Mapping[str, model.Service]) -> Iterator[Breach]:
    """Nobody has decided in which QoS class a service's traffic is."""
    for name, service in services.items():
        if service.qos_class is None:
            yield Breach(("services", name, "qos_class"), "null; should name one of qos.classes")


@rule("TS-SVC-02", "error", "provincial conclusion of 2018")
def service_without_approval(services: Mapping[str, model.Service]) -> Iterator[Breach]:
    """A service counts as confirmed, and nobody has approved it."""
    for name, service in services.items():
        if service.approval_ref is None and not service.assumed:
            text = "null, and the entry is not assumed; should name the approval"
            yield Breach(("services", name, "approval_ref"), text)


@rule("TS-SVC-03", "error", "own")
def server_outside_its_subnet(services: Mapping[str, model.Service], vlans: Sequence[model.Vlan]) -> Iterator[Breach]:
    """A server's number is none of its VLAN's hosts."""
    lengths = {vlan.name: vlan.local_v4.prefixlen if vlan.local_v4 else vlan.length or 32 for vlan in vlans}
    for name, service in services.items():
        for index, server in enumerate(service.servers):
            last = 2 ** (32 - lengths.get(server.vlan, 0)) - 2
            if server.host > last:
                text = f"host {server.host} is outside of VLAN {server.vlan}; should be 2 to {last}"
                yield Breach(("services", name, "servers", index, "host"), text)


@rule("TS-SVC-04", "error", "own")
def services_on_one_port(services: Mapping[str, model.Service]) -> Iterator[Breach]:
    """Two services are answered on one address and port."""
    taken: dict[tuple[str, str, int, str], list[tuple[int, int, str]]] = {}
    for name, service in services.items():
        for server in service.servers:
            for index, transport in enumerate(service.transports):
                first, last = transport.port, transport.last_port or transport.port
                address = (server.site, server.vlan, server.host, transport.protocol)
                others = taken.setdefault(address, [])
                for low, high, other in others:
                    if first <= high and low <= last:
                        text = f"{transport.protocol} {max(first, low)} of host {server.host} in use by {other}"
                        yield Breach(("services", name, "transports", index), f"{text}; should be its own")
                        break
                others.append((first, last, name))


@rule("TS-SVC-05", "error", "own")
def range_that_ends_before_it_begins(services: Mapping[str, model.Service]) -> Iterator[Breach]:
    """A range of ports is empty."""
    for name, service in services.items():
        for index, transport in enumerate(service.transports):
            if transport.last_port is not None and transport.last_port < transport.port:
                path = ("services", name, "transports", index, "last_port")
                yield Breach(path, f"before its first port ({transport.last_port}); should be {transport.port} or more")


@rule("TS-SVC-06", "error", "level-3 hardening")
def service_for_guests(services: Mapping[str, model.Service], zones: Mapping[str, model.Zone]) -> Iterator[Breach]:
    """A service of the network has guests as clients."""
    for name, service in services.items():
        for index, client in enumerate(service.clients):
            if client in zones and zones[client].role == "internet":
                path = ("services", name, "clients", index)
                yield Breach(path, f"{client} is for guests; what is for everybody has internet_facing true")
