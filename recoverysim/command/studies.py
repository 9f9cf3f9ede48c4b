"""Commands that set simulated studies beside published ones: trial, validate, calibrate."""

from __future__ import annotations

from pathlib import Path
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
from recoverysim.command.speech import one_format, print_csv, print_json, progress, say

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
    knowledge: Knowledge = "accepted",
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Studies simulated with their own people, arms, sizes, follow-up and loss, beside what was
    published."""
    from recoverysim.studies.trial_files import load_trial
    from recoverysim.terminal_studies import print_trials

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
    knowledge: Knowledge = "accepted",
    beside: Annotated[
        bool,
        typer.Option(
            "--rivals/--no-rivals",
            help="Also under models with no effect, and with the crude association causal.",
        ),
    ] = True,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Every shipped study, misses first; exit 4 if one misses that is not listed as known."""
    from recoverysim.plan import Plan
    from recoverysim.studies.rivals import rivals
    from recoverysim.studies.trial_files import load_trial, shipped_trials
    from recoverysim.studies.validation import rival_repeats
    from recoverysim.studies.validation import validate as study
    from recoverysim.terminal_studies import print_verdicts

    one_format(as_json, as_csv)
    chosen = [load_trial(name) for name in ids or shipped_trials()]
    plan = Plan(repeats=repeats, seed=seed, threads=threads, knowledge=knowledge)
    studies = repeats + (len(rivals()) * rival_repeats(plan) if beside else 0)
    with progress(len(chosen) * studies, quiet, "Studies") as advance:
        found = study(chosen, plan, with_rivals=beside, progress=advance)
    rows = found.rows()
    if as_json:
        passed = sum(row["passed"] for row in rows)
        told = {"rows": rows, "passed": passed, "failed": len(rows) - passed}
        print_json(told | {"summary": found.summary()})
    elif as_csv:
        print_csv([row | row.pop("passed_by") for row in rows])
    else:
        print_verdicts(found)
    if any(not row["passed"] and not row["known"] for row in rows):
        raise typer.Exit(CHECK_FAILED)


@app.command()
def calibrate(
    plan: Annotated[str, typer.Argument(help="A plan: calibration, or a file.")] = "calibration",
    out: Annotated[
        Path, typer.Option(help="Where the table of draws grows, and the accepted sets go.")
    ] = Path("calibration"),
    draws: Annotated[
        int | None, typer.Option(help="Sets drawn, in place of the plan's.", min=1)
    ] = None,
    accepted: Annotated[
        int | None, typer.Option(help="Sets kept, in place of the plan's.", min=1)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="In place of the plan's.", min=0)] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; changes speed, never results.", min=1)
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit parameters to published figures and write the accepted sets; the same command goes on
    where it was stopped."""
    from recoverysim.plan import Plan
    from recoverysim.studies.calibration.calibrate import calibrate as study
    from recoverysim.studies.calibration.plan import load_plan
    from recoverysim.terminal_studies import print_calibration

    chosen = load_plan(plan).altered(draws, accepted, seed)
    given = {"--draws": draws, "--accepted": accepted, "--seed": seed}
    options = "".join(f" {name} {value}" for name, value in given.items() if value is not None)
    command = f"recoverysim calibrate {chosen.name}{options}"
    with progress(chosen.draws, quiet, "Draws") as advance:
        found = study(chosen, out, command, workers or Plan().workers(), advance)
    found.write(out)
    if as_json:
        print_json(found.told)
    else:
        print_calibration(found.told)
    if not quiet:
        say(f"Written to {out / 'accepted.csv'} and {out / 'accepted.json'}")


def _simulate(
    chosen: list[Trial], repeats: int, seed: int, threads: int | None, knowledge: str, quiet: bool
) -> list[Simulated]:
    from recoverysim.plan import Plan
    from recoverysim.studies.trial import simulate

    plan = Plan(repeats=repeats, seed=seed, threads=threads, knowledge=knowledge)
    with progress(len(chosen) * repeats, quiet) as advance:
        return [simulate(one, plan, progress=advance) for one in chosen]
