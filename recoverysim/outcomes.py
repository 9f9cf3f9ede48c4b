"""What is counted each week, and the definitions of recovery.

Counts are whole numbers of people, by substance, so they do not depend on the order of counting.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from recoverysim.codes import (
    ABSTINENT,
    DIED_OVERDOSE,
    FIRST_CONNECTED,
    FIRST_ENGAGED,
    FIRST_MEETING_EVER,
    FIRST_OFFER,
    INVOLVED,
    KINDS,
    LINK_MADE,
    MEDICATION,
    MODALITIES,
    NO_NEWS,
    OFFER_NOT_FOLLOWED,
    READMITTED,
    STAGES,
    TREATMENT,
    USES,
)
from recoverysim.compiled import rule
from recoverysim.mutual_aid.standing import is_a_member, is_going


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
    *(f"linked_{name}" for name in KINDS),
    # From here on, and for the dead: everybody up to now, counted when it happens.
    "ever_attended",
    "offered",
    "connected",
    "engaged",
    "offers_not_followed",
    "readmissions",
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
LINKED = AT["linked_none"]
EVER_ATTENDED, OFFERED, CONNECTED = AT["ever_attended"], AT["offered"], AT["connected"]
ENGAGED, NOT_FOLLOWED = AT["engaged"], AT["offers_not_followed"]
READMISSIONS, OVERDOSES = AT["readmissions"], AT["deaths_overdose"]
UP_TO_NOW = EVER_ATTENDED  # this one and all after it

# Places in DEFINITIONS, and the weeks that those by time abstinent need.
DAYS_30, DAYS_90, SINCE_DISCHARGE, A_YEAR, FIVE_YEARS = range(len(DEFINITIONS))
WEEKS_30_DAYS, WEEKS_90_DAYS = DEFINITIONS[DAYS_30].weeks, DEFINITIONS[DAYS_90].weeks
WEEKS_1_YEAR, WEEKS_5_YEARS = DEFINITIONS[A_YEAR].weeks, DEFINITIONS[FIVE_YEARS].weeks


@rule
def carry_over(before: Any, counts: Any) -> None:
    """What is counted when it happens begins each week where the last one ended."""
    for group in range(counts.shape[0]):
        counts[group, DIED] = before[group, DIED]
        for place in range(UP_TO_NOW, counts.shape[1]):
            counts[group, place] = before[group, place]


@rule
def count(client: Any, counts: Any) -> None:
    """Add this living person, as they stand, to the counts of this week."""
    group = client.substance
    counts[group, STAGE + client.stage] += 1
    counts[group, USE + client.use] += 1
    counts[group, COMPANY] += int(100.0 * client.seen_company + 0.5)
    if client.news != NO_NEWS:
        count_news(client, counts)
    if is_going(client):
        counts[group, ATTENDING] += 1
        counts[group, MEMBER] += is_a_member(client)
        counts[group, IS_INVOLVED] += client.attendance == INVOLVED
    if client.stage == TREATMENT:
        counts[group, MODALITY + client.modality] += 1
    if client.use == ABSTINENT:
        count_recovery(client, counts)


@rule
def count_news(client: Any, counts: Any) -> None:
    """Count what has happened to this person for the first time, and links made this week."""
    group = client.substance
    counts[group, OFFERED] += client.news & FIRST_OFFER != 0
    counts[group, EVER_ATTENDED] += client.news & FIRST_MEETING_EVER != 0
    counts[group, CONNECTED] += client.news & FIRST_CONNECTED != 0
    counts[group, ENGAGED] += client.news & FIRST_ENGAGED != 0
    counts[group, NOT_FOLLOWED] += client.news & OFFER_NOT_FOLLOWED != 0
    counts[group, READMISSIONS] += client.news & READMITTED != 0
    counts[group, LINKED + client.link] += client.news & LINK_MADE != 0
    client.news = NO_NEWS


@rule
def count_death(client: Any, counts: Any) -> None:
    """Count somebody who has died, once and for all, with the news of their last week."""
    count_news(client, counts)
    counts[client.substance, DIED] += 1
    counts[client.substance, OVERDOSES] += client.cause == DIED_OVERDOSE


@rule
def count_recovery(client: Any, counts: Any) -> None:
    """Count this abstinent person under every definition that fits, the shortest first."""
    counts[client.substance, MEDICATION_ABSTINENT] += client.modality == MEDICATION
    if client.discharged and not client.used_since_discharge:
        count_under(client, counts, SINCE_DISCHARGE)
    if client.weeks_abstinent >= WEEKS_30_DAYS:
        count_under(client, counts, DAYS_30)
        if client.weeks_abstinent >= WEEKS_90_DAYS:
            count_under(client, counts, DAYS_90)
            if client.weeks_abstinent >= WEEKS_1_YEAR:
                count_under(client, counts, A_YEAR)
                if client.weeks_abstinent >= WEEKS_5_YEARS:
                    count_under(client, counts, FIVE_YEARS)


@rule
def count_under(client: Any, counts: Any, definition: int) -> None:
    """Count this person under one definition, and without medication where that fits too."""
    counts[client.substance, IN_RECOVERY + definition] += 1
    counts[client.substance, OFF_MEDICATION + definition] += client.modality != MEDICATION
