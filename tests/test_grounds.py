"""What answers rest on: numbers by grade and section, and which levers are assumed."""

import json
from collections import Counter

import pytest

from recoverysim import grounds
from recoverysim.quantities import ASSUMED, GRADES
from recoverysim.settings import all_quantities
from tests.test_commands import recoverysim


def test_every_number_is_counted_once():
    every = Counter(one.grade for one in all_quantities().values())
    assert grounds.by_grade() == {grade: every[grade] for grade in GRADES}
    sections = grounds.by_section()
    assert list(sections) == sorted(sections)
    assert sum(sum(grades.values()) for grades in sections.values()) == len(all_quantities())
    for grade in GRADES:
        assert sum(grades[grade] for grades in sections.values()) == every[grade]


def test_a_section_by_hand():
    """mutual_aid: the total and the shape of dose have sources; four shares, the share for opioids,
    and two numbers of the concave shape are assumed."""
    assert grounds.by_section()["mutual_aid"] == {
        "strong": 0, "moderate": 0, "weak": 2, "assumed": 7, "design": 0,
    }  # fmt: skip
    assert grounds.count(grounds.by_section()["mutual_aid"]) == "2 weak, 7 assumed"


def test_evidence_ends_with_what_it_all_rests_on():
    out = recoverysim("evidence").out
    end = out.partition("Resting on what?")[2]
    plain = " ".join(end.split())
    for said in grounds.told():
        assert " ".join(said.split()) in plain
    assumed = sum(one.grade == ASSUMED for one in all_quantities().values())
    assert f"{assumed} of {len(all_quantities())} numbers are assumed" in plain
    line = next(one for one in end.splitlines() if one.startswith("linkage "))
    assert line.split()[1:] == ["–", "–", "6", "10", "2", "18"]
    assert max(map(len, end.splitlines())) <= 100


@pytest.mark.parametrize("key", ["linkage.peer.offered_share", "linkage.intensive.offered_share"])
def test_it_says_of_the_levers_of_the_headline_which_are_assumed(key):
    """How many are offered an introduction today is nobody's figure."""
    assert all_quantities()[key].grade == ASSUMED
    last = grounds.told()[-1]
    assert key in last.partition("sourced are")[0]
    assert "linkage.clinician.offered_share" in last.partition("sourced are")[2]


def test_of_one_key_or_as_json_there_is_no_such_end():
    assert "Resting on what?" not in recoverysim("evidence", "linkage").out
    assert list(json.loads(recoverysim("evidence", "--json").out)) == ["parameters"]
