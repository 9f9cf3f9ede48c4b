"""The command that turns the question round: seek, the smallest change that reaches a target."""

from __future__ import annotations

from typing import Annotated

import typer

from recoverysim.command.app import Csv, Json, Plugins, Quiet, Set, Threads, app
from recoverysim.command.inputs import load_plugins, say_how_long, settings_of
from recoverysim.command.speech import one_format, print_csv, print_json, progress


@app.command()
def seek(
    plan: Annotated[str, typer.Argument(help="A plan: the name of a shipped one, or a file.")],
    clients: Annotated[int | None, typer.Option(help="People, in place of the plan's.")] = None,
    repeats: Annotated[int | None, typer.Option(help="Repeats, in place of the plan's.")] = None,
    seed: Annotated[int | None, typer.Option(help="In place of the plan's.")] = None,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """The smallest change of a lever that reaches a target; says so where none does."""
    from recoverysim.studies.seek import OFTEN_LIVED
    from recoverysim.studies.seek import seek as study
    from recoverysim.studies.seek_plan import load_plan
    from recoverysim.terminal_seek import print_sought

    one_format(as_json, as_csv)
    load_plugins(plugins)
    asked = load_plan(plan).altered(clients, repeats, seed, threads, settings_of(settings))
    say_how_long([asked.scenario], asked.run, quiet, times=OFTEN_LIVED)
    with progress(OFTEN_LIVED * asked.run.repeats, quiet) as advance:
        found = study(asked, progress=advance)
    if as_json:
        print_json(found.to_json())
    elif as_csv:
        print_csv(found.rows())
    else:
        print_sought(found)
