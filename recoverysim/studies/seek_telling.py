"""The answer of a goal seek in sentences, from what was sought and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from recoverysim import seek_words
from recoverysim.plugins import outcomes
from recoverysim.quantities import all_quantities
from recoverysim.settings import DRIFTING

if TYPE_CHECKING:
    from recoverysim.studies.seek import Sought, Tried


def sentences(answer: Sought) -> Iterator[str]:
    """What was sought, what was found, how sure it is, and what must stand beside it."""
    plan, target = answer.plan, answer.plan.target
    of_plugins = {one.name: f"“{one.words}”" for one in outcomes()}
    what = seek_words.target(
        of_plugins.get(target.measure, target.measure), target.aim, target.amount, target.year,
        target.group, plan.scenario.name,
    )  # fmt: skip
    first = all_quantities()[plan.keys[0]]
    uncertain = plan.run.knowledge != "none" and first.distribution != "fixed"
    known = (first.low, first.high) if uncertain and not plan.is_set else None
    yield seek_words.sought(what, plan.lever, first.unit, plan.today, known, (plan.low, plan.high))
    if answer.reached_today:
        yield seek_words.already(answer.as_it_is.row.value or 0.0)
        return
    told = answer.found or answer.most
    brings = seek_words.brings(
        told.row.value or 0.0, told.row.difference or 0.0, is_a_level=target.is_a_level
    )
    if answer.found is None:
        yield seek_words.not_reached(plan.lever, plan.low, plan.high, brings, told.setting)
    else:
        yield seek_words.found(plan.lever, told.setting, plan.today) + f" It brings {brings}."
    yield from _how_sure(answer, told)
    if answer.across is not None:
        yield seek_words.across(answer.across.setting)
    if answer.turns is not None:
        yield seek_words.turns(*answer.turns)
    yield from _beside(answer, told)


def _how_sure(answer: Sought, told: Tried) -> Iterator[str]:
    """Both ranges and what would settle them; parameter sets; what luck could have done."""
    run, row = answer.plan.run, told.row
    said = seek_words.ranges(
        row.low, row.high, (row.luck_low, row.luck_high), run.repeats, run.clients, run.knowledge
    )
    yield " ".join(filter(None, (said, told.what_settles)))
    if told.sets is not None and not told.sets_can_be_told(answer.parameter_sets):
        yield seek_words.sets_untold(answer.parameter_sets)
    elif told.sets is not None:
        half, most = (
            None if one is None else one.setting for one in (answer.in_half, answer.in_nine_in_ten)
        )
        yield seek_words.in_sets(told.sets, answer.parameter_sets, half, most)
    if told.by.luck is not None:
        if answer.found is not None:
            yield seek_words.by_luck(*answer.luck)
        elif told.by.luck[1] >= 0:
            yield seek_words.luck_leaves_it_open(told.setting)


def _beside(answer: Sought, told: Tried) -> Iterator[str]:
    """What warns: levers beyond practice, additions that fade, and what any contrast warns of."""
    scenario = answer.plan.scenario
    for key in answer.plan.keys:
        one = all_quantities()[key]
        if one.lever and one.low < one.high and not one.low <= told.setting <= one.high:
            yield seek_words.beyond_practice(key, told.setting, one.low, one.high)
    if all(all_quantities()[key].low == all_quantities()[key].high for key in answer.plan.keys):
        yield seek_words.NO_RANGE
    fading = DRIFTING.intersection(answer.plan.keys)
    if fading and told.setting > answer.plan.today and ("fidelity_drift", False) not in (
        scenario.mechanisms
    ):  # fmt: skip
        yield seek_words.fades(", ".join(sorted(fading)))
    yield from told.notes
