"""Every trial fits the template that it is about, and names tests that exist."""

from pathlib import Path

import pytest

from twin import trials
from twin.errors import TwinError

ROOT = Path(__file__).resolve().parents[2]
TRIALS = {trial.name: trial for trial in trials.read(ROOT)}


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_a_trial_changes_its_template(tmp_path, trial):
    copy = tmp_path / trial.file
    copy.parent.mkdir(parents=True)
    before = (ROOT / trial.file).read_text(encoding="utf-8")
    copy.write_text(before, encoding="utf-8")
    trial.apply(tmp_path)
    assert copy.read_text(encoding="utf-8") != before


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_a_trials_test_exists(trial):
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "molecule" / trial.scenario).rglob("*.py"))
    assert f"def {trial.test.split()[0]}" in sources


@pytest.mark.parametrize("content", ["nothing of the kind\n", "a line\na line\n"], ids=["missing", "there twice"])
def test_a_trial_that_does_not_fit_is_an_error(tmp_path, content):
    (tmp_path / "some.j2").write_text(content, encoding="utf-8")
    with pytest.raises(TwinError, match="should be there once"):
        trials.Trial("some", "some.j2", "a line\n", "border", "test_that").apply(tmp_path)
