"""What matters most, lived in pieces: the same as from one comparison."""

import numpy as np
import pytest

from recoverysim import load
from recoverysim.plan import Plan
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.repeats import live
from recoverysim.studies.unknowns import unknowns
from recoverysim.studies.what_matters import PARTS, REPEATS, Matters

DEFINITION = "abstinent_90_days"
PLAN = Plan(clients=30, years=1, repeats=REPEATS, seed=2)
WORLDS = load("baseline"), load("intensive-referral")


def test_pieces_make_the_whole():
    made = Matters(*WORLDS, DEFINITION, PLAN)
    made.live(4)
    made.live(4)
    found = made.told(1)
    first, other = (live(world, PLAN) for world in WORLDS)
    whole = unknowns(Contrast(first, other, DEFINITION), 1)
    assert found.sets == whole.sets == 100
    assert [row.key for row in found.rows] == [row.key for row in whole.rows]
    ends = [[(row.at_low, row.at_high) for row in one.rows] for one in (found, whole)]
    assert np.allclose(*ends)
    assert found.in_words == whole.in_words


def test_a_piece_holds_both_lives_of_a_set():
    """So that others' work can come in between without a set being torn apart."""
    made = Matters(*WORLDS, DEFINITION, Plan(clients=10, years=1, repeats=REPEATS))
    made.live(PARTS - 1)
    first, other = made._lived[PARTS - 1]
    assert first.numbers == other.numbers
    assert len(first.numbers) == REPEATS // PARTS
    assert first.repeats.counts.size == 0


def test_too_few_sets_are_refused():
    made = Matters(*WORLDS, DEFINITION, Plan(clients=10, years=1, repeats=20))
    with pytest.raises(ValueError, match="--repeats 200"):
        made.told(1)
    with pytest.raises(ValueError, match="twin"):
        Matters(WORLDS[0], load("local-area"), DEFINITION, PLAN)
