"""What every parameter should move, which way and where: `directions.csv`, read.

A line says of one key, or of a family by a name in angle brackets, what moves (`what_moves.py`)
when its number goes up, in which group of people, after how many weeks, and in which world:
settings, or names of `WORLDS`, laid over the baseline. Without `from` and `to` the number goes from
the low to the high end of its declared range; where that is too narrow to see, or fixed, wider
values within its bounds are given. All of it is written from the domain, before any run.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from recoverysim.codes import FELLOWSHIPS, KINDS, MODALITIES, SEXES, SUBSTANCES
from recoverysim.quantities import all_quantities

FAMILIES = {
    "substance": SUBSTANCES, "sex": SEXES, "fellowship": FELLOWSHIPS, "modality": MODALITIES,
    "offer": KINDS[1:],
}  # fmt: skip
NOTHING = "nothing"

WORLDS: dict[str, dict[str, Any]] = {
    # All that services can add, so that there is something to pay for.
    "everything": {
        "aftercare.offered_share": 1, "recovery_housing.offered_share": 1,
        "recovery_centres.reach_share": 1, "medication_policy.person_centred": 1,
        "linkage.intensive.offered_share": 0.5, "naloxone.carried_share": 0.9,
    },
    "many overdoses": {"deaths.overdose_level": 20},
    "deaths of use": {f"deaths.{substance}.excess_using": 400 for substance in SUBSTANCES},
    "long lapses": {
        **{f"return_to_use.{substance}.lapse_share": 1 for substance in SUBSTANCES},
        "return_to_use.lapse_is_got_over_per_week": 0.1,
    },
    "many in residential care": {
        f"care.{substance}.residential_share": 0.3 for substance in SUBSTANCES
    },
    "many beds": {
        **{f"care.{substance}.detox_first_share": 0.8 for substance in SUBSTANCES},
        "population.abstinence_is_the_goal_share": 1,
    },
    "many members": {"population.member_at_entry_share": 0.8},
    "many newcomers": {"linkage.peer.offered_share": 1, "linkage.peer.first_meeting": 0.95},
    "strong effect": {"mutual_aid.total_log_hazard_ratio": 2, "mutual_aid.for_opioids_share": 1},
    "closed to medication": {
        **{f"fellowships.{name}.open_to_medication_share": 0 for name in FELLOWSHIPS},
        "fellowships.stigma_of_medication": 0,
    },
    "thrice the meetings": {f"fellowships.{name}.meetings_ratio": 3 for name in FELLOWSHIPS},
    "supply grows": {
        f"fellowships.{name}.meetings_ratio": {"value": 3, "from_week": 1} for name in FELLOWSHIPS
    },
    "open system": {"arrivals.over_weeks": 104},
}  # fmt: skip


class Line(NamedTuple):
    """What one key moves; `way` is 1 if it moves up as the number does, -1 if down."""

    key: str
    moves: str
    group: str
    way: int
    weeks: int
    where: dict[str, Any]
    low: float
    high: float


@cache
def lines() -> tuple[Line, ...]:
    """A line for each key, families spelt out, in the order of the file."""
    path = Path(__file__).with_name("directions.csv")
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(_line(row) for found in csv.DictReader(file) for row in spelt_out(found))


def spelt_out(row: dict[str, str]) -> list[dict[str, str]]:
    """One row for each member of the family that a row is about; or the row as it is."""
    for family, members in FAMILIES.items():
        name = f"<{family}>"
        if name in row["key"]:
            each = [{k: v.replace(name, one) for k, v in row.items()} for one in members]
            return [spelt for one in each for spelt in spelt_out(one)]
    return [row]


def _line(row: dict[str, str]) -> Line:
    quantity = all_quantities().get(row["key"])
    low, high = (quantity.low, quantity.high) if quantity else (0.0, 0.0)
    return Line(
        row["key"], row["moves"], row["of"], {"up": 1, "down": -1, "": 0}[row["way"]],
        int(row["weeks"] or 0), where(row["where"]),
        float(row["from"] or low), float(row["to"] or high),
    )  # fmt: skip


def where(words: str) -> dict[str, Any]:
    """Settings from "a world; another; a.key=3", later ones laid over earlier ones."""
    found: dict[str, Any] = {}
    for word in filter(None, words.split("; ")):
        key, _, value = word.partition("=")
        found |= {key: float(value)} if value else WORLDS[key]
    return found
