"""Fellowships and groups, by hand: docs/model.md, 7.5, 7.6, 7.10 and 7.18."""

import math

import numpy as np
import pytest

from recoverysim.codes import (
    AA,
    ALCOHOL,
    CA,
    FELLOWSHIPS,
    GENERAL,
    LEFT,
    MEDICATION,
    NA,
    NEVER,
    NO_GROUP,
    NOT_RELIGIOUS,
    OPIOIDS,
    REGULAR,
    RELIGIOUS,
    SMART,
    STIMULANTS,
    TREATMENT,
    TRYING,
    UNSURE,
)
from recoverysim.compiled import PlainTable, plain
from recoverysim.mutual_aid import fellowships, groups
from recoverysim.mutual_aid.attendance import FIRST_MEETING, go_to_mutual_aid
from recoverysim.mutual_aid.fellowships import (
    PARTICULAR,
    SECOND_TRY,
    WHICH_FELLOWSHIP,
    expected_to_suit,
    suits_on_going,
    weight,
)
from recoverysim.mutual_aid.groups import (
    CLOSES,
    COME_AND_GO,
    GIVES_UP,
    GROUP,
    OPENS,
    SPONSOR,
    WHICH_GROUP,
)
from tests.rules import SOME_DICE, answered, dice_that_answer, somebody, state_of, today

approx = pytest.approx

SUPPLY = {"aa": 8, "na": 2, "ca": 1, "smart": 0.5, "general": 4}
MEANT = {"alcohol": (1, 0.3, 0.5, 0.9, 0.8), "opioids": (0.2, 1, 0.4, 0.7, 0.6),
         "stimulants": (0.1, 0.95, 0.85, 0.75, 0.65)}  # fmt: skip
OPEN_TO_MEDICATION = (0.5, 0.6, 0.4, 1.0, 0.9)
OPEN_TO_NON_BELIEVERS = (0.1, 0.0, 0.2, 1.0, 0.7)
FIGURES = {f"fellowships.{name}.meetings_per_100000": x for name, x in SUPPLY.items()}
for place, name in enumerate(FELLOWSHIPS):
    FIGURES |= {f"fellowships.{name}.for_{one}": x[place] for one, x in MEANT.items()}
    FIGURES[f"fellowships.{name}.open_to_medication_share"] = OPEN_TO_MEDICATION[place]
    FIGURES[f"fellowships.{name}.open_to_non_believers_share"] = OPEN_TO_NON_BELIEVERS[place]
NOW = today(FIGURES)
# Of tests.rules: faith moves fit by 0.5, 0.35 are religious, 0.25 unsure, 0.40 have none.
MEAN = 0.5 * (0.35 - 0.40)
BY_FAITH = {RELIGIOUS: 0.5 - MEAN, UNSURE: -MEAN, NOT_RELIGIOUS: -0.5 - MEAN}
SHARED = math.sqrt(1 - 0.36)
NOT_FAITH = math.sqrt(1 - (0.25 * 0.75 - MEAN**2))  # sd of the rest of fit


def test_supply_moves_a_first_meeting_and_is_neutral_today():
    alcohol = 8 + 2 * 0.3 + 0.5 + 0.5 * 0.9 + 4 * 0.8
    assert list(NOW.reach.log_odds.array) == [0, 0, 0]
    assert list(NOW.reach.ratio.array) == [1, 1, 1]
    more = today(FIGURES | {"fellowships.smart.meetings_ratio": 9}).reach
    assert more.log_odds[ALCOHOL] == approx(0.25 * math.log((alcohol + 8 * 0.45) / alcohol))
    assert more.ratio[ALCOHOL] == approx(((alcohol + 8 * 0.45) / alcohol) ** 0.25)
    none = {f"fellowships.{name}.meetings_ratio": 0 for name in FELLOWSHIPS}
    assert today(FIGURES | none).reach.log_odds[OPIOIDS] == approx(0.25 * math.log(1e-6))
    off = today(FIGURES | none, off=["group_life"]).reach
    assert (off.log_odds[OPIOIDS], off.ratio[OPIOIDS]) == (0, 1)


def test_supply_moves_going_with_a_link_and_on_ones_own():
    more = today(FIGURES | {"fellowships.na.meetings_ratio": 5})
    supply = 0.2 * 8 + 2 + 0.4 + 0.35 + 2.4
    ratio = ((supply + 8) / supply) ** 0.25
    alone = answered(go_to_mutual_aid, somebody(substance=OPIOIDS), more, SOME_DICE)
    assert alone[FIRST_MEETING] == approx(0.001 * ratio)
    back = somebody(substance=OPIOIDS, attendance=LEFT, weeks_since_meeting=100)
    assert answered(go_to_mutual_aid, back, more, SOME_DICE)[FIRST_MEETING] == approx(0.004 * ratio)


@pytest.mark.parametrize("faith", [RELIGIOUS, UNSURE, NOT_RELIGIOUS])
@pytest.mark.parametrize("fellowship", range(5))
def test_how_well_a_fellowship_may_suit(faith, fellowship):
    rest = SHARED * (0.9 - BY_FAITH[faith])
    faith_there = (1 - OPEN_TO_NON_BELIEVERS[fellowship]) * BY_FAITH[faith]
    person = somebody(fit=0.9, faith=faith)
    expected = plain(expected_to_suit)
    assert expected(person, fellowship, NOW) == approx(rest + faith_there)
    medicated = somebody(fit=0.9, faith=faith, stage=TREATMENT, modality=MEDICATION)
    stigma = 0.45 * (1 - OPEN_TO_MEDICATION[fellowship])
    assert expected(medicated, fellowship, NOW) == approx(rest + faith_there - stigma)
    without = today(FIGURES, off=["stigma_of_medication"])
    assert expected(medicated, fellowship, without) == approx(rest + faith_there)
    assert expected(person, fellowship, today(FIGURES, off=["fit"])) == 0


def test_what_is_particular_to_a_fellowship_is_found_by_going_and_lasts():
    person = somebody(fit=0.9, faith=NOT_RELIGIOUS)
    with dice_that_answer(throws={PARTICULAR + np.uint64(NA): 1.5}):
        closed, open_to_all = (plain(suits_on_going)(person, NA, x, NOW) for x in (True, False))
    found = SHARED * (0.9 - BY_FAITH[NOT_RELIGIOUS]) + 0.6 * NOT_FAITH * 1.5
    assert open_to_all == approx(found)
    assert closed == approx(found + BY_FAITH[NOT_RELIGIOUS])


def test_over_everybody_a_group_suits_as_mutual_aid_does_on_average():
    """Mean 0 and, where faith counts, variance 1, whatever is particular: 20,000 people."""
    rng, total = np.random.default_rng(1), []
    for _ in range(20_000):
        faith = rng.choice([RELIGIOUS, UNSURE, NOT_RELIGIOUS], p=[0.35, 0.25, 0.40])
        fit = BY_FAITH[faith] + NOT_FAITH * rng.standard_normal()
        rest = SHARED * (fit - BY_FAITH[faith]) + 0.6 * NOT_FAITH * rng.standard_normal()
        total.append(rest + BY_FAITH[faith])
    assert np.mean(total) == approx(0, abs=0.03)
    assert np.var(total) == approx(1, abs=0.04)


@pytest.mark.parametrize("substance", [ALCOHOL, OPIOIDS, STIMULANTS])
def test_a_fellowship_draws_by_supply_by_what_it_is_meant_for_and_by_fit(substance):
    person = somebody(fit=0.9, faith=NOT_RELIGIOUS, substance=substance)
    meant = MEANT[("alcohol", "opioids", "stimulants")[substance]]
    for fellowship, supply in enumerate(SUPPLY.values()):
        suits = plain(expected_to_suit)(person, fellowship, NOW)
        drawn = plain(weight)(person, fellowship, NOW, -math.inf)
        assert drawn == approx(supply * meant[fellowship] * math.exp(0.7 * suits))
        assert plain(weight)(person, fellowship, NOW, suits) == 0  # no better than this


def chosen(thrown, person, now=NOW, rule=fellowships.have_a_fellowship_in_mind):
    with dice_that_answer(throws={WHICH_FELLOWSHIP: thrown}):
        plain(rule)(person, now, SOME_DICE)
    return person.fellowship


def test_one_throw_chooses_in_proportion():
    def person():
        return somebody(fit=0.0, faith=UNSURE)

    weights = [plain(weight)(person(), one, NOW, -math.inf) for one in range(5)]
    edges = np.cumsum(weights) / sum(weights)
    for fellowship, edge in enumerate(edges):
        assert chosen(edge - 1e-9, person()) == fellowship
        if fellowship < GENERAL:
            assert chosen(edge + 1e-9, person()) == fellowship + 1
    someone = person()
    chosen(0.0, someone)
    assert someone.suits == approx(plain(expected_to_suit)(person(), AA, NOW))


def test_with_no_supply_nobody_has_a_fellowship_in_mind():
    none = {f"fellowships.{name}.meetings_ratio": 0 for name in FELLOWSHIPS}
    assert chosen(0.5, somebody(), today(FIGURES | none)) == -1


def test_whoever_leaves_looks_elsewhere_as_far_as_there_is_what_may_suit_better():
    person = somebody(fit=0.0, faith=NOT_RELIGIOUS, attendance=TRYING, fellowship=AA, suits=0.05)
    expected = [plain(expected_to_suit)(person, one, NOW) for one in range(5)]
    assert [one > 0.05 for one in expected] == [False, False, False, True, True]
    weights = [plain(weight)(person, one, NOW, -math.inf) for one in range(1, 5)]
    aa = 8 * math.exp(0.7 * 0.05)  # how it was, not how it might have been
    asked = answered(fellowships.leave_a_fellowship, person, NOW, SOME_DICE, yes=[SECOND_TRY])
    assert asked[SECOND_TRY] == approx(sum(weights[2:]) / (aa + sum(weights)))
    assert state_of(person, "attendance", "looks_elsewhere") == (LEFT, True)
    assert chosen(0.999, person, rule=fellowships.try_another) == GENERAL
    assert not person.looks_elsewhere


def test_whoever_met_stigma_remembers_it():
    person = somebody(suits=0.5, fellowship=NA, attendance=TRYING, meets_stigma=True,
                      stage=TREATMENT, modality=MEDICATION)  # fmt: skip
    answered(fellowships.leave_a_fellowship, person, NOW, SOME_DICE)
    assert state_of(person, "suits", "meets_stigma") == (approx(0.5 - 0.45), False)


@pytest.mark.parametrize(
    ("weeks", "looks", "hazard"), [(10, True, 0.015), (11, True, 0.004), (10, False, 0.004)]
)
def test_a_second_try_comes_within_12_weeks_or_not(weeks, looks, hazard):
    person = somebody(attendance=LEFT, weeks_since_meeting=weeks, looks_elsewhere=looks)
    asked = answered(go_to_mutual_aid, person, today(), SOME_DICE)
    assert asked[FIRST_MEETING] == approx(hazard)


# --- groups -------------------------------------------------------------------------------


def some_groups(*changes, fellowship=NA, before=AA):
    """Groups of one fellowship, open unless said, behind one closed group of another."""
    table = np.zeros(len(changes) + 1, GROUP)
    table["first"], table["last"], table["fellowship"] = 1, len(table), fellowship
    table["room"], table["all_open_before"] = len(table) - 1, 1
    table[0]["first"], table[0]["last"], table[0]["fellowship"] = 0, 1, before
    table[0]["room"], table[0]["all_open_before"] = 1, 0
    for row, change in enumerate(changes, 1):
        usual = {"open": True, "outside": 16, "usual_outside": 16, "experienced_share": 0.6,
                 "usual_experienced_share": 0.6, "luck": row}  # fmt: skip
        for name, value in (usual | change).items():
            table[row][name] = value
    return table


def come_and_go(table, drawn=0.0):
    with dice_that_answer(throws={COME_AND_GO: drawn}):
        plain(groups.members_come_and_go)(PlainTable(table), 1, NOW, 7)


def test_members_outside_and_culture_drift_back():
    table = some_groups({"outside": 20, "experienced_share": 0.3})
    come_and_go(table, -1.2)
    assert table[1]["outside"] == approx(20 - 0.025 * 4 - 0.5 * 1.2)
    assert table[1]["experienced_share"] == approx(0.3 + 0.025 * 0.3)


@pytest.mark.parametrize(("members", "stays"), [(0, False), (1, True)])
def test_a_group_with_fewer_than_three_closes_and_clients_count(members, stays):
    table = some_groups({"outside": 2.1, "usual_outside": 2.1, "members": members})
    come_and_go(table)
    assert table[1]["open"] == stays


def test_a_crowded_group_opens_another_like_itself():
    table = some_groups({"outside": 28, "usual_outside": 28, "members": 3, "experienced_share": 0.9,
                         "usual_experienced_share": 0.9, "medication_turn": 0.8,
                         "faith_turn": 0.3}, {"open": False})  # fmt: skip
    told = {groups.SIZE: 0.2, groups.OWN_CULTURE: 0.5, groups.OPEN_TO_MEDICATION: 0.1,
            groups.OPEN_TO_NON_BELIEVERS: 0.1, COME_AND_GO: 0.0}  # fmt: skip
    with dice_that_answer(throws=told):
        plain(groups.members_come_and_go)(PlainTable(table), 1, NOW, 7)
    assert table["open"].tolist() == [False, True, True]
    assert table["outside"].tolist() == approx([0, 14, 14])
    same = ("experienced_share", "medication_turn", "faith_turn")
    assert [table[2][one] for one in same] == [table[1][one] for one in same]
    full = some_groups({"outside": 28, "usual_outside": 28, "members": 3})
    come_and_go(full)  # no room in the table: everybody stays
    assert full[1]["outside"] == 28


def test_the_first_closed_row_is_found_where_the_last_search_left_off():
    crowd = {"outside": 28, "usual_outside": 28, "members": 3}
    table = some_groups(crowd, {}, {"open": False}, {"open": False}, {})
    told = {groups.SIZE: 0.2, groups.OWN_CULTURE: 0.5, groups.OPEN_TO_MEDICATION: 0.1,
            groups.OPEN_TO_NON_BELIEVERS: 0.1}  # fmt: skip
    with dice_that_answer(throws=told):
        plain(groups.divide)(PlainTable(table), 1, NOW, 7)
        assert table["open"].tolist()[1:] == [True, True, True, False, True]
        plain(groups.close_group)(PlainTable(table), 2)  # a row that was passed already
        plain(groups.divide)(PlainTable(table), 1, NOW, 7)
        assert table["open"].tolist()[1:] == [True, True, True, False, True]
        for _ in range(2):
            plain(groups.divide)(PlainTable(table), 1, NOW, 7)
    assert table["open"].tolist()[1:] == [True] * 5
    assert table[1]["all_open_before"] == 6


def test_a_new_group_has_its_own_size_and_few_who_have_recovered_for_long():
    table = some_groups({"open": False})
    told = {groups.SIZE: 0.2, groups.OWN_CULTURE: 0.75, groups.OPEN_TO_MEDICATION: 0.4,
            groups.OPEN_TO_NON_BELIEVERS: 0.6}  # fmt: skip
    with dice_that_answer(throws=told):
        plain(groups.open_group)(PlainTable(table)[1], NOW, SOME_DICE)
    one = PlainTable(table)[1]
    assert state_of(one, "open", "outside", "medication_turn", "faith_turn") == (
        True, approx(16 * 0.7), approx(0.4), approx(0.6),
    )  # fmt: skip
    assert one.usual_experienced_share == approx(0.6 + 0.2 * 0.5)
    assert one.experienced_share == approx(0.55 * 0.7)


def test_groups_open_towards_supply_and_close_where_there_are_too_many():
    people = 2.5 / 2 * 100_000  # NA: 2 for each 100,000, so 3 groups after rounding
    assert plain(groups.wanted)(NA, people, NOW) == 3
    table = some_groups({}, {"open": False}, {"open": False}, {"open": False}, {"open": False})
    with dice_that_answer() as asked:
        plain(groups.open_or_close_some)(PlainTable(table), 1, 6, 1, 2, NOW, 7)
    assert asked == {OPENS: approx(0.02 * 2 / 4)}
    table = some_groups({}, {}, {}, {"open": False})
    with dice_that_answer(yes=[CLOSES]) as asked:
        plain(groups.open_or_close_some)(PlainTable(table), 1, 5, 3, -2, NOW, 7)
    assert asked == {CLOSES: approx(0.02 * 2 / 3)}
    assert not table["open"].any()


@pytest.mark.parametrize(
    ("weeks", "at_the_start", "people"), [(0, 0, 400_000), (40, 0, 400_000), (520, 0.2, 32_000)]
)
def test_the_area_is_that_of_whoever_comes_in_a_year(weeks, at_the_start, people):
    now = today({"arrivals.over_weeks": weeks, "arrivals.at_the_start_share": at_the_start})
    assert plain(groups.people_of_the_area)(1000, now) == approx(people)


def test_stock_is_taken_of_culture_and_of_who_can_sponsor():
    now = today(FIGURES | {"groups.usual_sponsored_share": 0.35})
    table = some_groups({"outside": 14, "members": 6, "experienced": 2, "sponsored": 1})
    plain(groups.take_stock)(PlainTable(table)[1], now)
    assert table[1]["culture"] == approx((14 * 0.6 + 2) / 20 - 0.6 * 0.8)
    assert table[1]["can_sponsor"] == int(0.5 * (14 * 0.6 + 2) - 14 * 0.4 * 0.35)
    assert table[1]["free"] == table[1]["can_sponsor"] - 1


def meet(person, table, now=NOW, yes=(), thrown=0.0):
    told = {WHICH_GROUP: thrown} | {PARTICULAR + np.uint64(one): 0.0 for one in range(5)}
    with dice_that_answer(yes=yes, throws=told) as asked:
        plain(groups.go_to_a_group)(person, PlainTable(table), now, SOME_DICE)
    return asked


def member(**state):
    return somebody(**({"attendance": REGULAR, "fellowship": NA, "group": 1} | state))


def test_whoever_goes_finds_the_next_open_group_of_their_fellowship():
    table = some_groups({}, {"open": False}, {"faith_turn": 0.9}, {})
    person = somebody(attendance=TRYING, fellowship=NA, fit=0.9, faith=NOT_RELIGIOUS)
    meet(person, table, thrown=0.25)  # the second place of four, which is closed
    assert (person.group, table["members"].tolist()) == (3, [0, 0, 0, 1, 0])
    expected = SHARED * (0.9 - BY_FAITH[NOT_RELIGIOUS]) + BY_FAITH[NOT_RELIGIOUS]
    assert person.suits == approx(expected)
    last = somebody(attendance=TRYING, fellowship=NA)
    meet(last, table, thrown=0.9999)
    assert last.group == 4


def test_openness_to_people_without_a_faith_is_a_share_of_groups():
    for turn, moved in ((0.19, False), (0.21, True)):
        table = some_groups({"faith_turn": turn}, fellowship=CA)
        person = somebody(attendance=TRYING, fellowship=CA, faith=NOT_RELIGIOUS)
        meet(person, table)
        alone = -SHARED * BY_FAITH[NOT_RELIGIOUS]
        assert person.suits == approx(alone + moved * BY_FAITH[NOT_RELIGIOUS])


def test_with_no_open_group_somebody_goes_elsewhere_as_was_expected():
    person = somebody(attendance=TRYING, fellowship=NA, suits=0.7)
    meet(person, some_groups({"open": False}))
    assert state_of(person, "attendance", "group", "suits", "culture") == (
        TRYING, NO_GROUP, 0.7, 0,
    )  # fmt: skip


@pytest.mark.parametrize(("yes", "group", "attendance"), [((), 2, REGULAR), ([GIVES_UP], -1, LEFT)])
def test_a_group_that_closes_loses_some_members_and_the_others_find_another(yes, group, attendance):
    table = some_groups({"open": False}, {"culture": 0.2})
    person = member(sponsor=True, culture=0.1, meets_stigma=True)
    asked = meet(person, table, yes=yes)
    assert asked[GIVES_UP] == 0.15
    assert state_of(person, "group", "attendance", "sponsor", "meets_stigma") == (
        group, attendance, False, False,
    )  # fmt: skip
    assert person.culture == approx(0.2 if group > 0 else 0)


def test_whoever_stops_going_leaves_group_and_sponsor():
    table = some_groups({})
    person = member(attendance=LEFT, sponsor=True, culture=0.1)
    meet(person, table)
    assert state_of(person, "group", "sponsor", "culture") == (NO_GROUP, False, 0)
    assert table[1]["members"] == 0
    nobody = somebody(attendance=NEVER)
    assert meet(nobody, table) == {}
    assert nobody.group == NO_GROUP


def test_members_are_counted_and_the_experienced_among_them():
    table = some_groups({"culture": -0.1})
    for weeks in (51, 52, 60):
        meet(member(weeks_abstinent=weeks), table)
    assert (table[1]["members"], table[1]["experienced"]) == (3, 2)


def test_a_sponsor_is_found_while_somebody_is_free_and_by_members_only():
    table = some_groups({"can_sponsor": 1, "free": 1})
    trying, first, second = member(attendance=TRYING), member(), member()
    asked = [meet(one, table, yes=[SPONSOR]) for one in (trying, first, second)]
    assert asked == [{}, {SPONSOR: 0.018}, {}]
    assert [one.sponsor for one in (trying, first, second)] == [False, True, False]
    assert (table[1]["sponsored"], table[1]["free"]) == (1, 0)


def test_where_sponsors_have_left_the_last_to_come_are_without():
    table = some_groups({"can_sponsor": 1})
    first, second = member(sponsor=True), member(sponsor=True)
    for one in (first, second):
        meet(one, table)
    assert (first.sponsor, second.sponsor, table[1]["sponsored"]) == (True, False, 1)


@pytest.mark.parametrize(("turn", "stigma"), [(0.59, False), (0.61, True)])
def test_on_medication_somebody_is_welcome_in_groups_that_are_open_to_it(turn, stigma):
    table = some_groups({"medication_turn": turn})
    person = member(stage=TREATMENT, modality=MEDICATION)
    meet(person, table)
    assert person.meets_stigma == stigma
    person.modality = -1
    meet(person, table)
    assert not person.meets_stigma
    off = today(FIGURES, off=["stigma_of_medication"])
    person = member(stage=TREATMENT, modality=MEDICATION)
    meet(person, table, off)
    assert not person.meets_stigma


def test_a_fellowship_has_room_for_its_largest_supply():
    table = np.array([NOW._row, today(FIGURES | {"fellowships.smart.meetings_ratio": 10})._row])
    found = groups.empty_groups(table, 1000)  # 400,000 people
    slots = np.bincount(found["fellowship"])
    assert slots.tolist() == [2 + int(1.25 * 4 * x) for x in (8, 2, 1, 5, 4)]
    assert (found["first"][found["fellowship"] == SMART] == slots[:3].sum()).all()
    assert not found["open"].any()
