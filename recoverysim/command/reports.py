"""The command that writes what is handed over: report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recoverysim.command.app import (
    Clients,
    Definition,
    Knowledge,
    Plugins,
    Quiet,
    Repeats,
    Seed,
    Set,
    Threads,
    Years,
    app,
)
from recoverysim.command.inputs import load_all, load_plugins, say_how_long
from recoverysim.command.speech import progress, say


@app.command()
def report(
    scenarios: Annotated[list[str], typer.Argument(help="Names or files: one to four.")],
    out: Annotated[Path | None, typer.Option(help="A new file: the report as a web page.")] = None,
    docx: Annotated[
        Path | None, typer.Option(help="A new file: the same as a Word document.")
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="What to compare with.")] = None,
    year: Annotated[
        int | None, typer.Option(help="The year that is told first; the last unless given.")
    ] = None,
    definition: Definition = "abstinent_90_days",
    clients: Clients = 2000,
    years: Years = 10,
    repeats: Repeats = 20,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    knowledge: Knowledge = "accepted",
    quiet: Quiet = False,
) -> None:
    """Write a report to hand over: answer, pictures, sources, method.

    One scenario is compared with --baseline; of more, the first is the comparator unless
    --baseline is given.
    """
    from recoverysim.plan import Plan
    from recoverysim.report.full import MOST_SCENARIOS, Extras
    from recoverysim.report.full import report as written
    from recoverysim.report.word import refuse_without_word, report_docx
    from recoverysim.store.whole import new_file, refuse_to_replace
    from recoverysim.studies.reporting import answer_in_full, refuse_year

    if out is None and docx is None:
        raise ValueError("name a new file with --out, with --docx, or with both")
    if out is not None and docx is not None and out.absolute() == docx.absolute():
        raise ValueError(f"--out and --docx both name {out}; name two files")
    for path in (out, docx):
        if path is not None:
            refuse_to_replace(path)
    if docx is not None:
        refuse_without_word()
    load_plugins(plugins)
    chosen = load_all(scenarios, settings)
    if baseline is not None or len(chosen) == 1:
        chosen = [*load_all([baseline or chosen[0].against], settings), *chosen]
    if len(chosen) > MOST_SCENARIOS + 1:
        raise ValueError(
            f"a report holds up to {MOST_SCENARIOS} scenarios beside what they are compared with; "
            f"found {len(chosen) - 1}"
        )
    plan = Plan(clients, years, repeats, seed, knowledge, threads)
    refuse_year(year, plan.years)
    say_how_long(chosen, plan, quiet)
    with progress(len(chosen) * repeats, quiet) as advance:
        answer = answer_in_full(chosen, plan, definition, advance)
    extras = Extras(tuple(chosen), year)
    if out is not None:
        new_file(out, written(answer, extras).encode("utf-8"))
    if docx is not None:
        new_file(docx, report_docx(answer, extras))
    told = str(year or answer.years[-1])
    for world in answer.worlds[1:]:
        print(world.deaths_sentences[told], world.sentences[told])
    for path in (out, docx):
        if path is not None and not quiet:
            say(f"Written to {path}")
