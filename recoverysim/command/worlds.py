"""Commands that live worlds: compare, run, journey."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recoverysim.command.app import (
    FAILED,
    Clients,
    Csv,
    Definition,
    Json,
    Knowledge,
    Out,
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
from recoverysim.command.speech import one_format, print_csv, print_json, progress, say

if TYPE_CHECKING:
    from recoverysim.studies.contrast import Contrast


@app.command()
def compare(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Names or files.")] = None,
    baseline: Annotated[str | None, typer.Option(help="What to compare with.")] = None,
    definition: Definition = "abstinent_90_days",
    who: Annotated[
        bool | None,
        typer.Option(
            "--who/--no-who",
            help="Who changed, by which step; takes once or twice as long again. On for one pair.",
        ),
    ] = None,
    variants: Annotated[
        bool | None,
        typer.Option(
            "--variants/--no-variants",
            help="The same under other forms of the model; takes six times as long again. On for "
            "one pair with --out.",
        ),
    ] = None,
    clients: Clients = 2000,
    years: Years = 10,
    repeats: Repeats = 20,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    knowledge: Knowledge = "accepted",
    out: Out = None,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios, twin by twin: the main job.

    None named: all shipped ones against the baseline. One: against --baseline. More: the first is
    the comparator unless --baseline is given.
    """
    from recoverysim import scenario
    from recoverysim.plan import Plan
    from recoverysim.store.whole import refuse_to_overwrite
    from recoverysim.studies import compare as study
    from recoverysim.studies.variants import lives
    from recoverysim.studies.who_changed import can_be_told
    from recoverysim.terminal import print_comparison

    one_format(as_json, as_csv and out is None)
    load_plugins(plugins)
    names = list(scenarios or [])
    if not names:
        baseline = baseline or "baseline"
        alike = scenario.load(baseline).arrivals
        every = [scenario.load(name) for name in scenario.shipped() if name != baseline]
        every.sort(key=lambda one: (not one.is_of_linking, one.name))
        names = [one.name for one in every if one.arrivals == alike]
    chosen = load_all(names, settings)
    comparator = load_all([baseline], settings)[0] if baseline else None
    if comparator is None and len(chosen) == 1:
        comparator = load_all([chosen[0].against], settings)[0]
    if out is not None:
        refuse_to_overwrite(out)
    runs = len(chosen) + (comparator is not None)
    if who is None:
        who = runs == 2 and can_be_told(definition)
    if variants is None:
        variants = runs == 2 and out is not None
    plan = Plan(clients, years, repeats, seed, knowledge, threads)
    say_how_long([*chosen, *([comparator] if comparator else [])], plan, quiet)
    with progress(runs * repeats, quiet) as advance:
        found = study.compare(
            chosen, baseline=comparator, clients=clients, years=years, repeats=repeats, seed=seed,
            threads=threads, knowledge=knowledge, definition=definition, who=who,
            variants=variants, progress=advance,
        )  # fmt: skip

    def look(contrast: Contrast) -> None:
        with progress(repeats, quiet) as advance:
            contrast.look_who_changed(advance)

    def vary(contrast: Contrast) -> None:
        with progress(lives(contrast), quiet) as advance:
            contrast.look_at_variants(advance)

    if as_json or as_csv:
        for contrast in found.contrasts:
            if who:
                look(contrast)
            if variants:
                vary(contrast)
    if as_json:
        print_json(found.to_json())
    elif as_csv:
        print_csv(found.rows())
    else:
        print_comparison(found, look, vary)
    if out is not None:  # after the answer, which a full disk cannot take away
        found.write(out, sys.argv[1:], as_csv=as_csv)
        if not quiet:
            say(f"Written to {out}")
    for name, why in found.failed:
        say(f"{name} has no answer. {why}")
    if found.failed:
        raise typer.Exit(FAILED)


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="Name or file.")],
    definition: Definition = "abstinent_90_days",
    clients: Clients = 2000,
    years: Years = 10,
    repeats: Repeats = 20,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    knowledge: Knowledge = "accepted",
    out: Out = None,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
    journeys: Annotated[
        int | None,
        typer.Option(help="With --out: people whose journeys are kept; all unless given.", min=1),
    ] = None,
) -> None:
    """Run one scenario; --out writes weekly counts, journeys, panel, clients and a manifest."""
    from recoverysim.plan import Plan
    from recoverysim.studies.result import run as study
    from recoverysim.studies.result import run_to_folder
    from recoverysim.terminal import print_result

    one_format(as_json, as_csv and out is None)
    if journeys is not None and out is None:
        raise ValueError("--journeys: journeys are kept in files; name a folder with --out")
    load_plugins(plugins)
    chosen = load_all([scenario], settings)[0]
    plan: dict[str, Any] = {
        "clients": clients, "years": years, "repeats": repeats, "seed": seed,
        "threads": threads, "knowledge": knowledge, "definition": definition,
    }  # fmt: skip
    kept = 0 if out is None else min(journeys or clients, clients)
    asked = Plan(clients, years, repeats, seed, knowledge, threads)
    say_how_long([chosen], asked, quiet, journeys_of=kept)
    with progress(repeats, quiet) as advance:
        if out is None:
            found = study(chosen, **plan, journeys=False, progress=advance)
        else:
            found = run_to_folder(
                chosen, out, plan, sys.argv[1:], as_csv=as_csv, sample=journeys, progress=advance
            )
    if out is not None and not quiet:
        say(f"Written to {out}")
    if as_json:
        print_json(found.to_json())
    elif as_csv:
        print_csv(found.measures())
    else:
        print_result(found)


@app.command()
def journey(
    scenario: Annotated[str, typer.Argument(help="Name or file.")],
    client: Annotated[int, typer.Option(help="Whose life: 1 to the number of clients.")],
    versus: Annotated[str | None, typer.Option(help="The same client in this world too.")] = None,
    repeat: Annotated[int, typer.Option(help="In which repeat, from 0.")] = 0,
    clients: Clients = 2000,
    years: Years = 10,
    repeats: Repeats = 20,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    knowledge: Knowledge = "accepted",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """One simulated person's story in plain words; with --versus, the same person's in two."""
    from recoverysim.plan import Plan
    from recoverysim.studies.journey import journey as study
    from recoverysim.terminal import print_journey

    load_plugins(plugins)
    chosen = load_all([scenario] if versus is None else [scenario, versus], settings)
    plan = Plan(clients, years, repeats, seed, knowledge, threads)
    with progress(len(chosen), quiet) as advance:
        found = study(
            chosen[0], client, plan, versus=chosen[1] if versus else None, repeat=repeat,
            progress=advance,
        )  # fmt: skip
    if as_json:
        print_json(found.to_json())
    else:
        print_journey(found)
