"""One person's two lives, beside each other: what is the same once, then what differs.

Twins illustrate; only the difference over many people can be estimated (`compare`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from recoverysim import codes, story, story_of_twins
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.story import Event
from recoverysim.studies import telling
from recoverysim.studies.life import Life, year_of

# The steps by which twins can part, in the order in which one leads to another, and what shows it.
STEPS = {
    "place": ("waits_for",),
    "offered": ("link", "pull", "link_due", "ever_offered"),
    "attended": ("attendance", "weeks_since_meeting", "ever_attended", "connected", "fellowship"),
    "involved": ("involvement", "sponsor"),
    "return to use": ("use", "weeks_abstinent", "weeks_using", "stage"),
    "supported": ("in_aftercare", "housed", "visits_centre"),
    "capital": ("capital", "identity"),
    "through others": ("seen_company", "group", "culture"),
}  # fmt: skip
OF_USE = ("use", "weeks_abstinent", "weeks_using")

WITH_CARE = (codes.WAITING, codes.DETOX, codes.TREATMENT)


class Row(NamedTuple):
    """When, and what is said of it in one world and in the other; empty where nothing happens."""

    when: str
    one: str
    other: str


class Year(NamedTuple):
    """A year of two lives: in lines where both are the same, else in rows, a week each."""

    year: int
    both: list[str]
    rows: list[Row]


class Twins(NamedTuple):
    """The same person in two worlds."""

    one: Life
    other: Life

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two worlds."""
        return self.one.scenario.name, self.other.scenario.name

    def first_differences(self) -> dict[str, int]:
        """For each step at which they ever differ, the first week after which its columns do."""
        found = {}
        for step, columns in STEPS.items():
            differs = [self.one.rows[name] != self.other.rows[name] for name in columns]
            weeks = [int(each.argmax()) for each in differs if each.any()]
            if weeks:
                found[step] = min(weeks)
        return found

    def parting(self) -> tuple[int | None, str | None]:
        """The last week in which they are the same, and the step by which they part; or None."""
        first = self.first_differences()
        if not first:
            return None, None
        step = min(first, key=lambda one: first[one])  # of several steps the earlier one
        return max(0, first[step] - 1), step

    def years(self) -> list[Year]:
        """The two lives, a year at a time; years that neither lives to see are left out."""
        events = [life.events() for life in self]
        lines = [telling.years_of(life) for life in self]
        found = []
        for year, (one, other) in enumerate(zip_longest(*lines), 1):
            if one == other:
                found.append(Year(year, one, []))
                continue
            mine = [[event for event in each if year_of(event.week) == year] for each in events]
            rows = [*_side_by_side(*mine)] or [
                Row("All year", *self._in_both(telling.all_year, year))
            ]
            found.append(Year(year, [], [*rows, *self._end_of(year)]))
        return found

    def _end_of(self, year: int) -> Iterator[Row]:
        """How things stand as a year ends, but the last, of which `how_it_stands` tells."""
        if year * WEEKS_A_YEAR < len(self.one.rows) - 1:
            stands = self._in_both(lambda *of: story.together(*telling.at_the_end_of(*of)), year)
            if any(stands):
                yield Row(f"End of year {year}", *stands)

    def _in_both(self, told: Callable[[Life, int], str], year: int) -> tuple[str, str]:
        """What is told of a year in each world by whom lives to its end."""
        week = self.one.end_of(year)
        one, other = (told(life, year) if life.lives_at(week) else "" for life in self)
        return one, story_of_twins.beside(one, other)

    def how_it_stands(self) -> list[Row]:
        """The end of both lives, and how the years were spent."""
        one, other = (telling.how_it_ends(life) for life in self)
        spent = [life.spent() for life in self]
        return [
            Row("At the end", one, story_of_twins.beside(one, other)),
            *(Row(about, said, spent[1][about]) for about, said in spent[0].items()),
        ]

    def world(self) -> str:
        """What the other world asks."""
        other = self.other.scenario
        return f"“{other.name}” asks: {other.question}" if other.question else ""

    def offers(self) -> str:
        """Whether this person is one of those offered another kind of link."""
        kind_of = {said: kind for kind, said in story.OFFERS.items()}
        one, other = (
            [kind_of[event.event] for event in life.events() if event.event in kind_of]
            for life in self
        )
        return story_of_twins.offers_to(
            list(zip_longest(one, other, fillvalue=codes.NONE)), self.names, self.one.they
        )

    def told_differences(self) -> dict[str, int | None]:
        """For what the two lives tell, the first week that differs while both live, or None.

        Who is around is told as a year ends, so it counts there; it has no entry where it differs
        only in between.
        """
        end = min(life.died or len(life.rows) for life in self)
        told: list[dict[str, np.ndarray]] = []
        for life in self:
            rows = life.rows[:end]
            place = 10 * rows["stage"].astype(int) + rows["modality"]
            told.append({
                story_of_twins.GOING: np.isin(rows["attendance"], story.GOING),
                story_of_twins.TAKING_PART: rows["attendance"] == codes.INVOLVED,
                story_of_twins.USE: rows["use"],
                story_of_twins.TREATMENT: np.where(np.isin(rows["stage"], WITH_CARE), place, 0),
                story_of_twins.CAPITAL: np.stack([rows["capital"], rows["identity"]]),
            })  # fmt: skip
        found: dict[str, int | None] = {}
        for name, mine in told[0].items():
            weeks = np.flatnonzero(np.atleast_2d(mine != told[1][name]).any(axis=0))
            found[name] = int(weeks[0]) if weeks.size else None
        ends = range(WEEKS_A_YEAR, end, WEEKS_A_YEAR)
        differs = [week for week in ends if self.one.company[week] != self.other.company[week]]
        if differs or (self.one.rows["seen_company"] == self.other.rows["seen_company"]).all():
            found[story_of_twins.COMPANY] = min(differs, default=None)
        return found

    def summary(self) -> list[str]:
        """In short: where and by which step they part, and what came to differ after it."""
        week, step = self.parting()
        if week is None or step is None:
            return [story_of_twins.LIVES_ARE_THE_SAME]
        spent = [life.weeks() for life in self]
        said = [*self._how_they_part(week, step), *self._what_then_differs(step)]
        said += story_of_twins.against_expectation(
            self.names, (spent[0].going, spent[1].going),
            (spent[0].without_use, spent[1].without_use),
        )  # fmt: skip
        if any(life.died is not None for life in self):
            died = [(life.scenario.name, life.died) for life in self]
            said += story_of_twins.ends(died, self.one.they)
        return said

    def _how_they_part(self, week: int, step: str) -> Iterator[str]:
        one, other = (life.rows[self.first_differences()[step]] for life in self)
        if step == "offered":
            kinds = [(name, int(row["link"])) for name, row in zip(self.names, (one, other))]
            as_well = bool(one["pull"] == other["pull"])
            yield story_of_twins.parting(week, story_of_twins.offers(kinds, as_well=as_well))
            return
        # Told, as everything but an offer, in the week that it ends.
        yield story_of_twins.parting(week + 1, self._by(step))
        if step == "through others":
            yield story_of_twins.REACHED_OTHERS

    def _by(self, step: str) -> str:
        """What the twins part by, in a few words."""
        one, other = (life.rows[self.first_differences()[step]] for life in self)
        if codes.DEAD in (one["stage"], other["stage"]):
            return story_of_twins.DEATH
        if step == "return to use" and all(one[name] == other[name] for name in OF_USE):
            return story_of_twins.MOVES
        return story_of_twins.PARTINGS[step]

    def _what_then_differs(self, step: str) -> list[str]:
        told, parted = self.told_differences(), self.first_differences()[step]
        later = [
            (week, what) for what, week in told.items() if week is not None
            and not (week == parted and step in story_of_twins.BY_STEP[what])
        ]  # fmt: skip
        never = [what for what, week in told.items() if week is None]
        return story_of_twins.then(
            self._by(step),
            [
                (what, f"at the end of year {year_of(week)}")
                if what == story_of_twins.COMPANY else (what, f"from week {week}")
                for week, what in sorted(later)
            ],
            never,
        )  # fmt: skip


def _side_by_side(one: list[Event], other: list[Event]) -> Iterator[Row]:
    """Events in order of weeks. An event of both worlds is told once, in the first column."""
    for week in sorted({event.week for event in (*one, *other)}):
        mine, others = ([e for e in events if e.week == week] for events in (one, other))
        also = {event.event: event for event in others}
        both = [event for event in mine if event.event in also]
        same = [event for event in both if event.told == also[event.event].told]
        rows = [(_said(same), story_of_twins.THE_SAME)] if same else []
        for event in both:
            if event not in same:
                rows.append((event.told, story_of_twins.again(also[event.event])))
        happened = {event.event for event in both}
        alone = [[e for e in each if e.event not in happened] for each in (mine, others)]
        if any(alone):
            rows.append((_said(alone[0]), _said(alone[1])))
        for number, (here, there) in enumerate(rows):
            yield Row("" if number else story.when(week), here, there)


def _said(events: list[Event]) -> str:
    return story.together(*(event.told for event in events))
