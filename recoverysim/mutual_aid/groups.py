"""Groups: each belongs to a fellowship and holds one meeting a week.

Most of their members are not simulated one by one: they were there before. Groups open where a
fellowship has fewer than its supply and where one is crowded, and close where it has more or where
hardly anybody is left. Their culture (how many members have recovered for a year or more) holds
people, and whoever has recovered can sponsor somebody else. All of this once a week, in one place.
"""

from typing import Any

import numpy as np

from recoverysim.codes import MEDICATION, NO_FELLOWSHIP, NO_GROUP, WEEKS_A_YEAR
from recoverysim.compiled import rare_rule, rule
from recoverysim.dice import dice_of_the_week, happens, luck_of, nudge, question, throw
from recoverysim.mutual_aid.fellowships import leave_a_fellowship, suits_on_going
from recoverysim.mutual_aid.standing import is_a_member, is_going
from recoverysim.quantities import parameters, quantity

parameters(
    "groups",
    people_per_client=quantity(
        360, "people", whole_run=True, bounds=(1, 1e6), source="ndtms-2324", grade="weak",
        studied="158,991 adults newly in treatment in a year, of some 57 million people in England",
        note="in the area for which one client stands; with fewer, clients fill its groups",
    ),
    usual_outside_members=quantity(
        15, "people", 8, 25, bounds=(0, 1000), whole_run=True,
        note="in a group beside clients, on average; between groups from half of it to half more",
    ),
    outside_drift_back_per_week=quantity(
        0.02, "per week", 0.01, 0.04, note="of a group's own members and culture to what is usual"
    ),
    outside_moves_sd=quantity(
        0.5, "people", 0.2, 0.8, note="in a week; its own members come and go by some five in years"
    ),
    smallest=quantity(3, "people", 2, 4, note="a group with fewer closes"),
    crowded=quantity(
        30, "people", 20, 45, bounds=(4, 10_000), note="a group with more opens another"
    ),
    opens_per_week=quantity(
        0.02, "per week", 0.005, 0.05,
        note="for each group that supply would carry and is missing; and closes for each too many",
    ),
    experienced_share=quantity(
        0.65, "share", 0.45, 0.80, source="aa-us", grade="weak",
        studied="AA in the US and Canada: 33% had over ten years; of those with one, no figure",
        note="of a group's own members: in recovery for a year or more",
    ),
    experienced_spread=quantity(0.2, "share", 0.1, 0.3, note="most that groups differ from it"),
    new_group_experienced_ratio=quantity(0.5, "ratio", 0.2, 1.0, note="of usual, as it opens"),
    diluted_by_clients_ratio=quantity(
        0.85, "ratio", whole_run=True, grade="design",
        note="of the usual share of experienced members: what clients find today, being new "
        "themselves; so that culture is neutral over their first five years",
    ),
    leave_per_experienced_log_ratio=quantity(
        0.5, "log hazard ratio", 0, 1.0, bounds=(-5, 5),
        note="less leaving, for a group all of whose members are experienced against none",
    ),
    leaves_when_it_closes_share=quantity(
        0.15, "share", 0, 0.4, note="the others look for another group"
    ),
    finds_a_sponsor_per_week=quantity(
        0.015, "per week", 0.008, 0.04, note="a regular member, while somebody is free to sponsor"
    ),
    sponsored_per_experienced=quantity(
        0.5, "people", 0.25, 1.0, lever=True,
        note="whom each experienced member can sponsor, on average, a group's own newcomers too",
    ),
    usual_sponsored_share=quantity(
        0.39, "share", 0.26, 0.60, source="mmt-na", grade="weak",
        studied="one US methadone clinic: 66% had been to NA or AA in a year, 26% had a sponsor",
        note="of members, as the usual level of involvement is theirs",
    ),
    sponsor_adds_involvement=quantity(
        0.2, "0 to 1", 0, 0.4, bounds=(-1, 1),
        note="to the level that is reached; a sponsor goes with benefit beyond attendance "
        "(witbrodt-class)",
    ),
)  # fmt: skip

GROUP = np.dtype(
    [
        ("luck", "u8"),
        ("outside", "f8"),  # its own members, who are not clients
        ("usual_outside", "f4"),
        ("experienced_share", "f8"),  # of those
        ("usual_experienced_share", "f4"),
        ("medication_turn", "f4"),  # 0 to 1: is it among the first to be open to medication
        ("faith_turn", "f4"),  # the same of people without a faith
        ("culture", "f4"),  # experienced of all, above what is usual
        ("first", "i4"),  # the rows of its fellowship
        ("last", "i4"),
        ("room", "i4"),  # of the first row: how many of those there is supply for so far
        ("all_open_before", "i4"),  # of the first row: no room for a new group before this row
        ("members", "i4"),  # clients who go
        ("experienced", "i4"),  # of those
        ("sponsored", "i4"),
        ("can_sponsor", "i4"),  # clients
        ("free", "i4"),  # of those, for somebody new
        ("fellowship", "i1"),
        ("open", "?"),
    ],
    align=True,
)

SIZE = question("how large a group is")
OWN_CULTURE = question("how experienced a group is")
OPEN_TO_MEDICATION = question("whose turn it is to be open to medication")
OPEN_TO_NON_BELIEVERS = question("whose turn it is to be open to people without a faith")
COME_AND_GO = question("members outside come and go")
OPENS = question("does a group open")
CLOSES = question("does a group close")
WHICH_GROUP = question("which group")
GIVES_UP = question("stops going as the group closes")
SPONSOR = question("finds a sponsor")

NO_ROOM = -1
KEYS_A_FELLOWSHIP = 2**20  # so that more groups of one change nothing of another
LEAST_ROOM, ROOM_TO_GROW = 2, 1.25  # rows, for groups that open because others are crowded


def empty_groups(table: np.ndarray, clients: int) -> np.ndarray:
    """A row of GROUP for each group that can be, all closed, fellowship by fellowship.

    `table` holds the parameters of every week: there is room for the largest supply of any.
    """
    numbers = table["fellowships"]
    most = (numbers["meetings_per_100000"] * numbers["meetings_ratio"]).max(axis=0)
    people = clients * table[0]["groups"]["people_per_client"]  # at the most
    slots = [LEAST_ROOM + int(ROOM_TO_GROW * one * people / 1e5) for one in most]
    groups = np.zeros(sum(slots), GROUP)
    first = 0
    for fellowship, some in enumerate(slots):
        rows: Any = groups[first : first + some]
        rows["fellowship"], rows["first"], rows["last"] = fellowship, first, first + some
        first += some
    return groups


@rule
def people_of_the_area(clients, today):
    """All who live there: so many for each client who comes within a year."""
    people = clients * today.groups.people_per_client
    weeks, later = today.arrivals.over_weeks, 1.0 - today.arrivals.at_the_start_share
    if weeks > WEEKS_A_YEAR and later > 0.0:
        return people * later * WEEKS_A_YEAR / weeks
    return people


@rule
def wanted(fellowship, people, today):
    """How many groups supply would carry in an area of so many people."""
    numbers = today.fellowships
    meetings = numbers.meetings_per_100000[fellowship] * numbers.meetings_ratio[fellowship]
    return int(meetings * people / 100000.0 + 0.5)


@rule
def make_room(group, clients, today):
    """Rows of a fellowship, by the largest supply so far: a supply to come moves nothing yet."""
    numbers, people = today.fellowships, clients * today.groups.people_per_client  # at the most
    meetings = numbers.meetings_per_100000[group.fellowship]
    meetings *= numbers.meetings_ratio[group.fellowship]
    some = LEAST_ROOM + int(ROOM_TO_GROW * meetings * people / 100000.0)
    group.room = min(max(group.room, some), group.last - group.first)


@rule
def found_groups(groups, clients, seed, today):
    """The groups there are as the run begins, by dice of their own."""
    people = people_of_the_area(clients, today)
    for row in range(groups.size):
        group = groups[row]
        place = row - group.first
        if place == 0:
            make_room(group, clients, today)
            group.all_open_before = group.first
        group.luck = luck_of(seed, np.uint64(group.fellowship * KEYS_A_FELLOWSHIP + place))
        if place < wanted(group.fellowship, people, today):
            open_group(group, today, dice_of_the_week(group.luck, 0))
            group.experienced_share = group.usual_experienced_share


@rule
def open_group(group, today, dice):
    """A new group: its size and ways, and few members as yet who have recovered for long."""
    group.open = True
    group.usual_outside = today.groups.usual_outside_members * (0.5 + throw(dice, SIZE))
    group.outside = group.usual_outside
    usual = today.groups.experienced_share
    usual += today.groups.experienced_spread * (2.0 * throw(dice, OWN_CULTURE) - 1.0)
    group.usual_experienced_share = min(max(usual, 0.0), 1.0)
    group.experienced_share = group.usual_experienced_share
    group.experienced_share *= today.groups.new_group_experienced_ratio
    group.medication_turn = throw(dice, OPEN_TO_MEDICATION)
    group.faith_turn = throw(dice, OPEN_TO_NON_BELIEVERS)


@rule
def close_group(groups, row):
    """Nobody meets there any more; clients find that out as they would go."""
    group = groups[row]
    fellowship = groups[group.first]
    fellowship.all_open_before = min(fellowship.all_open_before, row)
    group.open = False
    group.outside = 0.0
    group.can_sponsor = 0
    group.free = 0


@rule
def a_week_of_groups(groups, clients, meeting, today, week):
    """Groups change, then everybody who goes finds, keeps or loses a group and a sponsor."""
    groups_live(groups, clients.size, today, week)
    people_meet(clients, meeting, groups, today, week)


@rule
def groups_live(groups, clients, today, week):
    """Own members come and go; groups open, close and divide. Clients are those of last week."""
    first, people = 0, people_of_the_area(clients, today)
    while first < groups.size:
        last = groups[first].last
        make_room(groups[first], clients, today)
        there = 0
        for row in range(first, last):
            if groups[row].open:
                members_come_and_go(groups, row, today, week)
        for row in range(first, last):
            there += groups[row].open
        missing = wanted(groups[first].fellowship, people, today) - there
        if missing != 0:
            room = first + groups[first].room
            open_or_close_some(groups, first, room, there, missing, today, week)
        for row in range(first, last):
            if groups[row].open:
                take_stock(groups[row], today)
            groups[row].members = 0
            groups[row].experienced = 0
            groups[row].sponsored = 0
        first = last


@rule
def members_come_and_go(groups, row, today, week):
    """Those who are not clients; a crowded group opens another, an empty one closes."""
    group, back = groups[row], today.groups.outside_drift_back_per_week
    dice = dice_of_the_week(group.luck, week)
    group.outside += back * (group.usual_outside - group.outside)
    group.outside += today.groups.outside_moves_sd * nudge(dice, COME_AND_GO)
    group.outside = max(group.outside, 0.0)
    group.experienced_share += back * (group.usual_experienced_share - group.experienced_share)
    everybody = group.outside + group.members
    if everybody < today.groups.smallest:
        close_group(groups, row)
    elif everybody > today.groups.crowded:
        divide(groups, row, today, week)


@rare_rule
def divide(groups, row, today, week):
    """Half of its own members open another group, where there is room for one, and as it was."""
    group = groups[row]
    fellowship = groups[group.first]
    end = group.first + fellowship.room
    while fellowship.all_open_before < end:
        place = fellowship.all_open_before
        fellowship.all_open_before += 1
        if not groups[place].open:
            other = groups[place]
            open_group(other, today, dice_of_the_week(other.luck, week))
            group.outside *= 0.5
            other.outside = group.outside
            other.experienced_share = group.experienced_share
            other.medication_turn = group.medication_turn
            other.faith_turn = group.faith_turn
            return


@rule
def open_or_close_some(groups, first, last, there, missing, today, week):
    """Towards what supply would carry: each group that is missing opens, each too many closes."""
    rate = today.groups.opens_per_week * abs(missing)
    for row in range(first, last):
        group = groups[row]
        dice = dice_of_the_week(group.luck, week)
        if missing > 0 and not group.open:
            if happens(dice, OPENS, rate / (last - first - there)):
                open_group(group, today, dice)
        elif missing < 0 and group.open and happens(dice, CLOSES, rate / there):
            close_group(groups, row)


@rule
def take_stock(group, today):
    """What members find this week: how experienced the group is, and who is free to sponsor."""
    everybody = group.outside + group.members
    has_recovered = group.outside * group.experienced_share + group.experienced
    usual = today.groups.experienced_share * today.groups.diluted_by_clients_ratio
    group.culture = has_recovered / max(everybody, 1.0) - usual
    own_newcomers = group.outside * (1.0 - group.experienced_share)
    can = today.groups.sponsored_per_experienced * has_recovered
    can -= own_newcomers * today.groups.usual_sponsored_share
    group.can_sponsor = int(max(can, 0.0))
    group.free = max(group.can_sponsor - group.sponsored, 0)


@rule
def people_meet(clients, meeting, groups, today, week):
    """Everybody who goes, one after the other, since a sponsor has one place less for the next.

    `meeting` are the rows of those who go, or have stopped going to a group of theirs.
    """
    for row in meeting:
        client = clients[row]
        go_to_a_group(client, groups, today, dice_of_the_week(client.luck, week))


@rule
def go_to_a_group(client, groups, today, dice):
    """Keep one's group, find one, or be without; and what there is in it."""
    if not is_going(client):
        be_without_a_group(client)
    elif client.group != NO_GROUP and not groups[client.group].open:
        be_without_a_group(client)
        if happens(dice, GIVES_UP, today.groups.leaves_when_it_closes_share):
            leave_a_fellowship(client, today, dice)
    if client.group == NO_GROUP and is_going(client):
        find_a_group(client, groups, today, dice)
    if client.group != NO_GROUP:
        be_in_a_group(client, groups[client.group], today, dice)


@rule
def be_without_a_group(client):
    """Nobody's sponsor or culture, and nobody's judgement."""
    client.group = NO_GROUP
    client.sponsor = False
    client.culture = 0.0
    client.meets_stigma = False


@rare_rule
def find_a_group(client, groups, today, dice):
    """An open group of one's fellowship: the first from a place chosen evenly. Whoever finds none
    goes to meetings elsewhere, which are as they were expected to be."""
    if client.fellowship == NO_FELLOWSHIP:
        return
    first = 0
    while groups[first].fellowship != client.fellowship:
        first = groups[first].last
    places = groups[first].room
    chosen = int(throw(dice, WHICH_GROUP) * places)
    for step in range(places):
        row = first + (chosen + step) % places
        if groups[row].open:
            client.group = row
            shares = today.fellowships.open_to_non_believers_share
            moved = groups[row].faith_turn >= shares[client.fellowship]
            client.suits = suits_on_going(client, client.fellowship, moved, today)
            return


@rule
def be_in_a_group(client, group, today, dice):
    """Counted, held by its culture, sponsored if somebody is free, and welcome on medication or
    not."""
    group.members += 1
    group.experienced += client.weeks_abstinent >= WEEKS_A_YEAR
    client.culture = group.culture
    client.meets_stigma = meets_stigma(client, group, today)
    if client.sponsor and group.sponsored >= group.can_sponsor:
        client.sponsor = False  # somebody who has left cannot sponsor
    elif not client.sponsor and group.free > 0 and is_a_member(client):
        if happens(dice, SPONSOR, today.groups.finds_a_sponsor_per_week):
            client.sponsor = True
            group.free -= 1
    group.sponsored += client.sponsor


@rule
def meets_stigma(client, group, today):
    """On medication, where the group is not open to it."""
    if client.modality != MEDICATION or not today.mechanisms.stigma_of_medication:
        return False
    shares = today.fellowships.open_to_medication_share
    return group.medication_turn >= shares[group.fellowship]
