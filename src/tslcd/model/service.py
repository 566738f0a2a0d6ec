"""The catalogue of shared information systems that run on the network: flows, class and who may reach them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tslcd.model.base import Declared, LocalName, Name, Text

Port = Annotated[int, Field(ge=1, le=65535)]


class Server(Declared):
    """Where a service is answered: a host of a VLAN of a site."""

    site: Name
    """Site id."""
    vlan: Name
    """Name of one of `vlans`."""
    host: Annotated[int, Field(ge=2)]
    """The host's number in the VLAN's subnet, in both families; 1 is the gateway."""


class Transport(Declared):
    """A port, or a range of them, that clients open."""

    protocol: Literal["tcp", "udp"]
    """Transport protocol."""
    port: Port
    """Port, or the first one of a range."""
    last_port: Port | None = None
    """Last port of a range."""
    qos_class: Name | None = None
    """Name of one of `qos.classes`, where it is not the service's own."""


class Service(Declared):
    """A shared information system."""

    name_vi: LocalName
    """Name for people, in Vietnamese."""
    assumed: bool
    """True where the entry is a guess: it never becomes a permit outside the twin."""
    approval_ref: Text | None
    """The approval to use the network; null while there is none."""
    qos_class: Name | None
    """Name of one of `qos.classes`; null while nobody has decided."""
    servers: Annotated[tuple[Server, ...], Field(min_length=1)]
    """Where it is answered; the first one is the main one."""
    transports: Annotated[tuple[Transport, ...], Field(min_length=1)]
    """What clients open."""
    clients: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Keys of `zones` that may reach it."""
    internet_facing: bool = False
    """Whether it is also published to the Internet, from a DMZ."""
    contact: Name
    """Key of `contacts`: who answers for it."""
