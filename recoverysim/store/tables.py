"""Tidy tables from worlds and counts, as Arrow, with units and meanings in the column metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recoverysim.codes import (
    CAME_CONNECTED,
    CAME_ENGAGED,
    CAME_OFFERED,
    CAME_TO_NOTHING,
    DEAD,
    ENDINGS,
    KINDS,
    MEDICATION,
    MODALITIES,
    NO_MODALITY,
    NOT_COME,
    STAGES,
    SUBSTANCES,
    USES,
)
from recoverysim.outcomes import COUNTS
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.store.columns import CLIENTS, CODED, RUNS, TABLES, Field
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

# A percentage per person alive, summed, so that the mean is the sum over those alive.
SUMMED = "percent, summed over people alive"
WEEKLY_GROUPS = ("all", *(f"substance={name}" for name in SUBSTANCES))
UNITS = [SUMMED if name.endswith("_percent") else "people" for name in COUNTS]


def weekly(repeats: Repeats) -> Iterator[pa.Table]:
    """Every count in every week, a repeat at a time: `weekly_of` each."""
    for repeat, counts in enumerate(repeats.counts):
        yield weekly_of(repeats.scenario.name, repeat, counts)


def weekly_of(name: str, repeat: int, counts: np.ndarray) -> pa.Table:
    """Every count in every week of one repeat: scenario, repeat, week, measure, group, value, unit.

    `counts` are (weeks + 1, substances, COUNTS).
    """
    shown = np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
    names = pa.array(COUNTS)
    group_names = pa.array(WEEKLY_GROUPS)
    week, group, measure = (axis.ravel() for axis in np.indices(shown.shape, dtype=np.int32))
    return _table(
        "weekly",
        {
            "scenario": _same(name, week.size),
            "repeat": np.full(week.size, repeat, np.int32),
            "week": week,
            "measure": names.take(pa.array(measure)),
            "group": group_names.take(pa.array(group)),
            "value": shown.ravel().astype(float),
            "unit": pa.array(UNITS).take(pa.array(measure)),
        },
    )


def journeys(name: str, repeat: int, world: World) -> pa.Table:
    """One record a stay, the stay that had not ended last of each client's."""
    done, now = world.stays(), _who_came(world)
    client = np.concatenate([done["client"], now["key"]])
    order = np.lexsort((np.concatenate([done["stay"], now["stays"]]), client))
    week_in = np.concatenate([done["week_in"], world.week - now["weeks_in_stage"].astype("i4")])
    week_in[len(done) :][now["stage"] == DEAD] = _week_of_death(done, now)
    week_out = np.concatenate([done["week_out"], np.zeros(len(now), "i4")])
    ended = np.concatenate([done["ended"], np.zeros(len(now), "i2")])
    modality = np.concatenate([done["modality"], now["modality"]])
    still_there = np.concatenate([np.zeros(len(done), bool), np.ones(len(now), bool)])
    return _table(
        "journeys",
        {
            "scenario": _same(name, len(client)),
            "repeat": np.full(len(client), repeat, np.int32),
            "client": client[order],
            "stay": np.concatenate([done["stay"], now["stays"]]).astype("i4")[order],
            "stage": _words(STAGES, np.concatenate([done["stage"], now["stage"]])[order]),
            "week_in": week_in[order].astype("i4"),
            "week_out": pa.array(week_out[order], mask=still_there[order]),
            "ended": _words(ENDINGS, ended[order]),
            "modality": _words(MODALITIES, modality[order], none=NO_MODALITY),
        },
    )


def _who_came(world: World) -> np.ndarray:
    rows = world.sample()
    return rows[rows["stage"] != NOT_COME]


def _week_of_death(done: np.ndarray, now: np.ndarray) -> np.ndarray:
    """When each person who died did: the end of their last finished stay."""
    last = np.zeros(int(now["key"].max(initial=0)) + 1, np.int64)
    np.maximum.at(last, done["client"].astype(np.int64), done["week_out"].astype(np.int64))
    return last[now["key"][now["stage"] == DEAD].astype(np.int64)]


def panel(name: str, repeat: int, world: World) -> pa.Table:
    """Everybody every four weeks."""
    waves, clients = world.panel.shape
    there = world.panel.ravel()["stage"] != NOT_COME
    seen = world.panel.ravel()[there]
    return _table(
        "panel",
        {
            "scenario": _same(name, seen.size),
            "repeat": np.full(seen.size, repeat, np.int32),
            "client": np.tile(world.sample()["key"].astype("u8"), waves)[there],
            "week": np.repeat(np.arange(waves, dtype="i4") * WEEKS_BETWEEN_WAVES, clients)[there],
            "stage": _words(STAGES, seen["stage"]),
            "use": _words(USES, seen["use"]),
            "weeks_abstinent": seen["weeks_abstinent"].astype("i4"),
            "meetings": seen["meetings"].astype("i4"),
            "involvement": seen["involvement"],
            "capital": seen["capital"],
            "on_medication": seen["modality"] == MEDICATION,
            "ties_in_recovery": seen["ties_in_recovery"].astype("i4"),
        },
    )


def clients(name: str, repeat: int, world: World) -> pa.Table:
    """Everybody's traits at entry; in an open system, of those who have come by the end."""
    rows = _who_came(world)
    columns: dict[str, object] = {
        "scenario": _same(name, len(rows)),
        "repeat": np.full(len(rows), repeat, np.int32),
        "client": rows["key"].astype("u8"),
    }
    for trait in (field.name for field in CLIENTS if field.name not in columns):
        if trait in CODED:
            columns[trait] = _words(CODED[trait], rows[trait])
        else:
            kind = "i4" if rows[trait].dtype == "i2" else rows[trait].dtype  # short within only
            columns[trait] = np.ascontiguousarray(rows[trait], kind)
    return _table("clients", columns)


def links(name: str, repeat: int, world: World) -> pa.Table:
    """What came of everybody's last link to mutual aid; people who never had one are left out."""
    rows = world.sample()
    rows = rows[rows["episodes"] > 0]
    in_a_service = world.table[0]["practitioners"]["in_a_service"]
    came = rows["came_of_link"]
    return _table(
        "links",
        {
            "scenario": _same(name, len(rows)),
            "repeat": np.full(len(rows), repeat, np.int32),
            "client": rows["key"].astype("u8"),
            "service": (rows["worker"] // in_a_service).astype("i4"),
            "worker": np.ascontiguousarray(rows["worker"]),
            "kind": _words(KINDS, rows["link"]),
            "offered": came & CAME_OFFERED != 0,
            "connected": came & CAME_CONNECTED != 0,
            "engaged": came & CAME_ENGAGED != 0,
            "not_followed": came & CAME_TO_NOTHING != 0,
        },
    )


def measures(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows of a comparison, empty where a number is unbounded or unknown."""
    return _of_rows("measures", rows)


def who_changed(rows: list[dict[str, Any]]) -> pa.Table:
    """Who changed, by step and year."""
    return _of_rows("who_changed", rows)


def variants(rows: list[dict[str, Any]]) -> pa.Table:
    """The difference in recovery under other forms of the model."""
    return _of_rows("variants", rows)


def unknowns(rows: list[dict[str, Any]]) -> pa.Table:
    """How much each uncertain number matters."""
    return _of_rows("unknowns", rows)


def runs(columns: dict[str, np.ndarray], units: dict[str, str]) -> pa.Table:
    """Runs of a sweep, a row for each reported year: the columns of `columns.RUNS`, then a measure
    each, empty where a run cannot say."""
    fields = [*RUNS, *(Field(name, "double", unit, name, True) for name, unit in units.items())]
    arrays = [
        pa.array(columns[field.name], pa.type_for_alias(field.type), from_pandas=True)
        for field in fields
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema([_described(one) for one in fields]))


def points(names: dict[str, str], settings: dict[str, list[Any]]) -> pa.Table:
    """The points of a sweep: their numbers, and what each factor is there; `names` gives units."""
    count = len(next(iter(settings.values()), []))
    fields = [pa.field("point", pa.int32(), nullable=False)]
    arrays = [pa.array(np.arange(count, dtype=np.int32))]
    for name, unit in names.items():
        arrays.append(pa.array(settings[name]))
        fields.append(pa.field(name, arrays[-1].type, metadata={"unit": unit, "meaning": name}))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _of_rows(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, object] = {
        field.name: pa.array([row[field.name] for row in rows], pa.type_for_alias(field.type))
        for field in TABLES[name]
    }
    return _table(name, columns)


def _table(name: str, columns: dict[str, object]) -> pa.Table:
    """A table as `columns.TABLES` declares it, or a TypeError."""
    arrays = [value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value)
              for value in columns.values()]  # fmt: skip
    schema = pa.schema([_described(field) for field in TABLES[name]])
    declared = list(zip(schema.names, schema.types, strict=True))
    made = [(column, array.type) for column, array in zip(columns, arrays, strict=True)]
    if made != declared:
        raise TypeError(f"{name}: declared are {declared}, made were {made}")
    return pa.Table.from_arrays(arrays, schema=schema)


def _described(field: Field) -> pa.Field:
    about = {"unit": field.unit, "meaning": field.meaning}
    kind = pa.type_for_alias(field.type)
    return pa.field(field.name, kind, nullable=field.may_be_empty, metadata=about)


def _same(text: str, size: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(size, np.int8), [text]).cast(pa.string())


def _words(names: tuple[str, ...], codes: np.ndarray, *, none: int | None = None) -> pa.Array:
    mask = None if none is None else codes == none
    return pa.array(names).take(pa.array(np.ascontiguousarray(codes), mask=mask))


class ContentHash:
    """SHA-256 over the logical rows of one table; the bytes of its file do not count.

    The rows are sorted by all columns, from left to right. Each column is hashed as a stream of its
    own, so that parts may come one after another: text as UTF-8 with a zero byte behind it, numbers
    as little-endian bytes of their type, an empty cell as zero or as no text, with its row number
    (from 0, 8 bytes) in a second stream. `docs/output.md` shows how to do the same elsewhere.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[str, tuple[Any, Any]] = {}
        self._last: tuple[Any, ...] | None = None

    def add(self, table: pa.Table) -> None:
        """The next part: all its rows belong behind those before, or it is a ValueError."""
        if table.num_rows == 0:
            return
        table = table.sort_by([(column, "ascending") for column in table.column_names])
        first, last = (tuple(table.slice(row, 1).to_pylist()[0].values())[:2]
                       for row in (0, table.num_rows - 1))  # fmt: skip
        if self._last is not None and first <= self._last:
            raise ValueError(f"rows of {first} come after those of {self._last}")
        self._last = last
        for field, values in zip(table.schema, table.columns, strict=True):
            streams = self._columns.setdefault(
                f"{field.name} {field.type}", (hashlib.sha256(), hashlib.sha256())
            )
            _feed(streams[0], values)
            empty = np.flatnonzero(values.is_null().to_numpy()).astype("<i8")
            streams[1].update(empty + self.rows)
        self.rows += table.num_rows

    def hexdigest(self) -> str:
        """The hash of everything so far: SHA-256 over one line a column."""
        lines = (
            f"{column} {values.hexdigest()} {empty.hexdigest()}\n"
            for column, (values, empty) in self._columns.items()
        )
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def _feed(stream: Any, values: pa.ChunkedArray) -> None:
    """Add the cells of a column to its stream."""
    if pa.types.is_string(values.type):
        for chunk in pc.binary_join_element_wise(values.fill_null(""), "", "\0").chunks:
            _, ends, text = chunk.buffers()
            stream.update(memoryview(text)[: np.frombuffer(ends, np.int32)[len(chunk)]])
        return
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    cells = values.fill_null(0).to_numpy()
    stream.update(np.ascontiguousarray(cells, cells.dtype.newbyteorder("<")))
