"""Outcomes by sex, age and mental-health need, against people made by hand and against sums."""

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.clients import empty_table
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    DIED_OVERDOSE,
    IN_USE,
    LEFT,
    MEDICATION,
    TREATMENT,
    TRYING,
)
from recoverysim.studies.by_traits import NAMES, TRAIT_GROUPS, started, tally

PEOPLE = [
    # A woman of 30 with a need, abstinent for 20 weeks, going, offered and connected, back in care.
    {"female": True, "age": 30, "psychiatric_need": True, "stage": COMMUNITY, "use": ABSTINENT,
     "weeks_abstinent": 20, "attendance": TRYING, "ever_offered": True, "connected": True,
     "ever_attended": True, "episodes": 3, "discharged": True, "used_since_discharge": True},
    # A man of 40, stable on medication for 60 weeks, who has never left care.
    {"age": 40, "stage": TREATMENT, "modality": MEDICATION, "use": ABSTINENT,
     "weeks_abstinent": 60, "episodes": 1, "attendance": LEFT, "ever_attended": True},
    # A man of 50 who died of an overdose; a man of 35 with a need, who uses.
    {"age": 50, "stage": DEAD, "cause": DIED_OVERDOSE, "use": ABSTINENT, "weeks_abstinent": 30,
     "attendance": TRYING, "engaged": True},
    {"age": 35, "psychiatric_need": True, "stage": COMMUNITY, "use": IN_USE, "episodes": 0},
]  # fmt: skip


def table():
    people = empty_table(len(PEOPLE))
    for row, state in enumerate(PEOPLE):
        for name, value in state.items():
            people[row][name] = value
    return people


def test_how_many_are_in_each_group():
    assert dict(zip(TRAIT_GROUPS, started(table()).tolist(), strict=True)) == {
        "sex=women": 1, "sex=men": 3, "age=under 35": 1, "age=35 to 49": 2, "age=50 and over": 1,
        "mental_health_need=yes": 2, "mental_health_need=no": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("group", "counted"),
    [
        ("sex=women", {"abstinent_30_days": 1, "abstinent_90_days": 1,
                       "abstinent_30_days_without_medication": 1,
                       "abstinent_90_days_without_medication": 1, "offered": 1, "connected": 1,
                       "ever_attended": 1, "attending": 1, "readmissions": 2}),
        ("age=35 to 49", {"abstinent_30_days": 1, "abstinent_90_days": 1, "at_least_1_year": 1,
                          "ever_attended": 1}),
        ("age=50 and over", {"deaths": 1, "deaths_overdose": 1, "engaged": 1}),
    ],
)  # fmt: skip
def test_what_is_counted_of_people_made_by_hand(group, counted):
    row = tally(table())[list(TRAIT_GROUPS).index(group)]
    assert {name: n for name, n in zip(NAMES, row.tolist(), strict=True) if n} == counted


FAMILIES = (("sex=women", "sex=men"), ("age=under 35", "age=35 to 49", "age=50 and over"),
            ("mental_health_need=yes", "mental_health_need=no"))  # fmt: skip


@pytest.fixture(scope="module")
def pair():
    return rs.compare(
        ["baseline", "peer-introduction"], clients=1500, years=2, repeats=4, threads=2
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_the_groups_of_a_trait_add_up_to_everybody(pair, family):
    """In each repeat: the sum over the groups of share times size is that of everybody."""
    lived = pair.contrasts[0].scenario
    sizes = lived.started_by_traits
    at = [list(TRAIT_GROUPS).index(group) for group in family]
    assert (sizes[:, at].sum(axis=1) == 1500).all()
    for name in NAMES:
        place = NAMES.index(name)
        counted = lived.by_traits[:, 1, at, place].sum(axis=1)
        from recoverysim.outcomes import AT

        column = AT["stage_dead" if name == "deaths" else name]
        assert (counted == lived.counts[:, 104, :, column].sum(axis=1)).all(), name


def test_a_comparison_has_them_with_ranges_and_the_number_needed(pair):
    rows = [row for row in pair.rows() if row["group"] == "sex=women" and row["year"] == 2]
    measures = [row["measure"] for row in rows]
    assert {"in_recovery", "deaths", "offered", "number_needed_to_link"} <= set(measures)
    assert "cost" not in measures
    recovery = next(row for row in rows if row["measure"] == "in_recovery")
    assert recovery["low"] <= recovery["difference"] <= recovery["high"]
    women = pair.contrasts[0].scenario.started_by_traits[:, 0]
    assert 0.2 < women.mean() / 1500 < 0.45
    assert np.isfinite(recovery["value"])


def test_share_of_days_is_left_out_and_says_so_by_being_absent():
    found = rs.run("baseline", clients=100, years=1, repeats=2, definition="share_of_days")
    mine = [row for row in found.measures() if row["group"] == "sex=women"]
    definitions = {row["definition"] for row in mine if row["measure"] == "in_recovery"}
    assert definitions == {"at_least_1_year"}
