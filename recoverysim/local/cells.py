"""Cells: what a word or number of a local file means, and what is wrong with it."""

from __future__ import annotations

import difflib
import math
import re
from typing import NamedTuple

from recoverysim.codes import CARE, FAITHS, GOALS, SUBSTANCES
from recoverysim.local.privacy import looks_like_a_name
from recoverysim.local.sheets import Row, Sheet
from recoverysim.yaml_strictly import short

YES_OR_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}
# Words by what they are counted as; None: known, and nothing that the model carries.
WORDS: dict[str, dict[str, str | None]] = {
    "substance": {
        **{name: name for name in SUBSTANCES}, "opioid": "opioids", "opiates": "opioids",
        "opiate": "opioids", "stimulant": "stimulants", "other": "stimulants",
    },
    "sex": {
        "women": "women", "woman": "women", "female": "women", "f": "women",
        "men": "men", "man": "men", "male": "men", "m": "men", "other": None,
    },
    "mental_health_need": {**YES_OR_NO},
    "injecting": {**YES_OR_NO},
    "goal": {name: name for name in GOALS},
    "earlier_contact": {**YES_OR_NO},
    "goes_to_mutual_aid": {**YES_OR_NO},
    "faith": {name: name for name in FAITHS},
}  # fmt: skip
KINDS_OF_SERVICE = {name: name for name in CARE}

YOUNGEST, OLDEST = 18, 110
OPEN_BAND = 10  # years that "65+" is taken to last
LARGEST_NUMBER = 10_000_000

CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9_-]{0,11}", re.ASCII)
WHOLE = re.compile(r"\d{1,8}|\d{1,3}(,\d{3}){1,2}", re.ASCII)
DECIMAL = re.compile(r"\d{1,8}(\.\d{1,9})?|\d{1,3}(,\d{3})+(\.\d{1,9})?", re.ASCII)
PER_CENT = re.compile(r"\d{1,3}(\.\d{1,9})? ?%", re.ASCII)
BAND = re.compile(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})", re.ASCII)
UNDER = re.compile(r"(?:under |<) ?(\d{1,3})", re.ASCII)
OVER = re.compile(r"(\d{1,3}) ?(?:\+|and over|or over|plus)", re.ASCII)


class Ages(NamedTuple):
    """An age, or the band it lies in: its middle, and how wide it is, in years."""

    middle: float
    width: float


def meaning(sheet: Sheet, row: Row, column: str, of: str) -> str | None:
    """What the word in a cell is counted as, among the words of `of`; None with a fault if none."""
    words = KINDS_OF_SERVICE if of == "kind" else WORDS[of]
    cell = row.cells[column]
    if cell.lower() in words:
        return words[cell.lower()]
    allowed = [word for word in words if word] + ["an empty cell"] * ("" in words)
    near = difflib.get_close_matches(cell.lower(), words, 1, 0.6)
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"{found(cell)}; allowed are {', '.join(allowed)}.{hint}"
    sheet.fault(row.number, column, message)
    return None


def code(sheet: Sheet, row: Row, column: str, seen: dict[str, int]) -> str | None:
    """A code that stands once; None, with a fault, for anything that may be a name."""
    cell = row.cells.get(column)
    if cell is None:
        sheet.fault(row.number, column, "is empty; give a made-up code, such as S01")
    elif not CODE.fullmatch(cell):
        message = "is not a code: up to 12 letters and digits, one digit at least, such as S01. No"
        sheet.fault(row.number, column, f"{message} name of a person or a service is read")
    elif cell.upper() in seen:
        message = f"{cell} stands in row {seen[cell.upper()]} too; keep one"
        sheet.fault(row.number, column, message)
    else:
        seen[cell.upper()] = row.number
        return cell
    return None


def number(
    sheet: Sheet, row: Row, column: str, most: float = LARGEST_NUMBER, *, whole: bool = False
) -> float | None:
    """A number from 0 to `most`; None where the cell is empty, or, with a fault, holds none."""
    cell = row.cells.get(column)
    if cell is None:
        return None
    form = WHOLE if whole else DECIMAL
    if not form.fullmatch(cell) or ("," in cell and sheet.separator == ";"):
        what = "a whole number" if whole else "a number"
        advice = "write it with digits and a point, such as 1250 or 2.5"
        sheet.fault(row.number, column, f"should be {what}; {found(cell)}; {advice}")
        return None
    given = float(cell.replace(",", ""))
    if given > most:
        sheet.fault(row.number, column, f"is {given:g}; allowed are 0 to {most:g}")
        return None
    return given


def share(sheet: Sheet, row: Row, column: str) -> float | None:
    """A share from 0 to 1, or a number with a per cent sign."""
    cell = row.cells.get(column)
    if cell is not None and PER_CENT.fullmatch(cell):
        of_one = float(cell.rstrip("% ")) / 100
        if of_one > 1:
            sheet.fault(row.number, column, f"is {cell}; allowed are 0% to 100%")
            return None
        return of_one
    before = len(sheet.faults)
    given = number(sheet, row, column, math.inf)
    if given is not None and given > 1:
        message = f"is {given:g}; a share is from 0 to 1, or is written with a % sign"
        sheet.fault(row.number, column, message)
    return given if len(sheet.faults) == before else None


def age(sheet: Sheet, row: Row, column: str) -> Ages | None:
    """An age or a band of ages: 34, 25-34, under 25, 65+; None, with a fault, for anything else."""
    cell = row.cells[column].lower()
    if cell.isascii() and cell.isdecimal():
        low = high = int(cell[:6])
    elif band := BAND.fullmatch(cell):
        low, high = int(band[1]), int(band[2])
    elif under := UNDER.fullmatch(cell):
        low, high = YOUNGEST, int(under[1]) - 1
    elif over := OVER.fullmatch(cell):
        low, high = int(over[1]), int(over[1]) + OPEN_BAND - 1
    else:
        message = f"{found(cell)}; allowed are whole years or a band, such as 25-34, under 25, 65+"
        sheet.fault(row.number, column, message)
        return None
    if not YOUNGEST <= low <= high <= OLDEST:
        message = f"is {short(cell)}; allowed are {YOUNGEST} to {OLDEST}, the lower age first"
        sheet.fault(row.number, column, f"{message}. The model is of adults: leave others out")
        return None
    # Somebody of 34 may be on the eve of the next birthday: a band ends as the next begins.
    return Ages((low + high + 1) / 2, high + 1 - low)


def found(cell: str) -> str:
    """What stands in a cell, where it can be repeated."""
    if not cell:
        return "found nothing"
    if looks_like_a_name(cell):
        return "holds what may be a name (not shown here)"
    return f"found {short(cell)!r}"
