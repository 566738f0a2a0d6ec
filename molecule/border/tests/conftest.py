from __future__ import annotations

import re

import pytest
from announcements import PROVIDERS, Speaker


@pytest.fixture(scope="session")
def speaker(node):
    """A BGP speaker of the twin by the name of its node, and its AS number, when it is no provider."""
    return lambda name, asn=None: Speaker(node(name), asn or PROVIDERS[name])


@pytest.fixture
def arriving(node):
    """Packets to these addresses that have come to a provider's edge from now on: provider → address → count."""
    rules = "add table inet probe; add chain inet probe seen { type filter hook prerouting priority -300; };"

    def watch(*addresses):
        match = "".join(
            f" add rule inet probe seen {'ip6' if ':' in one else 'ip'} daddr {one} counter;" for one in addresses
        )
        for provider in PROVIDERS:
            node(provider).check_output(f"nft '{rules}{match}'")

        def count(provider):
            text = node(provider).check_output("nft list chain inet probe seen")
            found = re.findall(r"daddr (\S+) counter packets (\d+)", text)
            return {address: int(number) for address, number in found}

        return count

    yield watch
    for provider in PROVIDERS:
        node(provider).run("nft delete table inet probe")
