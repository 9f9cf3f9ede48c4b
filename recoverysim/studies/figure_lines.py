"""The lines of a study that say what was published, read and checked one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from recoverysim.evidence import figures
from recoverysim.scenario_lines import nearest
from recoverysim.studies.asked import EVENTS, MEASURES, NOT, NUMBER, YES_NO, Measure
from recoverysim.studies.contrasts import TRAITS
from recoverysim.studies.person_time import SINCE, WHERE
from recoverysim.studies.trial_figures import (
    ADJUSTED,
    CONTRASTS,
    COUNTS,
    CRUDE,
    DIFFERENCE,
    FEWER,
    HOW,
    MATCHED,
    MEAN,
    MEDIAN,
    MORE,
    RATIOS,
    RISK_RATIO,
    SHARE_MEDIATED,
    SLOPE,
    Published,
)
from recoverysim.studies.trial_reading import LAST_WEEK, Lines, shown
from recoverysim.yaml_strictly import Value

FIGURE_KEYS = (
    "measure", "arm", "against", "week", "published", "low", "high", "size", "figure", "known",
    "among", "among_week", "window", "waves", "count", "chosen", "chosen_week", "as", "how",
    "traits", "through", "through_week", "since", "where", "against_where", "from_week", "to_week",
    "direction", "statistic", "fit",
)  # fmt: skip
OF_EVENTS = ("since", "where", "against_where", "from_week", "to_week")
MOST_WAVES = 20
MOST_PEOPLE = 10**9


class FigureLine:
    """One line under `figures`."""

    def __init__(self, lines: Lines, line: Value, arms: Sequence[str], weeks: int) -> None:
        self.lines = lines
        self.line, self.content = line
        self.given: dict[str, Value] = lines.mapping("figures", line, FIGURE_KEYS)
        self.arms = arms
        self.weeks = weeks

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong with a key, on its own line where it stands there."""
        line = self.given[key].line if key in self.given else self.line
        self.lines.fault(line, f"figures.{key}", message)

    def has(self, *keys: str) -> list[str]:
        """Which of these keys are given."""
        return [key for key in keys if key in self.given]

    def read(self) -> Published | None:
        """The figure; None, with every fault noted, where something is wrong."""
        before = len(self.lines.faults)
        if isinstance(self.content, dict):
            for key in ("measure", "arm", "published"):
                if key not in self.given and not (key == "published" and self.has("direction")):
                    self.fault(key, "is missing")
        measure = self.name("measure", MEASURES)
        if not self.given or measure not in MEASURES:
            return None
        asked = MEASURES[measure]
        waves = self.waves(asked)
        week = max(waves) if waves else self.last_week()
        contrast = self.contrast(asked)
        found: dict[str, Any] = {
            "measure": measure, "arms": self.some_arms("arm"), "week": week,
            "figure": self.name("figure", figures()), "waves": waves, "contrast": contrast,
            "against": self.against(), "window": self.window(asked),
            "known": self.lines.words("figures.known", self.given.get("known")),
            "fit": "fit" in self.given and self.lines.switch("figures.fit", self.given["fit"]),
        }  # fmt: skip
        for key in ("chosen", "through", "among"):
            found |= self.other_question(key, week)
        found |= self.how(contrast) | self.time_at_risk(asked, week)
        found |= self.interval(asked, contrast) | self.direction(contrast)
        found |= self.statistic(asked, contrast)
        if waves:
            found["count"] = self.lines.choice("figures.count", self.given.get("count"), COUNTS)
        if "size" in self.given:
            found["size"] = self.lines.whole("figures.size", self.given["size"], 1, MOST_PEOPLE, 1)
        return Published(**found) if len(self.lines.faults) == before else None

    def name(self, key: str, known: Any) -> str:
        """One of some names."""
        if key not in self.given:
            return ""
        return self.lines.choice(f"figures.{key}", self.given[key], known, "")

    def some_arms(self, key: str) -> tuple[str, ...]:
        """One arm, or a list of arms to be taken together."""
        if not self.arms:
            return ()  # which is a fault of its own
        return self.lines.choices(f"figures.{key}", self.given.get(key), self.arms)

    def within(self, key: str, default: int) -> int:
        """A week that the study lives to see."""
        week = self.lines.week(f"figures.{key}", self.given.get(key), default)
        if week is not None and week > self.weeks:
            self.fault(
                key, f"is {week}, after the end ({self.weeks} weeks); give the study more years"
            )
        return week if week is not None else default

    def last_week(self) -> int:
        """The week of the visit."""
        if "week" not in self.given:
            self.fault("week", "is missing: in which week were people seen?")
            return 0
        return self.within("week", 0)

    def waves(self, asked: Measure) -> tuple[int, ...]:
        """Weeks of several waves, in order."""
        if "waves" not in self.given:
            if "count" in self.given:
                self.fault("count", "needs waves, such as waves: [26, 52]")
            return ()
        value = self.given["waves"]
        several = value.content if isinstance(value.content, list) else []
        weeks = [self.lines.whole("figures.waves", one, 0, LAST_WEEK) for one in several]
        if not 2 <= len(weeks) <= MOST_WAVES or sorted(set(weeks)) != weeks:
            self.fault("waves", f"should list 2 to {MOST_WAVES} weeks, each later than the last")
        elif weeks[-1] > self.weeks:
            self.fault(
                "waves", f"go beyond the end ({self.weeks} weeks); give the study more years"
            )
        if "week" in self.given:
            self.fault("week", "says the same as waves; keep one of the two")
        if "count" not in self.given:
            self.fault("count", f"is missing: {' or '.join(COUNTS)} of the waves?")
        if asked.kind != YES_NO:
            self.fault("waves", "are for questions that are answered yes or no")
        return tuple(weeks) or (0,)

    def window(self, asked: Measure) -> int | None:
        """How many weeks a look back covers."""
        if "window" not in self.given:
            return None
        if not asked.looks_back:
            able = ", ".join(name for name, one in MEASURES.items() if one.looks_back)
            self.fault("window", f"does nothing here: this measure does not look back; {able} do")
        return self.lines.whole("figures.window", self.given["window"], 1, LAST_WEEK, 1)

    def other_question(self, key: str, week: int) -> dict[str, Any]:
        """A second measure with its own week: whom it chooses, keeps, or what runs through it."""
        week_key = f"{key}_week"
        if key not in self.given:
            if week_key in self.given:
                self.fault(week_key, f"needs {key}")
            return {}
        name = self.given[key].content
        known = [one for one, asked in MEASURES.items() if asked.kind == YES_NO]
        wanted = f"a measure that is answered yes or no, or '{NOT}' and one"
        if key == "through":
            known = [one for one, asked in MEASURES.items() if asked.kind != EVENTS]
            wanted = "a measure that is no rate"
        plain = name.removeprefix(NOT) if isinstance(name, str) and key != "through" else name
        if plain not in known:
            found = shown(self.given[key])
            self.fault(key, f"{found} is not {wanted}.{nearest(str(plain), known)}")
            return {}
        return {key: name, week_key: self.within(week_key, week)}

    def against(self) -> tuple[str, ...]:
        """The other arm, or arms."""
        if "against" not in self.given:
            return ()
        if "chosen" in self.given:
            self.fault("chosen", "and against are two ways to contrast; keep one")
        before = len(self.lines.faults)
        others, arms = self.some_arms("against"), self.some_arms("arm")
        if len(self.lines.faults) == before and set(others) & set(arms):
            self.fault("against", "should name another arm")
        return others

    def contrast(self, asked: Measure) -> str | None:
        """How two groups are set against each other."""
        if "against_where" in self.given:
            if self.has("against", "chosen"):
                self.fault("against_where", "and against are two ways to contrast; keep one")
            return self.lines.choice(
                "figures.as", self.given.get("as"), (RISK_RATIO, DIFFERENCE), RISK_RATIO
            )
        if not self.has("against", "chosen"):
            for key in self.has("as", "how", "traits", "through"):
                self.fault(key, "needs two groups: against (an arm) or chosen (a measure)")
            return None
        contrast = self.lines.choice("figures.as", self.given.get("as"), CONTRASTS, DIFFERENCE)
        if asked.kind == EVENTS and contrast not in (DIFFERENCE, RISK_RATIO):
            self.fault("as", f"of a rate should be {DIFFERENCE} or {RISK_RATIO}")
        elif contrast in RATIOS and asked.kind not in (YES_NO, EVENTS):
            self.fault("as", f"of a number should be {DIFFERENCE}, {SLOPE} or {SHARE_MEDIATED}")
        if asked.kind == EVENTS and "chosen" in self.given:
            self.fault("chosen", "cannot be contrasted by a rate; ask for died instead")
        if contrast in (SLOPE, SHARE_MEDIATED):
            if "through" not in self.given:
                self.fault("through", f"is missing: {contrast} needs the measure it runs through")
        elif "through" in self.given:
            self.fault("through", f"is for as: {SLOPE} and as: {SHARE_MEDIATED}")
        if contrast == SLOPE and "chosen" in self.given:
            self.fault("as", f"{SLOPE} needs an offer drawn by lot: use against, not chosen")
        return contrast

    def how(self, contrast: str | None) -> dict[str, Any]:
        """Crude, adjusted or matched, and on what."""
        how = self.lines.choice("figures.how", self.given.get("how"), HOW)
        traits = self.lines.choices("figures.traits", self.given.get("traits"), TRAITS)
        if how in (ADJUSTED, MATCHED) and not traits:
            self.fault("traits", f"is missing: {how} for which of {', '.join(TRAITS)}?")
        if how == CRUDE and traits:
            self.fault("traits", f"needs how: {ADJUSTED} or how: {MATCHED}")
        if how != CRUDE and contrast == SLOPE:
            self.fault("how", "does nothing here: a lot needs no adjustment")
        if how == MATCHED and contrast == SHARE_MEDIATED:
            self.fault("how", f"of a share mediated should be {CRUDE} or {ADJUSTED}")
        measure = MEASURES.get(str(self.given["measure"].content))
        if how != CRUDE and measure is not None and measure.kind == EVENTS:
            self.fault("how", "does nothing here: rates are compared crude")
        return {"how": how, "traits": traits}

    def time_at_risk(self, asked: Measure, week: int) -> dict[str, Any]:
        """Since when and where person-time is counted."""
        if asked.kind != EVENTS:
            for key in self.has(*OF_EVENTS):
                rates = ", ".join(name for name, one in MEASURES.items() if one.kind == EVENTS)
                self.fault(key, f"is for rates: {rates}")
            return {}
        since = self.lines.choice("figures.since", self.given.get("since"), SINCE)
        default = "out_of_care" if since == "care" else "anywhere"
        where = self.lines.choice("figures.where", self.given.get("where"), WHERE, default)
        if since == "care" and where != "out_of_care":
            self.fault("where", "should be out_of_care: time since leaving care stops in care")
        against = self.against_where(where)
        start = self.lines.week("figures.from_week", self.given.get("from_week"), 0) or 0
        end = self.lines.week("figures.to_week", self.given.get("to_week"))
        if start >= (week if end is None else end):
            self.fault("from_week", "should lie before to_week, and before week")
        return {
            "since": since, "where": where, "against_where": against, "from_week": start,
            "to_week": end,
        }  # fmt: skip

    def against_where(self, where: str) -> str | None:
        """Where else the same people's rate is taken from, counted from the start."""
        if "against_where" not in self.given:
            return None
        other = self.lines.choice("figures.against_where", self.given["against_where"], WHERE)
        if other == where:
            self.fault("against_where", "should be another place than where")
        return other

    def direction(self, contrast: str | None) -> dict[str, Any]:
        """Which way a contrast went, where nothing more was published."""
        if "direction" not in self.given:
            return {}
        for key in self.has("published", "low", "high", "size"):
            self.fault(key, "and direction exclude each other: which way it went, or how far")
        if contrast not in (DIFFERENCE, *RATIOS):
            self.fault("direction", "is of a contrast: give against or chosen")
        way = self.lines.choice("figures.direction", self.given["direction"], (MORE, FEWER))
        return {"direction": way, "published": 1.0 if contrast in RATIOS else 0.0}

    def statistic(self, asked: Measure, contrast: str | None) -> dict[str, Any]:
        """Whether a number is summed up by its mean or its median."""
        if "statistic" not in self.given:
            return {}
        if asked.kind != NUMBER or contrast is not None:
            self.fault("statistic", "is for a number of one group")
        given = self.given["statistic"]
        return {"statistic": self.lines.choice("figures.statistic", given, (MEAN, MEDIAN))}

    def interval(self, asked: Measure, contrast: str | None) -> dict[str, Any]:
        """The published figure, with the ends of its interval where it has one."""
        low, high, above, what = _allowed(asked, contrast)
        found = {
            key: self.lines.number(
                f"figures.{key}", self.given[key], low, high, 1.0, what, above=above
            )
            for key in self.has("published", "low", "high")
        }
        if len(self.has("low", "high")) == 1:
            self.fault("low" if "low" in self.given else "high", "needs the other end too")
        elif len(found) == 3 and found["low"] > found["high"]:
            self.fault("low", "is above high")
        elif len(found) == 3 and not found["low"] <= found["published"] <= found["high"]:
            self.fault("published", "should lie between low and high")
        elif len(found) == 3 and found["low"] == found["high"]:
            self.fault("high", "should lie above low")
        by_the_figure = contrast == SLOPE or (asked.most is None and contrast in (None, DIFFERENCE))
        if found.get("published") == 0 and "low" not in found and by_the_figure:
            self.fault("published", "is 0: give low and high, to say how near is near enough")
        return found


def _allowed(asked: Measure, contrast: str | None) -> tuple[float, float, bool, str]:
    """Least and most that can be published, whether the least is left out, and what it is."""
    if contrast in RATIOS:
        return 0.0, math.inf, True, " (a ratio)"
    if contrast in (SLOPE, SHARE_MEDIATED):
        return -math.inf, math.inf, False, ""
    most = math.inf if asked.most is None else asked.most
    what = f" ({asked.unit}, so 64% is 0.64)" if most == 1 else f" ({asked.unit})"
    return (-most if contrast == DIFFERENCE else 0.0), most, False, what
