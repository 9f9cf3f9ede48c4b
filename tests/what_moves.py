"""What tests look at in a world: a number that should move when another one does.

Any count of `outcomes.COUNTS`, as it stands; `weeks of` one, added up over the weeks; or one of the
readings below. All for one group of `cells.GROUPS`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recoverysim.cells import GROUPS
from recoverysim.codes import (
    CLINICIAN,
    DEAD,
    ENDINGS,
    FELLOWSHIPS,
    INVOLVED,
    KINDS,
    LEFT,
    MEDICATION,
    NO_GROUP,
    NO_WORKER,
    NOT_COME,
    NOT_RELIGIOUS,
    REGULAR,
    RELIGIOUS,
    TREATMENT,
    TRYING,
    UNSURE,
)
from recoverysim.outcomes import AT, STAGE
from recoverysim.world import World

WEEKS_OF = "weeks of "
Who = np.ndarray  # a yes or no for each client


def look(world: World, moves: str, group: str) -> float:
    """The number of this name, for the people of this group."""
    cells = GROUPS[group]
    if moves.startswith(WEEKS_OF):
        return float(world.counts[1 : world.week + 1, cells, AT[moves[len(WEEKS_OF) :]]].sum())
    if moves in AT:
        return float(world.counts[world.week, cells, AT[moves]].sum())
    if moves == "introductions":  # by whomever: the most active kind on offer is taken
        return sum(look(world, f"{WEEKS_OF}linked_{kind}", group) for kind in KINDS[CLINICIAN:])
    if moves == "people":
        return float(world.counts[world.week, cells, STAGE : STAGE + DEAD + 1].sum())
    return float(READINGS[moves](world, cells[world.clients["cell"]]))


def needs_journeys(moves: str) -> bool:
    """Whether a reading is of finished stays."""
    return moves == "planned exits from medication"


def has(world: World, name: str, *codes: int) -> Who:
    """Which clients have one of these codes, or the mark of this name."""
    column = world.clients[name]
    return np.isin(column, codes) if codes else column.astype(bool)


def alive(world: World) -> Who:
    return ~has(world, "stage", DEAD, NOT_COME)


def goes(world: World) -> Who:
    return alive(world) & has(world, "attendance", TRYING, REGULAR, INVOLVED)


def member(world: World) -> Who:
    return alive(world) & has(world, "attendance", REGULAR, INVOLVED)


def well(world: World) -> Who:
    """In recovery by the usual definition."""
    return alive(world) & (world.clients["use"] == 0) & (world.clients["weeks_abstinent"] >= 13)


def number(who: Callable[[World], Who]) -> Callable[[World, Who], float]:
    return lambda world, group: (who(world) & group).sum()


def mean(column: str, who: Callable[[World], Who]) -> Callable[[World, Who], float]:
    return lambda world, group: world.clients[column][who(world) & group].mean()


def gap(
    column: str, who: Callable[[World], Who], others: Callable[[World], Who]
) -> Callable[[World, Who], float]:
    """How much more of something these people have, on average, than the others."""
    one, other = mean(column, who), mean(column, others)
    return lambda world, group: one(world, group) - other(world, group)


def together(one: str, other: str, who: Callable[[World], Who]) -> Callable[[World, Who], float]:
    """The correlation of two columns among some people."""

    def found(world: World, group: Who) -> float:
        chosen = world.clients[who(world) & group]
        return np.corrcoef(chosen[one], chosen[other])[0, 1]

    return found


def everybody(world: World) -> Who:
    return np.ones(world.clients.size, bool)


def trait(name: str, *codes: int) -> Callable[[World], Who]:
    return lambda world: has(world, name, *codes)


def both(*several: Callable[[World], Who]) -> Callable[[World], Who]:
    return lambda world: np.logical_and.reduce([one(world) for one in several])


def neither(one: Callable[[World], Who]) -> Callable[[World], Who]:
    return lambda world: alive(world) & ~one(world)


def workers_differ(world: World, group: Who) -> float:
    """The spread between workers of the share of their clients to whom a link was offered."""
    met = world.clients[group & (world.clients["worker"] != NO_WORKER)]
    people = np.bincount(met["worker"], minlength=world.workers.size)
    offered = np.bincount(met["worker"], met["link"] >= CLINICIAN, world.workers.size)
    return np.std(offered[people > 0] / people[people > 0])


def ring_distances(world: World) -> np.ndarray:
    """How far apart in the ring the two clients of each tie stand."""
    rows, slots = np.nonzero(world.ties >= 0)
    apart = np.abs(rows - world.ties[rows, slots])
    return np.minimum(apart, len(world.ties) - apart)


def open_groups(world: World) -> np.ndarray:
    return world.groups[world.groups["open"]]


def sizes_stray(world: World, group: Who) -> float:
    found = open_groups(world)
    return np.std(found["outside"] - found["usual_outside"])


def planned_exits(world: World, group: Who) -> float:
    """Of stays on medication that ended, the share that were planned reductions."""
    stays = world.stays()
    exits = stays[(stays["stage"] == TREATMENT) & (stays["modality"] == MEDICATION)]
    return (exits["ended"] == ENDINGS.index("completed")).mean()


def goes_to(code: int) -> Callable[[World], Who]:
    return both(goes, trait("fellowship", code))


ON_MEDICATION = trait("modality", MEDICATION)
NO_FAITH, IS_RELIGIOUS = trait("faith", NOT_RELIGIOUS), trait("faith", RELIGIOUS)
HAS_LEFT = both(alive, trait("attendance", LEFT))
WENT = both(alive, trait("ever_attended"))


def came_back(world: World) -> Who:
    return world.clients["episodes"] > 1


def share_going(who: Callable[[World], Who]) -> Callable[[World, Who], float]:
    return lambda world, group: goes(world)[who(world) & group].mean()


READINGS: dict[str, Callable[[World, Who], float]] = {
    "reading tells readiness": together("readiness_seen", "readiness", everybody),
    "own fit tells how a group suits": together("fit", "suits", goes),
    "people who inject": number(trait("injecting")),
    "religious people": number(IS_RELIGIOUS),
    "people unsure of faith": number(trait("faith", UNSURE)),
    "religious people go more": lambda world, group: (
        share_going(IS_RELIGIOUS)(world, group) - share_going(NO_FAITH)(world, group)
    ),
    "on medication and injecting": number(both(ON_MEDICATION, trait("injecting"))),
    "workers met": lambda world, group: len(set(world.clients["worker"][group]) - {NO_WORKER}),
    "services": lambda world, group: len(set(world.workers["expected"])),
    "workers differ in offers": workers_differ,
    "offered without a faith": number(both(trait("ever_offered"), NO_FAITH)),
    "capital": mean("capital", alive),
    "identity": mean("identity", alive),
    "involvement": mean("involvement", member),
    "involvement of people who left": mean("involvement", HAS_LEFT),
    "involvement goes with fit": together("involvement", "suits", member),
    "involvement goes with readiness": together("involvement", "readiness", member),
    "a sponsor goes with involvement": together("involvement", "sponsor", member),
    "sponsored": number(both(alive, trait("sponsor"))),
    "readiness of people in recovery": gap("readiness", well, neither(well)),
    "readiness of people who went": gap("readiness", WENT, neither(WENT)),
    "fit of people who went": gap("fit", WENT, neither(WENT)),
    "readiness of people who stay": gap("readiness", goes, HAS_LEFT),
    "fit of people who stay": gap("fit", goes, HAS_LEFT),
    "readiness of people who came back": gap("readiness", came_back, neither(came_back)),
    "ties between clients": lambda world, group: (world.ties >= 0).sum(),
    "ties far away in the ring": lambda world, group: (ring_distances(world) > 10).mean(),
    "company seen differs": lambda world, group: world.clients["seen_company"][group].std(),
    "culture": mean("culture", both(goes, lambda world: world.clients["group"] != NO_GROUP)),
    "culture of groups": lambda world, group: open_groups(world)["culture"].mean(),
    "groups differ in culture": lambda world, group: open_groups(world)["culture"].std(),
    "groups open": lambda world, group: world.groups["open"].sum(),
    "sizes stray from usual": sizes_stray,
    "planned exits from medication": planned_exits,
}
for _code, _name in enumerate(FELLOWSHIPS):
    READINGS[f"goes to {_name}"] = number(goes_to(_code))
    READINGS[f"on medication goes to {_name}"] = number(both(goes_to(_code), ON_MEDICATION))
    READINGS[f"without a faith goes to {_name}"] = number(both(goes_to(_code), NO_FAITH))
