"""The table of clients: one row a person, one column a trait or a state.

``clients["identity"]`` is everybody's recovery identity; in a rule ``client.identity`` is one
person's. Traits are fixed at entry; states change week by week.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recoverysim.codes import (
    NO_CARE,
    NO_FELLOWSHIP,
    NO_GROUP,
    NO_MODALITY,
    NO_WORKER,
    NOWHERE,
)


class Column(NamedTuple):
    """One column: its type, unit, meaning, and the files whose rules write it."""

    name: str
    dtype: str
    unit: str
    meaning: str
    written_by: str


TRAITS = (
    Column("key", "u4", "", "who this is: the same in every scenario", "population"),
    Column("luck", "u8", "", "the seed of this client's dice", "population"),
    Column("readiness", "f4", "sd", "the lasting part of motivation", "population"),
    Column("readiness_seen", "f4", "sd", "a noisy reading of motivation at entry", "population"),
    Column("frailty", "f4", "log hazard", "own proneness to return to use", "population"),
    Column("fit", "f4", "sd", "how well mutual aid suits this person", "population"),
    Column("age", "f4", "years", "age at entry", "population"),
    Column("arrives", "i2", "week", "when this person first asks for help", "population"),
    Column("cell", "u1", "code", "substance, sex, age and need, for counting", "population"),
    Column("substance", "u1", "code", "main substance", "population"),
    Column("faith", "i1", "code", "religious, unsure or none", "population"),
    Column("goal", "i1", "code", "abstinence, or stability on medication", "population"),
    Column("female", "?", "", "is a woman", "population"),
    Column("psychiatric_need", "?", "", "has a mental-health need", "population"),
    Column("injecting", "?", "", "injects or has injected", "population"),
    Column("earlier_contact", "?", "", "had been to mutual aid before entry", "population"),
    Column("builds_sober_ties", "?", "", "can replace using company by sober", "population"),
)

STATES = (
    Column("mood", "f8", "sd", "the passing part of motivation", "population, motivation"),
    Column("involvement", "f4", "0 to 1", "group, sponsor, service", "population, involvement"),
    Column("pull", "f4", "log odds", "of a first meeting in 12 weeks", "linkage"),
    Column("worker_leans", "f4", "log odds", "of offering a link", "practitioners"),
    Column("delivered", "f4", "share", "fidelity of the last link, as it was made", "linkage"),
    Column("capital", "f4", "0 to 1", "recovery capital", "population, recovery_capital"),
    Column("identity", "f4", "0 to 1", "sees oneself in recovery", "population, recovery_capital"),
    Column("tolerance", "f4", "0 to 1", "to opioids; 1 is full", "population, mortality"),
    Column("seen_company", "f4", "share", "in recovery, of my company last week", "surroundings"),
    Column("suits", "f8", "sd", "fit where one goes, or would go", "fellowships, groups"),
    Column("culture", "f4", "share", "experienced in one's group, above usual", "groups"),
    Column("group", "i4", "", "row of the group one goes to; -1 none", "groups"),
    Column("worker", "i4", "", "met last in care; -1 before the first", "practitioners"),
    Column("weeks_in_stage", "i2", "weeks", "whole weeks in this stage", "services, week"),
    Column("weeks_abstinent", "i2", "weeks", "without use, outside protected care", "use"),
    Column("weeks_using", "i2", "weeks", "since the return to use or asking for help", "use"),
    Column("head_start", "i2", "weeks", "of stability brought by a lasting stop", "stages, use"),
    Column("weeks_since_help", "i2", "weeks", "since help was last sought", "services, week"),
    Column("weeks_since_link", "i2", "weeks", "since linkage was last on offer", "week, linkage"),
    Column("weeks_since_discharge", "i2", "weeks", "since care was last left", "services, week"),
    Column("weeks_since_meeting", "i2", "weeks", "since the last meeting", "attendance"),
    Column("meetings", "i2", "bits", "weeks with one, of the last 13; bit 0 is this", "attendance"),
    Column("stays", "i2", "", "finished stays", "journeys"),
    Column("episodes", "i2", "", "episodes of care begun", "services"),
    Column("weeks_in_queue", "i2", "weeks", "waited here for a place", "services, queues"),
    Column("stage", "u1", "code", "where the person is", "population, services, week"),
    Column("waits_for", "i1", "code", "care with a queue; -1 none", "services, queues"),
    Column("comes_from_detox", "?", "", "and waits for the next care", "services"),
    Column("waits_for_a_peer", "?", "", "an introduction was offered", "linkage, services"),
    Column("modality", "i1", "code", "of treatment; -1 outside it", "services"),
    Column("use", "u1", "code", "abstinent, lapsed or using", "population, use"),
    Column("attendance", "u1", "code", "from never to left",
           "population, attendance, involvement, fellowships"),
    Column("fellowship", "i1", "code", "where one goes, went or would go", "fellowships"),
    Column("link", "u1", "code", "kind of linkage last offered", "linkage"),
    Column("worker_role", "i1", "code", "of the worker met last", "practitioners"),
    Column("wants", "i1", "code", "stage asked for", "stages, assessment, services, week"),
    Column("wants_modality", "i1", "code", "modality asked for", "stages, assessment, services"),
    Column("ending", "i1", "code", "how this stay is ending", "stages, services, week, journeys"),
    Column("cause", "i1", "code", "of death", "week"),
    Column("news", "i2", "bits", "of this week, still to be counted",
           "services, attendance, connection, linkage, stages, week"),
    Column("engaged", "?", "", "weekly in 8 of 13 weeks, once", "connection"),
    Column("came_of_link", "i1", "bits", "of the last link", "linkage, connection, attendance"),
    Column("link_due", "?", "", "linkage is still to come in this episode", "services, linkage"),
    Column("meetings_held_here", "?", "", "where this person stays", "on_the_premises"),
    Column("met_on_the_premises", "?", "", "since the last link", "on_the_premises, linkage"),
    Column("ever_attended", "?", "", "has been to a meeting since entry", "attendance"),
    Column("ever_offered", "?", "", "was offered an introduction since entry", "linkage"),
    Column("connected", "?", "", "met within the window after care", "connection"),
    Column("sponsor", "?", "", "has a sponsor in one's group", "groups"),
    Column("meets_stigma", "?", "", "on medication, in a group not open to it",
           "fellowships, groups"),
    Column("looks_elsewhere", "?", "", "left, and would try another fellowship", "fellowships"),
    Column("discharged", "?", "", "has left care at least once", "services"),
    Column("in_aftercare", "?", "", "has check-ups after care", "aftercare, after_care"),
    Column("housed", "?", "", "in recovery housing", "recovery_housing, after_care"),
    Column("visits_centre", "?", "", "visits a centre", "recovery_centres, after_care"),
    Column("used_since_discharge", "?", "", "has used since care was first left", "services, use"),
)  # fmt: skip

COLUMNS = TRAITS + STATES

# Widest columns first, so that no byte is lost between them.
ROW = np.dtype(
    sorted(((c.name, c.dtype) for c in COLUMNS), key=lambda c: -np.dtype(c[1]).itemsize),
    align=True,
)


def empty_table(clients: int) -> np.ndarray:
    """A table of `clients` rows, all zero but for what must not be: nothing is wanted or had."""
    table = np.zeros(clients, ROW)
    table["modality"] = NO_MODALITY
    table["wants"] = NOWHERE
    table["wants_modality"] = NO_MODALITY
    table["worker"] = NO_WORKER
    table["waits_for"] = NO_CARE
    table["fellowship"] = NO_FELLOWSHIP
    table["group"] = NO_GROUP
    return table
