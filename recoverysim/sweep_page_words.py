"""What stands around the analyses of a sweep: what was run, how to read each part, its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from recoverysim import words

TWINS_HERE = "Repeat r has the same luck at every point."
INDEPENDENT_HERE = "Each repeat at each point has a luck of its own."
DESIGNS = {
    "grid": "A grid, every value with every other",
    "rows": "Settings from a list",
    "latin-hypercube": "A Latin hypercube, settings that cover every range evenly",
    "morris": "Morris trajectories, a factor moved at each step",
    "sobol": "A Sobol design, which tells whose the variance is",
    "accepted": "Parameter sets that calibration accepted",
}
MANY = (
    "Many numbers are told at once: of 95% intervals, one in twenty leaves out what it should hold."
)
FIRST_MEASURE = "Sentences and pictures are of the first measure; tables have all."

PARTS = {
    "leaderboard": "Which scenario does best?",
    "sensitivity": "Which factors matter?",
    "rank_regression": "Which factors matter?",
    "tornado": "What is it where a factor is low, and where it is high?",
    "interaction": "Do two things together do more than the sum of each?",
    "surface": "What comes of two factors?",
    "thresholds": "From where on does it change sides?",
    "discovery": "Where does it not work?",
    "emulator": "Can answers between the points be foretold?",
}
HOW = {
    "leaderboard": (
        "Dot: how far each is from the best, twin by twin; line: 95% interval over points and "
        "repeats. Hollow: cannot be told apart from the first. The best of several looks a little "
        "better than it is."
    ),
    "morris": (
        "Bar: mean absolute change of the measure where the factor alone goes through its whole "
        "range (Morris; of an uncertain number the middle 95% of what is declared), or from one "
        "kind to another; line: 95% interval over trajectories and "
        "luck. First those that can be told from noise; hollow: those that cannot."
    ),
    "sobol": (
        "Plain bar: share of the variance between points that goes with the factor alone; hatched: "
        "with all it does together with others (Sobol); line: 95% interval over the draw of points "
        "and luck. Hollow: the interval holds 0, so it cannot be told from noise."
    ),
    "rank_regression": (
        "Bar: partial rank correlation of the factor with the measure, all others held, from −1 to "
        "1; line: 95% interval. Hollow: the interval holds 0, so it cannot be told from noise."
    ),
    "tornado": (
        "Circle: mean over points where the factor is in the lowest fifth of its values; diamond: "
        "in the highest; all else as it comes. Lines: 95% intervals. Soft: the two cannot be told "
        "apart."
    ),
    "surface": (
        "The mean over repeats and all other factors, with its 95% interval over repeats where "
        "there is room. Darker: more."
    ),
    "interaction": (
        "From the lowest to the highest value of each of two, all other factors averaged over; "
        "twin by twin, with the 95% interval over repeats."
    ),
    "thresholds": (
        "By straight lines between the values that were run, all other factors averaged over: at "
        "some of their values it may lie elsewhere. 95% interval by a bootstrap of repeats."
    ),
    "discovery": (
        "Rules of a shallow tree. Coverage: the share of all points below the line that lie in the "
        "box; density: the share of points in the box that are below it (Bryant and Lempert 2010). "
        "Rules are told only where they foretell points and repeats held out; where there is "
        "nothing to find, about one sweep in a hundred still tells some (one in thirty where twins "
        "share most luck; with one repeat that luck is not held out at all)."
    ),
    "emulator": (
        "A Gaussian process stands in for the simulation between the points. It answers nothing "
        "beyond the ranges that were run."
    ),
}


# Of a plan, besides its scenarios, factors and words.
SETTINGS = (
    "design", "points", "levels", "clients", "years", "repeats", "repeats_are", "seed",
    "knowledge", "definition", "measures", "worth_from",
)  # fmt: skip
# Columns that a table on the page leaves out, and those whose interval is in `low` and `high`.
SAME_IN_EACH_ROW = ("measure", "year", "line", "held_out", "mu")
RANGED_BY_LOW_AND_HIGH = ("mu_star", "prcc", "mean", "interaction", "crossed_at")
HEADINGS = {
    "mu_star": "mean absolute change",
    "sigma": "sd of changes",
    "above_luck": "told from luck",
    "used": "parts used",
    "drawn": "of",
    "first": "alone",
    "total": "with others",
    "prcc": "rank correlation",
    "apart": "told from noise",
    "at_low": "where low",
    "at_high": "where high",
    "more_than_first": "beside the first",
    "tie_with_best": "tie",
    "best_in": "best in (share)",
    "told": "told from noise",
    "crosses": "share crossing",
    "rmse": "error",
    "explained": "explained (share)",
    "box": "where",
}


def heading(column: str, *, ranged: bool) -> str:
    """The heading of a column on the page."""
    said = HEADINGS.get(column, column.replace("_", " "))
    return f"{said} (95%)" if ranged else said


class Runs(NamedTuple):
    """How many there are: points, runs that finished, runs that were to be."""

    points: int
    finished: int
    planned: int


def what_was_run(plan: Any, runs: Runs) -> list[str]:
    """The plan in sentences."""
    names = ", ".join(f"“{name}”" for name in plan.names)
    factors = words.several(len(plan.factors), "factor")
    beside = ""
    if plan.compares:
        beside = (
            f" They live every point beside each other, as twins; each is told as what it has more "
            f"than “{plan.names[0]}”."
        )
    return [
        f"{DESIGNS.get(plan.design, plan.design)}: {words.several(runs.points, 'point')} of "
        f"{factors}; scenarios: {names}.{beside}",
        f"At each point {words.several(plan.repeats, 'repeat')} of "
        f"{words.simulated(plan.clients)}, followed for {words.years(plan.years)}. "
        + (TWINS_HERE if plan.repeats_are == "twins" else INDEPENDENT_HERE),
    ]


def missing(runs: Runs) -> str:
    """How many runs are not there; nothing where all are."""
    gone = runs.planned - runs.finished
    if gone <= 0:
        return ""
    return (
        f"{gone:,} of {words.several(runs.planned, 'run')} are not here: they failed, were lost, "
        "or are still to come. What needs them is left out of the numbers: where runs fail for a "
        "reason, what is left is not a fair sample."
    )


def limits(plan: Any, grades: Mapping[str, Sequence[str]], year: int) -> list[str]:
    """What the numbers cannot say. `grades` has the names of factors by grade."""
    said = []
    numbers = sum(len(names) for grade, names in grades.items() if grade != "design")
    assumed = len(grades.get("assumed", ()))
    if numbers:
        said.append(
            f"{assumed} of the {words.several(numbers, 'number')} varied are assumed: no study was "
            "found, so their range is judgement, and how much they matter depends on it."
        )
    if len(grades.get("design", ())):
        said.append(
            f"{words.several(len(grades['design']), 'factor')} somebody sets; the range of each is "
            "the plan's."
        )
    if plan.knowledge == "none":
        said.append(
            "Every other number stands at its declared value: what is not known of them is left "
            "out."
        )
    elif not numbers:
        said.append("Repeats that live under the same parameter set count as one in an interval.")
    if words.is_extrapolated(year):
        said.append(f"Year {year} is {words.EXTRAPOLATED}.")
    if plan.repeats == 1:
        said.append(
            "One repeat: luck that all points share is in no interval, and a grid has none at all."
        )
    return [*said, MANY, FIRST_MEASURE]
