"""Use, lapse, return to use and abstinence, wherever a person is.

The hazard of a first use falls with time abstinent: cumulative hazard ln(1 + (t/s)^k), the
log-logistic form that fits published curves best (kirshen-09), times the exponential of everything
that protects or endangers this person. Most first uses are lapses, and a lapse is not yet a
return to use: many people get over it.
"""

from recoverysim.codes import (
    ABSTINENT,
    DETOX,
    IN_USE,
    INTENSIVE,
    LAPSED,
    MEDICATION,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    SUBSTANCES,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import happens, question, strikes_at_risk
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.benefit import gained_by_going, total_effect
from recoverysim.quantities import by, parameters, quantity
from recoverysim.recovery_capital import gained_by_capital
from recoverysim.supports.after_care import supports_protect
from recoverysim.surroundings import gained_by_company

parameters(
    "return_to_use",
    scale_weeks=by(
        SUBSTANCES,
        alcohol=quantity(
            12, "weeks", 8, 18, source="niaaa-curve; hunt-71; belgium-6m", grade="weak",
            studied="curves of return to drinking after treatment, US and Belgium", whole_run=True,
            bounds=(0.1, 10_000),
        ),
        opioids=quantity(
            4, "weeks", 2, 8, source="smyth-curve; gossop-89", grade="weak",
            studied="after residential opioid detox, Ireland (n=109) and London (n=80)",
            bounds=(0.1, 10_000), whole_run=True,
        ),
        stimulants=quantity(
            6, "weeks", 4, 12, source="hunt-71", grade="weak", whole_run=True,
            studied="heroin, alcohol and tobacco, whose curves are much alike; stimulants: none",
            bounds=(0.1, 10_000),
        ),
    ),
    shape=quantity(
        1.05, "exponent", 0.85, 1.15, source="kirshen-09; dennis-sustain",
        grade="weak", whole_run=True, bounds=(0.1, 10),
        studied="20 studies of time to return to use, alcohol and tobacco, for the form; a Chicago "
        "cohort for the years",
        note="k of the log-logistic form",
    ),
    severity_log_hazard_ratio=by(
        SUBSTANCES,
        alcohol=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
        opioids=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
        stimulants=quantity(0, "log hazard ratio", -0.3, 0.3, bounds=(-5, 5)),
    ),
    frailty_sd=quantity(
        0.3, "log hazard", 0.1, 0.6, whole_run=True,
        note="people differ in ways that nothing else here measures",
    ),
    readiness_log_hazard_ratio=quantity(
        -0.35, "log hazard ratio per sd", -0.60, -0.15, bounds=(-5, 5),
        note="from a joint fit to crude associations of attendance with abstinence",
    ),
    psychiatric_need_log_hazard_ratio=quantity(
        0.15, "log hazard ratio", 0, 0.3, bounds=(-5, 5),
    ),
    in_treatment_hazard_ratio=quantity(0.7, "hazard ratio", 0.5, 1.0),
    on_medication_hazard_ratio=quantity(
        0.35, "hazard ratio", 0.2, 0.6, note="of use beside the medication"
    ),
    lapse_share=by(
        SUBSTANCES,
        alcohol=quantity(0.75, "share", 0.6, 0.9, note="of first uses that are lapses"),
        opioids=quantity(
            0.40, "share", 0.1, 0.7, source="smyth-curve", grade="weak",
            studied="Irish residential opioid detox: of 66% who used within a week, 59% daily",
        ),
        stimulants=quantity(0.75, "share", 0.6, 0.9),
    ),
    lapse_becomes_return_per_week=by(
        SUBSTANCES,
        alcohol=quantity(
            0.25, "per week", 0.15, 0.40, note="of lapses that are not got over this week"
        ),
        opioids=quantity(
            0.60, "per week", 0.3, 0.9, source="smyth-curve", grade="weak",
            studied="Irish residential opioid detox: of 80% who used within a month, 71% daily",
        ),
        stimulants=quantity(0.25, "per week", 0.15, 0.40),
    ),
    lapse_is_got_over_per_week=quantity(0.35, "per week", 0.20, 0.50),
    at_once_after_leaving_early_share=quantity(
        0.70, "share", 0.50, 0.85, source="smyth-curve", grade="weak",
        studied="after residential opioid detox, mostly left early: 66% used within a week",
        note="within the week, on leaving detox, residential care or medication before the end",
    ),
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
    slows_after_weeks=quantity(8, "weeks", 4, 16, whole_run=True, bounds=(0.1, 1000)),
    slows_with_power=quantity(0.3, "exponent", 0.1, 0.5, whole_run=True),
    in_treatment_ratio=quantity(1.5, "hazard ratio", 1.0, 2.5),
    readiness_log_hazard_ratio=quantity(
        0.35, "log hazard ratio per sd", 0.15, 0.60, bounds=(-5, 5),
        note="taken to be as strong as for return to use",
    ),
)  # fmt: skip

FIRST_USE = question("uses for the first time")
IS_A_LAPSE = question("is the first use a lapse")
GET_OVER_IT = question("gets over a lapse")
LAPSE_GOES_ON = question("a lapse becomes a return to use")
STOP = question("becomes abstinent")
AT_ONCE = question("uses at once after leaving care early")


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
    if not today.mechanisms.mutual_aid_effect or client.link != INTENSIVE:
        return 0.0
    if client.weeks_since_link >= today.linkage.intensive_content_weeks:
        return 0.0
    return today.linkage.intensive_content_log_hazard_ratio * client.delivered


@rule
def stay_abstinent_or_use(client, today, curves, dice):
    """One week of abstinence: it holds, or there is a lapse, or a return to use."""
    weeks = min(client.weeks_abstinent + client.head_start, LAST_ROW)
    hazard = curves.first_use[client.substance, weeks] * care_protects(client, today)
    if client.in_aftercare | client.housed:
        hazard *= supports_protect(client, today)
    if not strikes_at_risk(dice, FIRST_USE, hazard, risk_of_use(client, today, curves)):
        client.weeks_abstinent += 1
    elif happens(dice, IS_A_LAPSE, today.return_to_use.lapse_share[client.substance]):
        lapse(client)
    else:
        return_to_use(client)


@rule
def care_protects(client, today):
    """Hazard ratio of a first use while in treatment; 1 outside it."""
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        return today.return_to_use.on_medication_hazard_ratio
    if client.modality == PSYCHOSOCIAL:
        return today.return_to_use.in_treatment_hazard_ratio
    return 1.0


@rule
def settle_a_lapse(client, today, dice):
    """One week of a lapse: got over, or become a return to use, or not settled yet."""
    goes_on = today.return_to_use.lapse_becomes_return_per_week[client.substance]
    if happens(dice, GET_OVER_IT, today.return_to_use.lapse_is_got_over_per_week):
        become_abstinent(client)
    elif happens(dice, LAPSE_GOES_ON, goes_on):
        return_to_use(client)


@rule
def use_or_not(client, today, curves, dice):
    """One week wherever people may use: stay abstinent, settle a lapse, or try to stop."""
    if client.use == ABSTINENT:
        stay_abstinent_or_use(client, today, curves, dice)
    elif client.use == LAPSED:
        settle_a_lapse(client, today, dice)
    else:
        try_to_stop(client, today, curves, dice)


@rule
def try_to_stop(client, today, curves, dice):
    """One week of use: many stop again, most of them soon."""
    weeks = min(client.weeks_using, LAST_ROW)
    hazard = today.becoming_abstinent.per_week[client.substance] * curves.stopping_slows[weeks]
    if client.modality == PSYCHOSOCIAL or client.modality == MEDICATION:
        hazard *= today.becoming_abstinent.in_treatment_ratio
    ready = today.becoming_abstinent.readiness_log_hazard_ratio * motivation(client, today)
    if strikes_at_risk(dice, STOP, hazard, ready):
        become_abstinent(client)
    else:
        client.weeks_using += 1


@rule
def perhaps_use_at_once(client, today, dice):
    """Leaving care before its end: most people use within the week."""
    if happens(dice, AT_ONCE, today.return_to_use.at_once_after_leaving_early_share):
        return_to_use(client)


@rule
def become_abstinent(client):
    """The first day without use."""
    client.use = ABSTINENT
    client.weeks_abstinent = 0
    client.weeks_using = 0


@rule
def lapse(client):
    """Any use after abstinence, not yet a return to it."""
    end_abstinence(client)
    client.use = LAPSED


@rule
def return_to_use(client):
    """Use as it was before."""
    end_abstinence(client)
    client.use = IN_USE
    client.weeks_using = 0


@rule
def end_abstinence(client):
    """The time abstinent counts from nought again, and so does the head start of a lasting stop."""
    client.weeks_abstinent = 0
    client.head_start = 0
    client.used_since_discharge = client.discharged


@rule
def turn_to_help(client):
    """Asking for help is a new start: stopping is as likely again as it was at entry (assumed)."""
    client.weeks_using = 0


@rule
def is_protected(client):
    """In detox or residential care, where there is no use and abstinence is not yet one's own."""
    return client.stage == DETOX or client.modality == RESIDENTIAL
