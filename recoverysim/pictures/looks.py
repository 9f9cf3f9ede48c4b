"""Colours and signs of pictures: each world has three (colour, dash, sign), to be read in grey."""

from __future__ import annotations

from typing import NamedTuple

from recoverysim.pictures.differences import INK, SOFT

WHITE, PALE, RULE, TRACK = "#FFFFFF", "#F3F6F8", "#D5DCE1", "#C5CDD3"
HATCH = "#6B8290"
WAITING, RETURNED = "#6B7780", "#A64B00"
RECOVERY = ("#56B4E9", "#0072B2", "#003F66")  # from the first year to five and more
SMALL, NORMAL, LARGE = 12.0, 13.0, 15.0  # px

__all__ = [
    "HATCH", "INK", "LARGE", "NORMAL", "PALE", "RECOVERY", "RETURNED", "RULE", "SMALL", "SOFT",
    "TRACK", "WAITING", "WHITE", "WORLDS", "Look", "look",
]  # fmt: skip


class Look(NamedTuple):
    """How one world is drawn."""

    colour: str
    dash: tuple[float, ...]  # px drawn and left out; none: solid
    sign: str


WORLDS = (
    Look("#5A6570", (6, 4), "circle"),  # today
    Look("#0072B2", (), "circle"),
    Look("#A64B00", (13, 4), "square"),
    Look("#00785A", (9, 3, 2, 3), "triangle"),
    Look("#8A3A78", (3, 3), "diamond"),
)


def look(world: int) -> Look:
    """Of a world by its number; after the fifth they begin again with the second."""
    return WORLDS[world] if world < len(WORLDS) else WORLDS[1 + (world - 1) % (len(WORLDS) - 1)]
