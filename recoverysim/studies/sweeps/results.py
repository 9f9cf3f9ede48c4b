"""The results of a sweep, read from its folder: while it runs, or years later."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recoverysim.store import growing
from recoverysim.store.columns import RUNS
from recoverysim.store.tables import ContentHash
from recoverysim.store.whole import FolderError
from recoverysim.studies.sweeps.plan import SweepPlan

if TYPE_CHECKING:
    import pandas
    import polars
    import xarray

    from recoverysim.studies.sweeps.analyses.analyse import Analysed
    from recoverysim.studies.sweeps.found import Found

ORDER = [("number", "ascending"), ("year", "ascending")]


class Sweep:
    """All finished runs of a sweep, read from its folder when they are asked for.

    Every part is checked against its SHA-256 as it is read; a damaged one is left out, with a
    warning, and made again by the command that made it. Raises FolderError where the folder holds
    no sweep, or one of a newer version.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        found = growing.read_manifest(self.folder)
        if found is None:
            raise FolderError(
                f"{self.folder / growing.MANIFEST} is damaged; the command that made the sweep "
                "mends it"
            )
        self.manifest = found

    def __repr__(self) -> str:
        runs = self.manifest["runs"]
        return f"<Sweep {self.manifest['name']} in {self.folder}: {runs['asked']:,} runs asked>"

    @property
    def is_complete(self) -> bool:
        """Whether every run has been tried."""
        return bool(self.manifest["complete"]) and not self._gone()

    def _gone(self) -> list[str]:
        """Files that the manifest names and nobody finds."""
        return [name for name in self.manifest["files"] if not (self.folder / name).exists()]

    @property
    def content_hash(self) -> str | None:
        """SHA-256 over the logical rows of all runs; None before all are there."""
        found = self.manifest["content_hash"]
        return None if found is None else str(found)

    @property
    def stamp(self) -> dict[str, Any]:
        """What made it: version, scenarios, seed."""
        return dict(self.manifest["stamp"])

    def failed(self) -> list[dict[str, Any]]:
        """Every run that failed: number, scenario, point, repeat, why, what was said, traceback,
        and what each factor was."""
        several = growing.parts_of(self.folder, growing.FAILED)
        return [json.loads(path.read_bytes()) for path in several]

    def damaged(self) -> list[dict[str, Any]]:
        """Every file that was found damaged so far and set aside, and those that are now: they are
        made again by the command of the sweep. Reads every file."""
        now = [one._asdict() for one in growing.check(self.folder, self.manifest)]
        return [*self.manifest["damaged"], *now]

    def to_arrow(self) -> pa.Table:
        """The runs, a row for each reported year, in their order: `columns.RUNS` and the measures
        of the plan."""
        if gone := self._gone():
            said = f"missing in {self.folder}: {len(gone)} of its files, {gone[0]} first; "
            warnings.warn(f"{said}the command of the sweep makes them again", stacklevel=2)
        return all_runs(self.folder)

    def runs(self) -> polars.DataFrame:
        """The same for polars."""
        import polars as pl

        return pl.DataFrame(self.to_arrow())

    def points(self) -> polars.DataFrame:
        """The points: `point`, and what each factor is there."""
        import polars as pl

        return pl.DataFrame(_read(self.folder / "points.parquet"))

    def to_polars(self) -> polars.DataFrame:
        """The runs, each with what its factors are."""
        return self.runs().join(self.points(), on="point", how="left", maintain_order="left")

    def to_pandas(self) -> pandas.DataFrame:
        """The same for pandas."""
        return self.to_polars().to_pandas()

    def to_xarray(self) -> xarray.Dataset:
        """A variable for each measure, by scenario, point, repeat and year, with each factor along
        the points; of a grid, by scenario, each factor, repeat and year. Needs the extra
        `notebook`. Runs that failed or are not there yet are NaN."""
        from recoverysim.studies.sweeps.as_xarray import as_xarray

        return as_xarray(self.found(), self.stamp)

    def run(self, number: int) -> pa.Table:
        """One run, a row for each reported year; none where it failed or is still to come.
        ValueError for a number that no run has."""
        if not 0 <= number < self.manifest["runs"]["asked"]:
            raise ValueError(f"runs here have numbers from 0; found {number}")
        table = self.to_arrow()
        return table.filter(pc.equal(table["number"], number)).combine_chunks()

    @cached_property
    def plan(self) -> SweepPlan:
        """The plan, as far as analyses need it: scenarios have their names alone."""
        return SweepPlan.of_settings(
            self.manifest["name"], self.manifest["question"], self.manifest["settings"]
        )

    def found(self) -> Found:
        """The runs as analyses take them."""
        import polars as pl

        from recoverysim.studies.sweeps.found import Found

        table = _read(self.folder / "places.parquet")
        places = np.column_stack([one.to_numpy() for one in table.columns[1:]])
        runs = self.to_arrow()
        units = {one.name: one.metadata[b"unit"].decode() for one in runs.schema if one.metadata}
        told = pl.DataFrame(runs).drop("number", "key", "seed")
        return Found(self.plan, places, self.points(), told, units)

    def analyse(self) -> Analysed:
        """What the runs say together: the analyses that belong to the design of the plan."""
        from recoverysim.studies.sweeps.analyses.analyse import analyse

        return analyse(self.found(), self.stamp)


def all_runs(folder: Path, *, warn: bool = True) -> pa.Table:
    """The runs of every part that is whole, each once, in their order; of one that is not there is
    a warning, if wanted.

    FolderError where two records of one run differ: a run has one result.
    """
    parts = [*_parts(folder, warn)]
    if not parts:
        return pa.table({field.name: pa.array([], field.type) for field in RUNS})
    table = pa.concat_tables(parts).sort_by(ORDER)
    numbers = table.select(["number", "year"]).to_pandas().to_numpy()
    twice = np.flatnonzero((numbers[1:] == numbers[:-1]).all(axis=1))
    for row in twice:
        if not table.slice(row, 1).equals(table.slice(row + 1, 1)):
            raise FolderError(
                f"{folder} holds two records of run {numbers[row][0]} that differ; a run has one "
                "result. Something else than this program wrote there."
            )
    keep = np.ones(len(numbers), bool)
    keep[twice + 1] = False
    return table.filter(pa.array(keep)).combine_chunks()


def _parts(folder: Path, warn: bool) -> Iterator[pa.Table]:
    for path in growing.parts_of(folder, growing.RUNS):
        try:
            yield _read(path)
        except FolderError as fault:
            if warn:
                said = f"{fault}; it is left out, and the command of the sweep makes it again"
                warnings.warn(said, stacklevel=4)


def _read(path: Path) -> pa.Table:
    """A Parquet file; of a part FolderError where it is not what was written."""
    content = growing.read_whole(path)
    return pq.read_table(io.BytesIO(content))


def numbers_done(folder: Path) -> np.ndarray:
    """The numbers of all finished runs, in order."""
    several = [
        pq.read_table(path, columns=["number"])["number"].to_numpy()
        for path in growing.parts_of(folder, growing.RUNS)
    ]
    return np.unique(np.concatenate(several)) if several else np.empty(0, np.int64)


def content_hash(folder: Path) -> str:
    """SHA-256 over the logical rows of all runs, however they are spread over parts."""
    content = ContentHash()
    content.add(all_runs(folder))
    return content.hexdigest()
