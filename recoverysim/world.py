"""One world: its people, their ties, the week they have reached. No Mesa, no files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recoverysim.cells import CELLS, GROUPS
from recoverysim.clients import empty_table
from recoverysim.codes import NOT_COME, WEEKS_A_YEAR
from recoverysim.compiled import PlainTable, plain, whole_week
from recoverysim.curves import CURVES, tabulate
from recoverysim.dice import GOLDEN, MASK, dice_of_the_week, mix_plainly
from recoverysim.journeys import ONE_IN, RECORDS, STAY
from recoverysim.mutual_aid.groups import empty_groups, found_groups
from recoverysim.outcomes import (
    AT,
    CARRYING,
    COUNTS,
    DIED,
    FOLLOWED,
    PERSON_CENTRED,
    UP_TO_NOW,
    count_by_shares,
    count_week,
)
from recoverysim.panel import WAVE, WEEKS_BETWEEN_WAVES, observe
from recoverysim.plugins import Plugged, plug_in
from recoverysim.population import AT_ENTRY, enter
from recoverysim.practitioners import WORKER, hire, workers_change
from recoverysim.queues import queues_move
from recoverysim.scenario import Scenario, ScenarioError
from recoverysim.services import allot_places
from recoverysim.structure import (
    NetworkError,
    configuration_model,
    empty_slots,
    from_graph,
    read_graph,
    small_world,
)
from recoverysim.surroundings import OUTSIDERS, look_around, sights, what_others_see
from recoverysim.ties import fill_with_outsiders, loose_ties
from recoverysim.week import RECORDS_A_CLIENT_WEEK, live_through
from recoverysim.yaml_strictly import Fault

BEFORE_THE_FIRST_WEEK = -1
LONGEST_RUN = 30_000  # weeks, which the clients' clocks can hold


@whole_week
def begin(
    clients,
    ties,
    shown,
    workers,
    groups,
    today,
    curves,
    counts,
    journal,
    written,
    panel,
    seed,
    tied,
):
    """Everybody enters, company is filled up with people outside, and the first places are got."""
    tabulate(curves[0], today)
    for number in range(workers.size):
        hire(workers[number], number, seed, today)
    workers_change(
        workers, today, 1.0, 1.0
    )  # who is trained from the start is so before anybody comes
    if today.mechanisms.group_life:
        found_groups(groups, clients.size, seed, today)
    for row in range(clients.size):
        client = clients[row]
        enter(client, np.uint64(row + 1), seed, today)
        dice = dice_of_the_week(client.luck, AT_ENTRY)
        if tied:
            fill_with_outsiders(ties, row, today, dice)
        if client.stage != NOT_COME:
            allot_places(client, today, BEFORE_THE_FIRST_WEEK, dice, journal, written, workers)
        shown[OUTSIDERS + row] = what_others_see(client, today)
    loose = loose_ties(ties.shape[1], today)
    for row in range(clients.size):
        look_around(clients[row], ties, row, shown, loose, today)
        if clients[row].stage != NOT_COME:
            count_week(clients[row], counts, BEFORE_THE_FIRST_WEEK, 1)
    queues_move(
        clients, workers, today, today, BEFORE_THE_FIRST_WEEK, shown[OUTSIDERS:], journal, written,
        counts,
    )  # fmt: skip
    count_by_shares(counts[0, 0], today)
    observe(clients, ties, shown, panel, written[ONE_IN], 0)


def seed_of_repeat(seed: int, repeat: int) -> int:
    """The seed of one repeat: far from that of every other, and the same in every scenario."""
    return mix_plainly((mix_plainly(seed & MASK) + (repeat + 1) * int(GOLDEN)) & MASK)


class World:
    """A scenario, lived by simulated people under one set of parameters.

    `values` gives every parameter its value today (see `knowledge`); the scenario's own changes
    are laid over it. `seed` is a whole number of 64 bits. `graph` is any networkx graph and
    replaces the scenario's network. With `journeys` every finished stay is kept, with `panel`
    everybody's state every four weeks; both of one in every `one_in` clients.
    """

    def __init__(
        self,
        scenario: Scenario,
        values: Mapping[str, float],
        clients: int,
        seed: int,
        *,
        years: int = 10,
        graph: Any = None,
        journeys: bool = False,
        panel: bool = False,
        one_in: int = 1,
    ) -> None:
        self.scenario = scenario
        self.week = 0
        self.table = scenario.table(values)
        today = self.table[0]
        _refuse_contradictions(scenario.name, today)
        self.ties = self._ties(clients, seed, graph)
        clients = len(self.ties)
        self.clients = empty_table(clients)
        self.shown = sights(clients)
        self.workers = np.zeros(int(today["practitioners"]["number"]), WORKER)
        self.groups = empty_groups(self.table, clients)
        self.curves = np.zeros(1, CURVES)
        self.is_open = today["arrivals"]["over_weeks"] > 0
        shape = (1 + self.is_open, years * WEEKS_A_YEAR + 1, CELLS, len(COUNTS))
        self.counted = np.zeros(shape, np.int32)
        self.written = np.zeros(2, np.int64)
        self.written[ONE_IN] = one_in
        kept = len(self.sample())
        self.journal = np.zeros(RECORDS_A_CLIENT_WEEK * 2 * kept if journeys else 0, STAY)
        waves = years * WEEKS_A_YEAR // WEEKS_BETWEEN_WAVES + 1 if panel else 0
        self.panel = np.zeros((waves, kept if panel else 0), WAVE)
        begin(
            self.clients, self.ties, self.shown, self.workers, self.groups, today, self.curves,
            self.counted, self.journal, self.written, self.panel, np.uint64(seed), self.tied,
        )  # fmt: skip
        self.plugged: Plugged | None = plug_in(self, scenario, values)

    @property
    def counts(self) -> np.ndarray:
        """People counted in each week of the run: int64 of shape (weeks + 1, CELLS, COUNTS)."""
        return self.counted[0]

    def followed(self) -> np.ndarray:
        """People counted by the week since each came, as far as followed; shaped as `counts`.

        In a closed cohort these are the counts themselves.
        """
        if not self.is_open:
            return self.counts
        found = self.counted[FOLLOWED].copy()
        for place in (DIED, *range(UP_TO_NOW, len(COUNTS))):
            np.cumsum(found[..., place], axis=0, out=found[..., place])
        alive = found[..., AT["stage_using"] : AT["stage_dead"]].sum(axis=-1)
        treated = found[..., AT["treatment_medication"]]
        policy = self.table["medication_policy"]["person_centred"]
        for place, people, share in (
            (CARRYING, alive, self.table["naloxone"]["carried_share"]),
            (PERSON_CENTRED, treated, policy),
        ):
            hundredths = np.floor(100 * self.when_followed(share) + 0.5).astype(np.int64)
            found[..., place] = people * hundredths[:, None] * GROUPS["substance=opioids"]
        return found

    def when_followed(self, column: np.ndarray) -> np.ndarray:
        """A number of the table by the week since each came: its mean over those followed then.

        `column` has a value a week of the run, the last for ever after; so has what is returned,
        float64 of (weeks + 1,).
        """
        weeks = np.arange(len(self.counts))
        in_force = column[np.minimum(weeks, len(column) - 1)].astype(float)
        if not self.is_open:
            return in_force
        came = np.bincount(self.clients["arrives"], minlength=len(weeks))[: len(weeks)]
        there = [came[: len(weeks) - week] for week in weeks]
        sums = [there[week] @ in_force[week:] for week in weeks]
        return np.array(sums) / np.maximum([some.sum() for some in there], 1)

    @property
    def tied(self) -> bool:
        """Whether this world has a network at all."""
        return self.scenario.network != "none" or self._given

    def _ties(self, clients: int, seed: int, graph: Any) -> np.ndarray:
        today = self.table[0]
        slots = int(today["company"]["slots"])
        mean = today["network"]["mean_ties"]
        self._given = graph is not None
        file = self.scenario.network_file
        if graph is None and file is not None:
            graph = read_graph(file)
            if len(graph) != clients:
                raise NetworkError(
                    f"{file} holds {len(graph)} people, and the run has "
                    f"{clients}. Run it with --clients {len(graph)}."
                )
        if graph is not None:
            return from_graph(graph, slots)
        ties = empty_slots(clients, slots)
        network_seed = np.uint64(mix_plainly(seed))
        if self.scenario.network == "small-world":
            small_world(ties, int(mean), today["network"]["rewired_share"], network_seed)
        elif self.scenario.network == "configuration" and mean > 0:
            configuration_model(ties, float(mean), network_seed)
        return ties

    def run_for(self, weeks: int, *, plainly: bool = False) -> None:
        """Live so many weeks. In one go or one at a time, the history is the same.

        `plainly` lives them by the uncompiled rules: the same history, slowly, where a debugger can
        follow.
        """
        last = self.week + weeks
        if last > LONGEST_RUN:
            raise ValueError(
                f"a run lasts at most {LONGEST_RUN} weeks; this one would reach {last}"
            )
        if last >= len(self.counts):
            if self.is_open:
                raise ValueError(
                    f"an open system is followed for the {len(self.counts) - 1} weeks that it was "
                    f"made for; this run would reach week {last}. Make it with more years."
                )
            views, weeks, *rest = self.counted.shape
            more = np.zeros((views, last + 1 - weeks, *rest), np.int32)
            self.counted = np.concatenate([self.counted, more], axis=1)
        while self.week < last:
            until = self.plugged.begin(self.week, last) if self.plugged else last
            parts = [
                self.clients, self.ties, self.shown, self.workers, self.groups, self.table,
                self.curves, self.counted, self.journal, self.written, self.panel,
            ]  # fmt: skip
            if plainly:
                self.week = plain(live_through)(*map(PlainTable, parts), self.week, until)
            else:
                self.week = live_through(*parts, self.week, until)
            if self.week < until:
                self.journal = np.concatenate([self.journal, np.zeros_like(self.journal)])

    def stays(self) -> np.ndarray:
        """Every finished stay so far, of the sample, as a structured array of `journeys.STAY`."""
        return self.journal[: self.written[RECORDS]]

    def sample(self) -> np.ndarray:
        """The clients of whom journeys and panel are kept, a view: everybody, unless asked."""
        return self.clients[:: self.written[ONE_IN]]


def _refuse_contradictions(name: str, today: np.void) -> None:
    """ScenarioError where numbers that are right one by one cannot be right together."""
    faults = []
    company, population = today["company"], today["population"]
    if company["reached_by_members_share"] <= company["in_recovery_at_entry_share"]:
        message = "should be above company.in_recovery_at_entry_share"
        faults.append(Fault(name, 0, "company.reached_by_members_share", message))
    if population["substance_share"].sum() <= 0:
        message = "the shares of all three substances are 0; nobody would start"
        faults.append(Fault(name, 0, "population.<substance>.substance_share", message))
    if population["religious_share"] + population["unsure_share"] > 1:
        message = "with population.unsure_share makes more than 1"
        faults.append(Fault(name, 0, "population.religious_share", message))
    if faults:
        raise ScenarioError(faults)
