"""The command line. Data goes to stdout, messages and progress to stderr."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from recoverysim.scenario import Scenario
    from recoverysim.studies.trial import Simulated

DONE, FAILED, WRONG_USE, BAD_INPUT, CHECK_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130

STOPPED = "Interrupted. Nothing half-written is left behind."

EXAMPLES = """

\b
Three to begin with:

    recoverysim compare                                      all shipped scenarios against today

    recoverysim compare baseline peer-introduction --json    two worlds, every number

    recoverysim evidence linkage                             what the numbers rest on
"""

app = typer.Typer(
    name="recoverysim",
    help="Simulated journeys out of addiction: what changes if services link people to mutual aid "
    "differently?\n" + EXAMPLES,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
scenarios_app = typer.Typer(
    help="List, show, check and compare scenario files.", invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]}, rich_markup_mode=None,
)  # fmt: skip
app.add_typer(scenarios_app, name="scenarios")

Clients = Annotated[int, typer.Option(help="People who start, in each repeat; to 20 million.")]
Years = Annotated[int, typer.Option(help="Years to live, 1 to 20; a year is 52 weeks.")]
Repeats = Annotated[int, typer.Option(help="Repeats, each with its own luck; to 100,000.")]
Seed = Annotated[int, typer.Option(help="The seed of all luck; 0 to 2**64 - 1.")]
Threads = Annotated[int | None, typer.Option(help="Threads; changes speed, never results.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="KEY=VALUE, laid over every scenario.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, unrounded.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV; with --out, write CSV files.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no messages.")]
Out = Annotated[Path | None, typer.Option(help="A new folder for the files.")]
Definition = Annotated[str, typer.Option(help="Definition of recovery.")]
Knowledge = Annotated[str, typer.Option(help="prior: ranges; none: values as they stand.")]


def main() -> None:
    """Run the command line, turning faults into sentences and exit codes."""
    debug = "--debug" in sys.argv
    arguments = [word for word in sys.argv[1:] if word != "--debug"]
    _speak_plainly_where_needed()
    _stop_cleanly_when_told()
    try:
        app(args=arguments, standalone_mode=True)
    except KeyboardInterrupt:
        _say(STOPPED)
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if debug:
            traceback.print_exc()
        sys.exit(_explain(fault))


# What a terminal without these characters is shown instead.
PLAINLY = {
    "“": '"', "”": '"', "’": "'", "−": "-", "–": "-", "→": "->", "×": "x", "…": "...",
    "√": "root of ",
}  # fmt: skip


def _speak_plainly_where_needed() -> None:
    """A terminal or file that cannot hold a character gets a plain one; nothing is lost."""

    def plain_characters(fault: UnicodeError) -> tuple[str, int]:
        assert isinstance(fault, UnicodeEncodeError)
        lost = fault.object[fault.start : fault.end]
        return "".join(PLAINLY.get(one, "?") for one in lost), fault.end

    codecs.register_error("plainly", plain_characters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plainly")


def _stop_cleanly_when_told() -> None:
    """To be told to end, or to lose the terminal, clears up as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _explain(fault: Exception) -> int:
    """Say what went wrong in a sentence; the exit code."""
    from recoverysim.scenario import ScenarioError
    from recoverysim.store.folder import FolderError
    from recoverysim.structure import NetworkError
    from recoverysim.studies.repeats import Interrupted
    from recoverysim.studies.room import NoRoom

    if isinstance(fault, Interrupted):
        _say(STOPPED)
        return INTERRUPTED
    if isinstance(fault, ScenarioError | NetworkError):
        _say(str(fault))
        return BAD_INPUT
    if isinstance(fault, ValueError):
        _say(str(fault))
        return WRONG_USE
    if isinstance(fault, FolderError | NoRoom):
        _say(str(fault))
        return FAILED
    if isinstance(fault, MemoryError):
        _say("There is not enough memory for this run; ask for fewer clients or repeats.")
        return FAILED
    _say(
        f"This run failed: {type(fault).__name__}: {fault}. Run it again with --debug for details."
    )
    return FAILED


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _print_version(asked: bool) -> None:
    if asked:
        from recoverysim.version import package_version

        print(f"recoverysim {package_version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print it."),
    ] = False,
) -> None:
    """Options before any command."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def _load(names: list[str], settings: list[str] | None) -> list[Scenario]:
    from recoverysim.scenario import load

    differences = dict(_setting(one) for one in settings or [])
    scenarios = [load(name) for name in names]
    return [one.replace(differences, told="--set") if differences else one for one in scenarios]


def _setting(text: str) -> tuple[str, Any]:
    from recoverysim import yaml_strictly

    key, sign, value = text.partition("=")
    if not sign:
        raise ValueError(f"--set {text}: write KEY=VALUE, for example linkage.peer.fidelity=1")
    top = yaml_strictly.read_text(f"value: {value}", f"--set {text}")
    if set(top.content) != {"value"}:
        raise ValueError(f"--set {key}: give one value, on one line")
    return key.strip(), _plain(top.content["value"])


def _plain(value: Any) -> Any:
    """A value read strictly, without its lines."""
    content = value.content
    if isinstance(content, dict):
        return {key: _plain(inner) for key, inner in content.items()}
    return [_plain(inner) for inner in content] if isinstance(content, list) else content


@contextlib.contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """Repeats done and time left, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Repeats", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _print_data(text: str) -> None:
    """Data goes out in UTF-8, whatever the terminal: the same bytes everywhere."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def _print_json(content: Any) -> None:
    _print_data(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _print_csv(rows: list[dict[str, Any]]) -> None:
    from recoverysim.store.folder import safe_cell

    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: safe_cell(cell) for key, cell in row.items()} for row in rows)
    _print_data(text.getvalue())


def _one_format(as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise ValueError("--json and --csv: ask for one of the two")


@app.command()
def compare(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Names or files.")] = None,
    baseline: Annotated[str | None, typer.Option(help="What to compare with.")] = None,
    definition: Definition = "abstinent_90_days",
    clients: Clients = 2000,
    years: Years = 10,
    repeats: Repeats = 20,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    knowledge: Knowledge = "prior",
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
    from recoverysim.store.folder import refuse_to_overwrite
    from recoverysim.studies import compare as study
    from recoverysim.terminal import print_comparison

    _one_format(as_json, as_csv and out is None)
    names = list(scenarios or [])
    if not names:
        names = [name for name in scenario.shipped() if name != (baseline or "baseline")]
        baseline = baseline or "baseline"
    chosen = _load(names, settings)
    comparator = _load([baseline], settings)[0] if baseline else None
    if comparator is None and len(chosen) == 1:
        comparator = _load(["baseline"], settings)[0]
    if out is not None:
        refuse_to_overwrite(out)
    runs = len(chosen) + (comparator is not None)
    with _progress(runs * repeats, quiet) as advance:
        found = study.compare(
            chosen, baseline=comparator, clients=clients, years=years, repeats=repeats, seed=seed,
            threads=threads, knowledge=knowledge, definition=definition, progress=advance,
        )  # fmt: skip
    if out is not None:
        found.write(out, sys.argv[1:], as_csv=as_csv)
        if not quiet:
            _say(f"Written to {out}")
    if as_json:
        _print_json(found.to_json())
    elif as_csv:
        _print_csv(found.rows())
    else:
        print_comparison(found)


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
    knowledge: Knowledge = "prior",
    out: Out = None,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario; --out writes weekly counts, journeys, panel, clients and a manifest."""
    from recoverysim.studies.result import run as study
    from recoverysim.studies.result import run_to_folder
    from recoverysim.terminal import print_result

    _one_format(as_json, as_csv and out is None)
    chosen = _load([scenario], settings)[0]
    plan: dict[str, Any] = {
        "clients": clients, "years": years, "repeats": repeats, "seed": seed,
        "threads": threads, "knowledge": knowledge, "definition": definition,
    }  # fmt: skip
    with _progress(repeats, quiet) as advance:
        if out is None:
            found = study(chosen, **plan, journeys=False, progress=advance)
        else:
            found = run_to_folder(chosen, out, plan, sys.argv[1:], as_csv=as_csv, progress=advance)
    if out is not None and not quiet:
        _say(f"Written to {out}")
    if as_json:
        _print_json(found.to_json())
    elif as_csv:
        _print_csv(found.measures())
    else:
        print_result(found)


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
        _print_json({"scenarios": rows})
        return
    for one in found:
        print(f"{one.name}\n    {one.question}")


@scenarios_app.command("show")
def scenarios_show(name: Annotated[str, typer.Argument(help="Name or file.")]) -> None:
    """One scenario: its question, what it sets, what was expected of it."""
    from recoverysim import words
    from recoverysim.scenario import load

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
def scenarios_check(file: Annotated[str, typer.Argument(help="A scenario file.")]) -> None:
    """Read a file, and the network it names, and report every fault; exit 3 if there is any."""
    from recoverysim import words
    from recoverysim.scenario import load
    from recoverysim.structure import read_graph

    one = load(file)
    if one.network_file is not None:
        read_graph(one.network_file)
    numbers = words.several(len(one.changes), "number")
    print(f"{file}: no fault found; it is called {one.name} and sets {numbers}.")


@scenarios_app.command("diff")
def scenarios_diff(
    one: Annotated[str, typer.Argument(help="Name or file.")],
    other: Annotated[str, typer.Argument(help="Name or file.")] = "baseline",
) -> None:
    """What two scenarios set differently, each with its own value."""
    from recoverysim.scenario import declared, load

    first, second = load(one), load(other)
    mine, theirs = first.differences(), second.differences()
    for key in first.differences(second):
        own, others = (one.get(key, declared(key)) for one in (mine, theirs))
        print(f"{key}: {own} in {first.name}, {others} in {second.name}")


@app.command()
def evidence(
    key: Annotated[str | None, typer.Argument(help="A parameter, or the start of one.")] = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Every parameter: value, unit, range, distribution, source, grade, who was studied."""
    from recoverysim.terminal import evidence_rows, print_evidence

    _one_format(as_json, as_csv)
    rows = evidence_rows(key)
    if as_json:
        _print_json({"parameters": rows})
    elif as_csv:
        _print_csv(rows)
    else:
        print_evidence(rows)


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
    knowledge: Knowledge = "prior",
    as_json: Json = False,
) -> None:
    """One simulated person's story in plain words; with --versus, the same person's in two."""
    from recoverysim.plan import Plan
    from recoverysim.studies.journey import journey as study
    from recoverysim.terminal import print_journey

    chosen = _load([scenario] if versus is None else [scenario, versus], settings)
    plan = Plan(clients, years, repeats, seed, knowledge, threads)
    found = study(chosen[0], client, plan, versus=chosen[1] if versus else None, repeat=repeat)
    if as_json:
        _print_json(found.to_json())
    else:
        print_journey(found)


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
        _print_json({"trials": [one.to_json() for one in found]})
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
        _print_json({"rows": rows, "passed": passed, "failed": len(rows) - passed})
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
    with _progress(len(chosen) * repeats, quiet) as advance:
        return [simulate(one, plan, progress=advance) for one in chosen]


@app.command()
def bench(
    clients: Clients = 10_000,
    years: Years = 10,
    repeats: Annotated[int, typer.Option(help="Times to measure; the quickest counts.", min=1)] = 5,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Set = None,
    as_json: Json = False,
) -> None:
    """Nanoseconds per client-week by phase, and ratios to other models measured beside it."""
    from recoverysim.codes import WEEKS_A_YEAR
    from recoverysim.studies.bench import measure_speed
    from recoverysim.terminal import print_speed

    found = measure_speed(
        _load(["baseline"], settings)[0], clients, years * WEEKS_A_YEAR, repeats, seed
    )
    if as_json:
        _print_json(found)
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
        _print_json(found)
    else:
        print_health(found)
    if not found["healthy"]:
        raise typer.Exit(CHECK_FAILED)
