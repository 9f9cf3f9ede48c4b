"""Worlds compared twin by twin: the same people with the same luck, linked differently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverysim import story_of_changes
from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.plugins import PluginFailed
from recoverysim.scenario import Scenario, load, refuse_without_twins
from recoverysim.shown import Answer
from recoverysim.studies.appraisal import refuse_other_money
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.measures import definitions
from recoverysim.studies.ratios import Row as Row
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.stamp import stamp
from recoverysim.studies.unknowns import can_be_told as can_tell_unknowns
from recoverysim.studies.unknowns import unknowns
from recoverysim.studies.who_changed import can_be_told

if TYPE_CHECKING:
    import matplotlib.figure
    import polars


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

    @property
    def unknowns_told(self) -> bool:
        """Whether there are parameter sets enough to say which unknown matters."""
        return all(can_tell_unknowns(contrast) for contrast in self.contrasts)

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

    @property
    def forms(self) -> bool:
        """Whether the answer is told under other forms of the model."""
        return all(contrast.forms for contrast in self.contrasts)

    def variants(self) -> polars.DataFrame:
        """The difference in recovery under other forms of the model: a `variants.Row` each.

        Lives both worlds once more for each form where `compare` was not asked for it.
        """
        import polars as pl

        return pl.DataFrame(self.variant_rows(), infer_schema_length=None)

    def variant_rows(self) -> list[dict[str, Any]]:
        """The same as a list of dictionaries."""
        return [
            {"scenario": contrast.scenario.scenario.name, **vars(row)}
            for contrast in self.contrasts
            for row in contrast.variants
        ]

    def unknowns(self, year: int | None = None) -> polars.DataFrame:
        """How much each uncertain number matters in a year, by default the last reported: an
        `unknowns.Row` each.

        ValueError with fewer than 100 parameter sets, two repeats each.
        """
        import polars as pl

        return pl.DataFrame(self.unknown_rows(year), infer_schema_length=None)

    def unknown_rows(self, year: int | None = None) -> list[dict[str, Any]]:
        """The same as a list of dictionaries."""
        return [
            {"scenario": contrast.scenario.scenario.name, **row._asdict()}
            for contrast in self.contrasts
            for row in unknowns(contrast, year).rows
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

    def page(self, command: Sequence[str] = ()) -> str:
        """The answer on one printed page, as HTML: compared with what, how sure, resting on what.

        `command` is what was typed to make it, without the name of the program; where it is not
        given, one is told that does the same for shipped scenarios.
        """
        from recoverysim.report.one_page import page

        return page(self, command)

    @cached_property
    def shown(self) -> Answer:
        """The answer as plain numbers, as every screen, picture and report shows it.

        All worlds are lived once more, to see where people stand.
        """
        from recoverysim.studies.reporting import answer_in_full

        return answer_in_full(self._worlds, self.baseline.plan, self.definition)

    @property
    def _worlds(self) -> tuple[Scenario, ...]:
        return self.baseline.scenario, *(one.scenario.scenario for one in self.contrasts)

    def report(self, year: int | None = None) -> str:
        """A report to hand over, as one HTML file: answer, pictures, settings and sources, method.

        `year` is told first, the last unless given. Lives all worlds once more, as `shown` does.
        """
        from recoverysim.report.full import Extras, report

        return report(self.shown, Extras(self._worlds, year))

    def report_docx(self, year: int | None = None) -> bytes:
        """The same as a Word document; ImportError where python-docx is not installed."""
        from recoverysim.report.full import Extras
        from recoverysim.report.word import report_docx

        return report_docx(self.shown, Extras(self._worlds, year))

    def to_json(self) -> dict[str, Any]:
        """Stamp, baseline, comparisons: the same bytes for the same settings and version."""
        return {
            "stamp": self.stamp,
            "baseline": self.baseline.scenario.name,
            "comparisons": [one.to_json(alone=len(self.contrasts) == 1) for one in self.contrasts],
            **({"failed": dict(self.failed)} if self.failed else {}),
        }

    def write(
        self, folder: Path | str, command: Sequence[str] = (), *, as_csv: bool = False
    ) -> Path:
        """Write the output folder: weekly counts, the comparison, and a manifest."""
        from recoverysim.store.folder import write_comparison

        return write_comparison(self, Path(folder), list(command), as_csv=as_csv)


def refuse_what_cannot_be_compared(comparator: Scenario, chosen: Sequence[Scenario]) -> None:
    """ScenarioError or ValueError where people have no twins, or names do not tell worlds apart."""
    for one in chosen:
        refuse_without_twins(one, comparator)
        refuse_other_money(one, comparator)
    names = {one.name: one.hash() for one in chosen}
    for one in (comparator, *chosen):
        if names.get(one.name, one.hash()) != one.hash():
            raise ValueError(
                f"two different scenarios are called {one.name!r}; give one a new name"
            )


def compare(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    baseline: str | Path | Scenario | None = None,
    clients: int = 2000,
    years: int = 10,
    repeats: int = 20,
    seed: int = 1,
    threads: int | None = None,
    knowledge: str = "accepted",
    definition: str = DEFAULT_DEFINITION,
    who: bool = False,
    variants: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Compare scenarios with a baseline, twin by twin.

    With one scenario the comparator is `baseline` (the shipped one unless given); with several it
    is the first, unless `baseline` is given. With `who` it is also told who changed, when and by
    which step: it is found when it is first asked for, which takes once or twice as long again.
    With `variants` the answer is told under other forms of the model too, which takes some six
    times as long again. Raises ScenarioError for a bad scenario, ValueError for a setting that
    cannot be, and PluginFailed where a plug-in goes wrong in the comparator or in every scenario.
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
    refuse_what_cannot_be_compared(comparator, chosen)
    refuse_what_does_not_fit(plan, scenarios=1 + len(chosen))
    first = live(comparator, plan, progress=progress)
    contrasts, failed = [], []
    for one in chosen:
        try:
            lived = live(one, plan, progress=progress)
            contrasts.append(Contrast(first, lived, definition, who=who, forms=variants))
        except PluginFailed as fault:
            failed.append((one.name, str(fault)))
            if len(failed) == len(chosen):
                raise  # nothing is left to tell
    marked = stamp([comparator, *chosen], plan)
    return Comparison(marked, first, tuple(contrasts), definition, tuple(failed))
