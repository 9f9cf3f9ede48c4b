"""Goal seek: the smallest change of one lever that reaches a target.

Every setting is lived by the same people with the same luck under the same parameter sets, so that
what a setting brings is one smooth enough curve and not a new draw each time. What is found was
lived itself, at the very number that is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim import words
from recoverysim.studies.compare import refuse_what_cannot_be_compared
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.intervals import Spread, means_of_sets, spread
from recoverysim.studies.ratios import Row
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.seek_plan import SeekPlan, load_plan
from recoverysim.studies.seek_search import (
    SCANNED,
    nearest_reached,
    settings_between,
    spread_out,
    turning_point,
)
from recoverysim.studies.seek_telling import sentences
from recoverysim.studies.stamp import stamp

if TYPE_CHECKING:
    import polars

SHARES = 0.5, 0.9
A_HAIR = 1e-9  # people in every 1,000: less than this is how computers add up
OFTEN_LIVED = 3 * SCANNED  # settings, about: what a bar of progress runs to


@dataclass(frozen=True)
class Tried:
    """One setting beside the scenario as it is.

    `margin` says for each repeat how far it is beyond the target (below 0: short of it). `sets`
    are the parameter sets in which the target is reached, luck taken out; None where luck and
    knowledge cannot be told apart.
    """

    setting: float
    row: Row
    margin: np.ndarray
    by: Spread
    sets: int | None
    what_settles: str
    notes: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether the target is reached on average."""
        return bool(self.margin.mean() >= -A_HAIR)

    def sets_can_be_told(self, parameter_sets: int) -> bool:
        """Whether sets differ by what they are at least as much as by the luck in their means:
        below that, how many of them reach a target is chance."""
        if self.sets is None or self.by.knowledge_sd is None or self.by.luck_sd is None:
            return False
        in_a_mean = self.by.luck_sd**2 * parameter_sets / len(self.margin)
        return self.by.knowledge_sd**2 >= in_a_mean

    @property
    def by_luck(self) -> tuple[float, float]:
        """Ends of the mean margin as luck leaves it; the mean twice where they are unknown."""
        return self.by.luck or (self.by.mean, self.by.mean)


@dataclass(frozen=True)
class Sought:
    """What came of it.

    `tried` are all settings that were lived, from low to high. `found` is the one that reaches the
    target by the smallest change, None where none does; `across` the nearest beyond today on the
    other side. `in_half` and `in_nine_in_ten` reach it in so many of the parameter sets. `luck` are
    settings that it could have been with other luck; None for an end beyond the range. `turns`
    says where the curve turns, if it does, and which way.
    """

    plan: SeekPlan
    stamp: dict[str, Any]
    as_it_is: Tried
    tried: tuple[Tried, ...]
    found: Tried | None
    across: Tried | None
    in_half: Tried | None
    in_nine_in_ten: Tried | None
    luck: tuple[float | None, float | None]
    turns: tuple[float, str] | None
    parameter_sets: int

    @property
    def reached_today(self) -> bool:
        """Whether nothing has to change."""
        return self.plan.target.is_a_level and self.as_it_is.reached

    @property
    def most(self) -> Tried:
        """The setting nearest to the target, or furthest beyond it; of several the least moved."""

        def how_near(one: Tried) -> tuple[float, float]:
            return float(one.margin.mean()), -abs(one.setting - self.plan.today)

        return max(self.tried or (self.as_it_is,), key=how_near)

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The answer in sentences, the first of them what was sought."""
        return tuple(sentences(self))

    def headline(self) -> str:
        """What was sought, and what was found."""
        return " ".join(self.said[:2])

    def rows(self) -> list[dict[str, Any]]:
        """The scenario as it is, then every setting tried: a row of measures each."""
        return [
            {
                "setting": one.setting, "as_it_is": one is self.as_it_is, "reached": one.reached,
                "sets_reached": one.sets, **vars(one.row),
            }
            for one in (self.as_it_is, *self.tried)
        ]  # fmt: skip

    def table(self) -> polars.DataFrame:
        """The same as a data frame."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def to_json(self) -> dict[str, Any]:
        """Stamp, what was asked, the answer, and all rows: the same bytes whatever the threads."""
        settings = {
            name: None if one is None else one.setting
            for name, one in (
                ("found", self.found), ("across", self.across), ("in_half_of_sets", self.in_half),
                ("in_nine_in_ten_sets", self.in_nine_in_ten),
            )
        }  # fmt: skip
        turns = None if self.turns is None else {"at": self.turns[0], "kind": self.turns[1]}
        return {
            "stamp": self.stamp, "asked": self.plan.settings(),
            "reached_today": self.reached_today, **settings, "luck_low": self.luck[0],
            "luck_high": self.luck[1], "most_at": self.most.setting, "turns": turns,
            "said": list(self.said), "tried": self.rows(),
        }  # fmt: skip


class _Settings:
    """The settings that may be the answer, each lived once, when it is first asked about."""

    def __init__(self, plan: SeekPlan, progress: Callable[[float], None] | None) -> None:
        self.plan = plan
        self.progress = progress
        self.first = live(plan.scenario, plan.run, progress=progress)
        self.at = settings_between(plan.low, plan.high, plan.today)
        self.as_it_is = self._beside(plan.today, self.first)
        self.lived: dict[int, Tried] = {}

    def __getitem__(self, place: int) -> Tried:
        if place not in self.lived:
            moved = live(self.plan.at(self.at[place]), self.plan.run, progress=self.progress)
            self.lived[place] = self._beside(self.at[place], moved)
        return self.lived[place]

    def _beside(self, setting: float, moved: Repeats) -> Tried:
        """A world beside the scenario as it is; only what is told of it is kept."""
        target, plan = self.plan.target, self.plan.run
        contrast = Contrast(self.first, moved, target.definition)
        asked = target.measure, target.year, target.group
        if target.year not in contrast.years:
            raise ValueError(f"in some repeats nobody is followed for {words.years(target.year)}")
        before, after = contrast.values(*asked)
        margin = target.margin(before, after)
        if not np.isfinite(margin).all():
            raise ValueError(
                f"in some repeats nobody of {target.group} is followed so long: more --clients"
            )
        sets = means_of_sets(margin, self.first.sets, plan)
        return Tried(
            setting, contrast.row(*asked), margin, spread(margin, self.first.sets, plan),
            None if sets is None else int((sets >= -A_HAIR).sum()), contrast.what_settles(*asked),
            tuple(contrast.cautions),
        )  # fmt: skip

    def nearest(self, reaches: Callable[[Tried], bool]) -> list[Tried]:
        """On either side of today the nearest setting of which this is so."""
        looked = sorted(self.lived)
        places = nearest_reached(
            self.at, self.plan.today, looked, lambda place: reaches(self[place])
        )
        return [self[place] for place in places]

    def in_sets(self, many: float) -> Tried | None:
        """The nearest setting that reaches the target in so many of the parameter sets."""
        return next(iter(self.nearest(lambda one: (one.sets or 0) >= many)), None)

    def scan(self) -> list[Tried]:
        """A first look over the whole range, both sides of today; where no setting reaches the
        target and the best lies inside, a closer look around that."""
        places = spread_out(0, len(self.at) - 1)
        if self.plan.today in self.at:
            places = sorted({*places, self.at.index(self.plan.today)})
        curve = [self[place] for place in places]
        best = max(range(len(curve)), key=lambda one: float(curve[one].margin.mean()))
        if not curve[best].reached and 0 < best < len(curve) - 1:
            for place in spread_out(places[best - 1], places[best + 1]):
                self[place]
        return curve


def seek(
    plan: str | Path | Mapping[str, Any] | SeekPlan,
    *,
    clients: int | None = None,
    repeats: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Sought:
    """The smallest change of a lever that reaches a target, or that none does.

    `plan` is the name of a shipped plan, a file, or its lines as a mapping (docs/seek.md). Sizes
    and seed take the place of the plan's; `settings` are laid over its scenario. Raises
    ScenarioError for a bad plan, ValueError for a setting that cannot be, PluginFailed where a
    plug-in goes wrong.
    """
    asked = plan if isinstance(plan, SeekPlan) else load_plan(plan)
    asked = asked.altered(clients, repeats, seed, threads, settings)
    refuse_what_cannot_be_compared(asked.scenario, [asked.at(asked.high)])
    refuse_what_does_not_fit(asked.run, scenarios=2)
    worlds = _Settings(asked, progress)
    many = int(worlds.first.sets.max()) + 1
    found: list[Tried] = []
    luck: tuple[float | None, float | None] = None, None
    in_half = in_nine_in_ten = turns = None
    if not (asked.target.is_a_level and worlds.as_it_is.reached):
        curve = worlds.scan()
        turns = _turn(curve, worlds)
        found = worlds.nearest(lambda one: one.reached)
        if worlds.as_it_is.sets is not None:
            in_half, in_nine_in_ten = (worlds.in_sets(share * many) for share in SHARES)
        if found:
            luck = _luck(found[0], worlds)
    tried = tuple(one for _, one in sorted(worlds.lived.items()))
    marked = [asked.scenario, *(asked.at(one.setting) for one in found[:1])]
    return Sought(
        asked, stamp(marked, asked.run), worlds.as_it_is, tried, found[0] if found else None,
        found[1] if len(found) > 1 else None, in_half, in_nine_in_ten, luck, turns, many,
    )  # fmt: skip


def _turn(curve: list[Tried], worlds: _Settings) -> tuple[float, str] | None:
    """Where the scanned curve turns by more than luck, told of the measure and not the margin."""

    def by_more_than_luck(values: np.ndarray) -> bool:
        luck = spread(values, worlds.first.sets, worlds.plan.run).luck
        return values.mean() > 0 and (luck is None or luck[0] > 0)

    up = worlds.plan.target.aim in ("more", "at_least")
    turned = turning_point([one.margin if up else -one.margin for one in curve], by_more_than_luck)
    return None if turned is None else (curve[turned[0]].setting, turned[1])


def _luck(found: Tried, worlds: _Settings) -> tuple[float | None, float | None]:
    """Where the setting might have come out with other luck, on its side of today: from the first
    setting at which luck could reach the target to the first at which it could not miss it."""
    today = worlds.plan.today

    def first(end: int) -> float | None:
        for one in worlds.nearest(lambda one: one.by_luck[end] >= -A_HAIR):
            if (one.setting - today) * (found.setting - today) >= 0:
                return one.setting
        return None

    near, far = first(1), first(0)
    return (near, far) if found.setting >= today else (far, near)
