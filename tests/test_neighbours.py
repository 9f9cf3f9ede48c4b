"""The models that speed is measured beside: the quick checks; `test_benchmarks.py` has the long."""

import importlib
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def beside(monkeypatch):
    """A file of the folder of benchmarks, by its name."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.mark.parametrize("name", ["masks", "mesa_by_hand", "mesa_tutorial"])
def test_a_week_without_chance_is_the_same_for_a_neighbour(beside, monkeypatch, name):
    """Everybody goes, nobody dies, all start treatment, all complete: no luck, so equal exactly."""
    small = beside("reference_kernel")
    monkeypatch.setattr(small, "GOES_ANYWAY", 1.0)
    monkeypatch.setattr(small, "DIES_PER_WEEK", 0.0)
    monkeypatch.setattr(small, "STARTS_TREATMENT_PER_WEEK", 1.0)
    monkeypatch.setattr(small, "COMPLETES_PER_WEEK", 1.0)
    neighbour = beside(f"neighbours.{name}")
    people = small.everybody(200, 1)
    people["frailty"] = -50.0  # nobody returns to use
    treated = people["state"] == small.TREATMENT
    for weeks, state in enumerate(
        (
            people["state"],
            np.where(treated, small.COMMUNITY, small.TREATMENT),
            np.full(200, small.COMMUNITY),
        )
    ):
        model = neighbour.prepare(people, weeks, seed=1)
        neighbour.live(model)
        found, attends = neighbour.found(model)
        np.testing.assert_array_equal(found, state)
        assert np.all(attends) == (weeks > 0)


def test_what_others_see_in_an_array_of_its_own_changes_nothing(beside):
    """The same dice: the same people, byte for byte."""
    small = beside("reference_kernel")
    one, other = beside("neighbours.compiled"), beside("neighbours.compiled_apart")
    people = small.everybody(300, 1)
    models = [kind.prepare(people, 20, seed=2) for kind in (one, other)]
    one.live(models[0])
    other.live(models[1])
    here, there = (model[0] for model in models)
    for field in ("state", "attends", "weeks_abstinent", "seen_abstinent"):
        np.testing.assert_array_equal(here[field], there[field])
    assert not np.array_equal(here["state"], people["state"])


def test_the_tuned_model_counts_what_the_classic_one_would_count(beside):
    """Counted in the loop that shows people: the classic model's own count of the same people."""
    tuned = beside("tuned_mesa")
    classic = beside("classic_mesa")
    model = tuned.TunedModel(120, seed=3)
    for _ in range(60):
        model.step()
    assert model.died_of.total() + len(model.alive) == 120
    assert len(list(model.agents)) == len(model.alive)
    assert +model.count() == +classic.RecoveryModel.count(model)


def test_the_tuned_model_refuses_what_it_could_not_follow(beside, tmp_path):
    tuned = beside("tuned_mesa")
    changed = tmp_path / "frailer.yaml"
    changed.write_text(
        "extends: baseline\nname: frailer\nquestion: What if return to use were likelier?\n"
        "return_to_use: {frailty_sd: 0.9}\n"
    )
    with pytest.raises(ValueError, match=r"return_to_use\.frailty_sd"):
        tuned.TunedModel(20, seed=1, scenario=str(changed))
