"""The small model in starsim: a simulation of people, a network, and a module with a `step`.

starsim as it comes: random numbers that two scenarios share (as recoverysim's keyed dice do),
states that count themselves, and ties that are cut when somebody dies. `in_starsim_lean.py` is
without.
"""

from __future__ import annotations

import numpy as np
import reference_kernel as small
import starsim as ss

ss.options(verbose=0)


class Ties(ss.Network):
    """Eight ties a person, for life."""

    def step(self):
        """Ties neither form nor fade."""


class Recovery(ss.Disease):
    """Who uses, who is in treatment, who lives in the community, and who goes to meetings."""

    kind_of_state = ss.BoolState

    def __init__(self, people):
        super().__init__(name="recovery")
        self.at_the_start = people
        self.define_states(
            self.kind_of_state("abstinent", default=False),
            self.kind_of_state("treated", default=False),
            self.kind_of_state("attends", default=False),
            ss.BoolArr("shown", default=False),
            ss.IntArr("group", default=0),
            ss.IntArr("weeks_abstinent", default=0),
            ss.FloatArr("frailty", default=0.0),
            ss.FloatArr("seen", default=0.0),
        )
        self.goes, self.moves, self.dies = ss.random(), ss.random(), ss.random()

    def init_post(self):
        super().init_post()
        people = self.at_the_start
        self.treated[:] = people["state"] == small.TREATMENT
        self.abstinent[:] = self.shown[:] = people["state"] != small.USING
        self.group[:] = people["group"]
        self.frailty[:] = people["frailty"]
        self.sizes = np.maximum(np.bincount(people["group"], minlength=small.GROUPS), 1)
        self.attendance = np.zeros(small.GROUPS)

    def step(self):
        self.look_around()
        self.go_to_meetings()
        self.live()
        self.perhaps_die()

    def look_around(self):
        ties = self.sim.networks.ties
        abstinent = ties.p1[self.shown.raw[ties.p2]]
        self.seen.raw[:] = np.bincount(abstinent, minlength=len(self.seen.raw)) / small.TIES

    def go_to_meetings(self):
        drawn = self.seen * small.GOES_FOR_COMPANY
        drawn += small.GOES_FOR_THE_GROUP * self.attendance[self.group.values]
        chance = drawn * self.abstinent.values + small.GOES_ANYWAY
        self.attends[:] = self.goes.rvs(self.sim.people.auids) < chance.values

    def live(self):
        """Those who use may start treatment; the abstinent return to use, or stay and move on."""
        thrown = self.moves.rvs(self.sim.people.auids)
        is_abstinent = self.abstinent.values
        abstinent, using = self.abstinent.split()
        starts = using[thrown[~is_abstinent] < small.STARTS_TREATMENT_PER_WEEK]

        thrown = thrown[is_abstinent]
        weeks = self.weeks_abstinent[abstinent]
        protects = small.COMPANY_PROTECTS * self.seen[abstinent]
        protects += small.GOING_PROTECTS * self.attends[abstinent]
        hazard = np.log1p(1.0 / (small.SCALE_WEEKS + weeks))
        hazard *= np.exp(self.frailty[abstinent] - protects)
        returns = thrown < -np.expm1(-hazard)
        stays = thrown > 1.0 - small.COMPLETES_PER_WEEK

        self.weeks_abstinent[abstinent] = np.where(returns, 0, weeks + 1)
        self.treated[abstinent[returns | stays]] = False
        self.abstinent[abstinent[returns]] = False
        self.treated[starts] = True
        self.abstinent[starts] = True

    def perhaps_die(self):
        auids = self.sim.people.auids
        ratio = np.where(self.abstinent.values, 1.0, small.DIES_WHILE_USING_RATIO)
        self.sim.people.request_death(auids[self.dies.rvs(auids) < small.DIES_PER_WEEK * ratio])

    def step_die(self, uids):
        for state in (self.abstinent, self.treated, self.attends):
            state[uids] = False

    def finish_step(self):
        """What is seen of everybody next week, and how well each group was attended."""
        super().finish_step()
        self.shown.raw[:] = self.abstinent.raw
        went = np.bincount(self.group.raw[self.attends.raw], minlength=small.GROUPS)
        self.attendance = went / self.sizes


def prepare(people, weeks, seed, ties=Ties, recovery=Recovery, **options):
    clients = len(people)
    network = ties(
        p1=np.repeat(np.arange(clients), small.TIES), p2=people["ties"].ravel(),
        beta=np.ones(clients * small.TIES), name="ties",
    )  # fmt: skip
    sim = ss.Sim(
        n_agents=clients, start=0, stop=weeks - 1, rand_seed=seed, networks=network,
        diseases=recovery(people), **options,
    )  # fmt: skip
    sim.init()
    if sim.t.npts != weeks:
        raise ValueError(f"starsim would live {sim.t.npts} steps, not {weeks}")
    return sim


def live(sim):
    sim.run()


def found(sim):
    now = sim.diseases.recovery
    state = np.full(len(now.treated.raw), small.USING)
    state[now.abstinent.raw] = small.COMMUNITY
    state[now.treated.raw] = small.TREATMENT
    state[~sim.people.alive.raw] = small.DEAD
    return state, now.attends.raw
