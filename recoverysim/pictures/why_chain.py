"""Why it changes: a box for each link from an offer to time in recovery, in every world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recoverysim import picture_words, words
from recoverysim.pictures import letters
from recoverysim.pictures.looks import INK, NORMAL, RULE, SMALL, SOFT, WHITE, look
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.shown import Answer, Step

NARROW = 640.0  # px: under this the chain goes downwards
BETWEEN, PAD, EDGE, LINE, BIG = 20.0, 10.0, 1.0, 21.0, 22.0  # px
ARROW, NUMBERS_PART = 24.0, 0.54  # px; of a box that has its text beside its numbers


class Box(NamedTuple):
    """One link: what it counts, and the number of each world as it is shown."""

    what: str
    of: str
    shown: tuple[str, ...]


def why(
    answer: Answer, year: int, width: float = 1100.0, worlds: Sequence[int] | None = None
) -> Picture:
    """The chain of one year; every world where none is chosen. KeyError for a year not told."""
    steps = answer.why[str(year)]
    chosen = list(range(len(answer.worlds)) if worlds is None else worlds)
    called = tuple(picture_words.name(world, answer.worlds[world].name) for world in chosen)
    boxes = [_box(step, chosen) for step in steps]
    said = [picture_words.why_line(called, step.name, box.shown) for step, box in zip(steps, boxes)]
    return Picture(
        name=f"why-{year}",
        title=f"{picture_words.WHY_TITLE}, {words.after(year)}",
        subtitle=picture_words.WHY_SUBTITLE,
        description=" ".join(one[0].upper() + one[1:] for one in said),
        sheet=_sheet(boxes, chosen, called, width),
        table=tuple(
            {"world": name, "year": year, "step": step.name, "value": step.values[world],
             "unit": step.unit}
            for step in steps for world, name in zip(chosen, called)
        ),
        said=picture_words.under(answer),
        made_by=f"recoverysim {answer.stamp['version']}",
    )  # fmt: skip


def _box(step: Step, worlds: Sequence[int]) -> Box:
    shown = tuple(
        picture_words.amount(step.values[world], step.unit, step.digits) for world in worlds
    )
    return Box(*picture_words.step(step.name), shown)


def _sheet(
    boxes: Sequence[Box], worlds: Sequence[int], called: Sequence[str], width: float
) -> Sheet:
    """Boxes beside one another, or under one another."""
    down = width < NARROW
    many = max(1, len(boxes))
    across = width - 2 * EDGE if down else (width - 2 * EDGE - BETWEEN * (many - 1)) / many
    lines = [letters.wrapped(box.what, across - 2 * PAD, NORMAL) for box in boxes]
    compact = down and len(worlds) <= 2
    part = NUMBERS_PART if compact else 1.0
    room = across * part - 2 * PAD + (PAD if compact else 0)
    if compact:
        lines = [letters.wrapped(box.what, across * (1 - part) - 2 * PAD, NORMAL) for box in boxes]
    numbers = BIG + 8 if len(worlds) <= 2 else LINE * len(worlds) + 2
    if compact:
        numbers = 0.0
    size = min((_size(box, room) for box in boxes), default=BIG)
    tallest = max((len(one) for one in lines), default=1)
    height = PAD + numbers + 17 * tallest + 16 + PAD - 4
    sheet = Sheet(width, EDGE * 2 + (height * many + BETWEEN * (many - 1) if down else height))
    for number, (box, what) in enumerate(zip(boxes, lines)):
        x = EDGE if down else EDGE + number * (across + BETWEEN)
        y = EDGE + number * (height + BETWEEN) if down else EDGE
        sheet.rect(x, y, across, height, WHITE, edge=RULE, edge_width=1.3)
        if number and down:
            sheet.arrow((x + across / 2, y - BETWEEN + 4), (x + across / 2, y - 4), SOFT, 1.8)
        elif number:
            sheet.arrow((x - BETWEEN + 4, y + height / 2), (x - 4, y + height / 2), SOFT, 1.8)
        _numbers(sheet, box, worlds, called, x + PAD, y + PAD, across - 2 * PAD, size)
        under, beside = y + PAD + numbers, x + PAD + (across * part if compact else 0.0)
        for line, said in enumerate(what):
            sheet.text(beside, under + 17 * line + 10, said)
        sheet.text(beside, under + 17 * len(what) + 9, box.of, size=SMALL, colour=SOFT)
    return sheet


def _size(box: Box, room: float) -> float:
    """Of letters with which 'today → scenario' fits."""
    size = BIG
    while (
        size > SMALL and sum(letters.width(one, size, True) + 5 for one in box.shown) + ARROW > room
    ):
        size -= 1
    return size


def _numbers(
    sheet: Sheet, box: Box, worlds: Sequence[int], called: Sequence[str], x: float, y: float,
    room: float, size: float,
) -> None:  # fmt: skip
    """One scenario: '150 → 450', large. Several: a row each."""
    if len(worlds) <= 2:
        at = x
        for number, (world, said) in enumerate(zip(worlds, box.shown)):
            if number:
                middle = y + BIG - 2 - 0.36 * size
                sheet.arrow((at, middle), (at + ARROW - 6, middle), INK, 1.8)
                at += ARROW
            sheet.text(at, y + BIG - 2, said, size=size, bold=True, colour=look(world).colour)
            at += letters.width(said, size, True) + 5
        return
    for row, (world, name, said) in enumerate(zip(worlds, called, box.shown)):
        mine, at = look(world), y + LINE * row + 13
        if world:
            sheet.sign(mine.sign, x + 5, at - 4.5, 4.5, mine.colour)
        else:
            sheet.line([(x, at - 4.5), (x + 11, at - 4.5)], mine.colour, 2.4, dash=(4, 2.5))
        left = room - 18 - letters.width(said, NORMAL + 1, True) - 8
        sheet.text(x + 18, at, letters.fitted(name, left, SMALL), size=SMALL, colour=mine.colour)
        sheet.text(x + room, at, said, size=NORMAL + 1, bold=True, anchor="end",
                   colour=mine.colour)  # fmt: skip
