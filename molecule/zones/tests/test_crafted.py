from __future__ import annotations

import crafted
import pytest


@pytest.mark.parametrize(("claim", "probe"), crafted.PROBES, ids=[claim for claim, _ in crafted.PROBES])
def test_that(tried, request, claim, probe):
    """A packet that was made by hand is stopped, or passes where meetings need it."""
    request.node.user_properties.append(("claim", claim))
    assert not tried.wrong([probe])
