"""The answer on one printed page: compared with what, how sure, resting on what.

HTML that stands alone: no script, no address of anything outside, pictures drawn in the page. Every
number is a row of the comparison, rounded once, so that it is what `comparison.json` says.
"""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverysim import grounds, sure_words, words
from recoverysim.cost_words import Change
from recoverysim.evidence.accepted import calibration
from recoverysim.outcomes import in_words
from recoverysim.quantities import ASSUMED
from recoverysim.report.lines import Line, Scale, line_of, scale_of
from recoverysim.report.numbers import differences, numbers
from recoverysim.settings import all_quantities

if TYPE_CHECKING:
    from recoverysim.studies.compare import Comparison
    from recoverysim.studies.contrast import Contrast
    from recoverysim.studies.ratios import Row

MOST_SCENARIOS, MOST_WITH_TWO_YEARS = 4, 2
# Characters of a question, of a description, and numbers told of each scenario, by how many
# scenarios stand on the sheet: what fits on one of A4.
ROOM = {1: (300, 600, 10), 2: (200, 300, 6), 3: (160, 160, 3), 4: (150, 0, 2)}
LONGEST_COMMAND, LONGEST_NOTE, LONGEST_NAME, MOST_NOTES = 400, 260, 40, 3


class Measured(NamedTuple):
    """A row of the table: one measure in one year, in both worlds."""

    heading: str
    year: str
    today: str
    scenario: str
    difference: str
    likely: str
    luck: str
    verdict: str
    line: Line


class Told(NamedTuple):
    """One scenario on the page."""

    mark: int
    name: str
    question: str
    description: str
    differences: list[str]
    more_differences: int
    deaths: str
    headline: str
    rows: list[Measured]
    forms: dict[str, list[str]]
    pounds: str
    deaths_beside: str
    life_years: str
    qalys: str
    expected: str
    came: str
    notes: list[str]


def page(comparison: Comparison, command: Sequence[str] = ()) -> str:
    """The page as HTML; `command` is what was typed, without the name of the program."""
    import jinja2

    template = files("recoverysim.report").joinpath("answer.html").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(template).render(_content(comparison, list(command)))


def _content(comparison: Comparison, command: list[str]) -> dict[str, Any]:
    shown = comparison.contrasts[:MOST_SCENARIOS]
    plan, stamp, base = comparison.baseline.plan, comparison.stamp, comparison.baseline.scenario
    last = shown[0].years[-1]
    scale = scale_of([row for one in shown for row, _ in _rows(one)])
    told = [_told(place, one, scale, shown) for place, one in enumerate(shown)]
    names = [one.scenario.scenario.name for one in comparison.contrasts]
    assumed = grounds.by_grade()[ASSUMED]
    room = ROOM[len(shown)]
    return {
        "title": _title(names, base.name),
        "warning": f"{words.SIMULATED} {words.MEDICATION}",
        "left_out": len(names) - len(shown),
        "how_many": len(names),
        "failed": [_short(f"{name} has no answer. {why}", LONGEST_NOTE)
                   for name, why in comparison.failed[:MOST_NOTES]],
        "base_word": "today" if base.name == "baseline" else "comparator",
        "base": base, "base_question": _short(base.question, room[0]),
        "base_description": _short(base.description, max(room[1], 200)),
        "scenarios": told,
        "people": _people(comparison),
        "last": words.after(last), "is_extrapolated": words.is_extrapolated(last),
        "extrapolated": words.EXTRAPOLATED,
        "ticks": scale.ticks(),
        "forms": _forms(shown), "form_years": [words.after(one) for one in _form_years(shown)],
        "forms_note": sure_words.FORMS_NOTE, "transfer": sure_words.NOT_IN_A_RANGE,
        "rough": sure_words.rough_range(plan.repeats, 200)
        if plan.knowledge != "none" and plan.repeats < 200 else "",
        "knowledge": stamp["knowledge"],
        "knowledge_means": sure_words.KNOWLEDGE.get(stamp["knowledge"], ""),
        "effect": _effect() if stamp["knowledge"] == "accepted" else "",
        "set_here": numbers(sorted({key for one in shown for key in _set_by(one)}), sources=True),
        "turned_on": numbers(
            grounds.of_every_answer(), sources=len(shown) == 1,
            in_short=len(shown) > MOST_WITH_TWO_YEARS,
        ),
        "how_many_turned_on": len(grounds.of_every_answer()),
        "assumed": assumed, "all_numbers": len(all_quantities()),
        "pounds": shown[0].appraisal.pounds, "counted": shown[0].appraisal.counted,
        "basis": words.basis(stamp), "commit": (stamp["commit"] or "none")[:12],
        "command": _short(
            shlex.join(["recoverysim", *(command or _command(comparison))]), LONGEST_COMMAND
        ),
    }  # fmt: skip


def _title(names: list[str], base: str) -> str:
    if len(names) == 1:
        return f"What would change with “{_short(names[0], LONGEST_NAME)}”?"
    return f"What would change: {len(names)} scenarios beside “{_short(base, LONGEST_NAME)}”"


def _people(comparison: Comparison) -> str:
    plan, scenario = comparison.baseline.plan, comparison.baseline.scenario
    come = "who come week by week" if scenario.is_open else "who start care in the same week"
    return (
        f"{words.several(plan.repeats, 'repeat')} of {words.simulated(plan.clients)} {come}, "
        f"followed for up to {words.years(plan.years)}. The same people, with the same luck, live "
        "in each world: only what is named here differs. In recovery: "
        f"{in_words(comparison.definition)}. People who have died stay in the count."
    )


def _told(place: int, contrast: Contrast, scale: Scale, shown: Sequence[Contrast]) -> Told:
    scenario, year = contrast.scenario.scenario, contrast.years[-1]
    of_question, of_description, most = ROOM[len(shown)]
    told = differences(scenario, contrast.baseline.scenario)
    cost, deaths, lived, qalys = (
        contrast.row(name, year)
        for name in (contrast.appraisal.whole_cost, "deaths", "life_years", "qalys")
    )
    return Told(
        place, _short(scenario.name, LONGEST_NAME), _short(scenario.question, of_question),
        _sentences(scenario.description, of_description), told[:most], max(0, len(told) - most),
        contrast.deaths, contrast.headline,
        [_measured(row, heading, scale) for row, heading in _rows(contrast)],
        _of_forms(contrast, _form_years(shown), luck=len(shown) == 1),
        _change(cost), _change(deaths, 1), _change(lived, 1), _change(qalys, 1, 1000.0),
        *_expected(contrast),
        [_short(note, LONGEST_NOTE) for note in contrast.cautions[:MOST_NOTES]],
    )  # fmt: skip


def _rows(contrast: Contrast) -> list[tuple[Row, str]]:
    """Deaths first; then recovery in the first and the last year."""
    found = [(contrast.row("deaths", contrast.years[-1]), words.MEASURES["deaths"])]
    recovery = words.MEASURES["in_recovery"]
    years = sorted({contrast.years[0], contrast.years[-1]})
    return found + [(contrast.row("in_recovery", year), recovery) for year in years]


def _measured(row: Row, heading: str, scale: Scale) -> Measured:
    today = words.whole(row.baseline or 0.0)
    return Measured(
        heading, words.year_in_a_table(row.year), f"{today:,}",
        f"{today + words.whole(row.difference or 0.0):,}", words.signed(row.difference),
        sure_words.interval(row.low, row.high), sure_words.interval(row.luck_low, row.luck_high),
        sure_words.verdict(row.difference, row.low, row.high), line_of(row, scale),
    )  # fmt: skip


def _forms(shown: Sequence[Contrast]) -> list[str]:
    """The headings of the table of forms; nothing where they were not asked for."""
    if not all(one.forms for one in shown):
        return []
    told = {row.form for one in shown for row in one.variants}
    return [sure_words.AS_TOLD, *(said for name, said in sure_words.FORMS.items() if name in told)]


def _form_years(shown: Sequence[Contrast]) -> list[int]:
    """The years for which forms are told: of many scenarios there is room for the last alone."""
    years = sorted({shown[0].years[0], shown[0].years[-1]})
    return years if len(shown) <= MOST_WITH_TWO_YEARS else years[-1:]


def _of_forms(contrast: Contrast, years: Sequence[int], *, luck: bool) -> dict[str, list[str]]:
    """By heading, the difference in each year with its likely range, and that of luck if asked."""
    if not contrast.forms:
        return {}
    rows: list[tuple[str, Any]] = [
        (sure_words.AS_TOLD, contrast.row("in_recovery", year)) for year in years
    ]
    rows += [(sure_words.FORMS[row.form], row) for row in contrast.variants if row.year in years]
    found: dict[str, list[str]] = {}
    for heading, row in rows:
        by_luck = f"; luck {sure_words.interval(row.luck_low, row.luck_high, 1)}" if luck else ""
        found.setdefault(heading, []).append(f"{_change(row, 1)}{by_luck}")
    return found


def _change(row: Any, digits: int = 0, scale: float = 1.0) -> str:
    """'+12 (−3 to +31)'; a dash where nothing is known."""
    if row.difference is None:
        return "–"
    low, high = (None if end is None else scale * end for end in (row.low, row.high))
    return Change(scale * row.difference, low, high).told(digits).replace(" to ", "\u00a0to\u00a0")


def _expected(contrast: Contrast) -> tuple[str, str]:
    """What was expected before any run, and what came out."""
    if contrast.expected is None:
        return "nothing was written", "–"
    was, row = contrast.expected
    said = f"{words.signed(was.low)} to {words.signed(was.high)}, year {was.year}"
    return said, "not reached" if row is None else _change(row, 1)


def _set_by(contrast: Contrast) -> list[str]:
    """The keys of numbers in which the two worlds differ."""
    found = contrast.scenario.scenario.differences(contrast.baseline.scenario)
    return [key for key in found if key in all_quantities()]


def _command(comparison: Comparison) -> list[str]:
    plan, base = comparison.baseline.plan, comparison.baseline.scenario.name
    names = [contrast.scenario.scenario.name for contrast in comparison.contrasts]
    options = {
        "--baseline": base, "--definition": comparison.definition, "--clients": plan.clients,
        "--years": plan.years, "--repeats": plan.repeats, "--seed": plan.seed,
        "--knowledge": plan.knowledge,
    }  # fmt: skip
    return ["compare", *names, *(str(part) for pair in options.items() for part in pair)]


def _sentences(text: str, most: int) -> str:
    """As many whole sentences as there is room for; what is left out stands in the file."""
    kept = ""
    for sentence in re.split(r"(?<=[.?!]) ", text):
        if len(kept) + len(sentence) > most:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def _short(text: str, most: int) -> str:
    return textwrap.shorten(text, most, placeholder=" …") if len(text) > most else text


def _effect() -> str:
    """What calibration made of the effect of mutual aid, and what trials alone say."""
    found = calibration()["effect"]
    accepted = found["accepted"]
    by_lot = found["alone"][-1]  # all families together
    return sure_words.effect(
        (accepted["median"], accepted["low95"], accepted["high95"]),
        (by_lot["low95"], by_lot["high95"]),
    )
