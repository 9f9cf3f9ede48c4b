"""People as dots, by quota: 200 dots for 1,000 people, less those who have died.

Quotas come from rounding the running total along the journey. Any stretch of it (a place, the
whole train, all in recovery) is then within one dot of its share, which rounding each place by
itself does not give. Those who go to mutual aid are divided in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recoverysim.picture_words import PLACES
from recoverysim.shown import STRETCHES, People, Standing

DOTS = 200
MILES = 400
EPSILON = 1e-9


class Dot(NamedTuple):
    """One dot: where, whether the people it stands for go to mutual aid, and miles travelled."""

    place: str
    going: bool
    miles: float

    @property
    def cell(self) -> str:
        """The place, on the train with the stretch of it: 'train 3'."""
        if self.place != "train":
            return self.place
        return f"train {int(self.miles * STRETCHES / MILES)}"

    @property
    def sign(self) -> str:
        """How it is drawn."""
        return {"waiting": "square", "off": "triangle"}.get(self.place, "circle")


class Told(NamedTuple):
    """What one world's row shows."""

    world: int
    called: str
    standing: Standing
    in_recovery: float  # as the card tells it
    died: float
    made: list[Dot]


class Block(NamedTuple):
    """Where dots of one cell stand: from a corner, so many in a row, rows upwards or downwards."""

    x: float
    y: float
    columns: int
    pitch: float
    step: float  # of rows: negative upwards

    def slot(self, index: int) -> tuple[float, float]:
        """The middle of one dot."""
        row, column = divmod(index, self.columns)
        half = self.step / 2
        return self.x + (column + 0.5) * self.pitch, self.y + half + row * self.step


Layout = Mapping[str, Block]


def dots(standing: Standing) -> list[Dot]:
    """Along the journey: off the train, waiting, in care, on the platform, the train, arrived."""
    cells = _cells(standing)
    total = sum(people.all for _, _, people in cells) + standing.died
    if total <= 0:
        return []
    scale = DOTS / total
    quotas = _quotas([scale * people.all for *_, people in cells], scale * standing.died)
    going = _going([scale * people.going for *_, people in cells], quotas)
    made: list[Dot] = []
    for (place, miles, _), many, some in zip(cells, quotas, going):
        made += [Dot(place, True, miles)] * some + [Dot(place, False, miles)] * (many - some)
    return made


def placed(made: Sequence[Dot], layout: Layout) -> list[tuple[float, float]]:
    """Where each dot stands: those of one cell fill its block one after another."""
    seen: Counter[str] = Counter()
    points = []
    for dot in made:
        points.append(layout[dot.cell].slot(seen[dot.cell]))
        seen[dot.cell] += 1
    return points


def counted(made: Sequence[Dot]) -> Counter[str]:
    """How many dots each cell has."""
    return Counter(dot.cell for dot in made)


def _cells(standing: Standing) -> list[tuple[str, float, People]]:
    a_stretch = MILES / STRETCHES
    cells: list[tuple[str, float, People]] = []
    for place in PLACES:
        if place == "train":
            cells += [
                (place, (number + 0.5) * a_stretch, people)
                for number, people in enumerate(standing.train)
            ]
        else:
            miles = float(MILES) if place == "arrived" else 0.0
            cells.append((place, miles, getattr(standing, place)))
    return cells


def _quotas(shares: Sequence[float], before: float) -> list[int]:
    """Whole numbers whose running totals are those of the shares, rounded."""
    quotas = []
    total, so_far = before, _near(before)
    for share in shares:
        total += share
        quotas.append(_near(total) - so_far)
        so_far = _near(total)
    return quotas


def _going(shares: Sequence[float], quotas: Sequence[int]) -> list[int]:
    """How many of each quota: by running totals too, never more than there are."""
    some = []
    total, so_far = 0.0, 0
    for share, quota in zip(shares, quotas):
        total += share
        number = min(max(_near(total) - so_far, 0), quota)
        some.append(number)
        so_far += number
    for _ in range(abs(_near(total) - so_far)):  # the last ones had no room: where it hurts least
        step = 1 if _near(total) > so_far else -1
        room = [
            place
            for place, (number, quota) in enumerate(zip(some, quotas))
            if (shares[place] > 0 and number < quota if step > 0 else number > 0)
        ]
        if not room:
            break
        best = max(room, key=lambda place: step * (shares[place] - some[place]))
        some[best] += step
        so_far += step
    return some


def _near(number: float) -> int:
    return int(number + 0.5 + EPSILON)
