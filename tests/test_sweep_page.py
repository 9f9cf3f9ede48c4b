"""docs/sweeps.md names everything that a plan can hold, its tables are those of the files, and its
examples run and agree.

`python -m tests.test_sweep_page` writes the tables anew.
"""

import inspect
import json
import re

import pyarrow.parquet as pq
import pytest

import recoverysim as rs
from recoverysim.command import sweeps
from recoverysim.store import growing
from recoverysim.store.columns import RUNS
from recoverysim.studies.sweeps.analyses.analyse import _fitting
from recoverysim.studies.sweeps.plan import DESIGNS, INDEPENDENT, MEASURES, TWINS
from recoverysim.studies.sweeps.plan_factors import FACTOR_KEYS
from recoverysim.studies.sweeps.plan_reading import (
    KEYS,
    known_measures,
    load_plan,
    shipped_plans,
)
from tests import sweep_made
from tests.sweep_readers import PAGE, QUESTIONS, READERS, page, rows_of

FOLDER = "sweep-offers"  # as the page calls it


def marked(name, language):
    """The code that stands under a mark."""
    found = re.search(rf"<!-- {name} -->\n```{language}\n(.*?)^```$", page(), re.S | re.M)
    return found[1]


def table_of_runs():
    lines = ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    lines += [f"| `{one.name}` | {one.type} | {one.unit} | {one.meaning} |" for one in RUNS]
    return "\n".join(lines) + "\n"


def measures_in_words():
    kept = ", ".join(f"`{one}`" for one in MEASURES)
    others = ", ".join(f"`{one}`" for one in known_measures() if one not in MEASURES)
    return f"{kept} (these ten where a plan names none), {others}\n"


def with_tables(text):
    text = re.sub(
        r"(<!-- columns of runs -->\n)(\|.*\n)*", lambda one: one[1] + table_of_runs(), text
    )
    return re.sub(
        r"(<!-- measures -->\n)\n?(`.*\n)?", lambda one: f"{one[1]}\n{measures_in_words()}", text
    )


def test_the_tables_are_up_to_date():
    assert page() == with_tables(page()), "run: python -m tests.test_sweep_page"


def first_cells(heading):
    """Every name in the first column of tables under a heading."""
    part = page().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", part, flags=re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_key_and_every_design_stands_on_the_page():
    assert first_cells("A plan, line by line") == {*KEYS, *FACTOR_KEYS}
    assert first_cells("Designs") == {*DESIGNS}
    assert {TWINS, INDEPENDENT} <= {*re.findall(r"`(\w+)`", page())}


def test_every_plan_that_ships_stands_on_the_page():
    part = page().partition("\n## ")[0]
    assert {*re.findall(r"^\| `([\w-]+)` \|", part, flags=re.M)} == {*shipped_plans()}


def test_every_analysis_stands_on_the_page():
    part = page().partition("\n## What the runs say together\n")[2]
    told = {*re.findall(r"^\| \*\*([\w ]+)\*\*", part, flags=re.M)}
    of_all = set()
    for design in DESIGNS:
        made = sweep_made.found(
            sweep_made.grid(2, 2), lambda places: places[:, 0], design=design,
            scenarios=("baseline", "peer-introduction"),
        )  # fmt: skip
        of_all |= {*_fitting(made, lambda _: None)}
    assert told == of_all - {"sensitivity"} | {"Morris", "Sobol"}


def test_every_file_of_the_folder_stands_on_the_page(folder):
    told = first_cells("The folder")
    for path in (folder / FOLDER).iterdir():
        if path.name.startswith("."):
            assert f"`{path.name}`" in page()
        elif path.is_dir():
            assert any(one.startswith(f"{path.name}/") for one in told), path.name
        else:
            assert path.name in told


def test_every_option_of_the_command_stands_on_the_page():
    options = {
        f"--{name.replace('_', '-')}"
        for name in inspect.signature(sweeps.sweep).parameters
        if name not in ("plan", "plugins", "as_json", "quiet")  # those of every command
    }
    assert sorted(one for one in options if one not in page()) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the example from Python has run, its folder beside it."""
    place = tmp_path_factory.mktemp("page")
    script = place / "offers.py"
    script.write_text(marked("example: python", "python"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        names = {"__name__": "__main__"}
        exec(compile(script.read_text(), str(script), "exec"), names)
    assert len(names["runs"]) == 9 * 2 * 10 * 2
    assert names["whole"].sizes == {
        "scenario": 2, "offered": 3, "linkage.peer.fidelity": 3, "repeat": 10, "year": 2
    }  # fmt: skip
    return place


def test_the_plan_as_a_file_and_as_a_mapping_are_the_same(folder, tmp_path):
    path = tmp_path / "offers.yaml"
    path.write_text(marked("plan: offers", "yaml"))
    swept = rs.Sweep(folder / FOLDER)
    assert load_plan(path).hash() == swept.stamp["plan"]
    assert swept.manifest["runs"]["asked"] == 180  # as the page says


def test_files_are_named_as_the_page_says(folder):
    [part, *_] = growing.parts_of(folder / FOLDER, growing.RUNS)
    assert re.fullmatch(r"part-\d{8}-[0-9a-f]{16}\.parquet", part.name)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_by_every_reader(question):
    assert {*QUESTIONS[question]} == {*READERS}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_readers_agree(question, name, folder, monkeypatch):
    monkeypatch.chdir(folder)
    expected = rows_of(question, "polars")
    found = rows_of(question, name)
    assert len(found) == len(expected) > 0
    for mine, theirs in zip(found, expected, strict=True):
        assert list(mine) == list(theirs)
        for column, value in theirs.items():
            number = isinstance(value, float)
            assert mine[column] == (pytest.approx(value, rel=1e-9) if number else value)


def test_the_answers_are_right(folder, monkeypatch):
    """Found again from the handle, by another way."""
    monkeypatch.chdir(folder)
    whole = rs.Sweep(FOLDER).to_xarray()["in_recovery"].sel(year=2)
    progress, twins = (rows_of(question, "polars") for question in QUESTIONS)
    for row in progress:
        assert (row["runs"], row["rows"]) == (90, 180)
        assert row["in_recovery"] == pytest.approx(
            float(whole.sel(scenario=row["scenario"]).mean())
        )
    more = whole.sel(scenario="peer-introduction") - whole.sel(scenario="baseline")
    assert len(twins) == 9
    for row in twins:
        at = {key: row[key] for key in ("offered", "linkage.peer.fidelity")}
        assert row["twins"] == 10
        assert row["more"] == pytest.approx(float(more.sel(at, method="nearest").mean()), abs=1e-9)


def test_units_stand_in_the_metadata_of_columns(folder):
    [part, *_] = growing.parts_of(folder / FOLDER, growing.RUNS)
    schema = pq.read_schema(part)
    assert schema.field("deaths").metadata[b"unit"] == b"people per 1,000 who started"
    assert [(one.name, str(one.type)) for one in schema][: len(RUNS)] == [
        (one.name, one.type) for one in RUNS
    ]


def test_the_recipe_for_the_content_hash_finds_what_the_manifest_says(folder, monkeypatch):
    """That of docs/output.md, as the page says."""
    monkeypatch.chdir(folder)
    names = {}
    text = PAGE.with_name("output.md").read_text("utf-8")
    recipe = text.partition("<!-- example: content hash -->\n```python\n")[2].partition(
        "\nfolder ="
    )
    exec(compile(recipe[0], "docs/output.md", "exec"), names)
    assert names["content_hash"](f"{FOLDER}/runs") == rs.Sweep(FOLDER).content_hash


def test_rows_of_the_page_are_read(tmp_path):
    found = re.search(r"^```\n(offered,.*?)^```$", page(), re.S | re.M)[1]
    (tmp_path / "rows.csv").write_text(found)
    factors = {"offered": {"sets": {"peer-introduction": "linkage.peer.offered_share"}}}
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        json.dumps(
            {
                "question": "?", "design": "rows", "rows": "rows.csv", "factors": factors,
                "scenarios": ["baseline", "peer-introduction"], "measures": ["deaths"],
            }
        )
    )  # fmt: skip
    assert load_plan(plan).rows == ((0.2, 1.0), (0.6, 0.5))


if __name__ == "__main__":
    PAGE.write_text(with_tables(page()), encoding="utf-8")
