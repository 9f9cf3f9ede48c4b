"""The summary of a sweep: the question, what was run, what it says, its limits, on a page.

HTML that stands alone: no script, no address of anything outside, pictures drawn in the page.
"""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from recoverysim import sweep_page_words, sweep_words, words
from recoverysim.pictures.study import save_svg

if TYPE_CHECKING:
    import matplotlib.figure

    from recoverysim.studies.sweeps.analyses.analyse import Analysed
    from recoverysim.studies.sweeps.analyses.part import Part

MOST_ROWS = 12  # of a table
ON_TOP = 4  # sentences of each part that stand on top; the others stand in the part
SETTINGS_SHOWN = 12  # factors


class Picture(NamedTuple):
    """An SVG to stand in the page, and what it shows in words."""

    svg: str
    told: str


class Table(NamedTuple):
    """The top rows of a table, as text; `left_out` stand in the file only."""

    file: str
    columns: list[str]
    rows: list[list[str]]
    left_out: int


def page(analysed: Analysed) -> str:
    """The page as HTML."""
    import jinja2

    template = files("recoverysim.report").joinpath("sweep.html").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(template).render(_content(analysed))


def _content(analysed: Analysed) -> dict[str, Any]:
    plan, found = analysed.found.plan, analysed.found
    grades: dict[str, list[str]] = {}
    for factor in plan.factors:
        grades.setdefault(factor.grade, []).append(factor.name)
    finished = found.runs.select("scenario", "point", "repeat").n_unique()
    runs = sweep_page_words.Runs(
        found.points.height, finished, found.points.height * len(plan.names) * plan.repeats
    )
    return {
        "title": plan.question or plan.name,
        "name": plan.name,
        "warning": f"{words.SIMULATED} {words.MEDICATION}",
        "missing": sweep_page_words.missing(runs),
        "what": sweep_page_words.what_was_run(plan, runs),
        "factors": [_factor(analysed, place) for place in range(len(plan.factors))][
            :SETTINGS_SHOWN
        ],
        "more_factors": max(0, len(plan.factors) - SETTINGS_SHOWN),
        "parts": [_part(part, number) for number, part in enumerate(analysed.parts)],
        "lead": analysed.lead,
        "on_top": ON_TOP,
        "not_done": analysed.not_done,
        "limits": sweep_page_words.limits(plan, grades, int(found.runs["year"].max())),  # type: ignore[arg-type]
        "settings": json.dumps(_settings(analysed), indent=1, ensure_ascii=False),
        "basis": words.basis(analysed.stamp),
        "commit": analysed.stamp["commit"] or "unknown",
    }


def _factor(analysed: Analysed, place: int) -> tuple[str, str, str, str]:
    """Name, grade, the values that were run, unit."""
    factor = analysed.found.plan.factors[place]
    values = analysed.found.points[factor.name]
    if values.dtype.is_numeric() and values.n_unique() > sweep_words.SHOWN:
        ends = (sweep_words.value(float(one)) for one in (values.min(), values.max()))  # type: ignore[arg-type]
        told = " to ".join(ends)
    else:
        different = values.unique(maintain_order=True)
        if values.dtype.is_numeric():
            different = different.sort()
        told = ", ".join(sweep_words.value(one) for one in different)
    grade = "a choice" if factor.grade == "design" else factor.grade
    return factor.name, grade, told, factor.unit


def _settings(analysed: Analysed) -> dict[str, Any]:
    """What decides the runs, but for factors and points, which stand in tables of their own."""
    plan = analysed.found.plan
    of_plan = {name: getattr(plan, name) for name in sweep_page_words.SETTINGS}
    told = {name: value for name, value in of_plan.items() if value not in (None, 0)}
    return {"scenarios": analysed.stamp["scenarios"], **told}


def _part(part: Part, number: int) -> dict[str, Any]:
    pictures = [
        Picture(_inline(picture, f"p{number}-{place}-"), part.told.get(name, name))
        for place, (name, picture) in enumerate(part.pictures.items())
    ]
    return {
        "title": part.title, "how": part.how, "sentences": part.sentences, "pictures": pictures,
        "tables": [_table(name, table) for name, table in part.tables.items()],
    }  # fmt: skip


def _inline(picture: matplotlib.figure.Figure, prefix: str) -> str:
    """An SVG without its head, scaled by the page, its names its own among several on a page."""
    file = io.BytesIO()
    save_svg(picture, file)
    text = file.getvalue().decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}", text)


def _table(name: str, table: pl.DataFrame) -> Table:
    """Of the first measure; a number and the ends of its interval are one column."""
    first = table.filter(pl.col("measure") == table["measure"][0])
    there = [one for one in first.columns if first[one].null_count() < first.height]
    columns: dict[str, list[str]] = {}
    used = set(sweep_page_words.SAME_IN_EACH_ROW)
    for one in there:
        ends = _ends(one, first)
        if one not in used:
            columns[one] = [
                _ranged(*row) if ends else _cell(row[0])
                for row in first.select(one, *ends).head(MOST_ROWS).rows()
            ]
            used.update(ends)
    told = [sweep_page_words.heading(one, ranged=bool(_ends(one, first))) for one in columns]
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return Table(f"{name}.csv", told, rows, max(0, table.height - len(rows)))


def _ends(column: str, table: pl.DataFrame) -> list[str]:
    """The columns with the ends of its interval."""
    if table[column].dtype != pl.Float64:
        return []
    pairs = [(f"{column}_low", f"{column}_high"), (f"{column}_from", f"{column}_to")]
    if column in sweep_page_words.RANGED_BY_LOW_AND_HIGH:
        pairs.append(("low", "high"))
    return next((list(pair) for pair in pairs if set(pair) <= set(table.columns)), [])


def _ranged(mean: float | None, low: float | None, high: float | None) -> str:
    return "–" if mean is None else sweep_words.ranged(mean, low, high)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else sweep_words.value(value)
