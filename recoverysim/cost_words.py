"""What people read about costs: never one without deaths and years of life in the same breath."""

from __future__ import annotations

from typing import NamedTuple

from recoverysim import words

A_DEATH = "A death lowers cost, so never read a cost alone."
WORSE_LIVES = (
    "People are worse off for it on average, so it is not told how likely it is worth its cost: a "
    "saving would be bought with worse and shorter lives."
)
TOO_FEW = "cannot be told from so few repeats"


class Change(NamedTuple):
    """A difference with its likely range; None where it is unknown."""

    mean: float
    low: float | None
    high: float | None

    def told(self, digits: int = 0) -> str:
        """'+12 (−3 to +31)'."""
        if self.low is None or self.high is None:
            return f"{words.signed(self.mean, digits)} (range unknown)"
        ends = (words.signed(end, digits) for end in (self.low, self.high))
        return f"{words.signed(self.mean, digits)} ({' to '.join(ends)})"

    @property
    def is_settled(self) -> bool:
        """Whether the likely range leaves out zero."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


class Worth(NamedTuple):
    """One change over so many years: pounds each; deaths, years of life and QALYs per 1,000.

    `ratio` is pounds per QALY with its range, where both changes have the same sign. `chances` are
    thresholds in pounds per QALY, each with the chance that the change is worth it.
    """

    years: int
    price_year: str
    perspective: str
    pounds: Change
    deaths: Change
    life_years: Change
    qalys: Change
    ratio: tuple[float | None, float | None, float | None]
    chances: tuple[tuple[float, float | None], ...]
    knowledge: str


def worth(of: Worth) -> str:
    """Costs beside lives, which of four cases it is, and how likely it is worth it."""
    said = (
        f"Costs beside lives {words.after(of.years)}, discounted but for deaths (pounds of "
        f"{of.price_year}; counted: {of.perspective}): {of.pounds.told()} pounds each; per 1,000 "
        f"people, deaths {of.deaths.told(1)}, years of life {of.life_years.told(1)}, QALYs "
        f"{of.qalys.told(1)}."
    )
    if words.whole(of.pounds.mean) == 0 and words.rounded(of.qalys.mean, 1) == 0:
        return f"{said} No difference that shows."
    return f"{said} {case(of)} {WORSE_LIVES if of.qalys.mean < 0 else chance(of)} {A_DEATH}"


def case(of: Worth) -> str:
    """Dearer or cheaper, better or worse, as far as it is established."""
    dearer = "dearer" if of.pounds.mean > 0 else "cheaper" if of.pounds.mean < 0 else "as dear"
    better = "better" if of.qalys.mean > 0 else "worse" if of.qalys.mean < 0 else "as good"
    which = f"{dearer} and {better}"
    open_questions = [
        question
        for question, change in (
            ("whether it costs more or less", of.pounds),
            ("whether people gain or lose", of.qalys),
        )
        if not change.is_settled
    ]
    if open_questions:
        return f"On average {which}, but {' and '.join(open_questions)} is not established."
    return f"{which[0].upper()}{which[1:]}{_price(of)}."


def _price(of: Worth) -> str:
    value, low, high = of.ratio
    if value is None:
        return ""
    what = "per QALY gained" if of.qalys.mean > 0 else "saved per QALY lost"
    ends = "" if low is None or high is None else f" ({low:,.0f} to {high:,.0f})"
    return f": about {value:,.0f} pounds {what}{ends}"


def chance(of: Worth) -> str:
    """How likely it is worth it at each threshold."""
    basis = "luck alone" if of.knowledge == "none" else "luck and what is not known"
    if any(found is None for _, found in of.chances):
        return f"How likely it is worth its cost {TOO_FEW}."
    told = "; ".join(f"{likely(found)} at {at:,.0f}" for at, found in of.chances)
    return f"Chance that it is worth its cost, by what a QALY may cost in pounds: {told} ({basis})."


def likely(chance: float | None) -> str:
    """'78%', 'under 1%', 'over 99%'."""
    if chance is None:
        return "unknown"
    if 0 < words.whole(100 * chance) < 100:
        return f"{words.whole(100 * chance)}%"
    return "under 1%" if chance < 0.5 else "over 99%"
