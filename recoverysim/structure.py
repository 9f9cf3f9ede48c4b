"""How the network is built before the first week: generators straight into slots, or a graph."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recoverysim.codes import EMPTY
from recoverysim.compiled import rule, whole_week
from recoverysim.dice import dice_of_the_week, happens, luck_of, question, throw
from recoverysim.quantities import parameters, quantity
from recoverysim.ties import find

if TYPE_CHECKING:
    import networkx as nx

parameters(
    "network",
    mean_ties=quantity(
        4, "people", whole_run=True, bounds=(0, 64),
        note="known in the cohort; the other slots hold people outside it",
    ),
    rewired_share=quantity(
        0.1, "share", whole_run=True, note="of ties of the small world that go to anybody"
    ),
)  # fmt: skip

KINDS_OF_NETWORK = ("small-world", "configuration", "none")
MOST_SLOTS = 64
LARGEST_FILE = 64 * 1024 * 1024

REWIRE = question("is this tie of the small world rewired")
REWIRE_TO = question("whom does a rewired tie go to")
DEGREE = question("how many people does this client know")
SHUFFLE = question("which open hands meet")


class NetworkError(ValueError):
    """A graph or file that cannot be used, with what to do about it."""


@rule
def tie(ties, degrees, one, other):
    """Tie two clients if they are not yet tied and both have a free slot; whether it was done."""
    slots = ties.shape[1]
    if one == other or degrees[one] == slots or degrees[other] == slots:
        return False
    if find(ties, one, other) >= 0:
        return False
    ties[one, degrees[one]] = other
    ties[other, degrees[other]] = one
    degrees[one] += 1
    degrees[other] += 1
    return True


@whole_week
def small_world(ties, mean_ties, rewired_share, seed):
    """Watts and Strogatz (1998): a ring of neighbours, in which some ties go to anybody."""
    clients = ties.shape[0]
    degrees = np.zeros(clients, np.int32)
    for step in range(1, mean_ties // 2 + 1):
        for one in range(clients):
            dice = dice_of_the_week(luck_of(seed, np.uint64(one)), step)
            other = (one + step) % clients
            if happens(dice, REWIRE, rewired_share):
                anybody = int(throw(dice, REWIRE_TO) * clients)
                if tie(ties, degrees, one, anybody):
                    continue
            tie(ties, degrees, one, other)


@whole_week
def configuration_model(ties, mean_ties, seed):
    """Geometric numbers of ties, many small and a few large; open hands meet at random."""
    clients, slots = ties.shape
    degrees = np.zeros(clients, np.int32)
    hands = np.empty(clients * slots, np.int32)
    total = 0
    for one in range(clients):
        thrown = throw(dice_of_the_week(luck_of(seed, np.uint64(one)), 0), DEGREE)
        # A geometric number counted from 0, of the given mean.
        wanted = int(math.log(1.0 - thrown) / math.log(mean_ties / (1.0 + mean_ties)))
        for _ in range(min(wanted, slots)):
            hands[total] = one
            total += 1
    for place in range(total - 1, 0, -1):
        dice = dice_of_the_week(luck_of(seed, np.uint64(place)), 1)
        chosen = int(throw(dice, SHUFFLE) * (place + 1))
        hands[place], hands[chosen] = hands[chosen], hands[place]
    for place in range(0, total - 1, 2):
        tie(ties, degrees, hands[place], hands[place + 1])


def empty_slots(clients: int, slots: int) -> np.ndarray:
    """Slots for `clients` people, all empty: int32 of shape (clients, slots)."""
    return np.full((clients, slots), EMPTY, np.int32)


def from_graph(graph: nx.Graph, slots: int) -> np.ndarray:
    """Slots from any networkx graph, its nodes in their own order.

    Direction, weights, repeated ties and ties to oneself are dropped. There are as many slots as
    the best-connected person needs, and at least `slots`. Raises NetworkError beyond 64.
    """
    row = {node: place for place, node in enumerate(graph.nodes)}
    pairs = {(min(row[a], row[b]), max(row[a], row[b])) for a, b in graph.edges() if a != b}
    degrees = np.zeros(len(row), np.int64)
    for one, other in pairs:
        degrees[[one, other]] += 1
    most = int(degrees.max(initial=0))
    if most > MOST_SLOTS:
        raise NetworkError(
            f"somebody in this network has {most} ties; at most {MOST_SLOTS} are allowed. "
            "Leave out the weakest ties, or split people who stand for a whole group."
        )
    ties = empty_slots(len(row), max(slots, most))
    filled = np.zeros(len(row), np.int64)
    for one, other in sorted(pairs):
        ties[one, filled[one]] = other
        ties[other, filled[other]] = one
        filled[[one, other]] += 1
    return ties


# Two names, then perhaps a weight or networkx's own {data}, which are dropped.
A_TIE = re.compile(r"(\S+)\s+(\S+)(\s+(\{.*\}|[-+.\deE]+))?\Z")


def _two_names_a_line(path: Path) -> list[str]:
    """The ties of an edge list, comments (#) and empty lines left out; NetworkError at others."""
    ties = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.partition("#")[0].strip()
        found = A_TIE.match(line)
        if found is not None:
            ties.append(f"{found[1]} {found[2]}")
        elif line:
            raise NetworkError(
                f"{path}, line {number}: is no tie. An edge list has two names on each line, a "
                "space between them and none within; a weight may follow."
            )
    return ties


def read_graph(path: Path) -> nx.Graph:
    """A graph from a GraphML file (.graphml) or an edge list (anything else: two names a line).

    Raises NetworkError, in plain words, where the file cannot be read as one.
    """
    import networkx as nx

    if not path.is_file():
        raise NetworkError(f"there is no network file {path}")
    if path.stat().st_size > LARGEST_FILE:
        raise NetworkError(f"{path} is larger than {LARGEST_FILE // 2**20} MiB")
    try:
        if path.suffix == ".graphml":
            graph = nx.read_graphml(path)
        else:
            graph = nx.parse_edgelist(_two_names_a_line(path), data=False)
    except NetworkError:
        raise
    except Exception as fault:  # networkx and its XML parser raise many kinds
        raise NetworkError(
            f"{path} cannot be read as {'GraphML' if path.suffix == '.graphml' else 'an edge list'}"
            f": {fault}. An edge list has two names on each line; GraphML files end in .graphml."
        ) from fault
    if graph.number_of_nodes() == 0:
        raise NetworkError(f"{path} holds nobody: it has no nodes")
    return graph
