"""The fault plan: chance comes from the seed alone, and nothing that should be struck is left out."""

from pathlib import Path

from tslcd import intent, load, render
from twin.faults import plan
from twin.faults.cuts import CUTS
from twin.faults.variations import VARIATIONS, WITH_STEP

ROOT = Path(__file__).resolve().parents[2]
ROUTERS = ("a", "b", "c")


def test_the_same_seed_gives_the_same_faults():
    assert plan.make(7, 50, ROUTERS) == plan.make(7, 50, ROUTERS)
    assert plan.make(7, 50, ROUTERS) != plan.make(8, 50, ROUTERS)


def test_a_longer_campaign_begins_with_the_shorter_one():
    assert plan.make(7, 100, ROUTERS)[:12] == plan.make(7, 12, ROUTERS)


def test_a_dozen_faults_have_every_family():
    for seed in range(20):
        assert {fault.family for fault in plan.make(seed, 12, ROUTERS)} == set(plan.KINDS)


def test_a_hundred_faults_have_every_kind_and_every_step():
    faults = plan.make(1, 104, ROUTERS)
    assert {fault.kind for fault in faults} == {kind for kinds in plan.KINDS.values() for kind in kinds}
    assert {fault.step for fault in faults} == set(plan.STEPS)
    assert {fault.router for fault in faults} == set(ROUTERS)


def test_a_candidate_makes_the_step_necessary_at_which_it_is_struck():
    for fault in plan.make(1, 104, ROUTERS):
        if fault.step in WITH_STEP:
            assert set(fault.changes) & set(WITH_STEP[fault.step])


def test_every_change_and_every_cut_exists():
    assert set(plan.KINDS["path"]) == set(CUTS)
    assert {name for names in WITH_STEP.values() for name in names} <= set(VARIATIONS)


def test_every_cut_takes_something_from_a_real_document():
    whole = render.document(intent.derive(load.network(ROOT))["lci-02734-quang-kim-r1"], ROOT)
    assert all(cut(whole) != whole for cut in CUTS.values())
    assert not [line for line in CUTS["path-firewall"](whole).splitlines() if "tcp dport 22 " in line]
