"""The command for many runs: sweep."""

from __future__ import annotations

import shlex
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recoverysim.command.app import FAILED, Json, Plugins, Quiet, app
from recoverysim.command.inputs import load_plugins
from recoverysim.command.speech import print_json, progress, say

if TYPE_CHECKING:
    from recoverysim.studies.sweeps.plan import SweepPlan
    from recoverysim.studies.sweeps.results import Sweep


@app.command()
def sweep(
    plan: Annotated[str, typer.Argument(help="The name of a shipped plan, or a file.")],
    out: Annotated[
        Path | None, typer.Option(help="Where the runs go; by default sweep-NAME.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; changes speed, never results.", min=1)
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Run on a Dask cluster instead: its address, as tcp://10.0.0.1:8786."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take, and run nothing.")
    ] = False,
    longest: Annotated[
        float | None, typer.Option(help="Seconds after which a run is given up.", min=0)
    ] = None,
    memory: Annotated[
        float | None, typer.Option(help="GiB that a run may take, before it fails.", min=0)
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try runs again that failed before.")
    ] = False,
    plugins: Plugins = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Many runs by a plan, each kept as it finishes; the same command goes on where it was
    stopped. At the end, what they say together."""
    from recoverysim.studies.sweeps.plan_reading import load_plan
    from recoverysim.studies.sweeps.sweep import sweep as study

    load_plugins(plugins)
    chosen = load_plan(plan)
    if dry_run:
        _say_what_it_takes(chosen, workers, as_json)
        return
    folder = out or Path(f"sweep-{chosen.name}")
    words = ["recoverysim", "sweep", plan, "--out", str(folder)]
    given = {"scheduler": scheduler, "workers": workers, "longest": longest, "memory": memory}
    for name, value in given.items():
        words += [] if value is None else [f"--{name}", str(value)]
    for plugin in plugins or []:
        words += ["--plugin", str(plugin)]
    if scheduler:
        _say_if_unprotected(scheduler)
    total = _runs(chosen)
    with progress(total, quiet, "Runs") as advance:
        found = study(
            chosen, out=folder, workers=workers, scheduler=scheduler, longest=longest,
            memory=memory, retry_failed=retry_failed, command=shlex.join(words), progress=advance,
        )  # fmt: skip
    _tell(found, as_json, quiet)
    if found.failed():
        raise typer.Exit(FAILED)


def _say_if_unprotected(scheduler: str) -> None:
    from recoverysim.studies.sweeps.cluster_faults import Unprotected, unprotected

    if said := unprotected(scheduler):
        say(said)
    warnings.simplefilter("ignore", Unprotected)


def _runs(plan: SweepPlan) -> int:
    from recoverysim.studies.sweeps.designs import how_many_runs

    return how_many_runs(plan)


def _say_what_it_takes(plan: SweepPlan, workers: int | None, as_json: bool) -> None:
    from recoverysim.studies.sweeps.needs import needs

    found = needs(plan, workers)
    if as_json:
        print_json(found.to_json())
    else:
        print(found.in_words())


def _tell(found: Sweep, as_json: bool, quiet: bool) -> None:
    from recoverysim.store.growing import said_plainly
    from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
    from recoverysim.terminal_sweeps import print_sweep, rows_of

    analysed, page, not_done = None, None, []
    try:
        analysed = found.analyse()
        not_done = analysed.not_done
        with said_plainly(found.folder, lambda: "the same command"):
            page = analysed.write(found.folder / "analysis")
    except CannotAnalyse as why:  # nothing to tell; which runs failed, and why, is told below
        not_done = [str(why)]
    if as_json:
        tables = analysed.tables if analysed else {}
        failed = [{key: one[key] for key in ("number", "why", "said")} for one in found.failed()]
        print_json(
            {
                "stamp": found.stamp, "folder": str(found.folder), "runs": found.manifest["runs"],
                "content_hash": found.content_hash, "failed": failed, "damaged": found.damaged(),
                "answers": analysed.sentences if analysed else [],
                "not_done": not_done,
                "tables": {name: rows_of(one) for name, one in tables.items()},
            }
        )  # fmt: skip
    else:
        print_sweep(found, analysed, not_done)
    if not quiet:
        first = f"; to read first: {page}" if page else ""
        say(f"Written to {found.folder}{first}")
