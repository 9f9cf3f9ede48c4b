"""A picture as SVG inside a page: real text, a name and a description for screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from recoverysim.pictures.looks import WHITE
from recoverysim.pictures.sheet import Area, Disc, Mark, Picture, Stroke, Text

FONT = "'Source Sans 3', Roboto, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def written(picture: Picture, classes: str = "") -> str:
    """The picture as an `<svg>` element. Its ids begin with the picture's name."""
    name = re.sub(r"[^a-z0-9]+", "-", picture.name.lower()).strip("-")
    sheet = picture.sheet
    css = escape(f"picture {classes}".strip())
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" width="100%" '
        f'viewBox="0 0 {_n(sheet.width)} {_n(sheet.height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT}">'
        f'<title id="{name}-title">{escape(picture.title)}</title>'
        f'<desc id="{name}-desc">{escape(picture.description)}</desc>'
    )
    return head + "".join(_in_groups(sheet.marks)) + "</svg>"


def _in_groups(marks: Sequence[Mark]) -> Iterator[str]:
    """Marks as elements; those that follow each other and look alike say once how they look, so
    that two hundred dots are a third of the size."""
    for looks, some in groupby(marks, _looks):
        drawn = list(some)
        if not looks:
            yield from map(mark, drawn)
        elif len(drawn) == 1:
            yield f"{_shape(drawn[0])}{looks}/>"
        else:
            yield f"<g{looks}>{''.join(f'{_shape(one)}/>' for one in drawn)}</g>"


def _looks(one: Mark) -> str:
    """What a filled shape looks like; nothing for other marks."""
    if not isinstance(one, Disc | Area):
        return ""
    edge = f' stroke="{one.edge}" stroke-width="{_n(one.width)}"' if one.edge else ""
    if isinstance(one, Area):
        edge += ' stroke-linejoin="round"' if one.edge else ""
        edge += _opacity(one.opacity)
    return f' fill="{one.fill or "none"}"{edge}{_names(one.css)}'


def _shape(one: Mark) -> str:
    """A filled shape without its looks, its element left open."""
    assert isinstance(one, Disc | Area)
    number = f' data-i="{one.key}"' if one.key >= 0 else ""
    if isinstance(one, Disc):
        return f'<circle cx="{_n(one.x)}" cy="{_n(one.y)}" r="{_n(one.radius)}"{number}'
    return f'<path d="M{_points(one.points)}Z"{number}'


def mark(one: Mark) -> str:
    """One mark as an element."""
    if isinstance(one, Disc | Area):
        return f"{_shape(one)}{_looks(one)}/>"
    if isinstance(one, Stroke):
        dash = f' stroke-dasharray="{" ".join(map(_n, one.dash))}"' if one.dash else ""
        return (
            f'<path d="M{_points(one.points)}" fill="none" stroke="{one.colour}" '
            f'stroke-width="{_n(one.width)}" stroke-linejoin="round"{dash}'
            f"{_opacity(one.opacity)}{_names(one.css)}/>"
        )
    return _text(one)


def _text(mark: Text) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    weight = ' font-weight="700"' if mark.bold else ""
    halo = (
        f' paint-order="stroke" stroke="{WHITE}" stroke-width="3" stroke-linejoin="round"'
        if mark.halo
        else ""
    )
    lead = ""
    if mark.lead:
        lead = f'<tspan font-weight="700" fill="{mark.lead_colour}">{escape(mark.lead)}</tspan> '
    return (
        f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}" '
        f'fill="{mark.colour}"{anchor}{weight}{halo}{_names(mark.css)}>'
        f"{lead}{escape(mark.said)}</text>"
    )


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _points(points: object) -> str:
    return "L".join([f"{x:.1f} {y:.1f}" for x, y in points])  # type: ignore[attr-defined]


def _opacity(opacity: float) -> str:
    return f' opacity="{opacity:g}"' if opacity < 1 else ""


def _names(css: str) -> str:
    return f' class="{escape(css)}"' if css else ""
