"""People: a file of clients or of totals, read into discreet counts and ages; no row is kept."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from recoverysim.codes import SUBSTANCES
from recoverysim.local import cells
from recoverysim.local.cells import WORDS, Ages
from recoverysim.local.privacy import FEW_COUNT_AS, FEWEST_TO_FIT, FEWEST_TOLD, discreet
from recoverysim.local.sheets import Row, Sheet

CLIENTS, TOTALS = "clients", "totals"
EVERYBODY = "everybody"
CLIENT_COLUMNS = ("code", *WORDS, "age")
TOTAL_COLUMNS = ("characteristic", "value", "people", "of")
CHARACTERISTICS = (*WORDS, "age")
TEMPLATE_CODE = "SIM"  # what codes of simulated people begin with
MOST_FEW = ("<5", "<=5", "fewer than 5")  # how published tables write a count that they suppress


@dataclass(frozen=True)
class AgesOf:
    """The ages of a group whose main substance is `of`: years, to the nearest half."""

    of: str
    people: int
    mean: float
    sd: float


@dataclass(frozen=True)
class People:
    """What is kept of a file: counts to the nearest five (`privacy.discreet`), and mean ages."""

    kind: str
    people: int
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    ages: tuple[AgesOf, ...]


class _Tally:
    """People counted by what is known of them, before anything is rounded."""

    def __init__(self) -> None:
        self.people = 0
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in WORDS}
        self.ages: dict[str, Counter[Ages]] = {}

    def kept(self, kind: str) -> People:
        """What may be kept."""
        return People(
            kind,
            discreet(self.people),
            tuple(
                (name, _discreetly(name, found))
                for name, found in self.counts.items()
                if found.total() >= FEWEST_TO_FIT
            ),
            tuple(
                _ages_of(of, found)
                for of, found in sorted(self.ages.items())
                if found.total() >= FEWEST_TO_FIT
            ),
        )


def read_people(sheet: Sheet) -> People:
    """A sheet of clients or of totals; FileFault with every fault, and where people are too few."""
    kind = TOTALS if "characteristic" in sheet.columns else CLIENTS
    tally = _Tally()
    if kind == CLIENTS:
        sheet.must_have((), CLIENT_COLUMNS)
        sheet.finish()
        _take_clients(sheet, tally)
    else:
        sheet.must_have(TOTAL_COLUMNS[:3], TOTAL_COLUMNS)
        sheet.finish()
        _take_totals(sheet, tally)
    sheet.finish()
    if tally.people < FEWEST_TO_FIT:
        message = f"tells of fewer than {FEWEST_TO_FIT} people: a share of so few says more about"
        raise sheet.refuse(0, "", f"{message} them than about an area. Join several years or areas")
    return tally.kept(kind)


def _take_clients(sheet: Sheet, tally: _Tally) -> None:
    """A row a client; an empty cell is something that is not known."""
    seen: dict[str, int] = {}
    simulated = 0
    for row in sheet.rows():
        tally.people += 1
        if "code" in sheet.columns:
            code = cells.code(sheet, row, "code", seen)
            simulated += code is not None and code.upper().startswith(TEMPLATE_CODE)
        known = {name: cells.meaning(sheet, row, name, name) for name in WORDS if name in row.cells}
        substance = known.get("substance")
        if substance != "opioids":
            known.pop("injecting", None)  # the model has it of people with opioid dependence
        for name, value in known.items():
            if value is not None:
                tally.counts[name][value] += 1
        if "age" in row.cells and (age := cells.age(sheet, row, "age")) is not None:
            for group in {EVERYBODY, substance or EVERYBODY}:
                tally.ages.setdefault(group, Counter())[age] += 1
    if 0 < simulated < tally.people:
        message = f"codes that begin with {TEMPLATE_CODE} are the template's simulated people; some"
        sheet.fault(0, "code", f"{message} are left among your own. Delete their rows")


def _take_totals(sheet: Sheet, tally: _Tally) -> None:
    """A row a value of a characteristic, with so many people; nobody is counted in two rows."""
    seen: dict[tuple[str, str, str | Ages], int] = {}
    for row in sheet.rows():
        characteristic = _characteristic(sheet, row)
        people = _people_of(sheet, row)
        if characteristic is None or people is None or "value" not in row.cells:
            continue  # an empty value: people of whom it is not known
        of = EVERYBODY
        if "of" in row.cells:
            of = cells.meaning(sheet, row, "of", "substance") or EVERYBODY
        if of != EVERYBODY and characteristic not in ("age", "injecting"):
            message = "is read for age and injecting alone; leave it empty here"
            sheet.fault(row.number, "of", message)
            continue
        value: str | Ages | None
        if characteristic == "age":
            value = cells.age(sheet, row, "value")
        else:
            value = cells.meaning(sheet, row, "value", characteristic)
        if value is None:
            continue
        other = (
            row.cells["value"].lower() == "other"
        )  # counted with stimulants, in a row of its own
        place = (characteristic, of, "other" if other else value)
        twice = next((at for there, at in seen.items() if _meet(place, there)), None)
        if twice is not None:
            message = f"counts people whom row {twice} counts too; keep one of the two"
            sheet.fault(row.number, "value", message)
            continue
        seen[place] = row.number
        if isinstance(value, Ages):
            tally.ages.setdefault(of, Counter())[value] += people
        elif characteristic != "injecting" or of in (EVERYBODY, "opioids"):
            tally.counts[characteristic][value] += people
    tally.people = max(
        [
            *(found.total() for found in tally.counts.values()),
            *(found.total() for found in tally.ages.values()),
        ],
        default=0,
    )
    if EVERYBODY not in tally.ages and tally.ages:
        tally.ages[EVERYBODY] = sum(tally.ages.values(), Counter())


def _meet(one: tuple[str, str, str | Ages], other: tuple[str, str, str | Ages]) -> bool:
    """Whether two rows count the same people: the same value, or bands of age that overlap."""
    if one[:2] != other[:2]:
        return False
    if isinstance(one[2], Ages) and isinstance(other[2], Ages):
        apart = abs(one[2].middle - other[2].middle)
        return apart < (one[2].width + other[2].width) / 2
    return one[2] == other[2]


def _characteristic(sheet: Sheet, row: Row) -> str | None:
    cell = row.cells.get("characteristic", "")
    name = cell.lower().replace(" ", "_").replace("-", "_")
    if name in CHARACTERISTICS:
        return name
    message = f"{cells.found(cell)}; allowed are {', '.join(CHARACTERISTICS)}"
    sheet.fault(row.number, "characteristic", message)
    return None


def _people_of(sheet: Sheet, row: Row) -> int | None:
    cell = row.cells.get("people")
    if cell is None:
        message = f"is empty; give a whole number, or <{FEWEST_TOLD} where it is suppressed"
        sheet.fault(row.number, "people", message)
        return None
    if cell.lower() in MOST_FEW:
        return FEW_COUNT_AS
    found = cells.number(sheet, row, "people", whole=True)
    return None if found is None else int(found)


def _discreetly(name: str, found: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Counts of every value that there is, each to the nearest five.

    Of main substances nobody is nobody: a service for alcohol alone has no one with another.
    """
    values = dict.fromkeys(value for value in WORDS[name].values() if value is not None)
    nobody_is_nobody = name == "substance"
    return tuple(
        (value, 0 if nobody_is_nobody and not found[value] else discreet(found[value]))
        for value in values
    )


def _ages_of(of: str, found: Counter[Ages]) -> AgesOf:
    """Mean and standard deviation; a band is its middle, less Sheppard's twelfth of its square."""
    people = found.total()
    mean = sum(age.middle * count for age, count in found.items()) / people
    squares = sum((age.middle - mean) ** 2 * count for age, count in found.items())
    within_bands = sum(age.width**2 / 12 * count for age, count in found.items())
    variance = max(squares / (people - 1) - within_bands / people, 0.0)
    return AgesOf(of, discreet(people), _to_half(mean), max(_to_half(math.sqrt(variance)), 0.5))


def _to_half(years: float) -> float:
    return math.floor(2 * years + 0.5) / 2


def known_of(people: People, name: str) -> dict[str, int]:
    """The counts of one characteristic; empty where too few are known."""
    return dict(dict(people.counts).get(name, ()))


def ages_by_substance(people: People) -> dict[str, AgesOf]:
    """The ages of each main substance of which enough are known."""
    return {one.of: one for one in people.ages if one.of in SUBSTANCES}


def ages_of_everybody(people: People) -> AgesOf | None:
    """The ages of all; None where too few are known."""
    return next((one for one in people.ages if one.of == EVERYBODY), None)
