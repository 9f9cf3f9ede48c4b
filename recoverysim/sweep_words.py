"""What people read about sweeps: values, labels, and a sentence or two for each analysis.

Rows are those of the tables of `studies/sweeps/analyses`, as dictionaries; every number is told
with its interval.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from typing import Any

from recoverysim import words

Rows = Sequence[dict[str, Any]]

SHOWN = 5
BOXES_SHOWN = 3
ONE_IN_TWENTY = 0.05
NOT_TOLD = "cannot be told from noise"
ONE_IN_FORTY = "of factors that do nothing about one in forty passes by chance"
LESS_IS_BETTER = ("deaths", "deaths_overdose", "waiting", "gave_up_waiting", "readmissions", "cost")
PER_1000 = (
    "in_recovery", "deaths", "deaths_overdose", "offered", "connected", "engaged", "ever_attended",
    "attending", "waiting",
)  # fmt: skip
BEYOND_THE_RANGE = "beyond the range"
HOLDS_0 = "Where a range holds 0, the difference cannot be told from noise."
NOTHING_FOUND = "nothing found"


# --- numbers and names --------------------------------------------------------------------


def missing_library(library: str) -> str:
    """Said where a library of an extra is not installed."""
    return f"this needs {library}: pip install 'recoverysim[analyse]'"


def value(one: bool | float | str) -> str:
    """What a factor is set to: 'yes', '0.25', 'peer'."""
    if isinstance(one, bool):
        return "yes" if one else "no"
    return one if isinstance(one, str) else f"{one:.4g}".replace("-", "−")


def bound(name: str, kind: str | None, low: float, high: float) -> str:
    """'offered above 0.3', 'offered above 0.3 and up to 0.5', 'kind is peer'."""
    if kind is not None:
        return f"{name} is {kind}" if low > -math.inf else f"{name} is not {kind}"
    ends = [f"above {_short(low)}"] if low > -math.inf else []
    ends += [f"up to {_short(high)}"] if high < math.inf else []
    return f"{name} {' and '.join(ends)}"


def _short(number: float) -> str:
    """An end of a box, which points near by do not tell more closely."""
    return f"{number:.2g}".replace("-", "−") if abs(number) < 100 else value(number)


def label(name: str, grade: str) -> str:
    """A factor, and how well it is known where it is not a choice."""
    return name if grade == "design" else f"{name} ({grade})"


def digits(*numbers: float | None) -> int:
    """So many digits that the largest of these shows three figures or so, at most four digits."""
    largest = max(
        (abs(one) for one in numbers if one is not None and math.isfinite(one)), default=0
    )
    return 0 if largest == 0 else min(4, max(0, 2 - math.floor(math.log10(largest))))


def places_for(ranges: Collection[tuple[float | None, ...]]) -> int:
    """Digits for numbers in one column, each a mean with the ends of its interval: two figures of
    the middle width, or by size where no width is known."""
    told = [one for one in ranges if None not in one]
    widths = sorted(high - low for _, low, high in told if 0 < high - low < math.inf)  # type: ignore[operator]
    if not widths:
        return digits(*(one[0] for one in ranges))
    return min(4, max(0, 1 - math.floor(math.log10(widths[len(widths) // 2]))))


def near(number: float | None, places: int, *, signed: bool = False) -> str:
    """A number to so many digits, with a true minus; a dash where it is not known."""
    if number is None or math.isnan(number):
        return "–"
    if math.isinf(number):
        return BEYOND_THE_RANGE
    if signed:
        return words.signed(number, places)
    return f"{words.rounded(number, places):,.{places}f}".replace("-", "−")


def ranged(
    mean: float | None, low: float | None, high: float | None,
    places: int | None = None, *, signed: bool = False,
) -> str:  # fmt: skip
    """'+3.1 (+1.0 to +5.2)'; '3.1 (range unknown)' where there is no interval."""
    if mean is None:
        return "unknown"
    places = places_for([(mean, low, high)]) if places is None else places
    told = near(mean, places, signed=signed)
    if low is None or high is None:
        return f"{told} (range unknown)"
    return f"{told} ({near(low, places, signed=signed)} to {near(high, places, signed=signed)})"


def measure(name: str) -> str:
    """A measure as people say it."""
    said = words.MEASURES.get(name, name)
    said = said[:1].lower() + said[1:] if said[1:2].islower() else said
    return f"{said} in every 1,000" if name in PER_1000 else said


def scale(name: str, first: str) -> str:
    """The name of an axis: the measure, or what there is more of it than in the first scenario."""
    return f"{measure(name)}, more than “{first}”" if first else measure(name)


def subject(scenario: str, first: str, name: str, year: int) -> str:
    """What is told: a measure of a scenario, or what it has more than the first."""
    beside = "" if scenario == first or not first else f" beside “{first}”"
    return f"“{scenario}”{beside} ({measure(name)} {after(year)})"


def after(year: int) -> str:
    """'after 10 years, extrapolated'."""
    return words.after(year).replace(" (", ", ").rstrip(")")


def file_name(*parts: str) -> str:
    """A name of a file from names of things: 'surface-peers-linkage.peer.offered'."""
    return "-".join(re.sub(r"[^\w.]+", "-", part).strip("-") for part in parts)


def left_out(many: int, shown: int) -> str:
    """Said under a picture of some rows of many; nothing where all are there."""
    return f"Shown: the first {shown} of {many}; all stand in the table." if many > shown else ""


def dropped(scenario: str, gone: int, drawn: int) -> str:
    """Parts of a design in which a run did not finish."""
    return (
        f"“{scenario}”: {gone} of the {drawn} parts of the design are left out, since not every "
        "point in them has an answer."
    )


def all_of_it(name: str, year: int, first: str) -> str:
    """Said once, before everything: what is told."""
    told = f"{measure(name)} {after(year)}"
    if not first:
        return f"All of this is of one number: {told}."
    return f"All of this is of one number: {told}, how many more than with “{first}”, twin by twin."


def _about(row: dict[str, Any]) -> str:
    return f"“{row['scenario']}”"


def _listed(said: Sequence[str]) -> str:
    return "; ".join(said)


# --- a sentence for each analysis ---------------------------------------------------------


def morris(rows: Rows) -> str:
    """Which factors matter, of one scenario and measure."""
    about = _about(rows[0])
    if rows[0]["above_luck"] is None:
        return (
            f"{about}: the largest mean changes through a whole range are "
            f"{_listed([_mu_star(row) for row in rows[:SHOWN]])}. With one repeat they cannot be "
            "told from luck: such a mean is above 0 for a factor that does nothing, too."
        )
    told = [row for row in rows if row["above_luck"]]
    if not told:
        return f"{about}: no factor's effect can be told from noise."
    return (
        f"{about}: {len(told)} of {words.several(len(rows), 'factor')} can be told from noise "
        f"({ONE_IN_FORTY}). Mean change through a whole range: "
        f"{_listed([_mu_star(row) for row in told[:SHOWN]])}."
    )


def _mu_star(row: dict[str, Any]) -> str:
    return f"{row['factor']} {ranged(row['mu_star'], row['low'], row['high'])}"


def sobol(rows: Rows) -> str:
    """Whose share of the variance is whose, of one scenario and measure."""
    told = [row for row in rows if row["first_low"] > 0]
    told.sort(key=lambda row: -row["first"])
    about = _about(rows[0])
    luck = rows[0]["share_of_luck"]
    held = (
        " With one repeat nobody can say how much of it is luck; totals hold it."
        if luck is None
        else f" About {words.share(luck)}% of it is luck, which totals hold too."
    )
    if not told:
        return f"{about}: no factor's own share of the variance can be told from noise.{held}"
    return (
        f"{about}: of the variance between points goes with the factor alone (and with all that it "
        f"does together with others): {_listed([_shares(row) for row in told[:SHOWN]])}.{held}"
    )


def _shares(row: dict[str, Any]) -> str:
    alone = percent(row["first"], row["first_low"], row["first_high"])
    total = percent(row["total"], row["total_low"], row["total_high"])
    return f"{row['factor']} {alone}, in all {total}"


def percent(share: float, low: float, high: float) -> str:
    """'34% (25 to 43)'."""
    return f"{words.share(share)}% ({words.share(low)} to {words.share(high)})"


def rank_regression(rows: Rows) -> str:
    """What goes with the measure, of one scenario and measure."""
    told = [row for row in rows if row["apart"]]
    about = _about(rows[0])
    if not told:
        return f"{about}: no factor goes with it by more than noise."
    said = _listed(
        [
            f"{row['factor']} {ranged(row['prcc'], row['low'], row['high'], 2, signed=True)}"
            for row in told[:SHOWN]
        ]
    )
    return (
        f"{about}: {len(told)} of {words.several(len(rows), 'factor')} can be told from noise (one "
        f"in twenty that does nothing passes by chance). Partial rank correlation: {said}."
    )


def tornado(rows: Rows) -> str:
    """The widest bars, of one scenario and measure."""
    about = _about(rows[0])
    told = [row for row in rows if row["apart"]]
    if not told:
        return f"{about}: low and high values of each factor cannot be told apart."
    return f"{about}: {_listed([_low_and_high(row) for row in told[:SHOWN]])}."


def _low_and_high(row: dict[str, Any]) -> str:
    ends = [(row[end], row[f"{end}_from"], row[f"{end}_to"]) for end in ("at_low", "at_high")]
    places = places_for(ends)
    low, high = (ranged(*end, places) for end in ends)
    return f"{low} where {row['factor']} is low, {high} where it is high"


def interaction(rows: Rows) -> str:
    """What does more or less together, of one scenario and measure."""
    about = _about(rows[0])
    told = sorted((row for row in rows if row["told"]), key=lambda row: -abs(row["interaction"]))
    if not told:
        return f"{about}: what any two things do together {NOT_TOLD} beyond the sum of both."
    return f"{about}: {_listed([_together(row) for row in told[:SHOWN]])}."


def _together(row: dict[str, Any]) -> str:
    left = ranged(row["interaction"], row["low"], row["high"], signed=True)
    if row["sum_of_each"] is None:
        return f"what it adds changes by {left} from {row['b']} {row['b_from']} to {row['b_to']}"
    places = places_for([(row["interaction"], row["low"], row["high"])])
    return (
        f"{row['a']} and {row['b']} do {near(row['together'], places, signed=True)} together, "
        f"{near(row['sum_of_each'], places, signed=True)} as the sum of each alone: {left} between "
        "them"
    )


def thresholds(rows: Rows) -> list[str]:
    """Where the line is crossed, of one scenario: along each factor, those along which it is not
    together."""
    told = [_threshold(row) for row in rows if row["crossed_at"] is not None or _may_cross(row)]
    for above in (True, False):
        held = [
            f"{row['factor']} ({value(row['from'])} to {value(row['to'])})"
            for row in rows
            if row["crossed_at"] is None and row["above"] == above and not _may_cross(row)
        ]
        if held:
            side = "above" if above else "below"
            told.append(
                f"{_about(rows[0])}: stays {side} {value(rows[0]['line'])} along {', '.join(held)}."
            )
    return told


def _may_cross(row: dict[str, Any]) -> bool:
    return (row["crosses"] or 0.0) > ONE_IN_TWENTY


def _threshold(row: dict[str, Any]) -> str:
    """Where one line is crossed."""
    about = _about(row)
    line = value(row["line"])
    held = f"{row['factor']}, {value(row['from'])} to {value(row['to'])}"
    if row["crossed_at"] is None:
        often = words.share(row["crosses"])
        may = f"; by luck alone it might cross ({often}% of repeats drawn again do)"
        return f"{about}: stays {'above' if row['above'] else 'below'} {line} ({held}){may}."
    ends = row["low"], row["high"]
    places = places_for([(row["crossed_at"], *ends)])
    at = near(row["crossed_at"], places)
    if None not in ends and all(map(math.isinf, ends)):
        return (
            f"{about}: where along {row['factor']} it crosses {line}, if it does, cannot be told "
            f"from noise (the mean does at {at})."
        )
    sure = "too few repeats for a range"
    if row["low"] is not None:
        sure = " to ".join(near(end, places) for end in ends)
    way = "rises above" if row["rising"] else "falls below"
    often = f"; it crosses {row['crossings']} times" if row["crossings"] > 1 else ""
    return f"{about}: {way} {line} at {row['factor']} {at} ({sure}){often}."


def most_of(rows: Rows) -> str:
    """Where it is most and least in the cells of all pairs of factors."""
    there = [row for row in rows if row["mean"] is not None]
    if not there:
        return f"{_about(rows[0])}: no cell has an answer."
    ends = [pick(there, key=lambda row: row["mean"]) for pick in (max, min)]
    places = places_for([(row["mean"], row["low"], row["high"]) for row in ends])
    most, least = (
        f"{ranged(row['mean'], row['low'], row['high'], places)} at {row['a']} {row['a_value']} "
        f"and {row['b']} {row['b_value']}"
        for row in ends
    )
    return f"{_about(rows[0])}: most, {most}; least, {least}."


def leaderboard(rows: Rows, first: str) -> list[str]:
    """Who is first, and who cannot be told apart from it."""
    best = rows[0]
    said = ranged(best["mean"], best["mean_low"], best["mean_high"])
    order = "fewest or lowest" if best["measure"] in LESS_IS_BETTER else "most"
    more = ranged(
        best["more_than_first"], best["more_than_first_low"], best["more_than_first_high"],
        signed=True,
    )  # fmt: skip
    by = f"{more} beside “{first}” ({said} in all)" if best["scenario"] != first else said
    told = [
        f"Over all points, {measure(best['measure'])} {after(best['year'])}: {order} with "
        f"“{best['scenario']}”, {by}; best in {words.share(best['best_in'])}% of points."
    ]
    ties = [f"“{row['scenario']}”" for row in rows[1:] if row["tie_with_best"]]
    if ties:
        told.append(f"Too close to call: {', '.join(ties)} cannot be told apart from it.")
    return told


def discovery(scenario: str, line: float, cases: int, points: int, boxes: Rows) -> str:
    """Where a scenario does not reach the line."""
    about = f"“{scenario}”: {cases:,} of {points:,} points lie below {value(line)}"
    if not cases:
        return f"“{scenario}”: none of {points:,} points lies below {value(line)}."
    if not boxes:
        return (
            f"{about}. Nothing found that says where: a rule from some of the points does not "
            "foretell the others by more than chance."
        )
    *each, held_out = boxes
    said = [f"{box['box']} (coverage {_part_of(box)})" for box in each[:BOXES_SHOWN]]
    rest = len(each) - BOXES_SHOWN
    more = f"; {rest} smaller ones stand in the table" if rest > 0 else ""
    return (
        f"{about}. Most points are below it where {'; or where '.join(said)}{more}. Among points "
        f"held out, such rules together have coverage {_part_of(held_out)}."
    )


def _part_of(box: dict[str, Any]) -> str:
    covered = percent(box["coverage"], box["coverage_low"], box["coverage_high"])
    return f"{covered}, density {percent(box['density'], box['density_low'], box['density_high'])}"


def emulator(row: dict[str, Any]) -> str:
    """How good the stand-in is."""
    places = digits(row["rmse"])
    verdict = "" if row["explained"] >= 0.5 else " It says little; do not use it."
    return (
        f"An emulator of “{row['scenario']}” errs by {near(row['rmse'], places)} (root mean "
        f"square over {row['points']:,} points held out), explains "
        f"{words.share(row['explained'])}% of what differs, and its 95% intervals hold "
        f"{percent(row['coverage'], row['coverage_low'], row['coverage_high'])} of them.{verdict}"
    )
