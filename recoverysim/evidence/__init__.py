"""The register of published figures, and what each number of the model rests on."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from recoverysim.quantities import ASSUMED, Quantity

REGISTER = Path(__file__).parent / "figures.csv"


class Figure(NamedTuple):
    """One published figure; `value` is as printed, `verification` how far it was checked."""

    id: str
    topic: str
    quantity: str
    value: str
    population: str
    source: str
    verification: str
    use: str


@cache
def figures() -> dict[str, Figure]:
    """The register by id."""
    with REGISTER.open(newline="", encoding="utf-8") as file:
        return {row["id"]: Figure(**row) for row in csv.DictReader(file)}


def sources_of(quantity: Quantity) -> list[Figure]:
    """The figures that a number rests on; none where it is assumed. KeyError for an unknown one."""
    if quantity.source == ASSUMED:
        return []
    return [figures()[key] for key in quantity.source.split("; ")]
