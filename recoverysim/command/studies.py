"""Commands that set simulated studies beside published ones: trial, validate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recoverysim.command.app import (
    CHECK_FAILED,
    Csv,
    Json,
    Knowledge,
    Plugins,
    Quiet,
    Seed,
    Set,
    Threads,
    app,
)
from recoverysim.command.inputs import load_plugins, settings_of
from recoverysim.command.speech import one_format, print_csv, print_json, progress

if TYPE_CHECKING:
    from recoverysim.studies.trial import Simulated
    from recoverysim.studies.trial_files import Trial

TrialRepeats = Annotated[int, typer.Option(help="Times each study is simulated.", min=2)]
TrialClients = Annotated[
    int | None, typer.Option(help="Participants in every arm, in place of the study's own.", min=1)
]
TrialYears = Annotated[
    int | None, typer.Option(help="Years to live, in place of the study's own; never fewer.", min=1)
]


@app.command()
def trial(
    trials: Annotated[list[str], typer.Argument(help="Names of studies, or files.")],
    clients: TrialClients = None,
    years: TrialYears = None,
    repeats: TrialRepeats = 200,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    knowledge: Knowledge = "prior",
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Studies simulated with their own people, arms, sizes, follow-up and loss, beside what was
    published."""
    from recoverysim.studies.trial_files import load_trial
    from recoverysim.terminal import print_trials

    one_format(as_json, as_csv)
    load_plugins(plugins)
    differences = settings_of(settings)
    chosen = [load_trial(name).altered(clients, years, differences) for name in trials]
    found = _simulate(chosen, repeats, seed, threads, knowledge, quiet)
    if as_json:
        print_json({"trials": [one.to_json() for one in found]})
    elif as_csv:
        rows = [(one.trial.name, vars(row)) for one in found for row in one.rows]
        print_csv([{"trial": name, **row} for name, row in rows])
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
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Every shipped study, misses first; exit 4 if one misses that is not listed as known."""
    from recoverysim.studies.trial import verdicts
    from recoverysim.studies.trial_files import load_trial, shipped_trials
    from recoverysim.terminal import print_verdicts

    one_format(as_json, as_csv)
    chosen = [load_trial(name) for name in ids or shipped_trials()]
    rows = verdicts(_simulate(chosen, repeats, seed, threads, knowledge, quiet))
    if as_json:
        passed = sum(row["passed"] for row in rows)
        print_json({"rows": rows, "passed": passed, "failed": len(rows) - passed})
    elif as_csv:
        print_csv(rows)
    else:
        print_verdicts(rows)
    if any(not row["passed"] and not row["known"] for row in rows):
        raise typer.Exit(CHECK_FAILED)


def _simulate(
    chosen: list[Trial], repeats: int, seed: int, threads: int | None, knowledge: str, quiet: bool
) -> list[Simulated]:
    from recoverysim.plan import Plan
    from recoverysim.studies.trial import simulate

    plan = Plan(repeats=repeats, seed=seed, threads=threads, knowledge=knowledge)
    with progress(len(chosen) * repeats, quiet) as advance:
        return [simulate(one, plan, progress=advance) for one in chosen]
