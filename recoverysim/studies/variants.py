"""The same comparison under other forms of the model: the third kind of uncertainty, structure.

Nobody knows how the effect of mutual aid depends on its dose, through what it runs, or whether it
lasts longer than trials have followed people. Each form is laid over both worlds, which are lived
again, so that what is told is a difference between twins there. All other numbers stay as uncertain
as they are, with the same parameter sets and the same luck as in the main answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from recoverysim import sure_words
from recoverysim.cells import ALL
from recoverysim.codes import CONCAVE, INVOLVEMENT_ONLY, THRESHOLD, WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.settings import Change
from recoverysim.studies.measures import Measure, measure_of
from recoverysim.studies.repeats import Repeats, live
from recoverysim.words import TRIALS_REACH

if TYPE_CHECKING:
    from recoverysim.studies.contrast import Contrast

EFFECT = "mutual_aid.total_log_hazard_ratio"
SHARES = ("presence", "involvement", "company", "capital")
WASHES_OUT = "washes_out"


def _of_the_total(*shares: float) -> dict[str, float]:
    """Which share of the total effect runs through each of SHARES; together all of it."""
    assert abs(sum(shares) - 1) < 1e-9
    return {f"mutual_aid.{name}_share": part for name, part in zip(SHARES, shares, strict=True)}


# Each form with what it lays over both worlds. The shapes of dose are those that the model knows.
# All shares are assumed: no study divides the effect. They lie within the ranges declared for each
# (mutual_aid/benefit.py), near the ends of the two that are made large.
FORMS: dict[str, dict[str, float]] = {
    "threshold": {"mutual_aid.dose_shape": THRESHOLD},
    "concave": {"mutual_aid.dose_shape": CONCAVE},
    "involvement_only": {"mutual_aid.dose_shape": INVOLVEMENT_ONLY},
    "through_taking_part": _of_the_total(0.10, 0.70, 0.10, 0.10),  # assumed
    "through_company_and_capital": _of_the_total(0.05, 0.15, 0.50, 0.30),  # assumed
}
# The effect fades to nothing from the end of what trials followed, over a year (assumed).
WASH_OUT = Change(0.0, from_week=TRIALS_REACH * WEEKS_A_YEAR, ramp_weeks=WEEKS_A_YEAR)


@dataclass(frozen=True)
class Row:
    """The difference in recovery under one form, in one year; None where it is unknown."""

    form: str
    definition: str | None
    year: int
    unit: str
    baseline: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    luck_low: float | None
    luck_high: float | None


# Recovery in the comparator under each form, for as long as somebody holds on to it: many scenarios
# are compared with one.
_BEFORE: WeakKeyDictionary[Repeats, dict[tuple[str, str], list[Measure]]] = WeakKeyDictionary()


def forms(one: Scenario, other: Scenario, plan: Plan) -> tuple[str, ...]:
    """The forms under which two scenarios can be compared.

    One that lays over a number which the two set differently is left out: it would take away what
    is compared. The effect cannot fade in runs that end before, nor in an open system, where weeks
    are those of the area and not of each person.
    """
    mine, theirs = dict(one.changes), dict(other.changes)
    found = [
        name for name, laid in FORMS.items() if all(mine.get(k) == theirs.get(k) for k in laid)
    ]
    if plan.years > TRIALS_REACH and not one.is_open:
        found.append(WASHES_OUT)
    return tuple(found)


def under(form: str, scenario: Scenario) -> Scenario:
    """A scenario under a form: the effect fades from whatever the scenario makes of it."""
    if form != WASHES_OUT:
        return scenario.replace(FORMS[form])
    several = dict(scenario.changes)
    several[EFFECT] = (*several.get(EFFECT, ()), WASH_OUT)
    return replace(scenario, changes=tuple(sorted(several.items())), expected=None)


def years_told(contrast: Contrast) -> tuple[int, ...]:
    """The years for which forms are compared: the first and the last that are reported."""
    return tuple(sorted({contrast.years[0], contrast.years[-1]}))


def lives(contrast: Contrast) -> int:
    """How many worlds have to be lived for one contrast, those of its comparator included."""
    told = forms(contrast.baseline.scenario, contrast.scenario.scenario, contrast.plan)
    return 2 * len(told) * contrast.plan.repeats


def under_each_form(
    contrast: Contrast, progress: Callable[[float], None] | None = None
) -> tuple[Row, ...]:
    """Recovery under each form, in the first and the last reported year.

    `progress` is told what share of a repeat was lived since it was last told.
    """
    one, other = contrast.baseline.scenario, contrast.scenario.scenario
    before = _BEFORE.setdefault(contrast.baseline, {})
    found: list[Row] = []
    for form in forms(one, other, contrast.plan):
        key = form, contrast.definition
        if key not in before:
            before[key] = _recovery(form, one, contrast, progress)
        elif progress is not None:
            progress(contrast.plan.repeats)
        after = _recovery(form, other, contrast, progress)
        found += (_row(form, contrast, *pair) for pair in zip(before[key], after, strict=True))
    return tuple(found)


def _recovery(
    form: str, scenario: Scenario, contrast: Contrast, progress: Callable[[float], None] | None
) -> list[Measure]:
    """Recovery by the chosen definition in one world, in the years that are told."""
    lived = live(under(form, scenario), contrast.plan, progress=progress)
    wanted = [("in_recovery", contrast.definition, year) for year in years_told(contrast)]
    return [
        one
        for one in measure_of(ALL, lived, contrast.definition)
        if (one.name, one.definition, one.year) in wanted
    ]


def _row(form: str, contrast: Contrast, before: Measure, after: Measure) -> Row:
    found = vars(contrast.compared(before, after))
    return Row(form, **{name: found[name] for name in Row.__annotations__ if name != "form"})


def told(contrast: Contrast) -> list[str]:
    """What stands under the table of forms: what they come to, and what must be read with them."""
    rows = [(row.year, row.difference, row.low, row.high) for row in contrast.variants]
    return [*sure_words.forms_come_to(rows), sure_words.FORMS_NOTE]


def to_json(contrast: Contrast) -> dict[str, Any]:
    """A note that belongs with it, and the rows."""
    return {"note": sure_words.FORMS_NOTE, "rows": [vars(row) for row in contrast.variants]}
