"""What is shown of an answer: plain numbers, made once for screen, picture, report, table and link.

An `Answer` is a comparison as people meet it. It holds no arrays and no model, so that it goes from
one process to another, into a file and back. Counts of people are per 1,000 who started, the dead
included. World 0 is what the others are compared with.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Any

WEEKS_A_STRETCH = 13  # of the line from Edinburgh to London: a quarter of a year, 20 miles
STRETCHES = 20  # 400 miles, five years
# Where somebody is on the way; everybody is in exactly one place (`Standing` says what each means).
PLACES = ("waiting", "taxi", "station", "platform", "off", "train", "arrived", "died")


@dataclass(frozen=True)
class Card:
    """One measure in one year in one world beside world 0.

    `today`, `difference` and `value` are rounded, and `value` is the sum of the other two, so that
    what is printed adds up. The ranges are those of the difference, not rounded; None where they
    are not known. `digits`: how many decimals are shown.
    """

    measure: str
    year: int
    today: float
    difference: float
    value: float
    low: float | None
    high: float | None
    luck_low: float | None
    luck_high: float | None
    digits: int = 0


@dataclass(frozen=True)
class People:
    """People somewhere, per 1,000: those who go to mutual aid, and those who do not."""

    going: float
    not_going: float

    @property
    def all(self) -> float:
        """Both together."""
        return self.going + self.not_going


@dataclass(frozen=True)
class Standing:
    """Where people are in one year, per 1,000, as the line from Edinburgh to London tells it.

    Everybody is in one place; with `died` they sum to 1,000. On the train is who is in recovery by
    the chosen definition, by the time since they last used: `train[i]` holds those of the i-th
    quarter of a year, `arrived` those of five years and more.
    """

    year: int
    waiting: People  # for care
    taxi: People  # in detox
    station: People  # in treatment, not yet in recovery
    platform: People  # out of care and not using, not yet for long enough to be in recovery
    off: People  # out of care and using: off the train, can board again
    train: tuple[People, ...]
    arrived: People
    died: float

    @property
    def in_recovery(self) -> float:
        """On the train or arrived."""
        return sum(one.all for one in self.train) + self.arrived.all


@dataclass(frozen=True)
class Curve:
    """One measure of one world over the weeks, per 1,000: mean, and both 95% ranges of it."""

    measure: str
    weeks: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    luck_low: tuple[float, ...]
    luck_high: tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """One link of the chain of why: a number in every world, world 0 first; `unit` per 1,000, %."""

    name: str
    unit: str
    values: tuple[float, ...]
    digits: int = 0


@dataclass(frozen=True)
class Money:
    """Cost beside lives in one year, and how likely it is worth it: always read together."""

    year: int
    pounds: Card
    deaths: Card
    life_years: Card
    qalys: Card
    words: str


@dataclass(frozen=True)
class World:
    """One world as it is shown; of world 0 cards, money and sentences are empty."""

    name: str
    question: str
    sentences: dict[str, str]  # by year
    deaths_sentences: dict[str, str]  # by year
    cards: tuple[Card, ...]
    standings: tuple[Standing, ...]  # one for each reported year
    curves: tuple[Curve, ...]
    money: tuple[Money, ...]
    notes: tuple[str, ...]
    settings: dict[str, Any]  # key -> value, as it differs from world 0


@dataclass(frozen=True)
class Answer:
    """A comparison as it is shown; `quick` where it is a first look from few people."""

    stamp: dict[str, Any]
    basis: str
    years: tuple[int, ...]
    definition: str
    meaning: str
    quick: bool
    done: int  # repeats, of
    of: int
    worlds: tuple[World, ...]
    why: dict[str, tuple[Step, ...]]  # by year

    def card(self, world: int, measure: str, year: int) -> Card:
        """One number; StopIteration where it is not told."""
        cards = self.worlds[world].cards
        return next(one for one in cards if (one.measure, one.year) == (measure, year))

    def standing(self, world: int, year: int) -> Standing:
        """Where people are in a year."""
        return next(one for one in self.worlds[world].standings if one.year == year)

    def to_json(self) -> dict[str, Any]:
        """The same as mappings and lists."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(content: dict[str, Any]) -> Answer:
        """An answer from what `to_json` gave; KeyError or TypeError for anything else."""
        return typing.cast(Answer, _read(Answer, content))


@dataclass(frozen=True)
class Company:
    """Who knows whom in one world, among the people of a `Network`; each by their number there."""

    name: str
    ties: tuple[tuple[int, int], ...]
    going: tuple[bool, ...]  # to mutual aid
    in_recovery: tuple[bool, ...]
    died: tuple[bool, ...]


@dataclass(frozen=True)
class Network:
    """Some simulated people in one year, at the same places (0 to 1) in every world."""

    year: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    worlds: tuple[Company, ...]
    basis: str


@dataclass(frozen=True)
class Months:
    """Where people of one world are month by month, per 1,000 who started.

    `places`: waiting, taxi, station, platform, off, train, arrived, as in a `Standing`, and died;
    without it what is missing to 1,000 have died.
    """

    name: str
    months: tuple[int, ...]
    places: dict[str, tuple[float, ...]]
    basis: str


@dataclass(frozen=True)
class Flow:
    """How many, per 1,000 who started, were in one place in one year and in another in the next
    that is told ('died' may be that)."""

    year: int
    place: str
    next_year: int
    next_place: str
    people: float


@dataclass(frozen=True)
class Flows:
    """The flows of one world between the years that are told, in order."""

    name: str
    years: tuple[int, ...]
    flows: tuple[Flow, ...]
    basis: str


def _read(kind: Any, content: Any) -> Any:
    """Content as the type that a field declares."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        fields = typing.get_type_hints(kind)
        unknown = set(content) - set(fields)
        if unknown:
            raise KeyError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        return kind(**{name: _read(fields[name], content[name]) for name in fields})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return tuple(_read(inner[0], one) for one in content)
    if origin is dict:
        return {str(key): _read(inner[1], one) for key, one in content.items()}
    if origin is types.UnionType:
        return None if content is None else _read(inner[0], content)
    if kind is Any:
        return content
    if kind is float and isinstance(content, int) and not isinstance(content, bool):
        return float(content)
    if not isinstance(content, kind):
        raise TypeError(f"{kind.__name__} expected, found {type(content).__name__}")
    return content
