from __future__ import annotations

import pytest
import sentences

SAID = sentences.probes()


@pytest.mark.parametrize("sentence", SAID)
def test_that(tried, request, sentence):
    """A sentence about the network is true, in both families."""
    request.node.user_properties.append(("claim", sentence))
    assert not tried.wrong(SAID[sentence])
