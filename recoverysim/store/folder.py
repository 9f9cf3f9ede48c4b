"""Output folders: written whole or not at all, each file with its hash in the manifest."""

from __future__ import annotations

import csv
import datetime
import hashlib
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

from recoverysim.store import tables
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.compare import Comparison

SCHEMA_VERSION = 1
ROWS_A_PART = 2_000_000


class FolderError(OSError):
    """An output folder that cannot be written, with what to do about it."""


def refuse_to_overwrite(path: Path) -> None:
    """FolderError where something stands at `path` already."""
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file; name a new folder with --out")
    if path.exists() and any(path.iterdir()):
        raise FolderError(f"{path} is already there and not empty; name a new folder with --out")
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise FolderError(f"{path} cannot be written: {above} is not a folder that can be written")


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that appears at `path` only when everything in it has been written.

    Nothing that stands is overwritten; what was begun is cleared away when something goes wrong.
    """
    refuse_to_overwrite(path)
    unfinished = path.parent / f".{path.name}.unfinished-{os.getpid()}"
    missing = [parent for parent in path.parents if not parent.exists()]
    try:
        unfinished.mkdir(parents=True)
        yield unfinished
        if path.exists():
            path.rmdir()
        unfinished.rename(path)
    except FolderError:
        raise
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise FolderError(
            f"{path} cannot be written: {reason}. Nothing was left behind."
        ) from fault
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not path.exists():
            for parent in missing:  # the innermost first; only what was made here, and is empty
                with suppress(OSError):
                    parent.rmdir()


class Writer:
    """Writes the tables of a run part by part, and the manifest last."""

    def __init__(self, folder: Path, *, as_csv: bool = False) -> None:
        self.folder = folder
        self.as_csv = as_csv
        self.open: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}
        self.hashes: list[str] = []

    def add(self, name: str, table: pa.Table) -> None:
        """Add rows to one of the tables."""
        self.rows[name] = self.rows.get(name, 0) + table.num_rows
        self.hashes.append(tables.content_hash([(name, table)]))
        if self.as_csv:
            _append_csv(self.folder / f"{name}.csv", table)
            return
        if name not in self.open:
            path = self.folder / f"{name}.parquet"
            self.open[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
        self.open[name].write_table(table, row_group_size=ROWS_A_PART)

    def collect(self, scenario: str) -> Callable[[int, World], None]:
        """What `repeats.live` calls with each finished world."""

        def take(repeat: int, world: World) -> None:
            self.add("journeys", tables.journeys(scenario, repeat, world))
            self.add("panel", tables.panel(scenario, repeat, world))
            self.add("clients", tables.clients(scenario, repeat, world))

        return take

    def finish(self, stamp: dict[str, Any], command: list[str], settings: dict[str, Any]) -> None:
        """Close the tables and write the manifest."""
        for writer in self.open.values():
            writer.close()
        files = {
            path.name: {
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "bytes": path.stat().st_size,
                "rows": self.rows.get(path.stem),
            }
            for path in sorted(self.folder.iterdir())
        }
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "stamp": stamp,
            "command": command,
            "settings": settings,
            "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "files": files,
            "content_hash": hashlib.sha256("".join(self.hashes).encode()).hexdigest(),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (self.folder / "manifest.json").write_text(text, encoding="utf-8")


def _append_csv(path: Path, table: pa.Table) -> None:
    """Append a table to a CSV file; its meanings go beside it once."""
    first = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if first:
            writer.writerow(table.column_names)
        writer.writerows(map(safe_cell, row) for row in _rows(table))
    if first:
        meanings = {
            field.name: {
                "type": str(field.type),
                "meaning": (field.metadata or {}).get(b"meaning", b"").decode(),
            }
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


def write_comparison(
    comparison: Comparison, path: Path, command: list[str], *, as_csv: bool = False
) -> Path:
    """Weekly counts of every scenario, the table of measures, and a manifest."""
    with new_folder(path) as folder:
        writer = Writer(folder, as_csv=as_csv)
        for repeats in (comparison.baseline, *(c.scenario for c in comparison.contrasts)):
            writer.add("weekly", tables.weekly(repeats))
        writer.add("measures", tables.measures(comparison.rows()))
        text = json.dumps(comparison.to_json(), indent=2, ensure_ascii=False) + "\n"
        (folder / "comparison.json").write_text(text, encoding="utf-8")
        settings = vars(comparison.baseline.plan) | {"definition": comparison.definition}
        writer.finish(comparison.stamp, command, settings)
    return path
