"""What a client sees of others: last week's company. Everybody looks; nobody changes yet."""

import numpy as np

from recoverysim.codes import ABSTINENT, EMPTY, OUTSIDER_IN_RECOVERY, OUTSIDER_USING
from recoverysim.compiled import rule
from recoverysim.ties import loose_ties

# What others can see of a client, kept small and apart since everybody looks at it. Each sighting
# counts one person, and 128 more for somebody in recovery, so a look around at up to 64 is one sum.
GONE = 0
SEEN_USING = 1
SEEN_IN_RECOVERY = 129
IN_RECOVERY_FROM = 128

# People outside come first in the sights, by their (negative) codes; then the clients by row.
OUTSIDERS = 3


def sights(clients):
    """What is seen of whoever is outside the cohort, then of each client: uint8 of clients + 3."""
    shown = np.zeros(OUTSIDERS + clients, np.uint8)
    shown[OUTSIDERS + EMPTY] = GONE
    shown[OUTSIDERS + OUTSIDER_USING] = SEEN_USING
    shown[OUTSIDERS + OUTSIDER_IN_RECOVERY] = SEEN_IN_RECOVERY
    return shown


@rule
def seen_of(shown, other):
    """What is seen of somebody in a slot."""
    return shown[np.uintp(OUTSIDERS + other)]  # unsigned: no check for counting from the end


@rule
def what_others_see(client, today):
    """In recovery for some weeks outside protected care, or using."""
    visible = today.company.recovery_is_seen_after_weeks
    recovers = (client.use == ABSTINENT) & (client.weeks_abstinent >= visible)
    return SEEN_USING + IN_RECOVERY_FROM * recovers


@rule
def be_seen(shown, showing, ties, unseen):
    """At the end of the week: what others see of each client is what that client shows.

    Whoever is tied to somebody who shows something else than before has to look again: ties
    between clients are mutual, and most weeks nothing in one's company changes.
    """
    for row in range(showing.size):
        if shown[OUTSIDERS + row] != showing[row]:
            shown[OUTSIDERS + row] = showing[row]
            for slot in range(ties.shape[1]):
                if ties[row, slot] >= 0:
                    unseen[ties[row, slot]] = True


@rule
def company_weighs_as_before(yesterday, today, slots):
    """Whether the same company would still be seen as the same."""
    if loose_ties(slots, yesterday) != loose_ties(slots, today):
        return False
    before, now = yesterday.company, today.company
    usual = before.in_recovery_at_entry_share == now.in_recovery_at_entry_share
    return usual and before.close_tie_weight == now.close_tie_weight


@rule
def look_around(client, ties, row, shown, loose, today):
    """See what share of my company was in recovery last week; a close tie counts for its weight.

    `loose` is the number of loose ties, which come first: `loose_ties`, the same for everybody.
    """
    seen, close = 0, 0
    for slot in range(loose):
        seen += seen_of(shown, ties[row, slot])
    for slot in range(loose, ties.shape[1]):
        close += seen_of(shown, ties[row, slot])
    weight = today.company.close_tie_weight
    people = seen % IN_RECOVERY_FROM + weight * (close % IN_RECOVERY_FROM)
    if people > 0:
        recovering = seen // IN_RECOVERY_FROM + weight * (close // IN_RECOVERY_FROM)
        client.seen_company = recovering / people
    else:
        client.seen_company = today.company.in_recovery_at_entry_share


@rule
def gained_by_company(client, today, curves):
    """Share of the total effect gained by the company I keep: 0 at what is usual at entry, the
    whole share at what members reach, and below 0 where it is worse than usual."""
    gained = more_recovery_than_usual(client, today) * curves.per_company_gained
    return today.mutual_aid.company_share * min(gained, 1.0)


@rule
def more_recovery_than_usual(client, today):
    """How much larger than at entry the share in recovery is in this person's company."""
    if not today.mechanisms.company:
        return 0.0
    return client.seen_company - today.company.in_recovery_at_entry_share
