"""One scenario against its baseline, twin by twin: every measure, and what must stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from recoverysim import story_of_changes, sure_words, words
from recoverysim.cells import ALL, GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import DEFAULT_DEFINITION, in_words
from recoverysim.plan import MOST_REPEATS
from recoverysim.quantities import all_quantities
from recoverysim.scenario_words import Expectation
from recoverysim.studies import area, conditional, unknowns
from recoverysim.studies import variants as other_forms
from recoverysim.studies.changes import Changes
from recoverysim.studies.intervals import Spread, known, repeats_to_settle, settling, spread
from recoverysim.studies.measures import Measure, measure_of
from recoverysim.studies.outcomes_of_plugins import measure_outcomes
from recoverysim.studies.ratios import Row as Row
from recoverysim.studies.ratios import ends, needed_among, ratio_row
from recoverysim.studies.reckoning import weeks_reckoned, years_within
from recoverysim.studies.repeats import Repeats
from recoverysim.studies.who_changed import who_changed
from recoverysim.studies.worth import COSTS_OF, Appraisal

NEEDED_TO_LINK = "number_needed_to_link"

# What has been measured of a side, by definition and group, for as long as somebody holds on to it:
# many scenarios are compared with one baseline, and often only everybody is asked about.
_MEASURED: WeakKeyDictionary[Repeats, dict[tuple[str, str], list[Measure]]] = WeakKeyDictionary()
OF_PLUGINS = "of plug-ins"  # in all groups


def _measures(repeats: Repeats, definition: str, group: str) -> list[Measure]:
    found = _MEASURED.setdefault(repeats, {})
    key = definition, group
    if key not in found and group == OF_PLUGINS:
        found[key] = list(measure_outcomes(repeats))
    elif key not in found:
        found[key] = list(measure_of(group, repeats, definition))
    return found[key]


class Contrast:
    """One scenario against the baseline; `who`: whether it is told who changed; `forms`: whether
    the answer is told under other forms of the model."""

    def __init__(
        self, baseline: Repeats, scenario: Repeats, definition: str, *, who: bool = False,
        forms: bool = False,
    ) -> None:  # fmt: skip
        self.baseline = baseline
        self.scenario = scenario
        self.definition = definition
        self.plan = baseline.plan
        self.who = who
        self.forms = forms
        self._changes: Changes | None = None
        self._variants: tuple[other_forms.Row, ...] | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are reported: those for which somebody is followed in every repeat."""
        every = years_within(self.plan.years)
        return tuple(year for year in every if self._followed(year).min() > 0) or every

    def _followed(self, year: int) -> np.ndarray:
        """People followed for so many years, in each repeat of the comparator."""
        row = weeks_reckoned(years_within(self.plan.years)).index(year * WEEKS_A_YEAR)
        return np.asarray(self.baseline.reckoned.started[:, row, 0])

    def _pairs(self, *groups: str) -> Iterator[tuple[Measure, Measure]]:
        """Every measure of these groups in both worlds, those of plug-ins last."""
        for group in (*groups, OF_PLUGINS):
            both = (
                _measures(one, self.definition, group) for one in (self.baseline, self.scenario)
            )
            yield from zip(*both, strict=True)

    @property
    def changes(self) -> Changes:
        """Who changed, when, and by which step; both worlds are lived once more for it."""
        return self._changes or self.look_who_changed()

    def look_who_changed(self, progress: Callable[[float], None] | None = None) -> Changes:
        """The same, with a call for every repeat done."""
        worlds = self.baseline.scenario, self.scenario.scenario
        found = who_changed(*worlds, self.plan, self.definition, progress)
        self._changes = Changes(found, self.baseline.sets)
        return self._changes

    @property
    def variants(self) -> tuple[other_forms.Row, ...]:
        """The difference in recovery under other forms of the model; both worlds are lived again
        for each."""
        return self.look_at_variants() if self._variants is None else self._variants

    def look_at_variants(
        self, progress: Callable[[float], None] | None = None
    ) -> tuple[other_forms.Row, ...]:
        """The same, with a call for what was lived."""
        self._variants = other_forms.under_each_form(self, progress)
        return self._variants

    @cached_property
    def appraisal(self) -> Appraisal:
        """Costs beside lives, and whether the change is worth it."""
        return Appraisal(self)

    @cached_property
    def conditions(self) -> tuple[conditional.Condition, ...]:
        """The answer at each value of the number that the scenario's file asks for."""
        return conditional.conditions(self)

    def _pair(
        self, name: str, year: int | None, group: str, definition: str | None = None
    ) -> tuple[Measure, Measure]:
        """The first of that name, year and group: it is by the chosen definition."""
        return next(
            p
            for p in self._pairs(group)
            if (p[0].name, p[0].year, p[0].group) == (name, year, group)
            and definition in (None, p[0].definition)
        )

    @cached_property
    def rows(self) -> list[Row]:
        """Every measure, then the ratios that follow from two of them."""
        return [*(self.compared(*pair) for pair in self._pairs(*GROUPS)), *self._ratios()]

    def compared(self, before: Measure, after: Measure) -> Row:
        """A measure in both worlds, with the intervals of its paired difference."""
        found = self._spread(before, after)
        mean, then = float(before.values.mean()), float(after.values.mean())
        return Row(
            before.name, before.definition, before.group, before.year, before.unit,
            known(mean), known(then), known(then - mean),
            *ends(found.both), *ends(found.luck), *ends(found.area),
        )  # fmt: skip

    def _spread(self, before: Measure, after: Measure) -> Spread:
        return spread(after.values - before.values, self.baseline.sets, self.plan)

    def _ratios(self) -> Iterator[Row]:
        """Numbers needed to link, and what changes cost."""
        for group in GROUPS:
            for year in self.years:
                yield self._needed_to_link(year, group)
        yield from self.appraisal.rows()
        if self.who:
            yield from needed_among(self.changes)

    def _needed_to_link(self, year: int, group: str) -> Row:
        """Extra people offered a link, divided by extra people in recovery."""
        extra = self.difference("offered", year, group)
        recovered = self.difference("in_recovery", year, group)
        unit = "people newly offered any active link, per extra person in recovery"
        about = NEEDED_TO_LINK, self.definition, group, year, unit
        return ratio_row(about, extra, recovered, self.baseline.sets, self.plan)

    def values(self, name: str, year: int, group: str) -> tuple[np.ndarray, np.ndarray]:
        """A measure in both worlds, one number a repeat: float64 of (repeats,) each."""
        before, after = self._pair(name, year, group)
        return before.values, after.values

    def difference(self, name: str, year: int, group: str) -> np.ndarray:
        """The paired difference in a measure, one a repeat: float64 of (repeats,)."""
        before, after = self.values(name, year, group)
        return after - before

    def row(
        self, name: str, year: int | None, group: str = "all", definition: str | None = None
    ) -> Row:
        """One row by measure, year and group; by the chosen definition unless another is asked.

        Only what is asked for is reckoned: the ends of a ratio take long to find.
        """
        if name == NEEDED_TO_LINK and year is not None:
            return self._needed_to_link(year, group)
        if name in COSTS_OF and year is not None:
            return self.appraisal.ratio(name, year, group)
        if name in self._measured:
            return self.compared(*self._pair(name, year, group, definition))
        return next(
            r
            for r in self.rows
            if (r.measure, r.year, r.group) == (name, year, group)
            and definition in (None, r.definition)
        )

    @cached_property
    def _measured(self) -> frozenset[str]:
        """The names of what is measured, beside the ratios that follow."""
        return frozenset(before.name for before, _ in self._pairs(ALL))

    @property
    def headline(self) -> str:
        """The one sentence, for the last reported year."""
        return self.headline_in(self.years[-1])

    def headline_in(self, year: int) -> str:
        """The one sentence for a reported year, and how many repeats would settle it: nothing is
        said of that where it is not asked."""
        row = self.row("in_recovery", year)
        said = words.headline(
            self.scenario.scenario.name, self.baseline.scenario.name, year,
            row.difference or 0.0, row.low, row.high, (row.luck_low, row.luck_high),
            self.plan.repeats, self.plan.clients, self.plan.knowledge, in_words(self.definition),
        )  # fmt: skip
        return " ".join(filter(None, (said, self.what_settles("in_recovery", year))))

    @property
    def to_settle(self) -> str:
        """How many repeats would settle the headline, or would make luck small beside it; nothing
        where neither is asked."""
        return self.what_settles("in_recovery", self.years[-1])

    def what_settles(self, name: str, year: int | None, group: str = ALL) -> str:
        """The same of any measure."""
        found = self._spread(*self._pair(name, year, group))
        if found.both is None or (found.mean, *found.both) == (0, 0, 0):
            return ""
        if words.is_settled(*found.both):
            needed = repeats_to_settle(found.mean, found, self.plan.repeats)
            return sure_words.more_repeats(needed) if needed else ""
        sets = int(self.baseline.sets.max()) + 1
        takes = settling(found, self.plan, sets)
        if takes is None:
            return ""
        return sure_words.to_settle(
            takes.repeats, (self.plan.repeats, sets, MOST_REPEATS), by_knowledge=takes.by_knowledge
        )

    @property
    def deaths(self) -> str:
        """The sentence on deaths in the last reported year, which goes before all others."""
        return self.deaths_in(self.years[-1])

    def deaths_in(self, year: int) -> str:
        """The same for a reported year."""
        row = self.row("deaths", year)
        return words.deaths(row.difference or 0.0, row.low, row.high, year)

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
        said = [self.appraisal.in_words, *self._altered()]
        if self.expected is not None:
            was, row = self.expected
            found = None
            if row is not None and row.difference is not None and row.low is not None:
                found = row.difference, row.low, row.high or 0.0
            said.append(words.expectation(was.year, was.low, was.high, found, was.why, was.differs))
        return [*said, *self._of_the_run()]

    @property
    def cautions(self) -> list[str]:
        """Those of the notes that warn: what was altered, what is not reached, what lies beyond the
        evidence."""
        return [*self._altered(), *self._of_the_run()]

    @property
    def expected(self) -> tuple[Expectation, Row | None] | None:
        """What was expected before any run, and what came out in that year, where it was reported.

        None where nothing was expected of this comparison as it was run.
        """
        expected = self.scenario.scenario.expected
        usual = self.definition == DEFAULT_DEFINITION and not self.baseline.scenario.altered
        if expected is None or not usual or self.baseline.scenario.name != "baseline":
            return None
        found = self.row("in_recovery", expected.year) if expected.year in self.years else None
        return expected, found

    def _altered(self) -> Iterator[str]:
        altered = self.scenario.scenario.altered
        if altered:
            yield words.altered(altered, baseline_too=altered == self.baseline.scenario.altered)

    def _of_the_run(self) -> Iterator[str]:
        """What must be said of this run: who is followed, what it never reaches, what lies beyond
        the evidence."""
        here, there = self.scenario.scenario, self.baseline.scenario
        if here.is_open:
            every = years_within(self.plan.years)
            yield words.followed([(y, float(self._followed(y).mean())) for y in every])
        yield from area.notes(here, there, self.plan.clients)
        for key, several in here.changes:
            quantity = all_quantities()[key]
            low, high = quantity.low, quantity.high
            for change in several:
                if change.from_week >= self.plan.years * WEEKS_A_YEAR:
                    yield words.begins_too_late(key, change.from_week, self.plan.years)
                estimated = not quantity.lever and quantity.grade != "design"
                if estimated and not low <= change.value <= high:
                    yield words.beyond_evidence(key, change.value, low, high, quantity.unit)

    def to_json(self, *, alone: bool = True) -> dict[str, Any]:
        """Name, headline, notes, and every measure as a row (docs/commands.md says which).

        Where it was asked who changed, or for other forms of the model, those too. Where the answer
        turns on one number that nobody knows, and the scenario is compared `alone`, the answer at
        several values of it. Where there are enough parameter sets, which unknown matters most.
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
        if self.forms:
            found["variants"] = other_forms.to_json(self)
        if unknowns.can_be_told(self):
            found["unknowns"] = unknowns.unknowns(self).to_json()
        if alone and self.scenario.scenario.conditional is not None:
            found["conditional"] = conditional.to_json(self)
        return found
