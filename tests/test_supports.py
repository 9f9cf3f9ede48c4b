"""What services add around the journey, in whole worlds: neutral as today, and every number moves
what it says in the direction it says."""

from functools import cache

import numpy as np
import pytest

from recoverysim.codes import ENDINGS, MEDICATION, TREATMENT
from recoverysim.knowledge import central_values, draw_sets
from recoverysim.outcomes import AT
from recoverysim.supports.medication_policy import AS_TODAY
from tests.worlds import a_world, switched_off

SUPPORTS = ("aftercare", "recovery_housing", "recovery_centres", "naloxone", "medication_policy")
NOBODY = {
    "aftercare.offered_share": 0, "recovery_housing.offered_share": 0,
    "recovery_centres.reach_share": 0,
}  # fmt: skip


def bytes_of(world):
    """Everything but what is counted of shares, which holds without anything happening."""
    shares = [AT["carrying_naloxone_percent"], AT["person_centred_medication_percent"]]
    world.counts[:, :, shares] = 0
    return [getattr(world, part).tobytes() for part in ("clients", "ties", "counts")]


def test_where_nobody_is_reached_and_all_else_is_as_today_nothing_happens():
    """Two ways to have no supports: nobody is offered any, or every mechanism is off."""
    offered_to_nobody = a_world(clients=2000, weeks=156, settings=NOBODY)
    off = a_world(clients=2000, weeks=156, settings=switched_off(*SUPPORTS))
    assert bytes_of(offered_to_nobody) == bytes_of(off)
    assert bytes_of(a_world(clients=2000, weeks=156)) != bytes_of(off)


@pytest.mark.parametrize(
    "changed",
    [
        {"medication_policy.leaving_log_hazard_ratio": -2},
        {"medication_policy.planned_exit_log_odds": 3},
        {"medication_policy.asks_for_help_log_hazard_ratio": 2},
        {"naloxone.averts_share": 0.8},
        {"naloxone.carried_today_share": 0.7, "naloxone.carried_share": 0.7},
        {"recovery_housing.first_use_hazard_ratio": 0.1, "recovery_housing.offered_share": 0},
    ],
)
def test_as_today_their_numbers_change_nothing(changed):
    now = NOBODY if "recovery_housing.offered_share" in changed else {}
    world = a_world(clients=1000, weeks=104, settings=now | changed)
    assert bytes_of(world) == bytes_of(a_world(clients=1000, weeks=104, settings=now))


def test_close_ties_that_count_and_change_like_others_are_like_others():
    """Exactly: the weight and the ratio are all there is to being close."""
    alike = {"company.close_tie_weight": 1, "company.close_ties_change_ratio": 1}
    off = a_world(clients=2000, weeks=156, settings=switched_off("close_ties"))
    none = a_world(clients=2000, weeks=156, settings={"company.close_ties": 0})
    assert bytes_of(a_world(clients=2000, weeks=156, settings=alike)) == bytes_of(off)
    assert bytes_of(none) == bytes_of(off)
    assert bytes_of(a_world(clients=2000, weeks=156)) != bytes_of(off)


def test_today_s_coverage_of_naloxone_moves_with_what_is_known_of_it():
    """In every set a scenario that leaves it alone leaves it as it is today."""
    sets = draw_sets(20, 1)
    shares = np.array([[one[f"naloxone.{name}_share"] for name in ("carried", "carried_today")]
                       for one in sets])  # fmt: skip
    assert shares[:, 0] == pytest.approx(shares[:, 1])
    assert np.ptp(shares[:, 0]) > 0.2
    assert central_values()["medication_policy.person_centred"] == AS_TODAY


# --- directions ---------------------------------------------------------------------------

ALL_CHECKED = {"aftercare.offered_share": 1}
ALL_HOUSED = {"recovery_housing.offered_share": 1}
ALL_VISIT = {"recovery_centres.reach_share": 1}
MORE_NALOXONE = {"naloxone.carried_share": 0.9, "deaths.overdose_level": 10}
PERSON_CENTRED = {"medication_policy.person_centred": 1}


def in_recovery(world):
    return world.counts[104, :, AT["abstinent_90_days"]].sum()


def readmissions(world):
    return world.counts[104, :, AT["readmissions"]].sum()


def overdoses(world):
    return world.counts[104, :, AT["deaths_overdose"]].sum()


def on_medication(world):
    return world.counts[104, :, AT["treatment_medication"]].sum()


def gone_to_meetings(world):
    return world.counts[104, :, AT["ever_attended"]].sum()


def capital(world):
    return world.clients["capital"].sum()


def weeks_of(count):
    def lived(world):
        return world.counts[:105, :, AT[count]].sum()

    return lived


def planned_exits(world):
    """Of stays on medication that ended, the share that were planned reductions."""
    stays = world.stays()
    exits = stays[(stays["stage"] == TREATMENT) & (stays["modality"] == MEDICATION)]
    return (exits["ended"] == ENDINGS.index("completed")).mean()


@cache
def lived(settings):
    return a_world(clients=10_000, weeks=104, years=2, settings=dict(settings), journeys=True)


@pytest.mark.parametrize(
    ("key", "low", "high", "given", "measure", "sign"),
    [
        ("aftercare.offered_share", 0, 1, {}, readmissions, 1),
        ("aftercare.lasts_weeks", 13, 104, ALL_CHECKED, readmissions, 1),
        ("aftercare.asks_for_help_hazard_ratio", 1.2, 2.2, ALL_CHECKED, readmissions, 1),
        ("aftercare.first_use_hazard_ratio", 0.85, 1.05, ALL_CHECKED, in_recovery, -1),
        ("recovery_housing.offered_share", 0, 1, {}, in_recovery, 1),
        ("recovery_housing.lasts_weeks", 13, 52, ALL_HOUSED, weeks_of("housed"), 1),
        ("recovery_housing.first_use_hazard_ratio", 0.4, 1, ALL_HOUSED, in_recovery, -1),
        ("recovery_centres.reach_share", 0, 1, {}, capital, 1),
        ("recovery_centres.lasts_weeks", 13, 104, ALL_VISIT, weeks_of("visiting_centre"), 1),
        ("recovery_centres.capital_growth_ratio", 1, 2, ALL_VISIT, capital, 1),
        ("recovery_centres.first_meeting_hazard_ratio", 1, 3, ALL_VISIT, gone_to_meetings, 1),
        ("naloxone.carried_share", 0, 1, {"deaths.overdose_level": 10}, overdoses, -1),
        ("naloxone.averts_share", 0.1, 0.6, MORE_NALOXONE, overdoses, -1),
        ("naloxone.carried_today_share", 0.1, 0.9, MORE_NALOXONE, overdoses, 1),
        ("medication_policy.person_centred", 0, 1, {}, on_medication, 1),
        ("medication_policy.leaving_log_hazard_ratio", -1.4, 0, PERSON_CENTRED, on_medication, -1),
        ("medication_policy.planned_exit_log_odds", 0, 2, PERSON_CENTRED, planned_exits, 1),
        ("medication_policy.asks_for_help_log_hazard_ratio", 0, 1, PERSON_CENTRED, readmissions, 1),
        ("medication_policy.taken_off_per_week", 0, 0.05, {}, on_medication, -1),
        ("medication_policy.taken_off_per_week", 0, 0.05, {"deaths.overdose_level": 10},
         overdoses, 1),
    ],
)  # fmt: skip
def test_every_number_moves_what_it_says_in_the_direction_it_says(
    key, low, high, given, measure, sign
):
    """10,000 twins over two years; what moves is above what luck moves where it should not."""
    one, other = (lived(tuple(sorted((given | {key: value}).items()))) for value in (low, high))
    assert sign * (measure(other) - measure(one)) > 0


def test_being_moved_off_medication_is_on_the_record_and_nobody_stays_on_it_for_long():
    off = {"medication_policy.taken_off_per_week": 0.2, "care.medication_share": 0,
           "treatment.changes_to_medication_per_week": 0}  # fmt: skip
    later = {key: {"value": value, "from_week": 26} for key, value in off.items()}
    world = a_world(clients=2000, weeks=78, years=2, settings=later, journeys=True)
    counts = world.counts[:, :, AT["treatment_medication"]].sum(axis=1)
    assert counts[26] > 300
    assert counts[78] < 0.01 * counts[26]  # 0.8 to the 52 is 0.00001
    ended = world.stays()
    ended = ended[ended["ended"] == ENDINGS.index("moved off medication")]
    assert (ended["modality"] == MEDICATION).all()
    assert len(ended) > 200
    assert ended["week_out"].min() > 26
