"""Queues, peers' time and arrivals: given these people, expect docs/model.md, 5, 7.4 and 7.11."""

import numpy as np
import pytest

from recoverysim.arrivals import COMES_AT_THE_START, COMES_IN_WEEK, week_of_arrival
from recoverysim.assessment import STARTED
from recoverysim.cells import CELLS
from recoverysim.clients import empty_table
from recoverysim.codes import (
    ABSTINENCE,
    CARE_BEGUN,
    CLINICIAN,
    COMMUNITY,
    COMPLETED,
    DETOX,
    IN_DETOX,
    IN_USE,
    LEAFLET,
    LINK_MADE,
    MEDICATION,
    MOVED_ON,
    NO_CARE,
    NO_MODALITY,
    NO_NEWS,
    NONE,
    NOWHERE,
    OPIOIDS,
    PEER,
    PLACE_FOUND,
    PSYCHOSOCIAL,
    READMITTED,
    RESIDENTIAL,
    SOUGHT_HELP,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.compiled import PlainTable, plain
from recoverysim.journeys import STAY
from recoverysim.mutual_aid.linkage import OFFER_PEER, link_to_mutual_aid
from recoverysim.mutual_aid.peers import introductions
from recoverysim.outcomes import AT
from recoverysim.places import places_of
from recoverysim.queues import queues_move
from recoverysim.services import allot_places
from tests.rules import (
    NO_JOURNAL,
    SOME_DICE,
    WORKERS,
    answered,
    dice_that_answer,
    somebody,
    state_of,
    today,
)

approx = pytest.approx
WEEK = 3


def limits(people, **places):
    """So many places of each kind for so many people; the rest unlimited."""
    return {f"places.{care}.per_1000": 1000 * n / people for care, n in places.items()}


def the_queues(people, changes, yesterday=None, week=WEEK):
    """Let the queues move once: the table, the counts that changed, and the stays that ended."""
    table = empty_table(len(people))
    for row, state in enumerate(people):
        usual = {"stage": WAITING, "use": IN_USE, "luck": row, "link": NONE}
        for name, value in (usual | state).items():
            table[row][name] = value
    counts = np.zeros((1, week + 2, CELLS, len(AT)), np.int64)
    journal, written = np.zeros(9, STAY), np.array([0, 1])
    showing = np.zeros(len(people), np.int32)
    with dice_that_answer():
        plain(queues_move)(
            PlainTable(table), WORKERS, today(changes), today(yesterday or changes), week, showing,
            PlainTable(journal), PlainTable(written), PlainTable(counts),
        )  # fmt: skip
    changed = counts[0, week + 1].sum(axis=0)
    names = {name: int(changed[place]) for name, place in AT.items() if changed[place]}
    return table, names, journal[: written[0]]


FOR_DETOX = {"waits_for": IN_DETOX}


# --- who joins ----------------------------------------------------------------------------


def test_whoever_is_assessed_for_care_with_a_limit_joins_its_queue_and_is_not_asked_again():
    person = somebody(stage=WAITING, use=IN_USE)
    limited = today(limits(1000, psychosocial=5))
    for yes in ([STARTED], []):
        asked = answered(
            allot_places, person, limited, WEEK, SOME_DICE, *NO_JOURNAL, WORKERS, yes=yes
        )
        assert (STARTED in asked) == bool(yes)
        assert state_of(person, "stage", "waits_for", "wants", "episodes") == (
            WAITING, PSYCHOSOCIAL, NOWHERE, 0,
        )  # fmt: skip


def test_care_without_a_limit_is_got_at_once_beside_care_with_one():
    person = somebody(stage=WAITING, use=IN_USE)
    answered(
        allot_places, person, today(limits(1000, medication=0)), WEEK, SOME_DICE, *NO_JOURNAL,
        WORKERS, yes=[STARTED],
    )  # fmt: skip
    assert state_of(person, "stage", "modality", "news") == (TREATMENT, PSYCHOSOCIAL, CARE_BEGUN)


def test_switched_off_places_have_no_limit():
    person = somebody(stage=WAITING, use=IN_USE)
    off = today(limits(1000, psychosocial=0), off=["places"])
    answered(allot_places, person, off, WEEK, SOME_DICE, *NO_JOURNAL, WORKERS, yes=[STARTED])
    assert person.stage == TREATMENT


@pytest.mark.parametrize(
    ("state", "wants", "modality", "waits_for"),
    [
        ({"modality": PSYCHOSOCIAL, "substance": OPIOIDS}, TREATMENT, MEDICATION, MEDICATION),
        ({"modality": MEDICATION, "goal": ABSTINENCE}, DETOX, NO_MODALITY, IN_DETOX),
    ],
)
def test_in_treatment_one_stays_and_waits_for_the_other_care(state, wants, modality, waits_for):
    person = somebody(
        stage=TREATMENT, use=IN_USE, wants=wants, wants_modality=modality, tolerance=0.9, **state
    )
    limited = today(limits(1000, medication=1, detox=1))
    answered(allot_places, person, limited, WEEK, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert state_of(person, "stage", "modality", "waits_for", "wants", "ending") == (
        TREATMENT, state["modality"], waits_for, NOWHERE, 0,
    )  # fmt: skip
    assert person.tolerance == approx(
        0.9
    )  # the cover of medication is lost on leaving, not on asking


# --- who comes first ----------------------------------------------------------------------


def test_the_longest_wait_comes_first_then_chance():
    people = [FOR_DETOX | {"weeks_in_queue": weeks, "luck": luck}
              for weeks, luck in ((1, 9), (4, 0), (2, 5), (2, 7))]  # fmt: skip
    table, *_ = the_queues(people, limits(4, detox=2))
    assert table["stage"].tolist() == [WAITING, DETOX, WAITING, DETOX]
    assert table["weeks_in_queue"].tolist() == [2, 0, 3, 0]
    assert table["waits_for"].tolist() == [IN_DETOX, NO_CARE, IN_DETOX, NO_CARE]


@pytest.mark.parametrize(("at_risk_first", "placed"), [(1, 1), (0, 0)])
@pytest.mark.parametrize("why", [{"injecting": True}, {"comes_from_detox": True}])
def test_people_at_risk_come_before_all_others_unless_they_do_not(why, at_risk_first, placed):
    people = [{"waits_for": PSYCHOSOCIAL, "weeks_in_queue": 50}, {"waits_for": PSYCHOSOCIAL} | why]
    changes = limits(2, psychosocial=1) | {"places.people_at_risk_first": at_risk_first}
    table, *_ = the_queues(people, changes)
    assert np.flatnonzero(table["stage"] == TREATMENT).tolist() == [placed]


@pytest.mark.parametrize(
    ("places", "inside", "placed"), [(3, 1, 2), (3, 3, 0), (2, 3, 0), (0, 0, 0), (9, 0, 3)]
)
def test_so_many_come_in_as_places_are_free_and_nobody_is_put_out(places, inside, placed):
    people = [{"stage": DETOX}] * inside + [FOR_DETOX] * 3
    table, *_ = the_queues(people, limits(len(people), detox=places))
    assert (table["stage"] == DETOX).sum() == inside + placed


@pytest.mark.parametrize(
    ("per_1000", "people", "places"),
    [(1.5, 2000, 3), (1.5, 300, 0), (1.5, 400, 1), (0.29, 1e5, 29)],
)
def test_places_are_the_nearest_whole_number(per_1000, people, places):
    now = today({"places.detox.per_1000": per_1000})
    assert plain(places_of)(IN_DETOX, now, people) == places


# --- what a place brings ------------------------------------------------------------------


def test_a_place_got_from_the_queue_begins_an_episode_and_is_counted_in_place_of_the_wait():
    table, counted, stays = the_queues(
        [FOR_DETOX | {"weeks_in_stage": 2, "episodes": 1}], limits(1, detox=1)
    )
    (person,) = table
    assert (person["stage"], person["use"], person["episodes"]) == (DETOX, 0, 2)
    assert (person["link_due"], person["worker"], person["weeks_in_stage"]) == (True, 0, 0)
    assert person["news"] == CARE_BEGUN | READMITTED
    assert counted == {
        "stage_waiting": -1, "use_using": -1, "stage_detox": 1, "use_abstinent": 1,
        "episodes": 1, "readmissions": 1,
    }  # fmt: skip
    assert [tuple(stay) for stay in stays[["week_in", "week_out", "stage", "ended"]]] == [
        (WEEK + 1 - 2, WEEK + 1, WAITING, PLACE_FOUND)
    ]


def test_whoever_has_become_abstinent_leaves_the_queue_for_detox():
    people = [
        FOR_DETOX | {"use": 0, "weeks_in_queue": 7},
        FOR_DETOX | {"use": 0, "stage": TREATMENT, "modality": MEDICATION},
    ]
    table, counted, _ = the_queues(people, limits(2, detox=2))
    assert table["stage"].tolist() == [WAITING, TREATMENT]
    assert table["waits_for"].tolist() == [NO_CARE, NO_CARE]
    assert table["weeks_in_queue"].tolist() == [7, 0]  # kept for the queue that comes next
    assert counted == {}


def test_from_treatment_it_is_a_move_within_the_episode_and_medication_loses_its_cover():
    state = {"stage": TREATMENT, "modality": MEDICATION, "substance": OPIOIDS, "tolerance": 1.0}
    table, counted, stays = the_queues([FOR_DETOX | state], limits(1, detox=1))
    assert (table[0]["stage"], table[0]["episodes"], table[0]["news"]) == (DETOX, 0, NO_NEWS)
    assert table[0]["tolerance"] == approx(0.25)
    assert stays["ended"].tolist() == [MOVED_ON]
    assert counted["treatment_medication"] == -1


def after_detox(**places):
    """Two finish detox in this week and want sessions; a third waits for a place in detox."""
    done = {"stage": DETOX, "use": 0, "waits_for": PSYCHOSOCIAL, "comes_from_detox": True,
            "episodes": 1, "weeks_in_stage": 2}  # fmt: skip
    people = [done, done, FOR_DETOX]
    return the_queues(people, limits(3, **places))


def test_from_detox_straight_on_where_a_place_is_free_else_home_to_wait():
    table, counted, stays = after_detox(psychosocial=1, detox=2)
    on, home = (int(np.flatnonzero(table["stage"] == stage)[0]) for stage in (TREATMENT, WAITING))
    assert {on, home} == {0, 1}
    assert table["episodes"].tolist() == [1, 1, 1]  # the episode goes on
    assert table["discharged"].tolist() == [row == home for row in range(3)]
    assert table["weeks_in_queue"][home] == 1
    assert (table["waits_for"][home], table["comes_from_detox"][home]) == (PSYCHOSOCIAL, True)
    assert sorted(stays["ended"].tolist()) == sorted(
        [COMPLETED, COMPLETED, SOUGHT_HELP, PLACE_FOUND]
    )
    # Both have left detox, so the third starts in this same week.
    assert table["stage"][2] == DETOX
    assert counted["stage_detox"] == -1


def test_who_waited_at_home_after_detox_goes_on_in_the_same_episode():
    waits = {"waits_for": PSYCHOSOCIAL, "comes_from_detox": True, "episodes": 1, "use": 0}
    table, counted, stays = the_queues([waits], limits(1, psychosocial=1))
    assert (table[0]["stage"], table[0]["episodes"], table[0]["news"]) == (TREATMENT, 1, NO_NEWS)
    assert "readmissions" not in counted
    assert stays["ended"].tolist() == [PLACE_FOUND]


def test_a_limit_that_holds_no_more_lets_everybody_in_who_still_waits():
    people = [{"waits_for": RESIDENTIAL}] * 3
    table, *_ = the_queues(people, {}, yesterday=limits(3, residential=1))
    assert (table["modality"] == RESIDENTIAL).all()
    table, *_ = the_queues(people, {})  # nobody looks where nothing is limited
    assert (table["stage"] == WAITING).all()


def test_whoever_leaves_a_queue_has_left_it_and_waits_for_no_peer_either():
    for wants in (USING, COMMUNITY):
        person = somebody(
            stage=TREATMENT, modality=PSYCHOSOCIAL, use=IN_USE, wants=wants, waits_for=MEDICATION,
            waits_for_a_peer=True, weeks_in_queue=5,
        )  # fmt: skip
        limited = today(limits(1000, medication=1))
        answered(allot_places, person, limited, WEEK, SOME_DICE, *NO_JOURNAL, WORKERS)
        assert state_of(person, "stage", "waits_for", "waits_for_a_peer", "weeks_in_queue") == (
            wants, NO_CARE, False, 0,
        )  # fmt: skip


# --- peers --------------------------------------------------------------------------------

FEW_PEERS = {"peers.introductions_per_1000_a_week": 1}


def test_who_is_offered_a_peer_waits_for_one_and_does_meanwhile_what_they_would_do_anyway():
    person = somebody(
        stage=TREATMENT, modality=PSYCHOSOCIAL, link_due=True, link=LEAFLET, weeks_since_link=40
    )
    answered(link_to_mutual_aid, person, today(FEW_PEERS), SOME_DICE, yes=[OFFER_PEER])
    assert state_of(person, "waits_for_a_peer", "link_due", "link", "news", "ever_offered") == (
        True, True, NONE, NO_NEWS, False,
    )  # fmt: skip
    assert person.weeks_since_link == 0
    assert person.pull == approx(np.log(0.3 / 0.7))


@pytest.mark.parametrize(("weeks", "waits"), [(1, True), (3, True), (4, False)])
def test_after_so_many_weeks_the_worker_introduces_instead(weeks, waits):
    person = somebody(stage=DETOX, link_due=True, waits_for_a_peer=True, weeks_since_link=weeks)
    assert answered(link_to_mutual_aid, person, today(FEW_PEERS), SOME_DICE) == {}
    assert person.waits_for_a_peer == person.link_due == waits
    assert person.link == (NONE if waits else CLINICIAN)


def test_a_move_within_care_ends_no_wait_for_a_peer():
    person = somebody(
        stage=DETOX, wants=TREATMENT, wants_modality=PSYCHOSOCIAL, waits_for_a_peer=True,
        weeks_since_link=2,
    )  # fmt: skip
    answered(allot_places, person, today(FEW_PEERS), WEEK, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert state_of(person, "stage", "waits_for_a_peer", "weeks_since_link") == (TREATMENT, True, 2)


def test_peers_introduce_whom_they_have_time_for_the_first_who_asked_first():
    asked = {"stage": TREATMENT, "modality": PSYCHOSOCIAL, "link_due": True,
             "waits_for_a_peer": True}  # fmt: skip
    people = [asked | {"weeks_since_link": weeks} for weeks in (1, 3, 2)]
    changes = {"peers.introductions_per_1000_a_week": 1000 * 2 / 3}
    table, counted, _ = the_queues(people, changes)
    assert table["link"].tolist() == [NONE, PEER, PEER]
    assert table["link_due"].tolist() == [True, False, False]
    assert (table["news"] & LINK_MADE != 0).tolist() == [False, True, True]
    assert counted == {"linked_peer": 2, "offered": 2}


@pytest.mark.parametrize(
    ("a_week", "people", "in_weeks"),
    [(0.5, 1000, [0, 1, 0, 1]), (0.5, 4000, [2, 2, 2, 2]), (0.1, 2500, [0, 0, 0, 1]),
     (1.5, 1000, [1, 2, 1, 2])],
)  # fmt: skip
def test_half_an_introduction_a_week_is_one_every_other_week(a_week, people, in_weeks):
    now = today({"peers.introductions_per_1000_a_week": a_week})
    assert [plain(introductions)(now, week, people) for week in range(-1, 3)] == in_weeks


# --- arrivals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "yes", "week", "asked"),
    [
        ({}, [], 0, []),
        ({"over_weeks": 100}, [], 37, [COMES_AT_THE_START]),
        ({"over_weeks": 100}, [COMES_AT_THE_START], 0, [COMES_AT_THE_START]),
    ],
)
def test_when_somebody_first_asks_for_help(changes, yes, week, asked):
    now = today({f"arrivals.{key}": value for key, value in changes.items()})
    with dice_that_answer(yes=yes, throws={COMES_IN_WEEK: 0.375}) as questions:
        assert plain(week_of_arrival)(now, SOME_DICE) == week
    assert list(questions) == asked
