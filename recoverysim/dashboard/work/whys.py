"""What a worker process does for the Why page. It keeps what it lived lately, by what was asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from recoverysim.dashboard.work.looks import Dropped, Look, Reins
from recoverysim.shown import Network
from recoverysim.studies.acquaintances import who_knows_whom
from recoverysim.studies.switches import Switchboard, Switched
from recoverysim.studies.unknowns import Unknowns
from recoverysim.studies.what_matters import Matters

KEPT = 3  # of each kind: some 35 MB at most

Study = TypeVar("Study")
_KEPT: OrderedDict[str, Any] = OrderedDict()


def switch(asked: Look, world: int, mechanism: str, reins: Reins) -> Switched:
    """The difference between the first world and another with a mechanism off in both."""
    return _board(asked, world).off(mechanism)


def matter_part(asked: Look, world: int, part: int, reins: Reins) -> None:
    """Live one part of what has to be lived to say what matters most."""
    if reins.drop():
        raise Dropped
    _matters(asked, world).live(part)


def matters(asked: Look, world: int, year: int, reins: Reins) -> Unknowns:
    """What matters most in a year, of what is not known."""
    return _matters(asked, world).told(year)


def network(asked: Look, year: int, reins: Reins) -> Network:
    """Who knows whom in each world."""
    return who_knows_whom(asked.worlds, asked.definition, asked.plan, year)


def _board(asked: Look, world: int) -> Switchboard:
    return _kept(
        f"switches {world} {asked.key}",
        lambda: Switchboard(asked.worlds[0], asked.worlds[world], asked.definition, asked.plan),
    )


def _matters(asked: Look, world: int) -> Matters:
    return _kept(
        f"matters {world} {asked.key}",
        lambda: Matters(asked.worlds[0], asked.worlds[world], asked.definition, asked.plan),
    )


def _kept(key: str, made: Callable[[], Study]) -> Study:
    if key not in _KEPT:
        _KEPT[key] = made()
    _KEPT.move_to_end(key)
    while len(_KEPT) > KEPT:
        _KEPT.popitem(last=False)
    found: Study = _KEPT[key]
    return found
