"""The first answer, that of the first view, kept in a file so that it is there at once.

`python -m recoverysim.dashboard.first` makes the file again; a test says when it is out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.work.looks import Reins, look
from recoverysim.shown import Answer
from recoverysim.studies.stamp import stamp

FILE = "first_answer.json"


def answers() -> Iterator[tuple[str, Answer]]:
    """Key and answer of the first view; nothing where the file was made by another version of the
    model or of what is shown."""
    path = files("recoverysim.dashboard").joinpath(FILE)
    try:
        found = Answer.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return
    exact = Asked().look(quick=False)
    now = stamp(exact.worlds, exact.plan)
    apart = ("commit", "dependencies")  # results are the same across those that the tests cover
    if all(found.stamp.get(name) == now[name] for name in now if name not in apart):
        yield exact.key, found


def make() -> str:
    """The first answer as the file holds it."""
    exact = Asked().look(quick=False)
    found = look(exact, Reins()).to_json()
    found["stamp"] |= {"commit": None}  # the file is part of the commit that it would name
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / FILE).write_text(make(), "utf-8")
