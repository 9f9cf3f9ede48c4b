"""What a worker process does: live worlds and reckon an answer. It keeps what it lived lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import Answer
from recoverysim.studies.answering import answer
from recoverysim.studies.compare import refuse_what_cannot_be_compared
from recoverysim.studies.sides import Side, joined, live_side, order

SIDES_KEPT = 24  # an exact one has some 25 MB, a quick one some 3
AT_A_TIME = 2  # repeats: after so many it is asked whether the answer is still wanted

_PARTS: OrderedDict[str, list[Side]] = OrderedDict()


@dataclass(frozen=True)
class Look:
    """What is to be answered: worlds, the first is compared with; from how many people."""

    worlds: tuple[Scenario, ...]
    definition: str
    plan: Plan
    quick: bool

    @property
    def key(self) -> str:
        """The same for the same answer."""
        worlds = (f"{one.name} {one.hash()}" for one in self.worlds)
        return " | ".join((*worlds, self.definition, repr(self.plan), str(self.quick)))


@dataclass(frozen=True)
class Reins:
    """How a worker is told to stop, and tells how far it is."""

    stop: Callable[[], bool] = lambda: False
    drop: Callable[[], bool] = lambda: False
    done: Callable[[int], None] = lambda repeats: None


class Dropped(Exception):
    """Nobody wants the answer any more."""


def look(asked: Look, reins: Reins) -> Answer:
    """Live what is not lived yet, two repeats at a time and all worlds in turn, and answer.

    Told to stop, it answers from the repeats that are done, of which there are two at least. What
    is dropped stays lived: asked again, it goes on. Raises what `compare` raises.
    """
    first, *others = asked.worlds
    refuse_what_cannot_be_compared(first, others)
    sides = [_parts(one, asked) for one in asked.worlds]
    whole = list(_chunks(asked))
    for round_, numbers in enumerate(whole):
        for world, parts in zip(asked.worlds, sides, strict=True):
            if asked.quick and len(parts) > round_:
                continue
            if reins.drop():
                raise Dropped
            if len(parts) <= round_:
                parts.append(live_side(world, asked.plan, asked.definition, numbers))
        done = sum(len(part.numbers) for part in sides[-1][: round_ + 1])
        reins.done(done)
        if reins.stop() and round_ + 1 < len(whole):
            return _answer(asked, sides, round_ + 1)
    return _answer(asked, sides, len(whole))


def _answer(asked: Look, sides: list[list[Side]], rounds: int) -> Answer:
    first, *others = (joined(parts[:rounds]) for parts in sides)
    return answer(first, tuple(others), asked.definition, of=asked.plan.repeats, quick=asked.quick)


def _chunks(asked: Look) -> Iterator[list[int]]:
    """The repeats of a plan in the order in which they are lived; a quick look's all at once."""
    numbers = order(asked.plan)
    size = len(numbers) if asked.quick else AT_A_TIME
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]


def _parts(world: Scenario, asked: Look) -> list[Side]:
    """What was lived of a world before, to be added to."""
    key = f"{world.name} {world.hash()} {asked.definition} {asked.plan!r}"
    parts = _PARTS.setdefault(key, [])
    _PARTS.move_to_end(key)
    while len(_PARTS) > SIDES_KEPT:
        _PARTS.popitem(last=False)
    return parts
