"""The social network: each client has a fixed number of slots, one for each person in touch.

A slot holds the row of another client, somebody outside who uses, somebody outside who is in
recovery, or nobody. Ties between clients are mutual. `structure` builds them, from a small world,
a configuration model or any graph; the rules below are read and written one slot at a time.
"""

import numpy as np

from recoverysim.codes import EMPTY, OUTSIDER_IN_RECOVERY, OUTSIDER_USING
from recoverysim.compiled import rule
from recoverysim.dice import happens, question

NOT_FOUND = -1

FILL = question("who is in my company at entry")


@rule
def find(ties, whose, row):
    """The slot of a client that holds this row or code, or NOT_FOUND."""
    for slot in range(ties.shape[1]):
        if ties[whose, slot] == row:
            return slot
    return NOT_FOUND


@rule
def part(ties, row, slot, like_me, unseen):
    """End a tie. Between clients it ends on both sides, and somebody like me takes my place."""
    other = ties[row, slot]
    ties[row, slot] = EMPTY
    if other >= 0:
        back = find(ties, other, row)
        if back >= 0:
            ties[other, back] = like_me
            unseen[other] = True


@rule
def room_for(ties, row, like_me):
    """A slot of this client for somebody new: that of somebody outside, like them if possible.

    NOT_FOUND where every slot holds a client.
    """
    slot = find(ties, row, like_me)
    if slot < 0:
        slot = find(ties, row, OUTSIDER_USING)
    if slot < 0:
        slot = find(ties, row, OUTSIDER_IN_RECOVERY)
    return slot


@rule
def loose_ties(slots, today):
    """How many of the slots are loose ties: they come first, and close ones last."""
    if not today.mechanisms.close_ties:
        return slots
    return max(0, slots - int(today.company.close_ties))


@rule
def fill_with_outsiders(ties, row, today, dice):
    """Fill empty slots with people outside, so that the usual share of all company is in recovery.

    Clients known at entry are all seen as using, so more of the people outside are in recovery. A
    close tie counts for its weight.
    """
    slots, loose = ties.shape[1], loose_ties(ties.shape[1], today)
    everybody, empty = 0.0, 0.0
    for slot in range(slots):
        weight = today.company.close_tie_weight if slot >= loose else 1.0
        everybody += weight
        if ties[row, slot] == EMPTY:
            empty += weight
    share = today.company.in_recovery_at_entry_share
    for slot in range(slots):
        if ties[row, slot] == EMPTY:
            if happens(dice, FILL + np.uint64(slot), share * everybody / empty):
                ties[row, slot] = OUTSIDER_IN_RECOVERY
            else:
                ties[row, slot] = OUTSIDER_USING
