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
from recoverysim.shown import Answer, Card, World

MOST_TOLD = 5  # settings beyond what was seen, on the first page
ROOM = {1: 6, 2: 4}  # cards on the first page, by how many scenarios are told; else 3


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
        yield Words(" ".join(filter(None, sentences)), "answer")
    yield _cards(answer, year)
    stamp = answer.stamp
    yield Words(
        said.LIKELY
        + " "
        + said.who(
            answer.done, stamp["clients"], stamp["years"], answer.meaning,
            is_open=scenarios[0].is_open,
        ),
        "soft",
    )  # fmt: skip
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
    beyond = [
        one.beyond_studies for one in every if not any(one.key in note for note in notes)
    ]
    if beyond:
        yield said.beyond_studies(_first(beyond))
    elif not every:
        yield said.NOTHING_BEYOND
    if practice := [one.beyond_practice for one in settings if one.beyond_practice]:
        yield said.beyond_practice(_first(practice))
    found = validated()
    yield said.checked(found.met, found.figures, found.of("test").met, found.of("test").figures)


def _first(told: list[str]) -> list[str]:
    left = len(told) - MOST_TOLD
    return told if left <= 0 else [*told[:MOST_TOLD], f"and {left} more (in part 3)"]


def _cards(answer: Answer, year: int) -> Table:
    base = answer.worlds[0].name
    rows = tuple(
        (one.name, measure(card.measure), *numbers_of(card))
        for one in answer.worlds[1:]
        for card in _deaths_first(one, year)[: ROOM.get(len(answer.worlds) - 1, 3)]
    )
    return Table(
        f"In every 1,000 people {words.after(year)}",
        ("scenario", "measure", "today" if base == "baseline" else base, "difference", "scenario",
         "likely range", "luck alone", "told from zero?"),
        rows, words=2,
    )  # fmt: skip


def _deaths_first(world: World, year: int) -> list[Card]:
    found = [card for card in world.cards if card.year == year]
    return sorted(found, key=lambda card: card.measure != "deaths")


def measure(name: str) -> str:
    """A measure as people say it."""
    return said.MEASURES.get(name) or words.MEASURES.get(name, name.replace("_", " "))


def numbers_of(card: Card) -> tuple[str, ...]:
    """Today, the difference, the scenario, both ranges, and whether it is told from zero."""
    return (
        f"{card.today:,.{card.digits}f}", words.signed(card.difference, card.digits),
        f"{card.value:,.{card.digits}f}", sure_words.interval(card.low, card.high, card.digits),
        sure_words.interval(card.luck_low, card.luck_high, card.digits),
        sure_words.verdict(card.difference, card.low, card.high),
    )  # fmt: skip
