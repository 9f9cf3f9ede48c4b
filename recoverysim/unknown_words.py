"""What people read about the numbers that nobody knows: which matter, which are worth a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverysim import words

if TYPE_CHECKING:
    from recoverysim.studies.unknowns import Choice, Row, Unknowns

SHOWN = 5
ALL_TAKEN_AS_KNOWN = (
    "--knowledge none takes every number as known, so none matters more than others"
)
LEFT_OUT = "What only shows where two numbers change together is left out."
NONE_RISES = "No number by itself rises above chance."
LOST_IN_LUCK = (
    "How far the parameter sets differ cannot be told well enough from luck to give shares: more "
    "people (--clients) or repeats would tell."
)
WORSE = (
    "People are worse off for it on average, so it is not told in pounds what a study would be "
    "worth."
)


def too_few(repeats: int) -> str:
    """Said where there are too few parameter sets."""
    return (
        f"Which unknown matters most, and which is worth a study, is told from --repeats {repeats} "
        "on."
    )


def matters_most(of: Unknowns) -> list[str]:
    """Up to five numbers with their shares, and which one is worth a study; a line each."""
    said = [
        f"What matters most for people in recovery after {words.years(of.year)}, of the "
        f"{len(of.rows)} numbers that are not known exactly ({of.sets:,} parameter sets, luck "
        f"taken out):"
    ]
    rising = [row for row in of.rows if row.above_chance]
    said += [f"  {number(row)}" for row in rising[:SHOWN]]
    if not rising:
        said.append(NONE_RISES)
    if not of.differ:
        said.append(LOST_IN_LUCK)
    elif of.groups:
        grades = "; ".join(
            f"{one.numbers} {one.grade} {percent(one.share, one.low, one.high)}"
            for one in of.groups
        )
        said.append(f"All numbers by their evidence: {grades}. {LEFT_OUT}")
    return [*said, *worth_a_study(of)]


def number(row: Row) -> str:
    """One number: its share, and the answer where it is low and where it is high."""
    share = "" if row.share is None else f" {percent(row.share, row.low, row.high)};"
    low, high = (words.signed(end, 1) for end in (row.at_low, row.at_high))
    return f"{row.key} ({row.grade}):{share} {low} per 1,000 where it is low, {high} where high"


def percent(share: float | None, low: float | None, high: float | None) -> str:
    """'34% (25 to 43)'; a share by chance below nothing is nothing."""
    if share is None or low is None or high is None:
        return "unknown"
    return f"{held(share)}% ({held(low)} to {held(high)})"


def held(share: float) -> int:
    """A share as a whole percentage between 0 and 100."""
    return words.whole(100 * min(max(share, 0.0), 1.0))


def worth_a_study(of: Unknowns) -> list[str]:
    """What knowing would be worth to whoever chooses, by number and of everything."""
    if not of.better:
        return [WORSE]
    best = most_worth(of.rows)
    everything = "; ".join(
        f"{pounds(one.worth)} at {one.threshold:,.0f} pounds a QALY" for one in of.choices
    )
    if best is None:
        return [
            "No number by itself would change the choice by more than chance, so none is worth a "
            f"study alone. To know everything: {everything}, per 1,000 people who start."
        ]
    worth = zip((best.worth_lower, best.worth_upper), of.choices, strict=True)
    one = "; ".join(
        f"{pounds(each)} at {choice.threshold:,.0f} pounds a QALY" for each, choice in worth
    )
    return [
        f"Worth a study: {best.key}. To know it before choosing would be worth, per 1,000 people "
        f"who start, {one}; to know everything, {everything}. {choice_today(of.choices)} A study "
        "costs something too, and serves everybody about whom it helps to choose."
    ]


def most_worth(rows: list[Row]) -> Row | None:
    """The number most worth a study, at whichever threshold it is above chance; None if none is."""

    def worth(row: Row) -> float:
        lower = row.worth_lower * row.worth_lower_above_chance
        return max(lower, row.worth_upper * row.worth_upper_above_chance)

    best = max(rows, key=worth, default=None)
    return best if best is not None and words.whole(1000 * worth(best)) > 0 else None


def choice_today(choices: list[Choice]) -> str:
    """What one would do by the mean."""
    done = {one.threshold: one.net_benefit > 0 for one in choices}
    if len(set(done.values())) > 1:
        best = next(at for at, doing in done.items() if doing)
        return f"By what is known today it is worth its cost at {best:,.0f} pounds a QALY only."
    worth = "worth its cost" if any(done.values()) else "not worth its cost"
    return f"By what is known today it is {worth} at either."


def pounds(each: float) -> str:
    """Pounds per 1,000 people, to two figures: nobody knows it better."""
    whole = words.whole(1000 * each)
    step = 10 ** max(len(str(abs(whole))) - 2, 0)
    near = step * words.whole(whole / step)
    return f"{'−' if near < 0 else ''}£{abs(near):,}"
