"""Where people of one world are, month by month: areas on one another, or flows between years."""

from __future__ import annotations

from collections import defaultdict

from recoverysim import picture_words, words
from recoverysim.pictures import axes, letters
from recoverysim.pictures.looks import (
    INK,
    NORMAL,
    RECOVERY,
    RULE,
    SMALL,
    SOFT,
    WHITE,
)
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.shown import Flows, Months

# From the foot upwards; neighbours differ in lightness, so that they are told apart in grey.
PLACES = ("arrived", "train", "platform", "station", "taxi", "waiting", "off")
FILLS = {
    "arrived": RECOVERY[2], "train": RECOVERY[1], "platform": RECOVERY[0], "station": "#8FA3AF",
    "taxi": "#41525C", "waiting": "#C9D3D9", "off": "#D9A57C",
}  # fmt: skip
LEFT, TOP, FOOT, EDGE, LINE = 46.0, 12.0, 44.0, 8.0, 17.0  # px
LABELS_FROM = 560.0  # px of width
NODE, AIR, PEOPLE = 14.0, 8.0, 1000.0  # px, px, all of them
DIED = "died"


def stages(months: Months, width: float = 700.0, height: float = 380.0) -> Picture:
    """Stacked areas per 1,000 who started. The gap on top is who has died, told in the text."""
    last = len(months.months) - 1
    now = {place: months.places[place][last] for place in PLACES if place in months.places}
    died = max(0.0, PEOPLE - sum(now.values()))
    if DIED in months.places:
        died = months.places[DIED][last]
    return Picture(
        name="stages",
        title=picture_words.months_title(months.name),
        subtitle=picture_words.MONTHS_SUBTITLE,
        description=picture_words.stood(picture_words.month(months.months[last]), now, died),
        sheet=_areas(months, width, height),
        table=tuple(
            {"world": months.name, "month": month, "place": place, "per_1000": numbers[number]}
            for number, month in enumerate(months.months)
            for place, numbers in months.places.items()
        ),
        said=(picture_words.simulated(months.basis),),
    )


def _areas(months: Months, width: float, height: float) -> Sheet:
    sheet = Sheet(width, height)
    there = [place for place in PLACES if place in months.places]
    called = [picture_words.PLACES_SHORT[place] for place in there]
    beside = width >= LABELS_FROM
    top, right = TOP, width - EDGE - 10
    if beside:
        right = width - EDGE - 12 - max(letters.width(one, NORMAL) + 44 for one in called)
    else:
        top += _key(sheet, there, called) + 8
    bottom, end = height - FOOT, max(1, months.months[-1])

    def x(month: float) -> float:
        return LEFT + (right - LEFT) * month / end

    def y(number: float) -> float:
        return bottom - (bottom - top) * number / PEOPLE

    xs = [x(month) for month in months.months]
    low = [0.0] * len(xs)
    middles = []
    for place in there:
        high = [a + b for a, b in zip(low, months.places[place])]
        sheet.band(xs, list(map(y, low)), list(map(y, high)), FILLS[place], css=f"place {place}")
        sheet.line(list(zip(xs, map(y, high))), WHITE, 1.2)
        middles.append(y((low[-1] + high[-1]) / 2))
        low = high
    for tick in range(0, 1001, 200):
        sheet.line([(LEFT - 4, y(tick)), (LEFT, y(tick))], SOFT, 1)
        sheet.text(LEFT - 7, y(tick) + 4, f"{tick:,}", size=SMALL, colour=SOFT, anchor="end")
    sheet.line([(LEFT, top), (LEFT, bottom), (right, bottom)], RULE, 1)
    years = end // 12
    step = max(1, int(axes.step_of(max(1, years), max(2, int((right - LEFT) / 60)))))
    for year in range(0, years + 1, step):
        sheet.line([(x(12 * year), bottom), (x(12 * year), bottom + 4)], SOFT, 1)
        sheet.text(x(12 * year), bottom + 18, f"{year}", size=SMALL, colour=SOFT, anchor="middle")
    sheet.text((LEFT + right) / 2, bottom + 36, picture_words.YEARS_AXIS, size=SMALL, colour=SOFT,
               anchor="middle")  # fmt: skip
    if beside:
        numbers = [picture_words.per_1000(months.places[place][-1]) for place in there]
        places = axes.apart(middles, LINE, top + 6, bottom)
        for place, name, number, middle, at in zip(there, called, numbers, middles, places):
            sheet.line([(right + 2, middle), (right + 9, at)], SOFT, 1)
            sheet.rect(right + 11, at - 4.5, 9, 9, FILLS[place], edge=INK, edge_width=0.8)
            sheet.text(right + 25, at + 4.5, name, lead=number)
    return sheet


def _key(sheet: Sheet, there: list[str], called: list[str]) -> float:
    x, y = EDGE, 14.0
    for place, name in zip(reversed(there), reversed(called)):
        wide = 16 + letters.width(name, SMALL)
        if x > EDGE and x + wide > sheet.width - EDGE:
            x, y = EDGE, y + 18
        sheet.rect(x, y - 9, 9, 9, FILLS[place], edge=INK, edge_width=0.8)
        sheet.text(x + 14, y, name, size=SMALL, colour=SOFT)
        x += wide + 14
    return y


def sankey(flows: Flows, width: float = 700.0, height: float = 420.0) -> Picture:
    """A column for each year that is told, and ribbons between places, per 1,000 who started.

    Who has died by the next year leaves no ribbon: columns become shorter, the text counts them.
    """
    years = flows.years
    columns = {year: _column(flows, year) for year in years}
    end = columns[years[-1]] if years else {}
    died = max(0.0, PEOPLE - sum(end.values()))
    said = words.after(years[-1]) if years else ""
    return Picture(
        name="flows",
        title=picture_words.flows_title(flows.name),
        subtitle=picture_words.MONTHS_SUBTITLE.split(". ")[0] + ".",
        description=picture_words.stood(said[:1].upper() + said[1:], end, died),
        sheet=_ribbons(flows, columns, width, height),
        table=tuple(
            {
                "world": flows.name, "year": one.year, "place": one.place,
                "next_year": one.next_year, "next_place": one.next_place, "per_1000": one.people,
            }
            for one in flows.flows
        ),
        said=(picture_words.simulated(flows.basis),),
    )  # fmt: skip


def _column(flows: Flows, year: int) -> dict[str, float]:
    """How many stand in each place in a year: who leaves it for the next, or who came to it."""
    stood: dict[str, float] = defaultdict(float)
    last = year == flows.years[-1] and len(flows.years) > 1
    for one in flows.flows:
        if last and one.next_year == year:
            stood[one.next_place] += one.people
        elif not last and one.year == year:
            stood[one.place] += one.people
    return {place: stood[place] for place in reversed(PLACES) if stood[place] > 0}


def _ribbons(
    flows: Flows, columns: dict[int, dict[str, float]], width: float, height: float
) -> Sheet:
    sheet = Sheet(width, height)
    there = [place for place in PLACES if any(place in column for column in columns.values())]
    top = TOP + _key(sheet, there, [picture_words.PLACES_SHORT[place] for place in there]) + 14
    bottom = height - 34
    scale = (bottom - top - AIR * (len(PLACES) - 1)) / PEOPLE
    many = max(1, len(flows.years) - 1)
    starts = {
        year: EDGE + 22 + (width - 2 * EDGE - 44 - NODE) * number / many
        for number, year in enumerate(flows.years)
    }
    tops: dict[tuple[int, str], float] = {}
    for year, column in columns.items():
        y = top
        for place, number in column.items():
            tops[year, place] = y
            y += number * scale + AIR
    leaving, coming = dict(tops), dict(tops)
    order = {place: rank for rank, place in enumerate(reversed(PLACES))}
    drawn = [one for one in flows.flows if one.next_place != DIED and one.people > 0]
    for one in sorted(drawn, key=lambda one: (order[one.place], order[one.next_place])):
        here, there_ = (one.year, one.place), (one.next_year, one.next_place)
        if here not in leaving or there_ not in coming:
            continue
        thick = one.people * scale
        sheet.ribbon(
            starts[one.year] + NODE, starts[one.next_year],
            (leaving[here], leaving[here] + thick), (coming[there_], coming[there_] + thick),
            FILLS[one.place], opacity=0.5, css="flow",
        )  # fmt: skip
        leaving[here] += thick
        coming[there_] += thick
    for year, column in columns.items():
        _nodes(sheet, year, column, starts[year], tops, scale)
        sheet.text(starts[year] + NODE / 2, bottom + 24, picture_words.at_year(year), size=SMALL,
                   colour=SOFT, anchor="middle")  # fmt: skip
    return sheet


def _nodes(
    sheet: Sheet, year: int, column: dict[str, float], x: float,
    tops: dict[tuple[int, str], float], scale: float,
) -> None:  # fmt: skip
    for place, number in column.items():
        y, tall = tops[year, place], number * scale
        sheet.rect(x, y, NODE, tall, FILLS[place], edge=INK, edge_width=0.8)
        if tall >= 13:
            sheet.text(x + NODE / 2, y + tall / 2 + 4.5, picture_words.per_1000(number),
                       size=SMALL, bold=True, anchor="middle", halo=True)  # fmt: skip
