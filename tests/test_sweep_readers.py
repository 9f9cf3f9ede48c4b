"""Other programs read a sweep while it is being written: they see whole runs, ever more of them,
and nobody waits."""

import subprocess
import time

import polars as pl
import pytest

import recoverysim as rs
from recoverysim.store import growing
from tests.sweep_readers import QUESTIONS, READERS, ask
from tests.sweeping import TINY, command, write_plan
from tests.test_output_examples import why_not_r

OUT = "sweep-offers"  # as the examples on the page call it
PLAN = TINY | {"clients": 2000, "years": 2, "repeats": 40}  # 480 runs, 5 parts
YEARS = 2
PROGRESS = next(iter(QUESTIONS))
# One more, which sees single runs.
WHOLE = "runs by number"


def by_number():
    """A row for each run, with its years and rows, and those in which a measure is empty."""
    return (
        pl.scan_parquet(f"{OUT}/runs/*.parquet")
        .group_by("number")
        .agg(
            years=pl.col("year").n_unique(),
            rows=pl.len(),
            empty=pl.col("in_recovery").null_count(),
        )
        .collect()
        .to_dicts()
    )


def readers():
    """Those that are installed here."""
    without_r = [name for name in READERS if name != "r"]
    return without_r if why_not_r() else [*READERS]


def runs_seen(reader):
    """How many runs a reader sees; each has all its years."""
    if reader == WHOLE:
        rows = by_number()
        assert all((row["years"], row["rows"], row["empty"]) == (YEARS, YEARS, 0) for row in rows)
        return len(rows)
    rows = ask(PROGRESS, reader)
    assert {row["scenario"] for row in rows} <= {*TINY["scenarios"]}
    assert all(int(row["rows"]) == YEARS * int(row["runs"]) for row in rows)
    return sum(int(row["runs"]) for row in rows)


def first_part(out, process):
    until = time.monotonic() + 120
    while not growing.parts_of(out, growing.RUNS):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return rs.sweep(PLAN, out=tmp_path_factory.mktemp("undisturbed") / "out").content_hash


def test_readers_and_the_writer_do_not_disturb_each_other(tmp_path, undisturbed, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, out = write_plan(tmp_path, PLAN), tmp_path / OUT
    process = subprocess.Popen(
        command(path, "--out", out, "--quiet"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    seen = {reader: [] for reader in (*readers(), WHOLE)}
    try:
        first_part(out, process)
        while process.poll() is None:
            for reader, counts in seen.items():
                counts.append(runs_seen(reader))
    finally:
        process.kill()
        _, said = process.communicate()
    assert process.returncode == 0, said
    for reader, counts in seen.items():
        assert counts == sorted(counts), f"{reader}: runs went away"
        assert len({*counts}) >= 2, f"{reader} saw only {counts}"  # it was read while it grew
        assert runs_seen(reader) == 480
    swept = rs.Sweep(out)
    assert swept.is_complete
    assert swept.content_hash == undisturbed
    assert not swept.failed()
    assert not swept.damaged()


def test_a_half_part_would_be_seen(tmp_path, monkeypatch):
    """The test above would pass if nobody looked."""
    monkeypatch.chdir(tmp_path)
    swept = rs.sweep(TINY | {"years": YEARS, "repeats": 1}, out=OUT, workers=1)
    half = swept.to_arrow().slice(0, 3)  # a run and a half
    for part in growing.parts_of(swept.folder, growing.RUNS):
        part.unlink()
    (swept.folder / "runs" / "part-00000000-0.parquet").write_bytes(growing.as_parquet(half))
    for reader in (*readers(), WHOLE):
        with pytest.raises(AssertionError):
            runs_seen(reader)


@pytest.mark.skipif(bool(why_not_r()), reason=why_not_r())
def test_r_was_among_them():
    assert "r" in readers()


def test_the_handle_reads_what_is_there_so_far(tmp_path):
    """Half of the parts: the frame has those, the array NaN for the rest."""
    swept = rs.sweep(TINY | {"repeats": 2}, out=tmp_path / "out", workers=1)
    whole = swept.to_arrow()
    for part in growing.parts_of(swept.folder, growing.RUNS):
        part.unlink()
    for name in [one for one in swept.manifest["files"] if one.startswith(growing.RUNS)]:
        del swept.manifest["files"][name]
    store = growing.Growing(swept.folder, swept.manifest)
    store.add(whole.slice(0, 5), 0)
    store.write_manifest(complete=False)
    reading = rs.Sweep(swept.folder)
    assert reading.runs().height == 5
    assert int(reading.to_xarray()["deaths"].notnull().sum()) == 5
    assert reading.to_xarray()["deaths"].size == 24
