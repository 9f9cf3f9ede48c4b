"""Output folders: whole or not there, the same rows in either format, and rows that make sense."""

import contextlib
import csv
import errno
import hashlib
import json
from itertools import pairwise

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from recoverysim import compare, load, run
from recoverysim.command import app
from recoverysim.store import tables
from recoverysim.store.folder import FolderError, Writer, new_folder
from recoverysim.studies.result import run_to_folder

SETTINGS = {"clients": 80, "years": 2, "repeats": 3, "seed": 5, "threads": 1}
TABLES = ("clients", "journeys", "panel", "weekly")

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


@pytest.mark.parametrize("name", TABLES)
def test_csv_holds_the_same_rows_as_parquet(folder, name):
    base, *_ = folder
    table = pq.read_table(base / "parquet" / f"{name}.parquet")
    with (base / "csv" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    assert heading == table.column_names
    columns = ([("" if v is None else str(v)) for v in c.to_pylist()] for c in table.columns)
    assert rows == [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means(folder, name):
    base, *_ = folder
    beside = json.loads((base / "csv" / f"{name}.metadata.json").read_text("utf-8"))
    for field in pq.read_schema(base / "parquet" / f"{name}.parquet"):
        meaning = field.metadata[b"meaning"].decode()
        assert len(meaning) > len(field.name) or " " in meaning, field.name
        assert beside[field.name] == {"type": str(field.type), "meaning": meaning}


def test_every_column_of_a_comparison_says_what_it_means(tmp_path):
    compare(["baseline", "leaflet-only"], clients=20, years=1, repeats=4).write(tmp_path / "out")
    for field in pq.read_schema(tmp_path / "out" / "measures.parquet"):
        assert field.metadata, field.name
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


def test_the_content_hash_follows_the_rows_and_nothing_else(folder, tmp_path):
    _, parquet, as_csv = folder
    expected = parquet["content_hash"]
    assert as_csv["content_hash"] == expected
    assert written(tmp_path / "two threads", threads=2)["content_hash"] == expected
    assert written(tmp_path / "seed", seed=6)["content_hash"] != expected
    assert written(tmp_path / "world", "cut-linkage")["content_hash"] != expected


def test_the_content_hash_does_not_see_order_but_sees_every_cell():
    table = pa.table({"week": [1, 2, 3], "measure": ["a", "b", None], "value": [0.5, 1.5, None]})
    expected = tables.content_hash([("weekly", table)])
    assert tables.content_hash([("weekly", table.take([2, 0, 1]))]) == expected
    seen = {expected, tables.content_hash([("journeys", table)])}
    for column, cells in (
        ("week", [1, 2, 4]), ("measure", ["a", "b", ""]), ("measure", ["a", "c", None]),
        ("value", [0.5, 1.5, 0.0]), ("value", [0.5, 2.5, None]),
    ):  # fmt: skip
        place = table.column_names.index(column)
        changed = table.set_column(place, column, pa.array(cells, table.schema.field(place).type))
        seen.add(tables.content_hash([("weekly", changed)]))
    assert len(seen) == 7


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


IMPOSSIBLE = {
    "uses in detox": "stage = 'detox' AND use <> 'abstinent'",
    "out of care, using, and not": "(stage = 'using') AND use <> 'using'",
    "in the community and using": "stage = 'community' AND use = 'using'",
    "medicated outside treatment": "on_medication AND stage NOT IN ('treatment', 'dead')",
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


# --- writes that fail ---------------------------------------------------------------------


def test_a_full_disk_half_way_leaves_nothing_behind(tmp_path, monkeypatch):
    panel = tables.panel

    def full(name, repeat, world):
        if repeat == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return panel(name, repeat, world)

    monkeypatch.setattr(tables, "panel", full)
    with pytest.raises(FolderError, match=r"No space left.*Nothing was left behind"):
        written(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def files_no_larger_than(size):
    """The kernel itself refuses to write more, as a full disk does."""
    resource = pytest.importorskip("resource", reason="no such limit on this system")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("as_csv", [False, True])
def test_a_write_that_the_system_refuses_leaves_nothing_behind(tmp_path, as_csv):
    numbers = pa.table(
        {"client": pa.array(range(50_000)), "value": [n**0.5 for n in range(50_000)]}
    )

    def write():
        with new_folder(tmp_path / "out") as unfinished:
            writer = Writer(unfinished, as_csv=as_csv)
            writer.add("panel", numbers)
            writer.finish({}, [], {})

    with files_no_larger_than(20_000), pytest.raises(FolderError, match="cannot be written"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_takes_the_folders_above_with_it(tmp_path):
    with pytest.raises(FolderError), new_folder(tmp_path / "made" / "for" / "this"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError, MemoryError])
def test_an_interruption_leaves_nothing_behind(tmp_path, fault):
    def write():
        with new_folder(tmp_path / "out") as unfinished:
            (unfinished / "half.csv").write_text("1,2")
            raise fault

    with pytest.raises(fault):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_touched(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("ten years of work")
    (tmp_path / "file").write_text("so is this")
    for taken in ("out", "file"):
        with pytest.raises(FolderError, match=r"already there|is a file"):
            written(tmp_path / taken)
    assert [p.name for p in sorted(tmp_path.rglob("*"))] == ["file", "out", "thesis.txt"]
    assert (tmp_path / "out" / "thesis.txt").read_text() == "ten years of work"


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "out").mkdir()
    written(tmp_path / "out", load("baseline"), clients=5, years=1, repeats=1)
    assert (tmp_path / "out" / "weekly.parquet").is_file()
