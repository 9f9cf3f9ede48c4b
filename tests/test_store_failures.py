"""Output folders when something goes wrong: nothing half-written, nothing lost, plainly said."""

import contextlib
import errno
import gc
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recoverysim import load
from recoverysim.store import tables
from recoverysim.store.folder import Writer
from recoverysim.store.whole import FolderError, new_folder
from tests.test_store import written

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


@pytest.mark.parametrize("step", ["write_table", "close"])
def test_a_full_disk_is_told_once_and_plainly(tmp_path, monkeypatch, step):
    """Writers that are let go of would close again, fail again, and print a traceback each."""
    complaints = []
    monkeypatch.setattr(sys, "unraisablehook", lambda found: complaints.append(found.exc_value))

    def full(*given, **named):
        raise OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28]")

    def write():
        with new_folder(tmp_path / "out") as unfinished:
            writer = Writer(unfinished)
            writer.add("clients", pa.table({"client": [1, 2]}))
            monkeypatch.setattr(pq.ParquetWriter, step, full)
            monkeypatch.setattr(pq.ParquetWriter, "close", full)
            writer.add("panel", pa.table({"client": [1, 2]}))
            writer.finish({}, [], {})

    with pytest.raises(FolderError) as told:
        write()
    message = str(told.value)
    told.value.__cause__ = told.value.__context__ = None  # they keep the writers alive
    del told
    gc.collect()
    expected = f"out cannot be written: {os.strerror(errno.ENOSPC)}. Nothing was left behind."
    assert message.endswith(expected)
    assert complaints == []
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


# --- folders that are not plain -----------------------------------------------------------


def put(path):
    with new_folder(path) as unfinished:
        (unfinished / "answer.txt").write_text("42")


def test_what_a_killed_run_left_is_neither_used_nor_touched(tmp_path):
    """Where process numbers come again, as in a container, the same name stands there already."""
    left = tmp_path / f".out.unfinished-{os.getpid()}"
    left.mkdir()
    (left / "panel.parquet").write_text("half")
    put(tmp_path / "out")
    assert (tmp_path / "out" / "answer.txt").read_text() == "42"
    assert [path.name for path in left.iterdir()] == ["panel.parquet"]


def test_a_run_that_is_killed_leaves_only_what_is_clearly_unfinished(tmp_path):
    code = (
        "import os, pathlib, signal, sys\n"
        "from recoverysim.store.whole import new_folder\n"
        "with new_folder(pathlib.Path(sys.argv[1])) as unfinished:\n"
        "    (unfinished / 'panel.parquet').write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "out")], timeout=60)
    assert done.returncode != 0
    assert [p.name.rpartition("-")[0] for p in tmp_path.iterdir()] == [".out.unfinished"]
    assert not list(tmp_path.rglob("manifest.json"))
    put(tmp_path / "out")  # and the same name can be used again


def test_a_name_that_was_taken_meanwhile_costs_nobody_anything(tmp_path):
    def write():
        with new_folder(tmp_path / "out") as unfinished:
            (unfinished / "answer.txt").write_text("42")
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "thesis.txt").write_text("ten years of work")

    with pytest.raises(FolderError, match=r"taken .* meanwhile .* is whole, in "):
        write()
    assert (tmp_path / "out" / "thesis.txt").read_text() == "ten years of work"
    assert (tmp_path / f"out-{os.getpid()}" / "answer.txt").read_text() == "42"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_is_followed(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    put(tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "disk" / "answer.txt").read_text() == "42"


def test_the_folder_one_stands_in_is_refused_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FolderError, match="name one inside it"):
        put(Path("."))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_refused_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *asked: False)  # the one who tests may be root
    with pytest.raises(FolderError, match="is not a folder that can be written"):
        put(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
