"""What the tables of an output folder hold: every column with its type, unit and meaning.

`docs/output.md` shows the same lists, and a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

from recoverysim.clients import TRAITS
from recoverysim.clients import Column as Trait
from recoverysim.codes import FAITHS, GOALS, SUBSTANCES


class Field(NamedTuple):
    """One column of a table; `type` is Arrow's name for it, a unit of "" means that it has none."""

    name: str
    type: str
    unit: str
    meaning: str
    may_be_empty: bool = False


CODED = {"substance": SUBSTANCES, "faith": FAITHS, "goal": GOALS}

SCENARIO = Field("scenario", "string", "", "name of the scenario")
REPEAT = Field("repeat", "int32", "", "number of the repeat, from 0; each has its own luck")
CLIENT = Field(
    "client",
    "uint64",
    "",
    "number of the simulated person in the repeat, the same in every scenario",
)

WEEKLY = (
    SCENARIO,
    REPEAT,
    Field("week", "int32", "weeks", "since the start; week 0 is how people stand as it begins"),
    Field("measure", "string", "", "what is counted"),
    Field("group", "string", "", "all, or the people of one main substance"),
    Field("value", "double", "see unit", "the count"),
    Field("unit", "string", "", "unit of value"),
)

JOURNEYS = (
    SCENARIO,
    REPEAT,
    CLIENT,
    Field("stay", "int32", "", "number of this person's stay, from 0"),
    Field("stage", "string", "", "where the person is"),
    Field("week_in", "int32", "weeks", "since the start, when the stay begins"),
    Field("week_out", "int32", "weeks", "since the start, when it ends; empty if it had not", True),
    Field("ended", "string", "", "how it ended; no text if it had not"),
    Field("modality", "string", "", "kind of treatment; empty in other stages", True),
)

PANEL = (
    SCENARIO,
    REPEAT,
    CLIENT,
    Field("week", "int32", "weeks", "since the start, every 4"),
    Field("stage", "string", "", "where the person is"),
    Field("use", "string", "", "abstinent, lapsed or using; of the dead, as they died"),
    Field("weeks_abstinent", "int32", "weeks", "whole weeks without use, outside protected care"),
    Field("meetings", "int32", "weeks", "with a mutual-aid meeting, of the last 4"),
    Field("involvement", "float", "0 to 1", "in mutual aid: home group, sponsor, service"),
    Field("capital", "float", "0 to 1", "recovery capital"),
    Field("on_medication", "bool", "", "in medication treatment"),
    Field("ties_in_recovery", "int32", "people", "in recovery, among those in touch"),
)

LINKS = (
    SCENARIO,
    REPEAT,
    CLIENT,
    Field("service", "int32", "", "code of the service of the last link"),
    Field("worker", "int32", "", "code of the worker met in it"),
    Field("kind", "string", "", "kind of linkage"),
    Field("offered", "bool", "", "an active link: clinician, intensive or peer"),
    Field("connected", "bool", "", "a meeting within 4 weeks of leaving care, or 12 of medication"),
    Field("engaged", "bool", "", "meetings in 8 of 13 weeks since"),
    Field("not_followed", "bool", "", "offered, and at no meeting for 12 weeks"),
)

# Where the note in the table of clients does not stand on its own.
UNITS = {"sd": "standard deviations", "code": ""}
IN_FULL = {
    "readiness": "the lasting part of motivation, above or below the average of all",
    "builds_sober_ties": "would, as a member of mutual aid, come to keep company in recovery",
}
TYPES = {"f8": "double", "f4": "float", "i2": "int32", "i1": "int8", "?": "bool"}


def _of_trait(trait: Trait) -> Field:
    kind = "string" if trait.name in CODED else TYPES[trait.dtype]
    unit = UNITS.get(trait.unit, trait.unit)
    return Field(trait.name, kind, unit, IN_FULL.get(trait.name, trait.meaning))


CLIENTS = (
    SCENARIO,
    REPEAT,
    CLIENT,
    *(_of_trait(trait) for trait in TRAITS if trait.name not in ("key", "luck", "cell")),
)

LUCK, BOTH = "luck alone", "luck and knowledge"
MEASURES = (
    SCENARIO,
    Field("measure", "string", "", "what is compared"),
    Field("definition", "string", "", "of recovery; empty where it plays no part", True),
    Field(
        "group",
        "string",
        "",
        "all, or people alike in one trait: substance, sex, age or mental-health need",
    ),
    Field("year", "int32", "years", "since the start; empty if the measure has a time", True),
    Field("unit", "string", "", "unit of all numbers in the row"),
    Field("baseline", "double", "see unit", "mean over repeats in the baseline", True),
    Field("value", "double", "see unit", "mean over repeats in the scenario", True),
    Field("difference", "double", "see unit", "value minus baseline, twin by twin", True),
    Field("low", "double", "see unit", f"lower end of the 95% range, {BOTH}", True),
    Field("high", "double", "see unit", f"upper end of the 95% range, {BOTH}", True),
    Field("luck_low", "double", "see unit", f"lower end of the 95% range, {LUCK}", True),
    Field("luck_high", "double", "see unit", f"upper end of the 95% range, {LUCK}", True),
    Field("area_low", "double", "see unit", "lower end of what one area may see, 95%", True),
    Field("area_high", "double", "see unit", "upper end of what one area may see, 95%", True),
)

WHO_CHANGED = (
    SCENARIO,
    Field("definition", "string", "", "of recovery"),
    Field("year", "int32", "years", "since the start"),
    Field("step", "string", "", "by which twins part: a step, or all of them"),
    Field("who", "string", "", "all, newly offered, no longer offered, or others"),
    Field("gained", "double", "people per 1,000", "in recovery in the scenario only"),
    Field("lost", "double", "people per 1,000", "in recovery in the baseline only"),
    Field("net", "double", "people per 1,000", "gained less lost, mean over repeats"),
    Field("low", "double", "people per 1,000", f"lower end of the 95% range, {BOTH}", True),
    Field("high", "double", "people per 1,000", f"upper end of the 95% range, {BOTH}", True),
    Field("luck_low", "double", "people per 1,000", f"lower end of the 95% range, {LUCK}", True),
    Field("luck_high", "double", "people per 1,000", f"upper end of the 95% range, {LUCK}", True),
    Field("people_gained", "int64", "people", "gained in all repeats together"),
    Field("people_lost", "int64", "people", "lost in all repeats together"),
    *(
        Field(f"alike_{name}", "int32", "weeks", f"{said} of the last week alike", True)
        for name, said in (
            ("lower_quartile", "lower quartile"),
            ("median", "median"),
            ("upper_quartile", "upper quartile"),
        )
    ),
)

VARIANTS = (
    SCENARIO,
    Field("form", "string", "", "form of the model that is laid over both worlds"),
    Field("definition", "string", "", "of recovery"),
    Field("year", "int32", "years", "since the start"),
    *(field for field in MEASURES if field.name in (
        "unit", "baseline", "value", "difference", "low", "high", "luck_low", "luck_high",
    )),
)  # fmt: skip

ALONE, RECOVERED = "share of variance", "people per 1,000"
WORTH = "pounds per person who started"
UNKNOWNS = (
    SCENARIO,
    Field("definition", "string", "", "of recovery"),
    Field("year", "int32", "years", "since the start"),
    Field("key", "string", "", "an uncertain number of the model"),
    Field("grade", "string", "", "of its evidence"),
    Field("share", "double", ALONE, "of what is not known that goes with it alone", True),
    Field("low", "double", ALONE, "lower end of the 95% interval of the share", True),
    Field("high", "double", ALONE, "upper end of the 95% interval of the share", True),
    Field("by_chance", "double", ALONE, "what the largest reaches by chance, 1 in 100", True),
    Field("above_chance", "bool", "", "more goes with it than that"),
    Field("at_low", "double", RECOVERED, "difference in recovery where it is low (10%)"),
    Field("at_high", "double", RECOVERED, "difference in recovery where it is high (90%)"),
    *(
        field
        for end in ("lower", "upper")
        for field in (
            Field(f"worth_{end}", "double", WORTH, f"of knowing it, {end} threshold"),
            Field(f"worth_{end}_above_chance", "bool", "", "more than by chance, 1 in 100"),
        )
    ),
)

# Of the runs of a sweep; the measures that its plan keeps stand behind them, a column each.
RUNS = (
    Field("number", "int64", "", "of the run in its sweep, from 0"),
    Field("key", "string", "", "what its result depends on: scenario, parameters, seed, version"),
    SCENARIO,
    Field(
        "point", "int32", "", "number of the point, from 0; points.parquet says what holds there"
    ),
    REPEAT,
    Field("seed", "uint64", "", "of its luck"),
    Field("year", "int32", "years", "since the start"),
)

TABLES = {
    "weekly": WEEKLY,
    "journeys": JOURNEYS,
    "panel": PANEL,
    "clients": CLIENTS,
    "links": LINKS,
    "measures": MEASURES,
    "who_changed": WHO_CHANGED,
    "variants": VARIANTS,
    "unknowns": UNKNOWNS,
}
