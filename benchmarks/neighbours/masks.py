"""The small model in numpy: whole columns, and masks for those whom a rule concerns."""

from __future__ import annotations

import numpy as np
import reference_kernel as small


class Everybody:
    """A column for each thing that is known of people."""

    def __init__(self, people, weeks, seed):
        self.rng = np.random.default_rng(seed)
        self.weeks = weeks
        self.ties = np.ascontiguousarray(people["ties"].T)  # a row for everybody's first tie, …
        self.group = people["group"].astype(np.intp)
        self.sizes = np.maximum(np.bincount(self.group, minlength=small.GROUPS), 1)
        self.frailty = people["frailty"].copy()
        self.state = people["state"].copy()
        self.weeks_abstinent = people["weeks_abstinent"].copy()
        self.shown = people["shown_abstinent"].copy()
        self.attends = people["attends"].copy()
        self.attendance = np.zeros(small.GROUPS)

    def step(self):
        alive = self.state != small.DEAD
        using = self.state == small.USING
        seen = self.look_around()
        self.go_to_meetings(alive, using, seen)
        self.live(using, np.flatnonzero(alive & ~using), seen)
        self.perhaps_die(alive)
        self.shown = (self.state == small.COMMUNITY) | (self.state == small.TREATMENT)
        went = np.bincount(self.group[self.attends], minlength=small.GROUPS)
        self.attendance = went / self.sizes

    def look_around(self):
        seen = np.zeros(self.state.size, np.int8)
        for others in self.ties:
            seen += self.shown[others]
        return seen / small.TIES

    def go_to_meetings(self, alive, using, seen):
        drawn = small.GOES_FOR_COMPANY * seen
        drawn += small.GOES_FOR_THE_GROUP * self.attendance[self.group]
        chance = small.GOES_ANYWAY + np.where(using, 0.0, drawn)
        self.attends = (self.rng.random(chance.size) < chance) & alive

    def live(self, using, abstinent, seen):
        """Those who use may start treatment; the abstinent return to use, or stay and move on."""
        thrown = self.rng.random(using.size)
        starts = using & (thrown < small.STARTS_TREATMENT_PER_WEEK)

        weeks = self.weeks_abstinent[abstinent]
        falls = np.log1p(1.0 / (small.SCALE_WEEKS + weeks))
        protects = small.COMPANY_PROTECTS * seen[abstinent]
        protects += small.GOING_PROTECTS * self.attends[abstinent]
        hazard = falls * np.exp(self.frailty[abstinent] - protects)
        thrown = thrown[abstinent]
        returns = thrown < -np.expm1(-hazard)
        self.weeks_abstinent[abstinent] = np.where(returns, 0, weeks + 1)
        treated = self.state[abstinent] == small.TREATMENT
        completes = treated & ~returns & (thrown > 1.0 - small.COMPLETES_PER_WEEK)
        self.state[abstinent[returns]] = small.USING
        self.state[abstinent[completes]] = small.COMMUNITY
        self.state[starts] = small.TREATMENT

    def perhaps_die(self, alive):
        ratio = np.where(self.state == small.USING, small.DIES_WHILE_USING_RATIO, 1.0)
        dies = alive & (self.rng.random(ratio.size) < small.DIES_PER_WEEK * ratio)
        self.state[dies] = small.DEAD
        self.attends[dies] = False


prepare = Everybody


def live(model):
    for _ in range(model.weeks):
        model.step()


def found(model):
    return model.state, model.attends
