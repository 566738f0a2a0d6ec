from __future__ import annotations

import json

SITES = {
    129: "lci-02683-bat-xat-r1",
    130: "lci-02686-a-mu-sung-r1",
    134: "lci-02701-y-ty-r1",
    145: "lci-02734-quang-kim-r1",
}
WITH_TWO_UPLINKS = {129, 130, 134}


def test_verify_passes_for_every_feature_of_every_router(playbook):
    """verify.yml finds every feature of every rolled-out router working live."""
    done = playbook("verify.yml")
    assert done.returncode == 0, done.stdout


def test_the_provider_sees_exactly_the_sites_own_prefixes(node):
    """Each provider receives from a site exactly its /22, its /56, its loopbacks and the ends of its sessions there."""
    pe = node("pe-vnpt")
    for number in SITES:
        peers = {"ipv4": f"10.111.17.{2 * (number - 128) + 1}", "ipv6": f"2001:db8:15ff:a::{2 * number + 1:x}"}
        expected = {
            "ipv4": {f"10.98.{4 * (number - 128)}.0/22", f"10.111.0.{number}/32"},
            "ipv6": {f"2001:db8:1500:{number << 8:x}::/56", f"2001:db8:1500:{number << 8:x}::1/128"},
        }
        if number in WITH_TWO_UPLINKS:
            expected["ipv4"].add(f"10.111.64.{number}/32")
            expected["ipv6"].add(f"2001:db8:15ff:1a::{number:x}/128")
        for family, peer in peers.items():
            output = pe.check_output(f"vtysh -c 'show bgp {family} unicast neighbors {peer} routes json'")
            assert set(json.loads(output)["routes"]) == expected[family]


def test_the_hub_prefers_the_primary_uplink_towards_every_site(router):
    """The hub's best path to a dual-homed site leads through the primary provider, in both families."""
    hub = router("lci-hub-r1")
    for family, prefix in (("ipv4", "10.98.4.0/22"), ("ipv6", "2001:db8:1500:8100::/56")):
        table = json.loads(hub.check_output("sudo napalm-frr-agent show routes"))[family]
        hops = [hop for route in table[prefix] if route.get("selected") for hop in route["nexthops"]]
        used = [hop["interfaceName"] for hop in hops if hop.get("fib")]  # not the ends that it is found by
        assert used == ["wan1"]


def test_an_engineers_shell_is_no_root_shell(router):
    """Over SSH the engineer is netops, not root, and routers carry their declared names."""
    for name in SITES.values():
        host = router(name)
        assert host.check_output("id -un") == "netops"
        assert host.check_output("hostname") == name
