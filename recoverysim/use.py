"""Use, lapse, return to use and abstinence, wherever a person is.

The hazard of a first use falls with time abstinent: cumulative hazard ln(1 + (t/s)^k), the
log-logistic form that fits published curves best (kirshen-09), times the exponential of everything
that protects or endangers this person. Most first uses are lapses, and a lapse is not yet a
return to use: many people get over it.
"""

from recoverysim.codes import (
    ABSTINENT,
    IN_USE,
    INTENSIVE,
    LAPSED,
    MEDICATION,
    PSYCHOSOCIAL,
    SUBSTANCES,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import happens, question, strikes, strikes_at_risk
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.benefit import gained_by_going, total_effect
from recoverysim.quantities import by, parameters, quantity
from recoverysim.recovery_capital import gained_by_capital
from recoverysim.surroundings import gained_by_company

parameters(
    "return_to_use",
    scale_weeks=by(
        SUBSTANCES,
        alcohol=quantity(
            12, "weeks", 8, 18, source="niaaa-curve; hunt-71; belgium-6m", grade="moderate",
            studied="curves of return to drinking after treatment, US and Belgium", shape=True,
            bounds=(0.1, 10_000),
        ),
        opioids=quantity(
            4, "weeks", 2, 8, source="smyth-curve; gossop-89", grade="moderate",
            studied="after residential opioid detox, Ireland (n=109) and London (n=80)", shape=True,
            bounds=(0.1, 10_000),
        ),
        stimulants=quantity(
            6, "weeks", 4, 12, source="hunt-71", grade="weak", shape=True,
            studied="other substances; curves for all are much alike", bounds=(0.1, 10_000),
        ),
    ),
    shape=quantity(
        1.05, "exponent", 0.85, 1.15, source="kirshen-09; dennis-sustain",
        grade="moderate", shape=True,
        studied="20 studies of time to return to use, alcohol and tobacco", bounds=(0.1, 10),
        note="k of the log-logistic form",
    ),
    severity_log_hazard_ratio=by(
        SUBSTANCES,
        alcohol=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
        opioids=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
        stimulants=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
    ),
    frailty_sd=quantity(
        0.3, "log hazard", 0.1, 0.6, shape=True,
        note="people differ in ways that nothing else here measures",
    ),
    readiness_log_hazard_ratio=quantity(
        -0.35, "log hazard ratio per sd", -0.60, -0.15, bounds=(-5, 5),
        note="from a joint fit to crude associations of attendance with abstinence",
    ),
    psychiatric_need_log_hazard_ratio=quantity(
        0.15, "log hazard ratio", 0, 0.3, source="smi-relapse", grade="weak", bounds=(-5, 5),
        studied="people with severe mental illness, New Hampshire",
    ),
    in_treatment_hazard_ratio=quantity(0.7, "hazard ratio", 0.5, 1.0),
    on_medication_hazard_ratio=quantity(
        0.35, "hazard ratio", 0.2, 0.6, note="of use beside the medication"
    ),
    lapse_share=quantity(0.75, "share", 0.6, 0.9, note="of first uses that are lapses"),
    lapse_becomes_return_per_week=quantity(
        0.25, "per week", 0.15, 0.40, source="smyth-curve", grade="weak",
        studied="after opioid detox most lapses became daily use, in days; elsewhere fewer",
    ),
    lapse_is_got_over_per_week=quantity(0.35, "per week", 0.20, 0.50),
)  # fmt: skip

parameters(
    "becoming_abstinent",
    per_week=by(
        SUBSTANCES,
        alcohol=quantity(
            0.040, "per week", 0.025, 0.060, source="pickens-85; alc-24m", grade="weak",
            studied="regained abstinence after residential and hospital care, US and France",
        ),
        opioids=quantity(
            0.055, "per week", 0.030, 0.080, source="gossop-89", grade="weak",
            studied="London inpatients: 71% used in six weeks, 45% abstinent at six months",
        ),
        stimulants=quantity(0.100, "per week", 0.060, 0.140),
    ),
    slows_after_weeks=quantity(8, "weeks", 4, 16, shape=True, bounds=(0.1, 1000)),
    slows_with_power=quantity(0.3, "exponent", 0.1, 0.5, shape=True),
    in_treatment_ratio=quantity(1.5, "hazard ratio", 1.0, 2.5),
)  # fmt: skip

parameters(
    "remission_without_help",
    half_life_years=by(
        SUBSTANCES,
        alcohol=quantity(
            14, "years", 10, 20, source="halflife", grade="moderate", bounds=(0.1, 1000),
            studied="US general population, NESARC wave 1", shape=True,
        ),
        opioids=quantity(15, "years", 8, 25, bounds=(0.1, 1000), shape=True),
        stimulants=quantity(
            5, "years", 3, 8, source="halflife", grade="moderate", bounds=(0.1, 1000),
            studied="cocaine dependence, US general population, NESARC wave 1", shape=True,
        ),
    ),
    crisis_peak_per_week=quantity(
        0.018, "per week", 0.010, 0.030, shape=True,
        note="soon after a crisis that makes people seek help, on top of the background",
    ),
    crisis_half_life_weeks=quantity(13, "weeks", 6, 26, shape=True, bounds=(0.1, 1000)),
    head_start_weeks=quantity(
        52, "weeks", 26, 104,
        note="a lasting stop is as stable from its first day as this long an abstinence",
    ),
)  # fmt: skip

FIRST_USE = question("uses for the first time")
IS_A_LAPSE = question("is the first use a lapse")
GET_OVER_IT = question("gets over a lapse")
LAPSE_GOES_ON = question("a lapse becomes a return to use")
STOP = question("becomes abstinent")
STOP_FOR_GOOD = question("stops for good without help")


@rule
def risk_of_use(client, today, curves):
    """Log hazard ratio of a first use, from all that protects or endangers this person."""
    risk = client.frailty + today.return_to_use.severity_log_hazard_ratio[client.substance]
    risk += today.return_to_use.readiness_log_hazard_ratio * motivation(client, today)
    risk += today.return_to_use.psychiatric_need_log_hazard_ratio * client.psychiatric_need
    gained = gained_by_going(client, today)
    gained += gained_by_company(client, today, curves)
    gained += gained_by_capital(client, today, curves)
    risk -= total_effect(client, today) * gained
    return risk - protection_by_sessions(client, today)


@rule
def protection_by_sessions(client, today):
    """Log hazard ratio from the sessions of intensive referral themselves, while they last."""
    if not today.mechanisms.mutual_aid_effect or client.link != INTENSIVE or client.episodes == 0:
        return 0.0
    if client.weeks_since_link >= today.linkage.intensive_content_weeks:
        return 0.0
    return today.linkage.intensive_content_log_hazard_ratio * today.linkage.fidelity[INTENSIVE]


@rule
def stay_abstinent_or_use(client, today, curves, dice):
    """One week of abstinence: it holds, or there is a lapse, or a return to use."""
    weeks = min(client.weeks_abstinent + client.head_start, LAST_ROW)
    hazard = curves.first_use[client.substance, weeks] * care_protects(client, today)
    if not strikes_at_risk(dice, FIRST_USE, hazard, risk_of_use(client, today, curves)):
        client.weeks_abstinent += 1
    elif happens(dice, IS_A_LAPSE, today.return_to_use.lapse_share):
        lapse(client)
    else:
        use_again(client)


@rule
def care_protects(client, today):
    """Hazard ratio of a first use while in treatment; 1 outside it."""
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        return today.return_to_use.on_medication_hazard_ratio
    if client.modality == PSYCHOSOCIAL:
        return today.return_to_use.in_treatment_hazard_ratio
    return 1.0


@rule
def get_over_a_lapse_or_use_on(client, today, dice):
    """One week of a lapse: got over, or become a return to use, or not settled yet."""
    if happens(dice, GET_OVER_IT, today.return_to_use.lapse_is_got_over_per_week):
        become_abstinent(client)
    elif happens(dice, LAPSE_GOES_ON, today.return_to_use.lapse_becomes_return_per_week):
        use_again(client)


@rule
def try_to_stop(client, today, curves, dice):
    """One week of use: many stop again, most of them soon."""
    weeks = min(client.weeks_using, LAST_ROW)
    hazard = today.becoming_abstinent.per_week[client.substance] * curves.stopping_slows[weeks]
    if client.modality == PSYCHOSOCIAL or client.modality == MEDICATION:
        hazard *= today.becoming_abstinent.in_treatment_ratio
    ready = -today.return_to_use.readiness_log_hazard_ratio * motivation(client, today)
    if strikes_at_risk(dice, STOP, hazard, ready):
        become_abstinent(client)
    else:
        client.weeks_using += 1


@rule
def stop_for_good(client, today, curves, dice):
    """Remission without help: rare at any time, likelier soon after the crisis of seeking help."""
    if not today.mechanisms.remission_without_help:
        return
    hazard = curves.remission[client.substance]
    hazard += curves.crisis[min(client.weeks_since_help, LAST_ROW)]
    if strikes(dice, STOP_FOR_GOOD, hazard):
        become_abstinent(client)
        client.head_start = int(today.remission_without_help.head_start_weeks)


@rule
def become_abstinent(client):
    """The first day without use."""
    client.use = ABSTINENT
    client.weeks_abstinent = 0
    client.weeks_using = 0


@rule
def lapse(client):
    """Any use after abstinence, not yet a return to it."""
    client.use = LAPSED
    client.weeks_abstinent = 0
    client.head_start = 0
    client.used_since_discharge = client.discharged


@rule
def use_again(client):
    """A return to use."""
    lapse(client)
    client.use = IN_USE
    client.weeks_using = 0
