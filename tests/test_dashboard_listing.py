"""The Evidence page's list, switches, and the words of Start, Why, Evidence and About."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

pytest.importorskip("solara")

import recoverysim
from recoverysim import dashboard_page_words as said
from recoverysim import evidence, quantities
from recoverysim.dashboard import address, listing
from recoverysim.dashboard.asked import AREA, BASELINE, PARTS_OFF, Asked, Mix
from recoverysim.dashboard.listing import Wanted
from recoverysim.dashboard.pages.start import limits
from recoverysim.dashboard.parts import footer, hangs_on
from recoverysim.pictures.switched_off import Row
from recoverysim.settings import MECHANISMS, all_quantities
from tests.answers import card

ROOT = Path(__file__).parent.parent
KEY = "linkage.peer.first_meeting"


def test_everything_is_listed_once_and_a_search_finds_by_name_source_and_people():
    assert listing.keys_found(Wanted(), {}) == list(all_quantities())
    assert KEY in listing.keys_found(Wanted("manning london"), {})
    assert listing.keys_found(Wanted("peer first meeting"), {}) == [KEY]
    assert listing.keys_found(Wanted("no such thing at all"), {}) == []


def test_filters_and_order():
    linkage = listing.keys_found(Wanted(section="linkage"), {})
    assert linkage == [key for key in all_quantities() if key.startswith("linkage.")]
    grades = [all_quantities()[key].grade for key in listing.keys_found(Wanted(sort="grade"), {})]
    assert grades == sorted(grades, key=list(quantities.GRADES).index)
    assert listing.keys_found(Wanted(sort="mine"), {"using.stop_per_week": 1, KEY: 0.5})[0] == KEY
    weak = listing.keys_found(Wanted(grade="weak"), {})
    assert {all_quantities()[key].grade for key in weak} == {"weak"}


def test_a_choice_from_the_page_is_checked():
    wanted = Wanted(page=3)
    assert wanted.with_("section", "linkage") == Wanted(section="linkage")
    assert wanted.with_("section", "<script>").section == ""
    assert wanted.with_("sort", "nonsense").sort == "key"
    assert wanted.with_("page", "9") == wanted
    assert len(wanted.with_("search", "x" * 1000).search) == 100


def test_a_row_says_what_the_register_says():
    row = listing.row(KEY, Asked())
    one = all_quantities()[KEY]
    assert (row["value"], row["grade"], row["unit"]) == ("0.622", one.grade, "probability")
    with evidence.REGISTER.open(newline="", encoding="utf-8") as file:
        figures = {line["id"]: line for line in csv.DictReader(file)}
    assert [figure["id"] for figure in row["figures"]] == one.source.split("; ")
    for figure in row["figures"]:
        assert figure["population"] == figures[figure["id"]]["population"]
        assert figure["source"] == figures[figure["id"]]["source"]
    assert row["measured"] == "UK"
    assert (row["allowed"], row["lowest"], row["highest"], row["mine"]) == ("0 to 1", 0, 1, None)


def test_a_number_of_one_value_cannot_be_changed_and_one_without_an_end_says_so():
    assert listing.row("linkage.none.fidelity", Asked())["fixed"]
    weeks = next(key for key, one in all_quantities().items() if math.isinf(one.bounds[1]))
    row = listing.row(weeks, Asked())
    assert row["highest"] is None
    assert row["allowed"].endswith("or more")


def test_every_row_can_be_sent_to_a_browser():
    import json

    for key in all_quantities():
        json.dumps(listing.row(key, Asked()), allow_nan=False)


def test_where_a_number_was_measured():
    def of(source, studied=""):
        return listing.measured_in(replace(all_quantities()[KEY], source=source, studied=studied))

    assert of("manning-post") == "uk"
    assert of("manning-post; framingham-type") == "uk+"
    assert of("framingham-type", "US general population") == "us"
    assert of("assumed") == "none"


def test_a_value_of_ones_own_holds_in_every_world_and_goes_into_the_address():
    asked = listing.with_own(Asked(), "company.slots", 6.0)
    assert asked.area == (("company.slots", 6),)
    for world in asked.worlds():
        assert dict(world.changes)["company.slots"][0].value == 6
    assert asked.worlds()[0].name == AREA
    assert address.read(address.query(asked)).asked == asked
    assert listing.own_values(asked) == ["company.slots"]
    assert listing.with_own(asked, "company.slots", None) == Asked()
    assert listing.with_own(asked, "company.slots", 8.0) == Asked(), "the model's own is no change"


def test_what_cannot_be_is_refused_in_words():
    with pytest.raises(ValueError, match="allowed are 0 to 1"):
        listing.with_own(Asked(), KEY, 2.0)
    with pytest.raises(ValueError, match="number"):
        listing.with_own(Asked(), KEY, math.nan)
    with pytest.raises(KeyError):
        listing.with_own(Asked(), "no.such.key", 1.0)


def test_beyond_the_studies_is_said():
    one = all_quantities()[KEY]
    assert listing.beyond(KEY, one.high) == ""
    assert listing.beyond(KEY, one.high + 0.01) == said.BEYOND
    assert listing.beyond("linkage.peer.offered_share", 0.9) == said.BEYOND_PRACTICE
    assert listing.beyond("network.mean_ties", 9) == said.BEYOND_MODEL
    assert listing.beyond(KEY, None) == ""


def test_what_a_scenario_sets_itself_is_said():
    row = listing.row("linkage.peer.offered_share", Asked())
    assert "peer-introduction" in row["set_by"]
    assert listing.row(KEY, Asked(mixes=(Mix("leaflet-only"),)))["set_by"] == ""


def test_a_part_is_switched_off_in_every_world_and_on_again():
    off = hangs_on.switched(Asked(), "company", False)
    assert off.area == (("mechanisms.company", False),)
    assert all(("company", False) in world.mechanisms for world in off.worlds())
    assert off.worlds()[0].name == PARTS_OFF
    assert hangs_on.are_off(off) == {"company"}
    assert address.read(address.query(off)).asked == off
    on = hangs_on.switched(off, "company", True)
    assert on == Asked()
    assert on.worlds()[0].name == BASELINE


def test_every_part_of_the_model_has_a_name_and_the_first_are_known():
    assert set(said.PARTS) == set(MECHANISMS)
    assert set(hangs_on.parts_in_order()) == set(MECHANISMS)
    assert len(hangs_on.parts_in_order()) == len(MECHANISMS)


def test_what_moves_most_comes_first_and_what_moves_nothing_is_told_apart():
    def row(name, moved):
        return Row(name, name, card("in_recovery", 1, 1, 1, 0, 2), moved)

    rows = [row("", None), row("a", (1.0, 0, 2)), row("b", (-5.0, -9, -1)), row("c", (0.0, 0, 0))]
    assert [one.mechanism for one in hangs_on.in_order(rows)] == ["", "b", "a", "c"]
    assert [one.mechanism for one in rows if hangs_on.moves_it(one)] == ["a", "b"]
    assert said.moves(-5.0, -9, -1) == said.MOVES_IT
    assert said.moves(1.0, 0, 2) == said.moves(1.0, None, None) == said.MAY_NOT
    assert said.moves(0.0, 0, 0) == said.NOT_AT_ALL


def test_friends_are_told_with_their_ranges():
    text = said.without_friends((4, -11, 18), (2, -1, 5), (-1.2, -14, 11), "8 repeats")
    assert "+4 (−11 to +18) with friends" in text
    assert "+2 (−1 to +5) with friends switched off" in text
    assert "too close to call" in text
    assert "make a difference" in said.without_friends((4, 1, 8), (0, 0, 0), (-4, -8, -1), "x")


def test_the_help_line_is_the_deployers(monkeypatch):
    monkeypatch.delenv(footer.HELP_LINE, raising=False)
    assert footer.help_line() == said.HELP
    monkeypatch.setenv(footer.HELP_LINE, "  Call <b>us</b>  ")
    assert footer.help_line() == "Call <b>us</b>", "it is escaped where it is shown"
    monkeypatch.setenv(footer.HELP_LINE, " ")
    assert footer.help_line() == said.HELP


def test_limits_count_what_is_there():
    grades = [one.grade for one in all_quantities().values()]
    assert f"{grades.count('assumed')} of the model’s {len(grades)}" in limits()[0]
    assert len(limits()) >= 3


def test_the_citation_is_that_of_the_file():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    text = said.citation(cff["version"])
    assert cff["authors"][0]["name"] in text
    assert cff["title"] in text
    assert cff["version"] in text


def test_the_python_that_is_shown_runs(capsys):
    code = said.PYTHON
    for usual, small in (("2000", "50"), ("years=10", "years=1"), ("repeats=20", "repeats=2")):
        assert usual in code
        code = code.replace(usual, small)
    exec(code, {})
    assert "peer-introduction" in capsys.readouterr().out


def test_the_commands_that_are_shown_exist():
    from recoverysim.command import IN_ORDER

    names = {line.split()[1] for line in said.COMMANDS.splitlines()} - {"--help"}
    assert names <= set(IN_ORDER)
    assert "linkage.peer.first_meeting" in all_quantities()
    assert recoverysim.load("peer-introduction")
