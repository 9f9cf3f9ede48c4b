"""Worlds compared twin by twin: the same people with the same luck, linked differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim import story_of_changes, words
from recoverysim.cells import GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import DEFAULT_DEFINITION, in_words
from recoverysim.plan import Plan
from recoverysim.plugins import PluginFailed
from recoverysim.quantities import all_quantities
from recoverysim.scenario import Scenario, load, refuse_without_twins
from recoverysim.studies import area, conditional
from recoverysim.studies.appraisal import refuse_other_money
from recoverysim.studies.changes import Changes
from recoverysim.studies.intervals import Spread, known, repeats_to_settle, spread
from recoverysim.studies.measures import Measure, definitions, measure
from recoverysim.studies.outcomes_of_plugins import measure_outcomes
from recoverysim.studies.ratios import Row as Row
from recoverysim.studies.ratios import ends, needed_among, ratio_row
from recoverysim.studies.reckoning import years_within
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.stamp import stamp
from recoverysim.studies.who_changed import can_be_told, who_changed
from recoverysim.studies.worth import Appraisal

if TYPE_CHECKING:
    import matplotlib.figure
    import polars


class Contrast:
    """One scenario against the baseline; `who`: whether it is told who changed."""

    def __init__(
        self, baseline: Repeats, scenario: Repeats, definition: str, *, who: bool = False
    ) -> None:
        self.baseline = baseline
        self.scenario = scenario
        self.definition = definition
        self.plan = baseline.plan
        self.who = who
        self._changes: Changes | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are reported."""
        return years_within(self.plan.years)

    @cached_property
    def _pairs(self) -> list[tuple[Measure, Measure, Spread]]:
        """Every measure in both worlds, and the spread of its paired difference."""
        return [
            (before, after, spread(after.values - before.values, self.baseline.sets, self.plan))
            for before, after in zip(
                self._measures(self.baseline), self._measures(self.scenario), strict=True
            )
        ]

    def _measures(self, repeats: Repeats) -> Iterator[Measure]:
        yield from measure(repeats, self.definition)
        yield from measure_outcomes(repeats)

    @property
    def changes(self) -> Changes:
        """Who changed, when, and by which step; both worlds are lived once more for it."""
        return self._changes or self.look_who_changed()

    def look_who_changed(self, progress: Callable[[], None] | None = None) -> Changes:
        """The same, with a call for every repeat done."""
        worlds = self.baseline.scenario, self.scenario.scenario
        found = who_changed(*worlds, self.plan, self.definition, progress)
        self._changes = Changes(found, self.baseline.sets)
        return self._changes

    @cached_property
    def appraisal(self) -> Appraisal:
        """Costs beside lives, and whether the change is worth it."""
        return Appraisal(self)

    @cached_property
    def conditions(self) -> tuple[conditional.Condition, ...]:
        """The answer at each value of the number on which the scenario's file says it turns."""
        return conditional.conditions(self)

    def _pair(self, name: str, year: int | None, group: str) -> tuple[Measure, Measure, Spread]:
        """The first of that name, year and group: it is by the chosen definition."""
        return next(
            p for p in self._pairs if (p[0].name, p[0].year, p[0].group) == (name, year, group)
        )

    @cached_property
    def rows(self) -> list[Row]:
        """Every measure, then the ratios that follow from two of them."""
        found = []
        for before, after, s in self._pairs:
            mean, then = float(before.values.mean()), float(after.values.mean())
            found.append(
                Row(
                    before.name, before.definition, before.group, before.year, before.unit,
                    known(mean), known(then), known(then - mean),
                    *ends(s.both), *ends(s.luck), *ends(s.area),
                )
            )  # fmt: skip
        return [*found, *self._ratios()]

    def _ratios(self) -> Iterator[Row]:
        """Numbers needed to link, and what changes cost."""
        for group in GROUPS:
            for year in self.years:
                yield self._ratio(
                    "number_needed_to_link", "offered", 1.0, group, year,
                    "people newly offered any active link, per extra person in recovery",
                )  # fmt: skip
        yield from self.appraisal.rows()
        if self.who:
            yield from needed_among(self.changes)

    def _ratio(self, name: str, top: str, scale: float, group: str, year: int, unit: str) -> Row:
        """Extra of one measure divided by extra people in recovery."""
        extra = scale * self.difference(top, year, group)
        recovered = self.difference("in_recovery", year, group)
        about = name, self.definition, group, year, unit
        return ratio_row(about, extra, recovered, self.baseline.sets, self.plan)

    def difference(self, name: str, year: int, group: str) -> np.ndarray:
        """The paired difference in a measure, one a repeat: float64 of (repeats,)."""
        before, after, _ = self._pair(name, year, group)
        return after.values - before.values

    def row(
        self, name: str, year: int | None, group: str = "all", definition: str | None = None
    ) -> Row:
        """One row by measure, year and group; by the chosen definition unless another is asked."""
        return next(
            r
            for r in self.rows
            if (r.measure, r.year, r.group) == (name, year, group)
            and definition in (None, r.definition)
        )

    @property
    def headline(self) -> str:
        """The one sentence, for the last reported year."""
        reported = self.years[-1]
        row = self.row("in_recovery", reported)
        _, _, found = self._pair("in_recovery", row.year, "all")
        meaning = in_words(self.definition)
        said = words.headline(
            self.scenario.scenario.name, self.baseline.scenario.name, reported,
            row.difference or 0.0, row.low, row.high, self.plan.repeats, self.plan.clients,
            self.plan.knowledge, meaning,
        )  # fmt: skip
        needed = repeats_to_settle(row.difference or 0.0, found, self.plan.repeats)
        settled = words.is_settled(row.low, row.high)
        return f"{said} {words.more_repeats(needed)}" if needed and settled else said

    @property
    def number_needed(self) -> str:
        """People offered a link for one more in recovery, in the years that have settled."""
        said = []
        for year in self.years:
            settled = self.row("in_recovery", year)
            row = self.row("number_needed_to_link", year)
            if words.is_settled(settled.low, settled.high):
                said.append((year, row.value, row.low, row.high))
        fewer = (self.row("offered", self.years[-1]).difference or 0.0) < 0
        return words.number_needed(said, self.years, fewer=fewer)

    @property
    def notes(self) -> list[str]:
        """What must stand beside the numbers: costs beside lives, expectations, values beyond the
        evidence."""
        said = [self.appraisal.in_words]
        if self.scenario.scenario.altered:
            both = self.scenario.scenario.altered == self.baseline.scenario.altered
            said.append(words.altered(self.scenario.scenario.altered, baseline_too=both))
        expected = self.scenario.scenario.expected
        usual = self.definition == DEFAULT_DEFINITION and not self.baseline.scenario.altered
        if expected is not None and usual and self.baseline.scenario.name == "baseline":
            found = None
            if expected.year in self.years:
                row = self.row("in_recovery", expected.year)
                if row.difference is not None and row.low is not None and row.high is not None:
                    found = row.difference, row.low, row.high
            said.append(
                words.expectation(
                    expected.year,
                    expected.low,
                    expected.high,
                    found,
                    expected.why,
                    expected.differs,
                )
            )
        here, there = self.scenario.scenario, self.baseline.scenario
        said += area.notes(here, there, self.plan.clients)
        for key, several in here.changes:
            quantity = all_quantities()[key]
            for change in several:
                if change.from_week >= self.plan.years * WEEKS_A_YEAR:
                    said.append(words.begins_too_late(key, change.from_week, self.plan.years))
                if not quantity.lever and not quantity.low <= change.value <= quantity.high:
                    said.append(
                        words.beyond_evidence(
                            key, change.value, quantity.low, quantity.high, quantity.unit
                        )
                    )
        return said

    def to_json(self) -> dict[str, Any]:
        """Name, headline, notes, and every measure as a row (docs/commands.md says which).

        Where it was asked who changed, that too, and where the answer turns on one number that
        nobody knows, the answer at several values of it.
        """
        found: dict[str, Any] = {
            "scenario": self.scenario.scenario.name,
            "headline": self.headline,
            "notes": self.notes,
            "measures": [vars(row) for row in self.rows],
        }
        if self.who:
            rows = [vars(row) for row in self.changes.rows()]
            found["who_changed"] = {"note": story_of_changes.WARNING, "rows": rows}
        if self.scenario.scenario.conditional is not None:
            found["conditional"] = conditional.to_json(self)
        return found


@dataclass(frozen=True, repr=False)
class Comparison:
    """Scenarios against one baseline.

    `failed` holds the scenarios in which a plug-in went wrong, with what it was; they have no
    contrast.
    """

    stamp: dict[str, Any]
    baseline: Repeats
    contrasts: tuple[Contrast, ...]
    definition: str
    failed: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        names = ", ".join(contrast.scenario.scenario.name for contrast in self.contrasts)
        return f"<Comparison of {names} with {self.baseline.scenario.name}: {self.baseline.plan}>"

    @property
    def who(self) -> bool:
        """Whether it is told who changed."""
        return all(contrast.who for contrast in self.contrasts)

    def headline(self) -> str:
        """One sentence for each scenario."""
        return "\n".join(contrast.headline for contrast in self.contrasts)

    def table(self) -> polars.DataFrame:
        """Every measure of every scenario, a row each."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def rows(self) -> list[dict[str, Any]]:
        """The same as a list of dictionaries."""
        return [
            {"scenario": contrast.scenario.scenario.name, **vars(row)}
            for contrast in self.contrasts
            for row in contrast.rows
        ]

    def who_changed(self) -> polars.DataFrame:
        """Who changed, by step and year, of every scenario: a `changes.Row` each.

        Lives all worlds once more where `compare` was not asked for it. ValueError for a share of
        days, which no person meets or fails.
        """
        import polars as pl

        return pl.DataFrame(self.changed_rows(), infer_schema_length=None)

    def changed_rows(self) -> list[dict[str, Any]]:
        """The same as a list of dictionaries."""
        return [
            {"scenario": contrast.scenario.scenario.name, **vars(row)}
            for contrast in self.contrasts
            for row in contrast.changes.rows()
        ]

    def changed_people(self) -> polars.DataFrame:
        """Everybody who changed, by scenario, repeat and client, as `journey` finds them."""
        import polars as pl

        return pl.concat(
            contrast.changes.people().select(
                pl.lit(contrast.scenario.scenario.name).alias("scenario"), pl.all()
            )
            for contrast in self.contrasts
        )

    def plot(self) -> matplotlib.figure.Figure:
        """The difference in recovery over the years, with both ranges."""
        from recoverysim.pictures.differences import draw

        return draw(self)

    def plot_acceptability(self) -> matplotlib.figure.Figure:
        """How likely each change is worth its cost, by what a QALY may cost."""
        from recoverysim.pictures.acceptability import draw

        return draw(self)

    def to_json(self) -> dict[str, Any]:
        """Stamp, baseline, comparisons: the same bytes for the same settings and version."""
        return {
            "stamp": self.stamp,
            "baseline": self.baseline.scenario.name,
            "comparisons": [contrast.to_json() for contrast in self.contrasts],
            **({"failed": dict(self.failed)} if self.failed else {}),
        }

    def write(
        self, folder: Path | str, command: Sequence[str] = (), *, as_csv: bool = False
    ) -> Path:
        """Write the output folder: weekly counts, the comparison, and a manifest."""
        from recoverysim.store.folder import write_comparison

        return write_comparison(self, Path(folder), list(command), as_csv=as_csv)


def compare(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    baseline: str | Path | Scenario | None = None,
    clients: int = 2000,
    years: int = 10,
    repeats: int = 20,
    seed: int = 1,
    threads: int | None = None,
    knowledge: str = "prior",
    definition: str = DEFAULT_DEFINITION,
    who: bool = False,
    progress: Callable[[], None] | None = None,
) -> Comparison:
    """Compare scenarios with a baseline, twin by twin.

    With one scenario the comparator is `baseline` (the shipped one unless given); with several it
    is the first, unless `baseline` is given. With `who` it is also told who changed, when and by
    which step, which takes once or twice as long again; `Comparison.who_changed` finds it later
    too. Raises ScenarioError for a bad scenario, ValueError for a setting that cannot be, and
    PluginFailed where a plug-in goes wrong in the comparator or in every scenario.
    """
    plan = Plan(clients, years, repeats, seed, knowledge, threads)
    if definition not in definitions():
        raise ValueError(f"definition should be one of {', '.join(definitions())}")
    if who and not can_be_told(definition):
        raise ValueError(story_of_changes.no_person_meets(definition))
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    if not scenarios:
        raise ValueError("name at least one scenario")
    chosen = [one if isinstance(one, Scenario) else load(one) for one in scenarios]
    if baseline is None and len(chosen) > 1:
        comparator, chosen = chosen[0], chosen[1:]
    else:
        comparator = (
            baseline if isinstance(baseline, Scenario) else load(baseline or chosen[0].against)
        )
    for one in chosen:
        refuse_without_twins(one, comparator)
        refuse_other_money(one, comparator)
    names = {one.name: one.hash() for one in chosen}
    for one in (comparator, *chosen):
        if names.get(one.name, one.hash()) != one.hash():
            raise ValueError(
                f"two different scenarios are called {one.name!r}; give one a new name"
            )
    refuse_what_does_not_fit(plan, scenarios=1 + len(chosen))
    first = live(comparator, plan, progress=progress)
    contrasts, failed = [], []
    for one in chosen:
        try:
            lived = live(one, plan, progress=progress)
            contrasts.append(Contrast(first, lived, definition, who=who))
        except PluginFailed as fault:
            failed.append((one.name, str(fault)))
            if len(failed) == len(chosen):
                raise  # nothing is left to tell
    if who:
        for contrast in contrasts:
            contrast.look_who_changed(progress)
    marked = stamp([comparator, *chosen], plan)
    return Comparison(marked, first, tuple(contrasts), definition, tuple(failed))
