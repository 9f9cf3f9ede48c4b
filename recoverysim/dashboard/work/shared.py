"""The one desk of the program, made when it is first asked for."""

from __future__ import annotations

from functools import cache

from recoverysim.dashboard import first
from recoverysim.dashboard.work.desk import Desk


@cache
def desk() -> Desk:
    """The desk, with the first answer on it: what a newcomer sees is there before any run."""
    made = Desk()
    for key, found in first.answers():
        made.keep(key, found)
    return made
