"""One simulated person's life, watched week by week, and the same person's in another world.

Nothing is added to the rules for it: the whole world is lived, and one row of the table of clients
is copied every week. What happened follows from how the row changed (`life.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recoverysim import codes, story
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, refuse_without_twins
from recoverysim.studies.life import Life
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.stamp import stamp
from recoverysim.studies.telling import ending, story_of
from recoverysim.studies.twins import Twins
from recoverysim.surroundings import GONE, OUTSIDERS, SEEN_IN_RECOVERY
from recoverysim.world import World, seed_of_repeat


@dataclass(frozen=True, repr=False)
class Journey:
    """One person's life in one world, or in two."""

    stamp: dict[str, Any]
    client: int
    lives: tuple[Life, ...]

    @property
    def traits(self) -> dict[str, Any]:
        """Who this is, at entry."""
        row = self.lives[0].rows[0]
        return {
            "substance": codes.SUBSTANCES[row["substance"]],
            "age": float(row["age"]),
            "woman": bool(row["female"]),
            "mental_health_need": bool(row["psychiatric_need"]),
            "goal": codes.GOALS[row["goal"]],
            "earlier_contact": bool(row["earlier_contact"]),
            "motivation": float(row["readiness"] + row["mood"]),
        }

    @property
    def twins(self) -> Twins | None:
        """The two lives beside each other; None for one world alone."""
        return Twins(*self.lives) if len(self.lives) == 2 else None

    def introduction(self) -> str:
        """Who this is, in words."""
        who, life = self.traits, self.lives[0]
        comes = story.comes(int(life.rows[0]["arrives"]), life.they)
        return comes + story.person(
            self.client, who["substance"], who["age"], female=who["woman"],
            need=who["mental_health_need"], goal=who["goal"], been_before=who["earlier_contact"],
            going=int(life.rows[0]["attendance"]) in story.GOING, ready=who["motivation"],
            people_around=story.company_at_first(*life.company[0], life.they),
        )  # fmt: skip

    def parting(self) -> tuple[int | None, str | None]:
        """The last week in which twins are the same, and the step by which they part; or None."""
        return self.twins.parting() if self.twins else (None, None)

    def to_json(self) -> dict[str, Any]:
        """Client, traits, worlds with events and story, and where twins part (docs/commands.md)."""
        week, because = self.parting()
        return {
            "stamp": self.stamp,
            "client": self.client,
            "traits": self.traits,
            "introduction": self.introduction(),
            "worlds": [
                {
                    "scenario": life.scenario.name,
                    "events": [
                        {"week": e.week, "event": e.event, "why": story.together(e.why, e.around)}
                        for e in life.events()
                    ],
                    "story": story_of(life),
                }
                for life in self.lives
            ],
            "parted_week": week,
            "parted_because": because,
            "summary": self.twins.summary() if self.twins else ending(self.lives[0]),
        }


def journey(
    scenario: Scenario,
    client: int,
    plan: Plan,
    *,
    versus: Scenario | None = None,
    repeat: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Journey:
    """One client's life under a scenario and, with `versus`, the same client's in another world.

    It is the life that `run` keeps for the same settings: the same repeat, people and luck.
    `progress` is called after each world. Raises ValueError for a client or repeat that the plan
    does not hold, and NoRoom where such a world does not fit into memory.
    """
    if not 1 <= client <= plan.clients:
        raise ValueError(f"client should be from 1 to {plan.clients}; found {client}")
    if versus is not None:
        refuse_without_twins(versus, scenario)
    if not 0 <= repeat < plan.repeats:
        raise ValueError(f"repeat should be from 0 to {plan.repeats - 1}; found {repeat}")
    refuse_what_does_not_fit(replace(plan, repeats=1, threads=1), journeys_of=plan.clients)
    worlds = [scenario] if versus is None else [scenario, versus]
    lives = []
    for one in worlds:
        lives.append(_watch(one, client, plan, repeat))
        if progress is not None:
            progress(1)
    return Journey(stamp(worlds, plan), client, tuple(lives))


def _watch(scenario: Scenario, client: int, plan: Plan, repeat: int) -> Life:
    """Live the whole world, a week at a time, and keep one client's row from when they come."""
    sets = plan.parameter_sets()
    world = World(
        scenario, sets[repeat % len(sets)], plan.clients, seed_of_repeat(plan.seed, repeat),
        years=plan.years, journeys=True,
    )  # fmt: skip
    row, last = client - 1, plan.years * WEEKS_A_YEAR
    rows, company, comes = [], [], int(world.clients[row]["arrives"])
    if comes > last:
        raise ValueError(
            f"client {client} first asks for help in week {comes}, and the run ends with week "
            f"{last}: take more years, or somebody else"
        )
    world.run_for(comes)
    for week in range(comes, last + 1):
        if week > comes:
            world.run_for(1)
        seen = world.shown[OUTSIDERS + world.ties[row]]
        rows.append(world.clients[row].copy())
        company.append((int((seen == SEEN_IN_RECOVERY).sum()), int((seen != GONE).sum())))
    stays = world.stays()
    mine = np.sort(stays[stays["client"] == client], order="stay")
    for column in ("week_in", "week_out"):
        mine[column] -= comes  # a life is told by the weeks since it is known
    return Life(scenario, np.array(rows), company, mine)
