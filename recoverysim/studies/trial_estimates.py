"""What one simulated study would publish: answers at visits, loss, one group against another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from recoverysim.codes import IN_USE
from recoverysim.studies import contrasts
from recoverysim.studies.asked import EVENTS, MEASURES, holds
from recoverysim.studies.histories import History, Visit, alive, visit
from recoverysim.studies.person_time import at_risk, rate
from recoverysim.studies.trial_figures import (
    ADJUSTED,
    CRUDE,
    DIFFERENCE,
    MATCHED,
    MEDIAN,
    ODDS_RATIO,
    RISK_RATIO,
    SHARE_MEDIATED,
    SLOPE,
    Published,
)
from recoverysim.studies.trial_files import USING, Trial

UNKNOWN = float("nan")


class Sample(NamedTuple):
    """The participants of one arm: their history, and for each a number from 0 to 1 that says who
    is lost first."""

    history: History
    luck: np.ndarray


class Answers(NamedTuple):
    """Who was asked, and what they answered; arrays with an entry for each participant."""

    asked: np.ndarray
    values: np.ndarray


def estimate(one: Published, samples: dict[str, Sample], trial: Trial) -> float:
    """What one simulated study would publish; NaN where nobody could be asked."""
    if one.asked.kind == EVENTS:
        found = _rate(one, one.arms, samples, trial, one.where)
        if one.against_where:
            elsewhere = replace(one, since="start", from_week=0, to_week=None)
            other = _rate(elsewhere, one.arms, samples, trial, one.against_where)
        elif one.against:
            other = _rate(one, one.against, samples, trial, one.where)
        else:
            return found
        if one.contrast == DIFFERENCE:
            return found - other
        return found / other if other > 0 else UNKNOWN
    groups = _Groups.of(one, samples, trial)
    if len(groups.outcome) == 0:
        return UNKNOWN
    if one.contrast is None:
        middle = np.median if one.statistic == MEDIAN else np.mean
        return float(middle(groups.outcome))
    return _contrast(one, groups)


# --- answers ------------------------------------------------------------------------------


def _visit(sample: Sample, trial: Trial, week: int, window: int | None = None) -> Visit:
    return visit(sample.history, week, after_care=trial.after_care, window=window)


def _answers(one: Published, arm: str, sample: Sample, trial: Trial) -> Answers:
    """The answers to a question, with the lost left out or counted as the study counts them."""
    seen = _visit(sample, trial, one.week, one.window)
    if not one.asked.dead_too:
        seen = alive(seen)
    asked = seen.there & _kept(one, sample, trial)
    values = _values(one, sample, trial).astype(float)
    lost = _lost(seen, arm, sample, trial)
    if trial.lost_count_as == USING and one.asked.if_using is not None:
        values = np.where(lost, one.asked.if_using, values)
    else:
        asked &= ~lost
    return Answers(asked, values)


def _values(one: Published, sample: Sample, trial: Trial) -> np.ndarray:
    """At the visit; or, over several waves, whether it was so at any or at every one."""
    if not one.waves:
        return one.asked.answer(_visit(sample, trial, one.week, one.window))
    waves = [holds(one.measure, _visit(sample, trial, week, one.window)) for week in one.waves]
    return np.asarray(np.any(waves, axis=0) if one.count == "any" else np.all(waves, axis=0))


def _kept(one: Published, sample: Sample, trial: Trial) -> np.ndarray:
    """Whom a figure is about: everybody, or those for whom something was so at an earlier wave."""
    if one.among is None or one.among_week is None:
        return np.ones(sample.history.participants, bool)
    then = alive(_visit(sample, trial, one.among_week))
    return np.asarray(then.there & holds(one.among, then))


def _lost(seen: Visit, arm: str, sample: Sample, trial: Trial) -> np.ndarray:
    """Who is lost to follow-up: anybody alike, or people who use more than others.

    The share of the whole arm is kept: where the ratio would take it beyond everybody, all who use
    are lost, and others make up the rest.
    """
    share, ratio = trial.arm(arm).lost_share, trial.lost_ratio_while_using
    if share == 0 or ratio == 1 or not seen.there.any():
        return sample.luck < share
    using = seen.now("use") == IN_USE
    use = using[seen.there].mean()
    base = share / (1 + (ratio - 1) * use)
    if ratio * base > 1 and use < 1:  # all who use are lost, and of others the rest of the share
        return np.asarray(using | (sample.luck < (share - use) / (1 - use)))
    if base > 1:  # the other way round
        return np.asarray(~using | (sample.luck < (share - (1 - use)) / max(use, 1e-9)))
    return np.asarray(sample.luck < np.where(using, ratio * base, base))


def _rate(
    one: Published, arms: tuple[str, ...], samples: dict[str, Sample], trial: Trial, where: str
) -> float:  # fmt: skip
    """The rate in some arms together, in one place."""
    events, time = 0, 0
    for arm in arms:
        sample = samples[arm]
        seen = _visit(sample, trial, one.week)
        weeks = at_risk(
            seen, since=one.since, where=where, from_week=one.from_week, to_week=one.to_week
        )
        weeks &= _kept(one, sample, trial) & ~_lost(seen, arm, sample, trial)
        events += int((one.asked.answer(seen) & weeks).sum())
        time += int(weeks.sum())
    return rate(events, time)


# --- one group against another ------------------------------------------------------------


class _Groups(NamedTuple):
    """Everybody in a contrast: outcome, group, what it runs through, traits at entry."""

    outcome: np.ndarray
    exposed: np.ndarray
    through: np.ndarray
    entry: np.ndarray

    @classmethod
    def of(cls, one: Published, samples: dict[str, Sample], trial: Trial) -> _Groups:
        """Some arms and others; or people of some arms, those who chose and those who did not."""
        parts = [
            _group(one, arm, samples[arm], trial, arm in one.arms)
            for arm in (*one.arms, *one.against)
        ]
        return cls(*(np.concatenate(several) for several in zip(*parts, strict=True)))


def _group(one: Published, arm: str, sample: Sample, trial: Trial, first: bool) -> _Groups:
    answers = _answers(one, arm, sample, trial)
    exposed = np.full(len(answers.asked), first)
    asked = answers.asked
    if one.chosen is not None and one.chosen_week is not None:
        then = alive(_visit(sample, trial, one.chosen_week))
        exposed, asked = holds(one.chosen, then), asked & then.there
    through = np.zeros(len(asked))
    if one.through is not None and one.through_week is not None:
        then = alive(_visit(sample, trial, one.through_week))
        through, asked = MEASURES[one.through].answer(then).astype(float), asked & then.there
    return _Groups(
        answers.values[asked], exposed[asked], through[asked], sample.history.entry[asked]
    )


CALCULATED: dict[tuple[str, str], Callable[..., contrasts.Estimate | float]] = {
    (CRUDE, DIFFERENCE): contrasts.difference,
    (CRUDE, RISK_RATIO): contrasts.risk_ratio,
    (CRUDE, ODDS_RATIO): contrasts.odds_ratio,
    (ADJUSTED, DIFFERENCE): contrasts.adjusted_difference,
    (ADJUSTED, RISK_RATIO): contrasts.adjusted_risk_ratio,
    (ADJUSTED, ODDS_RATIO): contrasts.adjusted_odds_ratio,
    (MATCHED, DIFFERENCE): contrasts.matched_difference,
    (MATCHED, RISK_RATIO): contrasts.matched_risk_ratio,
    (MATCHED, ODDS_RATIO): contrasts.matched_odds_ratio,
}


def _contrast(one: Published, groups: _Groups) -> float:
    """The contrast that a figure asks for."""
    outcome, exposed, through, entry = groups
    if one.contrast == SLOPE:
        return contrasts.slope(outcome, through, exposed)
    traits = contrasts.covariates(entry, one.traits)
    if one.contrast == SHARE_MEDIATED:
        return contrasts.share_mediated(outcome, exposed, through, traits)
    beside = {CRUDE: (), ADJUSTED: (traits,), MATCHED: (contrasts.strata(entry, one.traits),)}[
        one.how
    ]
    found = CALCULATED[one.how, one.contrast or DIFFERENCE](outcome, exposed, *beside)
    return found.effect if isinstance(found, contrasts.Estimate) else found
