"""What BGP speakers of the twin say and hear: by vtysh inside a node, as somebody who sits there would."""

from __future__ import annotations

import json
import shlex

FAMILIES = ("ipv4", "ipv6")
PROVIDERS = {"pe-vnpt": 45899, "pe-viettel": 7552}


def in_family(family, commands):
    """Commands of an address family, for `Speaker.in_bgp`."""
    return [f"address-family {family} unicast", *commands, "exit-address-family"]


def networks(family, prefixes, route_map="", no=False):
    """Commands that announce prefixes, whether the node has them or not, or that stop it."""
    before, behind = ("no ", "") if no else ("", f" route-map {route_map}" if route_map else "")
    return in_family(family, [f"{before}network {prefix}{behind}" for prefix in prefixes])


class Speaker:
    """A node with FRR: a provider's edge, or a site's router that somebody got into."""

    def __init__(self, host, asn):
        """`host`: the node, as testinfra enters it."""
        self.host, self.asn = host, asn

    def configure(self, *commands):
        """Commands of the top level of the configuration."""
        said = self._vtysh(["configure terminal", *commands])
        assert "%" not in said, said

    def in_bgp(self, *commands):
        """Commands inside `router bgp`."""
        self.configure(f"router bgp {self.asn}", *commands)

    def clear(self, family, peer):
        """Start a session anew, also one that was closed for good."""
        self._vtysh([f"clear bgp {family} {peer}"])

    def show(self, what):
        """Answer of `show … json`; an empty one is an empty mapping."""
        return json.loads(self._vtysh([f"show {what} json"]) or "{}")

    def advertised(self, family, peer):
        """Prefixes that this node announces to a peer."""
        told = self.show(f"bgp {family} unicast neighbors {peer} advertised-routes")
        return {*told["advertisedRoutes"], told.get("bgpOriginatingDefaultNetwork")}  # a default that it makes itself

    def peers(self, family):
        """Peer → its state and counters."""
        return self.show(f"bgp {family} unicast summary").get("peers", {})

    def heard_from(self, family, prefix):
        """Peers whose announcement of exactly this prefix is in the table of this node."""
        paths = self.show(f"bgp {family} unicast {prefix}").get("paths", [])
        return {path["peer"]["peerId"] for path in paths if path.get("peer", {}).get("peerId")}

    def route(self, family, prefix):
        """Interface of the route to exactly this prefix that the kernel has, or None."""
        found = self.show(f"{'ip' if family == 'ipv4' else 'ipv6'} route {prefix}").get(prefix, [])
        hops = (hop for route in found if route.get("installed") for hop in route["nexthops"])
        return next((hop["interfaceName"] for hop in hops if "interfaceName" in hop), None)  # not of a recursive one

    def _vtysh(self, commands):
        return self.host.check_output(shlex.join(["vtysh", *(word for line in commands for word in ("-c", line))]))
