"""All that fits a sweep: analyses, pictures and the summary, and what could not be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from recoverysim import sweep_page_words, sweep_words, words
from recoverysim.pictures.study import save_svg
from recoverysim.report import sweep_page
from recoverysim.studies.stamp import stamp
from recoverysim.studies.sweeps.analyses.emulator import Emulator
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.analyses.part import Part, Telling
from recoverysim.studies.sweeps.analyses.parts_of_factors import (
    rank_regression_part,
    sensitivity_part,
    tornado_part,
)
from recoverysim.studies.sweeps.analyses.parts_of_grids import (
    interaction_part,
    surface_part,
    thresholds_part,
)
from recoverysim.studies.sweeps.analyses.parts_of_scenarios import (
    discovery_part,
    emulator_part,
    leaderboard_part,
)
from recoverysim.studies.sweeps.found import Found

if TYPE_CHECKING:
    import matplotlib.figure

PAGE = "summary.html"
DRAWN = ("latin-hypercube", "accepted", "rows")


@dataclass
class Analysed:
    """What the runs say together; `write` puts it into a folder."""

    found: Found
    stamp: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)
    emulators: list[Emulator] = field(default_factory=list)

    def __repr__(self) -> str:
        done = ", ".join(part.name for part in self.parts)
        return f"<Analysed {self.found.plan.name}: {done or 'nothing'}>"

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """By the name of the file that they are written to."""
        return {name: table for part in self.parts for name, table in part.tables.items()}

    @property
    def pictures(self) -> dict[str, matplotlib.figure.Figure]:
        """By the name of the file that they are written to."""
        return {name: picture for part in self.parts for name, picture in part.pictures.items()}

    @property
    def lead(self) -> str:
        """What everything that is told is of: the first measure, in the last year."""
        plan = self.found.plan
        year = int(self.found.runs["year"].max())  # type: ignore[arg-type]
        first = plan.names[0] if plan.compares else ""
        return sweep_words.all_of_it(plan.measures[0], year, first)

    @property
    def sentences(self) -> list[str]:
        """What a person reads, most important first."""
        told = (said for part in self.parts for said in part.sentences)
        return [*filter(None, (self.missing, self.lead)), *told]

    @property
    def missing(self) -> str:
        """How many runs are not there; nothing where all are."""
        plan, points = self.found.plan, self.found.points.height
        finished = self.found.runs.select("scenario", "point", "repeat").n_unique()
        planned = points * len(plan.names) * plan.repeats
        return sweep_page_words.missing(sweep_page_words.Runs(points, finished, planned))

    def write(self, folder: Path) -> Path:
        """A CSV of each table, a PNG and an SVG of each picture, and the summary, into a folder;
        returns the summary's path."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        made_by = {"Software": f"recoverysim {self.stamp['version']}"}
        for name, table in self.tables.items():
            table.write_csv(place / f"{name}.csv")
        for name, picture in self.pictures.items():
            picture.savefig(place / f"{name}.png", dpi=200, metadata=made_by)
            save_svg(picture, place / f"{name}.svg")
        page = place / PAGE
        page.write_text(sweep_page.page(self), encoding="utf-8")
        return page


def analyse(found: Found, made_by: dict[str, Any] | None = None) -> Analysed:
    """Every analysis that fits the design; one that cannot be done is told in `not_done`.

    `made_by` is the stamp of the runs, where it is not what this program would give today.

    Raises CannotAnalyse where no run finished.
    """
    if found.told().is_empty():
        with_first = f" together with one of {found.plan.names[0]}" if found.plan.compares else ""
        raise CannotAnalyse(
            f"no run of this sweep finished{with_first}: there is nothing to analyse"
        )
    plan = found.plan
    made = made_by or stamp(plan.scenarios, plan.one_run())
    analysed = Analysed(found, made)
    telling = Telling(found, words.basis(made))

    def emulate(telling: Telling) -> Part:
        part, analysed.emulators = emulator_part(telling)
        return part

    for name, make in _fitting(found, emulate).items():
        try:
            analysed.parts.append(make(telling))
        except (CannotAnalyse, MissingLibrary) as why:
            analysed.not_done.append(f"{name}: {why}")
    return analysed


def _fitting(found: Found, emulate: Callable[[Telling], Part]) -> dict[str, Any]:
    """What fits a design, in the order in which it is told."""
    plan = found.plan
    fits: dict[str, bool] = {
        "leaderboard": plan.compares,
        "sensitivity": plan.design in ("morris", "sobol"),
        "rank regression": plan.design in DRAWN,
        # Few trajectories of many factors say nothing by their means: there sensitivity tells it.
        "tornado": plan.design != "morris" and any(factor.is_numeric for factor in plan.factors),
        "interaction": plan.design == "grid" and len(plan.factors) + plan.compares > 1,
        "surface": plan.design == "grid" and len(plan.factors) > 1,
        "thresholds": plan.design == "grid" and (plan.compares or plan.worth_from is not None),
        "scenario discovery": plan.design != "morris"
        and (plan.compares or plan.worth_from is not None),
        "emulator": plan.design in ("sobol", "latin-hypercube", "rows"),
    }
    makers = {
        "leaderboard": leaderboard_part, "sensitivity": sensitivity_part,
        "rank regression": rank_regression_part, "tornado": tornado_part,
        "interaction": interaction_part, "surface": surface_part, "thresholds": thresholds_part,
        "scenario discovery": discovery_part, "emulator": emulate,
    }  # fmt: skip
    return {name: makers[name] for name, fit in fits.items() if fit}
