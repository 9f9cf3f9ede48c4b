"""One scenario, run: its measures with both intervals, and its tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, load
from recoverysim.studies.intervals import known, spread
from recoverysim.studies.measures import PER_1000, definitions, measure
from recoverysim.studies.outcomes_of_plugins import measure_outcomes
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.stamp import stamp

if TYPE_CHECKING:
    import matplotlib.figure
    import pandas
    import polars
    import pyarrow
    import xarray

    from recoverysim.world import World


class Result:
    """All repeats of one scenario, and its tables on demand."""

    def __init__(self, repeats: Repeats, definition: str, kept: dict[str, list[Any]]) -> None:
        self.repeats = repeats
        self.definition = definition
        self._kept = kept
        self.stamp = stamp([repeats.scenario], repeats.plan)

    def __repr__(self) -> str:
        return f"<Result of {self.repeats.scenario.name}: {self.repeats.plan}>"

    def measures(self) -> list[dict[str, Any]]:
        """Every measure with its intervals; None where there are too few repeats to say."""
        rows = []
        of_plugins = measure_outcomes(self.repeats)
        for one in chain(measure(self.repeats, self.definition), of_plugins):
            found = spread(one.values, self.repeats.sets, self.repeats.plan)
            least = -math.inf if (one.values < 0).any() else 0.0
            most = 1000.0 if one.unit == PER_1000 else math.inf
            low, high = _possible(found.both, least, most)
            luck_low, luck_high = _possible(found.luck, least, most)
            area_low, area_high = _possible(found.area, least, most)
            rows.append(
                {
                    "measure": one.name, "definition": one.definition, "group": one.group,
                    "year": one.year, "unit": one.unit, "value": known(found.mean), "low": low,
                    "high": high, "luck_low": luck_low, "luck_high": luck_high,
                    "area_low": area_low, "area_high": area_high,
                }
            )  # fmt: skip
        return rows

    def to_json(self) -> dict[str, Any]:
        """Stamp, scenario and measures."""
        return {
            "stamp": self.stamp,
            "scenario": self.repeats.scenario.name,
            "measures": self.measures(),
        }

    def to_arrow(self) -> pyarrow.Table:
        """The weekly table: scenario, repeat, week, measure, group, value, unit."""
        import pyarrow as pa

        from recoverysim.store.tables import weekly

        return pa.concat_tables(weekly(self.repeats))

    def to_polars(self) -> polars.DataFrame:
        """The weekly table for polars."""
        import polars as pl

        return pl.DataFrame(self.to_arrow())

    def to_pandas(self) -> pandas.DataFrame:
        """The weekly table for pandas."""
        return self.to_arrow().to_pandas()

    def to_xarray(self) -> xarray.DataArray:
        """People by repeat, week, group and measure (needs the extra `notebook`)."""
        import numpy as np
        import xarray as xr

        from recoverysim.outcomes import COUNTS
        from recoverysim.store.tables import WEEKLY_GROUPS

        counts = self.repeats.counts
        everybody = counts.sum(axis=2, keepdims=True)
        return xr.DataArray(
            np.concatenate([everybody, counts], axis=2),
            dims=("repeat", "week", "group", "measure"),
            coords={"group": list(WEEKLY_GROUPS), "measure": list(COUNTS)},
            name="people",
            attrs={"scenario": self.repeats.scenario.name},
        )

    def journeys(self) -> polars.DataFrame:
        """One row a stay, of every repeat."""
        return self._table("journeys")

    def panel(self) -> polars.DataFrame:
        """Everybody every four weeks, of every repeat."""
        return self._table("panel")

    def clients(self) -> polars.DataFrame:
        """Everybody's traits at entry, of every repeat."""
        return self._table("clients")

    def links(self) -> polars.DataFrame:
        """What came of everybody's last link to mutual aid, of every repeat."""
        return self._table("links")

    def linkage_quality(self, by: str = "service") -> polars.DataFrame:
        """The quality measure that services are asked to report, by `service` or by `worker`.

        See `studies.linkage_quality`.
        """
        from recoverysim.studies.linkage_quality import linkage_quality

        return linkage_quality(self.links(), self.clients(), by=by)

    def plot_funnel(
        self, by: str = "worker", *, measure: str = "connected", repeat: int = 0
    ) -> matplotlib.figure.Figure:
        """The quality measure of one repeat as a funnel plot: `offered`, `connected`, `engaged` or
        `not_followed`, by `service` or `worker`."""
        from recoverysim.pictures.funnel import draw

        return draw(self, by=by, measure=measure, repeat=repeat)

    def _table(self, name: str) -> polars.DataFrame:
        import polars as pl
        import pyarrow as pa

        if name not in self._kept:
            raise ValueError(f"{name} were not kept: run with journeys=True")
        return pl.DataFrame(pa.concat_tables(self._kept[name]))


def _possible(
    ends: tuple[float, float] | None, least: float, most: float
) -> tuple[float | None, float | None]:
    """An interval of something from `least` to `most`: of measures of one scenario, 0 at least."""
    if ends is None:
        return None, None
    return min(max(ends[0], least), most), min(max(ends[1], least), most)


def _plan_and_scenario(
    scenario: str | Path | Scenario, settings: dict[str, Any], definition: str
) -> tuple[Plan, Scenario]:
    if definition not in definitions():
        raise ValueError(f"definition should be one of {', '.join(definitions())}")
    return Plan(**settings), scenario if isinstance(scenario, Scenario) else load(scenario)


def refuse_no_sample(people: int) -> int:
    """ValueError where a sample holds nobody."""
    if people < 1:
        raise ValueError(f"journeys should be kept of at least one person; found {people}")
    return people


def run(
    scenario: str | Path | Scenario,
    *,
    clients: int = 2000,
    years: int = 10,
    repeats: int = 20,
    seed: int = 1,
    threads: int | None = None,
    knowledge: str = "accepted",
    definition: str = DEFAULT_DEFINITION,
    journeys: bool | int = True,
    progress: Callable[[float], None] | None = None,
) -> Result:
    """Run one scenario. `journeys` keeps every stay and a panel in memory; turn it off for size, or
    give a number of people of whom they are kept in each repeat.

    Raises ScenarioError for a bad scenario and ValueError for a setting that cannot be.
    """
    settings = {
        "clients": clients, "years": years, "repeats": repeats, "seed": seed,
        "knowledge": knowledge, "threads": threads,
    }  # fmt: skip
    plan, chosen = _plan_and_scenario(scenario, settings, definition)
    kept: dict[str, list[Any]] = {}

    def keep(repeat: int, world: World) -> None:
        from recoverysim.store import tables  # and with it a library that only this needs

        for name in ("journeys", "panel", "clients", "links"):
            part = getattr(tables, name)(chosen.name, repeat, world)
            kept.setdefault(name, []).append(part)

    sample = None if isinstance(journeys, bool) else refuse_no_sample(journeys)
    collect = None if journeys is False else keep
    lived = live(chosen, plan, collect=collect, sample=sample, progress=progress)
    return Result(lived, definition, kept)


def run_to_folder(
    scenario: str | Path | Scenario,
    folder: Path,
    settings: dict[str, Any],
    command: list[str],
    *,
    as_csv: bool = False,
    sample: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Result:
    """Run one scenario and write every table to a new folder as the repeats finish.

    `settings` are those of `run`. Only a few repeats are in memory at a time. Journeys, panel,
    clients and links are of at most `sample` people of each repeat; of everybody unless given.
    """
    from recoverysim.store.folder import Writer
    from recoverysim.store.whole import new_folder

    settings = dict(settings)
    definition = settings.pop("definition", DEFAULT_DEFINITION)
    plan, chosen = _plan_and_scenario(scenario, settings, definition)
    with new_folder(folder) as unfinished:
        writer = Writer(unfinished, as_csv=as_csv)
        collect = writer.collect(chosen.name)
        lived = live(chosen, plan, collect=collect, sample=sample, progress=progress)
        result = Result(lived, definition, {})
        asked = {"definition": definition, "journeys": sample or plan.clients}
        writer.finish(result.stamp, command, vars(plan) | asked)
    return result
