"""How the program speaks: data to stdout in UTF-8, messages to stderr, in any alphabet."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

# What a terminal without these characters is shown instead.
PLAINLY = {
    "“": '"', "”": '"', "’": "'", "−": "-", "–": "-", "→": "->", "×": "x", "…": "...",
    "√": "root of ",
}  # fmt: skip


def speak_plainly_where_needed() -> None:
    """A terminal or file that cannot hold a character gets a plain one; nothing is lost."""

    def plain_characters(fault: UnicodeError) -> tuple[str, int]:
        assert isinstance(fault, UnicodeEncodeError)
        lost = fault.object[fault.start : fault.end]
        return "".join(PLAINLY.get(one, "?") for one in lost), fault.end

    codecs.register_error("plainly", plain_characters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plainly")


def say(message: str) -> None:
    """A message, to stderr."""
    print(message, file=sys.stderr)


@contextlib.contextmanager
def progress(total: int, quiet: bool, what: str = "Repeats") -> Iterator[Callable[[float], None]]:
    """Repeats done and time left, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda repeats: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (what, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda repeats: bar.advance(task, repeats)


def print_data(text: str) -> None:
    """Data goes out in UTF-8, whatever the terminal: the same bytes everywhere."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def print_json(content: Any) -> None:
    """JSON, unrounded."""
    print_data(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def print_csv(rows: list[dict[str, Any]]) -> None:
    """Rows as CSV, safe to open in a spreadsheet."""
    from recoverysim.store.csv_cells import safe_cell

    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: safe_cell(cell) for key, cell in row.items()} for row in rows)
    print_data(text.getvalue())


def one_format(as_json: bool, as_csv: bool) -> None:
    """ValueError where both are asked for."""
    if as_json and as_csv:
        raise ValueError("--json and --csv: ask for one of the two")
