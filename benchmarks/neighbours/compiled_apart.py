"""The compiled kernel, what others see of people in an array of its own, as recoverysim has it.

A row of the reference kernel is 72 bytes, and a tie may be anybody's: with a million people one
byte of a stranger's row is a wait for memory. An array of bytes stays near.
"""

from __future__ import annotations

import numpy as np
import reference_kernel as small
from numba import njit
from reference_kernel import go_to_a_meeting, mix, perhaps_die, rule
from reference_kernel import live as live_a_week

from neighbours import compiled
from neighbours.compiled import found

__all__ = ["found", "live", "prepare"]

TIES, GROUPS, DEAD, GOLDEN = small.TIES, small.GROUPS, small.DEAD, small.GOLDEN
COMMUNITY, TREATMENT = small.COMMUNITY, small.TREATMENT


@rule
def look_around(person, shown):
    abstinent = 0
    for slot in range(TIES):
        abstinent += shown[person.ties[slot]]
    person.seen_abstinent = abstinent / TIES


@rule
def groups_meet(people, shown, attendance, sizes):
    attendance[:] = 0.0
    for row in range(people.size):
        person = people[row]
        shown[row] = person.state == COMMUNITY or person.state == TREATMENT
        attendance[person.group] += person.attends
    for group in range(GROUPS):
        attendance[group] /= max(sizes[group], 1)


@njit(nogil=True, error_model="numpy")
def live_through(people, shown, sizes, weeks):
    attendance = np.zeros(GROUPS)
    for week in range(weeks):
        for row in range(people.size):
            person = people[row]
            if person.state == DEAD:
                continue
            dice = mix(person.luck + np.uint64(week) * GOLDEN)
            look_around(person, shown)
            go_to_a_meeting(person, attendance, dice)
            live_a_week(person, dice)
            perhaps_die(person, dice)
        groups_meet(people, shown, attendance, sizes)


def prepare(people, weeks, seed):
    people, sizes, weeks = compiled.prepare(people, weeks, seed)
    return people, people["shown_abstinent"].copy(), sizes, weeks


def live(model):
    live_through(*model)
