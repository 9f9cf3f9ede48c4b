"""What a worker does for the Journey page: the lives of 200 people, and one person's two lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recoverysim import words
from recoverysim.dashboard.work.looks import Dropped, Reins
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown_lives import Beside, Lives, TwinStory, YearOfTwins
from recoverysim.studies import lives
from recoverysim.studies.journey import journey
from recoverysim.studies.twins import Row


@dataclass(frozen=True)
class LivesAsked:
    """Two worlds, and the year in which the people stand as all do."""

    one: Scenario
    other: Scenario
    definition: str
    plan: Plan
    year: int

    @property
    def key(self) -> str:
        """The same for the same lives."""
        worlds = (f"{world.name} {world.hash()}" for world in (self.one, self.other))
        return " | ".join(("lives", *worlds, self.definition, repr(self.plan), str(self.year)))


@dataclass(frozen=True)
class TwinsAsked:
    """One simulated person of a repeat, in two worlds."""

    one: Scenario
    other: Scenario
    plan: Plan
    client: int
    repeat: int

    @property
    def key(self) -> str:
        """The same for the same two lives."""
        worlds = (f"{world.name} {world.hash()}" for world in (self.one, self.other))
        return " | ".join(("twins", *worlds, repr(self.plan), f"{self.client} in {self.repeat}"))


def live_the_lives(asked: LivesAsked, reins: Reins) -> Lives:
    """The people and their months; Dropped where nobody wants them any more."""
    found = lives.lives(
        asked.one, asked.other, asked.plan, asked.definition, asked.year, _count(reins)
    )
    if reins.drop():
        raise Dropped
    return found


def tell_twins(asked: TwinsAsked, reins: Reins) -> TwinStory:
    """One person's two lives, side by side; Dropped where nobody wants them any more."""
    found = journey(
        asked.one, asked.client, asked.plan, versus=asked.other, repeat=asked.repeat,
        progress=_count(reins),
    )  # fmt: skip
    twins = found.twins
    assert twins is not None
    return TwinStory(
        basis=words.basis(found.stamp),
        client=asked.client,
        repeat=asked.repeat,
        names=twins.names,
        introduction=found.introduction(),
        offers=twins.offers(),
        parted=found.parting()[0],
        summary=tuple(twins.summary()),
        years=tuple(
            YearOfTwins(one.year, tuple(one.both), _beside(one.rows)) for one in twins.years()
        ),
        stands=_beside(twins.how_it_stands()),
    )


def _beside(rows: list[Row]) -> tuple[Beside, ...]:
    return tuple(Beside(*row) for row in rows)


def _count(reins: Reins) -> Callable[[float], None]:
    """Tells how many repeats (or worlds) are done, and stops where nobody waits any more."""
    done = 0

    def one_more(_: float) -> None:
        nonlocal done
        done += 1
        reins.done(done)
        if reins.drop():
            raise Dropped

    return one_more
