"""The parts that rank factors, with their pictures: sensitivity, rank regression, tornado."""

from __future__ import annotations

from typing import Any

from recoverysim import sweep_page_words, sweep_words
from recoverysim.pictures import sensitivity as bars
from recoverysim.pictures import tornado as swings
from recoverysim.studies.sweeps.analyses.part import MOST_PICTURED, Part, Telling
from recoverysim.studies.sweeps.analyses.rank_regression import rank_regression
from recoverysim.studies.sweeps.analyses.sensitivity import sensitivity
from recoverysim.studies.sweeps.analyses.tornado import tornado

MOST_ROWS = 15  # of a picture
AXES = {
    "morris": "mean absolute change through the whole range",
    "sobol": "share of the variance between points",
    "rank_regression": "partial rank correlation",
}


def sensitivity_part(telling: Telling) -> Part:
    """By Morris or Sobol, as the design is."""
    found = telling.found
    table = sensitivity(found)
    design = found.plan.design
    part = Part("sensitivity", sweep_page_words.HOW[design], tables={"sensitivity": table})
    say = sweep_words.morris if design == "morris" else sweep_words.sobol
    for name, about, rows in telling.of_first_measure(table):
        part.sentences.append(say(rows))
        if rows[0]["used"] < rows[0]["drawn"]:
            part.sentences.append(
                sweep_words.dropped(name, rows[0]["drawn"] - rows[0]["used"], rows[0]["drawn"])
            )
        _picture(telling, part, name, about, [_bar(telling, row, design) for row in rows], design)
    return part


def rank_regression_part(telling: Telling) -> Part:
    """By partial rank correlation."""
    table = rank_regression(telling.found)
    how = sweep_page_words.HOW["rank_regression"]
    part = Part("rank_regression", how, tables={"rank_regression": table})
    for name, about, rows in telling.of_first_measure(table):
        part.sentences.append(sweep_words.rank_regression(rows))
        told = [_bar(telling, row, "rank_regression") for row in rows if row["prcc"] is not None]
        if told:
            _picture(telling, part, name, about, told, "rank_regression")
    return part


def _bar(telling: Telling, row: dict[str, Any], kind: str) -> bars.Bar:
    label = telling.label(row["factor"])
    if kind == "morris":
        sure = bool(row["above_luck"])
        return bars.Bar(label, row["mu_star"], row["low"], row["high"], sure)
    if kind == "sobol":
        total = row["total"], row["total_low"], row["total_high"]
        alone = row["first"], row["first_low"], row["first_high"]
        return bars.Bar(label, *alone, sure=row["first_low"] > 0, total=total)
    return bars.Bar(label, row["prcc"], row["low"], row["high"], bool(row["apart"]))


def _picture(
    telling: Telling, part: Part, name: str, about: str, told: list[bars.Bar], kind: str
) -> None:
    if len(part.pictures) >= MOST_PICTURED:
        return
    frame = telling.frame(
        f"Which factors matter? {about}", part.how, sweep_words.left_out(len(told), MOST_ROWS)
    )
    file = sweep_words.file_name(part.name, name)
    part.pictures[file] = bars.draw(told[:MOST_ROWS], frame, AXES[kind])
    part.told[file] = f"Bars of {min(len(told), MOST_ROWS)} factors, the first {told[0].label}."


def tornado_part(telling: Telling) -> Part:
    """Where each factor is low and where it is high."""
    table = tornado(telling.found)
    part = Part("tornado", sweep_page_words.HOW["tornado"], tables={"tornado": table})
    for name, about, rows in telling.of_first_measure(table):
        part.sentences.append(sweep_words.tornado(rows))
        if len(part.pictures) >= MOST_PICTURED:
            continue
        told = [_swing(telling, row) for row in rows[:MOST_ROWS]]
        more = sweep_words.left_out(len(rows), MOST_ROWS)
        frame = telling.frame(f"Where a factor is low or high: {about}", part.how, more)
        file = sweep_words.file_name("tornado", name)
        scale = sweep_words.scale(rows[0]["measure"], telling.first)
        part.pictures[file] = swings.draw(told, frame, scale)
        part.told[file] = f"Low and high of {len(told)} factors, the widest {told[0].label}."
    return part


def _swing(telling: Telling, row: dict[str, Any]) -> swings.Swing:
    low, high = ((row[end], row[f"{end}_from"], row[f"{end}_to"]) for end in ("at_low", "at_high"))
    return swings.Swing(telling.label(row["factor"]), low, high, row["apart"])
