"""A published figure: what is measured to stand beside it, and how near is near enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

from recoverysim.studies.asked import EVENTS, MEASURES, YES_NO, Measure

DIFFERENCE, RISK_RATIO, ODDS_RATIO = "difference", "risk_ratio", "odds_ratio"
SLOPE, SHARE_MEDIATED = "slope", "share_mediated"
CONTRASTS = (DIFFERENCE, RISK_RATIO, ODDS_RATIO, SLOPE, SHARE_MEDIATED)
RATIOS = (RISK_RATIO, ODDS_RATIO)
CRUDE, ADJUSTED, MATCHED = "crude", "adjusted", "matched"
HOW = (CRUDE, ADJUSTED, MATCHED)
COUNTS = ("any", "every")
MEAN, MEDIAN = "mean", "median"
MORE, FEWER = "more", "fewer"

# Tolerances, fixed before any study was simulated (the first three) and before any row of their
# kind was (the others, 25 November 2026).
LEAST_POINTS = 0.05  # of a share
POINTS_WITHOUT_SIZE = 0.10  # of a share, or of the length of a scale that has a top
WITHOUT_TOP = 0.25  # of the published figure, for rates, slopes and scales without a top
FACTOR = 1.5  # of a ratio: the odds ratio between one half and ten points more
SHARE_MEDIATED_WITHOUT_INTERVAL = 0.25  # such shares are unstable, and few come with an interval


@dataclass(frozen=True)
class Published:
    """One published figure, and what is measured to stand beside it.

    `arms` are measured (several are pooled): alone, or in contrast with the arms `against`, or,
    within them, people for whom `chosen` is true with the others. `contrast` says how the two are
    set against each other, `how` whether they are adjusted for `traits` or matched on them;
    `through` is what a slope or a share mediated runs through. `among` keeps the participants for
    whom a question is true at `among_week`. With `waves` the question is asked at each of them.
    `low` and `high` are the published interval, `size` the number of people that the figure rests
    on, in each group. Where only a `direction` was published (more or fewer), `published` is where
    there would be no difference. `statistic` says how a number is summed up. A rate may be set
    against that of the same people elsewhere (`against_where`). `known` says why a miss is
    expected, written before it was first seen or by a dated line in the changelog. `fit`:
    whether calibration fits it; no figure of its family is then a test.
    """

    measure: str
    arms: tuple[str, ...]
    week: int
    published: float
    figure: str
    against: tuple[str, ...] = ()
    chosen: str | None = None
    chosen_week: int | None = None
    contrast: str | None = None
    how: str = CRUDE
    traits: tuple[str, ...] = ()
    through: str | None = None
    through_week: int | None = None
    among: str | None = None
    among_week: int | None = None
    window: int | None = None
    waves: tuple[int, ...] = ()
    count: str = ""
    since: str = "start"
    where: str = "anywhere"
    against_where: str | None = None
    from_week: int = 0
    to_week: int | None = None
    low: float | None = None
    high: float | None = None
    size: int | None = None
    statistic: str = MEAN
    direction: str = ""
    fit: bool = False
    known: str = ""

    @property
    def asked(self) -> Measure:
        """The measure itself."""
        return MEASURES[self.measure]

    @property
    def is_ratio(self) -> bool:
        """Whether it is judged on the scale of logarithms."""
        return self.contrast in RATIOS

    @property
    def unit(self) -> str:
        """What the figure is counted in."""
        if self.is_ratio:
            return "ratio"
        if self.contrast == SLOPE:
            return "per unit"
        if self.contrast == SHARE_MEDIATED:
            return "share of the effect"
        if self.contrast == DIFFERENCE and self.asked.unit in ("share", "share of days"):
            return "difference of shares"
        return self.asked.unit

    @property
    def tolerance(self) -> float:
        """How far the simulated median may lie from the published figure; for ratios, as a log.

        Half of the published interval where there is one. Else, for a share, the figure's own 95%
        sampling error, and at least 5 points; 10 points where nothing says how many people it rests
        on. A scale with a top: a tenth of it. A ratio: a factor of 1.5. Anything else: a quarter of
        the published figure. Of a direction: none, the middle study goes the same way.
        """
        if self.direction:
            return 0.0
        if self.low is not None and self.high is not None:
            return (
                math.log(self.high / self.low) / 2 if self.is_ratio else (self.high - self.low) / 2
            )
        if self.is_ratio:
            return math.log(FACTOR)
        if self.contrast == SHARE_MEDIATED:
            return SHARE_MEDIATED_WITHOUT_INTERVAL
        if self.contrast == SLOPE or self.asked.kind == EVENTS or self.asked.most is None:
            return WITHOUT_TOP * abs(self.published)
        if self.asked.kind == YES_NO and self.size is not None:
            return self._sampling_error(self.size)
        return POINTS_WITHOUT_SIZE * self.asked.most

    def _sampling_error(self, size: int) -> float:
        share = min(max(self.published, 0.05), 0.95) if self.contrast is None else 0.5
        groups = 1 if self.contrast is None else 2
        return max(LEAST_POINTS, 1.96 * math.sqrt(groups * share * (1 - share) / size))

    @property
    def model_error(self) -> float:
        """How far a right model may lie from the figure since the study's people are not ours: a
        standard deviation, of a ratio as a logarithm. Calibration allows for it beside luck.

        None for a difference that a lot made, since both arms have the same people. Ten points of a
        share: studies of much the same people stand about so far apart (44 to 60% back in use
        within a year of care for alcohol, 30 to 38% without any). Half a factor of 1.5 for a ratio
        between people who chose; a tenth of a score; an eighth of anything else. Assumed, and fixed
        on 26 November 2026, before any set was accepted.
        """
        if self.against:
            return 0.0
        if self.is_ratio:
            return math.log(FACTOR) / 2
        if self.asked.kind == EVENTS or self.asked.most is None:
            return WITHOUT_TOP * abs(self.published) / 2
        return POINTS_WITHOUT_SIZE * self.asked.most

    def is_met_by(self, simulated: float) -> bool:
        """Whether this lies within the tolerance."""
        if self.direction:
            above = simulated > self.published
            return above if self.direction == MORE else simulated < self.published
        if self.is_ratio:
            return simulated > 0 and abs(math.log(simulated / self.published)) <= self.tolerance
        return abs(simulated - self.published) <= self.tolerance
