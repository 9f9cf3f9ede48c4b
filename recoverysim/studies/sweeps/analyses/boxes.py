"""Boxes of a classification tree: bounds on a few factors within which most points are cases."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recoverysim import sweep_words

Bounds = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Columns:
    """What a tree splits on: a column for each factor with numbers, and one for each kind.

    `values` is float64 of (points, columns); `kinds` has factor and kind of a column of 0 and 1,
    None for numbers.
    """

    names: tuple[str, ...]
    kinds: tuple[str | None, ...]
    values: np.ndarray


@dataclass(frozen=True)
class Box:
    """Bounds by column: above the first and up to the second, infinite where open."""

    bounds: dict[int, tuple[float, float]] = field(default_factory=dict)

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Which points lie in it: bool of (points,)."""
        inside = np.ones(len(values), dtype=bool)
        for column, (low, high) in self.bounds.items():
            inside &= (values[:, column] > low) & (values[:, column] <= high)
        return inside

    def within(self, column: int, low: float, high: float) -> Box:
        """The part of it that also lies within these."""
        was = self.bounds.get(column, (-math.inf, math.inf))
        return Box(self.bounds | {column: (max(low, was[0]), min(high, was[1]))})

    def in_words(self, columns: Columns) -> str:
        """'offered above 0.3 and first meeting up to 0.2'."""
        said = [
            sweep_words.bound(columns.names[column], columns.kinds[column], low, high)
            for column, (low, high) in sorted(self.bounds.items())
        ]
        return " and ".join(said)


def boxes_of(tree: Any) -> list[Box]:
    """The largest boxes in which every leaf of a fitted tree says yes (most points are cases)."""
    if 1 not in tree.classes_:
        return []
    yes = int(np.flatnonzero(tree.classes_ == 1)[0])
    return _below(tree.tree_, 0, yes, Box())


def _below(tree: Any, node: int, yes: int, box: Box) -> list[Box]:
    """One box where all leaves agree, else those of either branch."""
    if _all_yes(tree, node, yes):
        return [box]
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left < 0:
        return []
    column, at = int(tree.feature[node]), float(tree.threshold[node])
    return [
        *_below(tree, left, yes, box.within(column, -math.inf, at)),
        *_below(tree, right, yes, box.within(column, at, math.inf)),
    ]


def _all_yes(tree: Any, node: int, yes: int) -> bool:
    left = int(tree.children_left[node])
    if left < 0:
        return int(np.argmax(tree.value[node][0])) == yes
    return _all_yes(tree, left, yes) and _all_yes(tree, int(tree.children_right[node]), yes)
