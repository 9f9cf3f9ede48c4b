"""What is on offer to somebody who has just left care, and when each of it ends."""

from recoverysim.codes import COMMUNITY, USING
from recoverysim.compiled import rule
from recoverysim.supports.aftercare import aftercare_ends, offer_aftercare
from recoverysim.supports.recovery_centres import reach_by_a_centre, visits_end
from recoverysim.supports.recovery_housing import offer_recovery_housing, recovery_housing_ends


@rule
def has_just_left_care(client):
    """In the week of leaving, after the move; the clock moves on before any other move."""
    if client.stage != COMMUNITY and client.stage != USING:
        return False
    return client.discharged and client.weeks_since_discharge == 0


@rule
def offer_supports(client, from_a_bed, today, dice):
    """Each is asked by itself. `from_a_bed`: the care left was detox or residential."""
    offer_aftercare(client, today, dice)
    offer_recovery_housing(client, from_a_bed, today, dice)
    reach_by_a_centre(client, today, dice)


@rule
def has_support(client):
    """Most people have none, and are asked no further: one test for all three."""
    return client.in_aftercare | client.housed | client.visits_centre


@rule
def supports_end(client, today):
    """Once a week, after moves, for whoever has any."""
    if client.in_aftercare:
        aftercare_ends(client, today)
    if client.housed:
        recovery_housing_ends(client, today)
    if client.visits_centre:
        visits_end(client, today)


@rule
def supports_end_with_care(client):
    """Care that begins again ends all of them."""
    client.in_aftercare = client.housed = client.visits_centre = False


@rule
def supports_protect(client, today):
    """Hazard ratio of a first use, with check-ups or in recovery housing."""
    ratio = 1.0
    if client.in_aftercare:
        ratio *= today.aftercare.first_use_hazard_ratio
    if client.housed:
        ratio *= today.recovery_housing.first_use_hazard_ratio
    return ratio
