"""What the terminal shows of a sweep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from recoverysim.terminal import console_of_width

if TYPE_CHECKING:
    import polars
    from rich.console import Console

    from recoverysim.studies.sweeps.analyses.analyse import Analysed
    from recoverysim.studies.sweeps.results import Sweep

MOST_FAILED = 10


def rows_of(table: polars.DataFrame) -> list[dict[str, Any]]:
    """A table as JSON has it: null where a number is unbounded or unknown."""
    return [
        {
            name: None if isinstance(cell, float) and not math.isfinite(cell) else cell
            for name, cell in row.items()
        }
        for row in table.to_dicts()
    ]


def print_sweep(found: Sweep, analysed: Analysed | None, not_done: list[str]) -> None:
    """What was run, what it says, and what went wrong; None where no run is there to say it."""
    console = console_of_width()
    console.print()
    console.print(found.manifest["question"], style="bold", markup=False)
    if analysed is not None:
        _print_answers(console, analysed)
    if not_done:
        console.print(f"\nNot done: {'; '.join(not_done)}.", markup=False)
    runs = found.manifest["runs"]
    console.print(
        f"\n{runs['done']:,} of {runs['asked']:,} runs finished, {runs['failed']:,} failed. "
        f"Content {found.content_hash}",
        markup=False,
    )
    failed = found.failed()
    for one in failed[:MOST_FAILED]:
        where = ", ".join(f"{key} {value}" for key, value in [*one["settings"].items()][:4])
        console.print(
            f"  run {one['number']}: {one['why']}: {one['said']} ({one['scenario']}, {where})",
            markup=False,
        )
    if len(failed) > MOST_FAILED:
        console.print(f"  and {len(failed) - MOST_FAILED} more, in {found.folder / 'failed'}")
    for one in found.damaged()[-MOST_FAILED:]:
        console.print(f"  {one['file']} {one['why']}; it was made again", markup=False)


def _print_answers(console: Console, analysed: Analysed) -> None:
    if analysed.missing:
        console.print(analysed.missing, style="bold", markup=False)
    console.print(analysed.lead, markup=False)
    for part in analysed.parts:
        console.print(f"\n{part.title}", style="italic", markup=False)
        for sentence in part.sentences:
            console.print(f"  {sentence}", markup=False)
