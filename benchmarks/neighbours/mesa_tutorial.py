"""The small model as Mesa's tutorials write one: people with plain attributes and a `step`."""

from __future__ import annotations

import math

import mesa
import numpy as np
import reference_kernel as small


class Person(mesa.Agent):
    """Somebody who uses, is in treatment or lives in the community, among friends and a group."""

    def __init__(self, model, state, frailty, group):
        super().__init__(model)
        self.state = state
        self.frailty = frailty
        self.group = group
        self.friends = []
        self.weeks_abstinent = 0
        self.seen_abstinent = 0.0
        self.attends = False
        self.shown_abstinent = self.is_abstinent

    @property
    def is_abstinent(self):
        return self.state in ("treatment", "community")

    def step(self):
        if self.state == "dead":
            return
        self.look_around()
        self.go_to_a_meeting()
        self.live()
        self.perhaps_die()

    def look_around(self):
        abstinent = [friend for friend in self.friends if friend.shown_abstinent]
        self.seen_abstinent = len(abstinent) / len(self.friends)

    def go_to_a_meeting(self):
        chance = small.GOES_ANYWAY
        if self.state != "using":
            chance += small.GOES_FOR_COMPANY * self.seen_abstinent
            chance += small.GOES_FOR_THE_GROUP * self.model.attendance[self.group]
        self.attends = self.random.random() < chance

    def return_to_use_hazard(self):
        weeks = small.SCALE_WEEKS + self.weeks_abstinent
        protects = small.COMPANY_PROTECTS * self.seen_abstinent
        protects += small.GOING_PROTECTS * self.attends
        return math.log((weeks + 1) / weeks) * math.exp(self.frailty - protects)

    def live(self):
        thrown = self.random.random()
        if self.state == "using":
            if thrown < small.STARTS_TREATMENT_PER_WEEK:
                self.state = "treatment"
        elif thrown < 1.0 - math.exp(-self.return_to_use_hazard()):
            self.state = "using"
            self.weeks_abstinent = 0
        else:
            self.weeks_abstinent += 1
            if self.state == "treatment" and thrown > 1.0 - small.COMPLETES_PER_WEEK:
                self.state = "community"

    def perhaps_die(self):
        chance = small.DIES_PER_WEEK
        if self.state == "using":
            chance *= small.DIES_WHILE_USING_RATIO
        if self.random.random() < chance:
            self.state = "dead"
            self.attends = False

    def show(self):
        """What others see of this person next week."""
        self.shown_abstinent = self.is_abstinent
        if self.attends:
            self.model.went[self.group] += 1


class SmallModel(mesa.Model):
    """Everybody lives a week; then everybody shows how they are, and groups are counted."""

    def __init__(self, people, weeks, seed):
        super().__init__(seed=seed)
        self.weeks = weeks
        states = [small.STATES[code] for code in people["state"]]
        frailty, group = people["frailty"].tolist(), people["group"].tolist()
        everybody = list(Person.create_agents(self, len(people), states, frailty, group))
        for person, ties in zip(everybody, people["ties"].tolist()):
            person.friends = [everybody[row] for row in ties]
        self.sizes = np.bincount(people["group"], minlength=small.GROUPS).tolist()
        self.attendance = [0.0] * small.GROUPS
        self.went = [0] * small.GROUPS

    def step(self):
        self.went = [0] * small.GROUPS
        self.agents.shuffle_do("step")
        self.agents.do("show")
        self.attendance = [went / max(size, 1) for went, size in zip(self.went, self.sizes)]


prepare = SmallModel


def live(model):
    for _ in range(model.weeks):
        model.step()


def found(model):
    state = [small.STATES.index(person.state) for person in model.agents]
    return np.array(state), np.array([person.attends for person in model.agents])
