"""Measures from invented counts, worked out by hand: every price and utility is a different one."""

import math

import numpy as np
import pytest

from recoverysim.cells import CELLS, EACH_SUBSTANCE, by_substance
from recoverysim.codes import KINDS, MODALITIES, SUBSTANCES
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT, COUNTS
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.settings import Change, all_quantities, tabulate
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.intervals import QUANTILES_FROM_REPEATS, spread
from recoverysim.studies.measures import measure
from recoverysim.studies.reckoning import reckon, stacked, weeks_reckoned
from recoverysim.studies.repeats import Repeats
from tests.worlds import a_world

IN_A_CELL = 10  # people
REPEATS, STARTED = 4, EACH_SUBSTANCE * IN_A_CELL  # people of each substance
PLAN = Plan(3 * STARTED, 1, REPEATS, knowledge="prior")


def prices_of(repeat):
    """No two prices or utilities are the same, in one repeat or between two."""
    told = [key for key in all_quantities() if key.startswith(("costs.", "quality_of_life."))]
    each = np.random.default_rng(repeat).permutation(len(told)) + 1
    values = central_values() | {
        key: (10 if key.startswith("costs.") else 0.04) * float(place + repeat / 10)
        for key, place in zip(told, each, strict=True)
    }
    return values | {"costs.discount_per_year": 0.03 + 0.01 * repeat}


PRICES = [prices_of(repeat) for repeat in range(REPEATS)]


def reckoned(counts):
    """What measures are made of, from counts by cell of people who all came in the first week."""
    people = np.broadcast_to(IN_A_CELL, (53, CELLS))
    at = weeks_reckoned((1,))
    several = [
        reckon(one, people, at, prices["costs.discount_per_year"])
        for one, prices in zip(counts, PRICES, strict=True)
    ]
    return Repeats(
        load("baseline"), PLAN, by_substance(counts), stacked(several), PRICES,
        np.arange(REPEATS) % 2,
    )  # fmt: skip


def invented_counts(seed):
    """Counts that mean nothing, each unlike the others, of 120 people of each substance."""
    return np.random.default_rng(seed).integers(5, 10, (REPEATS, 53, CELLS, len(COUNTS)))


def invented(seed):
    return reckoned(invented_counts(seed))


def found_in(lived, definition="abstinent_90_days", group="all"):
    """Values by name and year; recovery by the definition asked for."""
    return {
        (m.name, m.year): m.values
        for m in measure(lived, definition)
        if m.group == group and m.definition in (None, definition)
    }


def cost_and_qalys(lived, repeat, substances):
    """Of one repeat, for each person who started, week by week."""
    p, cost, qalys = PRICES[repeat], 0.0, 0.0
    for place in substances:
        life = {state: p[f"quality_of_life.{SUBSTANCES[place]}.{state}"]
                for state in ("abstinent", "using")}  # fmt: skip
        for week in range(52):
            begins, n = (  # a place is paid for as the week begins; all else is read at its end
                dict(zip(COUNTS, lived.counts[repeat, row, place].tolist(), strict=True))
                for row in (week, week + 1)
            )
            worth = 1 / (1 + p["costs.discount_per_year"]) ** ((week + 1) / 52)
            paid = begins["stage_detox"] * p["costs.detox_week"]
            paid += sum(begins[f"treatment_{m}"] * p[f"costs.{m}_week"] for m in MODALITIES)
            paid += sum(n[f"linked_{k}"] * p[f"costs.{k}.introduction"] for k in KINDS)
            paid += begins["in_aftercare"] * p["costs.aftercare_week"]
            paid += begins["housed"] * p["costs.recovery_housing_week"]
            paid += begins["visiting_centre"] * p["costs.recovery_centre_week"]
            paid += begins["carrying_naloxone_percent"] / 100 * p["costs.naloxone_year"] / 52
            beyond_today = begins["person_centred_medication_percent"] / 100
            beyond_today -= begins["treatment_medication"] / 2
            paid += beyond_today * p["costs.person_centred_week"]
            hours = sum(n[f"linked_{k}"] * p[f"staff_time.{k}.link_hours"] for k in KINDS)
            peers = n["linked_peer"] * p["staff_time.peer_link_hours"]
            paid += hours * p["costs.staff_hour"] + peers * p["costs.peer_hour"]
            cost += worth * paid
            stable = n["medication_abstinent"]
            unstable = n["treatment_medication"] - stable
            lived_well = stable * p["quality_of_life.on_medication_abstinent"]
            lived_well += unstable * p["quality_of_life.on_medication_using"]
            lived_well += (n["use_abstinent"] - stable) * life["abstinent"]
            lived_well += (n["use_lapsed"] + n["use_using"] - unstable) * life["using"]
            qalys += worth * lived_well / 52
    return np.array([cost, qalys]) / (STARTED * len(substances))


@pytest.mark.parametrize(
    ("group", "substances"),
    [("all", [0, 1, 2]), *((f"substance={name}", [s]) for s, name in enumerate(SUBSTANCES))],
)
def test_costs_and_qalys_are_weeks_at_their_own_prices_in_their_own_repeat(group, substances):
    lived = invented(1)
    found = found_in(lived, group=group)
    expected = np.array([cost_and_qalys(lived, repeat, substances) for repeat in range(REPEATS)])
    assert found["cost", 1] == pytest.approx(expected[:, 0])
    assert found["qalys", 1] == pytest.approx(expected[:, 1])


@pytest.mark.parametrize(
    ("name", "year", "column", "week"),
    [
        ("in_recovery", 1, "abstinent_90_days", 52),
        ("deaths", 1, "stage_dead", 52),
        ("deaths_overdose", 1, "deaths_overdose", 52),
        *((one, 1, one, 52)
          for one in ("offered", "connected", "ever_attended", "attending", "readmissions",
                      "gave_up_waiting", "engaged", "offers_not_followed")),
        ("waiting", 1, "stage_waiting", 52),
        ("attending_3_months", None, "attending", 13),
        ("attending_12_months", None, "attending", 52),
    ],
)  # fmt: skip
def test_a_measure_is_read_from_its_own_column_and_week_per_1000_who_started(
    name, year, column, week
):
    lived = invented(2)
    people = lived.counts[:, week, :, AT[column]].sum(axis=1)
    assert found_in(lived)[name, year] == pytest.approx(1000 * people / (3 * STARTED))


@pytest.mark.parametrize("definition", ["since_discharge", "at_least_1_year_without_medication"])
def test_weeks_in_recovery_are_those_of_rows_1_to_52(definition):
    lived = invented(3)
    weeks = lived.counts[:, 1:53, :, AT[definition]].sum(axis=(1, 2)) / (3 * STARTED)
    assert found_in(lived, definition)["weeks_in_recovery", 1] == pytest.approx(weeks)


@pytest.mark.parametrize("without", ["", "_without_medication"])
def test_share_of_days_is_of_days_alive_and_leaves_medication_out_where_it_says_so(without):
    lived = invented(4)
    people = lived.counts.sum(axis=2)[:, 1:53]
    well = people[..., AT["use_abstinent"]]
    if without:
        well = well - people[..., AT["medication_abstinent"]]
    alive = 3 * STARTED - people[..., AT["stage_dead"]]
    found = found_in(lived, "share_of_days" + without)
    share = 1000 * well.sum(axis=1) / alive.sum(axis=1)
    assert found["in_recovery", 1] == pytest.approx(share)
    assert found["weeks_in_recovery", 1] == pytest.approx(well.sum(axis=1) / (3 * STARTED))


def test_numbers_needed_and_costs_are_ratios_of_what_they_say():
    """3 more offered, 2 more connected and 1 more in recovery in each cell, of 10."""
    counts = invented_counts(5)
    one = reckoned(counts.copy())
    for column, more in (("offered", 3), ("connected", 2), ("abstinent_90_days", 1),
                         ("treatment_psychosocial", 4)):  # fmt: skip
        counts[..., AT[column]] += more
    pair = Contrast(one, reckoned(counts), "abstinent_90_days")
    assert pair.row("in_recovery", 1).difference == pytest.approx(1000 * 1 / 10)
    assert pair.row("number_needed_to_link", 1).value == pytest.approx(3 / 1)
    dearer = np.mean([
        sum(0.40 * p["costs.psychosocial_week"] / (1 + p["costs.discount_per_year"]) ** (week / 52)
            for week in range(1, 53))
        for p in PRICES
    ])  # fmt: skip
    assert pair.row("cost", 1).difference == pytest.approx(dearer)
    assert pair.row("cost_per_recovery", 1).value == pytest.approx(dearer / (1 / 10))


def test_quantiles_leave_out_the_luck_that_is_in_the_means():
    """Sets with means 0, 1, 2 ... and two repeats each, d above and d below: luck has a variance of
    2d², a mean holds half of it, and the ends are drawn in by √(knowledge / between)."""
    sets, d = QUANTILES_FROM_REPEATS // 2, 20.0
    means = np.arange(sets, dtype=float)
    values, which = np.concatenate([means - d, means + d]), np.tile(np.arange(sets), 2)
    between = means.var(ddof=1)
    drawn_in = math.sqrt((between - d**2) / between)
    middle, reach = means.mean(), 0.475 * (sets - 1)
    found = spread(values, which, Plan(repeats=2 * sets))
    assert found.knowledge_sd == pytest.approx(math.sqrt(between - d**2))
    assert found.luck_sd == pytest.approx(math.sqrt(2) * d)
    assert found.both == pytest.approx((middle - drawn_in * reach, middle + drawn_in * reach))


# --- parameters in force ------------------------------------------------------------------


def test_a_change_holds_from_its_week_over_its_ramp_until_its_end():
    """base + (v - base) * n / g with n = t + 1 - f, then v, and base again from the end on."""
    key = "linkage.peer.offered_share"
    change = Change(0.6, from_week=2, ramp_weeks=4, until_week=8)
    table = tabulate(central_values() | {key: 0.2}, {key: (change,)}, {"fidelity_drift": False})
    peer = KINDS.index("peer")
    found = table["linkage"]["offered_share"][:, peer].tolist()
    assert found == pytest.approx([0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6, 0.6, 0.2])


def test_a_lever_moved_in_week_0_alone_reaches_those_who_start_care_at_once():
    now = {
        "linkage.peer.offered_share": {"value": 1, "from_week": 0, "until_week": 1},
        "linkage.intensive.offered_share": 0, "care.started_within_a_week_share": 1,
    }  # fmt: skip
    world = a_world(weeks=1, settings=now, years=1)
    assert world.counts[1, :, AT["linked_peer"]].sum() == 300
