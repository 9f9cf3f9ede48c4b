"""Commands about the program itself: scenarios, evidence, bench, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recoverysim.command.app import (
    CHECK_FAILED,
    Clients,
    Csv,
    Json,
    Plugins,
    Seed,
    Set,
    Threads,
    Years,
    app,
    scenarios_app,
)
from recoverysim.command.inputs import load_all, load_plugins
from recoverysim.command.speech import one_format, print_csv, print_data, print_json, say


@scenarios_app.callback()
def scenarios(context: typer.Context) -> None:
    """List the shipped scenarios, where no other word is given."""
    if context.invoked_subcommand is None:
        scenarios_list(as_json=False)


@scenarios_app.command("list")
def scenarios_list(as_json: Json = False) -> None:
    """Every shipped scenario, what it asks, and in what it differs from the baseline."""
    from recoverysim.scenario import load, shipped

    found = [load(name) for name in shipped()]
    base = load("baseline")
    if as_json:
        rows = [
            {"name": one.name, "question": one.question, "differences": one.differences(base)}
            for one in found
        ]
        print_json({"scenarios": rows})
        return
    for one in found:
        print(f"{one.name}\n    {one.question}")


@scenarios_app.command("show")
def scenarios_show(
    name: Annotated[str, typer.Argument(help="Name or file.")], plugins: Plugins = None
) -> None:
    """One scenario: its question, what it sets, what was expected of it."""
    from recoverysim import words
    from recoverysim.scenario import load

    load_plugins(plugins)
    one = load(name)
    print(f"{one.name}\n{one.question}")
    if one.description:
        print(one.description)
    for key, value in one.differences().items():
        print(f"    {key}: {value}")
    if one.expected is not None:
        said = one.expected
        print(words.expectation(said.year, said.low, said.high, None, said.why, said.differs))


@scenarios_app.command("check")
def scenarios_check(
    file: Annotated[str, typer.Argument(help="A scenario, or a study (with arms and figures).")],
    plugins: Plugins = None,
) -> None:
    """Read a file, and the files it names, and report every fault; exit 3 if there is any."""
    from recoverysim import words
    from recoverysim.scenario import load
    from recoverysim.structure import read_graph
    from recoverysim.studies.trial_files import is_a_study, load_trial

    load_plugins(plugins)
    if is_a_study(Path(file)):
        study = load_trial(file)
        for arm in study.arms:
            if arm.scenario.network_file is not None:
                read_graph(arm.scenario.network_file)
        arms, figures = (
            words.several(len(some), noun)
            for some, noun in ((study.arms, "arm"), (study.figures, "published figure"))
        )
        print(f"{file}: no fault found; it is the study {study.name}, with {arms} and {figures}.")
        return
    one = load(file)
    if one.network_file is not None:
        read_graph(one.network_file)
    numbers = words.several(len(one.changes), "number")
    print(f"{file}: no fault found; it is called {one.name} and sets {numbers}.")
    for line in one.local_report():
        print(line)


@scenarios_app.command("template")
def scenarios_template(
    kind: Annotated[str, typer.Argument(help="clients, totals or services.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A new file, in place of the screen.")
    ] = None,
) -> None:
    """An example of a file of an area's own: simulated clients, totals, or services."""
    from recoverysim.local.templates import template

    text = template(kind)
    if out is None:
        print_data(text)
        return
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as fault:
        reason = "is already there" if out.exists() else fault.strerror or str(fault)
        raise ValueError(f"{out} cannot be written: {reason}; name a new file") from fault
    say(f"Written to {out}. Everything in it is simulated: put your own in its place.")


@scenarios_app.command("diff")
def scenarios_diff(
    one: Annotated[str, typer.Argument(help="Name or file.")],
    other: Annotated[str, typer.Argument(help="Name or file.")] = "baseline",
    plugins: Plugins = None,
) -> None:
    """What two scenarios set differently, each with its own value."""
    from recoverysim.scenario import declared, load

    load_plugins(plugins)
    first, second = load(one), load(other)
    mine, theirs = first.differences(), second.differences()
    for key in first.differences(second):
        own, others = (one.get(key, declared(key)) for one in (mine, theirs))
        print(f"{key}: {own} in {first.name}, {others} in {second.name}")


@app.command()
def evidence(
    key: Annotated[str | None, typer.Argument(help="A parameter, or the start of one.")] = None,
    plugins: Plugins = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Every parameter: value, unit, range, distribution, source, grade, who was studied."""
    from recoverysim.grounds import evidence_rows
    from recoverysim.terminal import print_evidence, print_grounds

    one_format(as_json, as_csv)
    load_plugins(plugins)
    rows = evidence_rows(key)
    if as_json:
        print_json({"parameters": rows})
    elif as_csv:
        print_csv(rows)
    else:
        print_evidence(rows)
        if key is None:
            print_grounds()


@app.command()
def bench(
    clients: Clients = 10_000,
    years: Years = 10,
    repeats: Annotated[int, typer.Option(help="Times to measure; the quickest counts.", min=1)] = 5,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Nanoseconds per client-week by phase, and ratios to other models measured beside it."""
    from recoverysim.codes import WEEKS_A_YEAR
    from recoverysim.studies.bench import measure_speed
    from recoverysim.terminal import print_speed

    load_plugins(plugins)
    found = measure_speed(
        load_all(["baseline"], settings)[0], clients, years * WEEKS_A_YEAR, repeats, seed
    )
    if as_json:
        print_json(found)
    else:
        print_speed(found)


@app.command()
def doctor(
    warm: Annotated[bool, typer.Option("--warm", help="Compile now, for a quick start.")] = False,
    as_json: Json = False,
) -> None:
    """Machine, versions, compiled cache, scenarios, and whether it works without the internet."""
    from recoverysim.doctor import examine
    from recoverysim.terminal import print_health

    found = examine(warm=warm)
    if as_json:
        print_json(found)
    else:
        print_health(found)
    if not found["healthy"]:
        raise typer.Exit(CHECK_FAILED)
