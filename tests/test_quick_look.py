"""The quick look says what `compare` says of so few people, and lives no side twice."""

import pytest

import recoverysim as rs
from recoverysim.plan import Plan
from recoverysim.studies import quick_look
from recoverysim.studies.quick_look import QuickLook

SMALL = Plan(clients=60, years=2, repeats=4)


@pytest.fixture
def lived(monkeypatch):
    """The names of sides as they are lived."""
    names = []
    live = quick_look.live

    def live_and_note(scenario, plan):
        names.append(scenario.name)
        return live(scenario, plan)

    monkeypatch.setattr(quick_look, "live", live_and_note)
    return names


def test_it_is_compare_in_small():
    look = QuickLook(rs.load("baseline"), SMALL)
    found = look.look(rs.load("peer-introduction"), rs.load("leaflet-only"))
    exact = rs.compare(
        ["baseline", "peer-introduction", "leaflet-only"], clients=60, years=2, repeats=4
    )
    assert found.to_json() == exact.to_json()


def test_sides_are_kept_and_only_what_changes_is_lived_again(lived):
    look = QuickLook(rs.load("baseline"), SMALL)
    peer = rs.load("peer-introduction")
    first = look.look(peer)
    moved = peer.replace({"linkage.peer.fidelity": 0.1})
    look.look(moved)
    again = look.look(rs.load("peer-introduction"))
    assert lived == ["baseline", "peer-introduction", "peer-introduction"]
    assert again.headline() == first.headline()


def test_the_oldest_side_goes_when_there_are_too_many(lived, monkeypatch):
    monkeypatch.setattr(quick_look, "SIDES_KEPT", 2)
    look = QuickLook(rs.load("baseline"), SMALL)
    for name in ("peer-introduction", "leaflet-only", "peer-introduction"):
        look.look(rs.load(name))
    assert lived == ["baseline", "peer-introduction", "leaflet-only", "peer-introduction"]


def test_worlds_without_twins_are_refused():
    with pytest.raises(ValueError, match="has a twin"):
        QuickLook(rs.load("baseline"), SMALL).look(rs.load("local-area"))
