"""The points of a plan from a CSV file beside it: a column for each factor, a row a point."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recoverysim import yaml_strictly
from recoverysim.scenario_lines import nearest
from recoverysim.studies.sweeps.factors import Factor, Setting
from recoverysim.studies.sweeps.plan_factors import what_can_be_set
from recoverysim.studies.trial_reading import Lines
from recoverysim.yaml_strictly import Value, short

MOST_ROWS = 1_000_000
LARGEST_CSV = 256 * 1024 * 1024

Rows = tuple[tuple[Setting, ...], ...]


def read_rows(
    lines: Lines, folder: Path, value: Value | None, factors: tuple[Factor, ...]
) -> tuple[tuple[Factor, ...], Rows]:
    """The factors in the order of the columns, and the rows. A column is called by a key, or by the
    name that `factors` gives to what it sets."""
    if value is None or not isinstance(value.content, str):
        line = value.line if value else 0
        lines.fault(line, "rows", "should name a CSV file: a column for each factor")
        return factors, ()
    path = folder / value.content
    if not path.is_file():
        said = f"there is no such file beside the plan: {short(value.content)}"
        lines.fault(value.line, "rows", said)
        return factors, ()
    if path.stat().st_size > LARGEST_CSV:
        said = f"{path.name} is too large; at most {LARGEST_CSV >> 20} MiB are read"
        lines.fault(value.line, "rows", said)
        return factors, ()
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            heading, *cells = ([cell.strip() for cell in row] for row in csv.reader(file))
    except (ValueError, csv.Error) as fault:
        said = f"{path.name} is no CSV file with a heading ({fault})"
        lines.fault(value.line, "rows", said)
        return factors, ()
    inside = Lines(path.name)
    columns = _columns(inside, heading, {factor.name: factor for factor in factors})
    rows = _rows(inside, heading, cells)
    lines.faults += inside.faults
    if lines.faults:
        return columns, ()
    spanning = [_spanning(one, [row[at] for row in rows]) for at, one in enumerate(columns)]
    return tuple(spanning), rows


def _columns(lines: Lines, heading: list[str], named: Mapping[str, Factor]) -> tuple[Factor, ...]:
    known = (*named, *what_can_be_set())
    for column in heading:
        if column not in known:
            lines.fault(1, column, f"is not known.{nearest(column, known)}")
    for missing in sorted(set(named) - set(heading)):
        lines.fault(1, missing, "has no column")
    if len(set(heading)) < len(heading):
        lines.fault(1, "", "names a column twice")
    return tuple(named.get(one, Factor(one, (one,))) for one in heading)


def _rows(lines: Lines, heading: list[str], cells: list[list[str]]) -> Rows:
    if not 1 <= len(cells) <= MOST_ROWS:
        lines.fault(0, "", f"holds {len(cells):,} rows; 1 to {MOST_ROWS:,} are read")
    rows = []
    for number, row in enumerate(cells, 2):
        if len(row) != len(heading):
            lines.fault(number, "", f"has {len(row)} cells, and the heading {len(heading)}")
        elif not all(row):
            lines.fault(number, "", "has an empty cell; every point needs every factor")
        if len(lines.faults) >= yaml_strictly.MOST_FAULTS:
            break
        rows.append(tuple(map(_setting, row)))
    return tuple(rows)


def _setting(cell: str) -> Setting:
    if yaml_strictly.NUMBER.match(cell):
        return float(cell)
    return {"true": True, "false": False}.get(cell.lower(), cell)


def _spanning(factor: Factor, settings: list[Setting]) -> Factor:
    """A factor whose ends, or values, are those of the rows."""
    numbers = [one for one in settings if isinstance(one, float)]
    if len(numbers) < len(settings):
        return replace(factor, values=tuple(dict.fromkeys(settings)))
    return replace(factor, low=min(numbers), high=max(numbers))
