"""A sheet that pictures are drawn on once, and the picture that leaves it in every form.

A sheet collects marks in pixels, y downwards. It knows nothing of browsers or of matplotlib:
`inline` writes its marks for a page, `printed` draws them for a file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from recoverysim.pictures.looks import INK, NORMAL, WHITE
from recoverysim.store.csv_cells import csv_cell
from recoverysim.version import package_version

Point = tuple[float, float]
SIGNS = ("circle", "square", "triangle", "diamond")
SLANT = 6.0  # px between the lines of a hatching


class Stroke(NamedTuple):
    """A line through points."""

    points: Sequence[Point]
    colour: str
    width: float
    dash: tuple[float, ...]
    opacity: float
    css: str


class Area(NamedTuple):
    """A closed shape; `fill` or `edge` may be empty. `key`: its number among its like, or −1."""

    points: Sequence[Point]
    fill: str
    edge: str
    width: float
    opacity: float
    css: str
    key: int


class Disc(NamedTuple):
    """A circle."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str
    width: float
    css: str
    key: int


class Text(NamedTuple):
    """A line of text; y is the line that letters stand on. `halo`: white around it.

    `lead`: a bold beginning with a colour of its own.
    """

    x: float
    y: float
    said: str
    size: float
    colour: str
    bold: bool
    anchor: str  # start, middle, end
    halo: bool
    css: str
    lead: str = ""
    lead_colour: str = ""


Mark = Stroke | Area | Disc | Text


@dataclass
class Sheet:
    """Marks in the order in which they are drawn, on so many pixels."""

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)

    def line(
        self, points: Sequence[Point], colour: str, width: float = 1.5, *,
        dash: tuple[float, ...] = (), opacity: float = 1.0, css: str = "",
    ) -> None:  # fmt: skip
        """A line through two points or more."""
        self.marks.append(Stroke(points, colour, width, dash, opacity, css))

    def area(
        self, points: Sequence[Point], fill: str, *, edge: str = "", width: float = 1.0,
        opacity: float = 1.0, css: str = "", key: int = -1,
    ) -> None:  # fmt: skip
        """A closed shape."""
        self.marks.append(Area(points, fill, edge, width, opacity, css, key))

    def band(
        self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], fill: str, *,
        opacity: float = 1.0, css: str = "",
    ) -> None:  # fmt: skip
        """What lies between two lines over the same xs."""
        there, back = list(zip(xs, lows)), list(zip(xs, highs))
        self.area([*there, *reversed(back)], fill, opacity=opacity, css=css)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "",
        edge_width: float = 1.0, opacity: float = 1.0, hatched: str = "", css: str = "",
    ) -> None:  # fmt: skip
        """A rectangle; `hatched`: the colour of slanted lines over it."""
        right, bottom = x + width, y + height
        corners = [(x, y), (right, y), (right, bottom), (x, bottom)]
        self.area(corners, fill, edge=edge, width=edge_width, opacity=opacity, css=css)
        start = SLANT
        while hatched and start < width + height:
            low = (x + min(start, width), y + max(0.0, start - width))
            high = (x + max(0.0, start - height), y + min(start, height))
            self.line([low, high], hatched, 1.5, css=css)
            start += SLANT

    def sign(
        self, sign: str, x: float, y: float, radius: float, colour: str, *,
        filled: bool = True, width: float = 1.3, css: str = "", key: int = -1,
    ) -> None:  # fmt: skip
        """One of `SIGNS` about a point, filled or hollow; all look about equally large."""
        fill = colour if filled else WHITE
        if sign == "circle":
            self.marks.append(Disc(x, y, radius, fill, colour, width, css, key))
            return
        r = radius
        corners = {
            "square": [(x - 0.9 * r, y - 0.9 * r), (x + 0.9 * r, y - 0.9 * r),
                       (x + 0.9 * r, y + 0.9 * r), (x - 0.9 * r, y + 0.9 * r)],
            "triangle": [(x, y - 1.1 * r), (x + 1.1 * r, y + 0.9 * r), (x - 1.1 * r, y + 0.9 * r)],
            "diamond": [(x, y - 1.25 * r), (x + 1.25 * r, y), (x, y + 1.25 * r), (x - 1.25 * r, y)],
        }[sign]  # fmt: skip
        self.area(corners, fill, edge=colour, width=width, css=css, key=key)

    def arrow(self, start: Point, end: Point, colour: str, width: float = 1.5) -> None:
        """A straight line with a head at its end."""
        (x0, y0), (x1, y1) = start, end
        length = max(1e-9, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        along, size = ((x1 - x0) / length, (y1 - y0) / length), 3.0 + 2.0 * width
        back = (x1 - size * along[0], y1 - size * along[1])
        aside = (-0.6 * size * along[1], 0.6 * size * along[0])
        self.line([start, back], colour, width)
        head = [end, (back[0] + aside[0], back[1] + aside[1]),
                (back[0] - aside[0], back[1] - aside[1])]  # fmt: skip
        self.area(head, colour)

    def ribbon(
        self, x0: float, x1: float, left: tuple[float, float], right: tuple[float, float],
        fill: str, *, opacity: float = 1.0, css: str = "",
    ) -> None:  # fmt: skip
        """A smooth band from a stretch of y at x0 to another at x1."""
        steps = [number / 16 for number in range(17)]
        xs = [x0 + (x1 - x0) * step for step in steps]
        eased = [step * step * (3 - 2 * step) for step in steps]
        tops, bottoms = (
            [a + (b - a) * ease for ease in eased]
            for a, b in ((left[0], right[0]), (left[1], right[1]))
        )
        self.band(xs, tops, bottoms, fill, opacity=opacity, css=css)

    def place(self, other: Sheet, x: float, y: float) -> None:
        """All marks of another sheet, moved."""
        for mark in other.marks:
            if isinstance(mark, Stroke | Area):
                self.marks.append(mark._replace(points=[(a + x, b + y) for a, b in mark.points]))
            else:
                self.marks.append(mark._replace(x=mark.x + x, y=mark.y + y))

    def text(
        self, x: float, y: float, said: str, *, size: float = NORMAL, colour: str = INK,
        bold: bool = False, anchor: str = "start", halo: bool = False, css: str = "",
        lead: str = "", lead_colour: str = INK,
    ) -> None:  # fmt: skip
        """A line of text; `lead`: what stands before it in bold."""
        self.marks.append(
            Text(x, y, said, size, colour, bold, anchor, halo, css, lead, lead_colour)
        )


@dataclass(frozen=True)
class Picture:
    """A sheet with what has to be said of it.

    `name` goes into file names and ids. `description` is one line with the numbers: the text for
    those who do not see the picture. `said`: paragraphs under an exported picture: what ranges
    mean, that it is simulated, what made it. `table`: the numbers, a row a mapping.
    """

    name: str
    title: str
    subtitle: str
    description: str
    sheet: Sheet
    table: tuple[dict[str, Any], ...]
    said: tuple[str, ...]
    made_by: str = field(default_factory=lambda: f"recoverysim {package_version()}")

    def svg(self, classes: str = "") -> str:
        """For a page: `<svg>` as wide as its place, with real text."""
        from recoverysim.pictures.inline import written

        return written(self, classes)

    def csv(self) -> str:
        """The table; numbers stay numbers, text that looks like a formula is shown as text."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        names = list(dict.fromkeys(name for row in self.table for name in row))
        writer.writerow([csv_cell(name) for name in names])
        writer.writerows([csv_cell(row.get(name)) for name in names] for row in self.table)
        return file.getvalue()

    def png(self, file: Path | IO[bytes]) -> None:
        """1600 px wide, with title, caption and metadata."""
        from recoverysim.pictures.printed import save

        save(self, file, "png")

    def svg_outlined(self, file: Path | IO[bytes]) -> None:
        """The same as a drawing whose letters are outlines: it looks the same everywhere."""
        from recoverysim.pictures.printed import save

        save(self, file, "svg")
