"""What an answer hangs on: the difference in recovery with parts of the model off, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recoverysim import picture_words
from recoverysim.pictures.looks import look
from recoverysim.pictures.rows_along import Entry, Sign, rows
from recoverysim.pictures.sheet import Picture
from recoverysim.shown import Card
from recoverysim.words import is_settled


class Row(NamedTuple):
    """One comparison: `mechanism` empty where nothing is off; `moved`: by how much the difference
    moves, and the ends of its likely range (None where unknown)."""

    mechanism: str
    called: str
    card: Card
    moved: tuple[float, float | None, float | None] | None


def switched_off(
    found: Sequence[Row], called: str, world: int, basis: str, width: float = 1100.0
) -> Picture:
    """The rows of one scenario (its name and number) in one year."""
    year = found[0].card.year if found else 0
    entries = [_entry(row, look(world if not row.mechanism else 0).colour) for row in found]
    return Picture(
        name=f"switched-off-{year}",
        title=picture_words.switched_title(called, year),
        subtitle=picture_words.SWITCHED_SUBTITLE,
        description=picture_words.first_rows([(row.called, _said(row)) for row in found])
        or picture_words.NOBODY,
        sheet=rows(entries, width, picture_words.SWITCHED_AXIS),
        table=tuple(_table(row, called) for row in found),
        said=(picture_words.LUCK_AND_KNOWLEDGE, picture_words.simulated(basis)),
    )


def _entry(row: Row, colour: str) -> Entry:
    card = row.card
    ends = None if card.low is None or card.high is None else (card.low, card.high)
    settled = is_settled(card.low, card.high)
    sign = Sign(card.difference, "circle", settled)
    return Entry(row.called, "", ends, (sign,), _said(row), colour, not settled)


def _said(row: Row) -> str:
    return picture_words.switched_numbers(row.card.difference, row.card.low, row.card.high)


def _table(row: Row, called: str) -> dict[str, object]:
    by, low, high = row.moved or (None, None, None)
    return {
        "scenario": called, "year": row.card.year, "switched_off": row.mechanism or "nothing",
        "difference": row.card.difference, "low": row.card.low, "high": row.card.high,
        "moved_by": by, "moved_low": low, "moved_high": high,
    }  # fmt: skip
