"""One analysis as it is handed over: tables, pictures, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from recoverysim import sweep_page_words, sweep_words
from recoverysim.pictures.rows import Frame, simulated
from recoverysim.studies.sweeps.found import Found

if TYPE_CHECKING:
    import matplotlib.figure

MOST_PICTURED = 4  # scenarios


@dataclass
class Part:
    """`name` is a key of `sweep_page_words.PARTS`; tables and pictures by the name of their file.

    `how` says how to read it. `told` has the alternative text of each picture.
    """

    name: str
    how: str
    sentences: list[str] = field(default_factory=list)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    pictures: dict[str, matplotlib.figure.Figure] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The question that it answers."""
        return sweep_page_words.PARTS[self.name]


@dataclass(frozen=True)
class Telling:
    """What every part needs to say what it is: the sweep, and the line under every picture."""

    found: Found
    basis: str

    @property
    def first(self) -> str:
        """The scenario beside which others are told; nothing where there is one."""
        return self.found.plan.names[0] if self.found.plan.compares else ""

    def label(self, name: str) -> str:
        """A factor with its grade."""
        grades = {factor.name: factor.grade for factor in self.found.plan.factors}
        return sweep_words.label(name, grades.get(name, "design"))

    def frame(self, title: str, how: str, more: str = "") -> Frame:
        """What stands around a picture."""
        return Frame(title, (f"{how} {more}".strip(), simulated(self.basis)))

    def of_first_measure(
        self, table: pl.DataFrame
    ) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
        """By scenario, its name, what is told of it, and its rows of the plan's first measure."""
        for name in table["scenario"].unique(maintain_order=True):
            rows = table.filter(
                (pl.col("scenario") == name) & (pl.col("measure") == self.found.plan.measures[0])
            ).to_dicts()
            if rows:
                row = rows[0]
                yield name, sweep_words.subject(name, self.first, row["measure"], row["year"]), rows
