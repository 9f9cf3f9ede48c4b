"""What an answer hangs on: one mechanism off in both worlds, paired with the answer as it was."""

import numpy as np
import pytest

from recoverysim import compare, load
from recoverysim.plan import Plan
from recoverysim.scenario import ScenarioError
from recoverysim.studies.switches import AS_ASKED, Switchboard

PLAN = Plan(clients=200, years=2, repeats=4, seed=3)
DEFINITION = "abstinent_90_days"


@pytest.fixture(scope="module")
def board():
    return Switchboard(load("baseline"), load("intensive-referral"), DEFINITION, PLAN)


def same(off: bool):
    """The same through the ordinary comparison, which knows nothing of switches."""
    worlds = [load("baseline"), load("intensive-referral")]
    if off:
        worlds = [one.replace({"mechanisms.company": False}, name=one.name) for one in worlds]
    return compare(worlds, clients=200, years=2, repeats=4, seed=3).contrasts[0]


def test_as_asked_is_what_compare_says(board):
    found = board.off(AS_ASKED)
    assert found.moved == ()
    assert [card.year for card in found.cards] == [1, 2]
    for card in found.cards:
        row = same(off=False).row("in_recovery", card.year)
        assert (card.low, card.high) == (row.low, row.high)
        assert card.difference == pytest.approx(row.difference, abs=0.5)


def test_a_mechanism_off_is_off_in_both_worlds_and_moves_the_answer_repeat_by_repeat(board):
    found = board.off("company")
    card, moved = found.of(2)
    row = same(off=True).row("in_recovery", 2)
    assert (card.low, card.high) == (row.low, row.high)
    apart = same(off=True).difference("in_recovery", 2, "all") - same(off=False).difference(
        "in_recovery", 2, "all"
    )
    assert np.ptp(apart) > 0, "the test would see nothing if no repeat moved"
    assert moved.by == pytest.approx(apart.mean())
    assert moved.low <= moved.by <= moved.high


def test_without_what_mutual_aid_does_the_worlds_are_alike(board):
    found = board.off("mutual_aid_effect")
    for card in found.cards:
        assert (card.difference, card.low, card.high) == (0, 0, 0)
        on, _ = board.off(AS_ASKED).of(card.year)
        _, moved = found.of(card.year)
        assert moved.by == pytest.approx(-on.difference, abs=0.5)


def test_what_does_nothing_moves_nothing(board):
    """Places have no limits in either world."""
    _, moved = board.off("places").of(1)
    assert (moved.by, moved.low, moved.high) == (0, 0, 0)


def test_what_cannot_be_asked_is_refused(board):
    with pytest.raises(ScenarioError, match="sorcery"):
        board.off("sorcery")
    with pytest.raises(StopIteration):
        board.off(AS_ASKED).of(7)
    with pytest.raises(ValueError, match="twin"):
        Switchboard(load("baseline"), load("local-area"), DEFINITION, PLAN)
