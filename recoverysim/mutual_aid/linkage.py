"""Linkage: who offers what to whom, once in each episode of care.

Five kinds, from nothing to a peer who introduces and goes along. A kind is known by its rate of
first attendance, and acts by that alone, but for intensive referral, which also supports taking
part and brings some content of its own.
"""

import math

from recoverysim.codes import (
    CAME_OFFERED,
    CLINICIAN,
    FIRST_OFFER,
    INTENSIVE,
    KINDS,
    LEAFLET,
    LINK_MADE,
    NONE,
    PEER,
)
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.mutual_aid.fellowships import have_a_fellowship_in_mind
from recoverysim.mutual_aid.peers import peers_are_limited
from recoverysim.mutual_aid.standing import is_going
from recoverysim.practitioners import among_those_who_refer, chance_of_an_offer
from recoverysim.quantities import by, parameters, quantity

WINDOW_WEEKS = 12  # over which a rate of first attendance is defined (docs/glossary.md)

parameters(
    "linkage",
    offered_share=by(
        KINDS,
        none=quantity(1, "share", bounds=(1, 1), grade="design",
                      note="whoever is offered nothing else"),
        leaflet=quantity(
            0.44, "share", 0.25, 0.65, lever=True,
            note="of people not offered anything more active; with the others: 20% of everybody",
        ),
        clinician=quantity(
            0.49, "share", 0.35, 0.60, lever=True, source="day-05; wall-14", grade="weak",
            studied="staff in the English West Midlands: 46% likely to recommend",
            note="of people offered neither intensive referral nor a peer: 43% of everybody",
        ),
        intensive=quantity(0.02, "share", 0, 0.05, lever=True, note="rare in the United Kingdom"),
        peer=quantity(
            0.10, "share", 0.05, 0.15, lever=True, note="of people not offered intensive referral"
        ),
    ),
    fidelity=by(
        KINDS,
        none=quantity(1, "share", bounds=(1, 1), grade="design", note="nothing is to deliver"),
        leaflet=quantity(1, "share", lever=True, note="a leaflet delivers itself"),
        clinician=quantity(
            0.5, "share", 0.2, 0.8, lever=True,
            note="today mutual aid is mostly talked about, seldom introduced",
        ),
        intensive=quantity(
            0.6, "share", 0.3, 0.9, lever=True, source="stage12-dose", grade="weak",
            studied="68% got enough of it in a US trial",
            note="less in routine care, as staff in rural US services showed (rural-fidelity)",
        ),
        peer=quantity(
            0.8, "share", 0.5, 1.0, lever=True, note="of the effect seen in one London pilot trial"
        ),
    ),
    first_meeting=by(
        KINDS,
        none=quantity(
            0.30, "probability", 0.10, 0.40, source="manning-post; uk-clients", grade="weak",
            studied="London inpatient detox, 33% with no introduction; people in treatment in an "
            "English region, of whom 14% had been to AA and 24% to NA within a year",
            note="what people do anyway: average readiness, no earlier contact, within 12 weeks",
        ),
        leaflet=quantity(
            0.31, "probability", 0.30, 0.34, moves_with="linkage.none.first_meeting",
        ),
        clinician=quantity(
            0.438, "probability", 0.343, 0.562, source="manning-post", grade="weak",
            moves_with="linkage.none.first_meeting",
            studied="London inpatient detox, a doctor's introduction; one pilot trial, n=151",
        ),
        intensive=quantity(
            0.54, "probability", 0.33, 0.70, moves_with="linkage.none.first_meeting",
            note="trials report weekly attendance in people who had nearly all been before",
        ),
        peer=quantity(
            0.622, "probability", 0.463, 0.777, source="manning-post", grade="weak",
            moves_with="linkage.none.first_meeting",
            studied="London inpatient detox, a peer's introduction; one pilot trial, n=151",
        ),
    ),
    after_earlier_contact_ratio=quantity(
        0.75, "ratio", 0.2, 1.5, source="timko-06; maaez-09", grade="weak",
        studied="US: one trial moved attendance only where there was little earlier exposure, "
        "another gained more where there was much",
        note="how strongly an offer pulls somebody who has been before; the direction is disputed",
    ),
    intensive_content_log_hazard_ratio=quantity(
        0.1, "log hazard ratio", 0, 0.3,
        note="what the sessions do for abstinence beside attendance, while they last",
    ),
    intensive_content_weeks=quantity(26, "weeks", 12, 52),
)  # fmt: skip

parameters(
    "fidelity_drift",
    kept_share=quantity(
        0.6,
        "share",
        0.3,
        0.9,
        whole_run=True,
        note="of what a new programme adds to offers and fidelity, in the long run; staff did not "
        "deliver one consistently (rural-fidelity)",
    ),
    half_life_weeks=quantity(
        52,
        "weeks",
        26,
        104,
        bounds=(0.1, 10_000),
        whole_run=True,
        note="in which the rest of it halves",
    ),
)

# One question a kind: who is offered a peer at 10% is offered a peer at 60% too.
OFFER_INTENSIVE = question("is intensive referral offered")
OFFER_PEER = question("is a peer introduction offered")
OFFER_CLINICIAN = question("does the clinician introduce")
OFFER_LEAFLET = question("is a leaflet handed over")


@rule
def link_to_mutual_aid(client, today, dice):
    """The one occasion in an episode of care when linking can happen.

    The most active kind on offer is taken; what it adds to the pull of mutual aid depends on how
    faithfully it is delivered, and is smaller for people who have been before.
    """
    if not client.link_due:
        return
    if client.waits_for_a_peer:
        if client.weeks_since_link >= today.peers.waits_at_most_weeks:
            make_the_link(client, CLINICIAN, today, dice)  # the worker introduces instead
        return
    kind = kind_on_offer(client, today, dice)
    if kind == PEER and peers_are_limited(today):
        wait_for_a_peer(client, today, dice)
    else:
        make_the_link(client, kind, today, dice)


@rule
def wait_for_a_peer(client, today, dice):
    """Until a peer has time (`queues.py`) people do what they would do anyway."""
    client.waits_for_a_peer = True
    be_pulled(client, NONE, today, dice)


@rule
def make_the_link(client, kind, today, dice):
    """What is offered is offered, and its pull begins."""
    client.link_due = False
    client.waits_for_a_peer = False
    be_pulled(client, kind, today, dice)
    client.news |= LINK_MADE
    if kind >= CLINICIAN:
        note_an_offer(client)


@rule
def be_pulled(client, kind, today, dice):
    """From now on a link of this kind pulls, in place of the last one."""
    client.met_on_the_premises = False
    client.link = kind
    client.weeks_since_link = 0
    client.came_of_link = 0
    client.delivered = today.linkage.fidelity[client.link]
    client.pull = pull_of(client.link, has_been_before(client, today), today)
    client.pull += today.reach.log_odds[client.substance]
    if today.mechanisms.group_life and not is_going(client):
        have_a_fellowship_in_mind(client, today, dice)


@rule
def note_an_offer(client):
    """An active link was offered, perhaps for the first time."""
    client.came_of_link = CAME_OFFERED
    if not client.ever_offered:
        client.ever_offered = True
        client.news |= FIRST_OFFER


@rule
def kind_on_offer(client, today, dice):
    """The most active kind of linkage that this worker offers this client this time."""
    shares, left = today.linkage.offered_share, 1.0
    if happens(dice, OFFER_INTENSIVE, chance_of_an_offer(shares[INTENSIVE], left, client, today)):
        return INTENSIVE
    left *= 1.0 - among_those_who_refer(shares[INTENSIVE], left, today)
    if happens(dice, OFFER_PEER, chance_of_an_offer(shares[PEER], left, client, today)):
        return PEER
    left *= 1.0 - among_those_who_refer(shares[PEER], left, today)
    if happens(dice, OFFER_CLINICIAN, chance_of_an_offer(shares[CLINICIAN], left, client, today)):
        return CLINICIAN
    if happens(dice, OFFER_LEAFLET, shares[LEAFLET]):
        return LEAFLET
    return NONE


@rule
def pull_of(kind, been_before, today):
    """Log odds that a client of average readiness goes to a meeting within 12 weeks."""
    anyway = log_odds(today.linkage.first_meeting[NONE])
    added = (log_odds(today.linkage.first_meeting[kind]) - anyway) * today.linkage.fidelity[kind]
    if been_before:
        added *= today.linkage.after_earlier_contact_ratio
    return anyway + added


@rule
def has_been_before(client, today):
    """Whether this client knows meetings already, before entry or since."""
    return today.mechanisms.state_dependence and (client.earlier_contact or client.ever_attended)


@rule
def log_odds(probability):
    """The log odds of a probability; 0 and 1 become very unlikely and very likely."""
    within = min(max(probability, 1e-9), 1.0 - 1e-9)
    return math.log(within / (1.0 - within))
