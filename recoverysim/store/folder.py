"""Output folders: written whole or not at all, each file with its hash in the manifest."""

from __future__ import annotations

import csv
import datetime
import hashlib
import itertools
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recoverysim.cells import by_substance
from recoverysim.pictures.study import save_svg
from recoverysim.plan import Plan
from recoverysim.store import tables
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.compare import Comparison

SCHEMA_VERSION = 2
ROWS_A_PART = 2_000_000


class FolderError(OSError):
    """An output folder that cannot be written, with what to do about it."""


def refuse_to_overwrite(path: Path) -> None:
    """FolderError where something stands at `path` already."""
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file; name a new folder with --out")
    if path.exists() and any(path.iterdir()):
        raise FolderError(f"{path} is already there and not empty; name a new folder with --out")
    if path.is_mount() or path.absolute() == Path.cwd():
        raise FolderError(f"{path} cannot be replaced by a new folder; name one inside it")
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written: {above} is not a folder that can be written")


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that appears at `path` only when everything in it has been written.

    Nothing that stands is overwritten; what was begun is cleared away when something goes wrong.
    """
    path = Path(os.path.realpath(path))
    refuse_to_overwrite(path)
    missing = [parent for parent in path.parents if not parent.exists()]
    unfinished = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = _begin(path)
        yield unfinished
        _to_disk(*unfinished.iterdir(), unfinished)
        _put_in_place(unfinished, path)
        _to_disk(path.parent)
    except FolderError:
        raise
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise FolderError(
            f"{path} cannot be written: {reason}. Nothing was left behind."
        ) from fault
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
        if not path.exists():
            for parent in missing:  # the innermost first; only what was made here, and is empty
                with suppress(OSError):
                    parent.rmdir()


def _begin(path: Path) -> Path:
    """A hidden folder beside `path` that nobody else writes to.

    One of the same number may stand there: left by a process that was killed in a container, where
    numbers come again, or at work on another machine that shares the disk.
    """
    for number in itertools.count(os.getpid()):
        unfinished = path.parent / f".{path.name}.unfinished-{number}"
        with suppress(FileExistsError):
            unfinished.mkdir()
            return unfinished
    raise AssertionError


def _to_disk(*paths: Path) -> None:
    """Wait until these are on the disk, so that a loss of power leaves no file half there."""
    for path in paths:
        if path.is_dir() and os.name != "posix":
            continue  # other systems do not open folders
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _put_in_place(finished: Path, path: Path) -> None:
    """Give the finished folder its name; where that was taken meanwhile, one beside it."""
    try:
        if path.exists():
            path.rmdir()
        finished.rename(path)
    except OSError as fault:
        number = finished.name.rpartition("-")[2]
        beside = finished.rename(path.with_name(f"{path.name}-{number}"))
        raise FolderError(
            f"{path} was taken by something else meanwhile ({fault.strerror}). "
            f"What was to stand there is whole, in {beside}"
        ) from fault


class Writer:
    """Writes the tables of a run part by part, and the manifest last."""

    def __init__(self, folder: Path, *, as_csv: bool = False) -> None:
        self.folder = folder
        self.as_csv = as_csv
        self.begun = _now()
        self.open: dict[str, pq.ParquetWriter] = {}
        self.hashes: dict[str, tables.ContentHash] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """Add rows to one of the tables; parts come in the order of scenarios and repeats."""
        self.hashes.setdefault(name, tables.ContentHash()).add(table)
        if self.as_csv:
            _append_csv(self.folder / f"{name}.csv", table)
            return
        try:
            if name not in self.open:
                path = self.folder / f"{name}.parquet"
                self.open[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
            self.open[name].write_table(table, row_group_size=ROWS_A_PART)
        except OSError:
            self._give_up()
            raise

    def _give_up(self) -> None:
        """Close what is open, so that it does not try once more, and complain, when let go of."""
        for writer in self.open.values():
            with suppress(OSError):
                writer.close()
            writer.is_open = False

    def collect(self, scenario: str) -> Callable[[int, World], None]:
        """What `repeats.live` calls with each finished world."""

        def take(repeat: int, world: World) -> None:
            self.add("weekly", tables.weekly_of(scenario, repeat, by_substance(world.counts)))
            self.add("journeys", tables.journeys(scenario, repeat, world))
            self.add("panel", tables.panel(scenario, repeat, world))
            self.add("clients", tables.clients(scenario, repeat, world))
            self.add("links", tables.links(scenario, repeat, world))

        return take

    def finish(self, stamp: dict[str, Any], command: list[str], settings: dict[str, Any]) -> None:
        """Close the tables and write the manifest; `docs/output.md` says what is in it."""
        try:
            for writer in self.open.values():
                writer.close()
        except OSError:
            self._give_up()
            raise
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "stamp": stamp,
            "command": command,
            "settings": settings,
            "begun": self.begun,
            "written": _now(),
            "host": platform.node(),
            "working_folder": str(Path.cwd()),
            "machine": f"{platform.system()} {platform.machine()}",
            "threads": Plan(threads=settings.get("threads")).workers(),
            "python": platform.python_version(),
            "files": {path.name: self._describe(path) for path in sorted(self.folder.iterdir())},
            "content_hash": _hash_of_all({name: h.hexdigest() for name, h in self.hashes.items()}),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (self.folder / "manifest.json").write_text(text, encoding="utf-8")

    def _describe(self, path: Path) -> dict[str, Any]:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        described: dict[str, Any] = {"sha256": sha256, "bytes": path.stat().st_size, "rows": None}
        if path.stem in self.hashes:
            content = self.hashes[path.stem]
            described |= {"rows": content.rows, "content_hash": content.hexdigest()}
        return described


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _hash_of_all(hashes: dict[str, str]) -> str:
    """One hash from those of the tables: SHA-256 over a line each, sorted by name."""
    lines = (f"{name} {found}\n" for name, found in sorted(hashes.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _append_csv(path: Path, table: pa.Table) -> None:
    """Append a table to a CSV file; its meanings go beside it once."""
    first = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if first:
            writer.writerow(table.column_names)
        writer.writerows(map(_cell, row) for row in _rows(table))
    if first:
        meanings = {
            field.name: {"type": str(field.type)}
            | {key.decode(): text.decode() for key, text in (field.metadata or {}).items()}
            for field in table.schema
        }
        beside = path.with_suffix(".metadata.json")
        beside.write_text(json.dumps(meanings, indent=2) + "\n", encoding="utf-8")


def _rows(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def safe_cell(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula is shown as text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def _cell(value: Any) -> Any:
    """A value as CSV has it: TRUE and FALSE as every reader knows them (R no other), text safe."""
    return str(value).upper() if isinstance(value, bool) else safe_cell(value)


def write_comparison(
    comparison: Comparison, path: Path, command: list[str], *, as_csv: bool = False
) -> Path:
    """Weekly counts of every scenario, the table of measures, and a manifest."""
    with new_folder(path) as folder:
        writer = Writer(folder, as_csv=as_csv)
        lived = (comparison.baseline, *(contrast.scenario for contrast in comparison.contrasts))
        for _, repeats in sorted({one.scenario.name: one for one in lived}.items()):
            for table in tables.weekly(repeats):
                writer.add("weekly", table)
        writer.add("measures", tables.measures(comparison.rows()))
        if comparison.who:
            writer.add("who_changed", tables.who_changed(comparison.changed_rows()))
        text = json.dumps(comparison.to_json(), indent=2, ensure_ascii=False) + "\n"
        (folder / "comparison.json").write_text(text, encoding="utf-8")
        picture = comparison.plot_acceptability()
        picture.savefig(folder / "acceptability.png")
        save_svg(picture, folder / "acceptability.svg")
        settings = vars(comparison.baseline.plan) | {
            "definition": comparison.definition,
            "who": comparison.who,
            "baseline": comparison.baseline.scenario.name,
        }
        writer.finish(comparison.stamp, command, settings)
    return path
