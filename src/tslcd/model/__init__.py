"""What people declare: one typed model per subject file of group_vars/all/ and per site; one module per subject.

Nothing here is derived (see intent.py), and nothing here knows a platform (see platforms/). An unknown key is an error,
so a misspelt one cannot be lost.
"""

from tslcd.model.addressing import Addressing
from tslcd.model.base import (
    CENTRES,
    Asn,
    Declared,
    DeviceText,
    Dscp,
    InterfaceName,
    LocalName,
    Name,
    Prefix4,
    Prefix6,
    Text,
    Tier,
)
from tslcd.model.circuit import Circuit, CircuitState, Contract, Exemption, LeasedLine, Uplink
from tslcd.model.conference import Bridge, Conference, ConferenceService, MediaPorts, Meeting, Registrar
from tslcd.model.conference_server import ServerDevice
from tslcd.model.contact import Contact
from tslcd.model.endpoint import Endpoint, EndpointDevice, Legacy
from tslcd.model.firewall import Firewall, Flow
from tslcd.model.level_i import LevelI
from tslcd.model.maintenance import DeviceMaintenance, Maintenance
from tslcd.model.network import ConferenceEndpoint, ConferenceServer, Network, Province, Router
from tslcd.model.pair import Pair
from tslcd.model.policy import Policy, Profile
from tslcd.model.port import SwitchPort
from tslcd.model.provider import Bfd, CeAsn, MultihopBfd, Provider, TrafficClass, network_of
from tslcd.model.qos import Qos, QosClass
from tslcd.model.routing import Drained, Routing
from tslcd.model.security import Security
from tslcd.model.service import Server, Service, Transport
from tslcd.model.site import Device, ExceptionNote, LifeCycle, Role, Site
from tslcd.model.system import Person, System
from tslcd.model.unit import Unit, UnitChange, UnitList, Units
from tslcd.model.vlan import Vlan, Zone, ZoneRole

__all__ = [
    "CENTRES",
    "Addressing",
    "Asn",
    "Bfd",
    "Bridge",
    "CeAsn",
    "Circuit",
    "CircuitState",
    "Conference",
    "ConferenceEndpoint",
    "ConferenceServer",
    "ConferenceService",
    "Contact",
    "Contract",
    "Declared",
    "Device",
    "DeviceMaintenance",
    "DeviceText",
    "Drained",
    "Dscp",
    "Endpoint",
    "EndpointDevice",
    "ExceptionNote",
    "Exemption",
    "Firewall",
    "Flow",
    "InterfaceName",
    "LeasedLine",
    "Legacy",
    "LevelI",
    "LifeCycle",
    "LocalName",
    "Maintenance",
    "MediaPorts",
    "Meeting",
    "MultihopBfd",
    "Name",
    "Network",
    "Pair",
    "Person",
    "Policy",
    "Prefix4",
    "Prefix6",
    "Profile",
    "Provider",
    "Province",
    "Qos",
    "QosClass",
    "Registrar",
    "Role",
    "Router",
    "Routing",
    "Security",
    "Server",
    "ServerDevice",
    "Service",
    "Site",
    "SwitchPort",
    "System",
    "Text",
    "Tier",
    "TrafficClass",
    "Transport",
    "Unit",
    "UnitChange",
    "UnitList",
    "Units",
    "Uplink",
    "Vlan",
    "Zone",
    "ZoneRole",
    "network_of",
]
