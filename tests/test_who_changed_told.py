"""What is told of who changed: on the terminal, in JSON, in folders, and in words."""

import json

import polars as pl
import pytest

import recoverysim as rs
from recoverysim import story_of_changes
from recoverysim.studies.parting import STEPS
from recoverysim.studies.ratios import AMONG
from tests.test_commands import recoverysim

SMALL = ("--clients", "300", "--years", "2", "--repeats", "4", "--knowledge", "prior")
PAIR = ("compare", "peer-introduction", *SMALL)
MANY = ("compare", "baseline", "peer-introduction", "cut-linkage", *SMALL)
KEYS = {
    "definition", "year", "step", "who", "gained", "lost", "net", "low", "high", "luck_low",
    "luck_high", "people_gained", "people_lost", "alike_lower_quartile", "alike_median",
    "alike_upper_quartile",
}  # fmt: skip


def answer(*words):
    said = recoverysim(*words, "--json")
    assert (said.code, said.err) == (0, "")
    return json.loads(said.out)["comparisons"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (PAIR, True), ((*PAIR, "--no-who"), False), (MANY, False), ((*MANY, "--who"), True),
        ((*PAIR, "--definition", "share_of_days"), False),
    ],
)  # fmt: skip
def test_it_is_told_of_one_pair_and_where_it_is_asked(words, told):
    for one in answer(*words):
        assert ("who_changed" in one) == told
        among = {row["measure"] for row in one["measures"]} & set(AMONG)
        assert among == (set(AMONG) if told else set())


def test_json_holds_rows_and_what_must_stand_with_them():
    (one,) = answer(*PAIR)
    said = one["who_changed"]
    assert said["note"] == story_of_changes.WARNING
    assert "simulated world only" in " ".join(said["note"].split())
    assert all(set(row) == KEYS for row in said["rows"])
    assert {row["year"] for row in said["rows"]} == {1, 2}
    everybody = next(row for row in said["rows"] if row["step"] == row["who"] == "all")
    reported = next(row for row in one["measures"] if row["measure"] == "in_recovery")
    assert everybody["net"] == pytest.approx(reported["difference"])
    assert everybody["low"] == pytest.approx(reported["low"])
    assert everybody["luck_high"] == pytest.approx(reported["luck_high"])


def test_the_rest_of_the_answer_does_not_depend_on_it():
    (with_it,), (without,) = answer(*PAIR), answer(*PAIR, "--no-who")
    del with_it["who_changed"]
    with_it["measures"] = [row for row in with_it["measures"] if row["measure"] not in AMONG]
    assert with_it == without


def test_threads_and_whether_python_looked_before_change_no_byte():
    assert recoverysim(*PAIR, "--json", "--threads", "1").out == recoverysim(
        *PAIR, "--json", "--threads", "2"
    ).out  # fmt: skip
    pair = rs.compare("leaflet-only", clients=100, years=1, repeats=2)
    before = json.dumps(pair.to_json())
    pair.who_changed()
    assert json.dumps(pair.to_json()) == before


def test_a_share_of_days_is_met_by_nobody():
    said = recoverysim(*PAIR, "--who", "--definition", "share_of_days")
    assert (said.code, said.out) == (2, "")
    assert "share_of_days" in said.err
    assert "abstinent_90_days" in said.err
    pair = rs.compare("leaflet-only", clients=50, years=1, repeats=2, definition="share_of_days")
    with pytest.raises(ValueError, match="choose a definition"):
        pair.who_changed()


@pytest.mark.parametrize("as_csv", [True, False])
def test_a_folder_holds_the_table(tmp_path, as_csv):
    folder = tmp_path / "answer"
    words = ("--csv",) if as_csv else ()
    assert recoverysim(*PAIR, "--out", folder, *words).code == 0
    path = folder / ("who_changed.csv" if as_csv else "who_changed.parquet")
    table = pl.read_csv(path) if as_csv else pl.read_parquet(path)
    assert set(table.columns) == KEYS | {"scenario"}
    (one,) = answer(*PAIR)
    rows = [{"scenario": "peer-introduction", **row} for row in one["who_changed"]["rows"]]
    for mine, theirs in zip(table.to_dicts(), rows, strict=True):
        assert mine == pytest.approx(theirs, nan_ok=True)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["files"][path.name]["rows"] == len(rows)
    assert manifest["settings"]["who"] is True


def test_without_it_a_folder_has_no_such_table(tmp_path):
    assert recoverysim(*PAIR, "--no-who", "--out", tmp_path / "answer").code == 0
    assert not (tmp_path / "answer" / "who_changed.parquet").exists()


def test_the_terminal_tells_it_within_its_width_with_the_warning():
    out = recoverysim(*PAIR).out
    plain = " ".join(out.split())
    assert story_of_changes.TITLE in plain
    assert story_of_changes.WARNING in plain
    assert "What is offered" in out
    assert "… newly offered" in out
    assert max(map(len, out.splitlines())) <= 100
    same = recoverysim("compare", "baseline", "baseline", *SMALL, "--who").out
    assert story_of_changes.NOBODY in same


def test_every_step_has_words():
    assert set(story_of_changes.STEPS) == set(STEPS)
    assert set(story_of_changes.NEEDED) == set(AMONG)


def test_a_number_needed_is_told_where_its_range_is_above_nothing():
    name = "number_needed_to_connect"
    rows = [(1, 66.0, 20.4, 222.0), (5, 40.0, -3.0, 90.0), (10, None, None, None)]
    text = story_of_changes.number_needed(name, rows, (1, 5, 10), fewer=False)
    assert text == (
        "Newly connected people for one more in recovery among themselves: 66 (20 to 222) after "
        "1 year; in other years it cannot be told from zero."
    )
    text = story_of_changes.number_needed(name, rows[1:], (5, 10), fewer=True)
    assert text == (
        "People no longer connected for one fewer in recovery among themselves: cannot be told "
        "from zero."
    )
    assert story_of_changes.parted(None, None, None) == "–"
    assert story_of_changes.parted(3, 24, 88) == "24 (3 to 88)"
