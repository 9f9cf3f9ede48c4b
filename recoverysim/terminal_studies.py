"""What the terminal shows of studies: published beside simulated, verdicts, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from recoverysim import study_words, words
from recoverysim.terminal import a_table, console_of_width

if TYPE_CHECKING:
    from recoverysim.studies.trial import Simulated
    from recoverysim.studies.validation import Validation

YES_NO = {True: "yes", False: "no", None: "–"}


def print_trials(studies: Sequence[Simulated]) -> None:
    """Each study: what was published beside what was simulated."""
    from rich.text import Text

    console = console_of_width()
    for study in studies:
        trial = study.trial
        console.print(f"\n{trial.name}: {trial.question}", style="bold", markup=False)
        console.print(f"{trial.studied}.", style="italic", markup=False)
        table = a_table("", "published", "simulated", "middle 90%", "inside")
        table.columns[0].no_wrap = False
        last = ""
        for row in study.rows:
            if row.measure != last:
                table.add_row(Text(row.measure, style="italic"))
                last = row.measure
            table.add_row(
                Text(f"  {row.arm}"), study_words.published(row.published, row.direction, row.unit),
                words.amount(row.median, row.unit),
                words.amounts(row.low90, row.high90, row.unit), YES_NO[row.inside],
            )  # fmt: skip
        console.print(table)
    console.print(
        f"\nThe middle of {studies[0].stamp['repeats']} simulated studies of the same size, and "
        f"the range of the middle 90%. {words.SIMULATED}",
        markup=False,
    )


def print_verdicts(found: Validation) -> None:
    """Every published figure beside the middle of the simulated ones, misses first; then how often
    and how well the model and its rivals foretell them."""
    console = console_of_width()
    rows = found.rows()
    for heading, passed in (("Missed:", False), ("Met:", True)):
        console.print(heading, style="bold")
        for row in rows:
            if row["passed"] == passed:
                console.print(study_words.verdict(row), markup=False)
    count = sum(row["passed"] for row in rows)
    console.print(f"\n{count} of {len(rows)} met.", style="bold", markup=False)
    table = a_table("", "model", "met", "in 90% range", "allowing for other people", "score")
    for one in found.summary():
        table.add_row(
            study_words.KINDS_OF_ROWS[one["kind"]], study_words.MODELS[one["model"]],
            f"{one['passed']} of {one['rows']}", f"{one['inside']} of {one['with_a_range']}",
            f"{one['inside_allowed']} of {one['with_a_range']}",
            "–" if one["score"] is None else f"{one['score']:.2f}",
        )  # fmt: skip
    console.print(table)
    console.print(f"{study_words.SCORE} {words.SIMULATED}", markup=False)


def print_calibration(told: dict[str, Any]) -> None:
    """Numbers before and after, what trials say of the effect, and the checks."""
    console = console_of_width()
    made = told["made_by"]
    console.print(
        f"{made['accepted']:,} sets accepted of {made['draws']:,} draws "
        f"({made['from_declared_ranges']:,} from the declared ranges), seed {made['seed']}.",
        markup=False,
    )
    few = study_words.too_few_draws(made["from_declared_ranges"], len(told["fitted"]))
    if few:
        console.print(few, markup=False)
    table = a_table("Middle (95%)", "declared", "accepted")
    for one in told["parameters"]:
        table.add_row(one["key"], _with_ends(one["declared"]), _with_ends(one["accepted"]))
    console.print(table)
    console.print("\nThe effect of mutual aid (log hazard ratio)", style="bold")
    table = a_table("", "middle", "95%")
    effect = told["effect"]
    for name, one in (("declared", effect["declared"]), ("accepted", effect["accepted"])):
        table.add_row(name, f"{one['median']:.2f}", _ends(one))
    for one in effect["alone"]:
        table.add_row(f"by itself: {one['family']}", f"{one['median']:.2f}", _ends(one))
    for one in told["left_out"]:
        table.add_row(
            f"without: {one['family']}", f"{one['effect']['median']:.2f}", _ends(one["effect"])
        )
    console.print(table)
    figures = [row for one in told["left_out"] for row in one["figures"]]
    inside, allowed = (
        sum(bool(row[name]) for row in figures) for name in ("inside", "inside_allowed")
    )
    console.print(
        f"\nOf {len(figures)} figures, each foretold without its own family: {inside} in the "
        f"middle 90% of simulated studies, {allowed} when other people are allowed for.",
        markup=False,
    )
    further = told["as_a_whole"]["further"]
    console.print(
        f"Of rows from the declared ranges, {further:.1%} lie as far from the middle as all "
        "published figures together do.",
        markup=False,
    )
    console.print("\nKnown truths found again", style="bold")
    table = a_table("", "nominal", "found", "95%", "verdict", "width")
    for one in told["recovered"]:
        table.add_row(
            one["parameter"], f"{one['level']:.0%}", f"{one['covered']:.0%}",
            f"{one['low']:.0%} to {one['high']:.0%}", one["verdict"], f"{one['narrower']:.2f}",
        )  # fmt: skip
    console.print(table)


def _with_ends(one: dict[str, float]) -> str:
    return f"{one['median']:.2g} ({one['low95']:.2g} to {one['high95']:.2g})".replace("-", "−")


def _ends(one: dict[str, float]) -> str:
    return f"{one['low95']:.3g} to {one['high95']:.3g}".replace("-", "−")
