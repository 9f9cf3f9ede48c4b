"""The week: the loop over clients, in the order in which things happen, and nothing else."""

import numpy as np

from recoverysim.codes import (
    COMMUNITY,
    DEAD,
    DETOX,
    NO_GROUP,
    NO_NEWS,
    NO_WORKER,
    NOT_COME,
    NOWHERE,
    STILL_THERE,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.company import company_changes, fastest_change
from recoverysim.compiled import rule, whole_week
from recoverysim.dice import dice_of_the_week, first_throw
from recoverysim.journeys import ONE_IN, RECORDS, in_the_sample
from recoverysim.mortality import ages, death_comes, highest_hazard, tolerance_changes
from recoverysim.motivation import motivation_drifts
from recoverysim.mutual_aid.groups import a_week_of_groups
from recoverysim.mutual_aid.standing import is_going
from recoverysim.outcomes import WEEKS_90_DAYS, carry_over, count_by_shares, count_week
from recoverysim.panel import WEEKS_BETWEEN_WAVES, observe
from recoverysim.population import AT_ENTRY
from recoverysim.practitioners import workers_change
from recoverysim.queues import queues_move
from recoverysim.services import allot_places, move
from recoverysim.stages.community import a_week_in_the_community
from recoverysim.stages.detox import a_week_of_detox
from recoverysim.stages.treatment import a_week_of_treatment
from recoverysim.stages.using import a_week_of_using
from recoverysim.stages.waiting import a_week_of_waiting
from recoverysim.supports.after_care import has_support, supports_end
from recoverysim.surroundings import (
    GONE,
    be_seen,
    company_weighs_as_before,
    look_around,
    what_others_see,
)
from recoverysim.ties import loose_ties
from recoverysim.use import is_protected

# The most records that one client can add to the journal in one week: a stay ends, a wait of no
# weeks follows it, and death ends the new stay.
RECORDS_A_CLIENT_WEEK = 3


@whole_week
def live_through(
    clients,
    ties,
    shown,
    workers,
    groups,
    table,
    curves,
    counts,
    journal,
    written,
    panel,
    first_week,
    last_week,
):
    """Live every week from `first_week` up to `last_week`.

    Returns the week reached: earlier than `last_week` only where the journal is nearly full, so
    that the caller can make room and go on. `table` holds the parameters in force in each week;
    its last row holds for ever.
    """
    showing = np.zeros(clients.size, np.uint8)  # the dead are gone
    restless, meeting = np.empty(clients.size, np.int32), np.empty(clients.size, np.int32)
    unseen = np.ones(clients.size, np.bool_)  # changes in their company, since they last looked
    kept = in_the_sample(clients.size, written)
    between, caseload = ages(clients), clients.size / workers.size
    for week in range(first_week, last_week):
        if 0 < journal.size < written[RECORDS] + RECORDS_A_CLIENT_WEEK * kept:
            return week
        today = table[min(week, table.size - 1)]
        yesterday = table[min(max(week - 1, 0), table.size - 1)]
        if not company_weighs_as_before(yesterday, today, ties.shape[1]):
            unseen[:] = True
        some, many = everybody_lives(
            clients, ties, shown, workers, today, curves[0], week, counts, journal,
            written, showing, restless, meeting, unseen, between,
        )  # fmt: skip
        queues_move(clients, workers, today, yesterday, week, showing, journal, written, counts)
        carry_over(counts[0, week], counts[0, week + 1])
        count_by_shares(counts[0, week + 1], today)
        ties_form_and_fade(clients, ties, shown, today, week, restless[:some], unseen)
        if today.mechanisms.group_life:
            a_week_of_groups(groups, clients, meeting[:many], today, week)  # 8 who meets where
        workers_change(workers, today, curves[0].learning_kept, caseload)  # 9 what workers learn
        be_seen(shown, showing, ties, unseen)
        if (week + 1) % WEEKS_BETWEEN_WAVES == 0:
            observe(clients, ties, shown, panel, written[ONE_IN], week + 1)
    return last_week


@rule
def everybody_lives(
    clients,
    ties,
    shown,
    workers,
    today,
    curves,
    week,
    counts,
    journal,
    written,
    showing,
    restless,
    meeting,
    unseen,
    between,
):
    """Each client's week. Nobody sees what others do this week: `showing` is for the next.

    Returns how many are `restless`, whose company may change, and how many are `meeting` others in
    a group, or have to leave one.
    """
    some, many, loose = 0, 0, loose_ties(ties.shape[1], today)
    may_change = fastest_change(today, ties.shape[1])
    may_die = highest_hazard(between, today, curves, week)
    for row in range(clients.size):
        client = clients[row]
        if client.stage >= DEAD:  # or not come yet
            if client.stage == NOT_COME:
                if week + 1 == client.arrives:
                    come(
                        client, ties, row, shown, loose, workers, today, week, counts, journal,
                        written,
                    )  # fmt: skip
                showing[row] = what_others_see(client, today)
            continue
        client.news = NO_NEWS
        dice = dice_of_the_week(client.luck, week)
        if unseen[row]:
            look_around(client, ties, row, shown, loose, today)  # 1 my company as it was last week
            unseen[row] = False
        live_a_week(client, today, curves, dice)  # 2 live by the rules of the stage I am in
        if client.wants != NOWHERE or client.stage == WAITING:
            allot_places(client, today, week, dice, journal, written, workers)  # 3 who moves where
        if has_support(client):
            supports_end(client, today)
        cause = death_comes(client, today, curves, week, dice, may_die)  # 4 who dies
        if cause != STILL_THERE:
            take_the_dead(client, cause, week, journal, written)
            count_week(client, counts, week, 1)
            showing[row] = GONE
            continue
        tolerance_changes(client, today, curves)
        showing[row] = what_others_see(client, today)  # 5 what others will see of me
        count_week(client, counts, week, 1)  # 6 what is measured
        if client.weeks_abstinent == WEEKS_90_DAYS and client.worker != NO_WORKER:
            workers[client.worker].seen_recover += 1  # who may think better of mutual aid for it
        restless[some] = row
        some += (first_throw(dice) < may_change) & (not is_protected(client))
        meeting[many] = row
        many += is_going(client) | (client.group != NO_GROUP)
    return some, many


@rule
def come(client, ties, row, shown, loose, workers, today, week, counts, journal, written):
    """In an open system: somebody asks for help for the first time, and lives here from now on."""
    client.stage = WAITING
    look_around(client, ties, row, shown, loose, today)
    dice = dice_of_the_week(client.luck, AT_ENTRY)
    allot_places(client, today, week, dice, journal, written, workers)
    count_week(client, counts, week, 1)


@rule
def live_a_week(client, today, curves, dice):
    """One person's week."""
    motivation_drifts(client, curves, dice)
    live_in_stage(client, today, curves, dice)
    time_passes(client)


@rule
def time_passes(client):
    """The clocks that run in every stage; those of use and of meetings run with their rules."""
    client.weeks_in_stage += 1
    client.weeks_since_help += 1
    client.weeks_since_discharge += 1
    client.weeks_since_link += 1


@rule
def live_in_stage(client, today, curves, dice):
    """To the rules of the stage: a line each."""
    if client.stage == COMMUNITY:
        a_week_in_the_community(client, today, curves, dice)
    elif client.stage == TREATMENT:
        a_week_of_treatment(client, today, curves, dice)
    elif client.stage == USING:
        a_week_of_using(client, today, curves, dice)
    elif client.stage == DETOX:
        a_week_of_detox(client, today, curves, dice)
    elif client.stage == WAITING:
        a_week_of_waiting(client, today, curves, dice)


@rule
def take_the_dead(client, cause, week, journal, written):
    """Who dies leaves everything as it stood."""
    client.cause = cause
    client.ending = cause
    client.wants = DEAD
    move(client, week, journal, written)


@rule
def ties_form_and_fade(clients, ties, shown, today, week, restless, unseen):
    """7 Company changes, one client after the other, since a tie has two ends."""
    for row in restless:
        client = clients[row]
        dice = dice_of_the_week(client.luck, week)
        company_changes(client, row, ties, shown, unseen, today, dice)
