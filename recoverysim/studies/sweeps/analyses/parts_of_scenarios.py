"""The parts about scenarios as wholes: leaderboard, where they do not work, emulators."""

from __future__ import annotations

import polars as pl

from recoverysim import sweep_page_words, sweep_words
from recoverysim.pictures import leaderboard as ranks
from recoverysim.studies.sweeps.analyses.discovery import Discovered, discovery
from recoverysim.studies.sweeps.analyses.emulator import Emulator, emulators
from recoverysim.studies.sweeps.analyses.leaderboard import leaderboard
from recoverysim.studies.sweeps.analyses.part import Part, Telling


def leaderboard_part(telling: Telling) -> Part:
    """Who is best."""
    table = leaderboard(telling.found)
    rows = table.to_dicts()
    part = Part("leaderboard", sweep_page_words.HOW["leaderboard"], tables={"leaderboard": table})
    part.sentences = sweep_words.leaderboard(rows, telling.first)
    places = [
        ranks.Place(
            row["scenario"], row["behind_best"], row["behind_best_low"], row["behind_best_high"],
            row["tie_with_best"],
            ranks.mean_in_words(row["mean"], row["mean_low"], row["mean_high"]),
        )
        for row in rows
    ]  # fmt: skip
    measure = sweep_words.measure(rows[0]["measure"])
    after = sweep_words.after(rows[0]["year"])
    frame = telling.frame(f"Scenarios from the best on: {measure} {after}", part.how)
    part.pictures["leaderboard"] = ranks.draw(places, frame, f"from the best: {measure}")
    part.told["leaderboard"] = f"{len(places)} scenarios, the best “{places[0].name}”."
    return part


def discovery_part(telling: Telling) -> Part:
    """Where each scenario lies below the line."""
    told = discovery(telling.found)
    part = Part("discovery", sweep_page_words.HOW["discovery"])
    for one in told:
        part.sentences.append(
            sweep_words.discovery(
                one.scenario, one.line, one.cases, one.points, one.boxes.to_dicts()
            )
        )
    part.tables["discovery"] = pl.concat([_table(one) for one in told], how="diagonal_relaxed")
    return part


def _table(one: Discovered) -> pl.DataFrame:
    """Its boxes, or a row that says that none was found."""
    counts = [pl.lit(one.cases).alias("cases"), pl.lit(one.points).alias("of_points")]
    if not one.boxes.is_empty():
        return one.boxes.with_columns(counts)
    row = {"scenario": one.scenario, "measure": one.measure, "line": one.line,
           "box": sweep_words.NOTHING_FOUND}  # fmt: skip
    return pl.DataFrame([row]).with_columns(counts)


def emulator_part(telling: Telling) -> tuple[Part, list[Emulator]]:
    """How good a stand-in is, and the stand-ins."""
    made = emulators(telling.found)
    rows = [
        {"scenario": one.scenario, "measure": one.measure, "year": one.year,
         **one.error._asdict()}
        for one in made
    ]  # fmt: skip
    part = Part("emulator", sweep_page_words.HOW["emulator"])
    part.tables["emulator"] = pl.DataFrame(rows)
    part.sentences = [sweep_words.emulator(row) for row in rows]
    return part, made
