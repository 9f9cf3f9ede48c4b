"""Rows along one scale: a name, a range with its signs, and what it says in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from recoverysim import words
from recoverysim.pictures import letters
from recoverysim.pictures.axes import step_of
from recoverysim.pictures.looks import INK, NORMAL, RULE, SMALL, SOFT, TRACK
from recoverysim.pictures.sheet import Sheet

NARROW = 640.0  # px: under this a row's name and numbers stand over its range
EDGE, GAP, FOOT, LINE, BAR = 6.0, 16.0, 40.0, 16.0, 22.0  # px
NAME_PART, SAID_PART = 0.32, 0.25  # of the width


class Sign(NamedTuple):
    """One number of a row."""

    at: float
    sign: str
    filled: bool


class Entry(NamedTuple):
    """One row; `ends` None where no range is known, `faint` where it may be chance."""

    name: str
    note: str
    ends: tuple[float, float] | None
    signs: tuple[Sign, ...]
    said: str
    colour: str
    faint: bool = False


class Scale(NamedTuple):
    """Pixels for numbers."""

    low: float
    high: float
    left: float
    right: float

    def at(self, number: float) -> float:
        """Where a number stands."""
        part = (number - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * part

    def ticks(self, step: float) -> list[float]:
        """The numbers that have a line."""
        return [
            self.low + number * step
            for number in range(round((self.high - self.low) / step) + 1)
        ]  # fmt: skip


def rows(entries: Sequence[Entry], width: float, axis: str) -> Sheet:
    """All rows with their scale under them; `axis` says what is counted."""
    narrow = width < NARROW
    left = EDGE if narrow else EDGE + NAME_PART * width + GAP
    right = width - EDGE - (0 if narrow else SAID_PART * width + GAP)
    numbers = [0.0]
    for one in entries:
        numbers += [*(one.ends or ()), *(sign.at for sign in one.signs)]
    step = step_of(max(numbers) - min(numbers) or 1.0, 4 if narrow else 6)
    low, high = (step * math.floor(min(numbers) / step), step * math.ceil(max(numbers) / step))
    scale = Scale(low, high if high > low else low + step, left + 8, right - 8)
    names = [_name(one, width, narrow) for one in entries]
    said = [_said(one, width, narrow) for one in entries]
    heights = [_height(*three, narrow) for three in zip(entries, names, said)]
    sheet = Sheet(width, sum(heights) + FOOT)
    _scale(sheet, scale, step, sum(heights), axis, narrow)
    y = 0.0
    for one, name, height in zip(entries, names, heights):
        _lines(sheet, scale, step, y + height - BAR - 10 if narrow else y, y + height)
        sheet.line([(EDGE, y), (width - EDGE, y)], RULE, 1)
        _row(sheet, one, name, scale, y, height)
        y += height
    return sheet


def _name(one: Entry, width: float, narrow: bool) -> list[str]:
    room = width - 2 * EDGE if narrow else NAME_PART * width
    return letters.wrapped(one.name, room, NORMAL, True)


def _said(one: Entry, width: float, narrow: bool) -> list[str]:
    room = width - 2 * EDGE if narrow else SAID_PART * width
    return letters.wrapped(one.said, room, SMALL)


def _height(one: Entry, name: Sequence[str], said: Sequence[str], narrow: bool) -> float:
    lines = len(name) + bool(one.note)
    if narrow:
        return LINE * (lines + len(said)) + BAR + 16
    return max(LINE * max(lines, len(said)) + 12, 40.0)


def _lines(sheet: Sheet, scale: Scale, step: float, top: float, bottom: float) -> None:
    """The lines of the scale behind one row; that at nought stands out."""
    for value in scale.ticks(step):
        x, nought = scale.at(value), abs(value) < step / 1000
        sheet.line([(x, top), (x, bottom)], SOFT if nought else TRACK, 1.4 if nought else 0.7,
                   dash=(4, 3) if nought else ())  # fmt: skip


def _scale(sheet: Sheet, scale: Scale, step: float, bottom: float, axis: str, narrow: bool) -> None:
    """Numbers under the rows, and what is counted."""
    for value in scale.ticks(step):
        x = scale.at(value)
        digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
        sheet.text(x, bottom + 14, words.signed(value, digits), size=SMALL, colour=SOFT,
                   anchor="middle")  # fmt: skip
    place = EDGE if narrow else (scale.left + scale.right) / 2
    sheet.text(place, bottom + 32, letters.fitted(axis, sheet.width - place if narrow else 2 * (
        sheet.width - place), SMALL), size=SMALL, colour=SOFT,
        anchor="start" if narrow else "middle")  # fmt: skip


def _row(
    sheet: Sheet, one: Entry, name: Sequence[str], scale: Scale, y: float, height: float
) -> None:
    narrow = sheet.width < NARROW
    lines = len(name) + bool(one.note)
    top = y + 6 if narrow else y + (height - LINE * lines) / 2
    for number, line in enumerate(name):
        sheet.text(EDGE, top + LINE * number + 12, line, bold=True, halo=narrow)
    if one.note:
        room = sheet.width - 2 * EDGE if narrow else NAME_PART * sheet.width
        said = letters.fitted(one.note, room, SMALL)
        sheet.text(EDGE, top + LINE * len(name) + 12, said, size=SMALL, colour=SOFT, halo=narrow)
    lines_said = _said(one, sheet.width, narrow)
    x = EDGE if narrow else sheet.width - EDGE - SAID_PART * sheet.width
    start = top + LINE * lines if narrow else y + (height - LINE * len(lines_said)) / 2
    for number, line in enumerate(lines_said):
        sheet.text(x, start + LINE * number + 12, line, size=SMALL, colour=INK, halo=narrow)
    middle = y + height - 6 - BAR / 2 if narrow else y + height / 2
    if one.ends is not None:
        ends = [scale.at(end) for end in one.ends]
        sheet.line([(ends[0], middle), (ends[1], middle)], one.colour, 1.6 if one.faint else 3)
        for end in ends:
            sheet.line([(end, middle - 5), (end, middle + 5)], one.colour, 1.6)
    for sign in one.signs:
        sheet.sign(sign.sign, scale.at(sign.at), middle, 5.5, one.colour, filled=sign.filled,
                   width=2)  # fmt: skip
