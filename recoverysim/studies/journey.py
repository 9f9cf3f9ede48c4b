"""One simulated person's life, watched week by week, and the same person's in another world.

Nothing is added to the rules for it: the whole world is lived, and one row of the table of clients
is copied every week. What happened follows from how the row changed. Chance decided it, so `why`
tells the circumstances, never more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from recoverysim import codes, story
from recoverysim.codes import ABSTINENT, DEAD, IN_USE, INVOLVED, LAPSED, LEFT, TRYING, WEEKS_A_YEAR
from recoverysim.compiled import plain
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS
from recoverysim.panel import ties_in_recovery
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.studies.stamp import stamp
from recoverysim.words import several
from recoverysim.world import World, seed_of_repeat

# Weeks abstinent that people mark.
MILESTONES = {13: "90 days", WEEKS_A_YEAR: "a year", 5 * WEEKS_A_YEAR: "five years"}

# Ends of stays that say themselves what became of use.
TELL_OF_USE = {codes.RETURNED_TO_USE, codes.BECAME_ABSTINENT, codes.REMITTED}

# The steps by which twins can part, in the order in which one leads to another, and what shows it.
STEPS = {
    "offered": ("link", "pull", "link_due", "ever_offered"),
    "attended": ("attendance", "weeks_since_meeting", "ever_attended", "connected"),
    "involved": ("involvement",),
    "return to use": ("use", "weeks_abstinent", "weeks_using", "stage"),
    "capital": ("capital", "identity"),
    "through others": ("seen_company",),
}  # fmt: skip


def is_protected(row: np.void) -> bool:
    """In detox or residential care, where nobody uses."""
    return bool(row["stage"] == codes.DETOX or row["modality"] == codes.RESIDENTIAL)


class Event(NamedTuple):
    """What happened in a week, and under what circumstances."""

    week: int
    event: str
    why: str


@dataclass(frozen=True, repr=False)
class Life:
    """One person in one world.

    `rows`: the person's row of the table of clients at the start and after every week, of shape
    (weeks + 1,). `in_recovery`: how many of the `people` in touch were then seen in recovery.
    `stays`: the finished stays, as in `journeys.STAY`.
    """

    scenario: Scenario
    rows: np.ndarray
    in_recovery: list[int]
    people: int
    stays: np.ndarray

    def events(self) -> list[Event]:
        """Everything that happened, in order: meetings and use before moves, a link after them."""
        weeks = range(1, len(self.rows))
        found = [event for week in weeks for event in self._in_week(week)]
        found += [*self._ends_of_stays(), *(link for week in weeks for link in self._link(week))]
        return sorted(found, key=lambda event: event.week)

    def _ends_of_stays(self) -> Iterator[Event]:
        """From one stage to another, each stay with what follows it."""
        places = [(int(s["stage"]), int(s["modality"])) for s in (*self.stays, self.rows[-1])]
        for stay, after in zip(self.stays, places[1:], strict=True):
            weeks = int(stay["week_out"] - stay["week_in"])
            what, why = story.stay_ends(
                int(stay["stage"]), int(stay["modality"]), int(stay["ended"]), weeks, after
            )
            week = int(stay["week_out"])
            if self._used_on_leaving(week):
                what += " and returns to use in the same week"
            if stay["ended"] == codes.RETURNED_TO_USE:
                why = story.together(self._before_use(week), self._circumstances(week))
            yield Event(week, what, why)

    def _endings(self, week: int) -> set[int]:
        """How the stays ended that ended as this week did."""
        return {int(stay["ended"]) for stay in self.stays if stay["week_out"] == week}

    def _used_on_leaving(self, week: int) -> bool:
        """Whether care was left early and use came with it."""
        if week == 0 or codes.LEFT_EARLY not in self._endings(week):
            return False
        before, after = self.rows[week - 1]["use"], self.rows[week]["use"]
        return bool(before != IN_USE and after == IN_USE)

    def _before_use(self, week: int) -> str:
        before = self.rows[week - 1]
        if before["use"] == LAPSED:
            return "a lapse goes on"
        return story.abstinent_for(int(before["weeks_abstinent"]))

    def _in_week(self, week: int) -> Iterator[Event]:
        """What a week changed within a stage: meetings, use, milestones."""
        before, after = self.rows[week - 1], self.rows[week]
        if before["stage"] == DEAD:
            return
        yield from self._mutual_aid(week, before, after)
        yield from self._use(week, before, after)
        for weeks, words in MILESTONES.items():
            if after["weeks_abstinent"] == weeks > before["weeks_abstinent"]:
                yield Event(week, f"has been abstinent for {words}", self._circumstances(week))

    def _link(self, week: int) -> Iterator[Event]:
        """The offer of an episode of care, made in the week that ends here."""
        if self.rows[week - 1]["link_due"] and not self.rows[week]["link_due"]:
            offer = story.OFFERS[int(self.rows[week]["link"])]
            yield Event(week - 1, offer, "in the first week of care")

    def _mutual_aid(self, week: int, before: np.void, after: np.void) -> Iterator[Event]:
        """Going to meetings, becoming a member, taking part, and leaving."""
        old, new = int(before["attendance"]), int(after["attendance"])
        if new == old:
            return
        if new == LEFT:
            why = "early leaving is common" if old == TRYING else "as members now and then do"
            yield Event(
                week, "stops going to meetings", "while using" if after["use"] == IN_USE else why
            )
        elif new == TRYING:
            linked = self._still_pulled(week) and after["link"] != codes.NONE
            why = "in the weeks after the link" if linked else "without a link"
            been = before["ever_attended"] or before["earlier_contact"]
            first = "back to a meeting" if been else "to a first meeting"
            yield Event(week, f"goes {first}", why)
        elif old == TRYING:
            yield Event(week, "becomes a regular member", self._circumstances(week))
        elif new == INVOLVED:
            yield Event(week, "has a home group, a sponsor or a task", "after going regularly")
        elif old == INVOLVED:
            yield Event(week, "takes less part than before", "still going regularly")

    def _still_pulled(self, week: int) -> bool:
        """Whether the last linkage was fresh, and not followed to a meeting already."""
        before, since_link = self.rows[week - 1], self.rows[week]["weeks_since_link"] - 1
        followed = before["attendance"] == LEFT and before["weeks_since_meeting"] + 1 <= since_link
        return bool(since_link < WINDOW_WEEKS and not followed)

    def _use(self, week: int, before: np.void, after: np.void) -> Iterator[Event]:
        """Lapses, use and stopping; where it moves somebody, the end of the stay tells it."""
        if self._endings(week) & TELL_OF_USE or self._used_on_leaving(week) or is_protected(after):
            return
        old, new = int(before["use"]), int(after["use"])
        if new != ABSTINENT and new != old:
            what = "has a lapse" if new == LAPSED else "returns to use"
            why = story.together(self._before_use(week), self._circumstances(week))
            yield Event(week, what, why)
        elif old == LAPSED and new == ABSTINENT:
            yield Event(week, "gets over the lapse", "")
        elif old == IN_USE and new == ABSTINENT:
            using = f"after {several(int(before['weeks_using']) + 1, 'week')} of use"
            yield Event(week, "stops using", using)

    def _circumstances(self, week: int) -> str:
        """Company and mutual aid as they stand."""
        around = story.company(self.in_recovery[week], self.people)
        return story.together(around, story.STANDINGS[int(self.rows[week]["attendance"])])

    def story(self, first_week: int = 0, end_week: int | None = None) -> str:
        """The events as paragraphs, a year each, with how things stand at its end.

        `first_week` leaves out what happened before that week, `end_week` what did from it on.
        """
        end_week = len(self.rows) if end_week is None else end_week
        events = [event for event in self.events() if first_week <= event.week < end_week]
        said = []
        for year in range(1, (len(self.rows) - 1) // WEEKS_A_YEAR + 1):
            first, last = (year - 1) * WEEKS_A_YEAR, year * WEEKS_A_YEAR
            here = [e for e in events if first < e.week <= last or (year == 1 and e.week == 0)]
            lines = [f"Week {e.week}: {e.event}{f' ({e.why})' if e.why else ''}." for e in here]
            row = self.rows[last]
            if row["stage"] != DEAD and first_week <= last < end_week:
                lines.append(
                    story.at_year(
                        year, codes.STAGES[row["stage"]], codes.USES[row["use"]],
                        int(row["weeks_abstinent"]), self._circumstances(last),
                    )
                )  # fmt: skip
            if lines:
                said.append("\n".join(lines))
        return "\n\n".join(said)


@dataclass(frozen=True, repr=False)
class Journey:
    """One person's life in one world, or in two."""

    stamp: dict[str, Any]
    client: int
    lives: tuple[Life, ...]

    @property
    def traits(self) -> dict[str, Any]:
        """Who this is, at entry."""
        row = self.lives[0].rows[0]
        return {
            "substance": codes.SUBSTANCES[row["substance"]],
            "age": float(row["age"]),
            "woman": bool(row["female"]),
            "mental_health_need": bool(row["psychiatric_need"]),
            "goal": codes.GOALS[row["goal"]],
            "earlier_contact": bool(row["earlier_contact"]),
            "motivation": float(row["readiness"] + row["mood"]),
        }

    def introduction(self) -> str:
        """Who this is, in words."""
        who = self.traits
        return story.person(
            self.client, who["substance"], who["age"], female=who["woman"],
            need=who["mental_health_need"], goal=who["goal"], been_before=who["earlier_contact"],
            ready=who["motivation"],
        )  # fmt: skip

    def parting(self) -> tuple[int | None, str | None]:
        """The week in which the twins part, and by which step; None for one world alone."""
        if len(self.lives) < 2:
            return None, None
        one, other = self.lives
        for week in range(len(one.rows)):
            for step, columns in STEPS.items():
                if any(one.rows[week][name] != other.rows[week][name] for name in columns):
                    return max(0, week - 1), step
        return None, None

    def tells_apart_from(self) -> int | None:
        """The week of the first event that the two lives do not share; None where there is none."""
        one, other = (life.events() for life in self.lives)
        for place in range(max(len(one), len(other))):
            pair = [events[place] if place < len(events) else None for events in (one, other)]
            if pair[0] != pair[1]:
                return min(event.week for event in pair if event is not None)
        return None

    def compared(self) -> str:
        """Whether use differed, and the weeks without it in each of two worlds."""
        one, other = self.lives
        if (one.rows["use"] == other.rows["use"]).all():
            return "Use was the same in both worlds, week by week."
        return story.weeks_without_use(
            {life.scenario.name: int((life.rows["use"] == ABSTINENT).sum()) for life in self.lives}
        )

    def to_json(self) -> dict[str, Any]:
        """Client, traits, worlds with events and story, and where twins part (docs/commands.md)."""
        week, because = self.parting()
        return {
            "stamp": self.stamp,
            "client": self.client,
            "traits": self.traits,
            "worlds": [
                {
                    "scenario": life.scenario.name,
                    "events": [event._asdict() for event in life.events()],
                    "story": life.story(),
                }
                for life in self.lives
            ],
            "parted_week": week,
            "parted_because": because,
        }


def journey(
    scenario: Scenario, client: int, plan: Plan, *, versus: Scenario | None = None, repeat: int = 0
) -> Journey:
    """One client's life under a scenario and, with `versus`, the same client's in another world.

    It is the life that `run` keeps for the same settings: the same repeat, people and luck. Raises
    ValueError for a client or repeat that the plan does not hold.
    """
    if not 1 <= client <= plan.clients:
        raise ValueError(f"client should be from 1 to {plan.clients}; found {client}")
    if not 0 <= repeat < plan.repeats:
        raise ValueError(f"repeat should be from 0 to {plan.repeats - 1}; found {repeat}")
    worlds = [scenario] if versus is None else [scenario, versus]
    lives = tuple(_watch(one, client, plan, repeat) for one in worlds)
    return Journey(stamp(worlds, plan), client, lives)


def _watch(scenario: Scenario, client: int, plan: Plan, repeat: int) -> Life:
    """Live the whole world, a week at a time, and keep one client's row."""
    sets = plan.parameter_sets()
    world = World(
        scenario, sets[repeat % len(sets)], plan.clients, seed_of_repeat(plan.seed, repeat),
        years=plan.years, journeys=True,
    )  # fmt: skip
    row = client - 1
    around = plain(ties_in_recovery)
    rows, in_recovery = [], []
    for week in range(plan.years * WEEKS_A_YEAR + 1):
        if week > 0:
            world.run_for(1)
        rows.append(world.clients[row].copy())
        in_recovery.append(int(around(world.ties, row, world.shown)))
    stays = world.stays()
    mine = np.sort(stays[stays["client"] == client], order="stay")
    people = world.ties.shape[1] if world.tied else 0
    return Life(scenario, np.array(rows), in_recovery, people, mine)
