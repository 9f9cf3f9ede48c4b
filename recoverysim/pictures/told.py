"""Numbers of an answer as cards tell them, so that a picture never says another."""

from __future__ import annotations

from recoverysim import words
from recoverysim.shown import Answer, Card


def told(answer: Answer, world: int, measure: str, year: int) -> float | None:
    """What a card tells of a world, of today too; None where no card tells it."""
    for number, one in enumerate(answer.worlds):
        if number == 0 or world not in (0, number):
            continue
        for card in one.cards:
            if (card.measure, card.year) == (measure, year):
                return card.today if world == 0 else card.value
    return None


def is_settled(card: Card) -> bool:
    """Whether the range of a difference, with the decimals that are shown, leaves out zero."""
    if card.low is None or card.high is None:
        return False
    scale = 10**card.digits
    return words.is_settled(card.low * scale, card.high * scale)
