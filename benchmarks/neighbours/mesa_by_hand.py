"""The small model in Mesa, tuned by hand, with nothing compiled.

People have slots and codes for states; what others see of them is a list; random numbers come from
numpy in batches; the hazard's logarithm and exponential are looked up; nobody is shuffled, since
everybody is seen as a week ago.
"""

from __future__ import annotations

import math
from operator import itemgetter

import mesa
import numpy as np
import reference_kernel as small

USING, TREATMENT, COMMUNITY, DEAD = small.USING, small.TREATMENT, small.COMMUNITY, small.DEAD


class Person(mesa.Agent):
    """Somebody; `look` fetches what is seen of this person's eight ties."""

    __slots__ = ("attends", "frailty", "group", "look", "row", "state", "weeks_abstinent")

    def __init__(self, model, row, state, frailty, group, ties):
        super().__init__(model)
        self.row = row
        self.state = state
        self.frailty = frailty
        self.group = group
        self.look = itemgetter(*ties)
        self.weeks_abstinent = 0
        self.attends = False


class SmallModel(mesa.Model):
    """Everybody's week is one loop: a call of each person's `step` would cost a third more."""

    def __init__(self, people, weeks, seed):
        super().__init__(rng=seed)
        self.weeks = weeks
        columns = people["state"], np.exp(people["frailty"]), people["group"]
        lists = [column.tolist() for column in columns]
        ties = [tuple(row) for row in people["ties"].tolist()]
        Person.create_agents(self, len(people), list(range(len(people))), *lists, ties)
        self.alive = list(self.agents)
        self.sizes = np.bincount(people["group"], minlength=small.GROUPS).tolist()
        self.attendance = [0.0] * small.GROUPS
        self.shown = people["shown_abstinent"].astype(int).tolist()
        self.falls = [math.log1p(1.0 / (small.SCALE_WEEKS + week)) for week in range(weeks + 1)]
        self.kept = [
            [self.kept_by(seen / small.TIES, attends) for seen in range(small.TIES + 1)]
            for attends in (False, True)
        ]
        self.for_company = [
            small.GOES_ANYWAY + small.GOES_FOR_COMPANY * seen / small.TIES
            for seen in range(small.TIES + 1)
        ]

    def kept_by(self, seen, attends):
        return math.exp(-small.COMPANY_PROTECTS * seen - small.GOING_PROTECTS * attends)

    def step(self):
        thrown = self.rng.random((3, len(self.alive))).tolist()
        shown, falls, kept = self.shown, self.falls, self.kept
        for_company, exp = self.for_company, math.exp
        goes_anyway, starts = small.GOES_ANYWAY, small.STARTS_TREATMENT_PER_WEEK
        stays = 1.0 - small.COMPLETES_PER_WEEK
        dies = small.DIES_PER_WEEK
        dies_using = dies * small.DIES_WHILE_USING_RATIO
        drawn = [small.GOES_FOR_THE_GROUP * share for share in self.attendance]
        went = [0] * small.GROUPS
        changed = []
        someone_died = False
        for person, goes, moves, death in zip(self.alive, *thrown):
            state = person.state
            seen = sum(person.look(shown))
            if state == USING:
                attends = goes < goes_anyway
                if moves < starts:
                    person.state = state = TREATMENT
                    changed.append((person.row, 1))
            else:
                attends = goes < for_company[seen] + drawn[person.group]
                weeks = person.weeks_abstinent
                hazard = falls[weeks] * person.frailty * kept[attends][seen]
                if moves < 1.0 - exp(-hazard):
                    person.state = state = USING
                    person.weeks_abstinent = 0
                    changed.append((person.row, 0))
                else:
                    person.weeks_abstinent = weeks + 1
                    if moves > stays and state == TREATMENT:
                        person.state = COMMUNITY
            person.attends = attends
            if death < dies_using and (state == USING or death < dies):
                person.state = DEAD
                person.attends = attends = False
                changed.append((person.row, 0))
                someone_died = True
            if attends:
                went[person.group] += 1
        for row, abstinent in changed:
            shown[row] = abstinent
        if someone_died:
            self.alive = [person for person in self.alive if person.state != DEAD]
        self.attendance = [one / max(size, 1) for one, size in zip(went, self.sizes)]


prepare = SmallModel


def live(model):
    for _ in range(model.weeks):
        model.step()


def found(model):
    state = np.array([person.state for person in model.agents])
    return state, np.array([person.attends for person in model.agents])
