"""Every mechanism switched off, alone, in a world where it matters: something moves by more than
three paired standard errors, in the direction that docs/model.md says in 7.17. What the rules say
one by one is in `test_mechanisms.py`."""

import pytest

from recoverysim.settings import MECHANISMS
from tests.directions import where
from tests.pairs import BOUND, lived, moved
from tests.what_moves import look

UP, DOWN = 1, -1
# Of each mechanism: what moves as it is switched off, in which group, which way, after how many
# weeks, and in which world.
SWITCHED_OFF = {
    "mutual_aid_effect": [
        ("weeks of abstinent_30_days", "all", DOWN, 52, "many members; strong effect"),
        ("weeks of treatment_medication", "all", UP, 52,
         "many newcomers; closed to medication; fellowships.pressed_to_stop_hazard_ratio=10"),
    ],
    "involvement": [
        ("involvement", "all", DOWN, 26, "many members"),
        ("weeks of abstinent_30_days", "all", DOWN, 52, "many members; strong effect"),
    ],
    "company": [
        ("company_in_recovery_percent", "all", DOWN, 52, "many members"),
        ("readmissions", "all", DOWN, 104, "using.seeks_help_when_seeing_recovery_log_ratio=3"),
    ],
    "capital": [
        ("weeks of abstinent_30_days", "all", DOWN, 104,
         "many members; strong effect; mutual_aid.capital_share=0.8"),
    ],
    "readiness": [
        ("readiness of people who went", "all", DOWN, 26, ""),
        ("readiness of people in recovery", "all", DOWN, 52, ""),
        ("readiness of people who stay", "all", DOWN, 52, "many members"),
    ],
    "use_makes_leaving": [("attending", "all", UP, 52, "many members")],
    "state_dependence": [
        ("ever_attended", "all", DOWN, 26,
         "population.earlier_contact_share=1; linkage.after_earlier_contact_ratio=1"),
        ("ever_attended", "all", UP, 26,
         "population.earlier_contact_share=1; linkage.after_earlier_contact_ratio=0; "
         "attendance.earlier_contact_log_odds=0; linkage.peer.offered_share=1"),
        ("attending", "all", DOWN, 104, "many newcomers"),
    ],
    "duration_dependence": [
        ("weeks of treatment_medication", "all", UP, 26, ""),  # leaving is no commoner at first
        ("weeks of abstinent_30_days", "all", UP, 26, ""),  # nor is a first use
    ],
    "remission_without_help": [("weeks of use_abstinent", "all", DOWN, 52, "")],
    "fidelity_drift": [("weeks of linked_peer", "all", UP, 104, "linkage.peer.offered_share=1")],
    "practitioners": [
        ("workers differ in offers", "all", DOWN, 4, ""),
        ("offered", "all", DOWN, 13, "practitioners.trained_share=1"),
    ],
    "places": [
        ("weeks of treatment_medication", "all", UP, 26, "places.medication.per_1000=50"),
        ("weeks of linked_peer", "all", UP, 26,
         "linkage.peer.offered_share=1; peers.introductions_per_1000_a_week=5"),
    ],
    "group_life": [
        ("sponsored", "all", DOWN, 26, "many members"),
        ("goes to aa", "all", DOWN, 26, ""),
        ("ever_attended", "all", DOWN, 52, "thrice the meetings"),
    ],
    "stigma_of_medication": [
        ("attending", "substance=opioids", UP, 52,
         "many newcomers; fellowships.stigma_of_medication=2"),
        ("weeks of treatment_medication", "all", UP, 52,
         "many newcomers; closed to medication; fellowships.pressed_to_stop_hazard_ratio=10"),
    ],
    "fit": [
        ("fit of people who went", "all", DOWN, 26, ""),
        ("fit of people who stay", "all", DOWN, 52, "many members"),
    ],
    "lost_tolerance": [("deaths_overdose", "substance=opioids", DOWN, 52, "many overdoses")],
    "medication_protection": [
        ("deaths_overdose", "substance=opioids", UP, 52, "many overdoses"),
        ("weeks of medication_abstinent", "all", DOWN, 52, ""),
    ],
    "aftercare": [("readmissions", "all", DOWN, 52, "aftercare.offered_share=1")],
    "recovery_housing": [
        ("weeks of abstinent_30_days", "all", DOWN, 52,
         "many beds; recovery_housing.offered_share=1"),
    ],
    "recovery_centres": [("capital", "all", DOWN, 104, "recovery_centres.reach_share=1")],
    "naloxone": [
        ("deaths_overdose", "substance=opioids", UP, 52,
         "many overdoses; naloxone.carried_share=0.9"),
    ],
    "medication_policy": [
        ("weeks of treatment_medication", "all", DOWN, 52, "medication_policy.person_centred=1"),
    ],
    "close_ties": [("company_in_recovery_percent", "all", UP, 52, "many members")],
}  # fmt: skip


def test_every_mechanism_is_tried():
    assert set(SWITCHED_OFF) == set(MECHANISMS)


@pytest.mark.parametrize(
    ("mechanism", "moves", "group", "way", "weeks", "world"),
    [(name, *line) for name, several in SWITCHED_OFF.items() for line in several],
)
def test_switched_off_it_moves_what_it_should_the_way_it_should(
    mechanism, moves, group, way, weeks, world
):
    given = where(world)

    def difference(repeat: int) -> float:
        on, off = (
            look(lived(given | more, weeks, repeat), moves, group)
            for more in ({}, {f"mechanisms.{mechanism}": False})
        )
        return off - on

    assert way * moved(difference) > BOUND
