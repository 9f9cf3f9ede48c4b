"""The line from top to bottom, for a phone: worlds side by side, London at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoverysim import picture_words, words
from recoverysim.pictures import letters
from recoverysim.pictures.dots import MILES, Block, Layout, Told, counted
from recoverysim.pictures.looks import INK, LARGE, RETURNED, SMALL, SOFT, TRACK, look
from recoverysim.pictures.sheet import Sheet
from recoverysim.shown import STRETCHES

PITCHES = (8.0, 7.5, 7.0, 6.0, 5.0, 4.0)  # px from dot to dot: the largest that fits
TALLEST = 640.0  # px of the whole, if it can be
EDGE, NAMES, NUMBERS, GAP = 6.0, 106.0, 46.0, 4.0  # px
HEAD, PLACE, STRETCH = 62.0, 36.0, 9.0  # px at least
QUARTERS = 4  # of a year, a stretch each
BEFORE, AFTER = ("waiting", "taxi", "station", "platform"), ("arrived", "off")
BETWEEN_LABELS = 14.0


@dataclass(frozen=True)
class Plan:
    """Where everything stands: one column for each world."""

    width: float
    pitch: float
    column: float  # px that a world has
    columns: int  # dots beside one another
    tops: dict[str, float]  # of each place
    stretches: tuple[float, ...]  # px of a quarter of a year, in each year
    height: float

    def start(self, world: int) -> float:
        """The x of the track of a world, where its dots begin."""
        return EDGE + NAMES + world * self.column + NUMBERS

    def miles(self, miles: float) -> float:
        """The y of a place on the line; a year in which many are is drawn longer."""
        quarters = STRETCHES * miles / MILES
        run = [
            px * min(max(quarters - QUARTERS * year, 0.0), QUARTERS)
            for year, px in enumerate(self.stretches)
        ]
        return self.tops["train"] + sum(run)


def plan(
    rows: Sequence[Told], width: float, abreast: int, tallest: float = TALLEST
) -> Plan:  # fmt: skip
    """The largest dots with which the whole stays short enough, so many worlds side by side."""
    column = (width - 2 * EDGE - NAMES) / max(1, abreast)
    many = [counted(row.made) for row in rows]

    def most(cell: str) -> int:
        return max((one[cell] for one in many), default=0)

    for pitch in PITCHES:
        columns = max(1, int((column - NUMBERS - GAP) / pitch))
        tall = [pitch * -(-most(f"train {n}") // columns) for n in range(STRETCHES)]
        stretches = tuple(
            max(STRETCH, *tall[first : first + QUARTERS]) for first in range(0, STRETCHES, QUARTERS)
        )
        tops, y = {}, HEAD
        for place in (*BEFORE, "train", *AFTER):
            tops[place] = y
            if place == "train":
                y += QUARTERS * sum(stretches) + 16
            else:
                y += max(PLACE, pitch * -(-most(place) // columns) + 10)
        if y <= tallest:
            break
    return Plan(width, pitch, column, columns, tops, stretches, y + 6)


def layout(plan: Plan, world: int) -> Layout:
    """The block of each cell of one world."""
    x, pitch = plan.start(world) + 7, plan.pitch
    blocks = {
        place: Block(x, plan.tops[place], plan.columns, pitch, pitch) for place in (*BEFORE, *AFTER)
    }
    for number in range(STRETCHES):
        top = plan.miles(number * MILES / STRETCHES) + 0.5
        blocks[f"train {number}"] = Block(x, top, plan.columns, pitch, pitch)
    return blocks


def draw(sheet: Sheet, plan: Plan, rows: Sequence[Told], plain: bool) -> None:
    """Everything but the dots."""
    for number, told in enumerate(rows):
        _heading(sheet, plan, number, told)
        draw_track(sheet, plan, number, told, plain)
        _numbers(sheet, plan, number, told)
    draw_names(sheet, plan, plain)
    draw_way_back(sheet, plan, plain)


def _heading(sheet: Sheet, plan: Plan, number: int, told: Told) -> None:
    x, colour = EDGE + NAMES + number * plan.column, look(told.world).colour
    room = plan.column - GAP
    lines = letters.wrapped(told.called, room, LARGE - 1, bold=True)
    if len(lines) > 2:
        lines = [lines[0], letters.fitted(" ".join(lines[1:]), room, LARGE - 1, bold=True)]
    for line, said in enumerate(lines):
        sheet.text(x, 15 + 17 * line, said, size=LARGE - 1, colour=colour, bold=True)
    recovering = picture_words.per_1000(told.in_recovery)
    sheet.text(x, 15 + 17 * len(lines), picture_words.IN_RECOVERY, size=SMALL, colour=SOFT,
               lead=recovering, lead_colour=colour)  # fmt: skip


def draw_track(sheet: Sheet, plan: Plan, number: int, told: Told, plain: bool) -> None:
    """The way and the track of one world, with years and stations."""
    x, top, bottom = plan.start(number), plan.miles(0), plan.miles(MILES)
    sheet.line([(x, plan.tops["waiting"] + 4), (x, top)], TRACK, 2.5, dash=(3, 4))
    sheet.line([(x, top), (x, bottom)], TRACK, 3 if plain else 5)
    sheet.line([(x, bottom), (x, plan.tops["arrived"] + 14)], TRACK, 2.5, dash=(3, 4))
    for year in range(6):
        y = plan.miles(80 * year)
        sheet.line([(x - 5, y), (x + 5, y)], SOFT, 1.5)
    if not plain:
        for miles in (0.0, *(miles for _, miles in picture_words.STATIONS), float(MILES)):
            sheet.sign("circle", x, plan.miles(miles), 4.5, INK, filled=False, width=2)


def _numbers(sheet: Sheet, plan: Plan, number: int, told: Told) -> None:
    x, colour = plan.start(number) - 11, look(told.world).colour
    standing = told.standing
    arrived = words.whole(standing.arrived.all)
    train = max(0, words.whole(told.in_recovery) - arrived)
    for place in (*BEFORE, *AFTER):
        said = picture_words.per_1000(getattr(standing, place).all)
        mine = {"off": RETURNED, "arrived": colour}.get(place, INK)
        said = f"{arrived:,}" if place == "arrived" else said
        sheet.text(x, plan.tops[place] + 11, said, bold=True, anchor="end", colour=mine)
    y = (plan.miles(0) + plan.miles(MILES)) / 2
    sheet.text(x, y + 4, f"{train:,}", bold=True, anchor="end", colour=colour)


def draw_names(sheet: Sheet, plan: Plan, plain: bool) -> None:
    """What places, stations and years are called, once at the left."""
    called = picture_words.PLAINLY if plain else picture_words.ON_THE_LINE
    x = EDGE + 12
    for place in (*BEFORE, "arrived"):
        name, *rest = called[place]
        if plain and place in ("taxi", "station"):
            name, rest = f"{name} {' '.join(rest)}", []
        sheet.text(x, plan.tops[place] + 11, name, size=SMALL, bold=True)
        for line, said in enumerate(rest if len(rest) < 2 else [" ".join(rest)]):
            sheet.text(x, plan.tops[place] + 25 + 14 * line, said, size=SMALL, colour=SOFT)
    off = picture_words.OFF[plain]
    sheet.text(x, plan.tops["off"] + 11, off[0].upper() + off[1:], size=SMALL, bold=True,
               colour=RETURNED)  # fmt: skip
    sheet.text(x, plan.tops["off"] + 25, picture_words.BACK[plain], size=SMALL, colour=RETURNED)
    taken = [plan.tops["platform"] + 25, plan.tops["arrived"] + 8]
    middle = (plan.miles(0) + plan.miles(MILES)) / 2
    on_train = letters.wrapped(picture_words.ON_THE_TRAIN[plain], NAMES - 20, SMALL)
    top = middle + 4 - 14 * (len(on_train) - 1) / 2
    for line, said in enumerate(on_train):
        sheet.text(x, top + 14 * line, said, size=SMALL, colour=INK, bold=True)
        taken.append(top + 14 * line)
    marks = [] if plain else [(miles, name, INK) for name, miles in picture_words.STATIONS]
    marks += [(80.0 * year, words.years(year), SOFT) for year in range(1, 5)]
    for miles, said, colour in marks:
        y = plan.miles(miles) + 4
        if all(abs(y - other) >= BETWEEN_LABELS for other in taken):
            sheet.text(x, y, said, size=SMALL, colour=colour)
            taken.append(y)


def draw_way_back(sheet: Sheet, plan: Plan, plain: bool) -> None:
    """From those off the train back to Edinburgh, along the left edge."""
    low, high = plan.tops["off"] + 7, plan.tops["platform"] + 7
    x = EDGE
    sheet.line([(x + 9, low), (x + 3, low), (x, low - 4), (x, high + 4), (x + 3, high)],
               RETURNED, 1.8)  # fmt: skip
    sheet.arrow((x + 2, high), (x + 11, high), RETURNED, 1.8)
