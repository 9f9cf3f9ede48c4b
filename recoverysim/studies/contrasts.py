"""One group against another: differences, ratios of risks and of odds; crude, adjusted, matched.

Everything works on plain arrays with an entry for each person: `outcome` (0 and 1, or a number),
`exposed` (in the first group or not), and what the people are adjusted for or matched on. What
cannot be told (a group that is empty, people who are all told apart by a trait) is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recoverysim.codes import ABSTINENCE, SUBSTANCES

# What a study can see of people at entry. How severe somebody's dependence is, or how ready they
# really are, is not among it.
TRAITS = (
    "substance", "goal", "earlier_contact", "psychiatric_need", "female", "age", "readiness_seen",
)  # fmt: skip
CLASSES = 5  # of a trait that is a number, for matching
SEPARATED = 15.0  # a log odds ratio beyond this means that a trait tells everybody apart
HALF = 0.5  # added to each cell of a table with an empty one (Haldane 1956, Anscombe 1956)
CLOSE = 1e-9  # of the slope at which a logistic regression has arrived

UNKNOWN = float("nan")


class Estimate(NamedTuple):
    """A difference and its standard error from sampling."""

    effect: float
    error: float


def covariates(entry: np.ndarray, on: Sequence[str]) -> np.ndarray:
    """Traits at entry as columns for a regression; every substance but the first is one."""
    columns = []
    for trait in on:
        if trait == "substance":
            columns += [entry["substance"] == code for code in range(1, len(SUBSTANCES))]
        elif trait == "goal":
            columns.append(entry["goal"] != ABSTINENCE)
        elif trait == "age":
            columns.append(entry["age"] / 10)
        else:
            columns.append(entry[trait])
    return np.column_stack(columns).astype(float) if columns else np.zeros((len(entry), 0))


def strata(entry: np.ndarray, on: Sequence[str], classes: int = CLASSES) -> np.ndarray:
    """The stratum of each person: the same number for people alike in all these traits.

    A trait that is a number is cut into so many classes of equal size.
    """
    found = np.zeros(len(entry), np.int64)
    for trait in on:
        values = entry[trait]
        if values.dtype.kind == "f":
            cuts = np.quantile(values, np.linspace(0, 1, classes + 1)[1:-1])
            values = np.searchsorted(cuts, values)
        _, codes = np.unique(values, return_inverse=True)
        found = found * (int(codes.max()) + 1) + codes
    return np.unique(found, return_inverse=True)[1]


def difference(outcome: np.ndarray, exposed: np.ndarray) -> Estimate:
    """The mean of one group less that of the other."""
    if exposed.all() or not exposed.any():
        return Estimate(UNKNOWN, UNKNOWN)
    groups = outcome[exposed], outcome[~exposed]
    variance = sum(group.var() / len(group) for group in groups)
    return Estimate(float(groups[0].mean() - groups[1].mean()), float(np.sqrt(variance)))


def risk_ratio(outcome: np.ndarray, exposed: np.ndarray) -> float:
    """The share of one group over that of the other."""
    yes, no, other_yes, other_no = _two_by_two(outcome, exposed)
    return yes / (yes + no) / (other_yes / (other_yes + other_no))


def odds_ratio(outcome: np.ndarray, exposed: np.ndarray) -> float:
    """The odds of one group over those of the other."""
    yes, no, other_yes, other_no = _two_by_two(outcome, exposed)
    return yes * other_no / (no * other_yes)


def _two_by_two(outcome: np.ndarray, exposed: np.ndarray) -> tuple[float, float, float, float]:
    if exposed.all() or not exposed.any():
        return (UNKNOWN,) * 4
    happened = outcome > 0
    cells = [
        float((happened[group] == yes).sum()) for group in (exposed, ~exposed) for yes in (1, 0)
    ]
    if min(cells) == 0:
        cells = [cell + HALF for cell in cells]
    return cells[0], cells[1], cells[2], cells[3]


# --- adjusted -----------------------------------------------------------------------------


def adjusted_difference(outcome: np.ndarray, exposed: np.ndarray, traits: np.ndarray) -> Estimate:
    """By linear regression on exposure and traits, with errors robust to unequal variance."""
    design = _design(exposed, traits)
    if design is None:
        return Estimate(UNKNOWN, UNKNOWN)
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ (design.T @ outcome)
    left_over = outcome - design @ coefficients
    middle = design.T @ (design * left_over[:, None] ** 2)
    error = np.sqrt((inverse @ middle @ inverse)[1, 1])
    return Estimate(float(coefficients[1]), float(error))


def adjusted_odds_ratio(outcome: np.ndarray, exposed: np.ndarray, traits: np.ndarray) -> float:
    """By logistic regression on exposure and traits."""
    design = _design(exposed, traits)
    coefficients = None if design is None else _logistic(design, outcome > 0)
    return UNKNOWN if coefficients is None else float(np.exp(coefficients[1]))


def adjusted_risk_ratio(outcome: np.ndarray, exposed: np.ndarray, traits: np.ndarray) -> float:
    """By standardisation: what the same logistic regression says of everybody in either group."""
    design = _design(exposed, traits)
    coefficients = None if design is None else _logistic(design, outcome > 0)
    if design is None or coefficients is None:
        return UNKNOWN
    shares = []
    for group in (1.0, 0.0):
        design[:, 1] = group
        shares.append(_share(design @ coefficients).mean())
    return float(shares[0] / shares[1])


def _design(exposed: np.ndarray, traits: np.ndarray) -> np.ndarray | None:
    """One, exposure, and the traits that differ between people; None where nobody is compared."""
    if exposed.all() or not exposed.any():
        return None
    varied = traits[:, traits.std(axis=0) > 0]
    return np.column_stack([np.ones(len(exposed)), exposed, varied]).astype(float)


def _share(log_odds: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return np.asarray(expit(log_odds))


def _logistic(design: np.ndarray, happened: np.ndarray) -> np.ndarray | None:
    """Coefficients of a logistic regression; None where they have no end.

    By Newton's steps, found by scipy's general minimiser.
    """
    from scipy.optimize import minimize

    def less_likely(coefficients: np.ndarray) -> float:
        log_odds = design @ coefficients
        return float(np.logaddexp(0, log_odds).sum() - log_odds[happened].sum()) / len(design)

    def slope(coefficients: np.ndarray) -> np.ndarray:
        return np.asarray(design.T @ (_share(design @ coefficients) - happened) / len(design))

    def curve(coefficients: np.ndarray) -> np.ndarray:
        share = _share(design @ coefficients)
        return np.asarray(design.T @ (design * (share * (1 - share))[:, None]) / len(design))

    found = minimize(
        less_likely, np.zeros(design.shape[1]), jac=slope, hess=curve, method="trust-exact",
        options={"gtol": CLOSE},
    )  # fmt: skip
    if abs(found.x[1]) > SEPARATED or not np.isfinite(found.x).all():
        return None
    return np.asarray(found.x)


# --- matched ------------------------------------------------------------------------------


class _Alike(NamedTuple):
    """People alike, stratum by stratum, where there are some in both groups."""

    people: np.ndarray
    total: np.ndarray
    squares: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Each stratum as its share of the first group."""
        return np.asarray(self.people[0] / self.people[0].sum())

    @property
    def mean(self) -> np.ndarray:
        """The mean of either group in each stratum."""
        return np.asarray(self.total / self.people)


def _alike(outcome: np.ndarray, exposed: np.ndarray, stratum: np.ndarray) -> _Alike | None:
    kinds = int(stratum.max(initial=-1)) + 1
    sums = np.array(
        [
            [np.bincount(stratum[who], weights, kinds) for weights in (None, values, values**2)]
            for who, values in ((exposed, outcome[exposed]), (~exposed, outcome[~exposed]))
        ]
    )
    both = (sums[:, 0] > 0).all(axis=0)
    if not both.any():
        return None
    return _Alike(*(sums[:, part, both] for part in range(3)))


def matched_difference(outcome: np.ndarray, exposed: np.ndarray, stratum: np.ndarray) -> Estimate:
    """Within strata of people alike, weighted as those of the first group."""
    alike = _alike(outcome.astype(float), exposed, stratum)
    if alike is None:
        return Estimate(UNKNOWN, UNKNOWN)
    spread = alike.squares / alike.people - alike.mean**2
    variance = alike.weight**2 * (spread / alike.people).sum(axis=0)
    effect = (alike.weight * (alike.mean[0] - alike.mean[1])).sum()
    return Estimate(float(effect), float(np.sqrt(variance.sum())))


def matched_risk_ratio(outcome: np.ndarray, exposed: np.ndarray, stratum: np.ndarray) -> float:
    """The share of the first group over that of people alike in the other."""
    alike = _alike(outcome.astype(float), exposed, stratum)
    if alike is None:
        return UNKNOWN
    shares = (alike.weight * alike.mean).sum(axis=1)
    return float(shares[0] / shares[1]) if shares[1] > 0 else UNKNOWN


def matched_odds_ratio(outcome: np.ndarray, exposed: np.ndarray, stratum: np.ndarray) -> float:
    """The common odds ratio of the strata (Mantel and Haenszel 1959)."""
    alike = _alike(outcome.astype(float), exposed, stratum)
    if alike is None:
        return UNKNOWN
    yes, no, everybody = alike.total, alike.people - alike.total, alike.people.sum(axis=0)
    against = (no[0] * yes[1] / everybody).sum()
    return float((yes[0] * no[1] / everybody).sum() / against) if against > 0 else UNKNOWN


# --- lots and paths -----------------------------------------------------------------------


def slope(outcome: np.ndarray, through: np.ndarray, offered: np.ndarray) -> float:
    """What an offer drawn by lot did to the outcome, per unit that it did to something else.

    The estimate of Wald (1940), with the lot as the instrument.
    """
    moved = difference(through, offered).effect
    return difference(outcome, offered).effect / moved if moved != 0 else UNKNOWN


def share_mediated(
    outcome: np.ndarray, exposed: np.ndarray, through: np.ndarray, traits: np.ndarray
) -> float:
    """The share of a total effect that runs through something: total less direct, over total.

    By linear regression (Baron and Kenny 1986). It assumes that nothing unmeasured moves both what
    the effect runs through and the outcome, which no study can check.
    """
    total = adjusted_difference(outcome, exposed, traits).effect
    direct = adjusted_difference(outcome, exposed, np.column_stack([traits, through])).effect
    return (total - direct) / total if total != 0 else UNKNOWN
