"""Would the test of equivalence notice a wrong rule? Ten deliberate breaks, to be run by hand.

    python -m tests.reference.break_it            # all ten
    python -m tests.reference.break_it "ties"     # those whose names have these words in them

Five break the reference, a rule at a time; five break the program, without looking into it, by a
setting or a number that comes to a wrong rule. Each is compared with the other side unbroken, by
the same outcomes, worlds, seeds and margins as in tests/test_reference.py. A break is caught if the
test would fail. The ten were chosen before it was known which are caught.
"""

import sys
import time
from functools import partial

import numpy as np

from recoverysim.knowledge import central_values
from tests.reference.model import IN_USE, LAPSED, Cohort
from tests.test_reference import (
    PROGRAM_WORLDS,
    REFERENCE_WORLDS,
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


def report(side, name, rows, seconds):
    """What the test would say of one break: how many rows fail, and the three furthest off."""
    outside = [row for row in rows if not row[-1]]
    furthest = sorted(rows, key=lambda row: -abs(row[3]) / row[5])[:3]
    verdict = f"{len(outside)} of {len(rows)} outside" if outside else "NOT CAUGHT"
    print(f"\n{side}: {name}: {verdict}, {seconds:.0f} s", flush=True)
    for row in furthest:
        print(f"  {abs(row[3]) / row[5]:5.1f} margins  {in_words(row)}", flush=True)
    return bool(outside)


def main(words=""):
    begun = time.time()
    ours = many_worlds(a_reference_world, REFERENCE_WORLDS)
    theirs = many_worlds(a_program_world, PROGRAM_WORLDS)
    outside = sum(not row[-1] for row in table(ours, theirs))
    print(f"nothing broken: {outside} outside, {time.time() - begun:.0f} s", flush=True)
    caught = [outside == 0]
    for name, kind in REFERENCE_BROKEN.items():
        if words in name:
            begun = time.time()
            broken = many_worlds(partial(a_reference_world, kind=kind), REFERENCE_WORLDS)
            caught.append(report("reference", name, table(broken, theirs), time.time() - begun))
    for name, how in PROGRAM_BROKEN.items():
        if words in name:
            begun = time.time()
            broken = many_worlds(partial(a_program_world, **how), PROGRAM_WORLDS)
            caught.append(report("program", name, table(ours, broken), time.time() - begun))
    print(f"\ncaught {sum(caught[1:])} of {len(caught) - 1}")
    return 0 if all(caught) else 1


if __name__ == "__main__":
    assert all(
        key in central_values() for x in PROGRAM_BROKEN.values() for key in x.get("changes", ())
    )
    sys.exit(main(*sys.argv[1:]))
