"""Prefixes contain each other exactly when the standard library says so."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import product

import pytest

from tslcd import addressing

IPV4 = ["0.0.0.0/0", "10.96.0.0/12", "10.96.0.0/22", "10.96.4.0/22", "10.111.255.255/32", "10.112.0.0/32", "10.0.0.0/8"]
IPV6 = ["::/0", "2001:db8:1500::/40", "2001:db8:1500::/56", "2001:db8:15ff:ffff::/128", "2001:db8:1600::/40"]


@pytest.mark.parametrize(("one", "other"), [*product(IPV4, repeat=2), *product(IPV6, repeat=2)])
def test_inside_means_what_the_standard_library_means(one, other):
    assert addressing.is_inside(ip_network(one), ip_network(other)) == ip_network(one).subnet_of(ip_network(other))
