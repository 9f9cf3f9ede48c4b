"""docs/output.md: its tables of columns are those of the files, and its examples run and agree.

`python -m tests.test_output_examples` writes the tables of columns anew.
"""

import csv
import hashlib
import io
import math
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import scipy.stats

from recoverysim import compare, run
from recoverysim.codes import ENDINGS, FAITHS, GOALS, MODALITIES, STAGES, SUBSTANCES, USES
from recoverysim.outcomes import COUNTS, UP_TO_NOW
from recoverysim.store.columns import TABLES
from recoverysim.studies.result import run_to_folder

PAGE = Path(__file__).parent.parent / "docs" / "output.md"
SETTINGS = {"clients": 150, "years": 2, "repeats": 6, "seed": 11, "threads": 1}
SCENARIO = "peer-introduction"
ENGINES = ("polars", "pandas", "duckdb", "r")


# --- the page -----------------------------------------------------------------------------


def page():
    return PAGE.read_text(encoding="utf-8")


def engine(language, code):
    if language == "python":
        return "polars" if "import polars" in code else "pandas"
    return {"sql": "duckdb", "r": "r"}[language]


def questions():
    """Every question with its code by engine."""
    text = page().partition("\n## Questions\n")[2].partition("\n## ")[0]
    found = {}
    for part in text.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", body, flags=re.DOTALL | re.MULTILINE)
        found[name] = [(engine(language, code), code) for language, code in blocks]
    return found


QUESTIONS = questions()


def marked(name):
    """The code that stands under a mark."""
    return re.search(rf"<!-- example: {name} -->\n```python\n(.*?)^```$", page(), re.S | re.M)[1]


def table_of(name):
    """The columns of a table as the page shows them."""
    lines = ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    for field in TABLES[name]:
        lines.append(f"| `{field.name}` | {field.type} | {field.unit} | {field.meaning} |")
    return "\n".join(lines)


def with_tables(text):
    """The page with every table of columns as it has to be."""
    for name in TABLES:
        mark = f"<!-- columns of {name} -->\n"
        text, found = re.subn(
            rf"{mark}(\|.*\n)*", lambda _, m=mark, n=name: f"{m}{table_of(n)}\n", text
        )
        assert found == 1, name
    return text


def test_the_tables_of_columns_are_up_to_date():
    assert page() == with_tables(page()), "run: python -m tests.test_output_examples"


def test_every_question_is_answered_in_every_language():
    assert len(QUESTIONS) >= 5
    for blocks in QUESTIONS.values():
        assert [name for name, _ in blocks] == list(ENGINES)


def section(name):
    return page().partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("weekly", COUNTS),
        ("journeys", [*STAGES, *MODALITIES, *filter(None, ENDINGS)]),
        ("clients", [*SUBSTANCES, *FAITHS, *GOALS]),
    ],
)
def test_every_word_that_stands_in_a_file_stands_on_the_page(place, words):
    said = set(re.findall(r"`([^`\n]+)`", section(place).replace("\n`", " `")))
    assert sorted(set(words) - said) == []
    assert all(use in section("panel") for use in USES)


def test_the_page_knows_what_is_counted_now_and_what_up_to_now():
    now, _, up_to_now = section("weekly").partition("up to and including the week")
    assert all(f"`{name}`" in now for name in COUNTS[:UP_TO_NOW])
    assert all(f"`{name}`" in up_to_now for name in COUNTS[UP_TO_NOW:])


def test_the_page_knows_every_key_of_the_manifest(folder):
    manifest = (folder / "results" / "manifest.json").read_text("utf-8")
    for key in re.findall(r'^  "(\w+)":', manifest, flags=re.MULTILINE):
        assert f"`{key}`" in section("manifest.json"), key


# --- running the examples -----------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which the examples stand: `results` from a run, `answer` from a comparison."""
    base = tmp_path_factory.mktemp("examples")
    run_to_folder(SCENARIO, base / "results", SETTINGS, ["run"])
    run_to_folder(SCENARIO, base / "csv", SETTINGS, ["run"], as_csv=True)
    compared = compare([SCENARIO, "cut-linkage"], baseline="baseline", **SETTINGS)
    compared.write(base / "answer")
    return base


def rows_of_frame(frame):
    return frame.to_dicts() if isinstance(frame, pl.DataFrame) else frame.to_dict("records")


def ask_python(code):
    names = {"__name__": "example"}
    exec(compile(code, "docs/output.md", "exec"), names)
    return rows_of_frame(names["answer"])


def ask_duckdb(code):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed (the extra `dev`)")
    with duckdb.connect() as connection:
        return rows_of_frame(connection.sql(code).pl())


@cache
def why_not_r():
    """Why the R examples cannot run here, or nothing."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    wanted = "c('arrow', 'dplyr', 'jsonlite')"
    ask = f"cat(Filter(function(p) !requireNamespace(p, quietly = TRUE), {wanted}))"
    done = subprocess.run(["Rscript", "-e", ask], capture_output=True, text=True, timeout=120)
    missing = done.stdout.split() if done.returncode == 0 else ["R itself fails"]
    return f"R packages missing: {', '.join(missing)}" if missing else ""


def ask_r(code):
    if why_not_r():
        pytest.skip(why_not_r())
    code += '\nwrite.csv(as.data.frame(answer), stdout(), row.names = FALSE, na = "")\n'
    done = subprocess.run(["Rscript", "-"], input=code, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


ASK = {"polars": ask_python, "pandas": ask_python, "duckdb": ask_duckdb, "r": ask_r}


def cell(value):
    """A cell as every engine has it: a number, a word, or None."""
    if isinstance(value, str):
        if value in ("TRUE", "FALSE"):
            return float(value == "TRUE")
        try:
            value = float(value)
        except ValueError:
            return value or None
    if value is None:
        return None
    return None if math.isnan(value) else float(value)


def in_order(rows):
    """Rows with comparable cells, in one order for all; words and keys stand in front."""
    plain = [{key: cell(value) for key, value in row.items()} for row in rows]
    return sorted(plain, key=lambda row: [(str(type(v)), v or 0) for v in row.values()])


@cache
def polars_says(question, where):
    return in_order(ask_python(dict(QUESTIONS[question])["polars"]))


@pytest.mark.parametrize("name", ENGINES[1:])
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_engines_agree(question, name, folder, monkeypatch):
    monkeypatch.chdir(folder)
    expected = polars_says(question, folder)
    found = in_order(ASK[name](dict(QUESTIONS[question])[name]))
    assert len(expected) > 0
    assert list(found[0]) == list(expected[0])
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        for column, value in theirs.items():
            number = isinstance(value, float)
            assert mine[column] == (pytest.approx(value, rel=1e-9) if number else value), theirs


# --- and the answers are right ------------------------------------------------------------


@pytest.fixture(scope="module")
def result():
    return run(SCENARIO, **SETTINGS)


def asked(words, folder, monkeypatch):
    monkeypatch.chdir(folder)
    (question,) = (name for name in QUESTIONS if words in name)
    return polars_says(question, folder)


def measured(result, name, year, group="all"):
    return next(
        row
        for row in result.measures()
        if (row["measure"], row["year"], row["group"]) == (name, year, group)
    )


def test_recovery_and_its_luck_are_what_the_program_says(folder, result, monkeypatch):
    (found,) = asked("how much of that is luck", folder, monkeypatch)
    said = measured(result, "in_recovery", 1)
    assert found["value"] == pytest.approx(said["value"])
    # 6 repeats under 3 sets leave 3 degrees of freedom; the page takes 1.96 in place of t.
    wider = scipy.stats.t.ppf(0.975, 3) / 1.96
    half = (found["high"] - found["low"]) / 2 * wider
    assert said["luck_low"] > 0  # else the program would have cut it off
    assert found["value"] - half == pytest.approx(said["luck_low"], rel=1e-3)
    assert found["value"] + half == pytest.approx(said["luck_high"], rel=1e-3)


def test_deaths_are_what_the_program_says(folder, result, monkeypatch):
    rows = asked("How many die", folder, monkeypatch)
    assert len(rows) == len(SUBSTANCES)
    dead = pl.DataFrame(result.to_arrow()).filter(week=104, measure="stage_dead", group="all")
    assert dead["value"].sum() > 0
    for row in rows:
        # The program takes the mean over repeats of a ratio, the page the ratio of sums.
        group = result.clients().filter(substance=row["group"].removeprefix("substance="))
        died = result.panel().filter(week=104, stage="dead").join(group, on=["repeat", "client"])
        assert row["deaths"] == pytest.approx(1000 * len(died) / len(group))
        assert row["overdoses"] <= row["deaths"]


def test_first_stays_in_medication_are_those_of_the_panel(folder, result, monkeypatch):
    rows = asked("first stay in medication", folder, monkeypatch)
    assert {row["left"] for row in rows} == {0.0, 1.0}
    had_one = set(result.panel().filter("on_medication").select("repeat", "client").iter_rows())
    assert had_one <= {(int(row["repeat"]), int(row["client"])) for row in rows}
    first = {}
    for stay in result.journeys().sort("stay").iter_rows(named=True):
        if stay["modality"] == "medication":
            first.setdefault((stay["repeat"], stay["client"]), stay)
    expected = {
        who: (
            (104 if stay["week_out"] is None else stay["week_out"]) - stay["week_in"],
            stay["ended"] not in ("", "died: overdose", "died: other cause"),
        )
        for who, stay in first.items()
    }
    found = {(row["repeat"], row["client"]): (row["weeks"], bool(row["left"])) for row in rows}
    assert found == expected


def test_shares_of_time_are_those_of_the_people(folder, result, monkeypatch):
    rows = asked("share of the time", folder, monkeypatch)
    assert sum(row["share"] for row in rows) == pytest.approx(len(SUBSTANCES))
    # By stays: a stay from week a to week b is counted at the ends of weeks a to b - 1, the start
    # (week 0) left out.
    weeks = dict.fromkeys(STAGES, 0)
    opioids = set(
        result.clients().filter(substance="opioids").select("repeat", "client").iter_rows()
    )
    for stay in result.journeys().iter_rows(named=True):
        if (stay["repeat"], stay["client"]) in opioids:
            end = 105 if stay["week_out"] is None else stay["week_out"]
            weeks[stay["stage"]] += max(0, end - max(1, stay["week_in"]))
    alive = sum(weeks.values()) - weeks["dead"]
    for row in rows:
        if row["group"] == "substance=opioids":
            assert row["share"] == pytest.approx(weeks[row["stage"]] / alive)


def test_who_goes_is_counted_person_by_person(folder, result, monkeypatch):
    rows = asked("Who goes to mutual aid", folder, monkeypatch)
    meetings = {}
    for seen in result.panel().iter_rows(named=True):
        if 0 < seen["week"] <= 52:
            who = seen["repeat"], seen["client"]
            meetings[who] = meetings.get(who, 0) + seen["meetings"]
    for row in rows:
        group = [
            meetings[one["repeat"], one["client"]]
            for one in result.clients().iter_rows(named=True)
            if (one["substance"], one["earlier_contact"])
            == (row["substance"], row["earlier_contact"])
        ]
        assert row["people"] == len(group)
        assert row["went"] == pytest.approx(sum(n > 0 for n in group) / len(group))
        assert row["weeks"] == pytest.approx(sum(group) / len(group))
    assert sum(row["people"] for row in rows) == SETTINGS["clients"] * SETTINGS["repeats"]


def test_links_are_those_that_were_counted(folder, result, monkeypatch):
    rows = asked("Who was linked", folder, monkeypatch)
    assert len(rows) == (1 + len(SUBSTANCES)) * 5
    found = {row["kind"]: row["links"] for row in rows if row["group"] == "all"}
    people = SETTINGS["clients"] * SETTINGS["repeats"]
    counts = result.to_xarray().sel(group="all")
    for kind, links in found.items():
        counted = float(counts.sel(measure=f"linked_{kind}").sum())
        assert links == pytest.approx(1000 * counted / people)
    assert found["peer"] > 0


def test_the_page_reads_a_comparison(folder, monkeypatch):
    rows = asked("Which scenarios", folder, monkeypatch)
    assert {(row["scenario"], row["year"]) for row in rows} == {
        (scenario, year) for scenario in (SCENARIO, "cut-linkage") for year in (1.0, 2.0)
    }
    for row in rows:
        assert row["low"] <= row["difference"] <= row["high"]
        assert bool(row["settled"]) == (not row["low"] <= 0 <= row["high"])


# --- hashes, and Python without files -----------------------------------------------------


def test_the_recipe_for_the_content_hash_finds_what_the_manifest_says(folder, monkeypatch):
    monkeypatch.chdir(folder)
    names = {}
    exec(compile(marked("content hash"), "docs/output.md", "exec"), names)
    assert set(names["found"]) == set(TABLES) - {
        "measures",
        "who_changed",
        "variants",
        "unknowns",
    }  # those of compare
    files = names["manifest"]["files"]
    for name in names["found"]:
        content = (folder / "results" / f"{name}.parquet").read_bytes()
        assert files[f"{name}.parquet"]["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["weekly", "journeys", "panel", "clients"])
def test_csv_is_read_as_it_is(folder, name):
    """Types are found by looking, truths and empty cells among them."""
    read = pl.read_csv(folder / "csv" / f"{name}.csv", infer_schema_length=None)
    expected = pl.read_parquet(folder / "results" / f"{name}.parquet")
    kinds = [
        [one.is_float() or one.is_integer() or one for one in frame.dtypes]
        for frame in (read, expected)
    ]
    assert kinds[0] == kinds[1]
    assert len(read) == len(expected)


def test_the_python_example_runs():
    names = {"__name__": "example"}
    exec(compile(marked("python"), "docs/output.md", "exec"), names)
    result, counts = names["result"], names["counts"]
    assert names["unit"] == b"weeks"
    weekly = names["weekly"]
    assert pl.from_pandas(result.to_pandas(), schema_overrides=weekly.schema).equals(weekly)
    died = weekly.filter(week=104, group="all", measure="stage_dead")["value"]
    assert len(died) == 4
    assert float(names["deaths"]) == pytest.approx(died.mean())
    assert counts.sizes == {"repeat": 4, "week": 105, "group": 4, "measure": len(COUNTS)}
    assert names["mean_wait"] >= 0
    assert 18 <= names["age"] <= 90


if __name__ == "__main__":
    PAGE.write_text(with_tables(page()), encoding="utf-8")
