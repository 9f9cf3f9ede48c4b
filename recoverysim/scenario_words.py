"""What a scenario says of itself: what was expected of it, and on what it is conditional."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from recoverysim.settings import all_quantities
from recoverysim.yaml_strictly import Value

MOST_CONDITIONS = 5
LAST_WEEK = 100 * 52


@dataclass(frozen=True)
class Expectation:
    """What was expected before any run: extra people in recovery per 1,000 in a year.

    `why` it was expected, and, where runs say otherwise, why the answer `differs`.
    """

    year: int
    low: float
    high: float
    why: str = ""
    differs: str = ""


@dataclass(frozen=True)
class Conditional:
    """A number that nobody knows: the answer is given at each of `values`."""

    key: str
    values: tuple[float, ...]
    why: str = ""


def expectation(value: Value) -> Expectation:
    """What was expected before any run; ValueError says what should stand there."""
    inner = value.content if isinstance(value.content, dict) else {}
    found = {name: each.content for name, each in inner.items()}
    year: Any
    low: Any
    high: Any
    year, low, high = (found.get(name) for name in ("year", "low", "high"))
    reasons = [found.get(name, "") for name in ("why", "differs")]
    if (
        set(found) - {"year", "low", "high", "why", "differs"}
        or not is_week(year)
        or not (is_number(low) and is_number(high) and low <= high)
        or not all(is_printable(reason) for reason in reasons)
    ):
        raise ValueError(
            "should give a whole year, low and high as numbers, and why (and differs) in words"
        )
    return Expectation(year, low, high, *(" ".join(reason.split()) for reason in reasons))


def conditional(value: Value) -> Conditional:
    """For which number, and at which of its values, the answer is given; else ValueError."""
    inner = value.content if isinstance(value.content, dict) else {}
    found = {name: each.content for name, each in inner.items()}
    key, why, listed = found.get("key"), found.get("why", ""), found.get("values")
    values = [each.content for each in listed] if isinstance(listed, list) else []
    if (
        set(found) - {"key", "values", "why"}
        or not isinstance(key, str)
        or key not in all_quantities()
        or not 1 <= len(values) <= MOST_CONDITIONS
        or not all(is_number(one) for one in values)
        or not is_printable(why)
    ):
        raise ValueError(
            f"should give the key of a number of the model, up to {MOST_CONDITIONS} values as a "
            "list of numbers, and why in words"
        )
    low, high = all_quantities()[key].bounds
    outside = [one for one in values if not low <= one <= high]
    if outside:
        raise ValueError(f"{key} is from {low:g} to {high:g}; found {outside[0]:g}")
    return Conditional(key, tuple(map(float, values)), " ".join(why.split()))


PARTS: dict[str, Callable[[Value], Any]] = {"expected": expectation, "conditional": conditional}


def is_printable(found: Any) -> bool:
    """Words of letters that every terminal can show."""
    return isinstance(found, str) and all(one.isprintable() or one in "\t\n" for one in found)


def is_number(found: Any) -> bool:
    """A number that ends."""
    return isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)


def is_week(found: Any) -> bool:
    """A whole number of weeks that a run may reach."""
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= LAST_WEEK
