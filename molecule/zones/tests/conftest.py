"""One trial for the whole scenario: matrix, sentences and crafted packets are sent at the same time."""

from __future__ import annotations

import crafted
import matrix
import pytest
import sentences
import trial


@pytest.fixture(scope="session")
def tried() -> trial.Trial:
    """The outcome of every probe of the scenario."""
    probes = [cell.probe for cell in matrix.cells()]
    probes += [probe for own in sentences.probes().values() for probe in own]
    probes += [probe for _, probe in crafted.PROBES]
    return trial.run(probes)
