"""Writes scenarios/README.md, with the answers found: python docs/make_scenarios.py [REPEATS]

Every shipped scenario is compared with its own comparator at the default size, with 100 repeats
unless told otherwise (some ten minutes).
"""

from __future__ import annotations

import sys
from itertools import groupby

from recoverysim import words
from recoverysim.scenario import Scenario, load, shipped, shipped_folder
from recoverysim.settings import all_quantities
from recoverysim.studies.compare import Comparison, compare
from recoverysim.studies.conditional import told
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.ratios import Row

PAGE = shipped_folder() / "README.md"
REPEATS = 100
TOGETHER = "everything-together"
TOLD = ("in_recovery", "deaths", "deaths_overdose", "ever_attended", "attending")

HEAD = """# The shipped scenarios, and what was found

Each is a few lines of difference from another, and asks one question. What was expected stands in
its file, and was written before it was run; where the answer is another, the file says why. This
page is written by `python docs/make_scenarios.py`; `recoverysim compare NAME` gives the whole
answer of one.
"""

FOOT = """Ranges hold what is not known and luck, 95%. They do not hold what is wrong with the form
of the model, nor whether findings from the United States carry over ([limits](../docs/limits.md)).
Years after the third are extrapolated. A range that holds 0 means that no difference is
established. Simulated people; not clinical advice; nobody should stop medication for what stands
here.
"""


def page(repeats: int) -> str:
    """The page, after many runs."""
    scenarios = [load(name) for name in shipped() if name != "baseline"]
    compared = list(_compared(scenarios, repeats))
    every = [contrast for one in compared for contrast in one.contrasts]
    parts = [HEAD, _basis(compared[0]), _overview(every)]
    parts += [_one(contrast) for contrast in every]
    parts += [_together(every), FOOT]
    return "\n".join(parts)


def _compared(scenarios: list[Scenario], repeats: int) -> list[Comparison]:
    """One comparison for each comparator; who is their own comparator is left out."""
    comparators = {one.against for one in scenarios} | {"baseline"}
    among = sorted(
        (one for one in scenarios if one.name not in comparators),
        key=lambda one: (one.against != "baseline", one.against, one.name),
    )
    return [
        compare(list(some), baseline=against, repeats=repeats)
        for against, some in groupby(among, key=lambda one: one.against)
    ]


def _basis(comparison: Comparison) -> str:
    return f"{words.basis(comparison.stamp)}\n"


def _overview(every: list[Contrast]) -> str:
    lines = [
        "| scenario | against | extra people in recovery per 1,000: expected | found | deaths "
        "after 10 years, per 1,000 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for contrast in every:
        scenario = contrast.scenario.scenario
        expected, found = "none was written", _range(contrast.row("in_recovery", 1)) + " (year 1)"
        if scenario.expected is not None:
            year = scenario.expected.year
            low, high = scenario.expected.low, scenario.expected.high
            expected = f"{words.signed(low)} to {words.signed(high)} (year {year})"
            found = f"{_range(contrast.row('in_recovery', year))} (year {year})"
        deaths = _range(contrast.row("deaths", contrast.years[-1]))
        anchor = f"[{scenario.name}](#{scenario.name})"
        lines.append(f"| {anchor} | {scenario.against} | {expected} | {found} | {deaths} |")
    return "\n".join(lines) + "\n"


def _range(row: Row) -> str:
    """A difference with its range; words where nothing is established."""
    if row.difference is None or row.low is None or row.high is None:
        return "not known"
    said = (
        f"{words.signed(row.difference, 1)} ({words.signed(row.low)} to {words.signed(row.high)})"
    )
    return said if words.is_settled(row.low, row.high) else f"{said}, not established"


def _one(contrast: Contrast) -> str:
    scenario = contrast.scenario.scenario
    said = [f"## {scenario.name}\n", f"*{scenario.question}* {scenario.description}".strip() + "\n"]
    said.append(_differences(scenario))
    said.append(_table(contrast))
    notes = [note for note in contrast.notes if not note.startswith("Beyond")]
    said += [f"{note}\n" for note in notes]
    if contrast.conditions:
        said.append(_conditional(contrast))
    return "\n".join(said)


def _differences(scenario: Scenario) -> str:
    parent = load(scenario.against)
    lines = ["| number | here | there |", "| --- | --- | --- |"]
    for key, value in scenario.differences(parent).items():
        before = parent.differences().get(key)
        if before is None and key in all_quantities():
            before = f"{all_quantities()[key].value:g} (declared)"
        lines.append(f"| `{key}` | {_setting(value)} | {before} |")
    return "\n".join(lines) + "\n"


def _setting(value: object) -> str:
    if not isinstance(value, list):
        return f"{value}"
    return "; ".join(
        f"{one['value']:g} from week {one['from_week']}"
        + (f" over {one['ramp_weeks']} weeks" if one["ramp_weeks"] else "")
        + (f" until week {one['until_week']}" if one["until_week"] is not None else "")
        for one in value
    )


def _table(contrast: Contrast) -> str:
    years = contrast.years
    lines = [
        "| difference per 1,000 people | " + " | ".join(f"year {year}" for year in years) + " |",
        "| --- |" + " --- |" * len(years),
    ]
    for name in TOLD:
        cells = [_range(contrast.row(name, year)) for year in years]
        lines.append(f"| {words.MEASURES[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _conditional(contrast: Contrast) -> str:
    return "\n".join(f"- {line}" for line in told(contrast)) + "\n"


def _ways(scenario: Scenario) -> dict[str, bool]:
    """For each number that a scenario sets, whether it raises it."""
    return {
        key: several[-1].value > all_quantities()[key].value for key, several in scenario.changes
    }


def _together(every: list[Contrast]) -> str:
    """Everything together, beside the sum of what each part does alone."""
    found = {contrast.scenario.scenario.name: contrast for contrast in every}
    whole = found[TOGETHER]
    ways = _ways(whole.scenario.scenario)
    parts = [
        name for name, contrast in found.items()
        if name != TOGETHER and _ways(contrast.scenario.scenario).items() <= ways.items()
    ]  # fmt: skip
    lines = ["## Together, and the sum of the parts\n"]
    for year in whole.years:
        alone = sum(found[name].row("in_recovery", year).difference or 0.0 for name in parts)
        both = whole.row("in_recovery", year).difference or 0.0
        lines.append(
            f"- Year {year}: together {words.signed(both, 1)}; the sum of {len(parts)} parts, each "
            f"as its own scenario has it, {words.signed(alone, 1)}."
        )
    lines.append(f"\nThe parts are {', '.join(parts)}; some go further there than here.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(int(sys.argv[1]) if sys.argv[1:] else REPEATS), encoding="utf-8")
