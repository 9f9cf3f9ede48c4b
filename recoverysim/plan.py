"""How a scenario is run: people, years, repeats, seed, and what is taken as known."""

from __future__ import annotations

import os
from dataclasses import dataclass

from recoverysim.knowledge import (
    KNOWLEDGE,
    Values,
    accepted_sets,
    central_values,
    draw_sets,
    how_many_sets,
)

MOST_CLIENTS = 20_000_000
MOST_YEARS = 20  # what the tabulated curves reach
MOST_REPEATS = 100_000


@dataclass(frozen=True)
class Plan:
    """How a scenario is run: so many clients, years and repeats, from a seed.

    `knowledge` is `accepted` (parameter sets that agree with published figures), `prior` (sets
    drawn from the declared ranges) or `none` (every number at its value, so that intervals hold
    luck alone). `threads` changes speed, never results.
    """

    clients: int = 2000
    years: int = 10
    repeats: int = 20
    seed: int = 1
    knowledge: str = "accepted"
    threads: int | None = None

    def __post_init__(self) -> None:
        for name, most in (
            ("clients", MOST_CLIENTS),
            ("years", MOST_YEARS),
            ("repeats", MOST_REPEATS),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
                raise ValueError(f"{name} should be a whole number from 1 to {most}; found {value}")
        if (
            isinstance(self.seed, bool)
            or not isinstance(self.seed, int)
            or not 0 <= self.seed < 2**64
        ):
            raise ValueError(
                f"seed should be a whole number from 0 to 2**64 - 1; found {self.seed}"
            )
        if self.threads is not None and not 1 <= self.threads <= 1024:
            raise ValueError(f"threads should be 1 to 1024; found {self.threads}")
        if self.knowledge not in KNOWLEDGE:
            raise ValueError(f"knowledge should be one of {', '.join(KNOWLEDGE)}")

    def parameter_sets(self) -> list[Values]:
        """The sets of this run; repeat r lives under set r modulo their number."""
        if self.knowledge == "none":
            return [central_values()]
        draw = accepted_sets if self.knowledge == "accepted" else draw_sets
        return list(draw(how_many_sets(self.repeats), self.seed))

    def worlds_at_a_time(self) -> int:
        """Worlds in memory at most: those that live, and those that wait to be collected."""
        return 2 * self.workers()

    def workers(self) -> int:
        """Threads to use: as asked, or the processors that this process may use."""
        if self.threads:
            return self.threads
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
