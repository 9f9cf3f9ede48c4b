"""One simulated study: every published figure beside the middle simulated one and its range."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from recoverysim import study_words, words
from recoverysim.pictures.differences import BLUE, CAPTION_WIDTH, GREY, INK, PALE, SOFT

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

    from recoverysim.studies.trial import Row, Simulated

WIDTH, LINE, TITLE, TOP, BOTTOM, BETWEEN = 9.0, 0.25, 0.22, 0.63, 1.0, 0.58  # inches
LEFT, RIGHT = 0.345, 0.66  # of the width: where bars are drawn
PUBLISHED_AT, SIMULATED_AT, MISSED_AT = 0.735, 0.915, 0.99  # ends of the columns of numbers
TITLE_WIDTH, HEADING_WIDTH, LABEL_WIDTH = 82, 104, 44  # characters
ABOVE, BELOW = -0.17, 0.17  # of a line: published above, simulated below
RATIOS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50)  # ticks

Blocks = dict[str, list["Row"]]


def draw(study: Simulated) -> matplotlib.figure.Figure:
    """A matplotlib figure; save it with `save_svg`, or with `.savefig`."""
    from matplotlib.figure import Figure

    panels = _panels(study)
    lines = [_lines(blocks) for blocks in panels.values()]
    title = _title(study.trial.question)
    top = TOP + TITLE * len(title)
    height = top + BOTTOM + LINE * sum(lines) + BETWEEN * (len(lines) - 1)
    figure = Figure(figsize=(WIDTH, height), dpi=120)
    start = height - top
    for (unit, blocks), some in zip(panels.items(), lines, strict=True):
        size = LINE * some
        axis = figure.add_axes((LEFT, (start - size) / height, RIGHT - LEFT, size / height))
        start -= size + BETWEEN
        _panel(axis, unit, blocks, some)
    _say_what_it_is(figure, study, title, height)
    return figure


def save_svg(figure: matplotlib.figure.Figure, path: Path | IO[bytes]) -> None:
    """Small, with text as text, and the same bytes for the same picture."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "recoverysim", "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _title(question: str) -> list[str]:
    """On as few lines as it fits, of about the same length."""
    lines = -(-len(question) // TITLE_WIDTH)
    return textwrap.wrap(question, len(question) // lines + 8 if lines > 1 else TITLE_WIDTH)


def _panels(study: Simulated) -> dict[str, Blocks]:
    """Rows by scale, and within it by what is measured."""
    panels: dict[str, Blocks] = {}
    for row in study.rows:
        unit = "share" if row.unit in words.PER_CENT else row.unit
        panels.setdefault(unit, {}).setdefault(row.measure, []).append(row)
    return panels


def _heading(measure: str) -> list[str]:
    return textwrap.wrap(measure[0].upper() + measure[1:], HEADING_WIDTH)


def _label(row: Row) -> list[str]:
    return textwrap.wrap(row.arm, LABEL_WIDTH)


def _lines(blocks: Blocks) -> int:
    """Lines that a panel takes: some for each heading, and some for each figure."""
    return sum(
        len(_heading(measure)) + sum(len(_label(row)) for row in rows)
        for measure, rows in blocks.items()
    )


def _panel(axis: matplotlib.axes.Axes, unit: str, blocks: Blocks, lines: int) -> None:
    """One scale: a heading for each measure, and a line for each of its figures."""
    axis.set_ylim(lines - 0.5, -0.5)
    _scale(axis, unit, [row for rows in blocks.values() for row in rows])
    place = 0
    for number, (measure, rows) in enumerate(blocks.items()):
        if number % 2 == 0:
            _band(axis, place - 0.5, place - 0.5 + _lines({measure: rows}))
        for line in _heading(measure):
            _text(axis, 0.012, place, line, fontsize=9.5, fontweight="bold", color=INK)
            place += 1
        for row in rows:
            _line(axis, place, row, unit)
            place += len(_label(row))


def _band(axis: matplotlib.axes.Axes, top: float, bottom: float) -> None:
    """A pale ground for one measure, from edge to edge."""
    from matplotlib.patches import Rectangle

    box = Rectangle(
        (0, top), 1, bottom - top, transform=_across(axis), color=PALE, linewidth=0, zorder=0,
        clip_on=False,
    )  # fmt: skip
    axis.add_patch(box)


def _across(axis: matplotlib.axes.Axes) -> Any:
    """Places as a share of the picture's width, and by line."""
    from matplotlib.transforms import blended_transform_factory

    assert axis.figure is not None
    return blended_transform_factory(axis.figure.transFigure, axis.transData)


def _text(axis: matplotlib.axes.Axes, x: float, place: float, said: str, **how: Any) -> None:
    axis.text(x, place, said, transform=_across(axis), va="center", **({"fontsize": 9} | how))


def _line(axis: matplotlib.axes.Axes, place: int, row: Row, unit: str) -> None:
    """One figure: published above, simulated below, the numbers at the end, and the verdict."""
    label = _label(row)
    for number, line in enumerate(label):
        _text(axis, 0.025, place + number, line, color=SOFT)
    middle = place + (len(label) - 1) / 2
    nothing = 1.0 if unit == "ratio" else 0.0
    if axis.get_xlim()[0] < nothing < axis.get_xlim()[1]:
        ends = [place - 0.5, place + len(label) - 0.5]
        axis.plot([nothing] * 2, ends, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    if row.low is not None and row.high is not None:
        axis.plot([row.low, row.high], [middle + ABOVE] * 2, color=INK, linewidth=1.1)
    marker, face = ("D", INK) if row.passed else ("X", "white")
    where = nothing if row.published is None else row.published
    if row.direction:  # an arrow from where there would be no difference
        marker = (">" if row.direction == "more" else "<") if row.passed else "X"
    axis.plot(
        where, middle + ABOVE, marker, color=INK, markerfacecolor=face,
        markersize=5 if row.passed else 7.5, clip_on=False,
    )  # fmt: skip
    if row.median is not None and row.low90 is not None and row.high90 is not None:
        axis.plot(
            [row.low90, row.high90], [middle + BELOW] * 2, color=BLUE, linewidth=5, alpha=0.45,
            solid_capstyle="butt",
        )  # fmt: skip
        axis.plot(row.median, middle + BELOW, "o", color=BLUE, markersize=5.5, clip_on=False)
    numbers: dict[str, Any] = {"ha": "right", "color": INK}
    said = study_words.published(row.published, row.direction, row.unit)
    _text(axis, PUBLISHED_AT, middle, said, **numbers)
    _text(axis, SIMULATED_AT, middle, _simulated(row), **numbers)
    if not row.passed:
        _text(axis, MISSED_AT, middle, "missed", fontweight="bold", **numbers)


def _simulated(row: Row) -> str:
    if row.median is None:
        return "not measured"
    middle = words.amount(row.median, row.unit)
    return f"{middle} ({words.amounts(row.low90, row.high90, row.unit)})".replace(" points", "")


def _scale(axis: matplotlib.axes.Axes, unit: str, rows: list[Row]) -> None:
    """Limits, ticks and the name of the scale."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ends = [
        end for row in rows for end in (row.published, row.low, row.high, row.low90, row.high90)
        if end is not None
    ]  # fmt: skip
    low, high = min(ends), max(ends)
    if unit == "ratio":
        axis.set_xscale("log")
        low, high = min(low, 0.9) / 1.1, max(high, 1.1) * 1.1
        steps = [step for step in RATIOS if low <= step <= high]
        axis.set_xticks(steps, [f"{step:g}" for step in steps])
        axis.set_xticks([], minor=True)
    elif unit == "share":
        low, high = min(low, 0.0), max(high, 1.0)
    else:
        low, high = min(low, 0.0), max(high, 0.0)
        room = 0.05 * (high - low or 1.0)
        low, high = (low - room if low < 0 else low), high + room
    axis.set_xlim(low, high)
    if unit != "ratio":
        axis.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.on_axis(x, unit)))
    axis.set_yticks([])
    axis.tick_params(colors=SOFT, labelsize=8.5)
    axis.patch.set_visible(False)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#C5CDD3")
    axis.set_xlabel(words.scale(unit), fontsize=8.5, color=SOFT, labelpad=1)


def _say_what_it_is(
    figure: matplotlib.figure.Figure, study: Simulated, title: list[str], height: float
) -> None:
    inch = 1 / height
    place = 1 - TITLE * inch
    for line in title:
        figure.text(0.01, place, line, fontsize=13, fontweight="bold", color=INK)
        place -= TITLE * inch
    studied = study.trial.studied
    figure.text(0.01, place, studied[:1].upper() + studied[1:], fontsize=9, color=SOFT)
    for x, heading in ((PUBLISHED_AT, "published"), (SIMULATED_AT, "simulated (middle 90%)")):
        figure.text(x, place - 0.28 * inch, heading, fontsize=9, color=SOFT, ha="right")
    said = (
        "Diamond: published, with its interval where there is one. A cross in its place, and the "
        "word: missed. Arrowhead: only which way it went was published. Dot: the middle one of the "
        "simulated studies; bar: the middle 90% of them.",
        f"Simulated, not observed: {words.basis_of_studies(study.stamp)}",
    )
    caption = "\n".join(textwrap.fill(part, CAPTION_WIDTH) for part in said)
    figure.text(0.01, 0.08 * inch, caption, fontsize=8.5, color=SOFT, va="bottom")
