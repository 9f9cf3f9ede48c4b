"""A small compiled model to measure others against.

People use, are in treatment or live in the community; each has eight fixed ties and belongs to one
of forty groups. It has the parts that cost time in any model of this kind, and no more: a look at
others, three throws of keyed dice a person and week, one hazard that falls with time and is
computed where it is needed, and a count of every group's attendance.

It says how fast the machine is today. It says nothing about recovery: its numbers are made up.

    python benchmarks/reference_kernel.py [clients] [weeks]
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np
from numba import njit

TIES = 8
GROUPS = 40

USING, TREATMENT, COMMUNITY, DEAD = 0, 1, 2, 3
STATES = ("using", "treatment", "community", "dead")

SCALE_WEEKS = 8.0
STARTS_TREATMENT_PER_WEEK = 0.02
COMPLETES_PER_WEEK = 0.05
DIES_PER_WEEK = 0.0003
DIES_WHILE_USING_RATIO = 3.0
GOES_ANYWAY = 0.05
GOES_FOR_COMPANY = 0.40
GOES_FOR_THE_GROUP = 0.30
COMPANY_PROTECTS = 0.8
GOING_PROTECTS = 0.5
FRAILTY_SD = 0.3
REWIRED_SHARE = 0.1

GOES, MOVES, DIES = np.uint64(0xA24BAED4963EE407), np.uint64(0x9FB21C651E98DF25), np.uint64(1)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)
TO_53_BITS = np.uint64(11)
ONE_IN_2_53 = 2.0**-53

PERSON = np.dtype(
    [
        ("luck", "u8"),
        ("frailty", "f8"),
        ("seen_abstinent", "f8"),
        ("ties", "i4", TIES),
        ("group", "i4"),
        ("weeks_abstinent", "i4"),
        ("state", "i1"),
        ("attends", "?"),
        ("shown_abstinent", "?"),
    ],
    align=True,
)

rule = njit(error_model="numpy")


@rule
def mix(x):
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    x = (x ^ (x >> SHIFT_30)) * FIRST
    x = (x ^ (x >> SHIFT_27)) * SECOND
    return x ^ (x >> SHIFT_31)


@rule
def throw(dice, question):
    return (mix(dice ^ question) >> TO_53_BITS) * ONE_IN_2_53


@rule
def look_around(person, people):
    """The share of my ties that were abstinent last week."""
    abstinent = 0
    for slot in range(TIES):
        abstinent += people[person.ties[slot]].shown_abstinent
    person.seen_abstinent = abstinent / TIES


@rule
def go_to_a_meeting(person, attendance, dice):
    """Likelier in sober company and where last week's meeting was well attended."""
    chance = GOES_ANYWAY
    if person.state != USING:
        chance += GOES_FOR_COMPANY * person.seen_abstinent
        chance += GOES_FOR_THE_GROUP * attendance[person.group]
    person.attends = throw(dice, GOES) < chance


@rule
def return_to_use_hazard(person):
    """Log-logistic in the weeks of abstinence: the cumulative hazard is ln(1 + t / s)."""
    falls = math.log((SCALE_WEEKS + person.weeks_abstinent + 1) / (
        SCALE_WEEKS + person.weeks_abstinent
    ))  # fmt: skip
    protects = COMPANY_PROTECTS * person.seen_abstinent + GOING_PROTECTS * person.attends
    return falls * math.exp(person.frailty - protects)


@rule
def live(person, dice):
    """One week in the state a person is in."""
    thrown = throw(dice, MOVES)
    if person.state == USING:
        if thrown < STARTS_TREATMENT_PER_WEEK:
            person.state = TREATMENT
    elif thrown < 1.0 - math.exp(-return_to_use_hazard(person)):
        person.state = USING
        person.weeks_abstinent = 0
    else:
        person.weeks_abstinent += 1
        if person.state == TREATMENT and thrown > 1.0 - COMPLETES_PER_WEEK:
            person.state = COMMUNITY


@rule
def perhaps_die(person, dice):
    hazard = DIES_PER_WEEK
    if person.state == USING:
        hazard *= DIES_WHILE_USING_RATIO
    if throw(dice, DIES) < hazard:
        person.state = DEAD
        person.attends = False


@rule
def groups_meet(people, attendance, sizes):
    """What is seen of everybody next week: who is abstinent, which groups are well attended."""
    attendance[:] = 0.0
    for row in range(people.size):
        person = people[row]
        person.shown_abstinent = person.state == COMMUNITY or person.state == TREATMENT
        attendance[person.group] += person.attends
    for group in range(GROUPS):
        attendance[group] /= max(sizes[group], 1)


@njit(nogil=True, error_model="numpy")
def live_through(people, sizes, weeks):
    """Every week for everybody; others are seen as they were a week ago."""
    attendance = np.zeros(GROUPS)
    for week in range(weeks):
        for row in range(people.size):
            person = people[row]
            if person.state == DEAD:
                continue
            dice = mix(person.luck + np.uint64(week) * GOLDEN)
            look_around(person, people)
            go_to_a_meeting(person, attendance, dice)
            live(person, dice)
            perhaps_die(person, dice)
        groups_meet(people, attendance, sizes)


def small_world(clients: int, rng: np.random.Generator) -> np.ndarray:
    """Four neighbours on either side of a ring; one tie in ten goes to anybody instead."""
    steps = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
    neighbours = (np.arange(clients)[:, None] + steps) % clients
    anybody = rng.integers(0, clients, (clients, TIES))
    return np.where(rng.random((clients, TIES)) < REWIRED_SHARE, anybody, neighbours)


def everybody(clients: int, seed: int) -> np.ndarray:
    """People at the start: a fifth in treatment, the rest using, in a small world."""
    rng = np.random.default_rng(seed)
    people = np.zeros(clients, PERSON)
    people["luck"] = rng.integers(0, 2**64, clients, dtype=np.uint64)
    people["frailty"] = rng.normal(0.0, FRAILTY_SD, clients)
    people["ties"] = small_world(clients, rng)
    people["group"] = rng.integers(0, GROUPS, clients)
    people["state"] = np.where(rng.random(clients) < 0.2, TREATMENT, USING)
    people["shown_abstinent"] = people["state"] != USING
    return people


def run(clients: int, weeks: int, seed: int = 1) -> dict[str, float]:
    """Shares of everybody in each state after so many weeks, and of those who went to a meeting."""
    people = everybody(clients, seed)
    live_through(people, np.bincount(people["group"], minlength=GROUPS), weeks)
    shares = {name: float(np.mean(people["state"] == code)) for code, name in enumerate(STATES)}
    return shares | {"attending": float(people["attends"].mean())}


def seconds(clients: int, weeks: int, seed: int = 1) -> float:
    """CPU seconds of the weeks, compiled beforehand; people and ties are made outside the clock."""
    few = everybody(GROUPS, seed)
    live_through(few, np.bincount(few["group"], minlength=GROUPS), 1)
    people = everybody(clients, seed)
    sizes = np.bincount(people["group"], minlength=GROUPS)
    start = time.process_time()
    live_through(people, sizes, weeks)
    return time.process_time() - start


if __name__ == "__main__":
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 520
    print(", ".join(f"{name} {share:.3f}" for name, share in run(clients, weeks).items()))
    fastest = min(seconds(clients, weeks) for _ in range(5))
    print(f"{fastest / (clients * weeks) * 1e9:.1f} ns per client-week (fastest of five)")
