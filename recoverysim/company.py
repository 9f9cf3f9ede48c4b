"""The company people keep changes, both ways, a tie at a time.

A member of a mutual-aid group meets people in recovery and loses touch with using company; a
person who uses drifts back the other way. This is the one place where ties are written.
"""

from recoverysim.codes import EMPTY, IN_USE, OUTSIDER_IN_RECOVERY, OUTSIDER_USING
from recoverysim.compiled import rule
from recoverysim.dice import first_throw, happens, question, throw
from recoverysim.mutual_aid.benefit import changes_through_mutual_aid
from recoverysim.quantities import parameters, quantity
from recoverysim.surroundings import GONE, SEEN_IN_RECOVERY, SEEN_USING, seen_of
from recoverysim.ties import NOT_FOUND, find, loose_ties, part, room_for

parameters(
    "company",
    slots=quantity(8, "people", note="company kept, in and outside the cohort", whole_run=True,
                   bounds=(1, 64)),
    in_recovery_at_entry_share=quantity(
        0.20, "share", 0.10, 0.30, whole_run=True,
        note="also the share from which protection is counted, and to which company drifts back",
    ),
    reached_by_members_share=quantity(0.65, "share", 0.50, 0.80, whole_run=True),
    recovery_is_seen_after_weeks=quantity(
        4, "weeks", 1, 13, note="abstinent, out of protected care, before others count on it"
    ),
    change_as_member_per_week=quantity(0.020, "per week", 0.010, 0.030),
    change_alone_per_week=quantity(0.003, "per week", 0.001, 0.006),
    change_while_using_per_week=quantity(0.012, "per week", 0.006, 0.020),
    never_build_sober_ties_share=quantity(
        0.30, "share", 0.20, 0.40, whole_run=True, source="litt-isolated", grade="moderate",
        studied="US trial: almost 30% had two or fewer abstinent friends for two years",
    ),
    close_ties=quantity(
        3, "people", 2, 4, distribution="choice", whole_run=True, bounds=(0, 64),
        note="of the slots: family and close friends, at entry mostly outside the cohort",
    ),
    close_tie_weight=quantity(
        3, "ratio", 1, 6, bounds=(0.1, 100), source="framingham-type", grade="weak",
        studied="US general population: relatives and friends mattered, neighbours and co-workers "
        "did not; no ratio is given",
        note="of a close tie beside a loose one in the company that is seen",
    ),
    close_ties_change_ratio=quantity(
        0.4, "hazard ratio", 0.2, 1.0, bounds=(0.01, 100), source="groh-08", grade="weak",
        studied="a review of 24 papers: AA changes friends most, family least; no ratio is given",
        note="of a close tie beside a loose one; all ties together change as often as they would",
    ),
    met_through_friends_share=quantity(
        0.5, "share", 0.3, 0.7, note="of new company, looked for first among friends' friends"
    ),
)  # fmt: skip

WHICH = question("which tie changes")
NEW_COMPANY = question("is the new company in recovery")
THROUGH_FRIENDS = question("is the new company met through friends")
WHICH_FRIEND = question("which friend introduces")
WHOSE_FRIEND = question("which friend of the friend")


@rule
def fastest_change(today, slots):
    """The highest chance of a change that anybody has this week: a throw above it spares asking."""
    if not today.mechanisms.company:
        return 0.0
    return slots * max(
        today.company.change_as_member_per_week,
        today.company.change_while_using_per_week,
        today.company.change_alone_per_week,
    )


@rule
def company_changes(client, row, ties, shown, unseen, today, dice):
    """Perhaps one tie this week gives way to another, if it is not of the right kind already.

    Whose company it changes has to look again: `unseen`.
    """
    if ties[row, 0] == EMPTY:  # a world without a network: every slot is empty
        return
    change, share = where_company_moves(client, today)
    slots = ties.shape[1]
    if first_throw(dice) >= change * slots:
        return
    slot = which_tie(throw(dice, WHICH), slots, today)
    wanted = SEEN_IN_RECOVERY if happens(dice, NEW_COMPANY, share) else SEEN_USING
    if seen_of(shown, ties[row, slot]) == wanted:
        return
    part(ties, row, slot, outsider_like(seen_of(shown, row)), unseen)
    unseen[row] = True
    friend = NOT_FOUND
    if happens(dice, THROUGH_FRIENDS, today.company.met_through_friends_share):
        friend = friend_of_a_friend(row, ties, shown, wanted, dice)
    if friend >= 0:
        ties[row, slot] = friend
        unseen[friend] = True
        ties[friend, room_for(ties, friend, outsider_like(seen_of(shown, row)))] = row
    else:
        ties[row, slot] = outsider_like(wanted)


@rule
def which_tie(thrown, slots, today):
    """The slot that may change: loose ties, which come first, do so more often than close ones."""
    loose = loose_ties(slots, today)
    ratio = today.company.close_ties_change_ratio
    place = thrown * (loose + ratio * (slots - loose))
    if place < loose:
        return int(place)
    return min(slots - 1, loose + int((place - loose) / ratio))


@rule
def where_company_moves(client, today):
    """How fast each tie changes a week, and the share in recovery towards which it does."""
    usual = today.company.in_recovery_at_entry_share
    if client.use == IN_USE:
        return today.company.change_while_using_per_week, usual
    if changes_through_mutual_aid(client, today) and client.builds_sober_ties:
        return today.company.change_as_member_per_week, today.company.reached_by_members_share
    return today.company.change_alone_per_week, usual


@rule
def friend_of_a_friend(row, ties, shown, wanted, dice):
    """A client of the wanted kind, known to a client I know, with room for me; or -1."""
    slots = ties.shape[1]
    first = int(throw(dice, WHICH_FRIEND) * slots)
    second = int(throw(dice, WHOSE_FRIEND) * slots)
    for one in range(slots):
        friend = ties[row, (first + one) % slots]
        if friend >= 0 and seen_of(shown, friend) != GONE:
            for another in range(slots):
                other = ties[friend, (second + another) % slots]
                if other >= 0 and could_be_met(row, other, ties, shown, wanted):
                    return other
    return NOT_FOUND


@rule
def could_be_met(row, other, ties, shown, wanted):
    """Somebody else of the wanted kind, not in touch with me yet, who has room."""
    if other == row or seen_of(shown, other) != wanted or find(ties, row, other) >= 0:
        return False
    return room_for(ties, other, OUTSIDER_USING) >= 0


@rule
def outsider_like(seen):
    """Somebody outside the cohort who is seen as this client is."""
    if seen == SEEN_IN_RECOVERY:
        return OUTSIDER_IN_RECOVERY
    return OUTSIDER_USING
