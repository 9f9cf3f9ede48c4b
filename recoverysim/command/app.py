"""The program and the options that its commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DONE, FAILED, WRONG_USE, BAD_INPUT, CHECK_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130

EXAMPLES = """
\b
Three to begin with:
    recoverysim compare
        all shipped scenarios against today
    recoverysim compare baseline peer-introduction --json
        two worlds, every number
    recoverysim evidence linkage
        what the numbers rest on
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
Plugins = Annotated[
    list[Path] | None,
    typer.Option("--plugin", help="A plug-in: a Python file of yours, which is run."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, unrounded.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV; with --out, write CSV files.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no messages.")]
Out = Annotated[Path | None, typer.Option(help="A new folder for the files.")]
Definition = Annotated[str, typer.Option(help="Definition of recovery.")]
Knowledge = Annotated[
    str,
    typer.Option(help="accepted: sets that fit published figures; prior: ranges; none: values."),
]


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
