"""The program gives the same results as a second version, written from its description alone.

This is a test of equivalence, two one-sided tests for every outcome: the 99% interval of the
difference between the versions has to lie inside a margin that was fixed beforehand. It fails where
they differ, and also where there are too few people to tell. Seeds are fixed; neither they nor the
margins are changed to make it pass.

Sizes. With 40 worlds of the reference and 400 of the program, of 20,000 people each, the standard
error (se) of a difference is sqrt(sd² / 40 + sd² / 400), sd being that between worlds, from a pilot
with other seeds. Two equal models pass where luck is smaller than margin − 2.71 se (t at 99.5% with
39 degrees of freedom, fewer than Welch's). So it may be as large as

    shares       sd 3 per 1,000, se 0.50:                              5 / 0.50 − 2.7 =  7.3 se
                 sd 4.0 for abstinent_90_days, the largest, se 0.66:   5 / 0.66 − 2.7 =  4.9 se
    readmissions sd 1.7%, se 0.28%:                                    5 / 0.28 − 2.7 = 15.2 se
    overdoses    sd 16.2% (program) and 0.8% (reference), 1 year, 0.82%: 5 / 0.82 − 2.7 =  3.4 se
                 sd 11.3% and 0.7%, 2 years, se 0.58%:                 5 / 0.58 − 2.7 =  5.9 se
    deaths       sd 6% and 0.4%, 1 year, se 0.31%:                     5 / 0.31 − 2.7 = 13.4 se
                 counted in both, sd 4.3%, 2 years, se 0.71%:          5 / 0.71 − 2.7 =  4.3 se
    differences  sd 0.6 per 1,000, as throws are paired, se 0.10:      2 / 0.10 − 2.7 = 17.3 se
                 sd 0.9 for ever_attended, se 0.15:                    2 / 0.15 − 2.7 = 10.6 se

The chance of failing is 0.0007 at 3.4 se (six scenarios of nearly the same people), less than
0.00002 at 4.3 se (six comparisons) and 0.000001 at 4.9 se, and nothing for the rest: below 0.005 in
all, so that two equal models pass with probability above 0.99.

What it sees: tests/reference/break_it.py breaks each version on purpose in five places. What it
cannot see is a wrong rule that moves every outcome by less than its margin.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from recoverysim.knowledge import central_values
from recoverysim.outcomes import COUNTS
from tests import reference
from tests.reference.model import Cohort
from tests.worlds import a_world, switched_off

CLIENTS, REFERENCE_WORLDS, PROGRAM_WORLDS, REFERENCE_SEED, PROGRAM_SEED = (
    20_000,
    40,
    400,
    11,
    70_000,
)
CONFIDENCE, SHARE_MARGIN, RATE_MARGIN, DIFFERENCE_MARGIN = (
    0.99,
    5.0,
    0.05,
    2.0,
)  # per 1,000 where so
NOTHING = dict.fromkeys(("intensive", "peer", "clinician", "leaflet"), 0.0)
OFFERED = {
    "baseline": {},
    "leaflet-only": {**NOTHING, "leaflet": 1.0},
    "peer-introduction": {"peer": 0.6},
    "intensive-referral": {"intensive": 0.6},
    "cut-linkage": NOTHING,
}
# The baseline with meetings on all premises; on as few as are declared they move too little to see.
HELD_EVERYWHERE = "held-everywhere"
# The reference is of the core: offers by shares alone, whoever the worker is, nothing fading, one
# mutual aid, ties all alike, and nothing that services add around the journey.
CORE = switched_off(
    "practitioners", "fidelity_drift", "group_life", "aftercare", "recovery_housing",
    "recovery_centres", "naloxone", "medication_policy", "close_ties",
)  # fmt: skip
SCENARIOS = (*OFFERED, HELD_EVERYWHERE)
SHARES = (
    "abstinent_90_days",
    "since_discharge",
    "at_least_1_year_without_medication",
    "stage_using",
    "stage_treatment",
    "attending",
    "involved",
    "ever_attended",
    "connected",
    "company_in_recovery",
)
# The reference sums chances of death, which hold less luck than deaths; they are also counted.
RATES = {
    "deaths": ("deaths_expected", "stage_dead"),
    "deaths by overdose": ("overdoses_expected", "deaths_overdose"),
    "readmissions": ("readmissions", "readmissions"),
    "deaths counted": ("stage_dead", "stage_dead"),
}
FOLDER = Path(reference.__file__).parent


def years_of(scenario):
    return (1, 2, 5) if scenario == "baseline" else (1, 2)


def measures(counts, years, which):
    """Shares per 1,000 who started, and rates per 1,000 person-years, of one world."""
    # Of everybody's company, with nobody in recovery in that of people who have died.
    counts = {**counts, "company_in_recovery": counts["company_in_recovery_percent"] / 100}
    found = {(name, y): 1000 * counts[name][52 * y] / CLIENTS for y in years for name in SHARES}
    for y in years:
        person_years = (CLIENTS - counts["stage_dead"][: 52 * y]).sum() / 52
        for name, names in RATES.items():
            found[name, y] = 1000 * counts[names[which]][52 * y] / person_years
    return found


def values_of(scenario):
    """The declared values, or those with meetings held on all premises, for both versions."""
    held = {"on_the_premises.held_share": 1.0} if scenario == HELD_EVERYWHERE else {}
    return {**central_values(), **held}


def a_reference_world(scenario, number, version=Cohort):
    """Measures of one world of the reference, or of a version of it broken on purpose."""
    years, offered = years_of(scenario), OFFERED.get(scenario, {})
    changes = {f"linkage.{kind}.offered_share": x for kind, x in offered.items()}
    cohort = version(values_of(scenario), CLIENTS, [REFERENCE_SEED, number], changes)
    return measures(cohort.live(52 * max(years)), years, 0)


def a_program_world(scenario, number, settings=None, changes=None):
    """Measures of one world of the program; settings or values may be changed to break it."""
    years, values = years_of(scenario), {**values_of(scenario), **(changes or {})}
    file, seed = scenario if scenario in OFFERED else "baseline", PROGRAM_SEED + number
    world = a_world(file, CLIENTS, 52 * max(years), seed, CORE | (settings or {}), values)
    counts = dict(zip(COUNTS, world.counts.sum(axis=1).T.astype(float)))
    return measures(counts, years, 1)


def many_worlds(make, number, scenarios=SCENARIOS):
    """Every measure in every world, by scenario, name and year; worlds of one number are twins."""
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        jobs = {s: [pool.submit(make, s, i) for i in range(number)] for s in scenarios}
        found = {s: [job.result() for job in these] for s, these in jobs.items()}
    return {
        (s, *key): np.array([world[key] for world in worlds])
        for s, worlds in found.items()
        for key in worlds[0]
    }


def compared(name, one, other, margin):
    """A row of the table: means, their difference, half its interval, the margin, inside or not."""
    error = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    half = error * stats.t.ppf((1 + CONFIDENCE) / 2, min(len(one), len(other)) - 1)
    difference = one.mean() - other.mean()
    return name, one.mean(), other.mean(), difference, half, margin, abs(difference) + half < margin


def table(ours, theirs):
    """All comparisons: shares, rates, and differences from the baseline between twins.

    What meetings on the premises change in going is compared like this too: it is small, and for
    other scenarios the luck in this difference is too large for the margin.
    """
    rows = []
    for key, one in ours.items():
        scenario, name, year = key
        if name in SHARES:
            rows.append(compared(key, one, theirs[key], SHARE_MARGIN))
        elif name != "deaths counted" or year > 1:
            rows.append(compared(key, one, theirs[key], RATE_MARGIN * theirs[key].mean()))
        moved = name == "ever_attended" and scenario == HELD_EVERYWHERE
        if moved or (name == "abstinent_90_days" and scenario != "baseline"):
            usual = ("baseline", name, year)
            gains = (side[key] - side[usual] for side in (ours, theirs))
            rows.append(compared((scenario, f"more {name}", year), *gains, DIFFERENCE_MARGIN))
    return rows


def in_words(row):
    (scenario, name, year), one, other, difference, half, margin, inside = row
    return (
        f"{scenario:18} {name:34} year {year}  reference {one:8.3f}  program {other:8.3f}  "
        f"difference {difference:+7.3f} ± {half:5.3f}  margin {margin:5.3f}"
        f"{'' if inside else '  OUTSIDE'}"
    )


@pytest.mark.slow
def test_the_program_and_the_reference_are_equivalent():
    rows = table(
        many_worlds(a_reference_world, REFERENCE_WORLDS),
        many_worlds(a_program_world, PROGRAM_WORLDS),
    )
    print("\n" + "\n".join(in_words(row) for row in rows))
    outside = [in_words(row) for row in rows if not row[-1]]
    assert not outside, "\n".join(outside)


def test_the_reference_runs_and_nobody_is_lost():
    counts = Cohort(central_values(), 500, 1).live(20)
    stages = [f"stage_{s}" for s in ("using", "waiting", "detox", "treatment", "community", "dead")]
    assert (sum(counts[stage] for stage in stages) == 500).all()
    assert len(counts["stage_dead"]) == 21
    for carried_on in ("stage_dead", "ever_attended", "offered", "connected", "readmissions"):
        assert (np.diff(counts[carried_on]) >= 0).all()
    assert counts["member"][20] > 0


def test_every_mechanism_of_the_reference_can_be_switched_off():
    source = (FOLDER / "model.py").read_text(encoding="utf-8")
    switches = "mutual_aid_effect involvement company capital readiness use_makes_leaving fit"
    switches += " state_dependence duration_dependence remission_without_help lost_tolerance"
    for switch in [*switches.split(), "medication_protection"]:
        assert f'on("{switch}")' in source
    off = Cohort(central_values(), 500, 1, off=("involvement",)).live(30)
    assert off["involved"].sum() == 0


def test_the_reference_is_short_and_shares_no_code_with_the_program():
    source = (FOLDER / "model.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported == {"re", "types", "numpy"}
