"""What is shown of lives: the people behind the dots, month by month, and twins beside each other.

Plain, as everything that is shown (`shown.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recoverysim.shown import Flow

# One letter for where somebody is in one month: the place in this row of a kind (PLACES, then the
# stretches of the train), 32 further on for who goes to mutual aid; NOT_THERE before they come.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NOT_THERE = "."


@dataclass(frozen=True)
class LivesIn:
    """One world: the months of the chosen people, and the totals of all people.

    `months`: for each of the chosen, a letter a month (LETTERS). `totals`: for each month, of 1,000
    people who have come, how many are in each of PLACES; `going` how many go to mutual aid.
    """

    name: str
    months: tuple[str, ...]
    totals: tuple[tuple[float, ...], ...]
    going: tuple[float, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class SimulatedPerson:
    """Somebody whose two lives can be read side by side.

    `number`: from 1, among the dots; further on for who is not. `kind`: in recovery at the end
    'with' the change only, 'without' it only, in 'both' worlds or in 'neither'. `client` and
    `repeat` find them again. `told`: one line for each world.
    """

    number: int
    is_a_dot: bool
    kind: str
    client: int
    repeat: int
    who: str
    told: tuple[str, ...]
    harm: str  # what harm the model knows of was at work in the second world only


@dataclass(frozen=True)
class OfHundred:
    """Of 100 people, in recovery either way, neither way, and more (or fewer) with the change.

    Only the net difference can be estimated: this is the least number of people who differ.
    """

    both: int
    neither: int
    net: int


@dataclass(frozen=True)
class Lives:
    """The same 200 simulated people in two worlds, who together stand as all do in `year`.

    `off_by`: by how many dots any place is off at most. `apart`: of how many people, in all repeats
    together, how many were in recovery with the change only, and without it only.
    """

    stamp: dict[str, Any]
    basis: str
    definition: str
    meaning: str
    year: int
    weeks: tuple[int, ...]
    worlds: tuple[LivesIn, ...]
    people: tuple[SimulatedPerson, ...]
    of_100: OfHundred
    apart: tuple[int, int, int]
    off_by: int


@dataclass(frozen=True)
class Beside:
    """When, and what is said of it in one world and in the other; empty where nothing happens."""

    when: str
    one: str
    other: str


@dataclass(frozen=True)
class YearOfTwins:
    """A year of two lives: in lines where both are the same, else in rows."""

    year: int
    both: tuple[str, ...]
    rows: tuple[Beside, ...]


@dataclass(frozen=True)
class TwinStory:
    """One simulated person's two lives, told side by side.

    `summary` says in which week they part and why. `parted`: the last week in which they are the
    same, None where they never part.
    """

    basis: str
    client: int
    repeat: int
    names: tuple[str, str]
    introduction: str
    offers: str
    parted: int | None
    summary: tuple[str, ...]
    years: tuple[YearOfTwins, ...]
    stands: tuple[Beside, ...]
