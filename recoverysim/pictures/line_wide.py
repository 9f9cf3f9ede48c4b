"""The line from left to right: a row a world, the way to Edinburgh, the train, London."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from recoverysim import picture_words, words
from recoverysim.pictures import icons, letters
from recoverysim.pictures.dots import MILES, Block, Layout, Told, counted
from recoverysim.pictures.looks import (
    INK,
    LARGE,
    NORMAL,
    RETURNED,
    SMALL,
    SOFT,
    TRACK,
    look,
)
from recoverysim.pictures.sheet import Point, Sheet
from recoverysim.shown import STRETCHES

PITCHES = (11.0, 9.5, 8.5, 7.5, 6.5, 5.5, 4.75, 4.0)  # px from dot to dot: the largest that fits
TALLEST = 112.0  # px of a stack of dots
EDGE, GAP, ABREAST = 8.0, 16.0, 10  # px, px, dots beside one another of who has arrived
HEAD, OVER, ON_TRACK, A_ROW, TO_OFF = 24.0, 20.0, 11.0, 15.0, 27.0  # px
ROOM_FOR_A_TRAIN = 84.0  # px between the last two stations
STOPS = ("waiting", "taxi", "station", "platform")


@dataclass(frozen=True)
class Plan:
    """Where everything stands, the same in every row."""

    width: float
    pitch: float
    stop: float  # px that each stop before Edinburgh has
    edinburgh: float
    london: float
    stack: float  # px of the tallest stack
    rows_of_names: int
    under: float  # px of names under the track
    off: float  # px of those off the train
    tops: tuple[float, ...]  # of the rows
    height: float

    def track(self, row: int) -> float:
        """The y of a row's track."""
        return self.tops[row] + HEAD + OVER + self.stack + ON_TRACK

    def miles(self, miles: float) -> float:
        """The x of a place on the line."""
        return self.edinburgh + (self.london - self.edinburgh) * miles / MILES


def plan(rows: Sequence[Told], width: float, plain: bool, tallest: float = TALLEST) -> Plan:
    """The largest dots with which every stack fits."""
    stop = min(max(0.076 * width, 62.0), 86.0)
    edinburgh = EDGE + len(STOPS) * stop
    start = sum(width < enough for enough in (1000, 800))
    for pitch in PITCHES[start:]:
        london = width - EDGE - max(ABREAST * pitch, 92.0) - GAP
        many = [counted(row.made) for row in rows]
        stack = max((_stack(one, stop, (london - edinburgh) / STRETCHES, pitch) for one in many),
                    default=0.0)  # fmt: skip
        if stack <= tallest:
            break
    off = max(
        (-(-one["off"] // _off_columns(edinburgh, pitch)) * pitch for one in many), default=0.0
    )
    names = 3 if plain else 2 + (_staggered((london - edinburgh) / MILES))
    under = 8 + A_ROW * names
    row = HEAD + OVER + stack + ON_TRACK + under + TO_OFF + max(off, pitch) + 18
    tops = tuple(number * row for number in range(len(rows)))
    return Plan(width, pitch, stop, edinburgh, london, stack, names, under, off, tops,
                row * len(rows))  # fmt: skip


def layout(plan: Plan, row: int, many: Counter[str]) -> Layout:
    """The block of each cell in one row."""
    base, pitch = plan.track(row) - ON_TRACK, plan.pitch
    blocks = {}
    for number, place in enumerate(STOPS):
        columns = _columns(many[place], plan.stop - 8, pitch)
        middle = EDGE + (number + 0.5) * plan.stop
        blocks[place] = Block(middle - columns * pitch / 2, base, columns, pitch, -pitch)
    stretch = (plan.london - plan.edinburgh) / STRETCHES
    for number in range(STRETCHES):
        cell = f"train {number}"
        columns = _columns(many[cell], stretch, pitch)
        middle = plan.edinburgh + (number + 0.5) * stretch
        blocks[cell] = Block(middle - columns * pitch / 2, base, columns, pitch, -pitch)
    blocks["arrived"] = Block(plan.london + GAP, base, ABREAST, pitch, -pitch)
    top = plan.track(row) + plan.under + TO_OFF
    blocks["off"] = Block(EDGE, top, _off_columns(plan.edinburgh, pitch), pitch, pitch)
    return blocks


def draw(sheet: Sheet, plan: Plan, rows: Sequence[Told], layouts: Sequence[Layout],
         plain: bool) -> None:  # fmt: skip
    """Everything but the dots."""
    for row, told in enumerate(rows):
        many = counted(told.made)
        _heading(sheet, plan, row, told)
        draw_track(sheet, plan, row, told, plain)
        draw_names(sheet, plan, row, plain)
        _numbers(sheet, plan, row, told, many, layouts[row], plain)
        _off(sheet, plan, row, told, many, layouts[row], plain)


def _columns(many: int, room: float, pitch: float) -> int:
    return min(max(1, many), max(1, int(room / pitch)))


def _off_columns(edinburgh: float, pitch: float) -> int:
    return int((edinburgh - EDGE - 14) / pitch)


def _stack(many: Counter[str], stop: float, stretch: float, pitch: float) -> float:
    """Pixels of the tallest stack above the track."""
    tallest = 0
    for cell, number in many.items():
        if cell == "arrived":
            columns = ABREAST
        elif cell == "off":
            continue
        else:
            columns = _columns(number, stretch if cell.startswith("train") else stop - 8, pitch)
        tallest = max(tallest, -(-number // columns))
    return tallest * pitch


def _heading(sheet: Sheet, plan: Plan, row: int, told: Told) -> None:
    y, colour = plan.tops[row] + 16, look(told.world).colour
    if row:
        rule = plan.tops[row] - 7
        sheet.line([(EDGE, rule), (plan.width - EDGE, rule)], TRACK, 1)
    said = picture_words.heading(told.in_recovery)
    room = plan.width - 2 * EDGE - letters.width(said, LARGE) - 14
    called = letters.fitted(told.called, room, LARGE, bold=True)
    sheet.text(EDGE, y, said, size=LARGE, colour=SOFT, lead=f"{called}:", lead_colour=colour)


def draw_track(sheet: Sheet, plan: Plan, row: int, told: Told, plain: bool) -> None:
    """The way and the track, with years, stations and vehicles."""
    y = plan.track(row)
    middles = [EDGE + (number + 0.5) * plan.stop for number in range(len(STOPS))]
    sheet.line([(middles[0] - 20, y), (plan.edinburgh, y)], TRACK, 2.5, dash=(3, 4))
    sheet.line([(plan.edinburgh, y), (plan.london, y)], TRACK, 3 if plain else 5)
    end = plan.width - EDGE
    sheet.line([(plan.london, y), (end, y)], TRACK, 2.5, dash=(3, 4))
    for year in range(6):
        x = plan.miles(80 * year)
        sheet.line([(x, y - 5), (x, y + 5)], SOFT, 1.5)
    if plain:
        return
    icons.taxi(sheet, middles[1], y)
    icons.minibus(sheet, middles[2], y)
    if plan.miles(400) - plan.miles(322) > ROOM_FOR_A_TRAIN:
        icons.train(sheet, plan.miles(361), y, look(told.world).colour)
    for miles in (0.0, *(miles for _, miles in picture_words.STATIONS), float(MILES)):
        sheet.sign("circle", plan.miles(miles), y, 5.5, INK, filled=False, width=2)


def _staggered(a_mile: float) -> bool:
    """Whether the names of stations need two rows."""
    ends = [
        (miles * a_mile - letters.width(name, SMALL, True) / 2,
         miles * a_mile + letters.width(name, SMALL, True) / 2)
        for name, miles in (*picture_words.STATIONS, ("London", float(MILES)))
    ]  # fmt: skip
    return any(left < before + 4 for (_, before), (left, _) in itertools.pairwise(ends))


def draw_names(sheet: Sheet, plan: Plan, row: int, plain: bool) -> None:
    """What stops, stations and years are called, under the track."""
    called = picture_words.PLAINLY if plain else picture_words.ON_THE_LINE
    top = plan.track(row) + 8
    rows = [top + A_ROW * (number + 1) for number in range(plan.rows_of_names)]
    for number, place in enumerate(STOPS):
        last = place == "platform"
        x = plan.edinburgh - 4 if last else EDGE + (number + 0.5) * plan.stop
        for line, said in enumerate(called[place]):
            sheet.text(
                x, rows[line], said, size=SMALL, colour=SOFT if line and not plain else INK,
                bold=not plain and line == 0, anchor="end" if last else "middle",
            )  # fmt: skip
    if not plain:
        stations = (*picture_words.STATIONS, ("London", float(MILES)))
        for number, (name, miles) in enumerate(stations):
            line = number % 2 if plan.rows_of_names > 2 else 0
            x = plan.miles(miles)
            sheet.text(x, rows[line], name, size=SMALL, bold=True, anchor="middle")
    for year in range(1, 6):
        x, line = plan.miles(80 * year), 0 if plain else plan.rows_of_names - 1
        sheet.text(x, rows[line], words.years(year), size=SMALL, colour=SOFT, anchor="middle")


def _numbers(
    sheet: Sheet, plan: Plan, row: int, told: Told, many: Counter[str], blocks: Layout,
    plain: bool,
) -> None:  # fmt: skip
    base, standing = plan.track(row) - ON_TRACK, told.standing
    colour = look(told.world).colour

    def above(cell: str) -> float:
        return base - -(-many[cell] // blocks[cell].columns) * plan.pitch - 6

    for number, place in enumerate(STOPS):
        said = picture_words.per_1000(getattr(standing, place).all)
        x = EDGE + (number + 0.5) * plan.stop
        sheet.text(x, above(place), said, bold=True, anchor="middle")
    arrived = words.whole(standing.arrived.all)
    on_train = max(0, words.whole(told.in_recovery) - arrived)
    middle, below = (
        (plan.edinburgh + plan.london) / 2,
        range(STRETCHES // 2 - 5, STRETCHES // 2 + 5),
    )
    tallest = min(above(f"train {number}") for number in below)
    _number(sheet, middle, tallest, f"{on_train:,}", picture_words.ON_THE_TRAIN[plain], colour,
            middle=True)  # fmt: skip
    x = plan.london + GAP
    if plain:
        sheet.text(x, above("arrived"), f"{arrived:,}", colour=colour, bold=True)
        for line, said in enumerate(picture_words.PLAINLY["arrived"]):
            sheet.text(x, plan.track(row) + 8 + A_ROW * (line + 2), said, size=SMALL)
        return
    _number(sheet, x, above("arrived"), f"{arrived:,}", picture_words.ARRIVED[plain], colour)


def _number(
    sheet: Sheet, x: float, y: float, number: str, said: str, colour: str, *, middle: bool = False,
) -> None:  # fmt: skip
    """A bold number and a word after it."""
    sheet.text(x, y, said, colour=SOFT, anchor="middle" if middle else "start", lead=number,
               lead_colour=colour)  # fmt: skip


def _off(
    sheet: Sheet, plan: Plan, row: int, told: Told, many: Counter[str], blocks: Layout,
    plain: bool,
) -> None:  # fmt: skip
    """Off the train, and the way back to Edinburgh."""
    block = blocks["off"]
    number = picture_words.per_1000(told.standing.off.all)
    _number(sheet, EDGE, block.y - 6, number, picture_words.OFF[plain], RETURNED)
    x, y = plan.edinburgh + 4, block.y + plan.pitch / 2
    used = min(many["off"], block.columns) * plan.pitch
    label_end = letters.width(f"{number} {picture_words.OFF[plain]}", NORMAL, True)
    start = EDGE + (used + 8 if used else label_end + 10)
    if not used:
        y = block.y - 10
    curve = bent((start, y), (x, y), (x, plan.track(row) + 12))
    sheet.line(curve, RETURNED, 1.8)
    sheet.arrow(curve[-1], (x, plan.track(row) + 8), RETURNED, 1.8)
    sheet.text(x + 9, y + 4, picture_words.BACK[plain], size=SMALL, colour=RETURNED)


def bent(start: Point, corner: Point, end: Point, radius: float = 12.0) -> list[Point]:
    """To a corner and up, rounded."""
    (x0, y0), (x, y), (_, y1) = start, corner, end
    radius = min(radius, max(0.0, x - x0), max(0.0, y - y1))
    steps = [number / 6 for number in range(7)]
    turn = [
        ((1 - t) ** 2 * (x - radius) + 2 * t * (1 - t) * x + t * t * x,
         (1 - t) ** 2 * y + 2 * t * (1 - t) * y + t * t * (y - radius))
        for t in steps
    ]  # fmt: skip
    return [(x0, y0), *turn, (x, y1)]
