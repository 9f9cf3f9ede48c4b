"""What is said of how sure an answer is: how many repeats would settle it, and what they cannot."""

from __future__ import annotations

from recoverysim.words import several

NOT_IN_A_RANGE = (
    "Not in any range: whether findings from trials in the United States carry over to the United "
    "Kingdom."
)


def more_repeats(needed: int) -> str:
    """Said where luck alone is over a tenth of the effect."""
    return (
        f"Luck alone is over a tenth of this difference; about {needed:,} repeats would make it "
        "less. More repeats do not narrow what is not known."
    )


def to_settle(needed: int | None, repeats: int, most: int, *, by_knowledge: bool) -> str:
    """Said where a difference cannot be told from zero: how many repeats would settle it, if any.

    `needed` is None where no number would; `by_knowledge`: since what is not known reaches across
    zero by itself. A run has so many `repeats`, and may have as many as `most`.
    """
    if needed is None and by_knowledge:
        return (
            "No number of repeats would settle it: what is not known reaches across zero by "
            "itself. A study of what is not known would."
        )
    if needed is None:
        return (
            "No number of repeats would settle it: the difference is too small to show in whole "
            "people in every 1,000."
        )
    if needed > most:
        return (
            f"About {needed:,} repeats would settle it, if the difference is what it seems: more "
            f"than the {most:,} that a run may have."
        )
    if needed <= repeats:
        return "It is on the edge: more repeats may settle it, either way."
    return f"About {needed:,} repeats would settle it, if the difference is what it seems."


def rough_range(repeats: int, enough: int) -> str:
    """Said where a range rests on few parameter sets."""
    return (
        f"A range from {several(repeats, 'repeat')} is rough, and may call a difference too soon "
        f"or too late: --repeats {enough} is better."
    )
