"""What stands behind a number: its range, its grade, who was studied, and where to read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

from recoverysim import dashboard_words as said
from recoverysim.evidence import sources_of
from recoverysim.quantities import GRADES
from recoverysim.settings import all_quantities

MOST_FIGURES = 3


@cache
def told(keys: Sequence[str]) -> str:
    """The source of a number as HTML: grade, range, who was studied, and up to three figures."""
    quantity = all_quantities()[keys[0]]
    parts = [
        f"<p><b>{escape(said.GRADE)}: {escape(quantity.grade)}.</b> "
        f"{escape(GRADES[quantity.grade])}.</p>",
        f"<p>{escape(said.value_told(quantity))}</p>",
    ]
    if quantity.studied:
        parts.append(f"<p>{escape(said.STUDIED)}: {escape(quantity.studied)}.</p>")
    if quantity.note:
        parts.append(f"<p>{escape(quantity.note)}</p>")
    rows = sources_of(quantity)[:MOST_FIGURES]
    if rows:
        items = "".join(
            f"<li><b>{escape(row.value)}</b>: {escape(row.quantity)}. "
            f"{escape(row.population)}. {escape(row.source)}.</li>"
            for row in rows
        )
        parts.append(f"<p>{escape(said.FIGURES)}</p><ul>{items}</ul>")
    else:
        parts.append(f"<p>{escape(said.NO_STUDY)}</p>")
    names = ", ".join(f"<code>{escape(key)}</code>" for key in keys)
    parts.append(f"<p>{escape(said.NAMED)} {names}</p>")
    return "".join(parts)
