"""Fellowships: which one somebody goes to, how well it suits them, and how easy it is to reach.

Nobody knows beforehand which will suit whom, so part of it is found out only by going. Fit moves
going and staying, never how much mutual aid does for somebody who takes part.
"""

import math

import numpy as np

from recoverysim.codes import (
    ALCOHOL,
    FELLOWSHIPS,
    LEFT,
    MEDICATION,
    NO_FELLOWSHIP,
    NOT_RELIGIOUS,
    OPIOIDS,
    RELIGIOUS,
    SUBSTANCES,
)
from recoverysim.compiled import rare_rule, rule
from recoverysim.dice import dice_of_the_week, happens, normal, question, throw
from recoverysim.quantities import By, Quantity, by, parameters, quantity


def _meetings(value: float, low: float, high: float) -> Quantity:
    """Weekly meetings of a fellowship that has been counted with others."""
    return quantity(
        value, "weekly meetings per 100,000", low, high, source="scot-supply; norway-09",
        grade="weak", studied="weekly AA, NA and CA groups: some 23 per 100,000 in Scotland, 6 in "
        "Norway", note="how many of them are of which fellowship is assumed",
    )  # fmt: skip


def _few_meetings(value: float, low: float, high: float) -> Quantity:
    """Weekly meetings of a fellowship that nobody has counted."""
    note = "not counted; in the US 3% of people had ever been to one of these, 41% to the others"
    return quantity(value, "weekly meetings per 100,000", low, high, note=note)


def _open_to_medication() -> Quantity:
    """Of AA and NA groups, about which people on methadone were asked."""
    return quantity(
        0.55, "share", 0.4, 0.7, lever=True, source="mmt-stigma", grade="weak",
        studied="322 people on methadone in one US clinic: 43 to 45% of those who went heard "
        "negative comments", note="of groups",
    )  # fmt: skip


def _ratio() -> By:
    """A lever for each fellowship, 1 being today's supply."""
    note = "weekly meetings over those of today"
    one = quantity(1.0, "ratio", lever=True, grade="design", bounds=(0, 100), note=note)
    return by(FELLOWSHIPS, **dict.fromkeys(FELLOWSHIPS, one))


parameters(
    "fellowships",
    meetings_per_100000=by(
        FELLOWSHIPS,
        aa=_meetings(16, 4, 18),
        na=_meetings(4, 1.5, 6),
        ca=_meetings(3, 0.5, 4),
        smart=_few_meetings(0.6, 0.2, 1.5),
        general=_few_meetings(1, 0.3, 3),
    ),
    meetings_ratio=_ratio(),
    for_alcohol=by(
        FELLOWSHIPS,
        aa=quantity(1, "0 to 1", grade="design", note="how far it is meant for this substance"),
        na=quantity(0.3, "0 to 1", 0.1, 0.6),
        ca=quantity(0.5, "0 to 1", 0.2, 0.8),
        smart=quantity(1, "0 to 1", grade="design"),
        general=quantity(1, "0 to 1", grade="design"),
    ),
    for_opioids=by(
        FELLOWSHIPS,
        aa=quantity(
            0.2, "0 to 1", 0.05, 0.5,
            note="many go who find no other; more people in treatment know NA (uk-clients)",
        ),
        na=quantity(1, "0 to 1", grade="design"),
        ca=quantity(0.5, "0 to 1", 0.2, 0.8),
        smart=quantity(1, "0 to 1", grade="design"),
        general=quantity(1, "0 to 1", grade="design"),
    ),
    for_stimulants=by(
        FELLOWSHIPS,
        aa=quantity(0.2, "0 to 1", 0.05, 0.5),
        na=quantity(1, "0 to 1", grade="design"),
        ca=quantity(1, "0 to 1", grade="design"),
        smart=quantity(1, "0 to 1", grade="design"),
        general=quantity(1, "0 to 1", grade="design"),
    ),
    open_to_medication_share=by(
        FELLOWSHIPS,
        aa=_open_to_medication(),
        na=_open_to_medication(),
        ca=quantity(0.5, "share", 0.3, 0.7, lever=True, note="of groups"),
        smart=quantity(0.95, "share", 0.9, 1.0, lever=True, note="of groups"),
        general=quantity(0.9, "share", 0.7, 1.0, lever=True, note="of groups"),
    ),
    open_to_non_believers_share=by(
        FELLOWSHIPS,
        aa=quantity(
            0, "share", 0, 0.1, lever=True,
            note="of groups, beyond what was usual where faith was seen to move fit",
        ),
        na=quantity(0, "share", 0, 0.1, lever=True, note="likewise"),
        ca=quantity(0, "share", 0, 0.1, lever=True, note="likewise"),
        smart=quantity(
            1, "share", 0.9, 1, lever=True, source="zemore-17", grade="weak",
            studied="651 people online, US: less religious people choose it and its like",
        ),
        general=quantity(0.8, "share", 0.5, 1, lever=True),
    ),
    choice_per_fit_log_odds=quantity(
        0.7, "log odds per sd", 0, 1.5, bounds=(-5, 5), source="zemore-17", grade="weak",
        studied="651 people online, US: the less religious choose alternatives; no slope was given",
        note="of turning to a fellowship, by how well it may be expected to suit",
    ),
    particular_share=quantity(
        0.3, "share", 0, 0.6,
        note="of the part of fit that is not faith: particular to a fellowship, found by going",
    ),
    stigma_of_medication=quantity(
        0.4, "sd of fit", 0, 0.8, bounds=(-5, 5), source="mmt-stigma", grade="weak",
        studied="322 people on methadone in one US clinic: of those who went, 24% found it a "
        "serious problem; what it did to their going was not measured",
        note="less fit on medication, in a group that is not open to it",
    ),
    pressed_to_stop_hazard_ratio=quantity(
        1.2, "hazard ratio", 1.0, 2.0,
        note="of leaving medication, while going to such a group: a third are pressed to stop "
        "(mmt-stigma); how many do is not known",
    ),
    second_try_per_week=quantity(
        0.01, "per week", 0, 0.03,
        note="added to coming back, in 12 weeks after leaving, where another may suit better",
    ),
    reach_log_odds=quantity(
        0.2, "log odds", 0, 0.5, bounds=(-5, 5),
        note="of a first meeting, for supply e times today's; 0 at today's",
    ),
)  # fmt: skip

WHICH_FELLOWSHIP = question("which fellowship")
SECOND_TRY = question("is there another fellowship to try")
PARTICULAR = question("how well a fellowship suits this person in particular")

FOR_LIFE = 2**31 - 2  # a week that no run reaches: dice that lie as they fell
LEAST_SUPPLY = 1e-6  # of today's; no logarithm of nothing

# How supply moves a first meeting in each week, by substance: what `settings.tabulate` lays beside
# the parameters, so that the loop over clients needs no logarithm.
REACH = np.dtype([("log_odds", "f8", len(SUBSTANCES)), ("ratio", "f8", len(SUBSTANCES))])


def reach(table: np.ndarray) -> np.ndarray:
    """REACH for each row of a table of parameters: 0 and 1 at today's supply.

    Supply is of meetings, each as far as it is meant for the substance.
    """
    found = np.zeros(table.size, REACH)
    found["ratio"] = 1.0
    numbers, on = table["fellowships"], table["mechanisms"]["group_life"]
    usual = numbers["meetings_per_100000"]
    now = usual * numbers["meetings_ratio"]
    for code, substance in enumerate(SUBSTANCES):
        meant = numbers[f"for_{substance}"]
        before, after = (usual * meant).sum(axis=1), (now * meant).sum(axis=1)
        changed = on & (before > 0) & (after != before)
        more = np.maximum(after[changed] / before[changed], LEAST_SUPPLY)
        found["log_odds"][changed, code] = numbers["reach_log_odds"][changed] * np.log(more)
    found["ratio"] = np.exp(found["log_odds"])
    return found


@rare_rule
def have_a_fellowship_in_mind(client, today, dice):
    """A link is made, or somebody sets out: for whoever is not going, one of the fellowships.

    Supply, what it is meant for and how well it may suit decide, and chance. Whoever has left knows
    how well the last one suited them.
    """
    choose_among(client, today, dice, -math.inf)


@rare_rule
def try_another(client, today, dice):
    """A second try: one that may suit better than the one that was left."""
    choose_among(client, today, dice, client.suits)
    client.looks_elsewhere = False


@rule
def choose_among(client, today, dice, better_than):
    """One of the fellowships that are expected to suit better than this; none: all stays."""
    total = 0.0
    for fellowship in range(len(FELLOWSHIPS)):
        total += weight(client, fellowship, today, better_than)
    left = throw(dice, WHICH_FELLOWSHIP) * total
    chosen = NO_FELLOWSHIP
    for fellowship in range(len(FELLOWSHIPS)):
        one = weight(client, fellowship, today, better_than)
        if one > 0.0 and left >= 0.0:
            chosen = fellowship
        left -= one
    if chosen != NO_FELLOWSHIP:
        client.suits = expected_to_suit(client, chosen, today)
        client.fellowship = chosen


@rule
def weight(client, fellowship, today, better_than):
    """How strongly a fellowship draws this person, beside the others."""
    numbers = today.fellowships
    supply = numbers.meetings_per_100000[fellowship] * numbers.meetings_ratio[fellowship]
    supply *= meant_for(client.substance, fellowship, today)
    suits = expected_to_suit(client, fellowship, today)
    if supply <= 0.0 or suits <= better_than:
        return 0.0
    return supply * math.exp(numbers.choice_per_fit_log_odds * suits)


@rule
def meant_for(substance, fellowship, today):
    """How far a fellowship is meant for people with this substance, 0 to 1."""
    numbers = today.fellowships
    if substance == ALCOHOL:
        return numbers.for_alcohol[fellowship]
    if substance == OPIOIDS:
        return numbers.for_opioids[fellowship]
    return numbers.for_stimulants[fellowship]


@rule
def expected_to_suit(client, fellowship, today):
    """How well a fellowship may suit, before anybody has been; as it was found, for the one left.

    In sd of fit, of mean 0 over everybody, for people who are not on medication.
    """
    if not today.mechanisms.fit:
        return 0.0
    if client.attendance == LEFT and client.fellowship == fellowship:
        return client.suits
    numbers = today.fellowships
    suits = shared_fit(client, today)
    if client.modality == MEDICATION and today.mechanisms.stigma_of_medication:
        closed = 1.0 - numbers.open_to_medication_share[fellowship]
        suits -= closed * numbers.stigma_of_medication
    open_to_all = numbers.open_to_non_believers_share[fellowship]
    return suits + (1.0 - open_to_all) * moved_by_faith(client.faith, today)


@rare_rule
def suits_on_going(client, fellowship, moved_by_faith_here, today):
    """How well a group suits somebody, as they find by going (medication not counted)."""
    luck = dice_of_the_week(client.luck, FOR_LIFE)
    particular = normal(luck, PARTICULAR + np.uint64(fellowship))
    particular *= math.sqrt(today.fellowships.particular_share * (1.0 - spread_of_faith(today)))
    suits = shared_fit(client, today) + particular
    if moved_by_faith_here:
        suits += moved_by_faith(client.faith, today)
    return suits


@rule
def shared_fit(client, today):
    """What of fit is neither faith nor particular to one fellowship."""
    rest = client.fit - moved_by_faith(client.faith, today)
    return rest * math.sqrt(1.0 - today.fellowships.particular_share)


@rule
def moved_by_faith(faith, today):
    """The part of fit that is faith, of mean 0 over everybody."""
    step = today.population.faith_moves_fit
    return step * ((faith == RELIGIOUS) - (faith == NOT_RELIGIOUS)) - mean_of_faith(today)


@rule
def mean_of_faith(today):
    """How far faith would move the fit of everybody, on average, were it not set to 0."""
    religious = today.population.religious_share
    not_religious = 1.0 - religious - today.population.unsure_share
    return today.population.faith_moves_fit * (religious - not_religious)


@rule
def spread_of_faith(today):
    """The variance of the part of fit that is faith."""
    step = today.population.faith_moves_fit
    believe_or_not = 1.0 - today.population.unsure_share
    return min(step * step * believe_or_not - mean_of_faith(today) ** 2, 1.0)


@rare_rule
def leave_a_fellowship(client, today, dice):
    """Stop going. Some would try another one: the more meetings might suit better, the more do."""
    client.attendance = LEFT
    client.looks_elsewhere = False
    if client.meets_stigma:  # how it was for them, which they remember
        client.suits -= today.fellowships.stigma_of_medication
        client.meets_stigma = False
    if client.fellowship != NO_FELLOWSHIP:
        better, total = 0.0, 0.0
        for fellowship in range(len(FELLOWSHIPS)):
            better += weight(client, fellowship, today, client.suits)
            total += weight(client, fellowship, today, -math.inf)
        client.looks_elsewhere = total > 0.0 and happens(dice, SECOND_TRY, better / total)


@rule
def is_under_pressure(client, today):
    """On medication, and going to a group that is not open to it: a harm of mutual aid."""
    return client.meets_stigma and today.mechanisms.mutual_aid_effect
