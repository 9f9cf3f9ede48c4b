"""The numbers of the model as the Evidence page lists them: searched, sorted, a page at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.asked import Asked
from recoverysim.evidence import Figure, sources_of
from recoverysim.picture_words import of_key
from recoverysim.quantities import ASSUMED, CODE, GRADES, Quantity
from recoverysim.scenario import ScenarioError
from recoverysim.settings import all_quantities, path_of

A_PAGE = 25
LONGEST_SEARCH = 100  # characters
UK = re.compile(
    r"\b(UK|United Kingdom|England|English|Scotland|Scottish|Wales|Welsh|Northern Ireland|London|"
    r"Britain|British|NHS|NICE|ONS|NDTMS|Office for National Statistics|PSSRU)\b"
)
US = re.compile(r"\b(US|USA|United States|American?|VA|Boston|Chicago|California|MATCH)\b")


@dataclass(frozen=True)
class Wanted:
    """Which numbers are asked for; an empty text is any."""

    search: str = ""
    section: str = ""
    grade: str = ""
    sort: str = "key"
    page: int = 0

    def with_(self, name: str, value: str) -> Wanted:
        """The same with another choice, from its first page on; as it was for what is unknown."""
        allowed = {
            "search": value[:LONGEST_SEARCH],
            "section": value if value in sections() or not value else self.section,
            "grade": value if value in GRADES or not value else self.grade,
            "sort": value if value in dict(said.SORTS) else self.sort,
        }
        return replace(self, page=0, **{name: allowed[name]}) if name in allowed else self


@cache
def sections() -> tuple[str, ...]:
    """The parts of the model that have numbers."""
    return tuple(sorted({path_of(key).section for key in all_quantities()}))


def keys_found(wanted: Wanted, own: Mapping[str, Any]) -> list[str]:
    """The keys of the numbers asked for, in order."""
    words = wanted.search.lower().split()
    keys = [
        key
        for key, quantity in all_quantities().items()
        if wanted.section in ("", path_of(key).section)
        and wanted.grade in ("", quantity.grade)
        and all(word in _searched(key) for word in words)
    ]
    if wanted.sort == "grade":
        keys.sort(key=lambda key: list(GRADES).index(all_quantities()[key].grade))
    elif wanted.sort == "mine":
        keys.sort(key=lambda key: key not in own)
    return keys


@cache
def _searched(key: str) -> str:
    """All that a search looks through."""
    one = all_quantities()[key]
    figures = (f"{row.id} {row.population} {row.source}" for row in sources_of(one))
    parts = (key, of_key(key), one.note, one.studied, one.source, one.unit, one.grade, *figures)
    return " ".join(parts).lower()


def measured_in(quantity: Quantity) -> str:
    """Where a number was measured, as far as the words of its sources say: a key of MEASURED."""
    if quantity.source == ASSUMED:
        return "design" if quantity.grade == "design" else "none"
    rows = [f"{row.population} {row.source}" for row in sources_of(quantity)]
    in_uk = [bool(UK.search(row)) for row in rows]
    if any(in_uk) or UK.search(quantity.studied):
        return "uk" if all(in_uk) else "uk+"
    return "us" if any(US.search(text) for text in (*rows, quantity.studied)) else "other"


def row(key: str, asked: Asked) -> dict[str, Any]:
    """One number as the page shows it, in plain values."""
    one, own = all_quantities()[key], dict(asked.area)
    lowest, highest = one.bounds
    mine = own.get(key)
    return {
        "key": key, "name": of_key(key), "note": one.note, "unit": one.unit,
        "value": shown(one.value), "range": range_of(one), "grade": one.grade,
        "grade_told": GRADES[one.grade], "measured": said.MEASURED[measured_in(one)],
        "studied": one.studied, "figures": [_figure(row) for row in sources_of(one)],
        "mine": None if mine is None else float(mine), "beyond": beyond(key, mine),
        "lowest": lowest, "highest": None if math.isinf(highest) else highest,
        "allowed": said.allowed(lowest, highest, whole_number=one.unit == CODE),
        "whole": one.unit == CODE, "fixed": lowest == highest, "set_by": _set_by(key, asked),
    }  # fmt: skip


def shown(number: float) -> str:
    """A number as it stands in the model, to six figures."""
    return f"{number:,.6g}".replace("-", "−")


def range_of(quantity: Quantity) -> str:
    """'0.1 to 0.4', or that it is not varied."""
    if quantity.low == quantity.high:
        return said.NOT_VARIED
    return f"{shown(quantity.low)} to {shown(quantity.high)}"


def beyond(key: str, value: Any) -> str:
    """What is said of a value outside the range that was seen; nothing of one within."""
    one = all_quantities()[key]
    if value is None or not isinstance(value, int | float) or one.low <= value <= one.high:
        return ""
    if one.low == one.high:
        return said.BEYOND_MODEL
    return said.BEYOND_PRACTICE if one.lever else said.BEYOND


def _figure(figure: Figure) -> dict[str, str]:
    return {
        "id": figure.id, "value": figure.value, "what": figure.quantity,
        "population": figure.population, "source": figure.source, "seen": figure.verification,
        "link": _link(figure.source),
    }  # fmt: skip


def _link(source: str) -> str:
    """An address from a DOI or URL in a source; nothing where it names neither."""
    url = re.search(r"https://[^\s,;)]+", source)
    if url:
        return url.group()
    doi = re.search(r"\b10\.\d{4,9}/[^\s,;)]+", source)
    return f"https://doi.org/{doi.group().rstrip('.')}" if doi else ""


def _set_by(key: str, asked: Asked) -> str:
    return said.SET_BY.format(name=asked.mix.name) if key in asked.mix.effective() else ""


def with_own(asked: Asked, key: str, value: float | None) -> Asked:
    """What is asked with a value of one's own in every world, or without it (None).

    ValueError, in plain words, for what cannot be; KeyError for an unknown key.
    """
    quantity = all_quantities()[key]
    area = dict(asked.area)
    area.pop(key, None)
    if value is not None and value != quantity.value:
        area[key] = int(value) if value.is_integer() else value
    made = replace(asked, area=tuple(sorted(area.items())))
    try:
        made.worlds()
    except (ScenarioError, OverflowError) as fault:
        raise ValueError(str(fault)) from None
    return made


def own_values(asked: Asked) -> list[str]:
    """The keys of the numbers that have a value of the visitor's own."""
    return [key for key, _ in asked.area if key in all_quantities()]
