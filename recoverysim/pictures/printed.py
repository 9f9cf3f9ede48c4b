"""A picture as a file, through matplotlib: title and caption around the same marks."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from recoverysim.pictures import letters
from recoverysim.pictures.looks import INK, LARGE, SMALL, SOFT, WHITE
from recoverysim.pictures.sheet import Area, Disc, Mark, Picture, Stroke, Text

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

PIXELS = 1600  # the width of a PNG
MARGIN = 16.0  # px of the sheet
AN_INCH = 100.0  # px of the sheet
POINTS = 72 / AN_INCH  # in a px
TITLE = LARGE + 3


def save(picture: Picture, file: Path | IO[bytes], form: str) -> None:
    """Write it as 'png' or 'svg', with what it is in the file's metadata."""
    import matplotlib

    metadata = {"Title": picture.title, "Description": _alone(picture), "Source": picture.said[-1]}
    if form == "svg":
        metadata |= {"Creator": picture.made_by, "Date": None}  # type: ignore[dict-item]
    else:
        metadata |= {"Software": picture.made_by}
    with matplotlib.rc_context({
        "svg.hashsalt": "recoverysim", "svg.fonttype": "path", "path.simplify": False,
        "font.family": "DejaVu Sans", "text.parse_math": False,
    }):  # fmt: skip
        figure = draw(picture)
        dots_an_inch = PIXELS / figure.get_size_inches()[0]
        figure.savefig(file, format=form, dpi=dots_an_inch, metadata=metadata)


def draw(picture: Picture) -> matplotlib.figure.Figure:
    """The picture as a matplotlib figure, an inch for 100 px."""
    from matplotlib.figure import Figure

    sheet = picture.sheet
    width = sheet.width + 2 * MARGIN
    title = letters.wrapped(picture.title, sheet.width, TITLE, bold=True)
    under = letters.wrapped(picture.subtitle, sheet.width, SMALL + 1)
    caption = [
        letters.wrapped(part, sheet.width, SMALL)
        for part in (picture.description, *picture.said)
    ]  # fmt: skip
    top = MARGIN + 24 * len(title) + 18 * len(under) + 10
    foot = sum(16 * len(lines) + 6 for lines in caption) + MARGIN + 12
    height = top + sheet.height + foot
    figure = Figure(figsize=(width / AN_INCH, height / AN_INCH), dpi=AN_INCH, facecolor=WHITE)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set_xlim(-MARGIN, sheet.width + MARGIN)
    axis.set_ylim(sheet.height + foot, -top)
    axis.set_axis_off()
    place = MARGIN - top - 6
    for line in title:
        place += 24
        _text(axis, Text(0, place, line, TITLE, INK, True, "start", False, ""))
    for line in under:
        place += 18
        _text(axis, Text(0, place, line, SMALL + 1, SOFT, False, "start", False, ""))
    for order, mark in enumerate(sheet.marks):
        _draw(axis, mark, order + 1)
    place = sheet.height + 12
    for number, lines in enumerate(caption):
        for line in lines:
            place += 16
            colour = INK if number == 0 else SOFT
            _text(axis, Text(0, place, line, SMALL, colour, False, "start", False, ""))
        place += 6
    return figure


def _alone(picture: Picture) -> str:
    return f"{picture.subtitle} {picture.description}".strip()


def _draw(axis: matplotlib.axes.Axes, mark: Mark, order: int) -> None:
    from matplotlib import patches

    if isinstance(mark, Text):
        _text(axis, mark, order)
    elif isinstance(mark, Stroke):
        xs, ys = zip(*mark.points)
        dash: Any = "-"
        if mark.dash:
            dash = (0, tuple(length / mark.width for length in mark.dash))
        axis.plot(
            xs, ys, color=mark.colour, linewidth=mark.width * POINTS, linestyle=dash,
            alpha=mark.opacity, zorder=order, clip_on=False, solid_joinstyle="round",
            solid_capstyle="butt",
        )  # fmt: skip
    else:
        how: dict[str, Any] = {
            "facecolor": mark.fill or "none",
            "edgecolor": mark.edge or "none",
            "linewidth": mark.width * POINTS if mark.edge else 0,
            "zorder": order,
        }
        if isinstance(mark, Disc):
            axis.add_artist(patches.Circle((mark.x, mark.y), mark.radius, **how))
        elif isinstance(mark, Area):
            shape = patches.Polygon(
                list(mark.points), closed=True, alpha=mark.opacity, joinstyle="round", **how
            )
            axis.add_artist(shape)


def _text(axis: matplotlib.axes.Axes, mark: Text, order: int = 1) -> None:
    if mark.lead:
        lead = letters.width(f"{mark.lead} ", mark.size, bold=True)
        both = lead + letters.width(mark.said, mark.size, mark.bold)
        start = mark.x - {"start": 0.0, "middle": both / 2, "end": both}[mark.anchor]
        rest = mark._replace(anchor="start", lead="", x=start + lead)
        _text(axis, rest._replace(said=mark.lead, colour=mark.lead_colour, bold=True, x=start),
              order)  # fmt: skip
        _text(axis, rest, order)
        return
    side = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
    drawn = axis.text(
        mark.x, mark.y, mark.said, fontsize=mark.size * POINTS, color=mark.colour, ha=side,
        va="baseline", fontweight="bold" if mark.bold else "normal", zorder=order,
        parse_math=False,
    )  # fmt: skip
    if mark.halo:
        from matplotlib.patheffects import withStroke

        drawn.set_path_effects([withStroke(linewidth=3 * POINTS, foreground=WHITE)])
