"""One change appraised: costs beside lives, the cost of a QALY, and how likely it is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recoverysim import cost_words
from recoverysim.cells import ALL, GROUPS
from recoverysim.cost_words import Change, Worth
from recoverysim.studies.appraisal import (
    THRESHOLDS,
    acceptability,
    costs_shown,
    perspective,
    price_year,
)
from recoverysim.studies.ratios import Row, ratio_row
from recoverysim.wider_costs import PERSPECTIVES

if TYPE_CHECKING:
    import numpy as np

    from recoverysim.studies.contrast import Contrast

BESIDE = "read beside deaths and life_years"  # what the unit of every ratio says


# What a cost is told for one more of: measure, its scale, and how it is called.
COSTS_OF = {
    "cost_per_recovery": ("in_recovery", 1000.0, "extra person in recovery"),
    "cost_per_qaly": ("qalys", 1.0, "QALY gained, or saved per QALY lost"),
}


class Appraisal:
    """The appraisal of a contrast, from the perspective that both of its worlds are told in."""

    def __init__(self, contrast: Contrast) -> None:
        self.contrast = contrast
        self.priced = contrast.baseline.priced
        self.costs = costs_shown(perspective(self.priced))
        self.whole_cost = self.costs[-1]
        self.counted = PERSPECTIVES[perspective(self.priced)]
        self.pounds = f"pounds of {price_year(self.priced)}"

    def rows(self) -> Iterator[Row]:
        """Costs of one more in recovery and of one more QALY, and acceptability, of every group."""
        for group in GROUPS:
            for year in self.contrast.years:
                for name in COSTS_OF:
                    yield self.ratio(name, year, group)
                yield from self._acceptable(group, year)

    def ratio(self, name: str, year: int, group: str) -> Row:
        """One of COSTS_OF: extra cost by extra of something, both extra or both fewer."""
        of, scale, each = COSTS_OF[name]
        unit = f"{self.pounds} per {each}; {BESIDE}"
        definition = self.contrast.definition if of == "in_recovery" else None
        extra = scale * self._difference(self.whole_cost, year, group)
        below = self._difference(of, year, group)
        about = name, definition, group, year, unit
        return ratio_row(about, extra, below, self.contrast.baseline.sets, self.contrast.plan)

    def _acceptable(self, group: str, year: int) -> Iterator[Row]:
        unit = f"probability that net benefit is above 0; {BESIDE}"
        for threshold, chance in zip(THRESHOLDS, self.chances(year, group), strict=True):
            name = f"acceptable_at_{threshold}"
            yield Row(name, None, group, year, unit, None, chance, *[None] * 7)

    def chances(
        self, year: int, group: str = ALL, thresholds: Sequence[float] = THRESHOLDS
    ) -> list[float | None]:
        """The chance, over luck and knowledge, that net benefit is above 0 at each threshold."""
        dearer, better = (self._difference(n, year, group) for n in (self.whole_cost, "qalys"))
        return acceptability(
            dearer, better, self.contrast.baseline.sets, self.contrast.plan, thresholds
        )

    @property
    def thresholds(self) -> tuple[float, float]:
        """What a QALY may cost, at the least and at the most, in pounds."""
        lower, upper = (self.priced[0][f"appraisal.{end}_threshold"] for end in ("lower", "upper"))
        return lower, upper

    @property
    def in_words(self) -> str:
        """Costs beside deaths, years of life and QALYs, in the last reported year."""
        return self.in_words_of(self.contrast.years[-1])

    def in_words_of(self, year: int) -> str:
        """The same in any reported year."""
        ratio = self.contrast.row("cost_per_qaly", year)
        chances = self.chances(year, thresholds=self.thresholds)
        return cost_words.worth(
            Worth(
                year, price_year(self.priced), self.counted, self._change(self.whole_cost, year),
                self._change("deaths", year), self._change("life_years", year),
                self._change("qalys", year, 1000.0), (ratio.value, ratio.low, ratio.high),
                tuple(zip(self.thresholds, chances, strict=True)), self.contrast.plan.knowledge,
            )
        )  # fmt: skip

    def _change(self, name: str, year: int, scale: float = 1.0) -> Change:
        row = self.contrast.row(name, year)
        low, high = (None if end is None else scale * end for end in (row.low, row.high))
        return Change(scale * (row.difference or 0.0), low, high)

    def _difference(self, name: str, year: int, group: str) -> np.ndarray:
        return self.contrast.difference(name, year, group)
