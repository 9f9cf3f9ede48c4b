"""Memory is worked out before a run starts; what does not fit is refused with what would."""

import re
import tracemalloc
from dataclasses import replace

import pytest

from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies import room
from recoverysim.studies.repeats import live
from recoverysim.studies.room import NoRoom, refuse_what_does_not_fit

LARGE = Plan(clients=1_000_000, years=10, repeats=1000, threads=2)


@pytest.fixture
def free(monkeypatch):
    def so_much(gib: float) -> None:
        monkeypatch.setattr(room, "bytes_free", lambda: int(gib * 2**30))

    return so_much


EVERYBODY = "everybody"


def refused(plan, changed=(), *, scenarios, journeys_of):
    """What would fit, where one option is given another number; nothing where that fits."""
    changed = dict(changed)
    journeys_of = changed.pop("journeys", journeys_of)
    plan = replace(plan, **changed)
    kept = plan.clients if journeys_of == EVERYBODY else journeys_of
    try:
        refuse_what_does_not_fit(plan, scenarios=scenarios, journeys_of=kept)
    except NoRoom as fault:
        return dict(re.findall(r"--(clients|repeats|journeys) (\d+)", str(fault))) or "nothing"
    return {}


@pytest.mark.parametrize(
    ("scenarios", "journeys_of", "gib", "options"),
    [
        (1, 0, 1, {"clients", "repeats"}),
        (3, 0, 1, {"clients", "repeats"}),
        (1, EVERYBODY, 6, {"clients", "repeats", "journeys"}),
        (1, 900_000, 6, {"clients", "repeats", "journeys"}),
    ],
)
def test_the_number_that_would_fit_does_and_one_more_does_not(
    free, scenarios, journeys_of, gib, options
):
    free(gib)
    asked = {"scenarios": scenarios, "journeys_of": journeys_of}
    plan = replace(LARGE, clients=10_000 if scenarios > 1 else LARGE.clients)
    found = refused(plan, **asked)
    assert set(found) <= options
    assert found
    for name, most in found.items():
        assert not refused(plan, {name: int(most)}, **asked)
        assert refused(plan, {name: int(most) + 1}, **asked)


def test_where_nothing_is_known_or_enough_is_free_nothing_is_refused(free, monkeypatch):
    free(1000)
    refuse_what_does_not_fit(LARGE)
    monkeypatch.setattr(room, "bytes_free", lambda: None)
    refuse_what_does_not_fit(LARGE)


@pytest.mark.parametrize(("scenario", "least"), [("local-area", 0.67), ("baseline", 0.5)])
def test_what_is_worked_out_is_near_what_is_used(scenario, least):
    """Within a third either way: the sizes of arrays, as numpy tells them. It is worked out as for
    an open system, which counts everybody twice."""
    plan = Plan(clients=20_000, years=4, repeats=4, threads=1, knowledge="none")
    live(load(scenario), replace(plan, clients=10))
    tracemalloc.start()
    try:
        live(load(scenario), plan)
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    counts, client = room.bytes_of_counts(plan), room.bytes_of_a_client()
    worked_out = counts * 4 + (client * plan.clients + room.bytes_of_a_world(plan))
    assert least < used / worked_out < 1.5
