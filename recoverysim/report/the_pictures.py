"""Second part: pictures, each with the numbers that it draws in a sentence and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from recoverysim import report_words as said
from recoverysim import sure_words, words
from recoverysim.pictures import beside_cost, curves_over_time, line, why_chain
from recoverysim.report.blocks import Block, Heading, Image, Table, Words
from recoverysim.report.the_answer import numbers_of
from recoverysim.shown import Answer, Card, People, Standing

WIDTH = 700  # px: of a sheet of A4
IN_RECOVERY = "in_recovery"


def the_pictures(answer: Answer, year: int) -> Iterator[Block]:
    """The blocks of the second part."""
    every = tuple(range(len(answer.worlds)))
    yield Heading("Where people are")
    yield Words(said.LINE.format(after=words.after(year)))
    yield from _image(line.line(answer, year, worlds=every, width=WIDTH))
    yield _standing(answer, year)
    yield Heading("In recovery over the years")
    yield Words(said.CURVES)
    yield from _image(curves_over_time.curves(answer, IN_RECOVERY, width=WIDTH))
    yield _over_the_years(answer)
    if answer.why.get(str(year)):
        yield Heading("Why it changes")
        yield Words(said.WHY)
        yield from _image(why_chain.why(answer, year, width=WIDTH))
        yield _chain(answer, year)
    if any(one.year == year for world in answer.worlds for one in world.money):
        yield Heading("Costs beside lives")
        yield Words(said.COST)
        yield from _image(beside_cost.beside_cost(answer, year, width=WIDTH))
        yield from _money(answer, year)


def _image(picture: object) -> Iterator[Block]:
    yield Image(picture)  # type: ignore[arg-type]
    yield Words(picture.description, "soft")  # type: ignore[attr-defined]


def _names(answer: Answer) -> tuple[str, ...]:
    first = answer.worlds[0].name
    return ("today" if first == "baseline" else first, *(one.name for one in answer.worlds[1:]))


def _standing(answer: Answer, year: int) -> Table:
    standings = [answer.standing(number, year) for number in range(len(answer.worlds))]
    rows = [
        (told, *(f"{words.whole(_there(one, place).all):,}" for one in standings))
        for place, told in said.PLACES_OF_THE_LINE
    ]
    rows.append((words.MEASURES["deaths"], *(f"{words.whole(one.died):,}" for one in standings)))
    going = (sum(_there(one, place).going for place, _ in said.PLACES_OF_THE_LINE)
             for one in standings)  # fmt: skip
    rows.append((said.OF_THEM_GOING, *(f"{words.whole(one):,}" for one in going)))
    caption = f"Of every 1,000 people {words.after(year)}"
    return Table(caption, ("where", *_names(answer)), tuple(rows))


def _there(standing: Standing, place: str) -> People:
    if place != "train":
        found: People = getattr(standing, place)
        return found
    return People(
        sum(one.going for one in standing.train), sum(one.not_going for one in standing.train)
    )


def _over_the_years(answer: Answer) -> Table:
    rows = [
        (one.name, words.year_in_a_table(card.year).strip(), *numbers_of(card))
        for one in answer.worlds[1:]
        for card in one.cards
        if card.measure == IN_RECOVERY
    ]
    return Table(
        f"In recovery, of every 1,000 people (* {words.EXTRAPOLATED})",
        ("scenario", "year", _names(answer)[0], "difference", "scenario", "likely range",
         "luck alone", "told from zero?"),
        tuple(rows),
    )  # fmt: skip


def _chain(answer: Answer, year: int) -> Table:
    rows = [
        (said.STEPS.get(one.name, one.name), one.unit, *(f"{value:,.{one.digits}f}" for value in one.values))
        for one in answer.why[str(year)]
    ]
    return Table(
        f"The steps {words.after(year)}", ("step", "counted in", *_names(answer)), tuple(rows), 2
    )


def _money(answer: Answer, year: int) -> Iterator[Block]:
    found = [
        (world.name, one) for world in answer.worlds for one in world.money if one.year == year
    ]
    yield Table(
        f"Differences {words.after(year)}, with likely ranges",
        ("scenario", "cost each, pounds", "deaths", "years of life", "QALYs"),
        tuple(
            (name, *map(_change, (one.pounds, one.deaths, one.life_years, one.qalys)))
            for name, one in found
        ),
    )
    for name, one in found:
        yield Words(f"“{name}”: {one.words}", "soft")


def _change(card: Card) -> str:
    ends = sure_words.interval(card.low, card.high, card.digits)
    return f"{words.signed(card.difference, card.digits)} ({ends})"
