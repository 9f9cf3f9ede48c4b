"""Queues: once a week, in one place, free places and the time of peers are given away.

Whoever wants care that has a limit stands in its queue. At the end of the week free places go to
people at risk first, then to whoever has waited longest. Nobody is put out when places are cut.
"""

import numpy as np

from recoverysim.codes import ABSTINENT, CARE, DETOX, IN_DETOX, NO_CARE, PEER
from recoverysim.compiled import array_rule, rule
from recoverysim.dice import dice_of_the_week
from recoverysim.mutual_aid.linkage import make_the_link
from recoverysim.mutual_aid.peers import introductions, peers_are_limited
from recoverysim.outcomes import count_week
from recoverysim.places import any_is_limited, care_of, is_at_risk, places_of
from recoverysim.population import AT_ENTRY
from recoverysim.services import start_care, wait_at_home
from recoverysim.staff_time import places_taken_by_linking
from recoverysim.surroundings import what_others_see

# A rank in a queue is one whole number: risk, then weeks, then chance.
ONE_WEEK = np.int64(1) << np.int64(32)
AT_RISK = np.int64(1) << np.int64(50)
CHANCE = np.uint64(ONE_WEEK - 1)


@array_rule
def queues_move(clients, workers, today, yesterday, week, showing, journal, written, counts):
    """What is free this week is given away. A limit of last week that holds no more frees all."""
    if not (have_limits(today) or have_limits(yesterday)):
        return
    taken = np.zeros(len(CARE), np.int64)
    waiting = look_who_waits(clients, taken)
    for care in range(len(CARE)):  # detox last: people who move on from it leave their places
        admit(
            care, waiting, taken, clients, workers, today, week, showing, journal, written, counts
        )
    introduce(waiting, clients, today, week, counts)


@rule
def have_limits(today):
    """Whether anything is limited, so that somebody may have to wait."""
    return any_is_limited(today) or peers_are_limited(today)


@array_rule
def look_who_waits(clients, taken):
    """The rows of everybody who waits for anything; places are `taken` by people in care."""
    waiting, many = np.empty(clients.size, np.int64), 0
    for row in range(clients.size):
        client = clients[row]
        care = care_of(client)
        if care != NO_CARE:
            taken[care] += 1
        if client.waits_for != NO_CARE or client.waits_for_a_peer:
            waiting[many] = row
            many += 1
    return waiting[:many]


@array_rule
def admit(care, waiting, taken, clients, workers, today, week, showing, journal, written, counts):
    """Give away what is free of one kind of care; who has finished detox goes home to wait."""
    free = places_of(care, today, clients.size) - taken[care]
    free -= places_taken_by_linking(care, counts[0, week + 1], today)
    queue = queue_for(care, waiting, clients, today)
    for place in range(queue.size):
        row = queue[place]
        client = clients[row]
        if place < free or client.stage == DETOX:
            count_week(client, counts, week, -1)
            if care_of(client) != NO_CARE:
                taken[care_of(client)] -= 1
            if place < free:
                taken[care] += 1
                dice = dice_of_the_week(client.luck, week if week >= client.arrives else AT_ENTRY)
                start_care(client, care, workers, today, dice, week, journal, written)
            else:
                wait_at_home(client, care, week, journal, written)
            count_week(client, counts, week, 1)
            showing[row] = what_others_see(client, today)
        if place >= free:
            client.weeks_in_queue += 1


@array_rule
def queue_for(care, waiting, clients, today):
    """The rows of those who wait for this care, the first of them first.

    Who has become abstinent needs no detox any more: they leave its queue, to be assessed anew if
    they are at home, and to stay where they are if they are in treatment.
    """
    rows, ranks = np.empty(waiting.size, np.int64), np.empty(waiting.size, np.int64)
    many = 0
    for row in waiting:
        client = clients[row]
        if client.waits_for != care:
            continue
        if care == IN_DETOX and client.use == ABSTINENT:
            client.waits_for = NO_CARE
            continue
        rows[many] = row
        ranks[many] = rank_of(client, client.weeks_in_queue, is_at_risk(client, today))
        many += 1
    return first_to_last(rows[:many], ranks[:many])


@array_rule
def introduce(waiting, clients, today, week, counts):
    """Peers introduce as many people as they have time for; the first who asked come first."""
    rows, ranks = np.empty(waiting.size, np.int64), np.empty(waiting.size, np.int64)
    many = 0
    for row in waiting:
        client = clients[row]
        if client.waits_for_a_peer:
            rows[many] = row
            ranks[many] = rank_of(client, client.weeks_since_link, False)
            many += 1
    queue = first_to_last(rows[:many], ranks[:many])
    for row in queue[: introductions(today, week, clients.size)]:
        client = clients[row]
        count_week(client, counts, week, -1)
        make_the_link(client, PEER, today, dice_of_the_week(client.luck, week))
        count_week(client, counts, week, 1)


@rule
def rank_of(client, weeks, at_risk):
    """Higher comes first: risk, then weeks waited, then chance."""
    chance = np.int64(client.luck & CHANCE)
    return AT_RISK * at_risk + ONE_WEEK * weeks + chance


@array_rule
def first_to_last(rows, ranks):
    """Rows in the order of their ranks, the highest first."""
    return rows[np.argsort(-ranks, kind="mergesort")]
