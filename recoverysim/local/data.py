"""Local data of a scenario: read once, kept as totals, turned into what is today's in the area.

What an area's files say is no change that a scenario makes: it takes the place of the declared
values, and a scenario's changes are laid over it. So the area's own linkage is no new programme
that fades, and a lever that begins later begins from the area's practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recoverysim.local.people import People, read_people
from recoverysim.local.practice import fit_services
from recoverysim.local.privacy import discreet, told
from recoverysim.local.services import Services, read_services
from recoverysim.local.sheets import Sheet
from recoverysim.local.who_comes import Fitted, fit_people
from recoverysim.quantities import all_quantities

POPULATION, SERVICES = "population.from", "services.from"
KEYS = (POPULATION, SERVICES)  # in this order: what services say rests on who comes


@dataclass(frozen=True)
class LocalData:
    """One file: the key that named it, the SHA-256 of its bytes, and the totals that are kept."""

    key: str
    sha256: str
    facts: People | Services

    @property
    def kind(self) -> str:
        """Clients, totals or services."""
        return self.facts.kind if isinstance(self.facts, People) else "services"


def read(key: str, path: Path) -> LocalData:
    """A file of an area; FileFault with every fault by row and column."""
    sheet = Sheet(path)
    facts = read_people(sheet) if key == POPULATION else read_services(sheet)
    return LocalData(key, sheet.sha256, facts)


def fit(data: Iterable[LocalData], own: Mapping[str, float]) -> list[tuple[LocalData, Fitted]]:
    """What each file sets; `own` are values that the scenario itself sets from the first week."""
    values = {key: quantity.value for key, quantity in all_quantities().items()} | dict(own)
    found = []
    for one in sorted(data, key=lambda one: KEYS.index(one.key)):
        if isinstance(one.facts, People):
            fitted = fit_people(one.facts, values)
        else:
            fitted = fit_services(one.facts, values)
        values |= fitted.values | dict(own)
        found.append((one, fitted))
    return found


def report(data: Iterable[LocalData], own: Mapping[str, float]) -> list[str]:
    """What was read and what it set, a line each; counts to the nearest five, none below five."""
    said = []
    for one, fitted in fit(data, own):
        said.append(f"{_heading(one)} (SHA-256 {one.sha256[:12]}):")
        said += [f"    {line}" for line in fitted.said]
        for key, value in fitted.values.items():
            declared = all_quantities()[key]
            unlimited = declared.value == declared.bounds[1] > 1
            instead = "no limit" if unlimited else f"{declared.value:g}"
            told_so = f"    sets {key}: {value:g} (declared: {instead}; {declared.unit})"
            said.append(f"{told_so}, but the scenario sets it itself" if key in own else told_so)
    return said


def _heading(one: LocalData) -> str:
    if isinstance(one.facts, People):
        return f"From a file of {one.kind}, {told(one.facts.people)} people"
    services = sum(kind.services for kind in one.facts.kinds)
    number = "1 service" if services == 1 else f"{services} services"
    return f"From a file of {number}, where {told(discreet(one.facts.started))} people start a year"
