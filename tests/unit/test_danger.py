"""Which changes a commit refuses unless it is told to make them, and what going back may lead to."""

import pytest
from test_agent_grammar import KEY, SYSTEM

from napalm_frr.agent import PATH, danger, kernel, person, restorable, system_text
from napalm_frr.document import join, split

OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
FRR = """hostname r1
!
interface lo
 ip address 10.111.0.130/32
 ip address 10.111.64.130/32
 ipv6 address 2001:db8:1500:8200::1/128
exit
!
interface wan1
 ip address 10.111.17.5/31
exit
!
router bgp 4200100130
 bgp router-id 10.111.0.130
 neighbor 10.111.17.4 remote-as 45899
 neighbor 10.111.17.4 update-source 10.111.0.130
 neighbor 10.111.64.1 ebgp-multihop 16
 neighbor 10.111.64.1 update-source 10.111.64.130
exit
!
end
"""
NFT = """table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ip saddr 10.96.5.192/26 tcp dport 22 accept
	}
}
"""
FORWARD = """	chain forward {
		type filter hook forward priority filter; policy drop;
		ip saddr 10.96.5.192/26 tcp dport 22 accept
"""
DOCUMENT = {
    "system": SYSTEM,
    "ovs": "bridge br0\nport br0 lan1 tag=10\n",
    "frr": FRR,
    "keepalived": "vrrp_instance gateways {\n}\n",
    "tc": "",
    "nft": NFT,
}
NETOPS = f"sudo netops ALL=(root) NOPASSWD: {PATH}\n"


def test_a_change_that_keeps_protocols_and_the_way_in_is_not_dangerous():
    changes = [
        ("frr", "remote-as 45899", "remote-as 7552"),
        ("frr", "router bgp 4200100130", "router bgp 4200100131"),
        ("frr", " ip address 10.111.64.130/32\n", ""),
        ("nft", "tcp dport 22 accept", "tcp dport { 22, 179 } counter accept"),
        ("nft", "policy drop", "policy accept"),
        ("system", f"key netops engineer-1 {KEY}\n", f"key netops e2 {OTHER_KEY}\nkey netops engineer-1 {KEY}\n"),
    ]
    for section, old, new in changes:
        assert old in DOCUMENT[section]
        wanted = {**DOCUMENT, section: DOCUMENT[section].replace(old, new)}
        assert danger.found(DOCUMENT, wanted) == {}, new


@pytest.mark.parametrize(
    ("kind", "section", "old", "new"),
    [
        ("remove-protocol", "system", "daemon bfdd\n", ""),
        ("remove-protocol", "keepalived", "vrrp_instance gateways {\n}\n", ""),
        ("remove-protocol", "frr", "router bgp 4200100130\n", "route-map x permit 10\n"),
        ("management-path", "system", f"key netops engineer-1 {KEY}\n", ""),
        ("management-path", "system", f"engineer-1 {KEY}", f"engineer-1 {OTHER_KEY}"),
        ("management-path", "system", NETOPS, NETOPS.replace(PATH, f"{PATH} status")),
        ("management-path", "system", "sshd Match", "sshd Port 2222\nsshd Match"),
        ("management-path", "system", "sshd Match", "sshd ListenAddress 10.0.0.1\nsshd Match"),
        ("management-path", "system", "sshd Match", "sshd AllowUsers auditor\nsshd Match"),
        ("management-path", "frr", " ip address 10.111.0.130/32\n", ""),
        ("management-path", "frr", " ipv6 address 2001:db8:1500:8200::1/128\n", ""),
        ("management-path", "frr", "router-id 10.111.0.130", "router-id 10.111.0.131"),
        ("management-path", "nft", "\t\tip saddr 10.96.5.192/26 tcp dport 22 accept\n", ""),
        ("management-path", "nft", "dport 22 accept", "dport 222 accept"),
        ("management-path", "nft", "\t\tip saddr 10.96.5.192/26 tcp dport 22 accept\n", f"\t}}\n\n{FORWARD}"),
    ],
)
def test_a_change_that_ends_a_protocol_or_may_lock_engineers_out_is_dangerous(kind, section, old, new):
    assert old in DOCUMENT[section]
    wanted = {**DOCUMENT, section: DOCUMENT[section].replace(old, new, 1)}
    assert kind in danger.found(DOCUMENT, wanted)


def test_going_back_never_meets_a_line_that_no_document_may_hold():
    """Whatever somebody edited by hand, the snapshot can be read, and the rest of what ran is in it."""
    edits = [
        ("system", "sshd PermitRootLogin no", "sshd PermitRootLogin yes"),
        ("system", "sshd Match", "sshd Banner /etc/issue\nsshd Match"),
        ("system", "account netops", "account mallory uid=500 shell=/bin/bash\naccount netops"),
        ("system", "key netops", "key netops x ssh-rsa AAAA\nkey netops"),
        ("system", "sudo netops", "sudo bob ALL=(ALL) ALL\nsudo netops"),
        ("system", "hostname r1\n", "hostname r1\ndaemon zebra=dead\n"),
        ("system", "hostname r1", "hostname R_1"),
        ("ovs", "bridge br0", "bridge br0 stp_enable=True"),
        ("ovs", "tag=10", "lacp=active tag=10\nflow br0 priority=9 actions=drop"),
        ("frr", FRR, ""),
        ("nft", "accept\n", 'accept comment "Lào Cai"\n'),
    ]
    confirmed = DOCUMENT
    for section, old, new in edits:
        assert old in DOCUMENT[section]
        running = {**DOCUMENT, section: DOCUMENT[section].replace(old, new, 1), "tc": "unmanaged qdisc wan1 root tbf\n"}
        running["system"] += "unmanaged /etc/sudoers\n"
        back = restorable.document(running, confirmed, ["bfdd", "bgpd"])
        assert split(join(back)) == back
        system_text.parse(back["system"])
        assert back == DOCUMENT, new


def test_a_daemon_that_was_just_killed_is_not_left_dead_by_going_back():
    running = {**DOCUMENT, "system": SYSTEM.replace("daemon bgpd\n", "")}
    assert restorable.document(running, DOCUMENT, ["bfdd", "bgpd"])["system"] == SYSTEM


def test_what_is_shown_as_unmanaged_tells_how_it_is_removed():
    commands = {
        "unmanaged route -4 blackhole 203.0.113.0/25 table 100 proto 3": (
            "ip -4 route del blackhole 203.0.113.0/25 table 100 proto 3"
        ),
        "unmanaged rule -6 priority 32765 from all lookup 100": "ip -6 rule del priority 32765",
        "unmanaged address 192.0.2.9/24 wan1": "ip address del 192.0.2.9/24 dev wan1",
    }
    for line, command in commands.items():
        assert " ".join(kernel.removal(line)) == command


def test_the_person_is_the_owner_of_the_key_that_sshd_accepted_for_this_connection():
    keys = system_text.parse(SYSTEM).keys
    print_ = person.of(keys[0])
    log = "\n".join(
        [
            "Accepted publickey for netops from 10.0.0.1 port 5000 ssh2: ED25519 SHA256:earlier",
            f"Accepted publickey for netops from 10.0.0.1 port 5000 ssh2: ED25519 {print_}",
            "Accepted publickey for netops from 10.0.0.1 port 50001 ssh2: ED25519 SHA256:other",
        ]
    )
    assert person.find(log, "10.0.0.1", 5000) == print_
    assert person.owner(print_, keys) == "engineer-1"
    assert person.find(log, "10.0.0.2", 5000) == ""
    assert person.owner("SHA256:x", keys) == ""
