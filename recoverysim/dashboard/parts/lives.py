"""Two hundred people on the line, month by month: played in the browser, without the server."""

from __future__ import annotations

from typing import Any

import solara

from recoverysim import lives_words, words
from recoverysim.picture_words import name
from recoverysim.pictures.dots import Block
from recoverysim.pictures.line import NARROW
from recoverysim.pictures.line_of_lives import Ground, ground
from recoverysim.pictures.looks import RETURNED, WAITING, look
from recoverysim.pictures.told import told
from recoverysim.shown import PLACES, Answer
from recoverysim.shown_lives import LETTERS, Lives

# px that each form is drawn for, and from which width it is taken; it grows with the screen.
FORMS = ((1100.0, 900), (700.0, int(NARROW)), (340.0, 0))


@solara.component_vue("lives.vue")
def _Lives(
    worlds: list[dict[str, Any]],
    weeks: list[int],
    places: list[list[str]],
    letters: str,
    grounds: list[dict[str, Any]],
    colours: dict[str, str],
    words: dict[str, Any],
    speeds: list[list[Any]],
    asked: list[int],
) -> None:
    """Plays; everything is there from the start."""


def play(lives: Lives, answer: Answer | None, world: int, asked: tuple[int, int]) -> None:
    """The line of two worlds, the other of which is number `world` of the answer.

    With an answer, the last month says what its cards say. `asked`: whom to follow, and how often
    somebody was asked for, so that the same can be asked for again.
    """
    numbers = (0, world)
    totals = [totals_of(lives, row, answer, number) for row, number in enumerate(numbers)]
    _Lives(
        worlds=[
            {
                "called": name(number, one.name),
                "colour": look(number).colour,
                "months": list(one.months),
                "totals": each,
            }
            for number, one, each in zip(numbers, lives.worlds, totals, strict=True)
        ],
        weeks=list(lives.weeks),
        places=[[place, lives_words.ON_THE_LINE[place]] for place in PLACES],
        letters=LETTERS,
        grounds=_grounds(lives, world),
        colours={"waiting": WAITING, "off": RETURNED},
        words=lives_words.JOURNEY
        | {"simulated": words.SIMULATED, "quarters": lives_words.quarters()},
        speeds=[list(one) for one in lives_words.SPEEDS],
        asked=list(asked),
    )


def _grounds(lives: Lives, world: int) -> list[dict[str, Any]]:
    return [_plain(ground(lives, width, world)) | {"from": least} for width, least in FORMS]


def _plain(one: Ground) -> dict[str, Any]:
    return {
        "width": one.width,
        "height": round(one.height, 1),
        "marks": one.marks,
        "blocks": [{cell: _block(block) for cell, block in each.items()} for each in one.blocks],
        "radius": one.radius,
        "heads": [list(head) for head in one.heads],
        "down": one.down,
    }


def _block(block: Block) -> list[float]:
    return [round(number, 2) for number in block]


def totals_of(lives: Lives, row: int, answer: Answer | None, world: int) -> list[list[int]]:
    """People per 1,000 in each place and month, rounded; in the last month as cards tell them."""
    totals = [[words.whole(people) for people in month] for month in lives.worlds[row].totals]
    if answer is not None:
        _as_on_cards(totals[-1], answer, world, lives.year)
    return totals


def _as_on_cards(last: list[int], answer: Answer, world: int, year: int) -> None:
    """Of the last month, in recovery and died as the cards tell them: rounded once."""
    recovered, died = (told(answer, world, measure, year) for measure in ("in_recovery", "deaths"))
    if recovered is not None:
        train = words.whole(recovered) - last[PLACES.index("arrived")]
        last[PLACES.index("train")] = max(0, train)
    if died is not None:
        last[PLACES.index("died")] = words.whole(died)
