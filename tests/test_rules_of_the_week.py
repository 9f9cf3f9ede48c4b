"""The week, and who is counted where: docs/model.md, 2, 3, 7.2, 7.15 and 7.16."""

import math

import numpy as np
import pytest

from recoverysim.assessment import DETOX_FIRST, STARTED
from recoverysim.cells import CELLS, cell_of
from recoverysim.clients import empty_table
from recoverysim.codes import (
    CARE_BEGUN,
    COMMUNITY,
    DEAD,
    DETOX,
    DIED_OTHER,
    DIED_OVERDOSE,
    FIRST_CONNECTED,
    FIRST_ENGAGED,
    FIRST_MEETING_EVER,
    FIRST_OFFER,
    GAVE_UP,
    IN_USE,
    INVOLVED,
    LAPSED,
    LEFT,
    LINK_MADE,
    MEDICATION,
    OFFER_NOT_FOLLOWED,
    OPIOIDS,
    OUTSIDER_USING,
    PEER,
    PSYCHOSOCIAL,
    READMITTED,
    REGULAR,
    RESIDENTIAL,
    STIMULANTS,
    TREATMENT,
    TRYING,
    USING,
    WAITING,
)
from recoverysim.compiled import PlainTable, plain
from recoverysim.mortality import DEATH
from recoverysim.motivation import DRIFT, motivation
from recoverysim.mutual_aid.linkage import OFFER_PEER
from recoverysim.outcomes import COUNTS, UP_TO_NOW, carry_over, count, count_week
from recoverysim.stages.using import SEEK_HELP
from recoverysim.surroundings import GONE, OUTSIDERS, SEEN_IN_RECOVERY, SEEN_USING, sights
from recoverysim.use import FIRST_USE, STOP
from recoverysim.week import everybody_lives, live_a_week, live_through
from tests.rules import (
    CURVES,
    GROUPS,
    NO_JOURNAL,
    SOME_DICE,
    TODAY,
    WORKERS,
    dice_that_answer,
    somebody,
    state_of,
    today,
)

approx = pytest.approx

CLOCKS = ("weeks_in_stage", "weeks_since_help", "weeks_since_discharge", "weeks_since_link",
          "weeks_since_meeting")  # fmt: skip
NOBODY_DIES = {DEATH: 0.999, DRIFT: 0.0}


@pytest.mark.parametrize(
    ("state", "yes", "abstinent", "using"),
    [
        ({"stage": COMMUNITY}, (), 8, 7),
        ({"stage": COMMUNITY, "use": LAPSED}, (), 7, 7),
        ({"stage": COMMUNITY}, (FIRST_USE,), 0, 0),
        ({"stage": DETOX}, (), 7, 7),
        ({"stage": TREATMENT, "modality": RESIDENTIAL}, (), 7, 7),
        ({"stage": TREATMENT, "modality": MEDICATION}, (), 8, 7),
        ({"stage": USING, "use": IN_USE}, (), 7, 8),
        ({"stage": USING, "use": IN_USE}, (STOP,), 0, 0),
        ({"stage": WAITING, "use": IN_USE}, (), 7, 8),
    ],
)
def test_the_clocks_of_a_week(state, yes, abstinent, using):
    started = dict.fromkeys((*CLOCKS, "weeks_abstinent", "weeks_using"), 7)
    person = somebody(**state, **started)
    with dice_that_answer(yes=yes, throws=NOBODY_DIES):
        plain(live_a_week)(person, TODAY, CURVES, SOME_DICE)
    assert state_of(person, *CLOCKS) == (8,) * 5
    assert state_of(person, "weeks_abstinent", "weeks_using") == (abstinent, using)


def test_mood_drifts_back_by_half_in_12_weeks_and_keeps_its_variance():
    kept = 0.5 ** (1 / 12)
    person = somebody(mood=2.0, readiness=0.5)
    with dice_that_answer(throws={DRIFT: 1.5}):
        plain(live_a_week)(person, TODAY, CURVES, SOME_DICE)
    assert person.mood == approx(2 * kept + math.sqrt((1 - 0.4) * (1 - kept**2)) * 1.5)
    assert plain(motivation)(person, TODAY) == approx(0.5 + person.mood)


# --- everybody's week ---------------------------------------------------------------------


def a_week_of(*people, throws=NOBODY_DIES, first=1.0, yes=()):
    """One week of these people: their rows, what others will see, counts, and who is restless."""
    table = empty_table(len(people))
    for row, state in enumerate(people):
        for name, value in ({"stage": COMMUNITY} | state).items():
            table[row][name] = value
    ties = np.full((len(people), 2), OUTSIDER_USING, np.int32)
    showing, restless = np.full(len(people), SEEN_USING, np.int32), np.zeros(len(people), np.int32)
    counts = np.zeros((1, 5, CELLS, len(COUNTS)), np.int64)
    shown = sights(len(people))
    with dice_that_answer(throws=throws, first=first, yes=yes):
        some, _ = plain(everybody_lives)(
            PlainTable(table), PlainTable(ties), PlainTable(shown), WORKERS, TODAY, CURVES, 3,
            PlainTable(counts), *NO_JOURNAL, showing, restless,
            np.zeros(len(people), np.int32), np.ones(len(people), bool), (45.0, 45.0),
        )  # fmt: skip
    assert (shown[OUTSIDERS:] == GONE).all()  # nobody sees yet what others became this week
    assert not counts[0, :4].any()  # week 3 ends in row 4
    return table, showing.tolist(), counts[0, 4], restless[:some].tolist()


def test_company_stands_still_in_detox_and_residential_care():
    people = (
        {"stage": COMMUNITY}, {"stage": DETOX}, {"stage": TREATMENT, "modality": RESIDENTIAL},
        {"stage": TREATMENT, "modality": MEDICATION}, {"stage": USING, "use": IN_USE},
    )  # fmt: skip
    assert a_week_of(*people, first=0.0)[-1] == [0, 3, 4]
    assert a_week_of(*people, first=2 * 0.020)[-1] == []


def test_whoever_waits_may_start_care_in_any_week_and_who_asks_for_help_in_this_one():
    """Both are asked the same; the first week in care is the week after."""
    people = {"stage": WAITING, "use": IN_USE}, {"stage": USING, "use": IN_USE}
    table, *_ = a_week_of(*people, yes=(STARTED, SEEK_HELP, DETOX_FIRST))
    assert table["stage"].tolist() == [DETOX, DETOX]
    assert table["weeks_in_stage"].tolist() == [0, 0]
    assert table["link_due"].all()
    table, *_ = a_week_of(*people, yes=(SEEK_HELP,))
    assert table["stage"].tolist() == [WAITING, WAITING]
    assert table["weeks_in_stage"].tolist() == [1, 0]


def test_tolerance_changes_and_others_will_see_what_somebody_became():
    known = {"substance": OPIOIDS, "tolerance": 0.8}
    table, showing, _, _ = a_week_of(known | {"weeks_abstinent": 3}, known | {"use": LAPSED})
    assert table["tolerance"].tolist() == approx([0.8 * 0.5 ** (1 / 3), 0.8 + 0.25 * 0.2])
    assert showing == [SEEN_IN_RECOVERY, SEEN_USING]


def test_whoever_dies_leaves_everything_as_it_stood_and_is_counted_once():
    state = {"substance": OPIOIDS, "cell": 12, "tolerance": 0.8, "use": LAPSED,
             "stage": TREATMENT, "modality": PSYCHOSOCIAL, "link_due": True}  # fmt: skip
    table, showing, counts, restless = a_week_of(
        state, throws={DEATH: 0, DRIFT: 0}, first=0.0, yes=[OFFER_PEER]
    )
    assert table["stage"].tolist() == [DEAD]
    assert table["tolerance"].tolist() == approx([0.8])
    assert (showing, restless) == ([GONE], [])
    assert {COUNTS[at]: n for at, n in enumerate(counts[12].tolist()) if n} == {
        "stage_dead": 1, "deaths_overdose": 1, "linked_peer": 1, "offered": 1,
    }  # fmt: skip


def test_each_week_is_lived_by_its_own_row_of_the_table_and_the_last_row_holds_for_ever():
    """Somebody who left mutual aid keeps so much of their involvement in each week."""
    table = empty_table(1)
    table[0]["stage"], table[0]["attendance"], table[0]["involvement"] = COMMUNITY, LEFT, 1.0
    weeks = [today({"involvement.kept_after_leaving_per_week": kept}) for kept in (0.9, 0.5, 0.1)]
    shown, ties = PlainTable(sights(1)), PlainTable(np.full((1, 1), OUTSIDER_USING, np.int32))
    counts = PlainTable(np.zeros((1, 6, CELLS, len(COUNTS)), np.int64))
    in_force, found = _Rows(weeks), []
    for week in range(4):
        with dice_that_answer(throws=NOBODY_DIES):
            plain(live_through)(
                PlainTable(table), ties, shown, WORKERS, GROUPS, in_force, [CURVES], counts,
                *NO_JOURNAL, PlainTable(np.zeros((0, 0))), week, week + 1,
            )  # fmt: skip
        found.append(float(table[0]["involvement"]))
    assert found == approx([0.9, 0.45, 0.045, 0.0045])


class _Rows(list):
    """Rows of a table of parameters in force."""

    @property
    def size(self):
        return len(self)


# --- who is counted where -----------------------------------------------------------------

EVERYBODY = {"stage_community", "use_abstinent"}
TIMES = [(4, "abstinent_30_days"), (13, "abstinent_90_days"), (52, "at_least_1_year"),
         (260, "at_least_5_years")]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "where"),
    [
        ({}, EVERYBODY),
        *(({"weeks_abstinent": weeks - less},
           EVERYBODY | {one + off for at, one in TIMES if at <= weeks - less
                        for off in ("", "_without_medication")})
          for weeks, _ in TIMES for less in (0, 1)),
        ({"stage": TREATMENT, "modality": MEDICATION, "weeks_abstinent": 13},
         {"stage_treatment", "treatment_medication", "use_abstinent", "medication_abstinent",
          "abstinent_30_days", "abstinent_90_days"}),
        ({"stage": TREATMENT, "modality": PSYCHOSOCIAL, "use": IN_USE, "weeks_abstinent": 13},
         {"stage_treatment", "treatment_psychosocial", "use_using"}),
        ({"discharged": True},
         EVERYBODY | {"since_discharge", "since_discharge_without_medication"}),
        ({"discharged": True, "used_since_discharge": True}, EVERYBODY),
        ({"discharged": True, "use": LAPSED}, {"stage_community", "use_lapsed"}),
        ({"attendance": TRYING}, EVERYBODY | {"attending"}),
        ({"attendance": REGULAR}, EVERYBODY | {"attending", "member"}),
        ({"attendance": INVOLVED}, EVERYBODY | {"attending", "member", "involved"}),
        ({"attendance": LEFT}, EVERYBODY),
        ({"news": FIRST_OFFER}, EVERYBODY | {"offered"}),
        ({"news": FIRST_MEETING_EVER}, EVERYBODY | {"ever_attended"}),
        ({"news": FIRST_CONNECTED}, EVERYBODY | {"connected"}),
        ({"news": FIRST_ENGAGED}, EVERYBODY | {"engaged"}),
        ({"news": OFFER_NOT_FOLLOWED}, EVERYBODY | {"offers_not_followed"}),
        ({"news": READMITTED}, EVERYBODY | {"readmissions"}),
        ({"news": CARE_BEGUN}, EVERYBODY | {"episodes"}),
        ({"news": GAVE_UP}, EVERYBODY | {"gave_up_waiting"}),
        ({"stage": DEAD, "cause": DIED_OTHER}, {"stage_dead"}),
        ({"stage": DEAD, "cause": DIED_OVERDOSE}, {"stage_dead", "deaths_overdose"}),
        ({"news": LINK_MADE, "link": PEER}, EVERYBODY | {"linked_peer"}),
    ],
)  # fmt: skip
def test_everybody_is_counted_under_what_fits_and_nowhere_else(state, where):
    counts = np.zeros((CELLS, len(COUNTS)), np.int64)
    person = somebody(cell=25, seen_company=0.376, **state)
    company = {} if person.stage == DEAD else {"company_in_recovery_percent": 38}
    plain(count)(person, PlainTable(counts), 1)
    counted = {COUNTS[at]: n for at, n in enumerate(counts[25].tolist()) if n}
    assert counted == dict.fromkeys(where, 1) | company
    assert counts.sum() == len(where) + sum(company.values())
    plain(count)(person, PlainTable(counts), -1)
    assert not counts.any()


def test_what_is_carried_on_is_what_was_counted_when_it_happened():
    assert set(COUNTS[UP_TO_NOW:]) == {
        "ever_attended", "offered", "connected", "engaged", "offers_not_followed",
        "readmissions", "episodes", "gave_up_waiting", "deaths_overdose",
    }  # fmt: skip
    before, counts = (np.zeros((CELLS, len(COUNTS)), np.int64) for _ in range(2))
    before[7], counts[7] = 5, 2
    plain(carry_over)(before, counts)
    carried = {COUNTS[at] for at, n in enumerate(counts[7].tolist()) if n == 7}
    assert carried == {"stage_dead", *COUNTS[UP_TO_NOW:]}
    assert set(counts[7].tolist()) == {2, 7}


SEEN = {"stage_waiting", "use_using"}


@pytest.mark.parametrize(
    ("arrives", "news", "counted"),
    [
        # Week 9 ends in row 10. Somebody who came in week 4 has been here for 6 weeks; the run ends
        # in row 20, which for them is week 16: what they carry on ends in week 17.
        (4, 0, {6: SEEN}),
        (4, GAVE_UP, {6: SEEN | {"gave_up_waiting"}, 17: {"less gave_up_waiting"}}),
        (0, GAVE_UP, {10: SEEN | {"gave_up_waiting"}}),
        (10, CARE_BEGUN, {0: SEEN | {"episodes"}, 11: {"less episodes"}}),
    ],
)
def test_in_an_open_system_everybody_is_counted_by_the_weeks_since_they_came_as_well(
    arrives, news, counted
):
    counts = np.zeros((2, 21, CELLS, len(COUNTS)), np.int64)
    person = somebody(stage=WAITING, use=IN_USE, arrives=arrives, news=news, seen_company=0.0)
    plain(count_week)(person, PlainTable(counts), 9, 1)
    found = {}
    for view, week, _, place in np.argwhere(counts):
        name = ("less " if counts[view, week, 0, place] < 0 else "") + COUNTS[place]
        found.setdefault((view, week), set()).add(name)
    here = counted[min(counted)]
    assert found == {(0, 10): here} | {(1, week): names for week, names in counted.items()}


@pytest.mark.parametrize(
    ("who", "cell"),
    [
        ({}, 2),  # a man of 45 with alcohol dependence and no need
        ({"age": 34.9}, 0),
        ({"age": 35.0, "psychiatric_need": True}, 3),
        ({"substance": OPIOIDS, "female": True, "age": 50.0}, 12 + 6 + 4),
        ({"substance": STIMULANTS, "female": True, "age": 70, "psychiatric_need": True}, 35),
    ],
)
def test_everybody_belongs_to_one_cell(who, cell):
    assert plain(cell_of)(somebody(**who)) == cell
