"""What each world sets, key by key: today's value, the range seen, its grade and its sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from recoverysim.evidence import Figure, sources_of
from recoverysim.quantities import ASSUMED, Quantity
from recoverysim.report_words import GRADES, NOT_A_NUMBER
from recoverysim.scenario import Scenario, declared
from recoverysim.settings import all_quantities

PER_CENT = ("share", "probability")


class Setting(NamedTuple):
    """One key that some world sets, as it is printed; `values` in the order of the worlds.

    `beyond_studies` and `beyond_practice` say, where it holds, that a value leaves the range of an
    estimate, or that of what services do today.
    """

    key: str
    note: str
    values: tuple[str, ...]
    seen: str
    grade: str
    sources: tuple[Figure, ...]
    beyond_studies: str = ""
    beyond_practice: str = ""

    @property
    def flag(self) -> str:
        """The same as short as a cell."""
        if self.beyond_studies:
            return "beyond the studies"
        return "beyond today’s practice" if self.beyond_practice else ""


def settings_of(scenarios: Sequence[Scenario]) -> list[Setting]:
    """Every key that a scenario or an area sets, in alphabetical order."""
    flat = [one.differences() for one in scenarios]
    keys = sorted({key for one in flat for key in one})
    return [_setting(key, [one.get(key, declared(key)) for one in flat]) for key in keys]


def _setting(key: str, values: list[Any]) -> Setting:
    quantity = all_quantities().get(key)
    if quantity is None:
        told = tuple(_plain(value) for value in values)
        return Setting(key, NOT_A_NUMBER, told, "–", "–", ())
    told = tuple(_told(value, quantity) for value in values)
    beyond = [
        words
        for value, words in zip(values, told)
        if not all(quantity.low <= one <= quantity.high for one in _numbers(value))
    ]
    said = ""
    has_a_range = quantity.low < quantity.high
    if beyond and (has_a_range if quantity.lever else quantity.grade != "design"):
        said = f"{key} is {' or '.join(dict.fromkeys(beyond))} ({_seen(quantity)})"
    return Setting(
        key, quantity.note, told, _seen(quantity), GRADES[quantity.grade],
        tuple(sources_of(quantity)) if quantity.grade not in (ASSUMED, "design") else (),
        "" if quantity.lever else said, said if quantity.lever else "",
    )  # fmt: skip


def _numbers(value: Any) -> list[float]:
    return [one["value"] for one in value] if isinstance(value, list) else [value]


def _seen(quantity: Quantity) -> str:
    if quantity.low == quantity.high:
        return "–"
    low, high = (_number(end, quantity) for end in (quantity.low, quantity.high))
    if low.endswith("%"):
        low = low[:-1]
    return f"{low} to {high}"


def _told(value: Any, quantity: Quantity) -> str:
    """A value with its unit, or all its changes over the weeks."""
    if not isinstance(value, list):
        return _number(value, quantity)
    return ", then ".join(_one_change(one, quantity) for one in value)


def _one_change(change: dict[str, Any], quantity: Quantity) -> str:
    said = f"{_number(change['value'], quantity)} from week {change['from_week']}"
    if change["ramp_weeks"]:
        said += f" over {change['ramp_weeks']} weeks"
    return said if change["until_week"] is None else f"{said} until week {change['until_week']}"


def _number(value: float, quantity: Quantity) -> str:
    if value == quantity.bounds[1] > 1:
        return "no limit"
    if not math.isfinite(value):
        return "no limit"
    if quantity.unit in PER_CENT:
        return f"{100 * value:.4g}%".replace("-", "−")
    return f"{value:.6g}".replace("-", "−")


def _plain(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def unit_of(key: str) -> str:
    """The unit of a key where its values do not show it."""
    quantity = all_quantities().get(key)
    return "" if quantity is None or quantity.unit in PER_CENT else quantity.unit
