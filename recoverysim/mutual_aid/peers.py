"""Peer workers are people: so many introductions a week, and no more."""

from recoverysim.compiled import rule
from recoverysim.quantities import parameters, quantity

AS_MANY_AS_ARE_OFFERED = 1_000_000
A_TRIFLE = 1e-6  # so that 0.1 a week is one in ten weeks, whatever the rounding

parameters(
    "peers",
    introductions_per_1000_a_week=quantity(
        AS_MANY_AS_ARE_OFFERED, "introductions per 1,000 clients", grade="design", lever=True,
        bounds=(0, AS_MANY_AS_ARE_OFFERED),
        note="as many as are offered, unless a scenario sets a limit",
    ),
    waits_at_most_weeks=quantity(
        4, "weeks", 2, 8, bounds=(0, 520),
        note="for a peer with time; then the worker introduces instead",
    ),
)  # fmt: skip


@rule
def peers_are_limited(today):
    """Whether peers have only so much time."""
    limit = today.peers.introductions_per_1000_a_week
    return today.mechanisms.places and limit < AS_MANY_AS_ARE_OFFERED


@rule
def introductions(today, week, clients):
    """How many people peers can introduce in this week: half of one is one every other week."""
    a_week = today.peers.introductions_per_1000_a_week * clients / 1000.0
    return int((week + 2) * a_week + A_TRIFLE) - int((week + 1) * a_week + A_TRIFLE)
