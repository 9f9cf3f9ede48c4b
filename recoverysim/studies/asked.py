"""What can be asked of each participant at a visit, from their history up to it.

Three kinds. Yes or no is reported as a share; a number as a mean; events as a rate per 1,000
person-years. Time has a grain of one week: a week with any use counts as seven days of use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recoverysim.codes import (
    ABSTINENT,
    DEAD,
    DETOX,
    DIED_OVERDOSE,
    IN_USE,
    INVOLVED,
    LEFT,
    MEDICATION,
    PSYCHOSOCIAL,
    REGULAR,
    RESIDENTIAL,
    WEEKS_A_YEAR,
)
from recoverysim.studies.histories import NOT_YET, Visit, in_care, on_medication

YES_NO, NUMBER, EVENTS = "yes or no", "number", "events"
DAYS_A_WEEK = 7
WEEKS_OF_A_MONTH, WEEKS_OF_90_DAYS, WEEKS_OF_HALF_A_YEAR = 4, 13, 26
WEEKLY_IS = 0.75  # of weeks with a meeting: three of four
REMISSION_WEEKS = 26  # without a return to use: half a year, as surveys ask (assumed)
# Affiliation from 0 to 9, as the scales of twelve-step affiliation run. How the points are made of
# attendance and involvement is assumed: no study gives a mapping to what is simulated here.
POINTS_FOR_ATTENDING, POINTS_FOR_INVOLVEMENT = 3, 6


@dataclass(frozen=True)
class Measure:
    """One question: its words for a reader, and the answers at a visit.

    `answer` gives an array with an entry for each participant; for events, a matrix of booleans,
    one row a week. `most` is the top of the scale, None where it has none. `looks_back`: whether
    a window changes it; `in_window` is what it is then called, where that differs. `if_using` is
    what a lost participant counts as where the lost count as using: None leaves them out.
    `dead_too`: whether people who have died are counted.
    """

    words: str
    answer: Callable[[Visit], np.ndarray]
    kind: str = YES_NO
    unit: str = "share"
    most: float | None = 1.0
    looks_back: bool = False
    in_window: str = ""
    if_using: float | None = None
    dead_too: bool = False


def _using(seen: Visit) -> np.ndarray:
    return np.asarray(seen.history.use != ABSTINENT)


def _back_in_use(seen: Visit) -> np.ndarray:
    return np.asarray(seen.history.use == IN_USE)


def _in_a_bed(seen: Visit) -> np.ndarray:
    now = seen.history
    return np.asarray((now.stage == DETOX) | (now.modality == RESIDENTIAL))


def _in_community_treatment(seen: Visit) -> np.ndarray:
    return np.isin(seen.history.modality, (PSYCHOSOCIAL, MEDICATION))


def _abstinent(weeks: int) -> Callable[[Visit], np.ndarray]:
    return lambda seen: (seen.now("use") == ABSTINENT) & (seen.now("weeks_abstinent") >= weeks)


def _abstinent_in_the_community(least: int, under: int) -> Callable[[Visit], np.ndarray]:
    """Abstinent and out of care, for at least so many weeks and fewer than so many."""

    def answer(seen: Visit) -> np.ndarray:
        weeks = seen.now("weeks_abstinent")
        out_of_care = ~in_care(seen.now("stage"))
        return _abstinent(least)(seen) & out_of_care & (weeks < under)

    return answer


def _ever_been(seen: Visit) -> np.ndarray:
    rows = np.arange(seen.history.weeks + 1)[:, None]
    met = (seen.history.met & (rows <= seen.row)).any(axis=0)
    return np.asarray(met | seen.history.entry["earlier_contact"])


def _met_before_leaving_care(seen: Visit) -> np.ndarray:
    left = seen.history.left_care
    last = np.where(left == NOT_YET, seen.row, np.minimum(left, seen.row))
    rows = np.arange(seen.history.weeks + 1)[:, None]
    met = seen.history.met | seen.history.met_on_the_premises
    return np.asarray((met & (rows <= last)).any(axis=0))


def _share_of_weeks_with_a_meeting(seen: Visit, weeks: int) -> np.ndarray:
    return seen.weeks_of(seen.history.met, weeks) / seen.weeks_looked_back(weeks)


def _helped(seen: Visit) -> np.ndarray:
    """Some care, or a meeting, in a week of the look back."""
    return seen.ever(in_care(seen.history.stage) | seen.history.met)


def _half_a_year_of_meetings(seen: Visit) -> np.ndarray:
    return np.asarray(seen.weeks_of(seen.history.met) >= WEEKS_OF_HALF_A_YEAR)


def _begins_to_have_been_abstinent(seen: Visit, weeks: int) -> np.ndarray:
    """Whether this is the row in which somebody has been abstinent for so long, once a spell."""
    history = seen.history
    there = (history.use == ABSTINENT) & (history.weeks_abstinent >= weeks)
    begins = there.copy()
    begins[1:] &= ~there[:-1]
    return begins


def _ever_a_year_abstinent(seen: Visit) -> np.ndarray:
    return seen.ever(_begins_to_have_been_abstinent(seen, WEEKS_A_YEAR))


def _attempts(seen: Visit) -> np.ndarray:
    return seen.weeks_of(_begins_to_have_been_abstinent(seen, WEEKS_OF_A_MONTH))


def _affiliation(seen: Visit) -> np.ndarray:
    attending = _share_of_weeks_with_a_meeting(seen, WEEKS_A_YEAR)
    return POINTS_FOR_ATTENDING * attending + POINTS_FOR_INVOLVEMENT * seen.now("involvement")


def _in_remission(seen: Visit) -> np.ndarray:
    """Everybody uses at entry, so a look back that reaches before it finds use."""
    weeks = seen.window or REMISSION_WEEKS
    back = seen.weeks_of(_back_in_use(seen), weeks)
    return np.asarray((back == 0) & (seen.row >= weeks) & (seen.now("use") != IN_USE))


def _episodes_begun(seen: Visit) -> np.ndarray:
    """Episodes of care since the start (or in the window), the very first not counted."""
    before = seen.row - seen.window if seen.window else seen.start
    weeks = seen.row - np.maximum(before, 0)
    return np.maximum(seen.now("episodes") - np.maximum(seen.now("episodes", weeks), 1), 0)


def _deaths(seen: Visit) -> np.ndarray:
    return seen.history.dies()


def _overdose_deaths(seen: Visit) -> np.ndarray:
    return np.asarray(seen.history.dies() & (seen.history.cause == DIED_OVERDOSE))


def _other_deaths(seen: Visit) -> np.ndarray:
    return np.asarray(seen.history.dies() & (seen.history.cause != DIED_OVERDOSE))


def _has_died(seen: Visit) -> np.ndarray:
    return np.asarray(seen.now("stage") == DEAD)


SINCE = "since the start of follow-up"
RATE = "per 1,000 person-years"


def _since(what: str, answer: Callable[[Visit], np.ndarray], if_using: int | None) -> Measure:
    """Yes or no, over everything since the start of follow-up or over a window."""
    return Measure(
        f"{what} {SINCE}", answer, looks_back=True, in_window=what, if_using=if_using
    )  # fmt: skip


def _number(words: str, answer: Callable[[Visit], np.ndarray], unit: str) -> Measure:
    """A number without a top, over everything since the start of follow-up or over a window."""
    return Measure(words, answer, NUMBER, unit, None, looks_back=True)


def _abstinence(words: str, answer: Callable[[Visit], np.ndarray]) -> Measure:
    return Measure(words, answer, if_using=0)


MEASURES: dict[str, Measure] = {
    # Going to mutual aid, and taking part.
    "attended_ever": Measure("a meeting ever, before entry too", _ever_been),
    "attended_in_care": Measure("a meeting before leaving care", _met_before_leaving_care),
    "attended": _since("a meeting", lambda v: v.ever(v.history.met), None),
    "attending_weekly": Measure(
        "a meeting in three of the last four weeks",
        lambda v: _share_of_weeks_with_a_meeting(v, 4) >= WEEKLY_IS,
        looks_back=True, in_window="a meeting in three weeks of four",
    ),
    "a_member": Measure(
        "goes regularly", lambda v: np.isin(v.now("attendance"), (REGULAR, INVOLVED)),
    ),
    "involved": Measure(
        "has a home group, a sponsor or a task", lambda v: v.now("attendance") == INVOLVED,
    ),
    "stopped_attending": Measure("no longer goes", lambda v: v.now("attendance") == LEFT),
    "weeks_with_a_meeting": _number(
        "weeks with a meeting", lambda v: v.weeks_of(v.history.met), "weeks",
    ),
    "attended_half_a_year": Measure(
        "a meeting in 26 weeks or more", _half_a_year_of_meetings, looks_back=True,
    ),
    "affiliation": Measure(
        "affiliation with mutual aid, 0 to 9", _affiliation, NUMBER, "points, 0 to 9",
        float(POINTS_FOR_ATTENDING + POINTS_FOR_INVOLVEMENT), looks_back=True,
    ),
    # Use and abstinence.
    "used": _since("any use", lambda v: v.ever(_using(v)), 1),
    "not_used": _since("no use", lambda v: ~v.ever(_using(v)), 0),
    "returned_to_use": _since("a return to use", lambda v: v.ever(_back_in_use(v)), 1),
    "not_returned_to_use": _since("no return to use", lambda v: ~v.ever(_back_in_use(v)), 0),
    "using": Measure("has returned to use, now", lambda v: v.now("use") == IN_USE, if_using=1),
    "abstinent": _abstinence("abstinent now", _abstinent(0)),
    "abstinent_30_days": _abstinence("abstinent for 30 days", _abstinent(WEEKS_OF_A_MONTH)),
    "abstinent_90_days": _abstinence("abstinent for 90 days", _abstinent(WEEKS_OF_90_DAYS)),
    "abstinent_1_year": _abstinence("abstinent for a year", _abstinent(WEEKS_A_YEAR)),
    "abstinent_1_month_to_1_year": _abstinence(
        "out of care and abstinent for a month to a year",
        _abstinent_in_the_community(WEEKS_OF_A_MONTH, WEEKS_A_YEAR),
    ),
    "abstinent_1_to_3_years": _abstinence(
        "out of care and abstinent for 1 to 3 years",
        _abstinent_in_the_community(WEEKS_A_YEAR, 3 * WEEKS_A_YEAR),
    ),
    "abstinent_3_years": _abstinence(
        "out of care and abstinent for 3 years or more",
        _abstinent_in_the_community(3 * WEEKS_A_YEAR, 10_000 * WEEKS_A_YEAR),
    ),
    "ever_abstinent_1_year": Measure(
        "has been abstinent for a year at some time", _ever_a_year_abstinent, looks_back=True,
    ),
    "attempts": _number(
        "serious attempts (spells of abstinence of a month or more)", _attempts, "attempts",
    ),
    "days_abstinent": Measure(
        "days abstinent", lambda v: DAYS_A_WEEK * v.weeks_of(~_using(v)),
        NUMBER, "days", None, looks_back=True, if_using=0,
    ),
    "days_abstinent_share": Measure(
        "share of days abstinent", lambda v: v.weeks_of(~_using(v)) / v.weeks_looked_back(),
        NUMBER, "share of days", looks_back=True, if_using=0,
    ),
    "in_remission": Measure(
        "in remission (half a year without a return to use, lapses allowed)", _in_remission,
        looks_back=True, in_window="no return to use, lapses allowed (remission),", if_using=0,
    ),
    # Care.
    "in_care": Measure("in detox or treatment now", lambda v: in_care(v.now("stage"))),
    "on_medication": Measure(
        "on medication now", lambda v: on_medication(v.now("stage"), v.now("modality")),
    ),
    "still_in_first_treatment": Measure(
        "has not left care",
        lambda v: (v.history.left_care == NOT_YET) | (v.history.left_care > v.row),
    ),
    "left_as_planned": Measure(
        "left care first by its planned end", lambda v: v.history.left_as_planned,
    ),
    "helped": _since("care or a meeting", _helped, None),
    "readmitted": _since("a further episode of care", lambda v: _episodes_begun(v) > 0, None),
    "readmissions": _number("further episodes of care", _episodes_begun, "episodes"),
    "visits": _number(
        "visits to community treatment, one a week",
        lambda v: v.weeks_of(_in_community_treatment(v)), "visits",
    ),
    "bed_days": _number(
        "days in detox or residential care", lambda v: DAYS_A_WEEK * v.weeks_of(_in_a_bed(v)),
        "days",
    ),
    # Deaths.
    "died": Measure("has died", _has_died, dead_too=True),
    "deaths": Measure(f"deaths {RATE}", _deaths, EVENTS, RATE, None, dead_too=True),
    "overdose_deaths": Measure(
        f"overdose deaths {RATE}", _overdose_deaths, EVENTS, RATE, None, dead_too=True,
    ),
    "other_deaths": Measure(
        f"deaths not of an overdose {RATE}", _other_deaths, EVENTS, RATE, None, dead_too=True,
    ),
}  # fmt: skip

NOT = "not "


def question(name: str) -> Measure | None:
    """The yes-or-no measure that a name means, with or without 'not '; None where there is none."""
    found = MEASURES.get(name.removeprefix(NOT))
    return found if found is not None and found.kind == YES_NO else None


def holds(name: str, seen: Visit) -> np.ndarray:
    """For whom a yes-or-no question is true at a visit; 'not ' turns it round."""
    answers = MEASURES[name.removeprefix(NOT)].answer(seen)
    return ~answers if name.startswith(NOT) else answers


def in_words(name: str, window: int | None = None) -> str:
    """What is asked, in words: 'not a meeting before leaving care'; with the window, if any."""
    asked = MEASURES[name.removeprefix(NOT)]
    words = asked.words
    if window is not None:
        back = f"the last {window} weeks" if window > 1 else "the last week"
        words = f"{asked.in_window or asked.words} in {back}"
    return f"{NOT}{words}" if name.startswith(NOT) else words
