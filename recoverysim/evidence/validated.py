"""How the model did against published figures, as it ships: docs/validation.md has all of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

TOLD = Path(__file__).parent / "validated.json"


class Missed(NamedTuple):
    """One published figure that simulated studies miss, as it is printed."""

    study: str
    measure: str
    arm: str
    published: str
    simulated: str


class Kind(NamedTuple):
    """Figures of one kind of evidence: how many there are, and how many are met."""

    kind: str
    figures: int
    met: int


class Validated(NamedTuple):
    """The last validation: times that each study was simulated, figures by kind, and misses."""

    simulated_times: int
    kinds: tuple[Kind, ...]
    missed: tuple[Missed, ...]

    @property
    def figures(self) -> int:
        """How many figures there are."""
        return sum(one.figures for one in self.kinds)

    @property
    def met(self) -> int:
        """How many of them are met."""
        return sum(one.met for one in self.kinds)

    def of(self, kind: str) -> Kind:
        """Those of one kind."""
        return next(one for one in self.kinds if one.kind == kind)


@cache
def validated() -> Validated:
    """What `docs/make_validation.py` wrote last."""
    found = json.loads(TOLD.read_text(encoding="utf-8"))
    return Validated(
        found["simulated_times"],
        tuple(Kind(**one) for one in found["kinds"]),
        tuple(Missed(**one) for one in found["missed"]),
    )
