"""Peer workers are people: so many introductions a week, and no more."""

from recoverysim.compiled import rule
from recoverysim.quantities import parameters, quantity

AS_MANY_AS_ARE_OFFERED = 1_000_000

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
