"""The parameter sets that calibration accepted, as they ship: docs/calibration.md says how."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

SETS = Path(__file__).parent / "accepted.csv"
TOLD = Path(__file__).parent / "accepted.json"


class AcceptedSets(NamedTuple):
    """A row of numbers for each set, in the order of `keys`."""

    keys: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


@cache
def accepted_file() -> AcceptedSets:
    """The accepted sets, as they stand in the file."""
    with SETS.open(newline="", encoding="utf-8") as file:
        keys, *rows = csv.reader(file)
    return AcceptedSets(tuple(keys), tuple(tuple(map(float, row)) for row in rows))


@cache
def calibration() -> dict[str, Any]:
    """What made the sets, and how they were checked."""
    found: dict[str, Any] = json.loads(TOLD.read_text(encoding="utf-8"))
    return found
