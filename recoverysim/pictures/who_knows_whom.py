"""Who knows whom: the same simulated people in every world, and the ties that each world made."""

from __future__ import annotations

from recoverysim import picture_words, words
from recoverysim.pictures import letters
from recoverysim.pictures.looks import (
    INK,
    LARGE,
    RULE,
    SMALL,
    SOFT,
    TRACK,
    WAITING,
    WHITE,
    look,
)
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.shown import Company, Network

NARROW = 560.0  # px: under this one world stands under another
BETWEEN, EDGE, HEAD, LOWEST, HIGHEST = 20.0, 6.0, 26.0, 200.0, 380.0  # px
RECOVERING, OTHER = 4.2, 3.0  # px, radius


def network(network: Network, width: float = 1100.0) -> Picture:
    """Small pictures side by side. People who have died are not drawn; the text counts them."""
    said, table = [], []
    for number, one in enumerate(network.worlds):
        called = picture_words.name(number, one.name)
        there = [not died for died in one.died]
        recovering = sum(a and b for a, b in zip(there, one.in_recovery))
        going = sum(a and b for a, b in zip(there, one.going))
        said.append(picture_words.network_line(called, sum(there), recovering, going))
        table += _table(network, one, called)
    dead = [sum(one.died) for one in network.worlds]
    if any(dead):
        said.append(picture_words.network_died(dead))
    return Picture(
        name=f"network-{network.year}",
        title=f"{picture_words.NETWORK_TITLE} {words.after(network.year)}",
        subtitle=picture_words.NETWORK_SUBTITLE,
        description=" ".join(said) or picture_words.NOBODY,
        sheet=_sheet(network, width),
        table=tuple(table),
        said=(picture_words.simulated(network.basis),),
    )


def _sheet(network: Network, width: float) -> Sheet:
    many = max(1, len(network.worlds))
    abreast = 1 if width < NARROW else min(many, max(2, int(width / 330)))
    across = (width - 2 * EDGE - BETWEEN * (abreast - 1)) / abreast
    tall = min(max(0.72 * across, LOWEST), HIGHEST)
    sheet = Sheet(width, 0.0)
    top = _key(sheet)
    for number, one in enumerate(network.worlds):
        row, column = divmod(number, abreast)
        x, y = EDGE + column * (across + BETWEEN), top + row * (HEAD + tall + 14)
        mine = look(number)
        called = picture_words.name(number, one.name)
        sheet.text(x, y + 15, letters.fitted(called, across, LARGE, True), size=LARGE,
                   colour=mine.colour, bold=True)  # fmt: skip
        _world(sheet, network, one, number, x, y + HEAD, across, tall)
    rows = -(-len(network.worlds) // abreast)
    sheet.height = top + rows * (HEAD + tall + 14)
    return sheet


def _world(
    sheet: Sheet, network: Network, one: Company, number: int, x: float, y: float, across: float,
    tall: float,
) -> None:  # fmt: skip
    colour, inset = look(number).colour, 8.0
    sheet.rect(x, y, across, tall, "", edge=RULE)
    at = [
        (x + inset + (across - 2 * inset) * a, y + inset + (tall - 2 * inset) * b)
        for a, b in zip(network.x, network.y)
    ]
    ties = [(a, b) for a, b in one.ties if not (one.died[a] or one.died[b])]
    both = [one.in_recovery[a] and one.in_recovery[b] for a, b in ties]
    for wanted in (False, True):  # ties in recovery on top of others
        for (a, b), recovering in zip(ties, both):
            if recovering == wanted:
                sheet.line([at[a], at[b]], colour if wanted else TRACK, 1.3 if wanted else 0.7,
                           opacity=0.75 if wanted else 0.8)  # fmt: skip
    for person in sorted(range(len(at)), key=lambda person: one.in_recovery[person]):
        if not one.died[person]:
            recovering = one.in_recovery[person]
            sheet.sign(
                "circle" if recovering else "diamond", *at[person],
                RECOVERING if recovering else OTHER, colour if recovering else WAITING,
                filled=one.going[person], css="person", key=person, width=1.3,
            )  # fmt: skip


def _key(sheet: Sheet) -> float:
    """What signs mean; gives the y under it."""
    x, y = EDGE, 13.0
    signs = (("circle", RECOVERING, INK, True), ("circle", RECOVERING, INK, False),
             ("diamond", OTHER, WAITING, True), ("diamond", OTHER, WAITING, False))  # fmt: skip
    entries = zip(signs, picture_words.NETWORK_KEY)
    for (sign, radius, colour, filled), said in entries:
        wide = 14 + letters.width(said, SMALL)
        if x + wide > sheet.width - EDGE:
            x, y = EDGE, y + 18
        sheet.sign(sign, x + 5, y - 4, radius, colour if filled else colour or WHITE, filled=filled)
        sheet.text(x + 14, y, said, size=SMALL, colour=SOFT)
        x += wide + 18
    return y + 14


def _table(network: Network, one: Company, called: str) -> list[dict[str, object]]:
    ties = [0] * len(one.going)
    for a, b in one.ties:
        if not (one.died[a] or one.died[b]):
            ties[a], ties[b] = ties[a] + 1, ties[b] + 1
    return [
        {
            "world": called, "year": network.year, "person": person,
            "in_recovery": one.in_recovery[person], "goes_to_mutual_aid": one.going[person],
            "ties": ties[person],
        }
        for person in range(len(ties))
        if not one.died[person]
    ]  # fmt: skip
