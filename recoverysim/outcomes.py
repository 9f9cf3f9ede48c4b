"""What is counted each week, and the definitions of recovery.

Counts are whole numbers of people in each cell (`cells.py`), so they do not depend on the order of
counting. In an open system people are counted twice: by the week of the area, and by the week since
they came themselves, as far as each is followed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from recoverysim.cells import EACH_SUBSTANCE
from recoverysim.codes import (
    ABSTINENT,
    CARE_BEGUN,
    DEAD,
    DIED_OVERDOSE,
    FIRST_CONNECTED,
    FIRST_ENGAGED,
    FIRST_MEETING_EVER,
    FIRST_OFFER,
    GAVE_UP,
    INVOLVED,
    KINDS,
    LINK_MADE,
    MEDICATION,
    MODALITIES,
    NO_NEWS,
    OFFER_NOT_FOLLOWED,
    OPIOIDS,
    READMITTED,
    STAGES,
    TREATMENT,
    USES,
)
from recoverysim.compiled import rule
from recoverysim.mutual_aid.standing import is_a_member, is_going
from recoverysim.supports.after_care import has_support


class Definition(NamedTuple):
    """One definition of recovery; `weeks` is the shortest time abstinent that counts."""

    name: str
    weeks: int
    words: str


DEFINITIONS = (
    Definition("abstinent_30_days", 4, "abstinent for at least 30 days"),
    Definition("abstinent_90_days", 13, "abstinent for at least 90 days"),
    Definition("since_discharge", 0, "abstinent ever since first leaving care"),
    Definition("at_least_1_year", 52, "abstinent for at least a year"),
    Definition("at_least_5_years", 260, "abstinent for at least five years"),
)
WITHOUT_MEDICATION = "_without_medication"
SHARE_OF_DAYS = "share_of_days"
DEFAULT_DEFINITION = "abstinent_90_days"


def in_words(definition: str) -> str:
    """A definition of recovery as people would say it."""
    name = definition.removesuffix(WITHOUT_MEDICATION)
    without = ", people on medication not counted" if name != definition else ""
    if name == SHARE_OF_DAYS:
        return "share of days alive without use" + without
    return next(one.words for one in DEFINITIONS if one.name == name) + without


COUNTS = (
    *(f"stage_{name}" for name in STAGES),
    *(f"use_{name}" for name in USES),
    *(f"treatment_{name}" for name in MODALITIES),
    *(definition.name for definition in DEFINITIONS),
    *(definition.name + WITHOUT_MEDICATION for definition in DEFINITIONS),
    "attending",
    "member",
    "involved",
    "medication_abstinent",
    "company_in_recovery_percent",
    "in_aftercare",
    "housed",
    "visiting_centre",
    "carrying_naloxone_percent",
    "person_centred_medication_percent",
    *(f"linked_{name}" for name in KINDS),
    # From here on, and for the dead: everybody up to now, counted when it happens.
    "ever_attended",
    "offered",
    "connected",
    "engaged",
    "offers_not_followed",
    "readmissions",
    "episodes",
    "gave_up_waiting",
    "deaths_overdose",
)
AT = {name: place for place, name in enumerate(COUNTS)}

STAGE, USE, MODALITY = AT["stage_using"], AT["use_abstinent"], AT["treatment_residential"]
DIED = AT["stage_dead"]
IN_RECOVERY, OFF_MEDICATION = (
    AT["abstinent_30_days"],
    AT["abstinent_30_days" + WITHOUT_MEDICATION],
)
ATTENDING, MEMBER, IS_INVOLVED = AT["attending"], AT["member"], AT["involved"]
MEDICATION_ABSTINENT, COMPANY = AT["medication_abstinent"], AT["company_in_recovery_percent"]
IN_AFTERCARE, HOUSED, VISITING = AT["in_aftercare"], AT["housed"], AT["visiting_centre"]
CARRYING, PERSON_CENTRED = AT["carrying_naloxone_percent"], AT["person_centred_medication_percent"]
LINKED = AT["linked_none"]
EVER_ATTENDED, OFFERED, CONNECTED = AT["ever_attended"], AT["offered"], AT["connected"]
ENGAGED, NOT_FOLLOWED = AT["engaged"], AT["offers_not_followed"]
READMISSIONS, OVERDOSES = AT["readmissions"], AT["deaths_overdose"]
EPISODES, GIVEN_UP = AT["episodes"], AT["gave_up_waiting"]
UP_TO_NOW = EVER_ATTENDED  # this one and all after it
FOLLOWED = 1  # place of the counts by the week since each person came

# Places in DEFINITIONS, and the weeks that those by time abstinent need.
DAYS_30, DAYS_90, SINCE_DISCHARGE, A_YEAR, FIVE_YEARS = range(len(DEFINITIONS))
WEEKS_30_DAYS, WEEKS_90_DAYS = DEFINITIONS[DAYS_30].weeks, DEFINITIONS[DAYS_90].weeks
WEEKS_1_YEAR, WEEKS_5_YEARS = DEFINITIONS[A_YEAR].weeks, DEFINITIONS[FIVE_YEARS].weeks


@rule
def carry_over(before: Any, counts: Any) -> None:
    """What is counted when it happens begins each week where the last one ended."""
    for cell in range(counts.shape[0]):
        counts[cell, DIED] += before[cell, DIED]
        for place in range(UP_TO_NOW, counts.shape[1]):
            counts[cell, place] += before[cell, place]


@rule
def count_week(client: Any, counts: Any, week: int, by: int) -> None:
    """Add somebody to the counts of the week that ends (`by` 1), or take them out again (-1).

    `counts` is (1 or 2, weeks + 1, CELLS, COUNTS): by the week of the area, and, in an open system,
    by the week since this person came.
    """
    count(client, counts[0, week + 1], by)
    if counts.shape[0] == FOLLOWED + 1:
        count_followed(client, counts[FOLLOWED], week + 1 - client.arrives, by)


@rule
def count_followed(client: Any, counts: Any, weeks: int, by: int) -> None:
    """By the weeks since this person came; what is carried on ends where following ends."""
    count(client, counts[weeks], by)
    unseen = counts.shape[0] - client.arrives
    if client.arrives > 0 and is_news(client):
        count_news(client, counts[unseen], -by)


@rule
def is_news(client: Any) -> bool:
    """Whether anything happened to this person this week that is counted once."""
    return client.news != NO_NEWS or client.stage == DEAD


@rule
def count(client: Any, counts: Any, by: int) -> None:
    """Add this person, as they stand, to the counts of this week."""
    cell = client.cell
    if is_news(client):
        count_news(client, counts, by)
        counts[cell, LINKED + client.link] += by * (client.news & LINK_MADE != 0)
        if client.stage == DEAD:
            return
    counts[cell, STAGE + client.stage] += by
    counts[cell, USE + client.use] += by
    counts[cell, COMPANY] += by * int(100.0 * client.seen_company + 0.5)
    if is_going(client):
        counts[cell, ATTENDING] += by
        counts[cell, MEMBER] += by * is_a_member(client)
        counts[cell, IS_INVOLVED] += by * (client.attendance == INVOLVED)
    if client.stage == TREATMENT:
        counts[cell, MODALITY + client.modality] += by
    if client.use == ABSTINENT:
        count_recovery(client, counts, by)
    if has_support(client):
        counts[cell, IN_AFTERCARE] += by * client.in_aftercare
        counts[cell, HOUSED] += by * client.housed
        counts[cell, VISITING] += by * client.visits_centre


@rule
def count_by_shares(counts: Any, today: Any) -> None:
    """What nobody carries as a state of their own: as many hundredths as the share, for everybody
    with opioid dependence whom it is of. `counts` are those of one week, (CELLS, COUNTS)."""
    carrying = int(100.0 * today.naloxone.carried_share + 0.5)
    centred = int(100.0 * today.medication_policy.person_centred + 0.5)
    for cell in range(EACH_SUBSTANCE * OPIOIDS, EACH_SUBSTANCE * (OPIOIDS + 1)):
        alive = 0
        for stage in range(DEAD):
            alive += counts[cell, STAGE + stage]
        counts[cell, CARRYING] = alive * carrying
        counts[cell, PERSON_CENTRED] = counts[cell, MODALITY + MEDICATION] * centred


@rule
def count_news(client: Any, counts: Any, by: int) -> None:
    """Count what has happened to this person this week, once and for all; a death too."""
    cell = client.cell
    counts[cell, OFFERED] += by * (client.news & FIRST_OFFER != 0)
    counts[cell, EVER_ATTENDED] += by * (client.news & FIRST_MEETING_EVER != 0)
    counts[cell, CONNECTED] += by * (client.news & FIRST_CONNECTED != 0)
    counts[cell, ENGAGED] += by * (client.news & FIRST_ENGAGED != 0)
    counts[cell, NOT_FOLLOWED] += by * (client.news & OFFER_NOT_FOLLOWED != 0)
    counts[cell, READMISSIONS] += by * (client.news & READMITTED != 0)
    counts[cell, EPISODES] += by * (client.news & CARE_BEGUN != 0)
    counts[cell, GIVEN_UP] += by * (client.news & GAVE_UP != 0)
    if client.stage == DEAD:
        counts[cell, DIED] += by
        counts[cell, OVERDOSES] += by * (client.cause == DIED_OVERDOSE)


@rule
def count_recovery(client: Any, counts: Any, by: int) -> None:
    """Count this abstinent person under every definition that fits, the shortest first."""
    counts[client.cell, MEDICATION_ABSTINENT] += by * (client.modality == MEDICATION)
    if client.discharged and not client.used_since_discharge:
        count_under(client, counts, SINCE_DISCHARGE, by)
    if client.weeks_abstinent >= WEEKS_30_DAYS:
        count_under(client, counts, DAYS_30, by)
        if client.weeks_abstinent >= WEEKS_90_DAYS:
            count_under(client, counts, DAYS_90, by)
            if client.weeks_abstinent >= WEEKS_1_YEAR:
                count_under(client, counts, A_YEAR, by)
                if client.weeks_abstinent >= WEEKS_5_YEARS:
                    count_under(client, counts, FIVE_YEARS, by)


@rule
def count_under(client: Any, counts: Any, definition: int, by: int) -> None:
    """Count this person under one definition, and without medication where that fits too."""
    counts[client.cell, IN_RECOVERY + definition] += by
    counts[client.cell, OFF_MEDICATION + definition] += by * (client.modality != MEDICATION)
