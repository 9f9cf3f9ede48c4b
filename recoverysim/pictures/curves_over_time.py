"""One measure over the years: a line for each world, with both of its ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from recoverysim import picture_words, words
from recoverysim.pictures import axes, letters
from recoverysim.pictures.looks import NORMAL, PALE, RULE, SMALL, SOFT, look
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.pictures.told import told
from recoverysim.shown import Answer, Curve

Scale = Callable[[float], float]

WEEKS_A_YEAR = 52
LEFT, TOP, FOOT, EDGE = 46.0, 30.0, 44.0, 10.0  # px
LABELS_FROM = 560.0  # px of width: names stand at the ends of lines, under it above them
LINE = 17.0  # px from label to label
WITH_BANDS = 2  # worlds: of more the bands would cover one another, so bars stand at the end
BAR = 9.0  # px from bar to bar


class Shown(NamedTuple):
    """One world's curve, and the number its label says."""

    world: int
    called: str
    curve: Curve
    end: float


def curves(
    answer: Answer, measure: str = "in_recovery", worlds: Sequence[int] | None = None,
    width: float = 700.0, height: float = 360.0,
) -> Picture:  # fmt: skip
    """The picture; every world where none is chosen.

    Raises StopIteration for a measure whose curve the answer does not hold.
    """
    chosen = range(len(answer.worlds)) if worlds is None else worlds
    shown = [_shown(answer, world, measure) for world in chosen]
    luck_alone = answer.stamp["knowledge"] == "none"
    last = _last_year(shown)
    ends = [(one.called, one.end) for one in shown]
    beyond = (f"After {words.TRIALS_REACH} years {words.EXTRAPOLATED}.",)
    return Picture(
        name=f"curves-{measure}",
        title=picture_words.curves_title(measure),
        subtitle=picture_words.curves_subtitle(luck_alone, len(shown) > WITH_BANDS),
        description=picture_words.curve_ends(measure, ends, last),
        sheet=_sheet(shown, width, height),
        table=tuple(row for one in shown for row in _table(one)),
        said=(
            picture_words.ONE_BY_ONE,
            *(beyond if last > words.TRIALS_REACH else ()),
            *picture_words.under(answer),
        ),
        made_by=f"recoverysim {answer.stamp['version']}",
    )


def _shown(answer: Answer, world: int, measure: str) -> Shown:
    one = answer.worlds[world]
    curve = next(curve for curve in one.curves if curve.measure == measure)
    card = told(answer, world, measure, curve.weeks[-1] // WEEKS_A_YEAR)
    called = picture_words.name(world, one.name)
    return Shown(world, called, curve, curve.mean[-1] if card is None else card)


def _last_year(shown: Sequence[Shown]) -> int:
    return max((one.curve.weeks[-1] // WEEKS_A_YEAR for one in shown), default=0)


def _sheet(shown: Sequence[Shown], width: float, height: float) -> Sheet:
    sheet = Sheet(width, height)
    labels = [(one.called, picture_words.per_1000(one.end)) for one in shown]
    beside = width >= LABELS_FROM
    top, right = TOP, width - EDGE - 12
    if beside:
        widest = max((letters.width(f"{name} {end}", NORMAL, True) for name, end in labels),
                     default=0.0)  # fmt: skip
        right = width - EDGE - min(widest, 0.34 * width) - 14
    bars = BAR * len(shown) + 4 if len(shown) > WITH_BANDS else 0.0
    right -= bars
    if not beside:
        top += 20 * len(shown)
    bottom = height - FOOT
    weeks = max((one.curve.weeks[-1] for one in shown), default=0) or WEEKS_A_YEAR
    most = max((max(one.curve.high) for one in shown), default=0.0)
    ticks = axes.ticks_to(min(most, 1000.0) or 10.0)

    def x(week: float) -> float:
        return LEFT + (right - LEFT) * week / weeks

    def y(number: float) -> float:
        return bottom - (bottom - top) * min(number / ticks[-1], 1.02)

    _grid(sheet, x, y, ticks, weeks, top, bottom, right)
    for number, one in reversed(list(enumerate(shown))):
        if bars:
            _bar(sheet, one, right + BAR * (number + 1), y)
        else:
            _bands(sheet, one, x, y)
    for one in reversed(shown):
        _line(sheet, one, x, y)
    if beside:
        _ends(sheet, shown, labels, y, right + bars + 10, width - EDGE, top, bottom)
    else:
        _key(sheet, shown, labels, width)
    return sheet


def _grid(
    sheet: Sheet, x: Scale, y: Scale, ticks: Sequence[float], weeks: int, top: float,
    bottom: float, right: float,
) -> None:  # fmt: skip
    """The ground: extrapolated years, lines across, both scales."""
    reach = words.TRIALS_REACH * WEEKS_A_YEAR
    if weeks > reach:
        sheet.rect(x(reach), top - 8, right - x(reach), bottom - top + 8, PALE)
    for tick in ticks:
        sheet.line([(LEFT, y(tick)), (right, y(tick))], RULE, 1)
        sheet.text(LEFT - 7, y(tick) + 4, f"{tick:,.6g}", size=SMALL, colour=SOFT, anchor="end")
    if weeks > reach:
        sheet.line([(x(reach), top - 8), (x(reach), bottom)], SOFT, 1.3, dash=(1.5, 3))
        sheet.text(right - 6, top - 14, picture_words.BEYOND, size=SMALL, colour=SOFT, anchor="end")
    years = weeks // WEEKS_A_YEAR
    step = max(1, int(axes.step_of(max(1, years), max(2, int((right - LEFT) / 60)))))
    for year in range(0, years + 1, step):
        at = x(year * WEEKS_A_YEAR)
        sheet.line([(at, bottom), (at, bottom + 4)], SOFT, 1)
        sheet.text(at, bottom + 18, f"{year}", size=SMALL, colour=SOFT, anchor="middle")
    sheet.text((LEFT + right) / 2, bottom + 36, picture_words.YEARS_AXIS, size=SMALL,
               colour=SOFT, anchor="middle")  # fmt: skip


def _bands(sheet: Sheet, one: Shown, x: Scale, y: Scale) -> None:
    curve, mine = one.curve, look(one.world)
    xs = [x(week) for week in curve.weeks]
    low, high, luck_low, luck_high = (
        [y(number) for number in numbers]
        for numbers in (curve.low, curve.high, curve.luck_low, curve.luck_high)
    )
    sheet.band(xs, low, high, mine.colour, opacity=0.13, css="band")
    for edge in (low, high):
        sheet.line(list(zip(xs, edge)), mine.colour, 0.9, opacity=0.65, css="band-edge",
                   dash=mine.dash)  # fmt: skip
    sheet.band(xs, luck_low, luck_high, mine.colour, opacity=0.27, css="band-luck")


def _bar(sheet: Sheet, one: Shown, at: float, y: Scale) -> None:
    """Both ranges at the end as an upright bar, the sign of the world at its mean."""
    curve, mine = one.curve, look(one.world)
    low, high, mean = y(curve.low[-1]), y(curve.high[-1]), y(curve.mean[-1])
    sheet.line([(at, low), (at, high)], mine.colour, 1.3)
    sheet.line([(at, y(curve.luck_low[-1])), (at, y(curve.luck_high[-1]))], mine.colour, 4)
    sheet.sign(mine.sign, at, mean, 3.4, mine.colour, filled=one.world > 0, width=1.5)


def _line(sheet: Sheet, one: Shown, x: Scale, y: Scale) -> None:
    mine = look(one.world)
    points = [(x(week), y(number)) for week, number in zip(one.curve.weeks, one.curve.mean)]
    sheet.line(points, mine.colour, 2.6, dash=mine.dash, css=f"mean world-{one.world}")
    if mine.sign != "circle":
        for week, point in zip(one.curve.weeks, points):
            if week and week % WEEKS_A_YEAR == 0:
                sheet.sign(mine.sign, *point, 3.6, mine.colour, width=0.5)


def _ends(
    sheet: Sheet, shown: Sequence[Shown], labels: Sequence[tuple[str, str]], y: Scale,
    left: float, edge: float, top: float, bottom: float,
) -> None:  # fmt: skip
    """A name and a number at the end of each line, pushed apart, joined where far from it."""
    wanted = [y(one.curve.mean[-1]) for one in shown]
    places = axes.apart(wanted, LINE, top, bottom)
    for one, (called, end), want, place in zip(shown, labels, wanted, places):
        colour = look(one.world).colour
        if len(shown) <= WITH_BANDS:
            sheet.line([(left - 9, want), (left - 2, place)], colour, 1)
        room = edge - left - 2 - letters.width(f" {end}", NORMAL, True)
        name = letters.fitted(called, room, NORMAL, bold=True)
        sheet.text(left + 2, place + 4.5, f"{name} {end}", colour=colour, bold=True)


def _key(
    sheet: Sheet, shown: Sequence[Shown], labels: Sequence[tuple[str, str]], width: float
) -> None:
    for number, (one, (called, end)) in enumerate(zip(shown, labels)):
        mine, at = look(one.world), 12.0 + 20 * number
        sheet.line([(8, at), (42, at)], mine.colour, 2.6, dash=mine.dash)
        if mine.sign != "circle":
            sheet.sign(mine.sign, 25, at, 3.6, mine.colour, width=0.5)
        room = width - 50 - EDGE - letters.width(f" {end}", NORMAL, True)
        name = letters.fitted(called, room, NORMAL, bold=True)
        sheet.text(50, at + 4.5, f"{name} {end}", colour=mine.colour, bold=True)


def _table(one: Shown) -> list[dict[str, object]]:
    curve = one.curve
    numbers = zip(curve.weeks, curve.mean, curve.low, curve.high, curve.luck_low, curve.luck_high)
    return [
        {
            "world": one.called, "measure": curve.measure, "week": week, "mean_per_1000": mean,
            "low": low, "high": high, "luck_low": luck_low, "luck_high": luck_high,
        }
        for week, mean, low, high, luck_low, luck_high in numbers
    ]  # fmt: skip
