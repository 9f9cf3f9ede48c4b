"""Cost beside deaths and years of life: never one without the others, each with its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from recoverysim import picture_words
from recoverysim.pictures import letters
from recoverysim.pictures.looks import LARGE, NORMAL, RULE, SMALL, SOFT, TRACK, look
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.pictures.told import is_settled
from recoverysim.shown import Answer, Card, Money

NARROW = 640.0  # px: under this panels stand under one another
BETWEEN, EDGE, HEAD, ROW, ZERO = 34.0, 6.0, 46.0, 64.0, 12.0  # px
MEASURES = ("deaths", "life_years", "cost")


class Row(NamedTuple):
    """One scenario's change in one measure."""

    world: int
    called: str
    measure: str
    card: Card


def cost(answer: Answer, year: int, width: float = 1100.0) -> Picture:
    """The picture of one year; scenarios whose costs the answer does not hold are left out."""
    found = [
        (number, world.name, money)
        for number, world in enumerate(answer.worlds)
        for money in world.money
        if money.year == year
    ]
    rows = [
        Row(number, name, measure, _card(money, measure))
        for number, name, money in found
        for measure in MEASURES
    ]
    said = " ".join(_said(number, rows) for number, *_ in found)
    return Picture(
        name=f"cost-{year}",
        title=picture_words.cost_title(year),
        subtitle=picture_words.COST_SUBTITLE,
        description=said or picture_words.NOBODY,
        sheet=_sheet(rows, width),
        table=tuple(_table(row, year) for row in rows),
        said=(
            *(f"{name}: {money.words}" for _, name, money in found if money.words),
            *picture_words.under(answer),
        ),
        made_by=f"recoverysim {answer.stamp['version']}",
    )


def _card(money: Money, measure: str) -> Card:
    return {"deaths": money.deaths, "life_years": money.life_years, "cost": money.pounds}[measure]


def _numbers(row: Row) -> str:
    card = row.card
    return picture_words.range_of(card.low, card.high, row.measure, card.digits)


def _said(world: int, rows: Sequence[Row]) -> str:
    mine = [row for row in rows if row.world == world]
    told = "; ".join(
        f"{picture_words.COST_PANELS[row.measure][0].lower()} "
        f"{picture_words.change(row.card.difference, row.measure, row.card.digits)} "
        f"({_numbers(row)}{_close(row.card)})"
        for row in mine
    )
    return f"{mine[0].called}: {told}."


def _close(card: Card) -> str:
    if card.low is None or card.high is None or is_settled(card):
        return ""
    return f", {picture_words.TOO_CLOSE}"


def _sheet(rows: Sequence[Row], width: float) -> Sheet:
    down = width < NARROW
    scenarios = len({row.world for row in rows})
    panel = HEAD + ROW * scenarios + ZERO
    sheet = Sheet(width, (panel + 14) * len(MEASURES) if down else panel + 4)
    if not rows:
        return Sheet(width, 1.0)
    across = width - 2 * EDGE
    if not down:
        across = (across - BETWEEN * (len(MEASURES) - 1)) / len(MEASURES)
    for number, measure in enumerate(MEASURES):
        x = EDGE if down else EDGE + number * (across + BETWEEN)
        y = number * (panel + 14) if down else 0.0
        _panel(sheet, [row for row in rows if row.measure == measure], measure, x, y, across)
    return sheet


def _panel(
    sheet: Sheet, rows: Sequence[Row], measure: str, x: float, y: float, across: float
) -> None:
    heading, unit = picture_words.COST_PANELS[measure]
    sheet.text(x, y + 16, heading, size=LARGE, bold=True)
    sheet.text(x, y + 33, unit, size=SMALL, colour=SOFT)
    ends = [0.0] + [
        end for row in rows for end in (row.card.low, row.card.high, row.card.difference)
        if end is not None
    ]  # fmt: skip
    low, high = min(ends), max(ends)
    room = 0.05 * (high - low) or 1.0
    low, high = low - room, high + room

    def at(number: float) -> float:
        return x + across * (number - low) / (high - low)

    top = y + HEAD
    for number, row in enumerate(rows):
        start = top + ROW * number
        sheet.line([(x, start - 6), (x + across, start - 6)], RULE, 1)
        _row(sheet, row, start, x, across, at)
    for number in range(len(rows)):
        middle = top + ROW * number + 29
        sheet.line([(at(0.0), middle - 9), (at(0.0), middle + 9)], SOFT, 1.3, dash=(3, 2))
    sheet.text(min(max(at(0.0), x + 4), x + across - 4), top + ROW * len(rows) + 5, "0",
               size=SMALL, colour=SOFT, anchor="middle")  # fmt: skip


def _row(
    sheet: Sheet, row: Row, start: float, x: float, across: float, at: Callable[[float], float]
) -> None:
    card, mine = row.card, look(row.world)
    said = picture_words.change(card.difference, row.measure, card.digits)
    name = letters.fitted(row.called, across - letters.width(said, LARGE, True) - 12, NORMAL, True)
    sheet.text(x, start + 12, name, colour=mine.colour, bold=True)
    sheet.text(x + across, start + 12, said, size=LARGE, bold=True, anchor="end")
    middle = start + 29
    sheet.line([(x, middle), (x + across, middle)], TRACK, 1)
    settled = is_settled(card)
    if card.low is not None and card.high is not None:
        sheet.line([(at(card.low), middle), (at(card.high), middle)], mine.colour, 3)
        for end in (card.low, card.high):
            sheet.line([(at(end), middle - 5), (at(end), middle + 5)], mine.colour, 2)
    sheet.sign(mine.sign, at(card.difference), middle, 5.5, mine.colour, filled=settled, width=2)
    numbers = _numbers(row)
    close = _close(card).removeprefix(", ")
    sheet.text(x, middle + 21, f"{close}: {numbers}" if close else numbers, size=SMALL,
               colour=SOFT)  # fmt: skip


def _table(row: Row, year: int) -> dict[str, object]:
    card = row.card
    return {
        "scenario": row.called, "year": year, "measure": row.measure,
        "unit": picture_words.COST_PANELS[row.measure][1], "today": card.today,
        "difference": card.difference, "value": card.value, "low": card.low, "high": card.high,
        "settled": is_settled(card),
    }  # fmt: skip
