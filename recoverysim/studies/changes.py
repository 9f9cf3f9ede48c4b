"""What is told of who changed: a table by step and year, and how many people it took.

Every number is a sum over people of `who_changed.WhoChanged`, so that over the steps, or over who
was offered what, gained less lost is the difference in recovery that a comparison reports, to the
person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from recoverysim.studies.intervals import spread
from recoverysim.studies.parting import STEPS
from recoverysim.studies.who_changed import WhoChanged

if TYPE_CHECKING:
    import polars

EVERYBODY: Final = "all"
# Whether an active link was ever offered, by the value of `offered` in CHANGED.
OFFERED_WHERE: Final = {"newly offered": 1, "no longer offered": -1, "others": 0}


@dataclass(frozen=True)
class Row:
    """Those who changed by one step, in one reported year; means over repeats, per 1,000 people.

    `net` is gained less lost, and the four ends after it are of its 95% ranges (luck and knowledge,
    luck alone; None where there are too few repeats). `people_gained`, `people_lost`: how many in
    all repeats together. `alike_…`: quartiles of the last week, since these people came, in which
    their twins were alike, all repeats together; None where nobody changed.
    """

    definition: str
    year: int
    step: str
    who: str
    gained: float
    lost: float
    net: float
    low: float | None
    high: float | None
    luck_low: float | None
    luck_high: float | None
    people_gained: int
    people_lost: int
    alike_lower_quartile: int | None
    alike_median: int | None
    alike_upper_quartile: int | None


class Changes:
    """The table of one pair of worlds; `sets` holds the parameter set of each repeat."""

    def __init__(self, found: WhoChanged, sets: np.ndarray) -> None:
        self.found = found
        self.sets = sets

    def rows(self) -> list[Row]:
        """Everybody first, then each step, in the order in which one leads to another.

        A step, or people offered what they were, is left out where nobody of it changed in any
        reported year.
        """
        return [*self._rows()]

    def _rows(self) -> Iterator[Row]:
        people = self.found.people
        for step in (EVERYBODY, *STEPS):
            by_step = self._by(step)
            for who in (EVERYBODY, *OFFERED_WHERE):
                chosen = people[by_step & self._offered(who)]
                if len(chosen) == 0 and (step, who) != (EVERYBODY, EVERYBODY):
                    continue
                for year in self.found.years:
                    yield self._row(chosen[chosen["year"] == year], year, step, who)

    def _by(self, step: str) -> np.ndarray:
        steps = self.found.people["step"]
        return np.ones(len(steps), bool) if step == EVERYBODY else steps == STEPS.index(step)

    def _offered(self, who: str) -> np.ndarray:
        offered = self.found.people["offered"]
        return np.ones(len(offered), bool) if who == EVERYBODY else offered == OFFERED_WHERE[who]

    def _row(self, people: np.ndarray, year: int, step: str, who: str) -> Row:
        plan = self.found.plan
        gained, lost = (people[people["gain"] == sign] for sign in (1, -1))
        net = spread(self._per_1000(self.net(people), year), self.sets, plan)
        low, high = net.both or (None, None)
        luck_low, luck_high = net.luck or (None, None)
        lower = median = upper = None
        if len(people):
            weeks = _weeks_since_they_came(people)
            quartiles = np.quantile(weeks, [0.25, 0.5, 0.75], method="inverted_cdf")
            lower, median, upper = map(int, quartiles)
        return Row(
            self.found.definition, year, step, who, self._mean(gained, year),
            self._mean(lost, year), net.mean, low, high, luck_low, luck_high, len(gained),
            len(lost), lower, median, upper,
        )  # fmt: skip

    def _per_1000(self, people: np.ndarray, year: int) -> np.ndarray:
        """Per 1,000 of everybody who came at least so many years ago, as shaped: (repeats,)."""
        started = self.found.started[:, self.found.years.index(year)]
        return np.asarray(1000 * people / np.maximum(started, 1))

    def _mean(self, people: np.ndarray, year: int) -> float:
        """How many these are per 1,000, mean over repeats."""
        each = np.bincount(people["repeat"], minlength=self.found.plan.repeats)
        return float(self._per_1000(each, year).mean())

    def net(self, people: np.ndarray) -> np.ndarray:
        """Gained less lost in each repeat: whole numbers of people, of shape (repeats,)."""
        return np.bincount(people["repeat"], people["gain"], self.found.plan.repeats)

    def needed(self, year: int, column: str) -> tuple[np.ndarray, np.ndarray]:
        """How many more people were ever `offered`, or `connected`, by a year, and how many more of
        those very people are in recovery: per 1,000 who started, both of shape (repeats,).

        More in the other world counts up, more in the first one down.
        """
        people = self.found.people
        moved = people[(people["year"] == year) & (people[column] != 0)]
        more = {"offered": self.found.offered, "connected": self.found.connected}[column]
        extra = more[:, self.found.years.index(year)]
        return self._per_1000(extra, year), self._per_1000(self.net(moved), year)

    def people(self) -> polars.DataFrame:
        """Everybody who changed, a row for each reported year: repeat, client, year, change
        (gained or lost), step, parted_week (the last in which the twins were alike), who."""
        import polars as pl

        found = self.found.people
        offered = {code: name for name, code in OFFERED_WHERE.items()}
        return pl.DataFrame(
            {name: np.ascontiguousarray(found[name]) for name in ("repeat", "client", "year")}
        ).with_columns(
            change=pl.Series(np.where(found["gain"] > 0, "gained", "lost"), dtype=pl.String),
            step=pl.Series(np.array(STEPS)[found["step"]], dtype=pl.String),
            parted_week=pl.Series(_weeks_since_they_came(found)),
            who=pl.Series([offered[code] for code in found["offered"].tolist()], dtype=pl.String),
        )


def _weeks_since_they_came(people: np.ndarray) -> np.ndarray:
    """The last week in which each person's twins were alike, as a journey counts weeks."""
    return np.maximum(people["week"] - people["arrives"], 0)
