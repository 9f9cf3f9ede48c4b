"""What the terminal shows of a goal seek: the answer, then every setting that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverysim import seek_words, sure_words, words
from recoverysim.outcomes import in_words
from recoverysim.studies.intervals import QUANTILES_FROM_REPEATS
from recoverysim.studies.seek_plan import IN_RECOVERY
from recoverysim.terminal import WIDE, a_table, console_of_width, print_basis

if TYPE_CHECKING:
    from recoverysim.studies.seek import Sought


def print_sought(answer: Sought) -> None:
    """What was sought and found, how sure that is, and the table of settings."""
    console = console_of_width()
    if answer.plan.question:
        console.print(answer.plan.question, style="italic", markup=False)
    for place, sentence in enumerate(answer.said):
        console.print(sentence, style="bold" if place == 1 else "", markup=False)
    console.print()
    target = answer.plan.target
    ranges = ["likely range", *(["luck alone"] if console.width >= WIDE else [])]
    table = a_table("Setting", "per 1,000", "difference", *ranges, "reached", "in sets")
    for one in (answer.as_it_is, *answer.tried):
        row = one.row
        here = one is answer.as_it_is
        ends = [(row.low, row.high), (row.luck_low, row.luck_high)][: len(ranges)]
        table.add_row(
            seek_words.shown_setting(one.setting, as_it_is=here, is_found=one is answer.found),
            seek_words.level(row.value), words.signed(row.difference, 1),
            *("–" if here else sure_words.interval(*pair, 1) for pair in ends),
            "yes" if one.reached else "no", seek_words.count(one.sets),
        )  # fmt: skip
    console.print(table)
    many = answer.parameter_sets
    meaning = (
        f" In recovery: {in_words(target.definition)}." if target.measure == IN_RECOVERY else ""
    )
    console.print(
        f"\nEvery setting is lived by the same people with the same luck; “as it is” leaves the "
        f"lever where it is, as uncertain as that is.{meaning} In sets: of {many} parameter sets, "
        "those in which the target is reached, luck taken out.",
        markup=False,
    )
    run = answer.plan.run
    if run.knowledge != "none" and run.repeats < QUANTILES_FROM_REPEATS:
        console.print(sure_words.rough_range(run.repeats, QUANTILES_FROM_REPEATS))
    print_basis(console, answer.stamp)
