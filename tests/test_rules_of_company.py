"""Company: given these ties and this throw, expect docs/model.md, 7.3, 7.13 and 7.14."""

import numpy as np
import pytest

from recoverysim.codes import (
    ABSTINENT,
    EMPTY,
    IN_USE,
    INVOLVED,
    LAPSED,
    LEFT,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
    REGULAR,
    TRYING,
)
from recoverysim.company import (
    NEW_COMPANY,
    THROUGH_FRIENDS,
    WHICH,
    WHICH_FRIEND,
    WHOSE_FRIEND,
    company_changes,
    fastest_change,
    where_company_moves,
)
from recoverysim.compiled import PlainTable, plain
from recoverysim.surroundings import (
    GONE,
    OUTSIDERS,
    SEEN_IN_RECOVERY,
    SEEN_USING,
    look_around,
    sights,
)
from recoverysim.ties import FILL, fill_with_outsiders
from recoverysim.week import what_others_see
from tests.rules import SOME_DICE, TODAY, answered, dice_that_answer, somebody, today

approx = pytest.approx

U, R = OUTSIDER_USING, OUTSIDER_IN_RECOVERY


def shown_as(*seen):
    """What is seen of the clients."""
    shown = sights(len(seen))
    shown[OUTSIDERS:] = seen
    return PlainTable(shown)


def ties_of(*slots):
    return PlainTable(np.array(slots, np.int32))


# --- being seen, and looking around -------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "weeks", "after", "seen"),
    [
        (ABSTINENT, 3, 4, SEEN_USING),
        (ABSTINENT, 4, 4, SEEN_IN_RECOVERY),
        (ABSTINENT, 4, 9, SEEN_USING),
        (ABSTINENT, 9, 9, SEEN_IN_RECOVERY),
        (LAPSED, 9, 4, SEEN_USING),
        (IN_USE, 9, 4, SEEN_USING),
    ],
)
def test_somebody_is_seen_in_recovery_after_some_weeks_abstinent(use, weeks, after, seen):
    now = today({"company.recovery_is_seen_after_weeks": after})
    person = somebody(use=use, weeks_abstinent=weeks)
    assert plain(what_others_see)(person, now) == seen


@pytest.mark.parametrize(
    ("slots", "seen"),
    [
        ([R, U, U, U], 1 / 4),
        ([1, 2, U, U], 1 / 4),
        ([1, 1, R, 2], 3 / 4),
        ([1, 3, 3, U], 1 / 2),  # people who have died keep their slot and are not counted
        ([R, U, EMPTY, EMPTY], 1 / 2),
        ([3, 3, 3, 3], 0.20),  # nobody left
        ([EMPTY] * 4, 0.20),  # no network
    ],
)
def test_looking_around_sees_the_share_in_recovery_of_those_shown(slots, seen):
    person = somebody(seen_company=0.9)
    shown = shown_as(SEEN_USING, SEEN_IN_RECOVERY, SEEN_USING, GONE)
    plain(look_around)(person, ties_of(slots), 0, shown, 4, TODAY)
    assert person.seen_company == approx(seen)


def test_empty_slots_are_filled_so_that_the_usual_share_of_all_company_is_in_recovery():
    ties = ties_of([7, EMPTY, 9, EMPTY, EMPTY])
    second = FILL + np.uint64(3)
    asked = answered(fill_with_outsiders, ties, 0, TODAY, SOME_DICE, yes=[second])
    assert list(asked.values()) == approx([0.2 * 5 / 3] * 3)
    assert ties.array.tolist() == [[7, U, 9, R, U]]


# --- where company moves ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "rate", "share"),
    [
        ({}, 0.003, 0.20),
        ({"attendance": TRYING}, 0.003, 0.20),
        ({"attendance": LEFT}, 0.003, 0.20),
        ({"attendance": REGULAR}, 0.020, 0.70),
        ({"attendance": INVOLVED, "use": LAPSED}, 0.020, 0.70),
        ({"attendance": INVOLVED, "builds_sober_ties": False}, 0.003, 0.20),
        ({"attendance": INVOLVED, "use": IN_USE}, 0.012, 0.20),
        ({"use": IN_USE}, 0.012, 0.20),
    ],
)
def test_how_fast_company_changes_and_towards_which_share(state, rate, share):
    assert plain(where_company_moves)(somebody(**state), TODAY) == (rate, share)


@pytest.mark.parametrize("fastest", ["as_member", "alone", "while_using"])
def test_nobody_is_spared_the_question_whose_company_might_change(fastest):
    now = today({f"company.change_{fastest}_per_week": 0.05})
    assert plain(fastest_change)(now, 8) == approx(8 * 0.05)


# --- one tie changes ----------------------------------------------------------------------

ME, FRIEND, THEIR_FRIEND, STRANGER = range(4)
MEMBER = {"attendance": REGULAR}


def change(  # a week of the first client: their slots, and everybody's, afterwards
    wanted_in_recovery=True,
    slot=1,
    friends=False,
    seen=(SEEN_USING, SEEN_USING, SEEN_IN_RECOVERY, SEEN_IN_RECOVERY),
    first=0.0,
    others=((ME, THEIR_FRIEND, U, R), (FRIEND, R, U, U), (U, U, U, U)),
    mine=(FRIEND, U, U, R),
    state=MEMBER,
):
    ties = ties_of(mine, *others)
    yes = [NEW_COMPANY] * wanted_in_recovery + [THROUGH_FRIENDS] * friends
    throws = {WHICH: (slot + 0.5) / 4, WHICH_FRIEND: 0.0, WHOSE_FRIEND: 0.0}
    with dice_that_answer(yes=yes, throws=throws, first=first) as asked:
        unseen = np.zeros(len(ties.array), bool)
        plain(company_changes)(
            somebody(**state), ME, ties, shown_as(*seen), unseen, TODAY, SOME_DICE
        )
    changed = [other != list(before) for other, before in zip(ties.array.tolist(), [mine, *others])]
    assert unseen.tolist() == changed  # whoever's company it changes looks again, nobody else
    return ties.array.tolist(), asked


def test_somebody_else_of_the_wanted_kind_takes_the_slot():
    (mine, *others), asked = change()
    assert mine == [FRIEND, R, U, R]
    assert others == [[ME, THEIR_FRIEND, U, R], [FRIEND, R, U, U], [U, U, U, U]]
    assert asked == {NEW_COMPANY: 0.70, THROUGH_FRIENDS: 0.5}
    assert change(wanted_in_recovery=False, slot=3)[0][0] == [FRIEND, U, U, U]


@pytest.mark.parametrize(
    ("state", "rate"), [(MEMBER, 0.020), ({}, 0.003), ({"use": IN_USE}, 0.012)]
)
def test_a_tie_changes_as_often_as_all_slots_together(state, rate):
    assert change(first=4 * rate * 0.999, state=state)[0][ME] == [FRIEND, R, U, R]
    assert change(first=4 * rate, state=state)[0][ME] == [FRIEND, U, U, R]


@pytest.mark.parametrize(
    "unchanged",
    [
        {"wanted_in_recovery": False},  # that slot is seen so already
        {"slot": 3},
        {"slot": 0, "wanted_in_recovery": False},
        {"mine": (EMPTY,) * 4},
    ],
)
def test_nothing_changes(unchanged):
    ties, _ = change(**unchanged)
    assert ties[0] == list(unchanged.get("mine", (FRIEND, U, U, R)))


@pytest.mark.parametrize(("seen", "like_me"), [(SEEN_USING, U), (SEEN_IN_RECOVERY, R)])
def test_a_tie_ends_for_both_and_somebody_like_me_takes_my_place(seen, like_me):
    ties, _ = change(slot=0, seen=(seen, SEEN_USING, SEEN_USING, SEEN_USING))
    assert ties[ME] == [R, U, U, R]
    assert ties[FRIEND] == [like_me, THEIR_FRIEND, U, R]


@pytest.mark.parametrize(
    ("seen", "theirs", "after"),
    [
        # The tie takes the place of somebody like me, else of who uses, else of who is in recovery.
        (SEEN_USING, (FRIEND, R, U, U), [FRIEND, R, ME, U]),
        (SEEN_IN_RECOVERY, (FRIEND, U, R, R), [FRIEND, U, ME, R]),
        (SEEN_IN_RECOVERY, (FRIEND, STRANGER, U, U), [FRIEND, STRANGER, ME, U]),
        (SEEN_USING, (FRIEND, STRANGER, R, R), [FRIEND, STRANGER, ME, R]),
    ],
)
def test_a_friend_of_a_friend_is_met(seen, theirs, after):
    ties, _ = change(
        friends=True,
        seen=(seen, SEEN_USING, SEEN_IN_RECOVERY, SEEN_IN_RECOVERY),
        others=((ME, THEIR_FRIEND, U, R), theirs, (U, U, U, U)),
    )
    assert ties[ME] == [FRIEND, THEIR_FRIEND, U, R]
    assert ties[THEIR_FRIEND] == after


@pytest.mark.parametrize(
    "nobody",
    [
        {"seen": (SEEN_USING, SEEN_USING, SEEN_USING, SEEN_USING)},  # not of the wanted kind
        {"seen": (SEEN_USING, GONE, SEEN_IN_RECOVERY, SEEN_USING)},  # the friend has died
        {"others": ((ME, THEIR_FRIEND, U, R), (FRIEND, 3, 3, 3), (U,) * 4)},  # no room
        {"mine": (FRIEND, U, THEIR_FRIEND, R)},  # in touch already
        {"seen": (SEEN_IN_RECOVERY, SEEN_USING, SEEN_USING, SEEN_USING)},  # not myself
    ],
)
def test_else_it_is_somebody_outside(nobody):
    ties, _ = change(friends=True, **nobody)
    assert ties[ME][1] == R
