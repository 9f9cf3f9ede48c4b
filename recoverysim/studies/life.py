"""One simulated person in one world: what happened, week by week, read from how the row changed.

Chance decided it, so `why` tells the circumstances, never more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recoverysim import codes, story
from recoverysim.codes import ABSTINENT, DEAD, IN_USE, INVOLVED, LAPSED, LEFT, TRYING, WEEKS_A_YEAR
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS
from recoverysim.scenario import Scenario
from recoverysim.story import GOING, Event
from recoverysim.words import several

# Weeks abstinent that people mark.
MILESTONES = {13: "90 days", WEEKS_A_YEAR: "a year", 5 * WEEKS_A_YEAR: "five years"}

# Ends of stays that say themselves what became of use.
TELL_OF_USE = {codes.RETURNED_TO_USE, codes.BECAME_ABSTINENT, codes.REMITTED}


def is_protected(row: np.void) -> bool:
    """In detox or residential care, where nobody uses."""
    return bool(row["stage"] == codes.DETOX or row["modality"] == codes.RESIDENTIAL)


def _been_before(row: np.void) -> bool:
    return bool(row["ever_attended"] or row["earlier_contact"])


def year_of(week: int) -> int:
    """The year in which a week ends; the start belongs to the first."""
    return max(1, -(-week // WEEKS_A_YEAR))


@dataclass(frozen=True, repr=False)
class Life:
    """One person in one world.

    `rows`: the person's row of the table of clients at the start and after every week, of shape
    (weeks + 1,). `company`: of the people in touch after each of those weeks, how many were seen
    in recovery and how many there were. `stays`: the finished stays, as in
    `journeys.STAY`, in order.
    """

    scenario: Scenario
    rows: np.ndarray
    company: list[tuple[int, int]]
    stays: np.ndarray

    @property
    def they(self) -> story.Pronouns:
        """How this person is spoken of."""
        return story.pronouns(bool(self.rows[0]["female"]))

    @property
    def died(self) -> int | None:
        """The week of death."""
        return int(self.stays[-1]["week_out"]) if self.rows[-1]["stage"] == DEAD else None

    def events(self) -> list[Event]:
        """Everything that happened, in order: meetings and use before moves, a link after them."""
        weeks = range(1, len(self.rows))
        found = [event for week in weeks for event in self._in_week(week)]
        found += [*self._ends_of_stays(), *(link for week in weeks for link in self._link(week))]
        return sorted(found, key=lambda event: event.week)

    def end_of(self, year: int) -> int:
        """The last week of a year, or of the story if that comes before."""
        return min(year * WEEKS_A_YEAR, len(self.rows) - 1)

    def lives_at(self, week: int) -> bool:
        """Whether this person is alive after a week."""
        return bool(self.rows[week]["stage"] != DEAD)

    def around(self, week: int) -> str:
        """Company as it stood after a week."""
        return story.company(*self.company[week], self.they)

    def weeks(self, until: int | None = None) -> story.Weeks:
        """How the weeks lived `until` a week were spent; a week counts as what it began as."""
        rows = self.rows[:-1] if until is None else self.rows[:until]
        alive = rows[rows["stage"] != DEAD]
        return story.Weeks(
            lived=len(alive),
            without_use=int((alive["use"] == ABSTINENT).sum()),
            at_most_a_lapse=int((alive["use"] != IN_USE).sum()),
            in_care=int(np.isin(alive["stage"], (codes.DETOX, codes.TREATMENT)).sum()),
            episodes=int(self.rows[-1]["episodes"]),
            going=int(np.isin(alive["attendance"], GOING).sum()),
            taking_part=int((alive["attendance"] == INVOLVED).sum()),
        )

    def spent(self) -> dict[str, str]:
        """How the years were spent, in words, by what each is about."""
        return self.weeks().in_words(int(self.rows[0]["goal"]), self.they)

    def _event(self, week: int, event: str, why: str) -> Event:
        standing = story.STANDINGS[int(self.rows[week]["attendance"])]
        return Event(week, event, why, story.together(self.around(week), standing))

    def lasted(self, week: int, column: str, among: tuple[int, ...] | None = None) -> int:
        """Weeks on end up to and with `week` in which a column is what it then is, or `among`."""
        wanted = among or (int(self.rows[week][column]),)
        differs = np.flatnonzero(~np.isin(self.rows[: week + 1][column], wanted))
        return week - int(differs[-1]) if differs.size else week + 1

    def _ends_of_stays(self) -> Iterator[Event]:
        """From one stage to another, each stay with what follows it."""
        after = [*self.stays[1:], self.rows[-1]] if self.stays.size else []
        for stay, following in zip(self.stays, after, strict=True):
            yield self._event(int(stay["week_out"]), *self._stay_ends(stay, following))
            if is_protected(following):
                before = int(stay["week_out"]) - 1  # everybody uses before the start
                if before < 0 or self.rows[before]["use"] != ABSTINENT:
                    yield self._event(before + 1, story.STOPS_ON_ENTERING, "")

    def _stay_ends(self, stay: np.void, following: np.void) -> tuple[str, str]:
        week, ended = int(stay["week_out"]), int(stay["ended"])
        if ended in story.DEATHS:
            return story.DEATHS[ended], self._at_death(week, ended)
        if ended == codes.RETURNED_TO_USE:
            return self._returns(week)
        if ended in (codes.BECAME_ABSTINENT, codes.REMITTED):
            return story.STOPS, self._after_use(week)
        if ended == codes.SOUGHT_HELP:
            if stay["week_in"] == week:  # straight from detox: the care that follows has a queue
                return story.WAITS_FOR_MORE_CARE, ""
            lapsed = stay["stage"] == codes.COMMUNITY
            return "asks for help", "during the lapse" if lapsed else self._after_use(week)
        weeks = week - int(stay["week_in"])
        after = int(following["stage"]), int(following["modality"])
        what, why = story.stay_ends(int(stay["stage"]), int(stay["modality"]), ended, weeks, after)
        if self._used_on_leaving(week):
            return f"{what} {why} and {story.RETURNS} in the same week", ""
        return what, why

    def _at_death(self, week: int, cause: int) -> str:
        row = self.rows[week]
        age = f"at the age of {int(row['age'] + week / WEEKS_A_YEAR)}"
        at_risk = row["substance"] == codes.OPIOIDS and row["use"] != ABSTINENT
        low = cause == codes.DIED_OVERDOSE and at_risk and row["tolerance"] < 0.5
        return f"{age}; tolerance to opioids was low" if low else age

    def _endings(self, week: int) -> set[int]:
        """How the stays ended that ended as this week did."""
        return {int(stay["ended"]) for stay in self.stays if stay["week_out"] == week}

    def _used_on_leaving(self, week: int) -> bool:
        """Whether care was left early and use came with it."""
        if week == 0 or not {codes.LEFT_EARLY, codes.TAKEN_OFF} & self._endings(week):
            return False
        before, after = self.rows[week - 1]["use"], self.rows[week]["use"]
        return bool(before != IN_USE and after == IN_USE)

    def _returns(self, week: int) -> tuple[str, str]:
        if self.rows[week - 1]["use"] == LAPSED:
            return story.BECOMES_USE, ""
        return story.RETURNS, self._before_use(week)

    def _before_use(self, week: int) -> str:
        return f"after {story.lasting(self.lasted(week - 1, 'use'))} without use"

    def _after_use(self, week: int) -> str:
        """How long ago use began again; nothing where it began before the story."""
        weeks = self.lasted(week - 1, "use")
        return "" if weeks == week else f"{story.lasting(weeks)} after the return to use"

    def _in_week(self, week: int) -> Iterator[Event]:
        """What a week changed within a stage: meetings, use, milestones."""
        before, after = self.rows[week - 1], self.rows[week]
        if before["stage"] == DEAD:
            return
        yield from self._mutual_aid(week, before, after)
        yield from self._use(week, before, after)
        for weeks, words in MILESTONES.items():
            if after["weeks_abstinent"] == weeks > before["weeks_abstinent"]:
                longer = self.lasted(week, "use") - 1 > weeks
                since = "since leaving treatment" if longer else ""
                yield self._event(week, f"has not used for {words}", since)

    def _link(self, week: int) -> Iterator[Event]:
        """The offer of an episode of care, made in the week that ends here, and one that led to
        no meeting while it was fresh."""
        before, after = self.rows[week - 1], self.rows[week]
        kind = int(after["link"])
        if before["link_due"] and not after["link_due"]:
            yield self._event(week - 1, story.OFFERS[kind], "")
        if before["stage"] == DEAD or kind == codes.NONE or after["episodes"] == 0:
            return
        fresh_no_more = before["weeks_since_link"] < after["weeks_since_link"] == WINDOW_WEEKS
        met = after["attendance"] in GOING or after["weeks_since_meeting"] < WINDOW_WEEKS
        if fresh_no_more and not met:
            yield self._event(week, story.not_followed(kind, WINDOW_WEEKS), "")

    def _mutual_aid(self, week: int, before: np.void, after: np.void) -> Iterator[Event]:
        """Going to meetings, becoming a member, taking part, and leaving."""
        old, new = int(before["attendance"]), int(after["attendance"])
        if new == old:
            return
        weeks = self.lasted(week - 1, "attendance", GOING)
        told = weeks < week  # or it began before the story
        if new == LEFT:
            what = "stops going to meetings"
            what += ", and with it taking part" if old == INVOLVED else ""
            went = [f"after {story.lasting(weeks)}"] if told else []
            went += ["while using"] if after["use"] == IN_USE else []
            yield self._event(week, what, ", ".join(went))
        elif new == TRYING:
            first = "back to a meeting" if _been_before(before) else "to a first meeting"
            yield self._event(week, f"goes {first}", self._what_brings(week))
        elif old == TRYING:
            yield self._event(week, "becomes a regular member", "")
        elif new == INVOLVED:
            since = "the first meeting"
            if told and _been_before(self.rows[week - weeks - 1]):
                since = "going back to meetings"
            why = f"{story.lasting(weeks)} after {since}" if told else ""
            yield self._event(week, story.TAKES_PART, why)
        elif old == INVOLVED:
            yield self._event(week, "takes less part than before", "still going regularly")

    def _what_brings(self, week: int) -> str:
        """A fresh link that was not followed already, or oneself."""
        before, since_link = self.rows[week - 1], int(self.rows[week]["weeks_since_link"])
        met = int(before["weeks_since_meeting"]) + 1
        followed = before["attendance"] == LEFT and met <= since_link - 1
        kind = int(self.rows[week]["link"])
        if since_link > WINDOW_WEEKS or followed or kind == codes.NONE:
            return f"on {self.they.own} initiative"
        return f"{several(since_link, 'week')} after the offer of {story.LINKS[kind]}"

    def _use(self, week: int, before: np.void, after: np.void) -> Iterator[Event]:
        """Lapses, use and stopping; where it moves somebody, the end of the stay tells it."""
        if self._endings(week) & TELL_OF_USE or self._used_on_leaving(week) or is_protected(after):
            return
        old, new = int(before["use"]), int(after["use"])
        if new != ABSTINENT and new != old:
            lapses = story.LAPSES, self._before_use(week)
            yield self._event(week, *(lapses if new == LAPSED else self._returns(week)))
        elif old == LAPSED and new == ABSTINENT:
            yield self._event(week, story.GETS_OVER, "")
        elif old == IN_USE and new == ABSTINENT:
            yield self._event(week, story.STOPS, self._after_use(week))
