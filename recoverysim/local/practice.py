"""Practice in an area: places, waits, first care and linkage, fitted to its file of services.

A run is a model of the area to scale. Its people come over the weeks of `arrivals.over_weeks`, the
area's by so many new ones a year; places are scaled as people are.
"""

from __future__ import annotations

import math

from recoverysim.codes import CARE, SUBSTANCES, WEEKS_A_YEAR
from recoverysim.local.privacy import discreet, told
from recoverysim.local.services import MOST_ACTIVE_FIRST, Services
from recoverysim.local.who_comes import Fitted, Values

DIGITS = 4
WITHOUT_NEW = (
    "new_a_year is not given, so all who start count as new; where people come back, that makes "
    "too few places for each, and queues too long"
)


def fit_services(services: Services, values: Values) -> Fitted:
    """Numbers of care, places and linkage; `values` are those in force where the file is silent."""
    parts = [
        _places(services, values),
        _waits(services, values),
        _first_care(services, values),
        _linkage(services),
    ]
    found: dict[str, float] = {}
    for part in parts:
        found |= part.values
    return Fitted(found, [line for part in parts for line in part.said])


def _new_a_year(services: Services) -> float:
    return services.started if services.new is None else services.new


def per_1000(services: Services, values: Values) -> float | None:
    """What one place of the area is, per 1,000 people of a run; None in a closed cohort.

    Of 1,000 people, 1,000 × (1 − share at the start) come in over_weeks, the area's new ones of
    as many weeks beside them: places for each of them are the same.
    """
    weeks = values["arrivals.over_weeks"]
    coming = 1000 * (1 - values["arrivals.at_the_start_share"])
    if weeks <= 0 or coming <= 0:
        return None
    return coming / (_new_a_year(services) * weeks / WEEKS_A_YEAR)


def _places(services: Services, values: Values) -> Fitted:
    given = {kind.kind: kind.places for kind in services.kinds if kind.places is not None}
    scale = per_1000(services, values)
    if not given and services.introductions is None:
        return Fitted({}, ["places: not given, so without limit"])
    if scale is None:
        return Fitted({}, [
            "places and the time of peers: not used, since everybody starts in the first week; set "
            "arrivals.over_weeks to see queues"
        ])  # fmt: skip
    found = {f"places.{kind}.per_1000": _rounded_up(count * scale) for kind, count in given.items()}
    said = [
        f"places of {kind}: {count:g} in the area, {count * scale:.4g} for every 1,000 people of a "
        f"run"
        for kind, count in given.items()
    ]
    if services.introductions is not None:
        each = services.introductions * scale
        found["peers.introductions_per_1000_a_week"] = _rounded_up(each)
        said.append(
            f"time of peers: for {services.introductions:g} introductions a week in the area, "
            f"{each:.4g} for every 1,000 people of a run"
        )
    said.append(
        f"a run with --clients {math.ceil(1000 / scale)} is as large as the area; in a smaller one "
        f"places are rounded down"
    )
    if services.new is None:
        said.append(WITHOUT_NEW)
    return Fitted(found, said)


def _rounded_up(number: float) -> float:
    """Up at the sixth digit: a run rounds places down, and none may be lost on the way."""
    return math.ceil(number * 1e6) / 1e6


def _waits(services: Services, values: Values) -> Fitted:
    """The chance to start in a week, from the mean wait of care without a limit of places.

    Waits are taken to be exponential, so that of people who wait, as many start in any week:
    1 − exp(−1 / mean). A start within the week is no wait in the model.
    """
    limited = per_1000(services, values) is not None
    said, weighed, people = [], 0.0, 0.0
    for kind in services.kinds:
        if kind.wait_weeks is None:
            continue
        if limited and kind.places is not None:
            said.append(
                f"wait for {kind.kind}: {kind.wait_weeks:.3g} weeks in the area; in a run it comes "
                f"out of the queue for places, so compare the two"
            )
        elif kind.started:
            weighed += kind.wait_weeks * kind.started
            people += kind.started
    if not people:
        return Fitted({}, said)
    mean = weighed / people
    share = 1.0 if mean == 0 else round(-math.expm1(-1 / mean), DIGITS)
    said.append(f"mean wait for care without a limit of places: {mean:.3g} weeks")
    return Fitted({"care.started_within_a_week_share": share}, said)


def _first_care(services: Services, values: Values) -> Fitted:
    """What people start with, from where new ones came first: the declared shares, scaled.

    Each share by substance is multiplied by one factor, so that all make up what the area says.
    """
    kinds = {kind.kind: kind.new for kind in services.kinds}
    if any(kinds.get(kind) is None for kind in CARE):
        return Fitted({}, [
            "what care people start with: left as declared (needs new_a_year, and all four kinds)"
        ])  # fmt: skip
    total = sum(count or 0 for count in kinds.values())
    first = {kind: (count or 0) / total for kind, count in kinds.items()}
    mix = [values[f"population.{name}.substance_share"] for name in SUBSTANCES]
    mix = [share / sum(mix) for share in mix]
    goal = values["population.abstinence_is_the_goal_share"]
    ratio = values["care.detox_first_if_abstinence_is_the_goal_ratio"]
    more = 1 - goal + goal * ratio
    found, left = {}, mix
    declared = [values[f"care.{name}.detox_first_share"] for name in SUBSTANCES]
    now, left = _scaled([one * more for one in declared], left, first["detox"])
    for name, share in zip(SUBSTANCES, now, strict=True):
        found[f"care.{name}.detox_first_share"] = round(share / more, DIGITS)
    declared = [values[f"care.{name}.residential_share"] for name in SUBSTANCES]
    now, left = _scaled(declared, left, first["residential"])
    for name, share in zip(SUBSTANCES, now, strict=True):
        found[f"care.{name}.residential_share"] = round(share, DIGITS)
    opioids = left[SUBSTANCES.index("opioids")]
    if opioids > 0:
        found["care.medication_share"] = round(min(1.0, first["medication"] / opioids), DIGITS)
    shown = ", ".join(f"{kind} {share:.0%}" for kind, share in first.items())
    said = [f"what care new people start with: {shown}"]
    if first["medication"] > opioids:
        said.append(
            "more people start on medication than have opioid dependence and start neither in "
            "detox nor residential care; all of those do here. Is the mix of substances right?"
        )
    return Fitted(found, said)


def _scaled(
    shares: list[float], people: list[float], wanted: float
) -> tuple[list[float], list[float]]:
    """Shares times one factor, so that `wanted` of everybody take this way; and who is left."""
    taking = sum(share * part for share, part in zip(shares, people, strict=True))
    factor = wanted / taking if taking > 0 else 0.0
    scaled = [min(1.0, share * factor) for share in shares]
    return scaled, [part * (1 - share) for part, share in zip(people, scaled, strict=True)]


def _linkage(services: Services) -> Fitted:
    """Offers now: of people offered nothing more active, as `linkage` has them."""
    if not services.offered:
        return Fitted({}, ["links offered now: not given, so as declared"])
    found, said, left = {}, [], 1.0
    shares = dict(services.offered)
    for kind in MOST_ACTIVE_FIRST:
        found[f"linkage.{kind}.offered_share"] = round(
            min(1.0, shares[kind] / left) if left > 1e-9 else 0.0, DIGITS
        )
        left -= shares[kind]
        said.append(f"{kind} {shares[kind]:.0%}")
    people = told(discreet(services.offered_of))
    return Fitted(found, [
        f"most active link offered now, of {people} who start in a year: {', '.join(said)}, none "
        f"{max(left, 0):.0%}; this is today's practice here, and does not fade"
    ])  # fmt: skip
