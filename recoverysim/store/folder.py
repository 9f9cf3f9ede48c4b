"""What stands in an output folder: tables, and a manifest with the hash of each file."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recoverysim.cells import by_substance
from recoverysim.pictures.study import save_svg
from recoverysim.plan import Plan
from recoverysim.store import tables
from recoverysim.store.csv_cells import csv_cell
from recoverysim.store.whole import new_folder
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.compare import Comparison

SCHEMA_VERSION = 2
ROWS_A_PART = 2_000_000


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
        writer.writerows(map(csv_cell, row) for row in _rows(table))
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
        if comparison.forms:
            writer.add("variants", tables.variants(comparison.variant_rows()))
        if comparison.unknowns_told:
            writer.add("unknowns", tables.unknowns(comparison.unknown_rows()))
        text = json.dumps(comparison.to_json(), indent=2, ensure_ascii=False) + "\n"
        (folder / "comparison.json").write_text(text, encoding="utf-8")
        (folder / "answer.html").write_text(comparison.page(command), encoding="utf-8")
        picture = comparison.plot_acceptability()
        picture.savefig(folder / "acceptability.png")
        save_svg(picture, folder / "acceptability.svg")
        settings = vars(comparison.baseline.plan) | {
            "definition": comparison.definition,
            "who": comparison.who,
            "variants": comparison.forms,
            "baseline": comparison.baseline.scenario.name,
        }
        writer.finish(comparison.stamp, command, settings)
    return path
