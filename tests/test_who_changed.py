"""Who changed between two worlds: sums that meet the comparison to the person, and steps."""

from types import SimpleNamespace

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.cells import ALL, GROUPS
from recoverysim.clients import COLUMNS, empty_table
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    IN_USE,
    MEDICATION,
    PEER,
    TREATMENT,
    TRYING,
    USING,
    WAITING,
)
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT
from recoverysim.plan import Plan
from recoverysim.settings import LAYOUT, MECHANISMS
from recoverysim.studies import parting
from recoverysim.studies.changes import Changes
from recoverysim.studies.journey import journey
from recoverysim.studies.parting import NO_PART_OF_A_LIFE, SHOWN_BY, STEPS, Partings
from recoverysim.studies.ratios import needed_among
from recoverysim.studies.reckoning import weeks_reckoned
from recoverysim.studies.who_changed import (
    CHANGED,
    Followed,
    WhoChanged,
    changed_people,
    in_recovery,
    totals,
    who_changed,
)

SETTINGS = {"clients": 400, "years": 3, "repeats": 4, "seed": 3}
DEFINITION = "abstinent_90_days"
TODAY = rs.load("baseline")


def other(settings):
    return TODAY.replace(settings, name="other")


STRONG = {"mutual_aid.total_log_hazard_ratio": 3.0}  # so that many people change
LATER = {
    "linkage.peer.offered_share": {"value": 1.0, "from_week": 60},
    "return_to_use.on_medication_hazard_ratio": {"value": 0.05, "from_week": 60},
}


FEWER = {"places.psychosocial.per_1000": 2, "places.medication.per_1000": 20}
PAIRS = {
    "peer": (TODAY.replace(STRONG), rs.load("peer-introduction").replace(STRONG)),
    "cut": (TODAY.replace(STRONG), rs.load("cut-linkage").replace(STRONG)),
    "from a later week": (TODAY, other(LATER)),
    "an open system with queues": (
        rs.load("local-area"), rs.load("local-area").replace(FEWER, name="fewer")
    ),
    "from few places to as many as are asked for": (rs.load("local-area"),
                                                    rs.load("local-area").replace(
                                                        {"mechanisms.places": False}, name="all")),
    "other people": (TODAY, other({"population.psychiatric_need_share": 0.9})),
}  # fmt: skip


# --- sums ---------------------------------------------------------------------------------


@pytest.mark.parametrize("definition", [DEFINITION, "since_discharge_without_medication"])
@pytest.mark.parametrize("name", PAIRS)
def test_the_sums_are_the_differences_that_compare_reports_to_the_person(name, definition):
    one, other = PAIRS[name]
    pair = rs.compare(other, baseline=one, definition=definition, **SETTINGS)
    (contrast,) = pair.contrasts
    found = contrast.changes.found
    at, group = weeks_reckoned(found.years), list(GROUPS).index(ALL)
    frame = pair.who_changed()
    changed = 0
    for place, year in enumerate(found.years):
        row = at.index(52 * year)
        more = {
            counted: contrast.scenario.reckoned.now[:, row, group, AT[counted]]
            - contrast.baseline.reckoned.now[:, row, group, AT[counted]]
            for counted in (definition, "offered", "connected")
        }
        mine = found.people[found.people["year"] == year]
        assert contrast.changes.net(mine).tolist() == more[definition].tolist()
        assert found.offered[:, place].tolist() == more["offered"].tolist()
        assert found.connected[:, place].tolist() == more["connected"].tolist()
        came = contrast.baseline.reckoned.started[:, row, group]
        assert found.started[:, place].tolist() == came.tolist()
        for split in ("step", "who"):
            rest = ({"step", "who"} - {split}).pop()
            rows = [
                one for one in frame.to_dicts()
                if one["year"] == year and one[split] != "all" and one[rest] == "all"
            ]  # fmt: skip
            people = sum(one["people_gained"] - one["people_lost"] for one in rows)
            assert people == more[definition].sum()
            assert sum(one["net"] for one in rows) == pytest.approx(
                contrast.row("in_recovery", year).difference
            )
        changed += len(mine)
    assert changed > 5


def test_nobody_parts_before_a_change_begins():
    found = who_changed(*PAIRS["from a later week"], Plan(400, 3, 4, 3), DEFINITION).people
    assert set(found["year"]) == {2, 3}
    assert found["week"].min() == 60  # alike until then, and first apart after week 61


def test_with_no_difference_nobody_changes():
    pair = rs.compare(TODAY.replace({}, name="again"), who=True, **SETTINGS)
    changes = pair.contrasts[0].changes
    assert len(changes.found.people) == 0
    assert {(row.step, row.who, row.people_gained, row.net) for row in changes.rows()} == {
        ("all", "all", 0, 0.0)
    }
    assert len(pair.changed_people()) == 0
    assert {row.value for row in needed_among(changes)} == {None}


def test_threads_change_nothing():
    plans = [Plan(300, 2, 5, 3, threads=threads) for threads in (1, 2)]
    one, two = (who_changed(*PAIRS["peer"], plan, DEFINITION) for plan in plans)
    assert len(one.people) > 0
    assert (one.people == two.people).all()
    assert (one.offered == two.offered).all()
    assert (one.connected == two.connected).all()


# --- steps --------------------------------------------------------------------------------


def steps(one, other, years=3, **plan):
    found = who_changed(one, other, Plan(1000, years, 4, 3, knowledge="prior", **plan), DEFINITION)
    return {STEPS[step] for step in np.unique(found.people["step"])}


NO_SPILL_OVER = {"mechanisms.company": False, "mechanisms.group_life": False}


def test_without_company_and_groups_nobody_changes_through_others():
    pair = [one.replace(NO_SPILL_OVER) for one in PAIRS["peer"]]
    assert steps(*pair) == {"offered"}
    assert steps(*PAIRS["peer"]) == {"offered", "through others"}


@pytest.mark.parametrize("on", NO_SPILL_OVER)
def test_company_alone_and_groups_alone_reach_others(on):
    pair = [one.replace(NO_SPILL_OVER | {on: True}) for one in PAIRS["peer"]]
    assert steps(*pair) == {"offered", "through others"}


# Whom it seems to suit, and whom it does, is counted from the average over everybody.
OF_PEOPLE = {"who they are", "offered", "attended", "involved"}


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ({"on_the_premises.held_share": 0.0}, {"offered", "attended"}),
        ({"on_the_premises.goes_share": 0.0}, {"attended"}),
        ({"attendance.become_regular_per_week": 0.5}, {"attended"}),
        ({"involvement.growth_per_week": 0.2}, {"involved"}),
        ({"recovery_capital.growth_per_week": 0.1}, {"capital"}),
        ({"return_to_use.in_treatment_hazard_ratio": 0.5}, {"return to use"}),
        ({"treatment.residential.retained_share": 0.9}, {"care"}),
        ({"company.change_as_member_per_week": 0.3}, {"company"}),
        ({"mechanisms.company": False}, {"company"}),
        ({"population.psychiatric_need_share": 0.9}, OF_PEOPLE),
        ({"deaths.opioids.overdose_using": 300.0}, {"death"}),
        ({"recovery_housing.offered_share": 1.0}, {"support"}),
    ],
)
def test_a_change_of_one_rule_parts_twins_by_its_step(settings, by):
    """Spill-over there may be: whoever a changed person reaches changes through others."""
    much = STRONG | {"on_the_premises.held_share": 1.0, "on_the_premises.carry_over_log_odds": 4.0}
    found = steps(TODAY.replace(much), other(much | settings))
    assert by & found, found
    assert found <= by | {"through others"}


def test_where_the_rules_of_use_differ_use_is_not_laid_upon_others():
    """What others moved beside it, offers, meetings and asking for help, is switched off."""
    rest = {"mechanisms.practitioners": False, "mechanisms.group_life": False,
            "using.seeks_help_when_seeing_recovery_log_ratio": 0}  # fmt: skip
    pair = TODAY.replace(rest), other(rest | {"return_to_use.in_treatment_hazard_ratio": 0.3})
    assert steps(*pair) == {"return to use"}


def test_a_place_that_somebody_else_gave_up_is_got_through_others():
    """The twins of the few places differ in deaths alone; places are freed for others by them."""
    few = {"places.psychosocial.per_1000": 30} | NO_SPILL_OVER
    deadly = {"deaths.alcohol.overdose_using": 200.0}
    pair = TODAY.replace(few), TODAY.replace(few | deadly, name="deadly")
    assert steps(*pair) == {"death", "through others"}
    free = TODAY.replace(NO_SPILL_OVER)
    assert steps(free, free.replace(deadly, name="deadly")) == {"death"}


@pytest.mark.parametrize("pair", ["peer", "an open system with queues"])
def test_lives_lived_one_by_one_say_the_same(pair):
    """Another route: the journeys of people who changed, read row by row."""
    one, other = PAIRS[pair]
    plan = Plan(400, 3, 4, 3)
    people = Changes(who_changed(one, other, plan, DEFINITION), np.arange(4)).people().to_dicts()
    own = [column for columns in SHOWN_BY.values() for column in columns]
    looked = 0
    for person in people[:: max(1, len(people) // 6)]:
        lives = journey(one, person["client"], plan, versus=other, repeat=person["repeat"]).lives
        rows = [life.rows for life in lives]
        weeks = [mine["weeks_abstinent"][52 * person["year"]] for mine in rows]
        alive = [mine["stage"][52 * person["year"]] < DEAD for mine in rows]
        well = [week >= 13 and there for week, there in zip(weeks, alive, strict=True)]
        assert well == ([False, True] if person["change"] == "gained" else [True, False])
        differs = np.zeros(len(rows[0]), bool)
        for column in own:
            differs |= rows[0][column] != rows[1][column]
        assert max(0, differs.argmax() - 1) == person["parted_week"]
        first = rows[0][differs.argmax()], rows[1][differs.argmax()]
        if person["step"] == "offered":
            assert any(first[0][name] != first[1][name] for name in SHOWN_BY[parting.OFFERED])
        looked += 1
    assert looked >= 3


# --- by hand ------------------------------------------------------------------------------

RULES = np.zeros(10, LAYOUT)


def two_tables():
    """Two worlds of eleven people who stand alike: in the community, abstinent for 13 weeks."""
    tables = [empty_table(11) for _ in range(2)]
    for people in tables:
        people["key"] = np.arange(1, 12)
        people["stage"], people["use"], people["weeks_abstinent"] = COMMUNITY, ABSTINENT, 13
    return tables


def worlds_of(tables, week, rules=(RULES, RULES)):
    return [
        SimpleNamespace(clients=people, week=week, table=table, scenario=TODAY, plugged=None)
        for people, table in zip(tables, rules, strict=True)
    ]


def rules_of(*sections):
    """Rules that differ from RULES in some sections, in the same weeks."""
    rules = RULES.copy()
    for section in sections:
        rules[section] = 1
    return rules


# What befalls each person in the second world, and by which step they then part.
BEFALLS = (
    ({}, None),
    ({"link": PEER, "attendance": TRYING, "use": IN_USE}, "offered"),
    ({"attendance": TRYING, "use": IN_USE}, "attended"),
    ({"involvement": 0.5}, "involved"),
    ({"identity": 0.5, "use": IN_USE}, "capital"),
    ({"use": IN_USE, "weeks_abstinent": 0, "stage": USING}, "return to use"),
    ({"stage": TREATMENT, "modality": MEDICATION, "use": IN_USE}, "care"),
    ({"stage": DEAD}, "death"),
    ({"stage": WAITING, "weeks_using": 3}, "care"),
    ({"housed": True}, "support"),
    ({"housed": True, "stage": TREATMENT}, "care"),
)


EACH_STEP = ("return_to_use", "linkage", "care", "attendance", "involvement")


def test_by_which_step_people_made_by_hand_part():
    one, two = two_tables()
    for row, (state, _) in enumerate(BEFALLS):
        for name, value in state.items():
            two[name][row] = value
    worlds = worlds_of((one, two), 7, (RULES, rules_of(*EACH_STEP)))
    found = Partings(*worlds)
    found.look()
    said = [STEPS[step] if step >= 0 else None for step in found.step]
    assert said == [step for _, step in BEFALLS]
    assert found.week.tolist() == [0] + [6] * 10

    # Whoever has parted stays so; with the same rules, only others can bring about the rest.
    same = Partings(*worlds_of((one, two), 7))
    same.look()
    said = [STEPS[step] if step >= 0 else None for step in same.step]
    moved = {"offered", "attended", "involved", "return to use", "care"}
    assert said == ["through others" if step in moved else step for _, step in BEFALLS]
    two["use"] = IN_USE
    for world in same.worlds:
        world.week = 8
    same.look()
    assert same.week.tolist() == [7] + [6] * 10
    assert STEPS[same.step[0]] == "through others"


def test_rules_that_differed_for_a_while_are_not_forgotten():
    one, two = two_tables()
    worlds = worlds_of((one, two), 1)
    worlds[1].table = np.concatenate([rules_of("return_to_use"), RULES])
    found = Partings(*worlds)
    found.look()
    two["use"] = IN_USE
    for world in worlds:
        world.week = 30
    found.look()
    assert {STEPS[step] for step in found.step} == {"return to use"}


def test_who_is_in_recovery_by_each_definition():
    people = empty_table(5)
    people["stage"] = COMMUNITY, COMMUNITY, TREATMENT, DEAD, COMMUNITY
    people["use"] = ABSTINENT, ABSTINENT, ABSTINENT, ABSTINENT, IN_USE
    people["weeks_abstinent"] = 12, 52, 60, 60, 60
    people["modality"][2] = MEDICATION
    people["discharged"] = True
    people["used_since_discharge"][1] = True
    expected = {
        "abstinent_30_days": [1, 1, 1, 0, 0], "abstinent_90_days": [0, 1, 1, 0, 0],
        "at_least_1_year": [0, 1, 1, 0, 0], "at_least_1_year_without_medication": [0, 1, 0, 0, 0],
        "since_discharge": [1, 0, 1, 0, 0], "at_least_5_years": [0, 0, 0, 0, 0],
    }  # fmt: skip
    for definition, well in expected.items():
        assert in_recovery(people, definition).tolist() == [bool(one) for one in well]


def test_everybody_is_seen_so_many_years_after_they_came():
    """Two people, of whom one comes in week 10 and is not followed for two years."""
    tables, seen = [empty_table(2) for _ in range(2)], []
    for number, people in enumerate(tables):
        people["key"], people["arrives"], people["use"] = (1, 2), (0, 10), ABSTINENT
        people["stage"] = COMMUNITY
        one = Followed(people, (1, 2), DEFINITION)
        for week in range(105):
            people["weeks_abstinent"] = (20 * number, 20 if week >= 62 + number else 0)
            people["ever_offered"] = (number, week >= 60)
            one.look(people, week)
        seen.append(one)
    assert seen[0].there.tolist() == [[True, True], [True, False]]
    assert seen[0].recovered.tolist() == [[False, True], [False, False]]
    found = Partings(*worlds_of(tables, 0))
    found.step[:], found.week[:] = parting.OFFERED, 3
    changed = changed_people(*seen, found)
    assert changed[["client", "year", "gain", "offered"]].tolist() == [
        (1, 1, 1, 1), (2, 1, -1, 0), (1, 2, 1, 1),
    ]  # fmt: skip
    assert totals(*seen).tolist() == [[2, 1, 0], [1, 1, 0]]


def a_pair(people, offered, connected, repeats=4):
    """What 100 people in each repeat did in a year: (repeat, gain, offered, connected) each."""
    found = np.zeros(len(people), CHANGED)
    found["year"], found["week"], found["arrives"] = 1, np.arange(len(people)), 2
    for name, values in zip(("repeat", "gain", "offered", "connected"), zip(*people), strict=True):
        found[name] = values
    plan = Plan(100, 1, repeats, knowledge="none")
    each = np.full((repeats, 1), 100), np.array(offered)[:, None], np.array(connected)[:, None]
    return Changes(WhoChanged(plan, DEFINITION, found, *each), np.zeros(repeats, int))


def test_numbers_needed_count_only_the_people_concerned():
    """In each repeat 20 more offered and 6 more connected. Of the offered 2 gain, one of them
    connected; one who was offered nothing gains and is connected; two others lose. They came in
    week 2 of the run, and parted in weeks 0 to 19 of it."""
    people = []
    for repeat in range(4):
        people += [(repeat, 1, 1, 1), (repeat, 1, 1, 0), (repeat, 1, 0, 1)]
        people += [(repeat, -1, 0, 0)] * 2
    changes = a_pair(people, [20, 22, 20, 18], [6, 6, 6, 6])
    offered, connected = needed_among(changes)
    assert (offered.measure, connected.measure) == (
        "number_needed_of_the_offered", "number_needed_to_connect"
    )  # fmt: skip
    assert offered.value == pytest.approx(20 / 2)
    assert connected.value == pytest.approx(6 / 2)
    assert connected.low == connected.high == pytest.approx(3)
    assert offered.low < 10 < offered.high
    everybody = next(row for row in changes.rows() if (row.step, row.who) == ("all", "all"))
    assert (everybody.gained, everybody.lost, everybody.net) == pytest.approx((30, 20, 10))
    assert (everybody.people_gained, everybody.people_lost) == (12, 8)
    # 0, 0, 0, 1, 2 … 17 weeks after they came: the fifth, the tenth and the fifteenth of twenty.
    quartiles = everybody.alike_lower_quartile, everybody.alike_median
    assert (*quartiles, everybody.alike_upper_quartile) == (2, 7, 12)
    newly = next(row for row in changes.rows() if row.who == "newly offered")
    assert newly.net == pytest.approx(20)


def test_a_number_needed_is_unbounded_where_the_gain_may_be_nothing():
    people = [(0, 1, 1, 1), (1, 1, 1, 1), (2, -1, 1, 1), (3, 1, 1, 1)]
    for row in needed_among(a_pair(people, [20] * 4, [9] * 4)):
        assert row.value is not None
        assert (row.low, row.high, row.luck_low, row.luck_high) == (None,) * 4


# --- what the model may grow into -------------------------------------------------------------

# Columns that are looked at by no step, and why they need not be.
FOLLOW = {  # from a column that is looked at, in the same week
    "ever_attended", "ever_offered", "connected", "engaged", "meetings", "episodes", "discharged",
    "used_since_discharge", "came_of_link", "link_due", "stays", "weeks_since_help",
    "weeks_since_discharge", "comes_from_detox", "cause",
}  # fmt: skip
LEAD = {  # to one that is, and are nothing in a life until then
    "worker", "worker_role", "worker_leans", "waits_for", "weeks_in_queue", "wants",
    "wants_modality", "ending", "seen_company", "tolerance", "news", "suits", "culture", "group",
    "fellowship", "sponsor", "meets_stigma", "looks_elsewhere",
}  # fmt: skip


def test_every_column_belongs_to_a_step_or_is_left_out_with_a_reason():
    looked_at = {name for columns in SHOWN_BY.values() for name in columns}
    looked_at |= {*parting.AT_THE_START, *parting.LATER}
    names = {column.name for column in COLUMNS}
    left_out = FOLLOW | LEAD | set(NO_PART_OF_A_LIFE)
    assert not looked_at & left_out
    assert looked_at | left_out == names


def test_every_rule_that_is_named_is_there():
    sections = {*LAYOUT.names, *MECHANISMS}
    sections |= {f"{name}.{key}" for name in LAYOUT.names for key in LAYOUT[name].names}
    named = set().union(*parting.RULES_OF_OTHER_STEPS.values(), parting.OF_COMPANY)
    assert named <= sections


def test_worlds_of_the_same_rules_have_none_that_differ():
    again = TODAY.replace({}, name="again")
    values = central_values()
    tables = [one.table(values) for one in (TODAY, again)]
    worlds = worlds_of(two_tables(), 0, tables)
    found = Partings(*worlds)
    found.look()
    assert found.rules == set()
