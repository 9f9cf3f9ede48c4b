"""First part: the answer, its limits, and what it rests on. Deaths go before all else."""

from __future__ import annotations

from collections.abc import Iterator

from recoverysim import grounds, sure_words, words
from recoverysim import report_words as said
from recoverysim.evidence.validated import validated
from recoverysim.quantities import ASSUMED
from recoverysim.report.blocks import Block, Heading, Points, Table, Words
from recoverysim.report.set_here import Setting
from recoverysim.scenario import Scenario
from recoverysim.settings import all_quantities
from recoverysim.shown import Answer, Card

MOST_TOLD = 5  # settings beyond what was seen, on the first page
FEW = 2  # scenarios whose sentences stand by themselves
FEWER_CARDS = 4  # for more scenarios than that, so that the first page holds them


def the_answer(
    answer: Answer, scenarios: tuple[Scenario, ...], year: int, settings: list[Setting]
) -> Iterator[Block]:
    """The blocks of the first part."""
    base = answer.worlds[0]
    yield Words(f"{words.SIMULATED} {words.MEDICATION}", "warning")
    if answer.quick:
        yield Words(said.QUICK, "warning")
    if answer.done < answer.of:
        yield Words(said.stopped(answer.done, answer.of), "warning")
    yield Heading("What was asked")
    yield Points(
        tuple(
            f"{said.called(number, one.name, base.name)}: {one.question}".rstrip(": ")
            for number, one in enumerate(answer.worlds)
        )
    )
    yield Words(f"{said.WHAT_IT_IS} {said.MUTUAL_AID}")
    yield Heading("What came out")
    for one in answer.worlds[1:]:
        sentences = one.deaths_sentences.get(str(year), ""), one.sentences.get(str(year), "")
        told = [sentence for sentence in sentences if sentence]
        few = len(answer.worlds) - 1 <= FEW
        yield from (Words(one, "answer") for one in (told if few else [" ".join(told)]))
    yield _cards(answer, year)
    stamp = answer.stamp
    yield Words(
        f"{said.LIKELY_BY_LUCK if stamp['knowledge'] == 'none' else said.LIKELY} {said.TOO_CLOSE} "
        + said.who(
            answer.done, stamp["clients"], stamp["years"], answer.meaning,
            is_open=scenarios[0].is_open,
        ),
        "soft",
    )  # fmt: skip
    yield Words(answer.basis, "soft")
    yield Heading("Limits")
    limits = list(said.LIMITS)
    if any(one.key.startswith("medication_policy.") for one in settings):
        limits.append(said.POLICY_LIMIT)
    if not any(one.has_limits for one in scenarios):
        limits.append(said.PLACES)
    if len(answer.worlds) > 2:
        limits.append(said.OVERLAP.format(base=base.name))
    yield Points(tuple(limits))
    yield Heading("What it rests on")
    yield Points(tuple(_rests_on(answer, settings)))


def _rests_on(answer: Answer, settings: list[Setting]) -> Iterator[str]:
    turned_on = grounds.of_every_answer()
    yield said.rests_on(
        grounds.by_grade()[ASSUMED], len(all_quantities()), len(turned_on),
        grounds.by_grade(turned_on)[ASSUMED],
    )  # fmt: skip
    if (means := sure_words.KNOWLEDGE.get(answer.stamp["knowledge"])) is not None:
        yield means
    notes = [f"“{one.name}”: {note}" for one in answer.worlds for note in one.notes]
    yield from notes
    every = [one for one in settings if one.beyond_studies]
    beyond = [one.beyond_studies for one in every if not any(one.key in note for note in notes)]
    if beyond:
        yield said.beyond_studies(_first(beyond))
    if practice := [one.beyond_practice for one in settings if one.beyond_practice]:
        yield said.beyond_practice(_first(practice))
    if not every and not practice:
        yield said.NOTHING_BEYOND
    found = validated()
    yield said.checked(found.met, found.figures, found.of("test").met, found.of("test").figures)


def _first(told: list[str]) -> list[str]:
    left = len(told) - MOST_TOLD
    return told if left <= 0 else [*told[:MOST_TOLD], f"and {left} more (in part 3)"]


def _cards(answer: Answer, year: int) -> Table:
    told = sorted(_cards_of(answer, 1, year), key=lambda card: card.measure != "deaths")
    if len(answer.worlds) - 1 > FEW:
        told = told[:FEWER_CARDS]
    rows = [(measure(one.measure), one.measure, year) for one in told]
    return table_of(answer, f"In every 1,000 people {words.after(year)}", "measure", rows)


def _cards_of(answer: Answer, world: int, year: int) -> list[Card]:
    return [card for card in answer.worlds[world].cards if card.year == year]


def table_of(answer: Answer, caption: str, what: str, rows: list[tuple[str, str, int]]) -> Table:
    """A table of cards: `rows` are what each is called, its measure, and its year.

    One scenario has a column for each number; of several each has one column for all.
    """
    base, *others = answer.worlds
    today = "today" if base.name == "baseline" else base.name
    found = [
        (called, [answer.card(number, name, year) for number in range(1, len(answer.worlds))])
        for called, name, year in rows
    ]
    if len(others) == 1:
        head = (
            what,
            today,
            others[0].name,
            "difference",
            "likely range",
            "luck alone",
            "told from zero?",
        )
        return Table(caption, head, tuple((called, *_apart(card)) for called, (card,) in found))
    return Table(
        f"{caption}: scenario, difference, (likely range; luck alone)",
        (what, today, *(one.name for one in others)),
        tuple(
            (called, _number(cards[0].today, cards[0]), *map(_together, cards))
            for called, cards in found
        ),
    )


def _number(number: float, card: Card) -> str:
    return f"{number:,.{card.digits}f}".replace("-", "−")


def _ranges(card: Card) -> tuple[str, str]:
    return (
        sure_words.interval(card.low, card.high, card.digits),
        sure_words.interval(card.luck_low, card.luck_high, card.digits),
    )


def _apart(card: Card) -> tuple[str, ...]:
    """Today, the scenario, the difference, both ranges, and whether it is told from zero."""
    verdict = sure_words.verdict(card.difference, card.low, card.high)
    return (
        _number(card.today, card), _number(card.value, card),
        words.signed(card.difference, card.digits), *_ranges(card), verdict,
    )  # fmt: skip


def _together(card: Card) -> str:
    """The scenario, the difference and both ranges in one cell, and where it is a tie, that."""
    likely, luck = _ranges(card)
    said_so = "" if words.is_settled(card.low, card.high) else said.TIE
    difference = words.signed(card.difference, card.digits)
    return f"{_number(card.value, card)}, {difference} ({likely}; {luck}){said_so}"


def measure(name: str) -> str:
    """A measure as people say it."""
    return said.MEASURES.get(name) or words.MEASURES.get(name, name.replace("_", " "))
