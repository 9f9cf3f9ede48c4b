"""What is said of how sure an answer is: how many repeats would settle it, and what they cannot."""

from __future__ import annotations

from recoverysim.words import UNDER_ONE, after, is_settled, rounded, several, signed

NOT_IN_A_RANGE = (
    "Not in any range: whether findings from trials in the United States carry over to the United "
    "Kingdom."
)


FORMS_TITLE = "The same under other forms of the model: more in recovery in every 1,000"
FORMS_NOTE = (
    "Each form is laid over both worlds; every other number stays as uncertain as it is. Which "
    f"form holds nobody knows, and how the effect divides is assumed. {NOT_IN_A_RANGE}"
)
AS_TOLD = "As told above: forms drawn"
FORMS = {
    "threshold": "Meetings help from weekly on",
    "concave": "Every meeting helps, ever less",
    "involvement_only": "Only taking part helps",
    "through_taking_part": "Most runs through taking part",
    "through_company_and_capital": "Most runs through company, capital",
    "washes_out": "The effect fades in year 4",
}


KNOWLEDGE = {
    "prior": (
        "Numbers that are not known were drawn from the ranges that studies or judgement give; "
        "they have not been fitted to what studies found."
    ),
    "accepted": (
        "Numbers that are not known come in sets that agree best with the published figures that "
        "were fitted; all but twelve of them stay as uncertain as they were."
    ),
    "none": (
        "Every number stands at its declared value: what is not known is left out of the ranges."
    ),
}


def effect(accepted: tuple[float, float, float], alone: tuple[float, float]) -> str:
    """The effect that every answer about mutual aid turns on: its middle and ends as accepted, and
    the ends of what randomised comparisons say by themselves."""
    middle, low, high = (f"{one:.2f}" for one in accepted)
    by_lot = " to ".join(f"{one:.1f}" for one in alone)
    said = (
        f"The effect of mutual aid on staying well (log hazard ratio, for a fully involved member) "
        f"is taken to be {middle} ({low} to {high}); comparisons of assigned groups alone allow "
        f"{by_lot}, harm included."
    )
    return said.replace("-", "−")


def interval(low: float | None, high: float | None, digits: int = 0) -> str:
    """A range in a table: '−3 to +7', 'under 1', 'unknown'."""
    if low is None or high is None:
        return "unknown"
    ends = signed(low, digits), signed(high, digits)
    if digits == 0 and set(ends) == {"0"} and (low, high) != (0, 0):
        return UNDER_ONE
    return f"{ends[0]} to {ends[1]}"


def verdict(difference: float | None, low: float | None, high: float | None) -> str:
    """'more', 'fewer', or that it cannot be told from zero: as short as a cell."""
    if difference is None or low is None or high is None:
        return "no answer yet"
    if not is_settled(low, high):
        return "cannot be told from zero"
    return "more" if difference > 0 else "fewer"


def forms_come_to(
    rows: list[tuple[int, float | None, float | None, float | None]],
) -> list[str]:
    """In how many forms a difference is established, a sentence a year.

    `rows` are (year, difference, low, high) of each form.
    """
    said = []
    for year in sorted({row[0] for row in rows}):
        of_year = [row for row in rows if row[0] == year]
        means = [row[1] for row in of_year if row[1] is not None]
        settled = sum(is_settled(low, high) for _, _, low, high in of_year)
        if not means:
            continue
        least, most = (rounded(end, 1) for end in (min(means), max(means)))
        ends = signed(least, 1) if least == most else f"{signed(least, 1)} to {signed(most, 1)}"
        which = {0: "under none", len(of_year): "under each"}.get(settled, f"under {settled}")
        said.append(
            f"{after(year)[0].upper()}{after(year)[1:]} the difference is {ends}, by form; {which} "
            f"of the {len(of_year)} forms can it be told from zero."
        )
    return said


def more_repeats(needed: int) -> str:
    """Said where luck alone is over a tenth of the effect."""
    return (
        f"Luck alone is over a tenth of this difference; about {needed:,} repeats would make it "
        "less. More repeats do not narrow what is not known."
    )


FEWEST_SETS = 4  # from which it is said that what is not known reaches to zero


def to_settle(needed: int | None, run: tuple[int, int, int], *, by_knowledge: bool) -> str:
    """Said where a difference cannot be told from zero: how many repeats would settle it, if any.

    `needed` is None where no number would; `by_knowledge`: since what is not known reaches to
    zero by itself (or may, where there is a number). `run`: its repeats, its parameter sets, and
    the most repeats that it could have.
    """
    repeats, sets, most = run
    if needed is None and by_knowledge and sets < FEWEST_SETS:
        return (
            f"More repeats may settle it, or none: {several(sets, 'parameter set')} cannot tell "
            "whether what is not known reaches to zero by itself."
        )
    if needed is None and by_knowledge:
        return (
            "No number of repeats would settle it: what is not known reaches to zero by itself. A "
            "study of what is not known would."
        )
    if needed is None:
        return (
            "No number of repeats would settle it: the difference is too small to show in whole "
            "people in every 1,000."
        )
    if needed > most:
        return (
            f"No number of repeats that a run may have ({most:,} at most) would settle it: the "
            "difference is next to nothing beside luck."
        )
    about = f"About {needed:,} repeats" if needed > repeats else "More repeats"
    if by_knowledge:
        return (
            f"{about} may settle it, or none: {several(sets, 'parameter set')} cannot tell whether "
            "what is not known reaches to zero by itself. If so, only a study of that would."
        )
    return f"{about} would settle it, if the difference is what it seems."


def rough_range(repeats: int, enough: int) -> str:
    """Said where a range rests on few parameter sets."""
    return (
        f"A range from {several(repeats, 'repeat')} is rough, and may call a difference too soon "
        f"or too late: --repeats {enough} is better."
    )
