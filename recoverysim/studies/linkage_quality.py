"""The share of people connected to mutual aid, by service and by worker, with funnel limits.

A number that services are asked to report invites gaming, and coercion: nobody has to go. So it
stands beside offers that were made and not followed, without names, for at least 20 people, against
what would be expected of these people, with limits that allow for how much places differ anyway. It
is for asking why, never for judging a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars

FEWEST = 20  # people; fewer are not shown
CASE_MIX = ("substance", "earlier_contact", "psychiatric_need", "goal")
MEASURES = ("offered", "connected", "engaged", "not_followed")
Z = {"95": 1.959963984540054, "99_8": 3.090232306167813}
WINSORISED = 0.10  # of each end, before the spread between places is judged
LEFT_BY_CHANCE = 0.679  # of the variance of standard normal numbers, when that is done to them


def linkage_quality(
    links: polars.DataFrame, clients: polars.DataFrame, *, by: str
) -> polars.DataFrame:
    """One row for each place and measure.

    `links` and `clients` are the tables of one run; `by` is `service` or `worker`. A code is
    somebody else in each repeat, so repeats stay apart. Columns: repeat, the code, people, measure,
    share, expected (of people of the same main substance, earlier contact, mental-health need and
    goal, in all places of that repeat), and low and high limits for 95% and 99.8% of places that
    are like all others, overdispersion allowed for (Spiegelhalter 2005). Places with fewer than 20
    people are left out. Raises ValueError for another `by`.
    """
    import polars as pl

    if by not in ("service", "worker"):
        raise ValueError(f"by should be service or worker; found {by!r}")
    keys = ["repeat", "client"]
    mix = [*keys, *CASE_MIX]
    people = links.join(clients.select(mix), on=keys)
    alike = ["repeat", *CASE_MIX]
    found = []
    for measure in MEASURES:
        expected = pl.col(measure).mean().over(alike)
        places = (
            people.with_columns(expected=expected)
            .group_by("repeat", by)
            .agg(
                people=pl.len(),
                share=pl.col(measure).mean(),
                expected=pl.col("expected").mean(),
                variance=(pl.col("expected") * (1 - pl.col("expected"))).sum(),
            )
            .filter(pl.col("people") >= FEWEST)
            .sort("repeat", by)
        )
        found.append(_with_limits(places).with_columns(measure=pl.lit(measure)))
    table = pl.concat(found)
    return table.select("repeat", by, "people", "measure", "share", "expected", *_limits())


def _limits() -> list[str]:
    return [f"{end}_{level}" for level in Z for end in ("low", "high")]


def _with_limits(places: polars.DataFrame) -> polars.DataFrame:
    import polars as pl

    people = places["people"].to_numpy()
    expected, variance = places["expected"].to_numpy(), places["variance"].to_numpy()
    surprise = (
        (places["share"].to_numpy() - expected) * people / np.sqrt(variance + (variance == 0))
    )
    error = np.sqrt(variance * overdispersion(surprise)) / people
    ends = {}
    for level, z in Z.items():
        ends[f"low_{level}"] = np.clip(expected - z * error, 0, 1)
        ends[f"high_{level}"] = np.clip(expected + z * error, 0, 1)
    return places.with_columns(**{name: pl.Series(values) for name, values in ends.items()})


def overdispersion(surprise: np.ndarray) -> float:
    """How much more places differ than chance would have it: the mean square of z, at least 1.

    The tenth of places at either end is drawn in first, so that a few that stand out do not hide
    themselves.
    """
    if len(surprise) == 0:
        return 1.0
    low, high = np.quantile(surprise, [WINSORISED, 1 - WINSORISED])
    return max(1.0, float((np.clip(surprise, low, high) ** 2).mean()) / LEFT_BY_CHANCE)
