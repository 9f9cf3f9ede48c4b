"""Second part: pictures, each with the numbers that it draws in a sentence and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from recoverysim import cost_words, picture_words, sure_words, words
from recoverysim import report_words as said
from recoverysim.outcomes import SHARE_OF_DAYS
from recoverysim.pictures import beside_cost, curves_over_time, line, why_chain
from recoverysim.pictures.sheet import Picture
from recoverysim.pictures.told import told
from recoverysim.report.blocks import Block, Heading, Image, Table, Words
from recoverysim.report.the_answer import table_of
from recoverysim.shown import Answer, Card

WIDTH, HEIGHT = 700, 225  # px: of a sheet of A4, and of the curves on it
IN_RECOVERY = "in_recovery"
PLACES = ("waiting", "taxi", "station", "platform", "off", "arrived")


def the_pictures(answer: Answer, year: int) -> Iterator[Block]:
    """The blocks of the second part."""
    every = tuple(range(len(answer.worlds)))
    yield Heading(said.WHERE)
    yield from _drawn(line.line(answer, year, worlds=every, width=WIDTH))
    yield _standing(answer, year)
    yield Heading(said.CURVES)
    yield from _drawn(curves_over_time.curves(answer, IN_RECOVERY, width=WIDTH, height=HEIGHT))
    yield _over_the_years(answer)
    if answer.why.get(str(year)):
        yield Heading(picture_words.WHY_TITLE)
        yield from _drawn(why_chain.why(answer, year, width=WIDTH), said.WHY)
        yield _chain(answer, year)
    if any(one.year == year for world in answer.worlds for one in world.money):
        yield Heading(said.COST)
        yield from _drawn(beside_cost.cost(answer, year, width=WIDTH), cost_words.A_DEATH)
        for world in answer.worlds:
            for one in world.money:
                if one.year == year and one.words:
                    yield Words(f"{world.name}: {one.words}")
        yield _money(answer, year)


def _drawn(picture: Picture, before: str = "") -> Iterator[Block]:
    yield Words(f"{before} {picture.subtitle}".strip())
    yield Image(picture)
    yield Words(picture.description, "soft")


def _names(answer: Answer) -> tuple[str, ...]:
    first = answer.worlds[0].name
    return ("today" if first == "baseline" else first, *(one.name for one in answer.worlds[1:]))


def _standing(answer: Answer, year: int) -> Table:
    counted = [_counted(answer, number, year) for number in range(len(answer.worlds))]
    rows = [
        (called, *(f"{one[place]:,}" for one in counted))
        for place, called in (*said.PLACES_OF_THE_LINE, ("going", said.OF_THEM_GOING))
    ]
    caption = f"Of every 1,000 people {words.after(year)}"
    return Table(caption, ("where", *_names(answer)), tuple(rows))


def _counted(answer: Answer, world: int, year: int) -> dict[str, int]:
    """How many people are in each place, have died and go to mutual aid: as cards tell it where
    they do."""
    standing = answer.standing(world, year)
    found = {place: words.whole(getattr(standing, place).all) for place in PLACES}
    everywhere = (*(getattr(standing, place) for place in PLACES), *standing.train)
    counted = {
        IN_RECOVERY: standing.in_recovery,
        "deaths": standing.died,
        "attending": sum(one.going for one in everywhere),
    }
    on_cards = {
        name: told(answer, world, name, year)
        for name in counted
        if name != IN_RECOVERY or not answer.definition.startswith(SHARE_OF_DAYS)
    }
    counted |= {name: number for name, number in on_cards.items() if number is not None}
    return found | {
        "train": max(0, words.whole(counted[IN_RECOVERY]) - found["arrived"]),
        "died": words.whole(counted["deaths"]),
        "going": words.whole(counted["attending"]),
    }


def _over_the_years(answer: Answer) -> Table:
    rows = [
        (words.year_in_a_table(card.year).strip(), card.measure, card.year)
        for card in answer.worlds[1].cards
        if card.measure == IN_RECOVERY
    ]
    caption = f"In recovery, of every 1,000 people (* {words.EXTRAPOLATED})"
    return table_of(answer, caption, "year", rows)


def _chain(answer: Answer, year: int) -> Table:
    rows = []
    for one in answer.why[str(year)]:
        what, of = picture_words.step(one.name)
        shown = (picture_words.amount(value, one.unit, one.digits) for value in one.values)
        rows.append((f"{what}, {of}", *shown))
    caption = f"The steps {words.after(year)}"
    return Table(caption, ("step", *_names(answer)), tuple(rows), wide=True)


def _money(answer: Answer, year: int) -> Table:
    return Table(
        f"Differences {words.after(year)}, with likely ranges",
        ("scenario", "cost each, pounds", "deaths", "years of life", "QALYs"),
        tuple(
            (world.name, *map(_change, (one.pounds, one.deaths, one.life_years, one.qalys)))
            for world in answer.worlds
            for one in world.money
            if one.year == year
        ),
    )


def _change(card: Card) -> str:
    ends = sure_words.interval(card.low, card.high, card.digits)
    return f"{words.signed(card.difference, card.digits)} ({ends})"
