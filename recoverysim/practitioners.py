"""Practitioners: whether somebody is linked depends on the worker they happen to meet.

Each works in a service, with an attitude to mutual aid, some knowledge of it, and a caseload. Some
refer nobody, a few are champions. What they are like moves how likely they are to offer a link;
shares in `linkage` are those of a whole workforce as it is today. Attitudes and knowledge change:
by training, by a visit to an open meeting, by seeing own clients recover; and they drift back.
"""

import math

import numpy as np

from recoverysim.codes import CHAMPION, DOES_NOT_REFER, NO_WORKER, NOT_RELIGIOUS, ORDINARY
from recoverysim.compiled import rule
from recoverysim.dice import dice_of_the_week, luck_of, normal, question, throw
from recoverysim.quantities import parameters, quantity

parameters(
    "practitioners",
    number=quantity(
        48, "workers", whole_run=True, bounds=(1, 1_000_000), grade="design",
        note="for some 2,000 clients, about 40 each; give a larger area more",
    ),
    in_a_service=quantity(8, "workers", whole_run=True, bounds=(1, 1_000_000), grade="design"),
    do_not_refer_share=quantity(
        0.20, "share", 0.10, 0.30, whole_run=True, source="wall-14", grade="weak",
        studied="92 workers of two agencies in Birmingham: some 80% refer at least some clients; "
        "30% had sent nobody in the last month",
    ),
    champions_share=quantity(0.05, "share", 0.0, 0.10, whole_run=True),
    more_do_not_refer_share=quantity(
        0.0, "share", bounds=(-1, 1), lever=True, grade="design",
        note="of workers, more than today",
    ),
    more_champions_share=quantity(
        0.0, "share", bounds=(-1, 1), lever=True, grade="design",
        note="of workers, more than today",
    ),
    champion_log_odds=quantity(2.0, "log odds", 1.0, 3.0, bounds=(-10, 10)),
    attitude_log_odds=quantity(
        0.25, "log odds per sd", 0, 0.5, source="laudet-ref; wall-14", grade="weak",
        bounds=(-5, 5),
        studied="100 clinicians in New York: a better attitude went with more referral, no slope "
        "was given; in Birmingham attitude no longer counted beside knowledge",
    ),
    knowledge_log_odds=quantity(
        0.5, "log odds per sd", 0.2, 0.8, source="wall-14", grade="weak", bounds=(-5, 5),
        studied="Birmingham: knowledge predicted referral; no slope was given",
        note="with attitude: from about 0.3 to 0.8 of clients between workers some three sd apart",
    ),
    service_log_odds_sd=quantity(
        0.3, "log odds", 0.1, 0.6, whole_run=True, note="services differ in what they expect"
    ),
    no_faith_log_odds=quantity(
        -0.4, "log odds", -0.8, 0, source="va-97-who", grade="weak", bounds=(-5, 5),
        studied="US veterans' programmes: fewer atheists are sent; no size was given",
    ),
    mental_health_need_log_odds=quantity(
        -0.3, "log odds", -0.6, 0, source="va-97-who", grade="weak", bounds=(-5, 5),
        studied="the same of people with psychiatric comorbidity; no size was given",
    ),
    been_in_care_before_log_odds=quantity(
        0.3, "log odds", 0, 0.6, source="va-97-who", grade="weak", bounds=(-5, 5),
        studied="the same: and people with milder problems; no size was given",
        note="a first episode of care stands for a milder problem",
    ),
    trained_share=quantity(
        0.0, "share", lever=True, grade="design", note="of workers, trained in mutual aid anew"
    ),
    training_adds_knowledge=quantity(
        0.8, "sd", 0.3, 1.3, source="train-16", grade="weak", bounds=(-5, 5),
        studied="Australia, before and after: knowledge and willingness rose (64 workers), and "
        "referrals moderately in the month after (38); no size was given, nobody to compare with",
    ),
    taken_to_a_meeting_share=quantity(
        0.0, "share", lever=True, grade="design", note="of workers, taken to an open meeting"
    ),
    open_meeting_adds_attitude=quantity(0.8, "sd", 0.2, 1.4, bounds=(-5, 5)),
    own_clients_recover_adds_attitude=quantity(
        0.4, "sd", 0, 1.2, bounds=(-5, 5),
        note="for each whole caseload, as it was at the start, that reaches 90 days of abstinence",
    ),
    half_life_weeks=quantity(
        52, "weeks", 26, 156, bounds=(0.1, 100_000), whole_run=True,
        note="in which what was gained in attitude or knowledge halves",
    ),
)  # fmt: skip

WORKER = np.dtype(
    [
        ("attitude", "f8"),  # sd, at first
        ("knowledge", "f8"),
        ("warmed", "f8"),  # sd of attitude gained since, and of knowledge
        ("learnt", "f8"),
        ("expected", "f8"),  # log odds of offering, from the service
        ("turn", "f8"),  # 0 to 1: whose turn it is first
        ("leaning_to_a_role", "f8"),  # 0 to 1: does not refer lowest, champion highest
        ("seen_recover", "i4"),  # own clients who reached 90 days this week
        ("role", "i1"),
        ("trained", "?"),
        ("taken", "?"),  # to an open meeting
        ("unused", "i1"),
    ],
    align=True,
)

ROLE = question("what kind of worker is this")
ATTITUDE = question("a worker's attitude")
KNOWLEDGE = question("a worker's knowledge")
SERVICE = question("what a service expects")
TURN = question("whose turn it is to be trained")
WHO = question("which worker is met")

MEAN_PRESERVING = math.pi / 8.0  # MacKay 1992: the mean of a logistic over a normal number


@rule
def hire(worker, number, seed, today):
    """A worker as the run begins, by dice of their own."""
    dice = dice_of_the_week(luck_of(seed, np.uint64(number)), 0)
    service = dice_of_the_week(luck_of(seed, np.uint64(service_of(number, today))), 1)
    worker.attitude = normal(dice, ATTITUDE)
    worker.knowledge = normal(dice, KNOWLEDGE)
    worker.expected = today.practitioners.service_log_odds_sd * normal(service, SERVICE)
    worker.turn = throw(dice, TURN)
    worker.leaning_to_a_role = throw(dice, ROLE)
    worker.role = role_of(worker.leaning_to_a_role, today)


@rule
def role_of(thrown, today):
    """Does not refer, ordinary, or champion: shares of today, and what a scenario adds to them."""
    numbers = today.practitioners
    if thrown < numbers.do_not_refer_share + numbers.more_do_not_refer_share:
        return DOES_NOT_REFER
    if thrown >= 1.0 - numbers.champions_share - numbers.more_champions_share:
        return CHAMPION
    return ORDINARY


@rule
def service_of(number, today):
    """The service in which a worker works."""
    return int(number // today.practitioners.in_a_service)


@rule
def workers_change(workers, today, kept, caseload):
    """Once a week: what was gained wears off; training, meetings, and own clients who recover.

    `kept` is what a week leaves of what was gained, `caseload` how many clients each worker had at
    the start, on average.
    """
    for number in range(workers.size):
        worker = workers[number]
        worker.role = role_of(worker.leaning_to_a_role, today)
        worker.warmed *= kept
        worker.learnt *= kept
        seen = worker.seen_recover / caseload
        worker.warmed += today.practitioners.own_clients_recover_adds_attitude * seen
        worker.seen_recover = 0
        if worker.turn < today.practitioners.trained_share and not worker.trained:
            worker.trained = True
            worker.learnt += today.practitioners.training_adds_knowledge
        if worker.turn < today.practitioners.taken_to_a_meeting_share and not worker.taken:
            worker.taken = True
            worker.warmed += today.practitioners.open_meeting_adds_attitude


@rule
def meet_a_worker(client, workers, today, dice):
    """Care starts with one of the workers, as they are this week."""
    client.worker = int(throw(dice, WHO) * workers.size)
    worker = workers[client.worker]
    client.worker_role = worker.role
    client.worker_leans = leaning(worker, today)


@rule
def leaning(worker, today):
    """Log odds of offering a link, above the average worker who refers at all."""
    leans = worker.expected
    leans += today.practitioners.attitude_log_odds * (worker.attitude + worker.warmed)
    leans += today.practitioners.knowledge_log_odds * (worker.knowledge + worker.learnt)
    if worker.role == CHAMPION:
        leans += today.practitioners.champion_log_odds
    return leans


@rule
def chance_of_an_offer(share, left, client, today):
    """Whether this worker offers this client what `share` of all people who are asked are offered.

    The share is that of the workforce as it is today: first those who refer at all offer it, and
    only beyond them those who do not. `left` is the share of clients of workers who refer that no
    more active kind has been offered to. A scenario that makes workers other people moves it.
    """
    if share >= 1.0 or not today.mechanisms.practitioners or client.worker == NO_WORKER:
        return share
    can = by_those_who_refer(left, today)
    if client.worker_role == DOES_NOT_REFER:
        return max(0.0, (share - can) / max(1.0 - can, 1e-9))
    among = among_those_who_refer(share, left, today)
    if among <= 0.0 or among >= 1.0:
        return among
    odds = math.log(among / (1.0 - among)) * math.sqrt(1.0 + MEAN_PRESERVING * variance(today))
    leans = client.worker_leans - average_leaning(today) + suits(client, today)
    return 1.0 / (1.0 + math.exp(-(odds + leans)))


@rule
def by_those_who_refer(left, today):
    """The share of people still asked whose worker refers at all."""
    refer = (1.0 - today.practitioners.do_not_refer_share) * left
    return refer / max(refer + today.practitioners.do_not_refer_share, 1e-9)


@rule
def among_those_who_refer(share, left, today):
    """What a share of everybody still asked is among the clients of workers who refer."""
    return min(share / max(by_those_who_refer(left, today), 1e-9), 1.0)


@rule
def average_leaning(today):
    """Of workers who refer, as the run begins: that of the champions among them."""
    return champions_among(today) * today.practitioners.champion_log_odds


@rule
def champions_among(today):
    """Champions as a share of workers who refer."""
    refer = 1.0 - today.practitioners.do_not_refer_share
    return min(today.practitioners.champions_share / max(refer, 1e-9), 1.0)


@rule
def variance(today):
    """Of the leaning between workers who refer."""
    champions = champions_among(today)
    found = champions * (1.0 - champions) * today.practitioners.champion_log_odds**2
    found += today.practitioners.attitude_log_odds**2 + today.practitioners.knowledge_log_odds**2
    return found + today.practitioners.service_log_odds_sd**2


@rule
def suits(client, today):
    """Log odds by whom staff think it suits, with a mean of about 0 over everybody at entry."""
    who = today.population
    without_faith = 1.0 - who.religious_share - who.unsure_share
    unbelieving = (client.faith == NOT_RELIGIOUS) - without_faith
    found = today.practitioners.no_faith_log_odds * unbelieving
    need = client.psychiatric_need - who.psychiatric_need_share
    found += today.practitioners.mental_health_need_log_odds * need
    if client.episodes > 1:
        found += today.practitioners.been_in_care_before_log_odds
    return found
