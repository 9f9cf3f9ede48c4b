"""The effect of mutual aid: as declared, as accepted, and what trials say of it by themselves."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from recoverysim.pictures.differences import BLUE, CAPTION_WIDTH, GREY, INK, SOFT

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

LINE, HEAD, FOOT = 0.34, 0.75, 1.35  # inches
NARROW, WIDE = 7.0, 2.2  # of the middle half, and of the middle 95%


def draw(told: dict[str, Any]) -> matplotlib.figure.Figure:
    """A matplotlib figure of what `calibrate` tells (`accepted.json`); save it with `.savefig`."""
    from matplotlib.figure import Figure

    effect = told["effect"]
    groups = [
        ("What is used", [
            ("declared range, before any fitting", effect["declared"], GREY),
            ("accepted: as it is used", effect["accepted"], BLUE),
        ]),
        ("What trials alone say, all values being as likely before", [
            (one["family"], one, INK) for one in effect["alone"]
        ]),
        ("Accepted, with one family left out", [
            (f"without {one['family']}", one["effect"], BLUE) for one in told["left_out"]
        ]),
    ]  # fmt: skip
    lines = sum(1 + len(rows) for _, rows in groups)
    height = HEAD + FOOT + LINE * lines
    figure = Figure(figsize=(9, height), dpi=120)
    axis = figure.add_axes((0.33, FOOT / height, 0.46, LINE * lines / height))
    place = 0
    for heading, rows in groups:
        axis.text(-0.69, place, heading, transform=axis.get_yaxis_transform(), va="center",
                  fontsize=9.5, fontweight="bold", color=INK)  # fmt: skip
        place += 1
        for name, one, colour in rows:
            _row(axis, place, name, one, colour)
            place += 1
    even = effect["even"][0] if effect["even"] else {"low": -1.0, "high": 2.0}
    axis.set_xlim(even["low"], even["high"])
    axis.set_ylim(lines - 0.5, -0.5)
    axis.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    axis.set_yticks([])
    axis.tick_params(colors=SOFT, labelsize=9)
    axis.patch.set_visible(False)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.set_xlabel(
        "log hazard ratio of staying well, for a weekly and fully involved member; below 0: harm",
        fontsize=9, color=SOFT,
    )  # fmt: skip
    _say_what_it_is(figure, told, height)
    return figure


def _row(
    axis: matplotlib.axes.Axes, place: int, name: str, one: dict[str, float], colour: str
) -> None:
    across = axis.get_yaxis_transform()
    axis.text(-0.66, place, name, transform=across, va="center", fontsize=9, color=SOFT)
    axis.plot([one["low95"], one["high95"]], [place] * 2, color=colour, linewidth=WIDE)
    axis.plot([one["low50"], one["high50"]], [place] * 2, color=colour, linewidth=NARROW,
              alpha=0.6, solid_capstyle="butt")  # fmt: skip
    axis.plot(one["median"], place, "o", color=colour, markeredgecolor="white", markersize=7)
    said = f"{one['median']:.2f} ({one['low95']:.2f} to {one['high95']:.2f})".replace("-", "−")
    axis.text(1.03, place, said, transform=across, va="center", fontsize=9, color=INK)


def _say_what_it_is(figure: matplotlib.figure.Figure, told: dict[str, Any], height: float) -> None:
    made = told["made_by"]
    figure.text(0.01, 1 - 0.35 / height, "How much mutual aid protects: what is known, and by what",
                fontsize=13, fontweight="bold", color=INK)  # fmt: skip
    said = (
        "Dot: the middle; thick: the middle half; thin: the middle 95%. Trials by themselves are "
        "cut off at the ends of the range that was drawn, so a line from edge to edge says nothing "
        "either way. The declared range was written with knowledge of the same trials.",
        f"From simulated studies: recoverysim {made['version']}, {made['draws']:,} draws, "
        f"{made['accepted']:,} accepted, seed {made['seed']}.",
    )
    caption = "\n".join(textwrap.fill(part, CAPTION_WIDTH) for part in said)
    figure.text(0.01, 0.1 / height, caption, fontsize=8.5, color=SOFT, va="bottom")
