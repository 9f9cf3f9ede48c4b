"""What matters most of what is not known: the answer where a number is low and where it is high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recoverysim import picture_words
from recoverysim.pictures.looks import SOFT, WORLDS
from recoverysim.pictures.rows_along import Entry, Sign, rows
from recoverysim.pictures.sheet import Picture

BLUE = WORLDS[1].colour


class Row(NamedTuple):
    """One uncertain number: the difference in recovery per 1,000 where it is low and where it is
    high, its share of what is not known, and whether that is above chance."""

    key: str
    grade: str
    at_low: float
    at_high: float
    share: str
    above_chance: bool


def what_matters(
    found: Sequence[Row], called: str, year: int, basis: str, width: float = 1100.0
) -> Picture:
    """The rows in the order given; those that may be chance are drawn hollow and thin."""
    entries = [
        Entry(
            picture_words.of_key(row.key), row.grade, (row.at_low, row.at_high),
            (Sign(row.at_low, "circle", False), Sign(row.at_high, "diamond", row.above_chance)),
            picture_words.matters_numbers(row.at_low, row.at_high, row.share, row.above_chance),
            BLUE if row.above_chance else SOFT, not row.above_chance,
        )
        for row in found
    ]  # fmt: skip
    lines = [(one.name, one.said) for one in entries]
    return Picture(
        name=f"what-matters-{year}",
        title=picture_words.matters_title(called, year),
        subtitle=picture_words.MATTERS_SUBTITLE,
        description=picture_words.first_rows(lines) or picture_words.NOBODY,
        sheet=rows(entries, width, picture_words.SWITCHED_AXIS),
        table=tuple({"scenario": called, "year": year, **row._asdict()} for row in found),
        said=(picture_words.LEFT_OUT, picture_words.simulated(basis)),
    )
