"""The classic model (`classic_mesa.py`) tuned by hand, within plain Python and Mesa.

What a good Python programmer would do before reaching for a compiler: people have slots; random
numbers are drawn in batches; whatever is the same for everybody of a week, or depends on whole
weeks only, is computed once or looked up (`tuned_numbers.py`); motivation is summed once; nobody is
shuffled where the order does not matter; the dead are skipped; outcomes are counted in the loop
that shows people. What happens rarely is left as it is.

    python benchmarks/tuned_mesa.py [clients] [weeks]
"""

from __future__ import annotations

import sys
from collections import Counter

import classic_mesa
from classic_mesa import DAYS_30, DAYS_90, WEEKS_A_YEAR, RecoveryModel
from tuned_numbers import Numbers
from tuned_person import TunedPerson

BATCH = 100_000

# What a scenario changes may not be kept with a person for good.
KEPT_WITH_PEOPLE = ("return_to_use.", "deaths.")


def one_by_one(draw):
    """Random numbers from batches, as fast as plain Python hands them out."""
    while True:
        yield from draw(BATCH).tolist()


class TunedModel(RecoveryModel):
    """The same people, week by week."""

    kind_of_person = TunedPerson

    def __init__(self, clients, seed=None, scenario="baseline"):
        self.by_substance = {}
        super().__init__(clients, seed, scenario)
        changed = [key for key in self.changes if key.startswith(KEPT_WITH_PEOPLE)]
        if changed:
            raise ValueError(f"{changed[0]} is kept with people for good: leave it as it is")
        self.alive = list(self.agents)
        self.counted = super().count()

    def numbers_this_week(self):
        numbers = super().numbers_this_week()
        if not self.by_substance:
            self.throw = one_by_one(self.rng.random).__next__
            self.normal = one_by_one(self.rng.standard_normal).__next__
            for substance in numbers.population.substance_share:
                self.by_substance[substance] = Numbers(self, substance)
        for at in self.by_substance.values():
            at.look_up(numbers)
        treatment = numbers.treatment
        self.leaves_treatment = {
            modality: [
                self.chance_of_leaving(treatment, modality, week)
                for week in range(int(treatment.planned_end_weeks[modality]) + 1)
            ]
            for modality in treatment.planned_end_weeks
        }
        return numbers

    @staticmethod
    def chance_of_leaving(treatment, modality, week):
        shape, at = treatment.retention_shape[modality], treatment.retained_at_weeks[modality]
        passed = ((week + 1) / at) ** shape - (week / at) ** shape
        return 1.0 - treatment.retained_share[modality] ** passed

    def step(self):
        """As the classic model; only those who exchange somebody do so in random order."""
        if self.changes:
            self.numbers = self.numbers_this_week()
        for at in self.by_substance.values():
            at.now(self.week)
        changing = [person for person in self.alive if person.step()]
        self.random.shuffle(changing)
        for person in changing:
            person.change_company()
        self.show_and_count()
        self.week += 1

    def show_and_count(self):
        """What others see next week, and the counts, in one look at everybody."""
        seen_after = self.numbers.company.recovery_is_seen_after_weeks
        stages, died = Counter(), False
        ever = connected = readmitted = attending = member = involved = percent = 0
        abstinent = of_30 = of_90 = of_a_year = since_discharge = medicated = 0
        for person in self.alive:
            stage = person.stage
            if stage == "dead":
                person.seen, died = "dead", True
                self.bury(person)
                continue
            stages[stage] += 1
            ever += person.ever_attended
            connected += person.is_connected
            if person.episodes > 1:
                readmitted += person.episodes - 1
            attendance = person.attendance
            if attendance not in ("never", "left"):
                attending += 1
                if attendance != "trying":
                    member += 1
                    involved += attendance == "involved"
            percent += int(100.0 * person.sober_company + 0.5)
            if person.use != "abstinent":
                person.seen = "using"
                continue
            weeks = person.weeks_abstinent
            person.seen = "in recovery" if weeks >= seen_after else "using"
            abstinent += 1
            of_30 += weeks >= DAYS_30
            of_90 += weeks >= DAYS_90
            of_a_year += weeks >= WEEKS_A_YEAR
            if person.weeks_since_discharge is not None and not person.used_since_discharge:
                since_discharge += 1
            medicated += person.modality == "medication"
        if died:
            self.alive = [person for person in self.alive if person.stage != "dead"]
        self.counted = Counter(
            {f"stage_{stage}": count for stage, count in stages.items()},
            attending=attending, member=member, involved=involved, use_abstinent=abstinent,
            company_in_recovery_percent=percent, abstinent_30_days=of_30, abstinent_90_days=of_90,
            at_least_1_year=of_a_year, since_discharge=since_discharge,
            medication_abstinent=medicated, ever_attended=ever, connected=connected,
            readmissions=readmitted,
        )  # fmt: skip
        self.counted += self.of_the_dead
        self.counted["stage_dead"] = self.died_of.total()
        self.counted["deaths_overdose"] = self.died_of["overdose"]

    def count(self):
        return self.counted


if __name__ == "__main__":
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    took = classic_mesa.seconds(clients, weeks, kind_of_model=TunedModel)
    print(f"{took / (clients * weeks) * 1e9:.0f} ns per client-week")
