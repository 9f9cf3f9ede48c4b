"""What mutual aid does: one total effect on return to use, then shares of it.

The total is what a weekly, fully involved member gains over somebody who does not go. It is
divided between presence, involvement, company, and capital and identity; each is a part of the
total and never added on top of it. The total is not truncated: it may do harm.
"""

from recoverysim.codes import CONCAVE, INVOLVEMENT_ONLY, OPIOIDS, TRYING
from recoverysim.compiled import rule
from recoverysim.mutual_aid.standing import is_a_member, is_going
from recoverysim.quantities import parameters, quantity

parameters(
    "mutual_aid",
    total_log_hazard_ratio=quantity(
        0.6, "log hazard ratio", 0.012, 1.188, distribution="normal", bounds=(-5, 5),
        source="timko-07-abst; coch-42; hai-rel", grade="weak",
        studied="US trials of facilitation, mostly alcohol and men; a wide prior around them",
        note="less return to use for a weekly, fully involved member; negative would be harm. "
        "These trials inform the prior, so they cannot test it",
    ),
    presence_share=quantity(
        0.15, "share", 0.01, 0.40, distribution="dirichlet", concentration=1.5,
    ),
    involvement_share=quantity(
        0.40, "share", 0.14, 0.70, distribution="dirichlet", concentration=4,
        note="the largest: taking part went with less cocaine use, presence did not (weiss-05)",
    ),
    company_share=quantity(
        0.30, "share", 0.07, 0.60, distribution="dirichlet", concentration=3,
        note="in cohorts part of the benefit ran through sober company (kask-02-or)",
    ),
    capital_share=quantity(
        0.15, "share", 0.01, 0.40, distribution="dirichlet", concentration=1.5,
    ),
    for_opioids_share=quantity(
        0.5, "share", 0, 1, distribution="uniform",
        note="of the total, for people with opioid dependence: no trial was found",
    ),
    dose_shape=quantity(
        0, "code", 0, 2, distribution="choice", source="match-aa-low; weiss-05", grade="weak",
        studied="US: weekly attenders were abstinent twice as often; for cocaine only taking part "
        "mattered; not randomised",
        bounds=(0, 2),
        note="0 threshold at weekly, 1 concave, 2 involvement only",
    ),
    meetings_while_trying=quantity(0.5, "a week", 0.3, 0.7, note="for the concave shape"),
    concave_power=quantity(0.5, "exponent", 0.3, 0.8, note="of meetings a week, likewise"),
)  # fmt: skip


@rule
def gained_by_going(client, today):
    """Share of the total effect gained by being there and taking part; 0 for non-members."""
    if not today.mechanisms.mutual_aid_effect:
        return 0.0
    if not is_going(client):
        return 0.0
    present, involved = today.mutual_aid.presence_share, today.mutual_aid.involvement_share
    if today.mutual_aid.dose_shape == INVOLVEMENT_ONLY:
        return (present + involved) * client.involvement
    return present * presence(client, today) + involved * client.involvement


@rule
def presence(client, today):
    """How much of the benefit of being there this person gets, from 0 to 1."""
    if is_a_member(client):
        return 1.0
    if client.attendance == TRYING and today.mutual_aid.dose_shape == CONCAVE:
        return today.mutual_aid.meetings_while_trying**today.mutual_aid.concave_power
    return 0.0


@rule
def total_effect(client, today):
    """The whole effect for this person; for opioids a share of it that nobody has measured."""
    for_opioids = today.mutual_aid.for_opioids_share
    share = for_opioids if client.substance == OPIOIDS else 1.0
    return share * today.mutual_aid.total_log_hazard_ratio


@rule
def changes_through_mutual_aid(client, today):
    """Whether membership changes this person's company, capital and identity this week."""
    return today.mechanisms.mutual_aid_effect and is_a_member(client)
