"""Where a person stands with mutual aid: who goes, who is a member, and how well it suits them."""

from recoverysim.codes import INVOLVED, LEFT, NEVER, REGULAR
from recoverysim.compiled import rule


@rule
def is_going(client):
    """Trying it, or a member."""
    return client.attendance != NEVER and client.attendance != LEFT


@rule
def is_a_member(client):
    """Goes regularly, involved or not."""
    return client.attendance == REGULAR or client.attendance == INVOLVED


@rule
def fit(client, today):
    """How well mutual aid suits this person; it moves going and staying, never the benefit.

    With groups it is that of the group where they go, or of the fellowship where they would.
    """
    if not today.mechanisms.fit:
        return 0.0
    if not today.mechanisms.group_life:
        return client.fit
    if client.meets_stigma:
        return client.suits - today.fellowships.stigma_of_medication
    return client.suits
