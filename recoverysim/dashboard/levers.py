"""The levers of the Compare page: what a service may change, with what is known of each today.

A lever sets one number or several alike. What it may be set to, its range in today's services, its
grade and its source are those of the numbers behind it; nothing is written here a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recoverysim.codes import FELLOWSHIPS, KINDS
from recoverysim.dashboard_words import LEVER_NAMES, UNITS
from recoverysim.quantities import Quantity
from recoverysim.settings import all_quantities

# Ways of linking people, each with the shipped scenario that it begins from.
WAYS = {
    "none": "cut-linkage",
    "leaflet": "leaflet-only",
    "clinician": "clinician-introduction",
    "intensive": "intensive-referral",
    "peer": "peer-introduction",
}
assert set(WAYS) == set(KINDS)
PERCENT, TIMES, WEEKS = "percent", "times", "weeks"


@dataclass(frozen=True)
class Lever:
    """One lever: its keys (the first speaks for all), and its slider in the unit that is shown.

    `scale` turns a number of the model into what is shown: 0.6 into 60 percent.
    """

    name: str
    keys: tuple[str, ...]
    unit: str
    lowest: float
    highest: float
    step: float
    first: bool = False  # among those that are shown before "more levers"

    @property
    def scale(self) -> float:
        """Shown by the model's own."""
        return 100.0 if self.unit in (PERCENT, TIMES) else 1.0

    @property
    def quantity(self) -> Quantity:
        """The number behind it."""
        return all_quantities()[self.keys[0]]

    @property
    def today(self) -> float:
        """Today's value as it is shown."""
        return self.quantity.value * self.scale

    @property
    def seen(self) -> tuple[float, float]:
        """The range in services today, or that studies give, as it is shown."""
        return self.quantity.low * self.scale, self.quantity.high * self.scale

    def shown(self, changes: Mapping[str, Any], today: Mapping[str, Any]) -> float:
        """What it stands at, under a scenario's changes, or else under the area's own numbers."""
        value = changes.get(self.keys[0], today.get(self.keys[0], self.quantity.value))
        if isinstance(value, Mapping):
            value = value.get("value", self.quantity.value)
        if isinstance(value, list):
            value = value[-1]["value"]
        return round(float(value) * self.scale, 6)

    def changes(self, shown: float) -> dict[str, float]:
        """The keys that it sets, for a value as it is shown; ValueError where that cannot be."""
        if not self.lowest <= shown <= self.highest:
            raise ValueError(shown)
        return {key: round(shown / self.scale, 9) for key in self.keys}


def _share(name: str, key: str, *, first: bool = False) -> Lever:
    return Lever(name, (key,), PERCENT, 0, 100, 1, first)


def _meetings(name: str, *fellowships: str, first: bool = False) -> Lever:
    keys = tuple(f"fellowships.{one}.meetings_ratio" for one in fellowships)
    return Lever(name, keys, TIMES, 0, 400 if first else 1000, 10 if first else 50, first)


LEVERS: dict[str, Lever] = {
    one.name: one
    for one in (
        *(_share(f"offered_{kind}", f"linkage.{kind}.offered_share", first=True)
          for kind in KINDS if kind != "none"),
        _meetings("meetings", *FELLOWSHIPS, first=True),
        *(_share(f"fidelity_{kind}", f"linkage.{kind}.fidelity")
          for kind in ("clinician", "intensive", "peer")),
        _share("trained", "practitioners.trained_share"),
        _share("on_the_premises", "on_the_premises.held_share"),
        _meetings("choices", "smart", "general"),
        _share("start_within_a_week", "care.started_within_a_week_share"),
        _share("aftercare", "aftercare.offered_share"),
        Lever("aftercare_weeks", ("aftercare.lasts_weeks",), WEEKS, 0, 260, 4),
        _share("housing", "recovery_housing.offered_share"),
        _share("centres", "recovery_centres.reach_share"),
        _share("medication", "medication_policy.person_centred"),
        _share("naloxone", "naloxone.carried_share"),
    )
}  # fmt: skip


def levers_moved(changes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was changed in the words of the levers, with the value as it is shown; keys that no
    lever sets stand as they are."""
    found, left = [], dict(changes)
    for lever in LEVERS.values():
        if lever.keys[0] in left and isinstance(left[lever.keys[0]], int | float):
            shown = lever.shown(left, {})
            found.append((LEVER_NAMES[lever.name], f"{shown:g}{UNITS[lever.unit][0]}"))
            for key in lever.keys:
                left.pop(key, None)
    return found + [(key, str(value)) for key, value in left.items()]


def way_of(changes: Mapping[str, Any], base: str) -> str:
    """The way of linking that a scenario is about: that of its name, or the most active it sets."""
    for way, name in WAYS.items():
        if name == base:
            return way
    set_here = [kind for kind in KINDS if f"linkage.{kind}.offered_share" in changes]
    return set_here[-1] if set_here else "peer"


def offered_lever(way: str) -> Lever | None:
    """The lever of how many are offered this way of linking; nothing is offered as "none"."""
    return LEVERS.get(f"offered_{way}")


def more_levers(way: str) -> list[Lever]:
    """The levers behind "more": of how well links are made, only that of the chosen way."""
    mine = f"fidelity_{way}"
    return [
        one for one in LEVERS.values()
        if not one.first and (not one.name.startswith("fidelity_") or one.name == mine)
    ]  # fmt: skip
