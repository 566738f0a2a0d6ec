"""Canonical order of FRR's running configuration, and the removals done before frr-reload.py."""

from napalm_frr import frr_text
from napalm_frr.agent import frr_removals

PRINTED = """Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
hostname r1
service integrated-vtysh-config
!
interface wan1
 description provider
 ip address 10.0.0.9/31
 ip address 10.0.0.1/32
 ipv6 address 2001:db8:1::1/64
 ipv6 address 2001:db8::1/64
exit
!
ip prefix-list b seq 10 permit 10.1.0.0/16
ip prefix-list b seq 9 permit 10.2.0.0/16
ip prefix-list a seq 5 permit any
ip prefix-list a description first
!
route-map z permit 10
exit
!
route-map a permit 20
 set local-preference 5
exit
!
route-map a permit 10
exit
!
bfd
 profile wan
 exit
 !
 profile lan
  transmit-interval 500
 exit
 !
exit
!
end
"""

CANONICAL = """hostname r1
service integrated-vtysh-config
!
interface wan1
 description provider
 ip address 10.0.0.1/32
 ip address 10.0.0.9/31
 ipv6 address 2001:db8::1/64
 ipv6 address 2001:db8:1::1/64
exit
!
ip prefix-list a description first
ip prefix-list a seq 5 permit any
ip prefix-list b seq 9 permit 10.2.0.0/16
ip prefix-list b seq 10 permit 10.1.0.0/16
!
route-map a permit 10
exit
!
route-map a permit 20
 set local-preference 5
exit
!
route-map z permit 10
exit
!
bfd
 profile lan
  transmit-interval 500
 exit
 !
 profile wan
 exit
 !
exit
!
end
"""


def test_banner_goes_and_creation_order_is_sorted():
    assert frr_text.from_show_running(PRINTED) == CANONICAL


def test_canonical_text_stays_as_it_is():
    assert frr_text.canonical(CANONICAL) == CANONICAL
    assert frr_text.first_misplaced(CANONICAL) is None


def test_the_first_misplaced_line_is_named():
    swapped = CANONICAL.replace("route-map z permit 10", "route-map 0 permit 10")
    number, expected = frr_text.first_misplaced(swapped)
    assert expected == "route-map 0 permit 10"
    assert swapped.splitlines()[number - 1] == "route-map a permit 10"


def test_removals_take_whole_neighbours_interface_lines_and_bfd_timers():
    running = """interface vlan10
 description office
 ip address 10.0.0.1/24
 no ipv6 nd suppress-ra
exit
!
router bgp 65001
 neighbor 10.9.9.9 remote-as 1
 neighbor 10.9.9.9 bfd
 neighbor 10.9.9.8 remote-as 1
 neighbor 10.9.9.8 bfd
 neighbor 10.9.9.8 bfd profile wan
 !
 address-family ipv4 unicast
  neighbor 10.9.9.9 activate
 exit-address-family
exit
!
bfd
 profile wan
  detect-multiplier 5
  transmit-interval 500
 exit
 !
exit
!
"""
    wanted = """interface vlan10
 ip address 10.0.0.1/24
exit
!
router bgp 65001
 neighbor 10.9.9.8 remote-as 1
exit
!
bfd
 profile wan
  detect-multiplier 4
 exit
 !
exit
!
"""
    assert frr_removals.commands(running, wanted) == [
        "interface vlan10",
        "no description",
        "ipv6 nd suppress-ra",
        "exit",
        "router bgp 65001",
        "no neighbor 10.9.9.9",
        "no neighbor 10.9.9.8 bfd",
        "exit",
        "bfd",
        " profile wan",
        "transmit-interval 300",
        "exit",
        "exit",
    ]
    assert frr_removals.commands(wanted, wanted) == []


def test_an_instance_that_leaves_as_a_whole_is_left_to_frr_reload():
    assert (
        frr_removals.commands("router bgp 65001\n neighbor 10.9.9.9 remote-as 1\nexit\n", "router bgp 2\nexit\n") == []
    )


def test_a_password_leaves_without_being_repeated_and_goes_with_its_neighbour():
    running = "router bgp 1\n neighbor 10.9.9.9 remote-as 2\n neighbor 10.9.9.9 password old\nexit\n"
    remove = ["router bgp 1", "no neighbor 10.9.9.9 password", "exit"]
    assert frr_removals.commands(running, running.replace("old", "new")) == remove
    assert frr_removals.commands(running, running.replace(" neighbor 10.9.9.9 password old\n", "")) == remove
    gone = frr_removals.commands(running, "router bgp 1\n neighbor 10.9.9.8 remote-as 2\nexit\n")
    assert gone == ["router bgp 1", "no neighbor 10.9.9.9", "exit"]
