"""Costs beside lives: prices from their sources, who pays, staff time, what a QALY costs."""

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.cells import CELLS, GROUPS
from recoverysim.codes import CARE, CHAMPION, INTENSIVE, LEAFLET, MODALITIES, PSYCHOSOCIAL
from recoverysim.compiled import plain
from recoverysim.costs import SEEN
from recoverysim.evidence.price_index import index_of, restated
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT, COUNTS, LINKED
from recoverysim.plan import Plan
from recoverysim.scenario import ScenarioError, load
from recoverysim.settings import all_quantities
from recoverysim.staff_time import places_taken_by_linking
from recoverysim.studies.measures import measure
from recoverysim.studies.reckoning import reckon, reckon_world, stacked, weeks_reckoned
from recoverysim.studies.repeats import Repeats
from recoverysim.wider_costs import SEEN_OUTSIDE
from tests.rules import TODAY
from tests.worlds import a_world

WEEKS, PEOPLE = 52, 10  # in each of the 36 cells
UNDISCOUNTED = {"costs.discount_per_year": 0.0}
approx = pytest.approx


# --- prices -------------------------------------------------------------------------------


def test_a_financial_year_is_three_quarters_of_one_calendar_year_and_a_quarter_of_the_next():
    assert index_of(2000) == approx((3 * 54.8102 + 55.7479) / 4)
    assert index_of(2023) == approx((3 * 96.2507 + 100) / 4)


def test_prices_are_carried_there_and_back():
    assert restated(89 * 7, of=2000) == approx(623 * 97.188025 / 55.044625)
    assert restated(restated(123.0, of=2023, into=1995), of=1995) == approx(123.0)
    assert restated(7.0, of=2010, into=2010) == 7.0


@pytest.mark.parametrize(
    ("key", "pounds"),
    # By hand: 1.765624 from 2000/01 (97.188025 / 55.044625), 1.656686 from 2003/04.
    [
        ("costs.detox_week", 556.5 * 1.656686),
        ("costs.residential_week", 623 * 1.765624),
        ("costs.psychosocial_week", 28 * 1.765624),
        ("costs.staff_hour", 33.6 * 1.765624),
        ("wider_costs.alcohol.health_week_using", 1077 / 26 * 1.765624),
        ("wider_costs.alcohol.health_week_abstinent", 873 / 26 * 1.765624),
    ],
)
def test_a_price_is_what_was_seen_times_the_index_and_says_so(key, pounds):
    one = all_quantities()[key]
    assert one.value == round(pounds)
    seen = {**SEEN, **SEEN_OUTSIDE}[key]
    assert seen.arithmetic in one.studied
    assert f"{one.value:,g}" in seen.arithmetic
    assert set(seen.source.split("; ")) <= set(one.source.split("; "))


# --- measures from counts made by hand ----------------------------------------------------


def told(columns, settings=None, links=None):
    """Every measure after a year of people of whom so many in each cell are in each column."""
    counts = np.zeros((WEEKS + 1, CELLS, len(COUNTS)), np.int64)
    for name, number in columns.items():
        counts[..., AT[name]] = number
    for name, number in (links or {}).items():
        counts[3, :, AT[name]] = number
    people = np.broadcast_to(PEOPLE, (WEEKS + 1, CELLS))
    values = central_values() | UNDISCOUNTED | (settings or {})
    one = reckon(counts, people, weeks_reckoned((1,)), values["costs.discount_per_year"])
    plan = Plan(CELLS * PEOPLE, 1, 2, knowledge="none")
    empty = np.zeros((2, WEEKS + 1, 3, len(COUNTS)), np.int64)
    lived = Repeats(
        load("baseline"), plan, empty, stacked([one, one]), [values] * 2, np.zeros(2, np.int64)
    )
    return {
        (m.name, m.group): (m.values[0], m.unit)
        for m in measure(lived, "abstinent_90_days")
        if m.year == 1
    }


def value(found, name, group="all"):
    return found[name, group][0]


def test_care_and_linking_cost_places_materials_and_the_time_of_staff_and_peers():
    found = told(
        {"treatment_psychosocial": 5, "use_using": 10},
        links={"linked_intensive": 1, "linked_peer": 2},
    )
    # Half are in weekly sessions for a year; one link in ten is intensive, two in ten by a peer.
    care = 0.5 * 52 * 49
    intensive, peer = 0.1 * (10 + 3 * 59), 0.2 * (10 + 0.2 * 59 + 2 * 20)
    assert value(found, "cost") == approx(care + intensive + peer)
    assert value(found, "staff_hours") == approx(1000 * (0.1 * 3 + 0.2 * 0.2))
    assert value(found, "peer_hours") == approx(1000 * 0.2 * 2)
    assert value(found, "consultations_displaced") == approx(340)
    assert {value(found, "cost", group) for group in GROUPS} == {value(found, "cost")}


def test_hours_per_contact_say_how_many_sessions_hours_are_worth():
    found = told({"use_using": 10}, {"staff_time.hours_per_contact": 1.5}, {"linked_intensive": 1})
    assert value(found, "consultations_displaced") == approx(200)


def test_costs_are_told_in_the_pounds_of_the_price_year_and_nothing_else_is():
    now = told({"treatment_psychosocial": 5, "use_abstinent": 10})
    then = told({"treatment_psychosocial": 5, "use_abstinent": 10}, {"appraisal.price_year": 2000})
    assert value(then, "cost") == approx(value(now, "cost") / 1.765624, rel=1e-6)
    assert now["cost", "all"][1] == "pounds of 2023/24 per person who started"
    assert then["cost", "all"][1] == "pounds of 2000/01 per person who started"
    for name in ("qalys", "life_years", "staff_hours"):
        assert value(then, name) == value(now, name)


def test_years_of_life_are_of_everybody_alive_and_only_the_discounted_ones_are_discounted():
    # Nine in ten live all year: 2 abstinent, 3 lapsed, 4 using.
    alive = {"use_abstinent": 2, "use_lapsed": 3, "use_using": 4, "stage_dead": 1}
    found = told(alive, {"costs.discount_per_year": 0.5})
    worth = sum(1.5 ** -(week / 52) for week in range(1, 53)) / 52
    assert value(found, "life_years_undiscounted") == approx(900)
    assert value(found, "life_years") == approx(900 * worth)


def test_life_years_of_real_people_are_qalys_where_every_state_is_perfect():
    perfect = {key: 1 for key in all_quantities() if key.startswith("quality_of_life.")}
    found = rs.run(
        load("local-area").replace(perfect), clients=200, years=2, repeats=2, journeys=False
    ).measures()
    by_name = {(r["measure"], r["group"], r["year"]): r["value"] for r in found}
    for group in GROUPS:
        lived = by_name["life_years", group, 2]
        assert lived == approx(1000 * by_name["qalys", group, 2])
        assert by_name["life_years_undiscounted", group, 2] >= lived


def test_net_benefit_is_qalys_at_the_threshold_less_the_cost():
    found = told({"use_abstinent": 10}, links={"linked_intensive": 1})
    qalys = np.mean([0.80, 0.75, 0.78])
    assert value(found, "qalys") == approx(qalys)
    assert value(found, "net_benefit_lower") == approx(20_000 * qalys - 18.7)
    assert value(found, "net_benefit_upper") == approx(30_000 * qalys - 18.7)


# --- who pays -----------------------------------------------------------------------------

WIDER = {
    "wider_costs.alcohol.health_week_using": 1, "wider_costs.alcohol.health_week_abstinent": 2,
    "wider_costs.opioids.health_week_using": 4, "wider_costs.opioids.health_week_abstinent": 8,
    "wider_costs.stimulants.health_week_using": 16,
    "wider_costs.stimulants.health_week_abstinent": 32,
    "wider_costs.alcohol.society_week_using": 100,
    "wider_costs.opioids.society_week_using": 200,
    "wider_costs.stimulants.society_week_using": 400,
}  # fmt: skip
LIVES = {"use_abstinent": 6, "use_lapsed": 1, "use_using": 3}
# On medication (people with opioid dependence): 4 in a cell of whom 3 do not use.
TREATED = {"treatment_medication": 4, "medication_abstinent": 3}


def test_by_default_only_care_and_linking_is_counted():
    costs = {name for name, _ in told(LIVES) if name.startswith("cost")}
    assert costs == {"cost"}


def test_other_costs_stand_on_lines_of_their_own_and_are_summed_on_another():
    some, all_of_them = (told(LIVES, WIDER | {"appraisal.perspective": one}) for one in (1, 2))
    alcohol, opioids = "substance=alcohol", "substance=opioids"
    name = "cost_health_and_social_care"
    assert value(some, name, alcohol) == approx(52 * (0.6 * 2 + 0.4 * 1))
    assert value(some, name, opioids) == approx(52 * (0.6 * 8 + 0.4 * 4))
    assert ("cost_society", "all") not in some
    assert value(some, "cost_in_perspective", alcohol) == approx(
        value(some, "cost", alcohol) + value(some, name, alcohol)
    )
    assert value(all_of_them, "cost_society", opioids) == approx(52 * 0.4 * 200)
    assert value(all_of_them, "cost_in_perspective") == approx(
        sum(value(all_of_them, one) for one in ("cost", name, "cost_society"))
    )
    assert value(all_of_them, "cost") == value(told(LIVES), "cost")
    assert value(all_of_them, "net_benefit_lower") == approx(
        20_000 * value(all_of_them, "qalys") - value(all_of_them, "cost_in_perspective")
    )


def test_whoever_uses_on_medication_costs_as_whoever_uses_with_opioid_dependence():
    """36 cells with medication here, so weeks on it are added to those of the 12 of opioids."""
    prices = WIDER | {"appraisal.perspective": 2}
    before, after = told(LIVES, prices), told(LIVES | TREATED, prices)
    # Off medication 3 fewer do not use and 1 fewer uses in each cell of every substance; on it
    # all of them are counted as people with opioid dependence, a third of a group's cells each.
    fewer = 52 * 0.1 * (100 + 200 + 400) / 3
    more = 52 * 0.1 * 200
    found = value(after, "cost_society") - value(before, "cost_society")
    assert found == approx(more - fewer)


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("appraisal.perspective", 3, "allowed are 0 to 2"),
        ("appraisal.perspective", 0.5, "whole number"),
        ("appraisal.price_year", 2030, "allowed are 1990 to 2023"),
        ("appraisal.price_year", {"value": 2010, "from_week": 5}, "cannot change by week"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(key, wrong, said):
    with pytest.raises(ScenarioError, match=said):
        load("baseline").replace({key: wrong})


def test_worlds_told_in_other_money_are_not_compared():
    other = load("peer-introduction").replace({"appraisal.price_year": 2010})
    with pytest.raises(ValueError, match=r"appraisal.price_year is 2010 in .* and 2023 in"):
        rs.compare(other, clients=50, years=1, repeats=2)


# --- what a service spends on its workers -------------------------------------------------

NO_LINKS = {
    f"staff_time.{kind}.link_hours": 0 for kind in ("leaflet", "clinician", "intensive", "peer")
}
NO_OTHERS = {"staff_time.champion_hours_per_week": 0, "staff_time.hosting_hours_per_bed_week": 0}


def reckoned_of(world, discount=0.035):
    return reckon_world(world, weeks_reckoned((1,)), discount)


def test_training_and_visits_are_paid_once_in_their_week_for_workers_whose_turn_it_is():
    world = a_world(weeks=52, years=1, clients=200, settings={
        "practitioners.trained_share": {"value": 0.5, "from_week": 26},
        "practitioners.taken_to_a_meeting_share": {"value": 0.3, "from_week": 0, "until_week": 4},
    })  # fmt: skip
    trained = (world.workers["turn"] < 0.5).mean()
    taken = (world.workers["turn"] < 0.3).mean()
    assert 0 < taken < trained < 1
    found = reckoned_of(world).workforce  # weeks 13 and 52, groups, kinds, plain and discounted
    assert found[0, :, 0].max() == 0
    assert found[1, :, 0, 0] == approx(trained)
    assert found[1, :, 0, 1] == approx(trained * 1.035 ** -(27 / 52))
    assert found[:, :, 1, 0] == approx(taken)
    assert found[:, :, 1, 1] == approx(taken * 1.035 ** -(1 / 52))


def test_a_worker_is_shared_by_a_caseload_however_many_people_are_simulated():
    trained = NO_LINKS | NO_OTHERS | {"practitioners.trained_share": 1.0, "costs.staff_hour": 59}
    for clients in (100, 300):
        pair = rs.compare(
            [load("baseline").replace(NO_LINKS | NO_OTHERS),
             load("baseline").replace(trained, name="trained")],
            clients=clients, years=1, repeats=2, knowledge="none",
        )  # fmt: skip
        (contrast,) = pair.contrasts
        assert contrast.row("staff_hours", 1).difference == approx(1000 * 7 / 40)


def test_champions_and_hosts_spend_time_by_weeks_in_care_and_in_beds():
    world = a_world(weeks=52, years=1, clients=300, settings={"on_the_premises.held_share": 0.4})
    counts = world.counts[1:].sum(axis=1)
    beds = counts[:, AT["stage_detox"]] + counts[:, AT["treatment_residential"]]
    care = beds + counts[:, AT["treatment_psychosocial"]] + counts[:, AT["treatment_medication"]]
    champions = (world.workers["role"] == CHAMPION).mean()
    found = reckoned_of(world).workforce[1, list(GROUPS).index("all")]
    assert champions > 0
    assert found[2, 0] == approx(champions * care.sum() / 300)
    assert found[3, 0] == approx(0.4 * beds.sum() / 300)
    assert (found[2:, 1] < found[2:, 0]).all()


def test_who_becomes_a_champion_later_spends_time_from_then_on():
    later = {"practitioners.more_champions_share": {"value": 0.6, "from_week": 40}}
    before, after = (
        (a_world(weeks=weeks, years=1, clients=300, settings=later).workers["role"] == CHAMPION)
        for weeks in (39, 52)
    )
    assert before.sum() < after.sum()
    world = a_world(weeks=52, years=1, clients=300, settings=later)
    columns = ["stage_detox", *(f"treatment_{name}" for name in MODALITIES)]
    care = sum(world.counts[1:].sum(axis=1)[:, AT[name]] for name in columns)
    spent = before.mean() * care[:40].sum() + after.mean() * care[40:].sum()
    found = reckoned_of(world).workforce[1, list(GROUPS).index("all")]
    assert found[2, 0] == approx(spent / 300)


# --- places -------------------------------------------------------------------------------


def test_links_take_places_with_sessions_by_the_time_they_take():
    counted = np.zeros((CELLS, len(COUNTS)), np.int64)
    counted[3, LINKED + INTENSIVE] = 8
    counted[20, LINKED + LEAFLET] = 50
    time = TODAY.staff_time
    hours = 8 * time.link_hours[INTENSIVE] + 50 * time.link_hours[LEAFLET]
    for care in range(len(CARE)):
        share = time.taken_from_sessions_share / time.hours_per_contact
        expected = int(hours * share) if care == PSYCHOSOCIAL else 0  # whole places
        assert plain(places_taken_by_linking)(care, counted, TODAY) == approx(expected)
    assert hours > 20


LIMITED = {"places.psychosocial.per_1000": 60, "linkage.intensive.offered_share": 1.0,
           "linkage.intensive.fidelity": 1.0}  # fmt: skip


def psychosocial(share, settings):
    world = a_world(
        weeks=30, years=1, clients=1000,
        settings={"staff_time.taken_from_sessions_share": share} | settings,
    )  # fmt: skip
    return world.counts.sum(axis=1)


def test_where_places_are_limited_linking_leaves_fewer_and_where_they_are_not_nothing_changes():
    free, taken = (
        psychosocial(share, LIMITED)[:, AT["treatment_psychosocial"]] for share in (0, 1)
    )
    assert free.max() <= 60
    assert taken[1:].sum() < free[1:].sum()
    assert (psychosocial(0, {}) == psychosocial(1, {})).all()
