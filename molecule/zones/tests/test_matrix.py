from __future__ import annotations

from collections import defaultdict

import matrix
import pytest

CELLS = defaultdict(list)
for _cell in matrix.cells():
    CELLS[_cell.source_zone, _cell.destination, _cell.family].append(_cell.probe)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: "-".join(map(str, cell)))
def test_a_zone_reaches_of_another_what_is_declared_and_nothing_else(tried, measured, request, cell):
    """Every cell of the matrix goes as declared, at the same site, at another one and at the hub."""
    source, destination, family = cell
    probes = CELLS[cell]
    request.node.user_properties.append(("claim", f"{source} to {destination}, IPv{family}: as declared, nothing else"))
    measured("probes of this cell", [len(probes)], len(probes))
    assert not tried.wrong(probes)


def test_the_matrix_has_both_answers_in_every_family():
    """The matrix holds permitted and forbidden cells of every protocol and family, or it would prove nothing."""
    kinds = {(p.protocol, family, p.allowed) for (_, _, family), probes in CELLS.items() for p in probes}
    assert kinds == {(p, f, a) for p in ("tcp", "udp", "icmp") for f in (4, 6) for a in (True, False)}
