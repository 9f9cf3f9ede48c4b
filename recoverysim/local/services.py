"""Services: a file with a row a service, read into totals of an area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from recoverysim.codes import CARE
from recoverysim.local import cells
from recoverysim.local.privacy import FEWEST_TO_FIT, discreet
from recoverysim.local.sheets import Row, Sheet

# In the order in which they are offered (`linkage.kind_on_offer`).
MOST_ACTIVE_FIRST = ("intensive", "peer", "clinician", "leaflet")
SHARES = tuple(f"{kind}_share" for kind in (*MOST_ACTIVE_FIRST, "none"))
COLUMNS = (
    "code", "kind", "places", "wait_weeks", "started_a_year", "new_a_year",
    "peer_introductions_a_week", *SHARES,
)  # fmt: skip
NEEDED = ("code", "kind", "started_a_year")
LONGEST_WAIT = 520  # weeks
ADDS_UP = 0.011  # by how much shares of one service may miss 1: they are often written rounded


@dataclass(frozen=True)
class Kind:
    """The services of one kind of care, together.

    `started` is people in a year, `new` those who came here first; both are discreet counts.
    `wait_weeks` is the mean, by people started. None is what none of the services says.
    """

    kind: str
    services: int
    started: float
    places: float | None
    new: float | None
    wait_weeks: float | None


@dataclass(frozen=True)
class Services:
    """What is kept of a file of services.

    `offered` is the share of all people started, in services that say, whose most active link is of
    each kind; `offered_of` the people it rests on.
    """

    kinds: tuple[Kind, ...]
    offered: tuple[tuple[str, float], ...]
    offered_of: float
    introductions: float | None

    @property
    def started(self) -> float:
        """People who started anything in a year."""
        return sum(kind.started for kind in self.kinds)

    @property
    def new(self) -> float | None:
        """People who came to care for the first time, each once; None where nobody says."""
        told = [kind.new for kind in self.kinds if kind.new is not None]
        return sum(told) if told else None

    def of(self, kind: str) -> Kind | None:
        """The services of one kind."""
        return next((one for one in self.kinds if one.kind == kind), None)


@dataclass(frozen=True)
class _Service:
    row: int
    kind: str
    started: float
    places: float | None
    new: float | None
    wait: float | None
    introductions: float | None
    offered: tuple[float, ...]  # as MOST_ACTIVE_FIRST; empty where not said


def read_services(sheet: Sheet) -> Services:
    """A sheet of services; FileFault with every fault, and where people are too few."""
    sheet.must_have(NEEDED, COLUMNS)
    sheet.finish()
    seen: dict[str, int] = {}
    found = [one for row in sheet.rows() if (one := _service(sheet, row, seen)) is not None]
    by_kind: dict[str, list[_Service]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    for several in by_kind.values():
        _all_or_none(sheet, several, "places", [one.places for one in several])
    _all_or_none(sheet, found, "new_a_year", [one.new for one in found])
    sheet.finish()
    if sum(one.started for one in found) < FEWEST_TO_FIT:
        message = f"tells of fewer than {FEWEST_TO_FIT} people who start in a year: too few to say"
        raise sheet.refuse(0, "started_a_year", f"{message} anything of an area. Join several")
    if found and found[0].new is not None and sum(one.new or 0 for one in found) < FEWEST_TO_FIT:
        message = f"makes fewer than {FEWEST_TO_FIT} people a year; leave the column out"
        raise sheet.refuse(0, "new_a_year", message)
    offering = [one for one in found if one.offered and one.started > 0]
    asked = sum(one.started for one in offering)
    introductions = [one.introductions for one in found if one.introductions is not None]
    return Services(
        tuple(_together(kind, by_kind[kind]) for kind in CARE if kind in by_kind),
        tuple(
            (kind, sum(one.offered[place] * one.started for one in offering) / asked)
            for place, kind in enumerate(MOST_ACTIVE_FIRST)
            if asked
        ),
        discreet(asked),
        sum(introductions) if introductions else None,
    )


def _service(sheet: Sheet, row: Row, seen: dict[str, int]) -> _Service | None:
    before = len(sheet.faults)
    cells.code(sheet, row, "code", seen)
    kind = None
    if "kind" in row.cells:
        kind = cells.meaning(sheet, row, "kind", "kind")
    else:
        sheet.fault(row.number, "kind", f"is empty; allowed are {', '.join(CARE)}")
    started = cells.number(sheet, row, "started_a_year", whole=True)
    if "started_a_year" not in row.cells:
        sheet.fault(row.number, "started_a_year", "is empty; give the people who start in a year")
    new = cells.number(sheet, row, "new_a_year", whole=True)
    if new is not None and started is not None and new > started:
        message = f"is {new:g}, more than all who started in the year ({started:g})"
        sheet.fault(row.number, "new_a_year", message)
    read = [
        cells.number(sheet, row, "places", whole=True),
        cells.number(sheet, row, "wait_weeks", LONGEST_WAIT),
        cells.number(sheet, row, "peer_introductions_a_week"),
    ]
    offered = _offered(sheet, row)
    if len(sheet.faults) > before or kind is None or started is None:
        return None
    places, wait, introductions = read
    return _Service(row.number, kind, started, places, new, wait, introductions, offered)


def _offered(sheet: Sheet, row: Row) -> tuple[float, ...]:
    """The share whose most active link is of each kind; what is missing of 1 are offered nothing.

    An empty cell beside one that is not is 0; a row without any says nothing.
    """
    before = len(sheet.faults)
    shares = {name: cells.share(sheet, row, name) for name in SHARES}
    if len(sheet.faults) > before or all(share is None for share in shares.values()):
        return ()
    total = sum(share or 0 for share in shares.values())
    if total > 1 + ADDS_UP or (shares["none_share"] is not None and total < 1 - ADDS_UP):
        message = f"with the other shares of the row makes {total:g}; everybody counts once, by the"
        given = next(name for name, share in shares.items() if share is not None)
        sheet.fault(row.number, given, f"{message} most active link offered, so all make 1")
        return ()
    scale = max(total, 1.0)
    return tuple((shares[f"{kind}_share"] or 0.0) / scale for kind in MOST_ACTIVE_FIRST)


def _all_or_none(
    sheet: Sheet, services: list[_Service], column: str, values: list[float | None]
) -> None:
    """A total of some services would pass for that of all."""
    if any(value is not None for value in values):
        for one, value in zip(services, values, strict=True):
            if value is None:
                what = f"other {one.kind} services" if column == "places" else "other services"
                message = f"is empty, and {what} give it; give it for all of them or for none"
                sheet.fault(one.row, column, message)


def _together(kind: str, services: list[_Service]) -> Kind:
    def total(values: list[float | None]) -> float | None:
        given = [value for value in values if value is not None]
        return sum(given) if given else None

    new = total([one.new for one in services])
    waiting = [(one.wait, one.started) for one in services if one.wait is not None]
    people = sum(started for _, started in waiting)
    wait = None
    if waiting:
        wait = sum(w * s for w, s in waiting) / people if people else waiting[0][0]
    return Kind(
        kind,
        len(services),
        _kept(sum(one.started for one in services)),
        total([one.places for one in services]),
        None if new is None else _kept(new),
        wait,
    )


def _kept(people: float) -> float:
    """A count as it may be kept; nobody is nobody, for a kind of care that nobody starts."""
    return discreet(people) if people else 0.0
