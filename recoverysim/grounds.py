"""What answers rest on: how many numbers have a source, of which grade, and which are assumed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from recoverysim.evidence.accepted import calibration
from recoverysim.quantities import ASSUMED, GRADES
from recoverysim.scenario import OF_LINKING
from recoverysim.settings import all_quantities, path_of

# What every answer about linking turns on, whatever a scenario sets.
OF_EVERY_ANSWER = ("linkage", "attendance", "involvement", "mutual_aid")
SOURCED = ("strong", "moderate", "weak")


def evidence_rows(start: str | None = None) -> list[dict[str, Any]]:
    """Every parameter whose key begins with `start`: what it is and what it rests on.

    `accepted`, `accepted_low` and `accepted_high` are the middle and the ends of the middle 95% of
    the sets that calibration accepted, None for what it does not move.
    Raises ValueError, with the nearest key, where there is none.
    """
    fitted = {one["key"]: one["accepted"] for one in calibration()["parameters"]}
    moved = {
        key: {
            "accepted": one["median"],
            "accepted_low": one["low95"],
            "accepted_high": one["high95"],
        }
        for key, one in fitted.items()
    }
    not_moved = dict.fromkeys(("accepted", "accepted_low", "accepted_high"))
    found = [
        {
            "key": key, "value": q.value, "unit": q.unit, "low": q.low, "high": q.high,
            "distribution": q.distribution, "source": q.source, "grade": q.grade,
            "studied": q.studied, "note": q.note, **moved.get(key, not_moved),
        }
        for key, q in all_quantities().items()
        if start is None or key == start or key.startswith(start + ".")
    ]  # fmt: skip
    if not found:
        near = difflib.get_close_matches(str(start), all_quantities(), 1)
        raise ValueError(
            f"there is no parameter {start!r}." + (f" Did you mean {near[0]!r}?" if near else "")
        )
    return found


def by_grade(keys: Iterable[str] | None = None) -> dict[str, int]:
    """How many of these numbers (all, unless given) are of each grade, none left out."""
    grades = [all_quantities()[key].grade for key in (all_quantities() if keys is None else keys)]
    return {grade: grades.count(grade) for grade in GRADES}


def by_section() -> dict[str, dict[str, int]]:
    """The same for each section, in alphabetical order."""
    sections: dict[str, list[str]] = {}
    for key in all_quantities():
        sections.setdefault(path_of(key).section, []).append(key)
    return {section: by_grade(keys) for section, keys in sections.items()}


def of_grade(keys: Iterable[str], *grades: str) -> list[str]:
    """Those of these keys whose numbers have one of these grades, in the order given."""
    return [key for key in keys if all_quantities()[key].grade in grades]


def levers() -> list[str]:
    """What services decide: the range of each is that of today's practice."""
    return [key for key, quantity in all_quantities().items() if quantity.lever]


def of_every_answer() -> list[str]:
    """The numbers that every answer about linking turns on."""
    return [key for key in all_quantities() if path_of(key).section in OF_EVERY_ANSWER]


def count(grades: dict[str, int]) -> str:
    """'4 weak, 6 assumed': the grades that some number has."""
    return ", ".join(f"{many} {grade}" for grade, many in grades.items() if many)


def told() -> list[str]:
    """What all numbers rest on, in words: first how many are assumed, then what answers turn on."""
    every, turned_on, decided = all_quantities(), of_every_answer(), levers()
    assumed = of_grade(decided, ASSUMED)
    linking = [key for key in decided if key.startswith(OF_LINKING)]
    linking_assumed = of_grade(linking, ASSUMED)
    return [
        f"{by_grade()[ASSUMED]} of {len(every)} numbers are assumed: no study was found. "
        f"{sum(by_grade()[grade] for grade in SOURCED)} rest on published figures "
        f"({count({grade: by_grade()[grade] for grade in SOURCED})}); {by_grade()['design']} are "
        "choices of a service, or definitions.",
        f"Every answer about linking turns on {len(turned_on)} of them "
        f"({', '.join(OF_EVERY_ANSWER)}): {count(by_grade(turned_on))}. Sourced are "
        f"{', '.join(of_grade(turned_on, *SOURCED))}.",
        f"Of {len(decided)} levers, what services decide, {len(assumed)} rest on assumption for "
        f"how much of them there is today. Of those of linking these do: "
        f"{', '.join(linking_assumed)}; sourced are {', '.join(of_grade(linking, *SOURCED))}.",
    ]
