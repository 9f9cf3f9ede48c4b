"""Journeys of a sample: of these people what would be told of them anyway, and of nobody else."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import recoverysim as rs
from tests.worlds import a_world

PLAN = {"clients": 100, "years": 2, "repeats": 2, "knowledge": "none"}
TABLES = ("journeys", "panel", "clients", "links")


@pytest.mark.parametrize(("asked", "kept"), [(100, 100), (40, 34), (34, 34), (7, 7), (1, 1)])
@pytest.mark.parametrize("scenario", ["baseline", "local-area"])
def test_a_sample_is_told_what_everybody_is_told(scenario, asked, kept):
    everybody = rs.run(scenario, **PLAN)
    sample = rs.run(scenario, **PLAN, journeys=asked)
    who = pl.Series(np.arange(1, 101, -(-100 // asked)), dtype=pl.UInt64)
    assert len(who) == kept
    for name in TABLES:
        found = getattr(everybody, name)().filter(pl.col("client").is_in(who.implode()))
        assert_frame_equal(getattr(sample, name)(), found)
    assert (sample.repeats.counts == everybody.repeats.counts).all()


def test_the_journal_of_a_sample_makes_room_as_it_fills():
    few = a_world(clients=1000, years=10, journeys=True, panel=True, one_in=100)
    room = few.journal.size
    few.run_for(520)
    assert few.journal.size > room
    assert few.panel.shape == (131, 10)


def test_a_sample_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least one person"):
        rs.run("baseline", **PLAN, journeys=0)
