"""Going to mutual aid: a first meeting, trying it, going regularly, taking part, leaving.

Early leaving is common. Nobody is made to go.
"""

import math

from recoverysim.codes import (
    CAME_TO_NOTHING,
    CLINICIAN,
    FIRST_MEETING_EVER,
    IN_USE,
    LEFT,
    NEVER,
    NO_FELLOWSHIP,
    OFFER_NOT_FOLLOWED,
    REGULAR,
    TRYING,
)
from recoverysim.compiled import rule
from recoverysim.dice import happens, question, strikes, strikes_at_risk
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.connection import LAST_13_WEEKS, note_a_connection, note_engagement
from recoverysim.mutual_aid.fellowships import (
    have_a_fellowship_in_mind,
    leave_a_fellowship,
    try_another,
)
from recoverysim.mutual_aid.involvement import grow_involved, involvement_fades
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS, has_been_before
from recoverysim.mutual_aid.standing import fit, is_going
from recoverysim.quantities import parameters, quantity

parameters(
    "attendance",
    readiness_log_odds=quantity(0.5, "log odds per sd", 0.2, 0.8, bounds=(-5, 5)),
    fit_log_odds=quantity(
        0.3, "log odds per sd", 0.1, 0.5, source="tonigan-02", grade="weak", bounds=(-5, 5),
        studied="US trial of alcohol treatments: atheists and agnostics attended less",
    ),
    earlier_contact_log_odds=quantity(
        0.4, "log odds", 0, 0.8, source="uk-clients", grade="weak", bounds=(-5, 5),
        studied="English region: only past attendance predicted readiness to go",
    ),
    first_meeting_later_per_week=quantity(
        0.001, "per week", 0.0002, 0.003, note="on one's own, outside the weeks after linkage"
    ),
    become_regular_per_week=quantity(
        0.07, "per week", 0.04, 0.11, source="chappel", grade="weak",
        studied="AA newcomers, US: about half still there after 3 months; quoted second-hand",
    ),
    leave_while_trying_per_week=quantity(
        0.07, "per week", 0.04, 0.12, source="chappel", grade="weak",
        studied="AA newcomers, US: about half gone within 3 months; quoted second-hand",
        note="of somebody who does not use; with those who do, about half of newcomers are gone",
    ),
    leave_when_regular_per_week=quantity(
        0.006, "per week", 0.003, 0.012, source="km-drop", grade="weak",
        studied="2,518 US male veterans, mostly established attenders: 40% gone in a year",
    ),
    leave_while_using_ratio=quantity(
        3.0, "hazard ratio", 2.0, 4.5,
        note="leavers and use go together in cohorts (km-or, kept for validation); what leads to "
        "what is unknown",
    ),
    leave_per_fit_log_ratio=quantity(0.8, "log hazard ratio per sd", 0.3, 1.2, bounds=(-5, 5)),
    leave_per_readiness_log_ratio=quantity(
        0.2, "log hazard ratio per sd", 0, 0.4, bounds=(-5, 5)
    ),
    leave_per_involvement_log_ratio=quantity(
        1.0, "log hazard ratio", 0.5, 1.5, bounds=(-5, 5),
        note="of a regular member, for the whole of involvement: taking part holds people",
    ),
    return_to_meetings_per_week=quantity(0.004, "per week", 0.001, 0.008),
    meeting_while_trying_share=quantity(
        0.6, "share", 0.4, 0.8, note="of weeks with at least one meeting"
    ),
    meeting_when_regular_share=quantity(0.95, "share", 0.85, 1.0),
)  # fmt: skip

FIRST_MEETING = question("goes to a first meeting")
MEETING = question("goes to a meeting this week")
LEAVE = question("leaves mutual aid")
SETTLE = question("becomes a regular member")


@rule
def go_to_mutual_aid(client, today, dice):
    """A week of going, or not going, to mutual aid, from where this person stands with it."""
    client.weeks_since_meeting += 1
    client.meetings = (client.meetings << 1) & LAST_13_WEEKS
    if not is_going(client):
        maybe_go(client, today, dice)
        note_an_offer_not_followed(client)
        involvement_fades(client, today)
    elif client.attendance == TRYING:
        try_it(client, today, dice)
    else:
        go_regularly(client, today, dice)


@rule
def maybe_go(client, today, dice):
    """A first meeting, or a first one after leaving: pulled by an offer, or on one's own."""
    if strikes(dice, FIRST_MEETING, hazard_of_a_first_meeting(client, today)):
        begin_to_go(client, today, dice)


@rule
def begin_to_go(client, today, dice):
    """The meeting itself, and trying it from then on."""
    if today.mechanisms.group_life:
        set_out(client, today, dice)
    client.attendance = TRYING
    attend_a_meeting(client)


@rule
def set_out(client, today, dice):
    """To a fellowship: the one that a link brought to mind, one that may suit better, or any."""
    if is_pulled_by_a_link(client):
        return
    if client.looks_elsewhere and client.weeks_since_meeting < WINDOW_WEEKS:
        try_another(client, today, dice)
    elif client.attendance == LEFT or client.fellowship == NO_FELLOWSHIP:
        have_a_fellowship_in_mind(client, today, dice)


@rule
def hazard_of_a_first_meeting(client, today):
    """Per week. Over the 12 weeks after linkage it adds up to the rate that defines the kind."""
    if is_pulled_by_a_link(client):
        pull = client.pull + inclination(client, today)
        if client.met_on_the_premises:
            pull += today.on_the_premises.carry_over_log_odds
        return math.log1p(math.exp(pull)) / WINDOW_WEEKS
    return hazard_on_ones_own(client, today) * today.reach.ratio[client.substance]


@rule
def hazard_on_ones_own(client, today):
    """Without an offer: a first meeting, or one after leaving, there or elsewhere."""
    once = today.attendance.first_meeting_later_per_week
    again = today.attendance.return_to_meetings_per_week
    has_left = (client.attendance == LEFT) & today.mechanisms.state_dependence
    hazard = again if has_left else once
    if client.looks_elsewhere & has_left & (client.weeks_since_meeting < WINDOW_WEEKS):
        hazard += today.fellowships.second_try_per_week
    if client.visits_centre:
        hazard *= today.recovery_centres.first_meeting_hazard_ratio
    return hazard


@rule
def is_pulled_by_a_link(client):
    """In the weeks after linkage, for whoever has not followed it to a meeting yet."""
    if client.episodes == 0 or client.weeks_since_link >= WINDOW_WEEKS:
        return False
    return has_not_followed(client)


@rule
def has_not_followed(client):
    """No meeting since the last linkage."""
    return client.attendance == NEVER or client.weeks_since_meeting > client.weeks_since_link


@rule
def note_an_offer_not_followed(client):
    """After 12 weeks without a meeting: nobody has to go, and services count it."""
    if client.weeks_since_link == WINDOW_WEEKS and client.link >= CLINICIAN:
        if has_not_followed(client):
            client.news |= OFFER_NOT_FOLLOWED
            client.came_of_link |= CAME_TO_NOTHING


@rule
def inclination(client, today):
    """What this person adds to the log odds of going: readiness, fit, knowing it already."""
    added = today.attendance.readiness_log_odds * motivation(client, today)
    added += today.attendance.fit_log_odds * fit(client, today)
    if has_been_before(client, today):
        added += today.attendance.earlier_contact_log_odds
    return added


@rule
def try_it(client, today, dice):
    """Trying: many leave, some settle, most weeks bring a meeting."""
    rate = today.attendance.leave_while_trying_per_week * use_drives_away(client, today)
    if strikes_at_risk(dice, LEAVE, rate, -attachment(client, today)):
        leave(client, today, dice)
    elif strikes(dice, SETTLE, today.attendance.become_regular_per_week):
        client.attendance = REGULAR
        attend_a_meeting(client)
    elif happens(dice, MEETING, today.attendance.meeting_while_trying_share):
        attend_a_meeting(client)


@rule
def go_regularly(client, today, dice):
    """A regular member: involvement grows and holds them; some leave all the same."""
    rate = today.attendance.leave_when_regular_per_week * use_drives_away(client, today)
    held = attachment(client, today)
    held += today.attendance.leave_per_involvement_log_ratio * client.involvement
    if strikes_at_risk(dice, LEAVE, rate, -held):
        leave(client, today, dice)
        return
    if happens(dice, MEETING, today.attendance.meeting_when_regular_share):
        attend_a_meeting(client)
    grow_involved(client, today)


@rule
def leave(client, today, dice):
    """Stop going; with several fellowships, perhaps to try another."""
    if today.mechanisms.group_life:
        leave_a_fellowship(client, today, dice)
    else:
        client.attendance = LEFT


@rule
def attachment(client, today):
    """Minus the log hazard ratio of leaving: a good fit and readiness hold people, and so does a
    group in which many have recovered."""
    fits = today.attendance.leave_per_fit_log_ratio * fit(client, today)
    fits += today.groups.leave_per_experienced_log_ratio * client.culture
    return fits + today.attendance.leave_per_readiness_log_ratio * motivation(client, today)


@rule
def use_drives_away(client, today):
    """Hazard ratio of leaving: people who use again tend to stop going."""
    if today.mechanisms.use_makes_leaving and client.use == IN_USE:
        return today.attendance.leave_while_using_ratio
    return 1.0


@rule
def attend_a_meeting(client):
    """A meeting; it connects a person who has just left care or started medication."""
    client.weeks_since_meeting = 0
    client.meetings |= 1
    if not client.ever_attended:
        client.ever_attended = True
        client.news |= FIRST_MEETING_EVER
    note_a_connection(client)
    note_engagement(client)
