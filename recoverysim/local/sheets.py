"""Sheets: a CSV file from a stranger, row by row, with every fault by row and column.

One line is one row: nothing may break a line within a cell. The separator is a comma or, as
spreadsheets in much of Europe write, a semicolon. What a spreadsheet could run is refused, and what
could tell who somebody is (`privacy.py`) is refused and not repeated.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from recoverysim.local.privacy import is_free_text, what_a_cell_tells, what_a_column_tells
from recoverysim.yaml_strictly import MOST_FAULTS, Fault, FileFault, short

LARGEST_FILE = 4 * 2**20
LONGEST_LINE = 2000  # bytes
MOST_ROWS = 20_000
MOST_COLUMNS = 40
LONGEST_CELL = 40
MISSING = ("", "unknown", "not known", "not stated", "na", "n/a")
FORMULA = ("=", "+", "-", "@")
AS_UTF_8 = "save it as “CSV UTF-8 (comma delimited)”"


class RowFault(Fault):
    """A fault of a sheet, told by row and column."""

    def __str__(self) -> str:
        where = [self.file, *([f"row {self.line}"] if self.line else [])]
        where += [f"column {short(self.key)}"] if self.key else []
        return f"{', '.join(where)}: {self.message}"


class Row(NamedTuple):
    """One row: its number, as a spreadsheet counts, and its cells by column; none is missing."""

    number: int
    cells: Mapping[str, str]


class Sheet:
    """A file, opened: its columns are known, its rows still to be read."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.faults: list[Fault] = []
        data = _bytes_of(path)
        if data.count(b"\n") > MOST_ROWS:
            message = f"has more than {MOST_ROWS:,} rows; give totals instead of clients"
            raise self.refuse(0, "", message)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._lines = self._text(data.removeprefix(codecs.BOM_UTF8))
        self._known_good: set[str] = set()
        number, header = next(self._lines, (0, ""))
        if not number:
            raise self.refuse(0, "", "is empty; `recoverysim scenarios template` prints an example")
        if header.lower().startswith("sep="):
            raise self.refuse(number, "", "starts with sep=; delete that line")
        if "\t" in header:
            raise self.refuse(number, "", f"has tabs between its columns; {AS_UTF_8}")
        self.separator = ";" if header.count(";") > header.count(",") else ","
        self.columns = self._header(number, header)

    def fault(self, row: int, column: str, message: str) -> None:
        """Note one thing that is wrong."""
        self.faults.append(RowFault(self.name, row, column, message))

    def refuse(self, row: int, column: str, message: str) -> FileFault:
        """What to raise where reading cannot go on."""
        return FileFault([*self.faults, RowFault(self.name, row, column, message)])

    def finish(self) -> None:
        """FileFault with every fault noted, if there is any."""
        if self.faults:
            raise FileFault(self.faults)

    def must_have(self, needed: tuple[str, ...], allowed: tuple[str, ...]) -> None:
        """Note each column that is needed and not there, and each that is not read.

        FileFault, naming no column, where none is read: it may be a row of data.
        """
        if set(self.columns).isdisjoint(allowed):
            message = "the first row names no column that is read; known are"
            raise self.refuse(1, "", f"{message} {', '.join(allowed)}")
        for column in self.columns:
            if column not in allowed:
                near = difflib.get_close_matches(column, allowed, 1, 0.6)
                hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(allowed)}."
                self.fault(1, column, f"is not read; delete it. {hint}")
        for column in needed:
            if column not in self.columns:
                self.fault(1, column, "is missing, and is needed")

    def rows(self) -> Iterator[Row]:
        """Every row that can be read; faults are noted, and reading stops when they are many."""
        any_row = False
        for number, line in self._lines:
            if len(self.faults) >= MOST_FAULTS:
                return
            any_row = True
            cells = self._split(number, line)
            if cells is None:
                continue
            if len(cells) != len(self.columns):
                message = f"has {len(cells)} cells, and there are {len(self.columns)} columns"
                self.fault(number, "", f"{message}; a cell that holds a separator needs quotes")
                continue
            if not self._may_be_read(number, cells):
                continue
            yield Row(number, {
                column: cell for column, cell in zip(self.columns, cells, strict=True)
                if cell.lower() not in MISSING
            })  # fmt: skip
        if not any_row:
            raise self.refuse(0, "", "has a header and no rows below it")

    def _may_be_read(self, number: int, cells: list[str]) -> bool:
        """Whether every cell is short, harmless and tells nobody's name."""
        before = len(self.faults)
        for column, cell in zip(self.columns, cells, strict=True):
            if cell in self._known_good:
                continue
            identifying = what_a_cell_tells(cell)
            if len(cell) > LONGEST_CELL:
                message = f"has {len(cell)} characters; free text is not read (at most"
                self.fault(number, column, f"{message} {LONGEST_CELL}). Delete it")
            elif identifying is not None:
                message = f"holds what looks like {identifying} (not shown here); take it out"
                self.fault(number, column, f"{message}, no file may tell who somebody is")
            elif cell.startswith(FORMULA):
                message = f"starts with {cell[0]}, as a formula or a number below nought does"
                self.fault(number, column, f"{message}; write a plain value")
            elif not cell.isprintable():
                self.fault(number, column, "holds characters that cannot be printed; delete them")
            elif len(self._known_good) < 1000:
                self._known_good.add(cell)
        return len(self.faults) == before

    def _header(self, number: int, line: str) -> tuple[str, ...]:
        cells = self._split(number, line) or []
        self.finish()
        if len(cells) > MOST_COLUMNS:
            raise self.refuse(number, "", f"has {len(cells)} columns; at most {MOST_COLUMNS}")
        columns = tuple(re.sub(r"[\s-]+", "_", cell.lower()) for cell in cells)
        for place, column in enumerate(columns, 1):
            if not column:
                self.fault(number, f"{place}", "has no name; name it or delete it")
            elif what_a_cell_tells(cells[place - 1]) is not None or column[0].isdigit():
                message = "the first row holds data; it should hold the names of the columns"
                raise self.refuse(number, f"{place}", message)
            elif columns.index(column) + 1 < place:
                self.fault(number, column, "stands twice; keep one")
            elif (what := what_a_column_tells(column)) is not None:
                message = f"sounds like {what}: no file may tell who somebody is. Delete the column"
                self.fault(number, column, message)
            elif is_free_text(column):
                message = "sounds like free text, which is not read and may tell who somebody is"
                self.fault(number, column, f"{message}. Delete the column")
        self.finish()
        return columns

    def _split(self, number: int, line: str) -> list[str] | None:
        try:
            (cells,) = csv.reader([line], delimiter=self.separator, strict=True)
        except (csv.Error, ValueError):
            self.fault(number, "", "has a quote that is not closed, or a break within a cell")
            return None
        return [cell.strip() for cell in cells]

    def _text(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Lines with something in them, each with its number, without their ends."""
        file = io.BytesIO(data)
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                message = f"is longer than {LONGEST_LINE} bytes; every client or service has a row"
                raise self.refuse(number, "", f"{message} of its own")
            raw = raw.rstrip(b"\r\n")
            if not raw.strip(b',; "'):
                continue
            if b"\0" in raw or b"\r" in raw:
                raise self.refuse(number, "", f"holds characters that no CSV has; {AS_UTF_8}")
            try:
                yield number, raw.decode("utf-8")
            except UnicodeDecodeError:
                raise self.refuse(number, "", f"is not text in UTF-8; {AS_UTF_8}") from None


def _bytes_of(path: Path) -> bytes:
    """The file as it stands; FileFault where it cannot be text in UTF-8."""
    what = None
    data = b""
    try:
        if not path.is_file():
            what = "is not a file"
        elif path.stat().st_size > LARGEST_FILE:
            what = f"is larger than {LARGEST_FILE // 2**20} MiB; give totals instead of clients"
        else:
            data = path.read_bytes()[: LARGEST_FILE + 1]
    except OSError as fault:
        what = f"cannot be read: {fault.strerror or fault}"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        what = f"is text in UTF-16; {AS_UTF_8}"
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        what = f"is a workbook, not a CSV file; {AS_UTF_8}"
    if what is not None:
        raise FileFault([RowFault(str(path), 0, "", what)])
    return data
