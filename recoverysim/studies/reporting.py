"""Answers to hand over: worlds lived in full, as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from recoverysim.outcomes import SHARE_OF_DAYS
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import Answer
from recoverysim.studies.answering import answer
from recoverysim.studies.compare import refuse_what_cannot_be_compared
from recoverysim.studies.measures import definitions
from recoverysim.studies.reckoning import years_within
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.sides import live_side


def answer_in_full(
    scenarios: Sequence[Scenario],
    plan: Plan,
    definition: str,
    progress: Callable[[float], None] | None = None,
) -> Answer:
    """Every world in every repeat of the plan; the first is what the others are compared with.

    Raises ValueError for a definition that there is not, or for worlds that cannot be compared.
    """
    if definition not in definitions():
        raise ValueError(f"definition should be one of {', '.join(definitions())}")
    if definition.startswith(SHARE_OF_DAYS):
        raise ValueError(
            f"nobody meets or fails {SHARE_OF_DAYS}, so pictures and reports cannot show who does; "
            "choose another --definition (compare tells it in a table)"
        )
    if len(scenarios) < 2:
        raise ValueError("name at least one scenario beside the baseline")
    refuse_what_cannot_be_compared(scenarios[0], scenarios[1:])
    refuse_what_does_not_fit(plan, scenarios=len(scenarios))
    sides = [live_side(one, plan, definition, range(plan.repeats), progress) for one in scenarios]
    return answer(sides[0], tuple(sides[1:]), definition, of=plan.repeats, quick=False)


def refuse_year(year: int | None, lived: int) -> None:
    """ValueError for a year that a run of so many years will not tell."""
    told = years_within(lived)
    if year is not None and year not in told:
        raise ValueError(f"--year should be one of {', '.join(map(str, told))}; found {year}")
