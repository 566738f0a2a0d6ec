"""What people say of the network, written by hand from its description; none of it comes from the declared data.

Each sentence: the host that tries, protocol, port, and addresses of both families. The first list must work, the second
must not.
"""

from __future__ import annotations

from trial import Probe

COMMUNE, OTHER, DISTRICT, HUB = "lci-02686-a-mu-sung", "lci-02701-y-ty", "lci-082-bat-xat", "lci-hub"
PC, ROOM, MANAGED = f"{COMMUNE}-office", f"{COMMUNE}-conference", f"{COMMUNE}-management"
HOSTS = {
    f"{COMMUNE}-office": ("10.98.8.10", "2001:db8:1500:8210::10"),
    f"{COMMUNE}-conference": ("10.98.9.10", "2001:db8:1500:8220::10"),
    f"{COMMUNE}-services": ("10.98.9.74", "2001:db8:1500:8230::10"),
    f"{COMMUNE}-management": ("10.98.9.202", "2001:db8:1500:8299::10"),
    f"{OTHER}-office": ("10.98.24.10", "2001:db8:1500:8610::10"),
    f"{OTHER}-conference": ("10.98.25.10", "2001:db8:1500:8620::10"),
    f"{OTHER}-management": ("10.98.25.202", "2001:db8:1500:8699::10"),
    f"{DISTRICT}-office": ("10.98.0.10", "2001:db8:1500:8010::10"),
    f"{DISTRICT}-conference": ("10.98.1.10", "2001:db8:1500:8020::10"),
    f"{HUB}-office": ("10.96.4.10", "2001:db8:1500:110::10"),
    f"{HUB}-conference": ("10.96.5.10", "2001:db8:1500:120::10"),
    f"{HUB}-services": ("10.96.5.74", "2001:db8:1500:130::10"),
    "controller": ("10.96.5.202", "2001:db8:1500:199::10"),
    "internet": ("203.0.113.80", "2001:db8:ffff::80"),
}
PORTAL, ONE_STOP, DOCUMENTS, MAIL = 20, 21, 22, 23
SIGNATURE, INTEGRATION, STAFF, BACKUP = 24, 25, 26, 30

WORKS = (
    ("an office PC opens the portal", PC, "tcp", 443, PORTAL),
    ("an office PC opens the electronic one-stop", PC, "tcp", 443, ONE_STOP),
    ("an office PC opens document management", PC, "tcp", 443, DOCUMENTS),
    ("an office PC sends mail", PC, "tcp", 587, MAIL),
    ("an office PC reads mail", PC, "tcp", 993, MAIL),
    ("an office PC signs a document", PC, "tcp", 443, SIGNATURE),
    ("the district's office opens staff records", f"{DISTRICT}-office", "tcp", 443, STAFF),
    ("the hub's own office opens the portal", f"{HUB}-office", "tcp", 443, PORTAL),
    ("a commune's own server talks to the integration axis", f"{COMMUNE}-services", "tcp", 443, INTEGRATION),
    ("a conference room registers with the conference service", ROOM, "udp", 5060, 10),
    ("a conference room signals encrypted", ROOM, "tcp", 5061, 10),
    ("a conference room sends media to the conference service", ROOM, "udp", 20000, 10),
    ("a conference room calls another commune's room", ROOM, "udp", 16400, f"{OTHER}-conference"),
    ("a conference room calls the district's room", ROOM, "tcp", 5061, f"{DISTRICT}-conference"),
    ("a conference room pings the province's room", ROOM, "icmp", 0, f"{HUB}-conference"),
    ("the province's room calls a commune's", f"{HUB}-conference", "udp", 16400, ROOM),
    ("the engineer's machine reaches a commune's management VLAN", "controller", "tcp", 22, MANAGED),
    ("a manager opens SSH to a room's endpoint", "controller", "tcp", 22, ROOM),
    ("a manager opens SSH to the province's own endpoint", "controller", "tcp", 22, f"{HUB}-conference"),
    ("a manager opens SSH to the conference server", "controller", "tcp", 22, 10),
)
FAILS = (
    (
        "an office PC cannot reach another commune's conference room",
        PC,
        "udp",
        5060,
        f"{OTHER}-conference",
    ),
    (
        "an office PC cannot reach the conference room next door",
        PC,
        "tcp",
        5061,
        ROOM,
    ),
    ("an office PC cannot ping the conference room next door", PC, "icmp", 0, ROOM),
    ("an office PC cannot reach an office PC of another commune", PC, "tcp", 445, f"{OTHER}-office"),
    ("an office PC cannot reach the conference service", PC, "udp", 5060, 10),
    ("an office PC cannot log in to a server", PC, "tcp", 22, PORTAL),
    ("an office PC cannot ping a server", PC, "icmp", 0, PORTAL),
    ("an office PC cannot read mail unencrypted", PC, "tcp", 143, MAIL),
    ("an office PC cannot reach the province's backup", PC, "tcp", 443, BACKUP),
    ("an office PC cannot reach a management host", PC, "tcp", 22, MANAGED),
    ("an office PC cannot reach the engineer's machine", PC, "tcp", 22, "controller"),
    (
        "an office PC cannot reach a server of its own commune that no catalogue names",
        PC,
        "tcp",
        443,
        f"{COMMUNE}-services",
    ),
    ("an office PC cannot reach the Internet", PC, "tcp", 80, "internet"),
    ("a conference room cannot reach the Internet", ROOM, "tcp", 80, "internet"),
    ("a conference room cannot ask the Internet for names", ROOM, "udp", 53, "internet"),
    ("the province's conference room cannot reach the Internet", f"{HUB}-conference", "tcp", 443, "internet"),
    ("a conference room cannot reach an office PC", ROOM, "tcp", 445, PC),
    (
        "a conference room cannot reach an office PC of another commune",
        ROOM,
        "icmp",
        0,
        f"{OTHER}-office",
    ),
    ("a conference room cannot open the portal", ROOM, "tcp", 443, PORTAL),
    ("a conference room cannot send mail", ROOM, "tcp", 587, MAIL),
    ("a conference room cannot log in to the conference server", ROOM, "tcp", 22, 10),
    ("a conference room cannot reach a management host", ROOM, "tcp", 22, f"{OTHER}-management"),
    ("an endpoint cannot open SSH to the management VLAN", ROOM, "tcp", 22, "controller"),
    ("an endpoint cannot reach another port of the management VLAN", ROOM, "tcp", 443, "controller"),
    ("a server cannot call an office PC", f"{HUB}-services", "tcp", 445, PC),
    ("a server cannot call a conference room", f"{HUB}-services", "udp", 5060, ROOM),
    ("a server cannot reach the engineer's machine", f"{HUB}-services", "tcp", 22, "controller"),
    ("a server cannot reach the Internet", f"{HUB}-services", "tcp", 443, "internet"),
    ("a commune's own server cannot log in to the integration axis", f"{COMMUNE}-services", "tcp", 22, INTEGRATION),
    ("a commune's management VLAN cannot reach an office PC", MANAGED, "tcp", 445, f"{OTHER}-office"),
    (
        "a commune's management VLAN cannot open SSH to an endpoint of another commune",
        MANAGED,
        "tcp",
        22,
        f"{OTHER}-conference",
    ),
    ("a commune's management VLAN cannot open SSH to its own endpoint", MANAGED, "tcp", 22, ROOM),
    ("a commune's management VLAN cannot log in to the conference server", MANAGED, "tcp", 22, 10),
    ("an office PC cannot open SSH to the endpoint next door", PC, "tcp", 22, ROOM),
    ("the conference server cannot open SSH to an endpoint", f"{HUB}-services", "tcp", 22, ROOM),
    ("a commune's management VLAN cannot reach the Internet", MANAGED, "tcp", 443, "internet"),
    ("the engineer's machine cannot look into a conference room", "controller", "tcp", 443, ROOM),
    ("the engineer's machine cannot reach an office PC", "controller", "tcp", 3389, PC),
    ("the engineer's machine cannot reach the Internet", "controller", "tcp", 80, "internet"),
    ("the Internet cannot reach a conference room", "internet", "udp", 5060, ROOM),
    ("the Internet cannot reach the portal's inner server", "internet", "tcp", 443, PORTAL),
)


def probes() -> dict[str, list[Probe]]:
    """Sentence → its probes, one per family."""
    said = [(*line, True) for line in WORKS] + [(*line, False) for line in FAILS]
    return {
        sentence: [
            Probe(node, protocol, HOSTS[node][family], _address(to, family), port, allowed, _node(to))
            for family in (0, 1)
        ]
        for sentence, node, protocol, port, to, allowed in said
    }


def _node(to: int | str) -> str:
    return to if isinstance(to, str) else f"{HUB}-services"


def _address(to: int | str, family: int) -> str:
    """Of a host, or of the server with this number."""
    return HOSTS[to][family] if isinstance(to, str) else (f"10.96.5.{64 + to}", f"2001:db8:1500:130::{to}")[family]
