"""Output folders: the promised columns, the same rows in either format, rows that make sense."""

import csv
import datetime
import hashlib
import json
import struct
from itertools import pairwise

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from recoverysim import compare, run
from recoverysim.clients import TRAITS
from recoverysim.command import app
from recoverysim.store import tables
from recoverysim.store.columns import TABLES as DECLARED
from recoverysim.store.folder import Writer
from recoverysim.store.tables import ContentHash
from recoverysim.store.whole import new_folder
from recoverysim.studies.result import run_to_folder

SETTINGS = {"clients": 80, "years": 2, "repeats": 3, "seed": 5, "threads": 1}
TABLES = ("clients", "journeys", "links", "panel", "weekly")

# Stages and moves, as they are promised to those who read the files.
MOVES = {
    "using": {"waiting", "community", "dead"},
    "waiting": {"detox", "treatment", "using", "community", "dead"},
    "detox": {"community", "treatment", "using", "dead"},
    "treatment": {"detox", "treatment", "community", "using", "dead"},
    "community": {"using", "waiting", "dead"},
    "dead": set(),
}


def written(path, scenario="peer-introduction", *, as_csv=False, **changed):
    run_to_folder(scenario, path, SETTINGS | changed, ["run"], as_csv=as_csv)
    return json.loads((path / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One run, as Parquet and as CSV, with both manifests."""
    base = tmp_path_factory.mktemp("out")
    return base, written(base / "parquet"), written(base / "csv", as_csv=True)


# --- files --------------------------------------------------------------------------------

# The columns that other people's scripts call, in the order in which they were promised. What is
# behind them may grow.
PROMISED = {
    "weekly": "scenario string, repeat int32, week int32, measure string, group string, "
    "value double, unit string",
    "journeys": "scenario string, repeat int32, client uint64, stay int32, stage string, "
    "week_in int32, week_out int32, ended string",
    "panel": "scenario string, repeat int32, client uint64, week int32, stage string, use string, "
    "weeks_abstinent int32, meetings int32, involvement float, capital float, on_medication bool, "
    "ties_in_recovery int32",
    "clients": "scenario string, repeat int32, client uint64",
    "links": "scenario string, repeat int32, client uint64, service int32, worker int32",
}


@pytest.mark.parametrize("name", TABLES)
def test_the_columns_are_those_that_were_promised(folder, name):
    base, *_ = folder
    schema = pq.read_schema(base / "parquet" / f"{name}.parquet")
    columns = [f"{field.name} {field.type}" for field in schema]
    promised = PROMISED[name].split(", ")
    assert columns[: len(promised)] == promised


def test_every_trait_at_entry_is_in_the_table_of_clients(folder):
    base, *_ = folder
    there = pq.read_schema(base / "parquet" / "clients.parquet").names
    assert set(there) == {"scenario", "repeat", "client"} | {
        trait.name for trait in TRAITS if trait.name not in ("key", "luck", "cell")
    }


@pytest.mark.parametrize("name", TABLES)
def test_only_columns_that_may_be_empty_have_empty_cells(folder, name):
    base, *_ = folder
    table = pq.read_table(base / "parquet" / f"{name}.parquet")
    for field, column in zip(table.schema, table.columns, strict=True):
        assert field.nullable == (field.name in ("week_out", "modality"))
        assert field.nullable == (column.null_count > 0), field.name


def test_a_table_that_is_not_as_declared_is_not_written():
    with pytest.raises(TypeError, match="declared are"):
        tables._table("panel", {"scenario": ["one"]})
    of_another_type = {field.name: pa.nulls(1, pa.bool_()) for field in DECLARED["weekly"]}
    with pytest.raises(TypeError, match="declared are"):
        tables._table("weekly", of_another_type)


def as_text(value):
    """A cell as CSV has it."""
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", TABLES)
def test_csv_holds_the_same_rows_as_parquet(folder, name):
    base, *_ = folder
    table = pq.read_table(base / "parquet" / f"{name}.parquet")
    with (base / "csv" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    assert heading == table.column_names
    columns = ([as_text(value) for value in column.to_pylist()] for column in table.columns)
    assert rows == [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means(folder, name):
    base, *_ = folder
    beside = json.loads((base / "csv" / f"{name}.metadata.json").read_text("utf-8"))
    for field in pq.read_schema(base / "parquet" / f"{name}.parquet"):
        said = {key.decode(): text.decode() for key, text in field.metadata.items()}
        assert set(said) == {"unit", "meaning"}
        assert " " in said["meaning"], field.name
        assert beside[field.name] == {"type": str(field.type)} | said


UNITS = {
    ("weekly", "week"): "weeks", ("weekly", "value"): "see unit", ("journeys", "week_out"): "weeks",
    ("panel", "capital"): "0 to 1", ("panel", "meetings"): "weeks", ("clients", "age"): "years",
    ("clients", "readiness"): "standard deviations", ("clients", "substance"): "",
}  # fmt: skip


@pytest.mark.parametrize(("name", "column"), UNITS)
def test_columns_carry_their_unit(folder, name, column):
    field = pq.read_schema(folder[0] / "parquet" / f"{name}.parquet").field(column)
    assert field.metadata[b"unit"].decode() == UNITS[name, column]


def test_every_column_of_a_comparison_says_what_it_means(tmp_path):
    compare(["baseline", "leaflet-only"], clients=20, years=1, repeats=4).write(tmp_path / "out")
    for field in pq.read_schema(tmp_path / "out" / "measures.parquet"):
        assert set(field.metadata) == {b"unit", b"meaning"}, field.name
        assert field.metadata[b"meaning"]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_manifest_describes_the_files(folder, form):
    base, *manifests = folder
    manifest, path = manifests[form == "csv"], base / form
    assert set(manifest["files"]) == {p.name for p in path.iterdir()} - {"manifest.json"}
    for name, said in manifest["files"].items():
        content = (path / name).read_bytes()
        assert said["sha256"] == hashlib.sha256(content).hexdigest()
        assert said["bytes"] == len(content)
        if name.endswith(".parquet"):
            assert said["rows"] == pq.read_metadata(path / name).num_rows > 0
        elif name.endswith(".csv"):
            assert said["rows"] == content.count(b"\n") - 1 > 0
    assert manifest["stamp"]["seed"] == 5


def test_the_manifest_holds_what_was_promised(folder):
    _, manifest, _ = folder
    assert set(manifest) >= {
        "schema_version", "stamp", "command", "settings", "files", "content_hash"
    }  # fmt: skip
    assert manifest["settings"] == SETTINGS | {
        "knowledge": "accepted",
        "definition": "abstinent_90_days",
        "journeys": SETTINGS["clients"],
    }
    # Time and place do not change a result, so they stand here and not in the stamp.
    when_and_where = {"begun", "written", "host", "machine", "working_folder", "threads", "python"}
    assert set(manifest) >= when_and_where
    assert not set(manifest["stamp"]) & when_and_where
    assert manifest["threads"] == 1
    begun, written_at = map(
        datetime.datetime.fromisoformat, (manifest["begun"], manifest["written"])
    )
    assert begun <= written_at <= datetime.datetime.now(datetime.UTC)


def test_the_manifest_of_a_comparison_names_the_baseline(tmp_path):
    compared = compare(["cut-linkage", "baseline"], clients=20, years=1, repeats=2)
    compared.write(tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["baseline"] == "cut-linkage"
    weekly = pq.read_table(tmp_path / "out" / "weekly.parquet")
    assert manifest["files"]["weekly.parquet"]["content_hash"] == hash_of(weekly)


def hash_of(*parts):
    found = ContentHash()
    for part in parts:
        found.add(part)
    return found.hexdigest()


def test_the_content_hash_follows_the_rows_and_nothing_else(folder, tmp_path):
    base, parquet, as_csv = folder
    expected = parquet["content_hash"]
    assert as_csv["content_hash"] == expected
    assert written(tmp_path / "two threads", threads=2)["content_hash"] == expected
    assert written(tmp_path / "seed", seed=6)["content_hash"] != expected
    assert written(tmp_path / "world", "cut-linkage")["content_hash"] != expected
    for name in TABLES:
        said = parquet["files"][f"{name}.parquet"]["content_hash"]
        assert as_csv["files"][f"{name}.csv"]["content_hash"] == said
        # The whole table at once, in any order, is the same as the parts that were written.
        table = pq.read_table(base / "parquet" / f"{name}.parquet")
        assert hash_of(table.take(list(reversed(range(table.num_rows))))) == said


def test_the_content_hash_is_what_it_is_said_to_be():
    """By hand: rows sorted by all columns, each column a stream, empty cells by number."""
    table = pa.table(
        {
            "repeat": pa.array([2, 1], pa.int32()),
            "name": ["é", None],
            "yes": [False, True],
            "value": [0.5, -1.0],
        }
    )

    def sha(content):
        return hashlib.sha256(content).hexdigest()

    streams = (
        ("repeat int32", b"\1\0\0\0\2\0\0\0", b""),
        ("name string", b"\0\xc3\xa9\0", b"\0\0\0\0\0\0\0\0"),
        ("yes bool", b"\1\0", b""),
        ("value double", struct.pack("<2d", -1.0, 0.5), b""),
    )
    lines = [f"{column} {sha(cells)} {sha(empty)}\n" for column, cells, empty in streams]
    assert hash_of(table) == sha("".join(lines).encode())


def test_the_content_hash_does_not_see_order_or_parts_but_sees_every_cell():
    table = pa.table({"week": [1, 2, 3], "measure": ["a", "b", None], "value": [0.5, 1.5, None]})
    expected = hash_of(table)
    assert hash_of(table.take([2, 0, 1])) == expected
    assert hash_of(table.slice(0, 2), table.slice(2)) == expected
    assert hash_of(table.slice(0, 0), table) == expected
    seen = {expected, hash_of(table.rename_columns(["month", "measure", "value"]))}
    for column, cells in (
        ("week", [1, 2, 4]), ("measure", ["a", "b", ""]), ("measure", ["a", "c", None]),
        ("value", [0.5, 1.5, 0.0]), ("value", [0.5, 2.5, None]), ("value", [None, 1.5, None]),
    ):  # fmt: skip
        place = table.column_names.index(column)
        changed = table.set_column(place, column, pa.array(cells, table.schema.field(place).type))
        seen.add(hash_of(changed))
    assert len(seen) == 8


def test_parts_out_of_order_are_refused():
    """Else one part after the other would not be the sorted whole."""
    table = pa.table({"scenario": ["a", "a", "b"], "repeat": [0, 1, 0], "value": [1.0, 2.0, 3.0]})
    for first, then in ((1, 0), (2, 1), (1, 1)):
        with pytest.raises(ValueError, match="come after"):
            hash_of(table.slice(first, 1), table.slice(then, 1))


@pytest.mark.parametrize("repeats", [1, 2, 4])
def test_a_comparison_is_written_however_few_its_repeats(tmp_path, repeats):
    compared = compare(["baseline", "leaflet-only"], clients=20, years=1, repeats=repeats)
    compared.write(tmp_path / "out")
    assert pq.read_table(tmp_path / "out" / "measures.parquet").num_rows == len(compared.rows())


# --- formulas -----------------------------------------------------------------------------


@pytest.mark.parametrize("sign", "=+-@")
def test_a_cell_that_looks_like_a_formula_is_written_as_text(tmp_path, sign):
    name = f'{sign}HYPERLINK("x")'
    with new_folder(tmp_path / "out") as unfinished:
        writer = Writer(unfinished, as_csv=True)
        writer.add("weekly", pa.table({"scenario": [name, "plain"], "value": [-1.5, 2.0]}))
        writer.finish({}, [], {})
    with (tmp_path / "out" / "weekly.csv").open(newline="") as file:
        assert list(csv.reader(file))[1:] == [["'" + name, "-1.5"], ["plain", "2.0"]]


def test_csv_on_the_screen_is_as_careful(tmp_path):
    scenario = tmp_path / "mine.yaml"
    scenario.write_text('extends: baseline\nname: "=1+1"\n')
    words = ["compare", str(scenario), "--csv", "--clients", "10", "--years", "1", "--repeats", "2"]
    printed = CliRunner().invoke(app, words).stdout
    rows = list(csv.DictReader(printed.splitlines()))
    assert {row["scenario"] for row in rows} == {"'=1+1"}


# --- journeys and panel -------------------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[("baseline", 1), ("intensive-referral", 2), ("cut-linkage", 3)],
    ids=lambda chosen: chosen[0],
)
def lived(request):
    scenario, seed = request.param
    return run(scenario, clients=150, years=10, repeats=2, seed=seed, threads=1)


def stays_of_each(result):
    """The stays of each person in order, as lists of dictionaries."""
    order = ["repeat", "client", "stay"]
    for _, frame in result.journeys().sort(order).group_by(order[:2], maintain_order=True):
        yield frame.to_dicts()


def test_stays_follow_one_another_from_week_0(lived):
    people = list(stays_of_each(lived))
    assert len(people) == 2 * 150
    for stays in people:
        assert [s["stay"] for s in stays] == list(range(len(stays)))
        assert (stays[0]["week_in"], stays[0]["stage"]) == (0, "waiting")
        for before, after in pairwise(stays):
            assert before["week_out"] == after["week_in"]
            assert before["week_in"] <= before["week_out"]
            assert before["ended"] != ""
        last = stays[-1]
        assert (last["week_out"], last["ended"]) == (None, "")  # the only one that is open
        assert last["week_in"] <= 520


def test_moves_go_only_along_the_arrows(lived):
    seen = set()
    for stays in stays_of_each(lived):
        seen |= {(a["stage"], b["stage"]) for a, b in pairwise(stays)}
        for before, after in pairwise(stays):
            assert before["ended"].startswith("died") == (after["stage"] == "dead")
    assert {(a, b) for a, b in seen if b not in MOVES[a]} == set()
    for needed in ("using waiting", "waiting detox", "treatment community", "community dead"):
        assert tuple(needed.split()) in seen  # else this would say little


def test_the_panel_agrees_with_the_journeys(lived):
    stays = lived.journeys().rename({"stage": "stage_by_journey"})
    panel = lived.panel()
    assert len(panel) == 2 * 150 * (520 // 4 + 1)
    both = panel.join(stays, on=["scenario", "repeat", "client"]).filter(
        (pl.col("week_in") <= pl.col("week"))
        & (pl.col("week_out").is_null() | (pl.col("week") < pl.col("week_out")))
    )
    assert len(both) == len(panel)
    assert both.filter(pl.col("stage") != pl.col("stage_by_journey")).is_empty()
    on_medication = pl.col("modality").eq_missing(pl.lit("medication"))
    assert both.filter(pl.col("on_medication") != on_medication).is_empty()


def test_a_kind_of_treatment_stands_at_stays_in_treatment_and_nowhere_else(lived):
    stays = lived.journeys()
    assert (stays["modality"].is_not_null() == (stays["stage"] == "treatment")).all()
    kinds = set(stays["modality"].drop_nulls())
    assert kinds == {"residential", "psychosocial", "medication"}


IMPOSSIBLE = {
    "uses in detox": "stage = 'detox' AND use <> 'abstinent'",
    "out of care, using, and not": "(stage = 'using') AND use <> 'using'",
    "in the community and using": "stage = 'community' AND use = 'using'",
    "medicated outside treatment": "on_medication AND stage <> 'treatment'",
    "abstinent for weeks and not": "weeks_abstinent > 0 AND use <> 'abstinent' AND stage <> 'dead'",
    "abstinent longer than here": "weeks_abstinent > week",
    "more meetings than weeks": "meetings < 0 OR meetings > 4",
    "out of range": "involvement < 0 OR involvement > 1 OR capital < 0 OR capital > 1",
    "ties": "ties_in_recovery < 0",
    "the dead go to meetings": "stage = 'dead' AND meetings > 4",
}


@pytest.mark.parametrize("condition", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_nobody_in_the_panel_is_two_things_at_once(lived, condition):
    assert lived.panel().sql(f"SELECT * FROM self WHERE {condition}").is_empty()


def test_the_weekly_counts_agree_with_the_panel(lived):
    weekly = pl.DataFrame(lived.to_arrow()).filter(pl.col("group") == "all")
    counted = lived.panel().group_by("repeat", "week", "stage").len()
    named = counted.with_columns(measure="stage_" + pl.col("stage"))
    both = named.join(weekly, on=["repeat", "week", "measure"])
    assert len(both) == len(named)
    assert both.filter(pl.col("len") != pl.col("value")).is_empty()
