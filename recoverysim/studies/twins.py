"""One person's two lives, beside each other: what is the same once, then what differs.

Twins illustrate; only the difference over many people can be estimated (`compare`).
"""

from __future__ import annotations

from typing import NamedTuple

from recoverysim import story
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.studies.life import Life, year_of

# The steps by which twins can part, in the order in which one leads to another, and what shows it.
STEPS = {
    "offered": ("link", "pull", "link_due", "ever_offered"),
    "attended": ("attendance", "weeks_since_meeting", "ever_attended", "connected"),
    "involved": ("involvement",),
    "return to use": ("use", "weeks_abstinent", "weeks_using", "stage"),
    "capital": ("capital", "identity"),
    "through others": ("seen_company",),
}  # fmt: skip


class Year(NamedTuple):
    """A year of two lives, in lines: what both share, then what one and the other have alone, then
    the people around, whose number hardly ever is the same."""

    year: int
    both: list[str]
    apart: tuple[list[str], list[str]]
    around: list[str]


class Twins(NamedTuple):
    """The same person in two worlds."""

    one: Life
    other: Life

    def first_differences(self) -> dict[str, int | None]:
        """For each step the first week after which its columns differ; None where they never do."""
        found: dict[str, int | None] = {}
        for step, columns in STEPS.items():
            differs = [self.one.rows[name] != self.other.rows[name] for name in columns]
            weeks = [int(each.argmax()) for each in differs if each.any()]
            found[step] = min(weeks, default=None)
        return found

    def parting(self) -> tuple[int | None, str | None]:
        """The last week in which they are the same, and the step by which they part; or None."""
        first = [
            (week, step) for step, week in self.first_differences().items() if week is not None
        ]
        if not first:
            return None, None
        week, step = min(first, key=lambda found: found[0])  # of several steps the earlier one
        return max(0, week - 1), step

    def years(self) -> list[Year]:
        """The two lives, a year at a time; years that neither lives to see are left out."""
        all_events = [life.events() for life in self]
        found = []
        for year in range(1, (len(self.one.rows) - 1) // WEEKS_A_YEAR + 1):
            one, other = ([event for event in events if year_of(event.week) == year]
                          for events in all_events)  # fmt: skip
            shared = {event.told for event in one} & {event.told for event in other}
            both, *apart = (
                story.tell([event for event in one if event.told in shared]),
                story.tell([event for event in one if event.told not in shared]),
                story.tell([event for event in other if event.told not in shared]),
            )
            ends = self._end_of(year)
            for lines, end in zip((both, *apart), ends, strict=True):
                lines += [story.at_year(year, end)] if end else []
            found.append(Year(year, both, (apart[0], apart[1]), self._around(year)))
        return [one for one in found if one.both or any(one.apart)]

    def _end_of(self, year: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """How things stand at the end of a year: in both worlds, in one alone, in the other."""
        week = year * WEEKS_A_YEAR
        one, other = (life.stands(week) if life.lives_at(week) else () for life in self)
        return (
            tuple(part for part in one if part in other),
            tuple(part for part in one if part not in other),
            tuple(part for part in other if part not in one),
        )

    def _around(self, year: int) -> list[str]:
        """The people around at the end of a year, side by side."""
        week = year * WEEKS_A_YEAR
        alive = [life for life in self if life.lives_at(week)]
        found = [(life.scenario.name, story.in_recovery(*life.company[week])) for life in alive]
        about = f"In recovery at the end of year {year}, of the people around {self.one.they.her}"
        return [story.side_by_side(about, found)] if any(said for _, said in found) else []

    def summary(self) -> list[str]:
        """In short: where and by which step they part, and what differed over the years."""
        week, step = self.parting()
        if week is None or step is None:
            return [story.SAME]
        names = [life.scenario.name for life in self]
        if step == "offered":
            one, other = (life.rows[week + 1] for life in self)
            kinds = [(name, int(row["link"])) for name, row in zip(names, (one, other))]
            said = [story.parting(week, story.offers(kinds, as_well=one["pull"] == other["pull"]))]
        else:  # told, as everything but an offer, in the week that it ends
            said = [story.parting(week + 1, story.PARTINGS[step])]
            said += [story.REACHED_OTHERS] if step == "through others" else []
        said += story.then(self.first_differences(), step)
        spent = [life.weeks().in_words() for life in self]
        said += [
            story.side_by_side(about, [(name, each[about]) for name, each in zip(names, spent)])
            for about in spent[0]
        ]
        if any(life.died is not None for life in self):
            weeks = list(zip(names, (life.died for life in self)))
            said += [*story.ends(weeks, self.one.they), story.NOBODYS_FAULT]
        return said
