"""Tidy tables from worlds and counts, as Arrow, with units and meanings in the column metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from recoverysim.clients import TRAITS, Column
from recoverysim.codes import (
    DEAD,
    ENDINGS,
    FAITHS,
    GOALS,
    MEDICATION,
    STAGES,
    SUBSTANCES,
    USES,
)
from recoverysim.outcomes import COUNTS
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

# A percentage per person alive, summed, so that the mean is the sum over those alive.
UNITS = ["percent" if name.endswith("_percent") else "people" for name in COUNTS]


def _meaning(column: Column) -> str:
    """What a column of the table of clients holds; codes are written as words."""
    unit = "" if column.unit == "code" else column.unit
    return f"{column.meaning} ({unit})" if unit else column.meaning


MEANINGS = {
    "scenario": "name of the scenario",
    "repeat": "number of the repeat, from 0",
    "week": "weeks since the start",
    "measure": "what is counted; see outcomes.COUNTS",
    "group": "all, or one substance",
    "value": "people (company_in_recovery_percent: the sum of percentages over people alive)",
    "unit": "unit of value",
    "definition": "definition of recovery; empty where the measure does not depend on it",
    "year": "years since the start; empty where the measure has a time of its own",
    "baseline": "mean over repeats in the baseline",
    "difference": "mean paired difference, value minus baseline",
    "low": "lower end of the 95% range of the difference, luck and knowledge",
    "high": "upper end of it",
    "luck_low": "lower end of the 95% range of the mean difference, luck alone",
    "luck_high": "upper end of it",
    "area_low": "lower end of what one area of that many people may see, 95%",
    "area_high": "upper end of it",
    "client": "key of the simulated person, the same in every scenario",
    "stay": "number of the stay, from 0",
    "stage": "where the person is",
    "week_in": "week in which the stay begins",
    "week_out": "week in which it ends; empty if it had not",
    "ended": "how it ended",
    "use": "abstinent, lapsed or using",
    "weeks_abstinent": "whole weeks without use, outside protected care",
    "meetings": "weeks with a mutual-aid meeting, of the last four",
    "involvement": "0 to 1: home group, sponsor, service",
    "capital": "0 to 1: recovery capital",
    "on_medication": "in medication treatment",
    "ties_in_recovery": "people in recovery among those in touch",
    **{column.name: _meaning(column) for column in TRAITS},
}

CODED = {"substance": SUBSTANCES, "faith": FAITHS, "goal": GOALS}


def weekly(repeats: Repeats) -> pa.Table:
    """Every count in every week: scenario, repeat, week, measure, group, value, unit."""
    counts = repeats.counts
    shown = np.concatenate([counts.sum(axis=2, keepdims=True), counts], axis=2)
    runs, weeks, groups, measures = shown.shape
    shape = (runs, weeks, groups, measures)
    names = pa.array(COUNTS)
    group_names = pa.array(["all", *(f"substance={name}" for name in SUBSTANCES)])
    run, week, group, measure = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    return _table(
        {
            "scenario": _same(repeats.scenario.name, run.size),
            "repeat": run,
            "week": week,
            "measure": names.take(pa.array(measure)),
            "group": group_names.take(pa.array(group)),
            "value": shown.ravel().astype(float),
            "unit": pa.array(UNITS).take(pa.array(measure)),
        }
    )


def journeys(name: str, repeat: int, world: World) -> pa.Table:
    """One record a stay, the stay that had not ended last of each client's."""
    done, now = world.stays(), world.clients
    client = np.concatenate([done["client"], now["key"]])
    order = np.lexsort((np.concatenate([done["stay"], now["stays"]]), client))
    week_in = np.concatenate([done["week_in"], world.week - now["weeks_in_stage"].astype("i4")])
    week_in[len(done) :][now["stage"] == DEAD] = _week_of_death(done, now)
    week_out = np.concatenate([done["week_out"], np.zeros(len(now), "i4")])
    ended = np.concatenate([done["ended"], np.zeros(len(now), "i2")])
    still_there = np.concatenate([np.zeros(len(done), bool), np.ones(len(now), bool)])
    return _table(
        {
            "scenario": _same(name, len(client)),
            "repeat": np.full(len(client), repeat, np.int32),
            "client": client[order],
            "stay": np.concatenate([done["stay"], now["stays"]]).astype("i4")[order],
            "stage": _words(STAGES, np.concatenate([done["stage"], now["stage"]])[order]),
            "week_in": week_in[order].astype("i4"),
            "week_out": pa.array(week_out[order], mask=still_there[order]),
            "ended": _words(ENDINGS, ended[order]),
        }
    )


def _week_of_death(done: np.ndarray, now: np.ndarray) -> np.ndarray:
    """When each person who died did: the end of their last finished stay."""
    last = np.zeros(int(now["key"].max()) + 1, np.int64)
    np.maximum.at(last, done["client"].astype(np.int64), done["week_out"].astype(np.int64))
    return last[now["key"][now["stage"] == DEAD].astype(np.int64)]


def panel(name: str, repeat: int, world: World) -> pa.Table:
    """Everybody every four weeks."""
    waves, clients = world.panel.shape
    seen = world.panel.ravel()
    return _table(
        {
            "scenario": _same(name, seen.size),
            "repeat": np.full(seen.size, repeat, np.int32),
            "client": np.tile(world.clients["key"], waves),
            "week": np.repeat(np.arange(waves, dtype="i4") * WEEKS_BETWEEN_WAVES, clients),
            "stage": _words(STAGES, seen["stage"]),
            "use": _words(USES, seen["use"]),
            "weeks_abstinent": seen["weeks_abstinent"].astype("i4"),
            "meetings": seen["meetings"].astype("i4"),
            "involvement": seen["involvement"],
            "capital": seen["capital"],
            "on_medication": seen["modality"] == MEDICATION,
            "ties_in_recovery": seen["ties_in_recovery"].astype("i4"),
        }
    )


def clients(name: str, repeat: int, world: World) -> pa.Table:
    """Everybody's traits at entry."""
    rows = world.clients
    columns: dict[str, object] = {
        "scenario": _same(name, len(rows)),
        "repeat": np.full(len(rows), repeat, np.int32),
        "client": rows["key"],
    }
    for trait in TRAITS:
        if trait.name in CODED:
            columns[trait.name] = _words(CODED[trait.name], rows[trait.name])
        elif trait.name not in ("key", "luck"):
            columns[trait.name] = np.ascontiguousarray(rows[trait.name])
    return _table(columns)


MEASURE_TYPES = {
    "scenario": pa.string(), "measure": pa.string(), "definition": pa.string(),
    "group": pa.string(), "year": pa.int32(), "unit": pa.string(),
}  # fmt: skip


def measures(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows of a comparison, empty where a number is unbounded or unknown."""
    return _table(
        {
            name: pa.array([row[name] for row in rows], MEASURE_TYPES.get(name, pa.float64()))
            for name in rows[0]
        }
    )


def _table(columns: dict[str, object]) -> pa.Table:
    arrays = [value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value)
              for value in columns.values()]  # fmt: skip
    fields = [
        pa.field(name, array.type, metadata={"meaning": MEANINGS.get(name, name)})
        for name, array in zip(columns, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _same(text: str, size: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(size, np.int8), [text]).cast(pa.string())


def _words(names: tuple[str, ...], codes: np.ndarray) -> pa.Array:
    return pa.array(names).take(pa.array(np.ascontiguousarray(codes)))


def content_hash(tables: Iterable[tuple[str, pa.Table]]) -> str:
    """SHA-256 over the logical rows of tables, in their sorted order; file bytes do not count.

    Tables of the same name are parts of one; they are given in their order.
    """
    digest = hashlib.sha256()
    for name, table in tables:
        digest.update(name.encode() + b"\0")
        keys = [(column, "ascending") for column in table.column_names if column != "value"]
        for column, values in zip(table.column_names, table.sort_by(keys).columns, strict=True):
            digest.update(column.encode() + b"\0")
            digest.update(_bytes(values))
    return digest.hexdigest()


def _bytes(values: pa.ChunkedArray) -> bytes:
    """The logical content of a column: text with ends marked, numbers as little-endian bytes."""
    if pa.types.is_string(values.type):
        return "\x1f".join("\0" if one is None else one for one in values.to_pylist()).encode()
    if pa.types.is_boolean(values.type) or pa.types.is_null(values.type):
        values = values.cast(pa.int8())
    empty = values.is_null().to_numpy(zero_copy_only=False)
    filled = values.fill_null(0).to_numpy()
    return np.asarray(filled).astype(filled.dtype.newbyteorder("<")).tobytes() + empty.tobytes()
