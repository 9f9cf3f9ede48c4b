"""The same comparison under other forms of the model, told beside the answer."""

import json
import math

import numpy as np
import polars as pl
import pytest

import recoverysim as rs
from recoverysim import sure_words
from recoverysim.knowledge import central_values, draw_sets
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.studies.variants import EFFECT, FORMS, WASHES_OUT, forms, lives, under
from tests.test_commands import recoverysim

SIZE = {"clients": 300, "years": 4, "repeats": 4, "threads": 2}
SMALL = ("--clients", "60", "--years", "4", "--repeats", "4", "--no-who")
PAIR = ("compare", "peer-introduction", *SMALL)
KEYS = {
    "form", "definition", "year", "unit", "baseline", "value", "difference", "low", "high",
    "luck_low", "luck_high",
}  # fmt: skip


@pytest.fixture(scope="module")
def contrast():
    return rs.compare("intensive-referral", **SIZE).contrasts[0]


def rows_of(contrast, form):
    return {row.year: row for row in contrast.variants if row.form == form}


# --- the forms ----------------------------------------------------------------------------


def test_every_form_has_words_and_the_forms_that_there_are_stand_in_the_declaration():
    assert set(sure_words.FORMS) == {*FORMS, WASHES_OUT}
    note = all_quantities()["mutual_aid.dose_shape"].note
    assert note == "0 threshold at weekly, 1 concave, 2 involvement only"
    shapes = [FORMS[name]["mutual_aid.dose_shape"] for name in list(FORMS)[:3]]
    assert list(FORMS)[:3] == ["threshold", "concave", "involvement_only"]
    assert shapes == [0, 1, 2]


@pytest.mark.parametrize(
    ("form", "large"),
    [
        ("through_taking_part", ["involvement"]),
        ("through_company_and_capital", ["company", "capital"]),
    ],
)
def test_the_shares_make_the_whole_effect_and_lie_where_they_may(form, large):
    shares = FORMS[form]
    assert len(shares) == 4
    assert math.fsum(shares.values()) == pytest.approx(1)
    for key, value in shares.items():
        assert all_quantities()[key].low <= value <= all_quantities()[key].high
    assert sum(shares[f"mutual_aid.{name}_share"] for name in large) >= 0.7


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_laid_over_every_parameter_set_whatever_was_drawn(form):
    for scenario in map(rs.load, ("baseline", "everything-together")):
        for values in draw_sets(3, 1):
            now = under(form, scenario).at_first(values)
            assert {key: now[key] for key in FORMS[form]} == FORMS[form]
            table = under(form, scenario).table(values)["mutual_aid"]
            parts = ("presence_share", "involvement_share", "company_share", "capital_share")
            assert sum(table[part] for part in parts) == pytest.approx(np.ones(len(table)))


def effect_by_week(scenario):
    table = scenario.table(central_values())["mutual_aid"]["total_log_hazard_ratio"]
    return lambda week: table[min(week, len(table) - 1)]


def test_the_effect_fades_over_the_fourth_year():
    """In a straight line: half of 0.6 is left after 26 weeks of the 52."""
    effect = effect_by_week(under(WASHES_OUT, rs.load("peer-introduction")))
    assert effect(0) == effect(155) == pytest.approx(0.6)
    assert effect(181) == pytest.approx(0.3)
    assert effect(207) == effect(800) == 0


def test_the_effect_fades_from_what_a_scenario_makes_of_it():
    """Doubled until week 182: then, half gone already, half of 0.6, and nothing in the end."""
    change = {"value": 1.2, "from_week": 52, "until_week": 182}
    scenario = rs.load("peer-introduction").replace({EFFECT: change})
    effect = effect_by_week(under(WASHES_OUT, scenario))
    assert effect(51) == pytest.approx(0.6)
    assert effect(52) == effect(155) == pytest.approx(1.2)
    assert effect(181) == pytest.approx(0.6)
    assert effect(182) == pytest.approx(0.6 * 25 / 52)
    assert effect(400) == 0
    late = scenario.replace({EFFECT: {"value": 1.2, "from_week": 300}})
    assert effect_by_week(under(WASHES_OUT, late))(400) == 0


def test_levers_that_change_over_time_are_left_as_they_are():
    lever = {"value": 0.5, "from_week": 100, "ramp_weeks": 150, "until_week": 300}
    scenario = rs.load("baseline").replace({"linkage.peer.offered_share": lever})
    plain = scenario.table(central_values())["linkage"]["offered_share"]
    faded = under(WASHES_OUT, scenario).table(central_values())["linkage"]["offered_share"]
    assert (plain == faded[: len(plain)]).all()


def test_a_form_that_would_take_away_what_is_compared_is_left_out():
    one, plan = rs.load("baseline"), Plan(years=4)
    every = (*FORMS, WASHES_OUT)
    assert forms(one, rs.load("peer-introduction"), plan) == every
    other = one.replace({"mutual_aid.dose_shape": 2})
    assert forms(one, other, plan) == every[3:]
    assert forms(other, other, plan) == every
    company = one.replace({"mutual_aid.company_share": 0.5})
    assert forms(one, company, plan) == (*every[:3], WASHES_OUT)


def test_nothing_fades_in_a_run_that_ends_before_or_where_people_come_week_by_week():
    pair = rs.load("baseline"), rs.load("peer-introduction")
    assert WASHES_OUT not in forms(*pair, Plan(years=3))
    area = rs.load("local-area"), rs.load("local-area-more-detox")
    assert forms(*area, Plan(years=10)) == tuple(FORMS)


# --- what comes out -----------------------------------------------------------------------


@pytest.mark.parametrize("form", ["concave", "through_company_and_capital"])
def test_each_answer_is_that_of_twins_who_both_live_under_that_form(contrast, form):
    worlds = [rs.load(name).replace(FORMS[form]) for name in ("baseline", "intensive-referral")]
    alone = rs.compare(worlds[1], baseline=worlds[0], **SIZE).contrasts[0]
    found = rows_of(contrast, form)
    assert list(found) == [1, 4]
    for year, row in found.items():
        other = vars(alone.row("in_recovery", year))
        assert {name: other[name] for name in KEYS - {"form"}} == {
            name: value for name, value in vars(row).items() if name != "form"
        }


def test_what_fades_later_changes_nothing_in_the_first_year(contrast):
    row, told = rows_of(contrast, WASHES_OUT)[1], contrast.row("in_recovery", 1)
    assert (row.baseline, row.difference, row.low) == (told.baseline, told.difference, told.low)
    last = rows_of(contrast, WASHES_OUT)[4]
    assert last.baseline != contrast.row("in_recovery", 4).baseline


def test_a_comparator_is_lived_once_for_many_scenarios():
    pair = rs.compare(["baseline", "peer-introduction", "cut-linkage"], **SIZE)
    first, second = pair.contrasts
    lived = []
    first.look_at_variants(lived.append)
    assert math.fsum(lived) == pytest.approx(lives(first)) == 2 * 6 * 4
    lived.clear()
    second.look_at_variants(lived.append)
    assert math.fsum(lived) == pytest.approx(lives(second))
    assert rows_of(first, "concave")[4].baseline == rows_of(second, "concave")[4].baseline
    assert pair.variants().height == 2 * 6 * 2


# --- how it is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (PAIR, False), ((*PAIR, "--variants"), True),
        (("compare", "baseline", "cut-linkage", "peer-introduction", *SMALL, "--variants"), True),
    ],
)  # fmt: skip
def test_it_is_told_where_it_is_asked(words, told):
    for one in json.loads(recoverysim(*words, "--json").out)["comparisons"]:
        assert ("variants" in one) == told
        if told:
            assert one["variants"]["note"] == sure_words.FORMS_NOTE
            assert all(set(row) == KEYS for row in one["variants"]["rows"])
            assert {row["form"] for row in one["variants"]["rows"]} == {*FORMS, WASHES_OUT}


def test_a_folder_of_one_pair_holds_it(tmp_path):
    folder = tmp_path / "answer"
    assert recoverysim(*PAIR, "--out", folder, "--quiet").code == 0
    table = pl.read_parquet(folder / "variants.parquet")
    assert set(table.columns) == KEYS | {"scenario"}
    (one,) = json.loads((folder / "comparison.json").read_text("utf-8"))["comparisons"]
    rows = [{"scenario": "peer-introduction", **row} for row in one["variants"]["rows"]]
    assert table.to_dicts() == rows
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["variants"] is True
    assert manifest["files"]["variants.parquet"]["rows"] == len(rows)
    assert recoverysim(*PAIR, "--no-variants", "--out", tmp_path / "without", "--quiet").code == 0
    assert not (tmp_path / "without" / "variants.parquet").exists()


def test_the_terminal_tells_it_within_its_width():
    out = recoverysim(*PAIR, "--variants").out
    plain = " ".join(out.split())
    assert sure_words.FORMS_TITLE in plain
    assert sure_words.FORMS_NOTE in plain
    for form in (*sure_words.FORMS.values(), sure_words.AS_TOLD):
        assert len([line for line in out.splitlines() if line.startswith(form)]) == 2
    assert max(map(len, out.splitlines())) <= 100
    assert "trials in the United States" in plain


def test_what_the_forms_come_to():
    rows = [(1, 1.04, -1.0, 3.0), (1, 2.96, 0.6, 5.0), (10, 4.0, 1.0, 7.0), (10, 4.0, 2.0, 6.0)]
    assert sure_words.forms_come_to(rows) == [
        "After 1 year the difference is +1.0 to +3.0, by form; under 1 of the 2 forms can it be "
        "told from zero.",
        "After 10 years (extrapolated) the difference is +4.0, by form; under each of the 2 forms "
        "can it be told from zero.",
    ]
    assert "under none of the 1 forms" in sure_words.forms_come_to([(1, 0.2, -1.0, 1.0)])[0]
    assert sure_words.forms_come_to([(1, None, None, None)]) == []
