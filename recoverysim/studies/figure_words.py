"""A published figure in words: whose it is, what is measured, and how two groups are contrasted."""

from __future__ import annotations

from collections.abc import Sequence

from recoverysim.studies.asked import EVENTS, in_words
from recoverysim.studies.trial_figures import (
    CRUDE,
    DIFFERENCE,
    MEDIAN,
    SHARE_MEDIATED,
    SLOPE,
    Published,
)

CONTRAST_WORDS = {"risk_ratio": "risk ratio", "odds_ratio": "odds ratio"}


def whose(one: Published) -> str:
    """Whose figure it is: an arm, one less another, or people who chose against the others."""
    arms = _together(one.arms)
    if one.against:
        return (
            f"{arms} {'less' if one.contrast == DIFFERENCE else 'against'} {_together(one.against)}"
        )
    if one.chosen is not None:
        when = "" if one.chosen_week == one.week else f" in week {one.chosen_week}"
        return f"{arms}: {in_words(one.chosen)}{when}, against the rest"
    return arms


def _together(arms: Sequence[str]) -> str:
    """'peer', 'peer and doctor', 'peer, doctor and nobody'."""
    return " and ".join(part for part in (", ".join(arms[:-1]), arms[-1]) if part)


def what(one: Published) -> str:
    """What is measured, when, of whom, and how two groups are set against each other."""
    when = f"week {one.week}"
    if one.waves:
        weeks = ", ".join(str(week) for week in one.waves[:-1])
        when = f"in {one.count} of weeks {weeks} and {one.waves[-1]}"
    if one.asked.kind == EVENTS:
        when = f"to {when}{_at_risk(one)}"
    said = f"{in_words(one.measure, one.window)} ({when})"
    if one.statistic == MEDIAN:
        said = f"the middle number of {said}"
    if one.among is not None:
        then = "" if one.among_week == one.week else f" in week {one.among_week}"
        said += f", among: {in_words(one.among)}{then}"
    if one.contrast not in (None, DIFFERENCE):
        said += f", {_how(one)}"
    elif one.how != CRUDE:
        said += f", {one.how} for {_listed(one.traits)}"
    return said


def _at_risk(one: Published) -> str:
    """Which person-time counts."""
    said = "" if one.since == "care" or one.where == "anywhere" else f", {_plain(one.where)}"
    if one.since == "start" and one.from_week == 0 and one.to_week is None:
        return said
    since = "leaving care" if one.since == "care" else "the start"
    if one.to_week is None:
        return f"{said}, from week {one.from_week + 1} after {since}"
    weeks = f"weeks {one.from_week + 1} to {one.to_week}"
    if one.to_week == one.from_week + 1:
        weeks = f"week {one.to_week}"
    return f"{said}, {weeks} after {since}"


def _how(one: Published) -> str:
    """The contrast in words, and what it is adjusted for."""
    if one.contrast in (SLOPE, SHARE_MEDIATED):
        through = in_words(one.through or "")
        when = "" if one.through_week == one.week else f" in week {one.through_week}"
        name = "for each unit of" if one.contrast == SLOPE else "share of the effect through"
        said = f"{name}: {through}{when}"
    elif one.asked.kind == EVENTS:
        said = "rate ratio"
        if one.against_where:
            said = f"ratio to the rate {_plain(one.against_where)}"
    else:
        said = CONTRAST_WORDS[one.contrast or ""]
    return said if one.how == CRUDE else f"{said}, {one.how} for {_listed(one.traits)}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(_plain(name) for name in names)


def _plain(name: str) -> str:
    return name.replace("_", " ")
