"""Would the test of equivalence notice a wrong rule? Ten deliberate breaks, to be run by hand.

    python -m tests.reference.break_it            # all ten
    python -m tests.reference.break_it "ties"     # those whose names have these words in them

Five break the reference, a rule at a time; five break the program, without looking into it, by a
setting or a number that comes to a wrong rule. Each is compared with the other side unbroken, by
the same outcomes, worlds, seeds and margins as in tests/test_reference.py. A break is caught if an
interval lies outside its margin altogether: more than is needed for the test to fail, so that none
is caught by luck. The ten were chosen before it was known which are caught.
"""

import sys
import time
from functools import partial

import numpy as np

from tests.reference.model import IN_USE, LAPSED, Cohort
from tests.test_reference import (
    PROGRAM_WORLDS,
    REFERENCE_WORLDS,
    SCENARIOS,
    a_program_world,
    a_reference_world,
    in_words,
    many_worlds,
    table,
)


class FidelityIgnored(Cohort):
    """Every offer pulls as one delivered in full (7.4)."""

    def link(self, due):
        declared = self.p.linkage.fidelity
        self.p.linkage.fidelity = np.ones_like(declared)
        super().link(due)
        self.p.linkage.fidelity = declared


class LapseIsReturn(Cohort):
    """Any first use is a return to use (7.9)."""

    def set_use(self, who, use):
        super().set_use(who, np.where(use == LAPSED, IN_USE, use))


class ToleranceNeverLost(Cohort):
    """Tolerance is full all the time (7.12)."""

    def die(self, alive):
        self.tolerance[:] = 1
        super().die(alive)


class ExcessWhateverTheUse(Cohort):
    """The excess of other causes is that while using for everybody not on medication (7.12)."""

    def die(self, alive):
        self.p.deaths.excess_abstinent = self.p.deaths.excess_lapsed = np.ones(self.n)
        super().die(alive)


class TiesStay(Cohort):
    """Nobody's ties ever change (7.13)."""

    def change_company(self):
        pass


REFERENCE_BROKEN = {
    "fidelity of linkage is ignored (7.4)": FidelityIgnored,
    "a lapse counts as a return to use (7.9)": LapseIsReturn,
    "tolerance is never lost (7.12)": ToleranceNeverLost,
    "excess deaths do not differ by use (7.12)": ExcessWhateverTheUse,
    "ties never change (7.13)": TiesStay,
}
PROGRAM_BROKEN = {
    "involvement never grows (7.6)": {"settings": {"mechanisms.involvement": False}},
    "use does not make people leave mutual aid (7.5)": {
        "settings": {"mechanisms.use_makes_leaving": False}
    },
    "the level of overdose rates is left out (7.12)": {"changes": {"deaths.overdose_level": 1.0}},
    "no meetings are held on the premises (7.4)": {"changes": {"on_the_premises.held_share": 0.0}},
    "a lasting stop has no head start (7.10)": {
        "changes": {"remission_without_help.head_start_weeks": 0.0}
    },
}


def report(name, make, worlds, compare):
    """Scenario after scenario until it is caught; says where, or what came nearest to it."""
    begun, broken, rows, beyond = time.time(), {}, [], []
    for scenario in SCENARIOS:
        broken |= many_worlds(make, worlds, (scenario,))
        rows = compare(broken)
        if beyond := [row for row in rows if abs(row[3]) - row[4] > row[5]]:
            break
    verdict = f"caught by {scenario}" if beyond else "NOT CAUGHT"
    took = f"{len(beyond)} of {len(rows)} comparisons, {time.time() - begun:.0f} s"
    print(f"\n{name}: {verdict}, {took}")
    for row in sorted(rows, key=lambda row: -abs(row[3]) / row[5])[:3]:
        print(f"  {abs(row[3]) / row[5]:5.1f} margins  {in_words(row)}", flush=True)
    return bool(beyond)


def main(words=""):
    """Breaks whose names hold these words, after a comparison of both versions as they are."""
    begun = time.time()
    ours = many_worlds(a_reference_world, REFERENCE_WORLDS)
    theirs = many_worlds(a_program_world, PROGRAM_WORLDS)
    outside = [row for row in table(ours, theirs) if not row[-1]]
    print(f"nothing broken: {len(outside)} outside, {time.time() - begun:.0f} s", flush=True)

    def with_reference(broken):
        return table(broken, theirs)

    def with_program(broken):
        return table({key: ours[key] for key in broken}, broken)

    breaks = [
        (
            f"reference: {name}",
            partial(a_reference_world, version=x),
            REFERENCE_WORLDS,
            with_reference,
        )
        for name, x in REFERENCE_BROKEN.items()
    ]
    breaks += [
        (f"program: {name}", partial(a_program_world, **x), PROGRAM_WORLDS, with_program)
        for name, x in PROGRAM_BROKEN.items()
    ]
    caught = [report(*this) for this in breaks if words in this[0]]
    print(f"\ncaught {sum(caught)} of {len(caught)}")
    return 0 if caught and all(caught) and not outside else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
