"""Whether recoverysim and the classic Mesa model say the same, on average.

Both live the same scenario at the same central values, in many repeats; no two repeats share any
luck. For every outcome and year the means are compared by Welch's t test. The rule was fixed before
the first run: the two are called equal if no comparison has a p value below 0.001 divided by the
number of comparisons (Bonferroni), so that two equal models fail at most once in a thousand runs.

A verdict of "equal" is worth what the table could have seen: the last column is the difference, per
1,000 people, that would have been noticed nine times in ten.

    python benchmarks/equal.py [--repeats 40] [--clients 1500] [--scenario baseline] [--model tuned]
"""

from __future__ import annotations

import argparse
import math
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from classic_mesa import RecoveryModel, run
from scipy import stats
from tuned_mesa import TunedModel

from recoverysim.outcomes import AT
from recoverysim.quantities import all_quantities
from recoverysim.scenario import load
from recoverysim.world import World, seed_of_repeat

YEARS = (1, 2, 5)
WEEKS_A_YEAR = 52
FAMILY_WISE = 0.001
POWER = 0.9
# So many for each of Mesa's: they cost little, and leave little luck on this side.
REPEATS_OF_RECOVERYSIM = 10
SEED_OF_MESA = 5_000_000
MODELS = {"classic": RecoveryModel, "tuned": TunedModel}

OUTCOMES = (
    "abstinent_90_days",
    "since_discharge",
    "medication_abstinent",
    "stage_using",
    "stage_treatment",
    "stage_community",
    "attending",
    "member",
    "involved",
    "ever_attended",
    "connected",
    "stage_dead",
    "deaths_overdose",
    "readmissions",
    "company_in_recovery_percent",
)


def years_of_mesa(repeat, clients, scenario, model):
    """Counts per 1,000 people in each year of one repeat of the Mesa model: (years, outcomes)."""
    weeks, seed = max(YEARS) * WEEKS_A_YEAR, SEED_OF_MESA + repeat
    history = run(clients, weeks, seed, scenario, MODELS[model])
    weeks = [year * WEEKS_A_YEAR for year in YEARS]
    return np.stack([history[name][weeks] for name in OUTCOMES], axis=1) * 1000 / clients


# The Mesa model knows shares, one mutual aid, no workers, no programme that fades, ties that are
# all alike, and nothing that services add around the journey.
NOT_IN_THE_CORE = (
    "practitioners", "fidelity_drift", "group_life", "aftercare", "recovery_housing",
    "recovery_centres", "naloxone", "medication_policy", "close_ties",
)  # fmt: skip
CORE = {f"mechanisms.{name}": False for name in NOT_IN_THE_CORE}


def years_of_recoverysim(repeat, clients, scenario):
    """The same of one repeat of recoverysim."""
    values = {key: quantity.value for key, quantity in all_quantities().items()}
    core = load(scenario).replace(CORE)
    world = World(core, values, clients, seed_of_repeat(1, repeat))
    world.run_for(max(YEARS) * WEEKS_A_YEAR)
    counts = world.counts.sum(axis=1)  # over substances
    weeks = [year * WEEKS_A_YEAR for year in YEARS]
    return np.stack([counts[weeks, AT[name]] for name in OUTCOMES], axis=1) * 1000 / clients


def compare(ours, mesa):
    """Difference, its standard error, degrees of freedom and p, along the first axis (Welch)."""
    variances = [one.var(axis=0, ddof=1) / len(one) for one in (ours, mesa)]
    difference = ours.mean(axis=0) - mesa.mean(axis=0)
    error = np.sqrt(sum(variances))
    freedom = error**4 / sum(v**2 / (len(one) - 1) for v, one in zip(variances, (ours, mesa)))
    p = 2 * stats.t.sf(np.abs(difference) / error, freedom)
    return difference, error, freedom, p


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--repeats", type=int, default=40, help="of the Mesa model")
    asked.add_argument("--clients", type=int, default=1500)
    asked.add_argument("--scenario", default="baseline")
    asked.add_argument("--model", choices=MODELS, default="classic", help="which Mesa model")
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()

    how = {"clients": given.clients, "scenario": given.scenario}
    repeats = range(given.repeats * REPEATS_OF_RECOVERYSIM)
    ours = np.stack([years_of_recoverysim(repeat, **how) for repeat in repeats])
    with ProcessPoolExecutor(given.workers) as pool:
        found = pool.map(partial(years_of_mesa, **how, model=given.model), range(given.repeats))
        mesa = np.stack(list(found))

    difference, error, freedom, p = compare(ours, mesa)
    limit = FAMILY_WISE / p.size
    notice = (stats.t.isf(limit / 2, freedom) + stats.norm.isf(1 - POWER)) * error
    print(
        f"{given.scenario}: recoverysim {len(ours)} repeats, {given.model} Mesa {len(mesa)}, "
        f"{given.clients} people each; per 1,000 people"
    )
    print(f"{'':28} year  recoverysim      Mesa  difference  std. error      z  would notice")
    for place, name in enumerate(OUTCOMES):
        for row, year in enumerate(YEARS):
            print(
                f"{name if row == 0 else '':28} {year:4d}  "
                f"{ours[:, row, place].mean():11.2f} {mesa[:, row, place].mean():9.2f}  "
                f"{difference[row, place]:10.2f}  {error[row, place]:10.2f}  "
                f"{difference[row, place] / error[row, place]:5.2f}  {notice[row, place]:12.2f}"
                f"{'  DIFFERENT' if p[row, place] < limit else ''}"
            )
    z = difference / error
    print(
        f"{p.size} comparisons; smallest p {p.min():.2g}, limit {limit:.2g}; "
        f"root mean square of z {math.sqrt((z**2).mean()):.2f} (about 1 if equal)"
    )
    different = int((p < limit).sum())
    print(f"{different} DIFFERENT" if different else "EQUAL")
    return different > 0


if __name__ == "__main__":
    raise SystemExit(main())
