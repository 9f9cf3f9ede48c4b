"""Queues: once a week, in one place, free places and the time of peers are given away.

Whoever is assessed for care that has a limit joins its queue. At the end of the week free places go
to people at risk first, then to whoever has waited longest. Nobody is put out when places are cut.
"""

import numpy as np

from recoverysim.codes import CARE, DEAD, PEER
from recoverysim.compiled import rule
from recoverysim.dice import dice_of_the_week
from recoverysim.mutual_aid.linkage import make_the_link
from recoverysim.mutual_aid.peers import peers_are_limited
from recoverysim.outcomes import count_week
from recoverysim.places import care_of, is_at_risk, is_limited
from recoverysim.services import start_care
from recoverysim.staff_time import places_taken_by_linking
from recoverysim.surroundings import what_others_see

# A rank in a queue is one whole number: risk, then weeks, then chance.
ONE_WEEK = np.int64(1) << np.int64(32)
AT_RISK = np.int64(1) << np.int64(50)
CHANCE = np.uint64(ONE_WEEK - 1)


@rule
def queues_move(clients, workers, today, week, showing, journal, written, counts):
    """Free places, and the time of peers, go to people in their queues. Everybody waits a week."""
    for care in range(len(CARE)):
        if is_limited(care, today):
            admit(care, clients, workers, today, week, showing, journal, written, counts)
    if peers_are_limited(today):
        introduce(clients, today, week, counts)


@rule
def admit(care, clients, workers, today, week, showing, journal, written, counts):
    """Give away what is free of one kind of care."""
    taken = places_taken_by_linking(care, counts[0, week + 1], today)
    free = int(today.places.per_1000[care] * clients.size / 1000.0 - taken)
    rows, ranks, waiting = np.empty(clients.size, np.int64), np.empty(clients.size, np.int64), 0
    for row in range(clients.size):
        client = clients[row]
        if client.stage >= DEAD:
            continue
        free -= care_of(client) == care
        if client.waits_for == care:
            rows[waiting] = row
            ranks[waiting] = rank_of(client, client.weeks_in_queue, is_at_risk(client, today))
            waiting += 1
            client.weeks_in_queue += 1
    for row in first_in(rows[:waiting], ranks[:waiting], free):
        client = clients[row]
        count_week(client, counts, today, week, -1)
        dice = dice_of_the_week(client.luck, week)
        start_care(client, care, workers, today, dice, week, journal, written)
        count_week(client, counts, today, week, 1)
        showing[row] = what_others_see(client, today)


@rule
def introduce(clients, today, week, counts):
    """Peers introduce as many people as they have time for; the first who asked come first."""
    free = int(today.peers.introductions_per_1000_a_week * clients.size / 1000.0)
    rows, ranks, waiting = np.empty(clients.size, np.int64), np.empty(clients.size, np.int64), 0
    for row in range(clients.size):
        client = clients[row]
        if client.waits_for_a_peer:
            rows[waiting] = row
            ranks[waiting] = rank_of(client, client.weeks_in_stage, False)
            waiting += 1
    for row in first_in(rows[:waiting], ranks[:waiting], free):
        client = clients[row]
        count_week(client, counts, today, week, -1)
        make_the_link(client, PEER, today, dice_of_the_week(client.luck, week))
        count_week(client, counts, today, week, 1)


@rule
def rank_of(client, weeks, at_risk):
    """Higher comes first: risk, then weeks waited, then chance."""
    chance = np.int64(client.luck & CHANCE)
    return AT_RISK * at_risk + ONE_WEEK * weeks + chance


@rule
def first_in(rows, ranks, free):
    """The rows of the first so many in a queue, the first of them first."""
    return rows[np.argsort(-ranks)][: max(0, free)]
