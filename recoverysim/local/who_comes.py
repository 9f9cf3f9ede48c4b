"""Who comes in an area: numbers of `population` fitted to its own file of people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from recoverysim.codes import SUBSTANCES
from recoverysim.local.people import (
    AgesOf,
    People,
    ages_by_substance,
    ages_of_everybody,
    known_of,
)
from recoverysim.local.privacy import FEWEST_TO_FIT, told

Values = Mapping[str, float]

# Shares of one value of a characteristic, by the number that each sets.
SHARES = {
    "population.women_share": ("sex", "women"),
    "population.psychiatric_need_share": ("mental_health_need", "yes"),
    "population.injecting_share": ("injecting", "yes"),
    "population.abstinence_is_the_goal_share": ("goal", "abstinence"),
    "population.earlier_contact_share": ("earlier_contact", "yes"),
    "population.member_at_entry_share": ("goes_to_mutual_aid", "yes"),
    "population.religious_share": ("faith", "religious"),
    "population.unsure_share": ("faith", "unsure"),
}
NAMES = {
    "substance": "main substance", "sex": "sex", "mental_health_need": "mental-health need",
    "injecting": "injecting, people with opioid dependence", "goal": "goal",
    "earlier_contact": "earlier contact with mutual aid",
    "goes_to_mutual_aid": "goes to mutual aid regularly", "faith": "faith",
}  # fmt: skip
DIGITS = 3


class Fitted(NamedTuple):
    """Numbers of the model set from local data, and what to say of it, a line each."""

    values: dict[str, float]
    said: list[str]


def fit_people(people: People, values: Values) -> Fitted:
    """Numbers of `population`; `values` are those in force where the file is silent.

    A share is the count of a value by the counts of all of them, both to the nearest five.
    """
    found = _substances(people)
    for key, (name, value) in SHARES.items():
        counts = known_of(people, name)
        if counts:
            found[key] = round(counts[value] / sum(counts.values()), DIGITS)
    ages = _ages(people, dict(values) | found)
    return Fitted(found | ages, [*_counts_said(people), *_ages_said(people, ages)])


def _substances(people: People) -> dict[str, float]:
    counts = known_of(people, "substance")
    total = sum(counts.values())
    return {
        f"population.{name}.substance_share": round(count / total, DIGITS)
        for name, count in counts.items()
    }


def _ages(people: People, values: Values) -> dict[str, float]:
    """Mean ages of each main substance, and the one standard deviation around them."""
    of_everybody, groups = ages_of_everybody(people), ages_by_substance(people)
    if groups:
        return {
            **{f"population.{name}.mean_age": one.mean for name, one in groups.items()},
            "population.age_sd": _to_half(_pooled(groups)),
        }
    if of_everybody is None:
        return {}
    return _shifted(of_everybody, values)


def _pooled(groups: Mapping[str, AgesOf]) -> float:
    squares = sum(one.people * one.sd**2 for one in groups.values())
    return math.sqrt(squares / sum(one.people for one in groups.values()))


def _shifted(of_everybody: AgesOf, values: Values) -> dict[str, float]:
    """The means of all substances moved alike, where ages are known of everybody together only."""
    shares = [values[f"population.{name}.substance_share"] for name in SUBSTANCES]
    means = [values[f"population.{name}.mean_age"] for name in SUBSTANCES]
    total = sum(shares)
    mean = sum(share * one for share, one in zip(shares, means, strict=True)) / total
    between = sum(s * (one - mean) ** 2 for s, one in zip(shares, means, strict=True)) / total
    within = math.sqrt(max(of_everybody.sd**2 - between, 0.25))
    return {
        **{
            f"population.{name}.mean_age": _to_half(one + of_everybody.mean - mean)
            for name, one in zip(SUBSTANCES, means, strict=True)
        },
        "population.age_sd": _to_half(within),
    }


def _to_half(years: float) -> float:
    return math.floor(2 * years + 0.5) / 2


def _counts_said(people: People) -> list[str]:
    said, unknown = [], []
    for name, words in NAMES.items():
        counts = known_of(people, name)
        if counts:
            shown = ", ".join(f"{value} {told(count)}" for value, count in counts.items())
            said.append(f"{words}: {shown}")
        else:
            unknown.append(words)
    if unknown:
        few = f"known of fewer than {FEWEST_TO_FIT} people, so left as declared"
        said.append(f"{few}: {', '.join(unknown)}")
    return said


def _ages_said(people: People, ages: Values) -> list[str]:
    groups = ages_by_substance(people) or {
        one.of: one for one in [ages_of_everybody(people)] if one is not None
    }
    if not ages:
        return [f"age: known of fewer than {FEWEST_TO_FIT} people, so left as declared"]
    return [
        f"age of {'everybody' if of not in SUBSTANCES else 'people with ' + of}: mean {one.mean:g} "
        f"years, standard deviation {one.sd:g}, known of {told(one.people)}"
        for of, one in groups.items()
    ]
