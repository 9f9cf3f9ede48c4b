"""Scenarios whose answer is given at several values of one number that nobody knows."""

import pytest

import recoverysim as rs
from recoverysim.scenario import ScenarioError
from recoverysim.studies.conditional import told

FILE = """
extends: baseline
name: nobody-on-medication
question: Who would die?
care.medication_share: {value: 0.0, from_week: 26}
conditional:
  key: deaths.lost_tolerance_ratio
  values: [2, 9]
  why: Nobody knows.
"""
SIZE = {"clients": 600, "years": 2, "repeats": 4, "threads": 2}


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "nobody.yaml"
    path.write_text(FILE)
    return rs.load(path)


def test_each_answer_is_that_of_twins_who_both_live_at_that_value(scenario):
    contrast = rs.compare(scenario, **SIZE).contrasts[0]
    key = "deaths.lost_tolerance_ratio"
    for one, value in zip(contrast.conditions, (2.0, 9.0), strict=True):
        settings = {key: value}
        alone = rs.compare(
            scenario.replace(settings), baseline=rs.load("baseline").replace(settings), **SIZE
        ).contrasts[0]
        assert one.value == value
        assert [row.difference for row in one.rows] == [
            alone.row(row.measure, 2).difference for row in one.rows
        ]


def test_it_is_told_and_stands_in_the_json(scenario):
    contrast = rs.compare(scenario, **SIZE).contrasts[0]
    lines = told(contrast)
    assert lines[0].startswith("At several values of deaths.lost_tolerance_ratio")
    assert [line[:10] for line in lines[1:3]] == ["if it is 2", "if it is 9"]
    assert lines[3] == "Nobody knows."
    rows = contrast.to_json()["conditional"]
    assert [(row["at"], row["measure"]) for row in rows[:4]] == [
        (2.0, "deaths"), (2.0, "deaths_overdose"), (2.0, "in_recovery"), (9.0, "deaths"),
    ]  # fmt: skip


def test_other_scenarios_say_nothing_of_the_kind():
    contrast = rs.compare("peer-introduction", **SIZE).contrasts[0]
    assert told(contrast) == []
    assert "conditional" not in contrast.to_json()


@pytest.mark.parametrize(
    "lines",
    [
        "{key: deaths.no_such_number, values: [1]}",
        "{key: deaths.lost_tolerance_ratio, values: []}",
        "{key: deaths.lost_tolerance_ratio, values: [1, 2, 3, 4, 5, 6]}",
        "{key: deaths.lost_tolerance_ratio, values: [one]}",
        "{key: deaths.after_medication_causal_share, values: [1.5]}",
        "{key: deaths.lost_tolerance_ratio, values: 3}",
        "{values: [3]}",
        "much",
        "{key: deaths.lost_tolerance_ratio, values: [3], because: it is so}",
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, lines):
    path = tmp_path / "wrong.yaml"
    path.write_text(f"extends: baseline\nname: wrong\nconditional: {lines}\n")
    with pytest.raises(ScenarioError, match=r"line 3.*conditional|conditional"):
        rs.load(path)


def test_years_for_which_nobody_is_followed_are_not_told():
    late = {"arrivals.over_weeks": 260, "arrivals.at_the_start_share": 0.0}
    one, other = (rs.load(name).replace(late) for name in ("baseline", "peer-introduction"))
    (contrast,) = rs.compare(other, baseline=one, clients=40, years=5, repeats=4).contrasts
    assert contrast.years[-1] < 5
    assert f"after {contrast.years[-1]} year" in contrast.headline
    assert any("have been followed" in note for note in contrast.notes)
