"""Numbers that know their unit, range, distribution, source and grade.

No rule holds a literal: each file of rules declares its numbers on top, as a section::

    parameters(
        "attendance",
        leave_while_trying_per_week=quantity(0.10, "per week", 0.06, 0.15, source="chappel", ...),
    )

A rule then reads ``today.attendance.leave_while_trying_per_week``, a scenario file writes the
same name, and `recoverysim evidence` prints where the number comes from. A number that differs
by substance, kind of linkage or modality is declared `by` them; its key carries the member in the
middle (``linkage.peer.first_meeting``) and a rule reads it by code
(``today.linkage.first_meeting[client.link]``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

ASSUMED = "assumed"

GRADES = {
    "strong": "randomised or very large and consistent evidence on much the same people",
    "moderate": "good cohort or national statistics, or one trial",
    "weak": "few people, other people than ours, quoted second-hand, or read from a figure",
    ASSUMED: "judgement: no study was found; the range says how little is known",
    "design": "a choice that a service makes, or a definition: it is set, not estimated",
}

DISTRIBUTIONS = {
    "fixed": "always the value",
    "uniform": "anything from low to high, equally likely",
    "triangular": "from low to high, most likely at the value",
    "normal": "bell-shaped around the value; low and high enclose 95%, and it may fall outside",
    "dirichlet": "one of several shares that sum to one",
    "choice": "one of the whole numbers from low to high, equally likely",
}

UP_TO_ONE = ("share", "probability", "per week", "0 to 1")
CODE = "code"  # the unit of whole numbers that stand for one of several forms

# 97.5% point of the standard normal: half the width of a 95% range, in standard deviations.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Quantity:
    """One number of the model.

    `low` and `high` are the plausible range in `unit`; what they mean depends on
    `distribution` (see DISTRIBUTIONS). `source` names rows of the register of figures
    (`recoverysim evidence KEY` prints them), or says `assumed`.
    `studied` says on whom the number
    was measured. `bounds` are the values that make sense at all; anything outside is refused.
    `moves_with` names a quantity on the probability scale: when that one is drawn away from its
    value, this one moves by as much on the log-odds scale. `whole_run` marks numbers that fix a
    trait or a curve, so they cannot change from a given week. `lever` marks what a service decides:
    its range is that of today's practice, and a scenario may leave it.
    """

    value: float
    unit: str
    low: float
    high: float
    distribution: str
    source: str
    grade: str
    studied: str
    note: str
    bounds: tuple[float, float]
    moves_with: str | None
    whole_run: bool
    concentration: float
    lever: bool

    def draw(self, u: float) -> float:
        """The value at quantile `u` (0 < u < 1) of the declared distribution.

        Dirichlet shares are returned as unscaled gamma variates; `knowledge` scales them.
        """
        if self.distribution == "fixed":
            return self.value
        if self.distribution == "uniform":
            return self.low + u * (self.high - self.low)
        if self.distribution == "choice":
            return float(self.low + math.floor(u * (self.high - self.low + 1)))
        if self.distribution == "triangular":
            return self._triangular(u)
        if self.distribution == "normal":
            from scipy.special import ndtri

            return float(self.value + (self.high - self.low) / (2 * Z_95) * ndtri(u))
        from scipy.special import gammaincinv

        return float(gammaincinv(self.concentration, u))

    def _triangular(self, u: float) -> float:
        width, rise = self.high - self.low, self.value - self.low
        if width == 0:
            return self.value
        if u < rise / width:
            return self.low + math.sqrt(u * width * rise)
        return self.high - math.sqrt((1 - u) * width * (self.high - self.value))


def quantity(
    value: float,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    *,
    distribution: str | None = None,
    source: str = ASSUMED,
    grade: str | None = None,
    studied: str = "",
    note: str = "",
    bounds: tuple[float, float] | None = None,
    moves_with: str | None = None,
    whole_run: bool = False,
    concentration: float = 0.0,
    lever: bool = False,
) -> Quantity:
    """Declare a number. Without a range it is fixed; with one it is triangular unless said.

    Units of UP_TO_ONE bound the value to 0 to 1; everything else is bounded below by 0 unless
    `bounds` says otherwise. A number with a source needs a grade. Raises ValueError where the
    declaration contradicts itself, so a slip is found at import.
    """
    low = value if low is None else low
    high = value if high is None else high
    distribution = distribution or ("fixed" if low == high else "triangular")
    grade = grade or (ASSUMED if source == ASSUMED else "")
    if bounds is None:
        bounds = (0.0, 1.0) if unit in UP_TO_ONE else (0.0, math.inf)
    if distribution not in DISTRIBUTIONS or grade not in GRADES:
        raise ValueError(f"no distribution {distribution!r} or no grade {grade!r}")
    if not low <= value <= high or not bounds[0] <= value <= bounds[1]:
        raise ValueError(f"{value} {unit} lies outside its range {low} to {high} or {bounds}")
    return Quantity(
        float(value), unit, float(low), float(high), distribution, source, grade,
        studied, note, bounds, moves_with, whole_run, concentration, lever,
    )  # fmt: skip


@dataclass(frozen=True)
class By:
    """One number for each member of a family, in the order of the family's codes."""

    members: tuple[str, ...]
    quantities: tuple[Quantity, ...]


def by(members: tuple[str, ...], **quantities: Quantity) -> By:
    """Declare one number per member; every member must be given."""
    if set(members) != set(quantities):
        raise ValueError(f"needs one number each for {', '.join(members)}")
    return By(members, tuple(quantities[name] for name in members))


SECTIONS: dict[str, dict[str, Quantity | By]] = {}


def parameters(section: str, **fields: Quantity | By) -> None:
    """Register a section of numbers under its name. A section may be declared only once."""
    if section in SECTIONS:
        raise ValueError(f"section {section!r} is declared twice")
    SECTIONS[section] = fields
    all_quantities.cache_clear()


def forget(section: str) -> None:
    """Take a section back, as when a plug-in is unloaded."""
    del SECTIONS[section]
    all_quantities.cache_clear()


@cache
def all_quantities() -> Mapping[str, Quantity]:
    """Every number of the model by its dotted key, section by section in alphabetical order: the
    order in which files happen to be imported must not matter."""
    found: dict[str, Quantity] = {}
    for section, fields in sorted(SECTIONS.items()):
        for name, entry in fields.items():
            if isinstance(entry, By):
                for member, one in zip(entry.members, entry.quantities, strict=True):
                    found[f"{section}.{member}.{name}"] = one
            else:
                found[f"{section}.{name}"] = entry
    return found
