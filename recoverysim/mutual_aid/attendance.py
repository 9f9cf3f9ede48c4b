"""Going to mutual aid: a first meeting, trying it, going regularly, taking part, leaving.

Early leaving is common. Nobody is made to go. "Involved" is a regular member with a home group,
a sponsor or a task, measured from 0 to 1; it grows slowly and fades after leaving.
"""

import math

from recoverysim.codes import (
    DETOX,
    FIRST_CONNECTED,
    FIRST_MEETING_EVER,
    IN_USE,
    INTENSIVE,
    INVOLVED,
    LEFT,
    MEDICATION,
    NEVER,
    REGULAR,
    TREATMENT,
    TRYING,
)
from recoverysim.compiled import rule
from recoverysim.dice import happens, question, strikes, strikes_at_risk
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS, has_been_before
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
        0.002, "per week", 0.0005, 0.004, note="on one's own, outside the weeks after linkage"
    ),
    become_regular_per_week=quantity(
        0.07, "per week", 0.04, 0.11, source="aa-firstyear; chappel", grade="weak",
        studied="AA newcomers, US: a quarter to a half still there after 3 to 12 months",
    ),
    leave_while_trying_per_week=quantity(
        0.10, "per week", 0.06, 0.15, source="chappel", grade="weak",
        studied="AA newcomers, US: about half gone within 3 months",
    ),
    leave_when_regular_per_week=quantity(
        0.006, "per week", 0.003, 0.012, source="km-drop", grade="moderate",
        studied="2,518 US male veterans, mostly established attenders: 40% gone in a year",
    ),
    leave_while_using_ratio=quantity(
        3.0, "hazard ratio", 2.0, 4.5, source="km-or", grade="weak",
        studied="US male veterans: people who used were likelier to have left; direction unknown",
    ),
    leave_per_fit_log_ratio=quantity(0.8, "log hazard ratio per sd", 0.3, 1.2, bounds=(-5, 5)),
    leave_per_readiness_log_ratio=quantity(
        0.2, "log hazard ratio per sd", 0, 0.4, bounds=(-5, 5)
    ),
    return_to_meetings_per_week=quantity(0.004, "per week", 0.001, 0.008),
    meeting_while_trying_share=quantity(
        0.6, "share", 0.4, 0.8, note="of weeks with at least one meeting"
    ),
    meeting_when_regular_share=quantity(0.95, "share", 0.85, 1.0),
)  # fmt: skip

parameters(
    "involvement",
    growth_per_week=quantity(0.05, "per week", 0.03, 0.08),
    usual_level=quantity(0.55, "0 to 1", 0.40, 0.70, bounds=(0, 1)),
    added_by_fit=quantity(0.15, "0 to 1 per sd", 0.05, 0.25, bounds=(-1, 1)),
    added_by_readiness=quantity(0.1, "0 to 1 per sd", 0, 0.2, bounds=(-1, 1)),
    added_by_intensive=quantity(
        0.3, "0 to 1", 0.1, 0.5, source="timko-07-att", grade="weak", bounds=(-1, 1),
        studied="US veterans: involvement score 4.9 against 3.7",
    ),
    kept_after_leaving_per_week=quantity(0.97, "share", 0.95, 0.99),
    counts_as_involved=quantity(0.4, "0 to 1", note="definition: a home group, sponsor or task"),
)  # fmt: skip

FIRST_MEETING = question("goes to a first meeting")
MEETING = question("goes to a meeting this week")
LEAVE = question("leaves mutual aid")
SETTLE = question("becomes a regular member")

CONNECTED_AFTER_DISCHARGE_WEEKS = 4
CONNECTED_ON_MEDICATION_WEEKS = 12


@rule
def go_to_mutual_aid(client, today, dice):
    """A week of going, or not going, to mutual aid, from where this person stands with it."""
    client.weeks_since_meeting += 1
    if client.attendance == NEVER or client.attendance == LEFT:
        maybe_go(client, today, dice)
        client.involvement *= today.involvement.kept_after_leaving_per_week
    elif client.attendance == TRYING:
        try_it(client, today, dice)
    else:
        go_regularly(client, today, dice)


@rule
def maybe_go(client, today, dice):
    """A first meeting, or a first one after leaving: pulled by an offer, or on one's own."""
    if strikes(dice, FIRST_MEETING, hazard_of_a_first_meeting(client, today)):
        client.attendance = TRYING
        attend_a_meeting(client)


@rule
def hazard_of_a_first_meeting(client, today):
    """Per week. Over the 12 weeks after linkage it adds up to the rate that defines the kind."""
    if client.episodes > 0 and not client.link_due and client.weeks_since_link < WINDOW_WEEKS:
        pull = client.pull + inclination(client, today)
        return math.log1p(math.exp(pull)) / WINDOW_WEEKS
    if client.attendance == LEFT and today.mechanisms.state_dependence:
        return today.attendance.return_to_meetings_per_week
    return today.attendance.first_meeting_later_per_week


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
    rate = today.attendance.leave_while_trying_per_week
    if strikes_at_risk(dice, LEAVE, rate, -attachment(client, today)):
        client.attendance = LEFT
    elif strikes(dice, SETTLE, today.attendance.become_regular_per_week):
        client.attendance = REGULAR
        attend_a_meeting(client)
    elif happens(dice, MEETING, today.attendance.meeting_while_trying_share):
        attend_a_meeting(client)


@rule
def go_regularly(client, today, dice):
    """A regular member: involvement grows and holds them; some leave all the same."""
    rate = today.attendance.leave_when_regular_per_week * use_drives_away(client, today)
    if strikes_at_risk(dice, LEAVE, rate, -attachment(client, today) - client.involvement):
        client.attendance = LEFT
        return
    if happens(dice, MEETING, today.attendance.meeting_when_regular_share):
        attend_a_meeting(client)
    grow_involved(client, today)


@rule
def grow_involved(client, today):
    """Involvement moves a little each week towards where this person would end up."""
    if not today.mechanisms.involvement:
        return
    level = today.involvement.usual_level
    level += today.involvement.added_by_fit * fit(client, today)
    level += today.involvement.added_by_readiness * motivation(client, today)
    if client.link == INTENSIVE:
        level += today.involvement.added_by_intensive * today.linkage.fidelity[INTENSIVE]
    level = min(max(level, 0.0), 1.0)
    client.involvement += today.involvement.growth_per_week * (level - client.involvement)
    if client.involvement >= today.involvement.counts_as_involved:
        client.attendance = INVOLVED
    else:
        client.attendance = REGULAR


@rule
def attachment(client, today):
    """Minus the log hazard ratio of leaving: a good fit and readiness keep people."""
    fits = today.attendance.leave_per_fit_log_ratio * fit(client, today)
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
    client.meetings_lately += 1
    if not client.ever_attended:
        client.ever_attended = True
        client.news |= FIRST_MEETING_EVER
    if not client.connected and is_in_the_window(client):
        client.connected = True
        client.news |= FIRST_CONNECTED


@rule
def is_in_the_window(client):
    """Within 4 weeks of leaving care, or within 12 of starting medication."""
    if client.stage == TREATMENT:
        on_medication = client.modality == MEDICATION
        return on_medication and client.weeks_in_stage < CONNECTED_ON_MEDICATION_WEEKS
    if client.stage == DETOX or not client.discharged:
        return False
    return client.weeks_since_discharge < CONNECTED_AFTER_DISCHARGE_WEEKS


@rule
def fit(client, today):
    """How well mutual aid suits this person; it moves going and staying, never the benefit."""
    if today.mechanisms.fit:
        return client.fit
    return 0.0


@rule
def is_a_member(client):
    """Goes regularly, involved or not."""
    return client.attendance == REGULAR or client.attendance == INVOLVED
