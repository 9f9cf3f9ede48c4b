"""What mutual aid does in a whole world: as much as its total log hazard ratio promises."""

import math

import numpy as np
import pytest

from recoverysim.codes import (
    ABSTINENT,
    ALCOHOL,
    COMMUNITY,
    INVOLVED,
    NEVER,
    NO_MODALITY,
    OPIOIDS,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
    REGULAR,
)
from recoverysim.knowledge import central_values
from tests.worlds import a_world, switched_off

PEOPLE, WEEKS = 40_000, 13

# Nothing about a person changes but whether they use, and nobody differs from anybody.
AS_THEY_ARE = {
    "company.slots": 5, "return_to_use.frailty_sd": 0, "population.psychiatric_need_share": 0,
    **{key: 0 for key in central_values()
       if key.startswith("company.change_") or (key.startswith("deaths.") and "over" in key)},
    **{f"deaths.{s}.excess_using": 0 for s in ("alcohol", "opioids", "stimulants")},
    **{f"recovery_capital.{name}": 0 for name in (
        "growth_per_week", "loss_per_week_using", "identity_growth_per_week",
        "identity_growth_alone_per_week",
    )},
    "attendance.leave_when_regular_per_week": 0, "attendance.first_meeting_later_per_week": 0,
    "involvement.growth_per_week": 0, "community.asks_for_help_in_a_lapse_per_week": 0,
    **switched_off("readiness", "fit", "close_ties"),
}  # fmt: skip

ALONE = {"attendance": NEVER, "involvement": 0.0, "capital": 0.2, "identity": 0.2}
FULLY_INVOLVED = {"attendance": INVOLVED, "involvement": 1.0, "capital": 1.0, "identity": 1.0}


def who_has_used(standing, in_recovery, substance=ALCOHOL, settings=None):
    """Who of 40,000 newly abstinent people in the community uses within 13 weeks.

    Everybody has the same standing, and so many of five people around them in recovery.
    """
    settings = AS_THEY_ARE | (settings or {})
    world = a_world(clients=PEOPLE, settings=settings | {"network.mean_ties": 0}, years=1)
    company = [OUTSIDER_IN_RECOVERY] * in_recovery + [OUTSIDER_USING] * (5 - in_recovery)
    world.ties[:] = company
    state = {
        "stage": COMMUNITY, "modality": NO_MODALITY, "use": ABSTINENT, "substance": substance,
        "episodes": 0, "discharged": True, "link_due": False,
    }  # fmt: skip
    for name, value in (state | standing).items():
        world.clients[name] = value
    world.run_for(WEEKS)
    return world.clients["used_since_discharge"]


def log_hazard_ratio(one, other):
    """Of all who used, from the shares that did not, with its standard error were they no twins."""
    kept = np.array([1 - one.mean(), 1 - other.mean()])
    hazards = -np.log(kept)
    error = math.sqrt(((1 - kept) / (PEOPLE * kept * hazards**2)).sum())
    return math.log(hazards[0] / hazards[1]), error


@pytest.mark.parametrize(
    ("total", "substance", "for_opioids", "promised"),
    [(0.6, ALCOHOL, 0.5, -0.6), (0.6, OPIOIDS, 0.5, -0.3), (-0.4, ALCOHOL, 0.5, 0.4)],
    ids=["alcohol", "opioids", "harm"],
)
def test_a_fully_involved_member_uses_less_than_somebody_alike_who_does_not_go(
    total, substance, for_opioids, promised
):
    """By the whole of the total, and more where it is negative. Four standard errors, taken as if
    these were no twins: 0.05. A seed in 16,000 would leave them by chance if they were not."""
    now = {
        "mutual_aid.total_log_hazard_ratio": total,
        "mutual_aid.for_opioids_share": for_opioids,
    }
    member = who_has_used(FULLY_INVOLVED, 4, substance, now)
    alone = who_has_used(ALONE, 1, substance, now)
    found, error = log_hazard_ratio(member, alone)
    assert error < 0.015
    assert found == pytest.approx(promised, abs=4 * error)
    # Twins: whoever uses where it is safer uses where it is not.
    safer, less_safe = (member, alone) if total > 0 else (alone, member)
    assert not (safer & ~less_safe).any()


@pytest.mark.parametrize(
    ("standing", "in_recovery", "share"),
    [
        ({"attendance": REGULAR}, 1, "presence_share"),
        ({"attendance": REGULAR, "involvement": 1.0}, 1, "involvement_share"),
        ({}, 4, "company_share"),
        ({"capital": 1.0, "identity": 1.0}, 1, "capital_share"),
    ],
)
def test_each_path_brings_its_own_share_of_the_total(standing, in_recovery, share):
    """A total of 1.2 tells the shares apart; four standard errors, 0.06, as above."""
    shares = {"presence": 0.1, "involvement": 0.35, "company": 0.3, "capital": 0.25}
    now = {f"mutual_aid.{path}_share": value for path, value in shares.items()}
    now |= {"mutual_aid.total_log_hazard_ratio": 1.2}
    usual = who_has_used(ALONE, 1, settings=now)
    found, error = log_hazard_ratio(
        who_has_used(ALONE | standing, in_recovery, settings=now), usual
    )
    gained = shares[share.removesuffix("_share")]
    if standing.get("involvement"):
        gained += shares["presence"]  # whoever takes part is there too
    assert found == pytest.approx(-1.2 * gained, abs=4 * error)
