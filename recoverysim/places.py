"""Places: which kinds of care have a limit, and who comes first where one has.

Care without a limit is got as soon as somebody is assessed (`services.py`); for the rest there are
queues (`queues.py`).
"""

from recoverysim.codes import CARE, DETOX, IN_DETOX, NO_CARE, TREATMENT
from recoverysim.compiled import rule
from recoverysim.quantities import by, parameters, quantity

UNLIMITED = 1_000_000

parameters(
    "places",
    per_1000=by(
        CARE,
        **{
            care: quantity(
                UNLIMITED, "places per 1,000 clients", bounds=(0, UNLIMITED), lever=True,
                grade="design",
                note="as many as are asked for, unless a scenario sets a limit; to whole places",
            )
            for care in CARE
        },
    ),
    people_at_risk_first=quantity(
        1, "0 or 1", bounds=(0, 1), lever=True, grade="design",
        note="people who inject, and those who come straight from detox, before all others",
    ),
)  # fmt: skip


@rule
def is_limited(care, today):
    """Whether care of this kind has a limit at all."""
    return today.mechanisms.places and today.places.per_1000[care] < UNLIMITED


@rule
def any_is_limited(today):
    """Whether care of any kind has a limit."""
    found = False
    for care in range(len(CARE)):
        found = found or is_limited(care, today)
    return found


@rule
def places_of(care, today, clients):
    """How many places there are, of the kind, for so many people: the nearest whole number."""
    return int(today.places.per_1000[care] * clients / 1000.0 + 0.5)


@rule
def care_of(client):
    """The kind of care whose place this person takes up; NO_CARE outside care."""
    if client.stage == DETOX:
        return IN_DETOX
    return client.modality if client.stage == TREATMENT else NO_CARE


@rule
def care_wanted(client):
    """The kind of care that this person wants to move into; NO_CARE for anything else."""
    if client.wants == DETOX:
        return IN_DETOX
    return client.wants_modality if client.wants == TREATMENT else NO_CARE


@rule
def is_at_risk(client, today):
    """Who comes first, where people at risk do."""
    at_risk = client.injecting or client.comes_from_detox
    return at_risk and today.places.people_at_risk_first > 0
