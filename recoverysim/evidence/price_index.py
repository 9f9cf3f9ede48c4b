"""Pounds of one year as pounds of another, by the GDP deflator of the United Kingdom.

`gdp_deflator.csv` holds the index by calendar year (register: gdp-deflator). A financial year,
"2023/24", begins in April: three quarters of it lie in the first calendar year, one quarter in the
second.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

INDEX = Path(__file__).parent / "gdp_deflator.csv"
INDEX_SOURCE = "gdp-deflator"
PRICE_YEAR = 2023  # prices are declared in pounds of 2023/24
FIRST_YEAR, LAST_YEAR = 1990, 2023  # of the financial years that the index covers


@cache
def by_calendar_year() -> dict[int, float]:
    """The index as published: 2024 is 100."""
    with INDEX.open(newline="", encoding="utf-8") as file:
        return {int(row["year"]): float(row["index"]) for row in csv.DictReader(file)}


def index_of(begins: int) -> float:
    """The index of the financial year that begins in April of this year. KeyError outside it."""
    return 0.75 * by_calendar_year()[begins] + 0.25 * by_calendar_year()[begins + 1]


def restated(pounds: float, of: int, into: int = PRICE_YEAR) -> float:
    """Pounds of one financial year as pounds of another (each by the year in which it begins)."""
    return pounds * index_of(into) / index_of(of)


def in_words(begins: int) -> str:
    """'2023/24' for the financial year that begins in 2023."""
    return f"{begins}/{(begins + 1) % 100:02d}"


class SeenPrice(NamedTuple):
    """A price as its source prints it: what it buys, where, and in pounds of which year.

    `times` turns what was bought into the unit of the model: half of two weeks is a week.
    """

    source: str
    pounds: float
    of: int
    place: str
    buys: str
    times: float

    @property
    def restated(self) -> float:
        """In pounds of PRICE_YEAR, for one unit of the model, to the whole pound."""
        return float(round(restated(self.pounds * self.times, self.of)))

    @property
    def arithmetic(self) -> str:
        """How the price of the model comes from the one that was printed."""
        rise = index_of(PRICE_YEAR) / index_of(self.of)
        each = f"× {self.times:g}" if self.times >= 1 else f"÷ {1 / self.times:g}"
        return (
            f"{self.pounds:,g} pounds of {in_words(self.of)} for {self.buys}, {self.place}: "
            f"{each} × {rise:.3f} = {self.restated:,g}"
        )
