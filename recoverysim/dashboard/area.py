"""Numbers of an area, laid over every world that is compared: today's too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dashboard.asked import Asked
from recoverysim.quantities import Quantity
from recoverysim.settings import all_quantities
from recoverysim.studies.quick_look import QUICK

A_YEAR = "a_year"
FEWEST_A_YEAR, MOST_A_YEAR = 10, 1_000_000
MOST_PLACES = 100_000
# Limited places make sense only where people come week by week, as in `local-area`.
OPEN = {
    "arrivals.over_weeks": float(QUICK.years * WEEKS_A_YEAR),
    "arrivals.at_the_start_share": 0.1,
}


@dataclass(frozen=True)
class Box:
    """One number of an area; `kind` is how it is shown: share (percent), pounds, or places."""

    name: str
    key: str
    kind: str

    @property
    def quantity(self) -> Quantity:
        """The number of the model."""
        return all_quantities()[self.key]


BOXES = (
    Box("start_within_a_week", "care.started_within_a_week_share", "share"),
    Box("peers_today", "linkage.peer.offered_share", "share"),
    Box("clinicians_today", "linkage.clinician.offered_share", "share"),
    Box("peer_hour", "costs.peer_hour", "pounds"),
    Box("staff_hour", "costs.staff_hour", "pounds"),
    Box("detox_places", "places.detox.per_1000", "places"),
    Box("residential_places", "places.residential.per_1000", "places"),
)


def shown(asked: Asked, box: Box) -> float | None:
    """What a box holds: None where the area gives no number of its own."""
    value = dict(asked.area).get(box.key)
    if not isinstance(value, int | float):
        return None
    if box.kind == "places":
        return round(value * (asked.a_year or 0) * QUICK.years / 1000, 2)
    return round(100.0 * value if box.kind == "share" else float(value), 6)


def put(asked: Asked, name: str, value: float | None) -> Asked:
    """What is asked with a number typed, or, with None, taken back.

    Raises ValueError with what is allowed; `no people` where places are given before people.
    """
    if name == A_YEAR:
        return _put_people(asked, value)
    box = next(one for one in BOXES if one.name == name)
    area: dict[str, Any] = dict(asked.area)
    area.pop(box.key, None)
    if value is not None:
        area[box.key] = _number(asked, box, value)
    return replace(asked, area=_pairs(area))


def bounds(box: Box) -> tuple[float, float]:
    """What may be typed into a box."""
    if box.kind == "places":
        return 0, MOST_PLACES
    return (0, 100) if box.kind == "share" else (0, 10_000)


def _number(asked: Asked, box: Box, value: float) -> float:
    low, high = bounds(box)
    if not low <= value <= high:
        raise ValueError("bounds")
    if box.kind == "places":
        if asked.a_year is None:
            raise ValueError("no people")
        return round(1000 * value / (asked.a_year * QUICK.years), 6)
    return round(value / 100 if box.kind == "share" else value, 9)


def _put_people(asked: Asked, value: float | None) -> Asked:
    if value is not None and not FEWEST_A_YEAR <= value <= MOST_A_YEAR:
        raise ValueError("bounds")
    area: dict[str, Any] = dict(asked.area)
    people = None if value is None else int(value)
    for box in BOXES:
        if box.kind == "places" and box.key in area:
            if people is None:  # so many places say nothing without people
                del area[box.key]
            else:
                area[box.key] = round(area[box.key] * (asked.a_year or people) / people, 6)
    return replace(asked, a_year=people, area=_pairs(area))


def _pairs(area: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """In order; people come week by week where some places are limited."""
    limited = any(box.kind == "places" and box.key in area for box in BOXES)
    others = {key: value for key, value in area.items() if key not in OPEN}
    return tuple(sorted((others | (OPEN if limited else {})).items()))
