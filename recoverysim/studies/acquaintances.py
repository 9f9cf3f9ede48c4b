"""Who knows whom: some simulated people and their ties, in every world, at the end of a year.

One repeat of each world, with the same people and the same luck. It shows how recovery stands next
to recovery; how much that comes to is told by answers from many repeats, not by this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recoverysim.codes import DEAD, NOT_COME, WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import Company, Network
from recoverysim.studies.stamp import stamp
from recoverysim.studies.whereabouts import definition_of_persons, whereabouts
from recoverysim.studies.who_changed import in_recovery
from recoverysim.words import basis
from recoverysim.world import World, seed_of_repeat

if TYPE_CHECKING:
    import networkx as nx

PEOPLE = 150
FEWEST_TOGETHER = 3
SHAPE = 1.4  # of the picture: its width by its height
PLACES_FROM = 1  # seed of the layout: the same ties stand at the same places


def who_knows_whom(
    worlds: Sequence[Scenario], definition: str, plan: Plan, year: int, people: int = PEOPLE
) -> Network:
    """Some people who are joined by ties, those of any of the worlds.

    Groups that hang together, the largest first; nobody where there are no ties at all. After years
    most company is of people outside, who are not drawn, so that groups are small. Only the first
    repeat of the plan is lived. Raises ValueError for a year beyond it.
    """
    import networkx as nx

    if not 1 <= year <= plan.years:
        raise ValueError(f"year should be 1 to {plan.years}; found {year}")
    lived = [_lived(one, plan, year) for one in worlds]
    together = nx.Graph()
    for world in lived:
        together.add_edges_from(_ties(world))
    groups = _groups(together, people)
    places = _places(together, groups)
    number = {row: place for place, row in enumerate(row for group in groups for row in group)}
    companies = tuple(_company(world, number, definition) for world in lived)
    made = stamp(worlds, Plan(plan.clients, plan.years, 1, plan.seed, plan.knowledge))
    return Network(
        year, tuple(x for x, _ in places), tuple(y for _, y in places), companies, basis(made)
    )


def _lived(scenario: Scenario, plan: Plan, year: int) -> World:
    values = plan.parameter_sets()[0]
    world = World(
        scenario, values, plan.clients, seed_of_repeat(plan.seed, 0), years=plan.years
    )  # fmt: skip
    world.run_for(year * WEEKS_A_YEAR)
    return world


def _ties(world: World) -> list[tuple[int, int]]:
    """Pairs of clients who are in touch, each pair once, in order; nobody who has not come yet."""
    one, slot = np.nonzero(world.ties >= 0)
    other = world.ties[one, slot]
    stage = world.clients["stage"]
    there = (stage[one] != NOT_COME) & (stage[other] != NOT_COME) & (one < other)
    return list(zip(one[there].tolist(), other[there].tolist(), strict=True))


def _groups(graph: nx.Graph, people: int) -> list[list[int]]:
    """People who hang together, the largest groups first, up to so many people in all.

    Of a group that is too large those are taken who are nearest to whoever has most ties. Each
    group is sorted: sets have no order of their own.
    """
    import networkx as nx

    found: list[list[int]] = []
    left = people
    for group in sorted(nx.connected_components(graph), key=lambda some: (-len(some), min(some))):
        if left < FEWEST_TOGETHER:
            break
        start = max(group, key=lambda node: (graph.degree[node], -node))
        near = [start, *(to for _, to in nx.bfs_edges(graph, start, sort_neighbors=sorted))]
        found.append(sorted(near[:left]))
        left -= len(found[-1])
    return found


def _places(graph: nx.Graph, groups: list[list[int]]) -> list[tuple[float, float]]:
    """Where each person of each group stands, 0 to 1: near those who they are in touch with.

    Every group has a square of its own, as large as it has people, on shelves from the top.
    """
    import networkx as nx

    shelf = (SHAPE * sum(map(len, groups))) ** 0.5
    found: list[np.ndarray] = []
    left, top, deep = 0.0, 0.0, 0.0
    for group in groups:
        side = len(group) ** 0.5
        if left > 0 and left + side > 1.1 * shelf:
            left, top, deep = 0.0, top + deep, 0.0
        at = nx.spring_layout(graph.subgraph(group), seed=PLACES_FROM, iterations=100)
        points = np.array([at[one] for one in group])
        low, high = points.min(axis=0), points.max(axis=0)
        inside = (points - low) / np.where(high > low, high - low, 1.0)
        found.append(side * (0.12 + 0.76 * inside) + (left, top))
        left, deep = left + side, max(deep, side)
    if not found:
        return []
    every = np.concatenate(found)
    low, high = every.min(axis=0), every.max(axis=0)
    every = (every - low) / np.where(high > low, high - low, 1.0)
    return [(float(x), float(y)) for x, y in np.round(every, 4)]


def _company(world: World, number: dict[int, int], definition: str) -> Company:
    rows = list(number)
    clients = world.clients[rows]
    _, going, _ = whereabouts(clients, definition)
    recovered = in_recovery(clients, definition_of_persons(definition))
    ties = tuple((number[a], number[b]) for a, b in _ties(world) if a in number and b in number)
    return Company(
        world.scenario.name,
        ties,
        tuple(going.tolist()),
        tuple(recovered.tolist()),
        tuple((clients["stage"] == DEAD).tolist()),
    )
