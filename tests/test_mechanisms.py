"""Every mechanism can be switched off, and then changes what docs/model.md says in 7.17: that and
nothing else. What the rules say of a few people is read with everything on and with one off."""

import math

import numpy as np
import pytest

from recoverysim.codes import (
    COMMUNITY,
    DETOX,
    IN_USE,
    INTENSIVE,
    INVOLVED,
    LAPSED,
    LEFT,
    MEDICATION,
    OPIOIDS,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
    PSYCHOSOCIAL,
    REGULAR,
    TREATMENT,
    TRYING,
    USING,
)
from recoverysim.company import fastest_change, where_company_moves, which_tie
from recoverysim.compiled import PlainRow, PlainTable, plain
from recoverysim.mortality import (
    lose_the_cover_of_medication,
    other_rate,
    overdose_rate,
    tolerance_changes,
)
from recoverysim.motivation import DRIFT, motivation_drifts
from recoverysim.mutual_aid.attendance import (
    FIRST_MEETING,
    LEAVE,
    go_to_mutual_aid,
    inclination,
    is_pulled_by_a_link,
)
from recoverysim.mutual_aid.benefit import gained_by_going
from recoverysim.mutual_aid.groups import GROUP, meets_stigma
from recoverysim.mutual_aid.linkage import OFFER_PEER, link_to_mutual_aid
from recoverysim.mutual_aid.standing import fit
from recoverysim.recovery_capital import gained_by_capital, recovery_capital_changes
from recoverysim.settings import MECHANISMS
from recoverysim.stages.detox import END_HERE, LEAVE_EARLY, a_week_of_detox
from recoverysim.stages.treatment import AS_PLANNED, DROP_OUT, PLANNED_END, stay_or_leave
from recoverysim.stages.using import SEEK_HELP, STOP_FOR_GOOD, a_week_of_using
from recoverysim.supports.after_care import offer_supports
from recoverysim.supports.aftercare import OFFER_AFTERCARE
from recoverysim.supports.medication_policy import TAKEN_OFF_NOW
from recoverysim.supports.recovery_centres import REACH
from recoverysim.supports.recovery_housing import OFFER_HOUSING
from recoverysim.surroundings import gained_by_company, look_around, sights
from recoverysim.ties import loose_ties
from recoverysim.use import FIRST_USE, STOP, protection_by_sessions, stay_abstinent_or_use
from recoverysim.use import try_to_stop as stop
from tests.rules import (
    CURVES,
    SINGLE,
    SOME_DICE,
    TODAY,
    answered,
    curves_of,
    dice_that_answer,
    somebody,
    today,
)

WILLING = {"readiness": 0.5, "mood": 0.7}  # a motivation of 1.2
ON_MEDICATION = {"substance": OPIOIDS, "stage": TREATMENT, "modality": MEDICATION}


def changed(rule, name, *arguments, **state):
    """A column of somebody after a rule."""
    person = somebody(**state)
    answered(rule, person, *arguments)
    return getattr(person, name)


def readings(now, curves):
    """What the rules say of some people: a number under each name."""

    def asked(rule, person, *arguments):
        return answered(rule, person, now, *arguments, SOME_DICE)

    found = {}
    drinker = somebody(weeks_abstinent=30, **WILLING)
    found["first use"], found["first use, motivation"] = asked(
        stay_abstinent_or_use, drinker, curves
    )[FIRST_USE]
    stable = somebody(weeks_abstinent=30, **ON_MEDICATION)
    found["first use on medication"], _ = asked(stay_abstinent_or_use, stable, curves)[FIRST_USE]
    found["gained by going"] = plain(gained_by_going)(
        somebody(attendance=INVOLVED, involvement=0.8), now
    )
    found["sessions"] = plain(protection_by_sessions)(somebody(link=INTENSIVE, delivered=0.6), now)
    found["gained by company"] = plain(gained_by_company)(somebody(seen_company=0.45), now, curves)
    found["gained by capital"] = plain(gained_by_capital)(
        somebody(capital=0.6, identity=0.8), now, curves
    )

    using = somebody(use=IN_USE, stage=USING, weeks_using=16, weeks_since_help=13,
                     seen_company=0.45, **WILLING)  # fmt: skip
    week = asked(a_week_of_using, using, curves)
    found["first meeting later"] = week[FIRST_MEETING]
    found["lasting stop"] = week.get(STOP_FOR_GOOD)
    found["stopping"], found["stopping, motivation"] = week[STOP]
    found["asking for help"], found["asking for help, log ratio"] = week[SEEK_HELP]
    found["stopping on medication"], _ = asked(
        stop, somebody(use=IN_USE, weeks_using=16, **ON_MEDICATION), curves
    )[STOP]

    leaving = asked(stay_or_leave, somebody(weeks_in_stage=3, **ON_MEDICATION), curves)
    found["leaving medication"], found["planned end of medication"] = (
        leaving[DROP_OUT], leaving[PLANNED_END],
    )  # fmt: skip
    sessions = somebody(stage=TREATMENT, modality=PSYCHOSOCIAL, weeks_in_stage=3)
    found["planned end of sessions"] = asked(stay_or_leave, sessions, curves)[PLANNED_END]
    in_detox = asked(a_week_of_detox, somebody(stage=DETOX), curves)
    found["leaving detox"], found["end of detox"] = in_detox[LEAVE_EARLY], in_detox[END_HERE]

    been = {"earlier_contact": True, "fit": 1.0, "suits": 1.5, **WILLING}
    found["inclination"] = plain(inclination)(somebody(**been), now)
    unsettled = {"attendance": LEFT, "looks_elsewhere": True, "weeks_since_meeting": 3}
    found["a second try"] = asked(go_to_mutual_aid, somebody(**unsettled))[FIRST_MEETING]
    unwelcome = {"attendance": REGULAR, "suits": 1.5, "meets_stigma": True, **ON_MEDICATION}
    found["fit where not welcome"] = plain(fit)(somebody(**unwelcome), now)
    pressed = asked(stay_or_leave, somebody(weeks_in_stage=3, **unwelcome), curves)
    found["leaving medication where not welcome"] = pressed[DROP_OUT]
    group = np.zeros(1, GROUP)
    group["medication_turn"] = 1.0
    found["meets stigma"] = plain(meets_stigma)(somebody(**unwelcome), PlainRow(group[0]), now)
    found["coming back"] = asked(go_to_mutual_aid, somebody(attendance=LEFT, ever_attended=True))[
        FIRST_MEETING
    ]
    found["link pulls for 12 weeks"] = [
        bool(plain(is_pulled_by_a_link)(somebody(episodes=1, weeks_since_link=weeks)))
        for weeks in (11, 12)
    ] == [True, False]
    person = somebody(link_due=True, earlier_contact=True)
    answered(link_to_mutual_aid, person, now, SOME_DICE, yes=(OFFER_PEER,))
    found["pull"] = person.pull
    met = somebody(link_due=True, worker=0, worker_leans=1.0, psychiatric_need=True, episodes=1)
    found["offer of a peer"] = answered(link_to_mutual_aid, met, now, SOME_DICE)[OFFER_PEER]
    trying = somebody(attendance=TRYING, use=IN_USE, fit=1.0, suits=1.5, culture=0.2, **WILLING)
    found["leaving mutual aid"], found["leaving, log ratio"] = asked(go_to_mutual_aid, trying)[
        LEAVE
    ]
    for name, column, start in (
        ("involvement", "involvement", 0.0), ("standing", "attendance", 0.5),
    ):  # fmt: skip
        found[name] = changed(
            go_to_mutual_aid, column, now, SOME_DICE,
            attendance=REGULAR, involvement=start, fit=1.0, suits=1.5, sponsor=True, **WILLING,
        )  # fmt: skip
    found["involvement after leaving"] = changed(
        go_to_mutual_aid, "involvement", now, SOME_DICE, attendance=LEFT, involvement=0.5
    )

    for name in ("capital", "identity"):
        found[name] = changed(recovery_capital_changes, name, now, attendance=REGULAR)
    found["company may change"] = plain(fastest_change)(now, 8)
    member = somebody(attendance=REGULAR)
    found["change of company"], found["towards"] = plain(where_company_moves)(member, now)
    ties = PlainTable(np.array([[OUTSIDER_IN_RECOVERY] + [OUTSIDER_USING] * 3], np.int32))
    found["company seen"] = changed(
        look_around, "seen_company", ties, 0, PlainTable(sights(1)), 4, now
    )

    tired = {"substance": OPIOIDS, "use": IN_USE, "tolerance": 0.5}
    covered = tired | ON_MEDICATION | {"weeks_in_stage": 2}
    found["overdose"] = plain(overdose_rate)(somebody(**tired), now)
    found["overdose on medication"] = plain(overdose_rate)(somebody(**covered), now)
    found["other deaths"] = plain(other_rate)(somebody(**tired), now, curves, 104)
    found["other deaths on medication"] = plain(other_rate)(
        somebody(**covered | {"use": LAPSED}), now, curves, 104
    )
    found["tolerance"] = changed(tolerance_changes, "tolerance", now, curves,
                                 **tired | {"use": 0})  # fmt: skip
    found["tolerance after medication"] = changed(
        lose_the_cover_of_medication, "tolerance", now, **covered
    )
    person = somebody(mood=1.0)
    with dice_that_answer(throws={DRIFT: 0.5}):
        plain(motivation_drifts)(person, curves, SOME_DICE)
    found["mood"] = person.mood
    return found | readings_of_supports(now, curves)


def readings_of_supports(now, curves):
    """What the rules say of what services add around the journey, and of close ties."""
    found, bed = {}, somebody(stage=COMMUNITY, discharged=True)
    asked = answered(offer_supports, bed, True, now, SOME_DICE)
    found["offer of check-ups"] = asked.get(OFFER_AFTERCARE)
    found["offer of housing"] = asked.get(OFFER_HOUSING)
    found["reach of a centre"] = asked.get(REACH)
    more = under(now, naloxone={"carried_share": 0.9})
    found["overdose with more naloxone"] = plain(overdose_rate)(
        somebody(substance=OPIOIDS, use=IN_USE), more
    )
    well = under(now, medication_policy={"person_centred": 1.0, "taken_off_per_week": 0.1})
    person = somebody(weeks_in_stage=3, **ON_MEDICATION)
    asked = answered(stay_or_leave, person, well, curves, SOME_DICE)
    found["leaving medication, person-centred"] = asked[DROP_OUT]
    found["moved off medication"] = asked.get(TAKEN_OFF_NOW)
    asked = answered(stay_or_leave, person, well, curves, SOME_DICE, yes=[DROP_OUT])
    found["planned, person-centred"] = asked[AS_PLANNED]
    using = somebody(substance=OPIOIDS, use=IN_USE, stage=USING)
    found["coming back, person-centred"] = answered(
        a_week_of_using, using, well, curves, SOME_DICE
    )[SEEK_HELP][1]
    two_close = under(now, company={"close_ties": 2})
    ties = PlainTable(np.array([[OUTSIDER_IN_RECOVERY] + [OUTSIDER_USING] * 3], np.int32))
    found["company seen, two of four close"] = changed(
        look_around,
        "seen_company",
        ties,
        0,
        PlainTable(sights(1)),
        plain(loose_ties)(4, two_close),
        two_close,
    )
    found["tie that changes, two of eight close"] = plain(which_tie)(0.5, 8, two_close)
    return found


def under(now, **sections):
    """The same figures, with some of them changed."""
    row = now._row.copy()
    for section, names in sections.items():
        for name, value in names.items():
            row[section][name] = value
    return PlainRow(row)


def until(weeks, scale):
    """The cumulative hazard of a first use."""
    return math.log(1 + (weeks / scale) ** 1.05)


def log_odds(p):
    return math.log(p / (1 - p))


def mean_of_a_year(curve):
    return sum(curve(week) for week in range(52)) / 52


def offer_of_a_peer() -> float:
    """Of 0.10 of everybody still asked, by a worker who leans to it by a log odds of 1, to a
    religious person with a mental-health need in care for the first time."""
    left = 0.8 * (1 - 0.02 / 0.8)  # of everybody: workers who refer, and no intensive referral
    among, champions = 0.10 / (left / (left + 0.2)), 0.05 / 0.8
    spread = 0.3**2 + 0.5**2 + 0.4**2 + champions * (1 - champions) * 2**2
    odds = log_odds(among) * math.sqrt(1 + math.pi / 8 * spread) - champions * 2 + 1
    religious, unsure, need = (
        TODAY.population.religious_share, TODAY.population.unsure_share,
        TODAY.population.psychiatric_need_share,
    )  # fmt: skip
    odds += -0.45 * -(1 - religious - unsure) - 0.35 * (1 - need)
    return 1 / (1 + math.exp(-odds))


STAYS = 0.57 ** ((4 / 52) ** 0.48 - (3 / 52) ** 0.48)  # on medication, the fourth week

WITH_ALL_ON = {
    "first use": until(31, 12) - until(30, 12),
    "first use, motivation": -0.35 * 1.2,
    "first use on medication": 0.35 * (until(31, 4) - until(30, 4)),
    "gained by going": 0.15 + 0.40 * 0.8,
    "sessions": 0.1 * 0.6,
    "gained by company": 0.25 * 0.5,
    "gained by capital": 0.20 * (0.4 * 0.6 + 0.6 * 0.8 - 0.2) / 0.8,
    "first meeting later": 0.001,
    "lasting stop": math.log(2) / (52 * 14) + 0.018 / 2,
    "stopping": 0.040 * 3**-0.3,
    "stopping, motivation": 0.25 * 1.2,
    "asking for help": 0.012,
    "asking for help, log ratio": 0.3 * 1.2 + 0.5 * 0.25,
    "stopping on medication": 0.055 * 1.5 * 3**-0.3,
    "leaving medication": 1 - 0.57 ** ((4 / 52) ** 0.48 - (3 / 52) ** 0.48),
    "planned end of medication": 0,
    "planned end of sessions": 0,
    "leaving detox": 1 - 0.85 ** (1 / 2),
    "end of detox": 0,
    "inclination": 0.5 * 1.2 + 0.3 * 1.5 + 0.4,
    "a second try": 0.004 + 0.011,
    "fit where not welcome": 1.5 - 0.45,
    "leaving medication where not welcome": 1
    - 0.57 ** (1.3 * ((4 / 52) ** 0.48 - (3 / 52) ** 0.48)),
    "meets stigma": True,
    "coming back": 0.004,
    "link pulls for 12 weeks": True,
    "offer of a peer": offer_of_a_peer(),
    "pull": log_odds(0.30) + 0.8 * 0.75 * (log_odds(0.62) - log_odds(0.30)),
    "leaving mutual aid": 0.10 * 3,
    "leaving, log ratio": -(0.8 * 1.5 + 0.5 * 0.2 + 0.2 * 1.2),
    "involvement": 0.05 * (0.55 + 0.15 * 1.5 + 0.1 + 0.1 * 1.2),
    "standing": INVOLVED,
    "involvement after leaving": 0.5 * 0.97,
    "capital": 0.2 + 0.006 * (0.95 - 0.2),
    "identity": 0.2 + 0.04 * (1 - 0.2),
    "company may change": 8 * 0.020,
    "change of company": 0.020,
    "towards": 0.70,
    "company seen": 1 / 4,
    "overdose": 1.2 * 7 * (1 + 3 * 0.5),
    "overdose on medication": 1.2 * 2.5 * 2,
    "other deaths": 2.5 * math.exp(0.09 * 2) + 10 * math.exp(0.05 * 2),
    "other deaths on medication": 2.5 * math.exp(0.09 * 2) + 8 * math.exp(0.05 * 2),
    "tolerance": 0.5 * 0.5 ** (1 / 3),
    "tolerance after medication": 0.25,
    "offer of check-ups": 0.06,
    "offer of housing": 0.08,
    "reach of a centre": 0.07,
    "overdose with more naloxone": 1.2 * 7 * (1 - 0.9 * 0.4) / (1 - 0.3 * 0.4),
    "leaving medication, person-centred": 1 - STAYS ** math.exp(-0.35),
    "moved off medication": 0.1,
    "planned, person-centred": 1 / (1 + 0.55 / 0.45 * math.exp(-0.6)),
    "coming back, person-centred": 0.25,
    "company seen, two of four close": 1 / (2 + 2 * 3),
    "tie that changes, two of eight close": 3,  # half of 6 + 2 * 0.4 is 3.4
    "mood": 0.5 ** (1 / 12) + math.sqrt(0.6 * (1 - 0.5 ** (1 / 6))) * 0.5,
}  # fmt: skip

LEAVING_MEDICATION = WITH_ALL_ON["leaving medication"]
WHAT_CHANGES = {
    "places": {},  # it acts where a scenario sets limits: test_rules_of_queues.py
    "mutual_aid_effect": {
        "gained by going": 0, "sessions": 0,
        "change of company": 0.003, "towards": 0.20,  # as of somebody who is no member
        "capital": 0.2 + 0.006 * (0.7 - 0.2), "identity": 0.2 + 0.005 * (0.4 - 0.2),
        "leaving medication where not welcome": LEAVING_MEDICATION,
    },
    "involvement": {"involvement": 0, "standing": REGULAR},
    "practitioners": {"offer of a peer": 0.10},
    "fidelity_drift": {},  # it acts on what a scenario adds: test_fidelity_drift.py
    "company": {
        "company may change": 0, "gained by company": 0, "asking for help, log ratio": 0.3 * 1.2,
    },
    "capital": {"gained by capital": 0},
    "readiness": {
        "first use, motivation": 0, "stopping, motivation": 0,
        "asking for help, log ratio": 0.5 * 0.25, "inclination": 0.3 * 1.5 + 0.4,
        "leaving, log ratio": -(0.8 * 1.5 + 0.5 * 0.2),
        "involvement": 0.05 * (0.55 + 0.15 * 1.5 + 0.1),
    },
    "use_makes_leaving": {"leaving mutual aid": 0.10},
    "state_dependence": {
        "inclination": 0.5 * 1.2 + 0.3 * 1.5, "coming back": 0.001, "a second try": 0.001,
        "pull": log_odds(0.30) + 0.8 * (log_odds(0.62) - log_odds(0.30)),
    },
    "duration_dependence": {
        "first use": until(52, 12) / 52, "first use on medication": 0.35 * until(52, 4) / 52,
        "stopping": 0.040 * mean_of_a_year(lambda w: (1 + w / 8) ** -0.3),
        "stopping on medication": 0.055 * 1.5 * mean_of_a_year(lambda w: (1 + w / 8) ** -0.3),
        "lasting stop": math.log(2) / (52 * 14) + mean_of_a_year(lambda w: 0.018 * 0.5 ** (w / 13)),
        "leaving medication": 1 - 0.57 ** (1 / 52),
        "leaving medication where not welcome": 1 - 0.57 ** (1.3 / 52),
        "leaving medication, person-centred": 1 - 0.57 ** (math.exp(-0.35) / 52),
        "planned end of medication": 1 / 30_000, "planned end of sessions": 1 / 26,
        "end of detox": 1 / 2,
    },
    "remission_without_help": {"lasting stop": None},
    "group_life": {  # nobody is in a group then; those here are as if they were still
        "inclination": 0.5 * 1.2 + 0.3 + 0.4, "leaving, log ratio": -(0.8 + 0.5 * 0.2 + 0.2 * 1.2),
        "involvement": 0.05 * (0.55 + 0.15 + 0.1 * 1.2), "fit where not welcome": 0,
    },
    "stigma_of_medication": {"meets stigma": False},
    "fit": {
        "inclination": 0.5 * 1.2 + 0.4, "leaving, log ratio": -(0.5 * 0.2 + 0.2 * 1.2),
        "involvement": 0.05 * (0.55 + 0.1 + 0.1 * 1.2), "fit where not welcome": 0,
    },
    "lost_tolerance": {"overdose": 1.2 * 7},
    "medication_protection": {
        "first use on medication": until(31, 4) - until(30, 4),
        "overdose on medication": 1.2 * 7 * (1 + 3 * 0.5),
        "other deaths on medication": 2.5 * math.exp(0.09 * 2) + 10 * 0.9 * math.exp(0.05 * 2),
    },
    "aftercare": {"offer of check-ups": None},
    "recovery_housing": {"offer of housing": None},
    "recovery_centres": {"reach of a centre": None},
    "naloxone": {"overdose with more naloxone": 1.2 * 7},
    "medication_policy": {
        "leaving medication, person-centred": 1 - STAYS, "moved off medication": None,
        "planned, person-centred": 0.45, "coming back, person-centred": 0,
    },
    "close_ties": {
        "company seen, two of four close": 1 / 4, "tie that changes, two of eight close": 4,
    },
}  # fmt: skip


def test_every_mechanism_is_tried():
    assert set(WHAT_CHANGES) == set(MECHANISMS)


def test_what_the_rules_say_with_everything_on():
    assert readings(TODAY, CURVES) == pytest.approx(WITH_ALL_ON)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_switched_off_it_changes_what_is_described_and_nothing_else(mechanism):
    now = today(off=[mechanism])
    found, expected = readings(now, curves_of(now)), WITH_ALL_ON | WHAT_CHANGES[mechanism]
    assert found == {
        name: None if value is None else pytest.approx(value, rel=1e-6, abs=SINGLE)
        for name, value in expected.items()
    }
