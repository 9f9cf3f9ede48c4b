"""Commands that set simulated studies beside published ones: trial, validate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recoverysim.command.app import CHECK_FAILED, Json, Knowledge, Quiet, Seed, Threads, app
from recoverysim.command.speech import print_json, progress

if TYPE_CHECKING:
    from recoverysim.studies.trial import Simulated

TrialRepeats = Annotated[int, typer.Option(help="Times each study is simulated.", min=2)]


@app.command()
def trial(
    trials: Annotated[list[str], typer.Argument(help="Names of studies, or files.")],
    repeats: TrialRepeats = 200,
    seed: Seed = 1,
    threads: Threads = None,
    knowledge: Knowledge = "prior",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Studies simulated with their own people, arms, sizes, follow-up and loss, beside what was
    published."""
    from recoverysim.terminal import print_trials

    found = _simulate(trials, repeats, seed, threads, knowledge, quiet)
    if as_json:
        print_json({"trials": [one.to_json() for one in found]})
    else:
        print_trials(found)


@app.command()
def validate(
    ids: Annotated[list[str] | None, typer.Argument(help="Names of studies; none: all.")] = None,
    repeats: TrialRepeats = 200,
    seed: Seed = 1,
    threads: Threads = None,
    knowledge: Knowledge = "prior",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Every shipped study, misses first; exit 4 if one misses that is not listed as known."""
    from recoverysim.studies.trial import verdicts
    from recoverysim.studies.trial_files import shipped_trials
    from recoverysim.terminal import print_verdicts

    found = _simulate(ids or list(shipped_trials()), repeats, seed, threads, knowledge, quiet)
    rows = verdicts(found)
    if as_json:
        passed = sum(row["passed"] for row in rows)
        print_json({"rows": rows, "passed": passed, "failed": len(rows) - passed})
    else:
        print_verdicts(rows)
    if any(not row["passed"] and not row["known"] for row in rows):
        raise typer.Exit(CHECK_FAILED)


def _simulate(
    names: list[str], repeats: int, seed: int, threads: int | None, knowledge: str, quiet: bool
) -> list[Simulated]:
    from recoverysim.plan import Plan
    from recoverysim.studies.trial import simulate
    from recoverysim.studies.trial_files import load_trial

    chosen = [load_trial(name) for name in names]
    plan = Plan(repeats=repeats, seed=seed, threads=threads, knowledge=knowledge)
    with progress(len(chosen) * repeats, quiet) as advance:
        return [simulate(one, plan, progress=advance) for one in chosen]
