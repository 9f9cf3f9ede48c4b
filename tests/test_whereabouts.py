"""Which place on the line everybody is in."""

import numpy as np
import pytest

from recoverysim import codes
from recoverysim.clients import empty_table
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT, DEFINITIONS
from recoverysim.scenario import load
from recoverysim.shown import PLACES
from recoverysim.studies.whereabouts import NOWHERE, PLACE, whereabouts
from recoverysim.world import World

# stage, modality, use, weeks abstinent, attendance -> place at 90 days, goes to mutual aid, stretch
PEOPLE = (
    (codes.WAITING, codes.NO_MODALITY, codes.IN_USE, 0, codes.REGULAR, "waiting", True, NOWHERE),
    (codes.WAITING, codes.NO_MODALITY, codes.ABSTINENT, 12, codes.LEFT, "waiting", False, NOWHERE),
    (codes.WAITING, codes.NO_MODALITY, codes.ABSTINENT, 13, codes.TRYING, "train", True, 1),
    (codes.DETOX, codes.NO_MODALITY, codes.ABSTINENT, 3, codes.NEVER, "taxi", False, NOWHERE),
    (codes.TREATMENT, codes.RESIDENTIAL, codes.ABSTINENT, 0, codes.INVOLVED, "station", True,
     NOWHERE),
    (codes.TREATMENT, codes.PSYCHOSOCIAL, codes.IN_USE, 0, codes.NEVER, "station", False, NOWHERE),
    (codes.TREATMENT, codes.MEDICATION, codes.ABSTINENT, 26, codes.NEVER, "train", False, 2),
    (codes.TREATMENT, codes.MEDICATION, codes.ABSTINENT, 260, codes.NEVER, "arrived", False,
     NOWHERE),
    (codes.COMMUNITY, codes.NO_MODALITY, codes.ABSTINENT, 12, codes.NEVER, "platform", False,
     NOWHERE),
    (codes.COMMUNITY, codes.NO_MODALITY, codes.ABSTINENT, 259, codes.REGULAR, "train", True, 19),
    (codes.COMMUNITY, codes.NO_MODALITY, codes.ABSTINENT, 900, codes.LEFT, "arrived", False,
     NOWHERE),
    (codes.COMMUNITY, codes.NO_MODALITY, codes.LAPSED, 0, codes.REGULAR, "off", True, NOWHERE),
    (codes.USING, codes.NO_MODALITY, codes.IN_USE, 0, codes.NEVER, "off", False, NOWHERE),
    (codes.DEAD, codes.NO_MODALITY, codes.ABSTINENT, 300, codes.REGULAR, "died", False, NOWHERE),
    (codes.NOT_COME, codes.NO_MODALITY, codes.IN_USE, 0, codes.REGULAR, None, False, NOWHERE),
)  # fmt: skip


def test_everybody_is_where_they_should_be():
    clients = empty_table(len(PEOPLE))
    for row, (stage, modality, use, weeks, attendance, *_) in enumerate(PEOPLE):
        clients[["stage", "modality", "use", "weeks_abstinent", "attendance"]][row] = (
            stage, modality, use, weeks, attendance
        )  # fmt: skip
    place, going, stretch = whereabouts(clients, "abstinent_90_days")
    found = [PLACES[code] if code >= 0 else None for code in place]
    assert found == [one[5] for one in PEOPLE]
    assert going.tolist() == [one[6] for one in PEOPLE]
    assert stretch.tolist() == [one[7] for one in PEOPLE]
    assert {one for one in found if one} == set(PLACES)


def test_a_person_on_medication_is_in_recovery_unless_the_definition_says_otherwise():
    clients = empty_table(1)
    clients[["stage", "modality", "use", "weeks_abstinent"]] = (
        codes.TREATMENT, codes.MEDICATION, codes.ABSTINENT, 30
    )  # fmt: skip
    assert PLACES[whereabouts(clients, "abstinent_90_days")[0][0]] == "train"
    without = whereabouts(clients, "abstinent_90_days_without_medication")[0][0]
    assert PLACES[without] == "station"
    assert PLACES[whereabouts(clients, "share_of_days")[0][0]] == "train"


@pytest.mark.parametrize("without", ["", "_without_medication"])
@pytest.mark.parametrize("definition", [one.name for one in DEFINITIONS])
def test_places_add_up_to_what_is_counted(definition, without):
    """Against the counts, which compiled rules make as people live."""
    world = World(load("peer-introduction"), central_values(), 400, 5, years=7)
    for week in (0, 4, 52, 364):
        world.run_for(week - world.week)
        place, going, _ = whereabouts(world.clients, definition + without)
        people = np.bincount(place, minlength=len(PLACES))
        counts = world.counts[week].sum(axis=0)
        recovered = people[PLACE["train"]] + people[PLACE["arrived"]]
        assert recovered == counts[AT[definition + without]]
        assert people[PLACE["died"]] == counts[AT["stage_dead"]]
        assert people.sum() == 400
        assert going.sum() == pytest.approx(counts[AT["attending"]], abs=2)  # groups may close
