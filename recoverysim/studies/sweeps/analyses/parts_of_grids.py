"""The parts of a grid, with their pictures: interactions, response surfaces, thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np

from recoverysim import sweep_page_words, sweep_words
from recoverysim.pictures import surface as shaded
from recoverysim.studies.sweeps.analyses.interaction import interaction
from recoverysim.studies.sweeps.analyses.part import Part, Telling
from recoverysim.studies.sweeps.analyses.surface import surface
from recoverysim.studies.sweeps.analyses.thresholds import thresholds

MOST_SURFACES = 6


def interaction_part(telling: Telling) -> Part:
    """Together against the sum of parts."""
    table = interaction(telling.found)
    part = Part("interaction", sweep_page_words.HOW["interaction"], tables={"interaction": table})
    for _, _, rows in telling.of_first_measure(table):
        part.sentences.append(sweep_words.interaction(rows))
    return part


def thresholds_part(telling: Telling) -> Part:
    """Where lines are crossed."""
    table = thresholds(telling.found)
    part = Part("thresholds", sweep_page_words.HOW["thresholds"], tables={"thresholds": table})
    for _, _, rows in telling.of_first_measure(table):
        part.sentences += sweep_words.thresholds(rows)
    return part


def surface_part(telling: Telling) -> Part:
    """Every pair of factors."""
    table = surface(telling.found)
    part = Part("surface", sweep_page_words.HOW["surface"], tables={"surface": table})
    for name, about, rows in telling.of_first_measure(table):
        for a, b in dict.fromkeys((row["a"], row["b"]) for row in rows):
            some = [row for row in rows if (row["a"], row["b"]) == (a, b)]
            if len(part.pictures) < MOST_SURFACES:
                _picture(telling, part, name, f"{a} and {b}: {about}", some)
        part.sentences.append(sweep_words.most_of(rows))
    return part


def _picture(
    telling: Telling, part: Part, name: str, title: str, rows: list[dict[str, Any]]
) -> None:
    first = rows[0]
    down, across = (
        list(dict.fromkeys(row[value] for row in rows)) for value in ("a_value", "b_value")
    )
    cells = np.full((len(down), len(across), 3), np.nan)
    for row in rows:
        at = down.index(row["a_value"]), across.index(row["b_value"])
        cells[at] = [np.nan if row[one] is None else row[one] for one in ("mean", "low", "high")]
    if not np.isfinite(cells[:, :, 0]).any():
        return
    file = sweep_words.file_name("surface", name, first["a"], first["b"])
    frame = telling.frame(title, part.how, sweep_words.HOLDS_0 if telling.first else "")
    part.pictures[file] = shaded.draw(
        (first["a"], first["b"]), (down, across), cells, frame,
        sweep_words.scale(first["measure"], telling.first),
    )  # fmt: skip
    part.told[file] = f"A shaded table of {len(down)} by {len(across)} values."
