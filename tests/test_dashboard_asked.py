"""What a visitor asks: settings, levers, numbers of an area, addresses, and what is copied.

Without a browser: `test_dashboard_compare` looks at the same from outside.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import recoverysim as rs
from recoverysim import dashboard
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dashboard import address, again, area
from recoverysim.dashboard.area import BOXES
from recoverysim.dashboard.asked import (
    AREA,
    BASELINE,
    DEFINITIONS,
    MOST_SCENARIOS,
    YEARS,
    Asked,
    Mix,
)
from recoverysim.dashboard.levers import LEVERS
from recoverysim.plan import Plan
from recoverysim.scenario import load, shipped
from recoverysim.settings import MECHANISMS
from tests.browser import COMMAND, ROOT

PEER = "linkage.peer.offered_share"
TWINS = [name for name in shipped() if load(name).arrivals == load(BASELINE).arrivals]
SMALL = (
    ("--clients 2000", "--clients 60"),
    ("--years 10", "--years 2"),
    ("--repeats 20", "--repeats 4"),
)


# --- settings ---------------------------------------------------------------------------------


def test_the_first_view_is_peers_beside_today():
    asked = Asked()
    assert [one.name for one in asked.worlds()] == [BASELINE, "peer-introduction"]
    assert asked.worlds()[1].hash() == load("peer-introduction").hash()
    assert (asked.year, asked.seed) == (10, 1)
    assert asked.look(quick=False).plan == Plan()


def test_a_value_that_the_shipped_file_gives_is_no_change():
    mix = Mix("peer-introduction").set({PEER: 0.5})
    assert mix.changes == ((PEER, 0.5),)
    assert mix.name == "peer-introduction-changed"
    assert mix.set({PEER: load("peer-introduction").differences()[PEER]}) == Mix()


def test_scenarios_have_names_of_their_own():
    asked = Asked()
    for _ in range(MOST_SCENARIOS):
        asked = asked.with_another(Mix().set({PEER: 0.1 * (len(asked.mixes) + 1)}))
    names = [one.name for one in asked.worlds()]
    assert len(set(names)) == len(names) == MOST_SCENARIOS + 1
    assert asked.chosen == MOST_SCENARIOS - 1
    assert BASELINE not in [one.name for one in Asked().with_mix(Mix(BASELINE)).mixes]


def test_a_scenario_that_is_there_is_chosen_and_not_added_again():
    two = Asked().with_another(Mix("leaflet-only"))
    assert two.with_another(Mix()) == replace(two, chosen=0)


def test_the_last_scenario_stays():
    one = Asked()
    assert one.without(0) == one
    two = one.with_another(Mix("leaflet-only"))
    assert two.without(0).mixes == (Mix("leaflet-only"),)
    assert two.without(1) == one


def test_an_area_lies_over_both_worlds_but_not_over_what_a_scenario_sets():
    asked = replace(Asked(), area=((PEER, 0.2), ("costs.peer_hour", 31.0)))
    today, peers = asked.worlds()
    assert today.name == AREA
    assert today.differences() == {PEER: 0.2, "costs.peer_hour": 31.0}
    assert peers.differences()["costs.peer_hour"] == 31.0
    assert peers.differences()[PEER] == load("peer-introduction").differences()[PEER]


def test_a_programme_that_lasts_sets_its_linking_back_afterwards():
    scenario = Mix(lasts=3).scenario()
    given = load("peer-introduction").differences()
    until = 3 * WEEKS_A_YEAR
    for key, value in scenario.differences().items():
        if key.startswith(("linkage.", "practitioners.")):
            assert [(one["value"], one["until_week"]) for one in value] == [(given[key], until)]
    assert Mix().scenario().hash() != scenario.hash()


# --- levers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_a_lever_sets_what_it_says(lever):
    quantity = lever.quantity
    assert lever.today == pytest.approx(quantity.value * lever.scale)
    assert lever.seen == (quantity.low * lever.scale, quantity.high * lever.scale)
    assert lever.lowest <= lever.today <= lever.highest
    for shown in (lever.lowest, lever.lowest + lever.step, lever.highest):
        mix = Mix(BASELINE).set(lever.changes(shown))
        assert lever.shown(mix.effective(), {}) == shown
        lived = mix.scenario().differences()
        for key in lever.keys:
            assert lived.get(key, quantity.value) == pytest.approx(shown / lever.scale), key
    for shown in (lever.lowest - 1, lever.highest + 1, float("nan")):
        with pytest.raises(ValueError):
            lever.changes(shown)


@pytest.mark.parametrize("base", TWINS)
def test_every_lever_can_stand_at_either_end_in_every_scenario(base):
    for lever in LEVERS.values():
        for shown in (lever.lowest, lever.highest):
            Asked(mixes=(Mix(base).set(lever.changes(shown)),)).look(quick=True)


def test_a_lever_shows_the_value_of_the_area_where_the_scenario_sets_none():
    lever = LEVERS["offered_peer"]
    assert lever.shown({}, {PEER: 0.2}) == 20
    assert lever.shown({PEER: {"value": 0.4, "until_week": 52}}, {PEER: 0.2}) == 40
    assert lever.shown({PEER: [{"value": 0.4}, {"value": 0.3}]}, {}) == 30


# --- numbers of an area -----------------------------------------------------------------------

PEOPLE = st.integers(area.FEWEST_A_YEAR, area.MOST_A_YEAR)


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box.name)
@given(people=PEOPLE, data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_number_of_an_area_is_shown_as_it_was_typed(box, people, data):
    low, high = area.bounds(box)
    if box.kind == "places":
        high = min(high, people)
    typed = data.draw(st.integers(int(low * 100), int(high * 100))) / 100
    asked = area.put(area.put(Asked(), area.A_YEAR, people), box.name, typed)
    assert area.shown(asked, box) == pytest.approx(typed, abs=0.01)
    assert dict(area.put(asked, box.name, None).area) == {}


def test_places_are_per_thousand_who_come_in_all_years():
    """100 people a year for ten years are 1,000 in all: 12 places for them are 12 per 1,000."""
    asked = area.put(area.put(Asked(), area.A_YEAR, 100), "detox_places", 12)
    assert dict(asked.area)["places.detox.per_1000"] == 12
    assert dict(asked.area)["arrivals.over_weeks"] == 10 * WEEKS_A_YEAR
    twice = area.put(asked, area.A_YEAR, 200)
    assert dict(twice.area)["places.detox.per_1000"] == 6
    box = next(one for one in BOXES if one.name == "detox_places")
    assert area.shown(twice, box) == 12
    assert area.put(twice, area.A_YEAR, None) == Asked()


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("peers_today", 101, "bounds"), ("peers_today", -1, "bounds"), ("peer_hour", 1e9, "bounds"),
        ("peer_hour", float("nan"), "bounds"), ("detox_places", 5, "no people"),
        (area.A_YEAR, 9, "bounds"), (area.A_YEAR, 1e7, "bounds"),
        (area.A_YEAR, float("nan"), "bounds"),
    ],
)  # fmt: skip
def test_what_an_area_cannot_have_is_refused(name, typed, why):
    with pytest.raises(ValueError, match=why):
        area.put(Asked(), name, typed)


# --- addresses --------------------------------------------------------------------------------


@st.composite
def everything(draw):
    """Settings as visitors make them, by levers, boxes and choices."""
    asked = Asked().with_mix(draw(mixes()))
    for _ in range(draw(st.integers(0, MOST_SCENARIOS - 1))):
        asked = asked.with_another(draw(mixes()))
    if draw(st.booleans()):
        asked = area.put(asked, area.A_YEAR, draw(PEOPLE))
        asked = area.put(asked, "detox_places", draw(st.integers(0, 10)))
    if draw(st.booleans()):
        asked = area.put(asked, "peers_today", draw(st.integers(0, 100)))
    if draw(st.booleans()):
        mechanism = draw(st.sampled_from(sorted(MECHANISMS)))
        asked = replace(
            asked, area=tuple(sorted((*asked.area, (f"mechanisms.{mechanism}", False))))
        )
    return replace(
        asked,
        definition=draw(st.sampled_from(DEFINITIONS)), year=draw(st.sampled_from(YEARS)),
        seed=draw(st.integers(0, 2**63 - 1)), plain=draw(st.booleans()),
        chosen=draw(st.integers(0, len(asked.mixes) - 1)),
    )  # fmt: skip


@st.composite
def mixes(draw):
    mix = Mix(draw(st.sampled_from(TWINS)))
    for lever in draw(st.lists(st.sampled_from(sorted(LEVERS)), max_size=3)):
        one = LEVERS[lever]
        steps = draw(st.integers(0, int((one.highest - one.lowest) / one.step)))
        mix = mix.set(one.changes(one.lowest + one.step * steps))
    return replace(mix, lasts=draw(st.sampled_from((None, 1, 5))))


@given(everything())
@settings(max_examples=60, deadline=None)
def test_an_address_brings_back_all_that_is_asked(asked):
    try:
        asked.worlds()
    except ValueError:  # some levers do not go together: no such thing can be asked
        return
    found = address.read(address.query(asked))
    assert found == address.Read(asked)


HOSTILE = (
    "v=2&s=peer-introduction", "s=../../etc/passwd", "s=/etc/passwd", "s=mine.yaml", "s=", "s=*",
    "s=peer-introduction*", "s=peer-introduction*:", "s=peer-introduction*linkage:1",
    f"s=peer-introduction*{PEER}:", f"s=peer-introduction*{PEER}:NaN",
    f"s=peer-introduction*{PEER}:1e999", f"s=peer-introduction*{PEER}:-1e999",
    f"s=peer-introduction*{PEER}:2", f"s=peer-introduction*{PEER}:[]",
    f"s=peer-introduction*{PEER}:null", f's=peer-introduction*{PEER}:"0.5"',
    f"s=peer-introduction*{PEER}:" + "[" * 3000, f"s=peer-introduction*{PEER}:" + "9" * 5000,
    f's=peer-introduction*{PEER}:{{"value":1,"value":0}}',
    "s=peer-introduction*name:1", "s=peer-introduction*extends:1", "s=peer-introduction*\x00:1",
    "s=peer-introduction*called:<script>alert(1)</script>",
    "s=peer-introduction*called:" + "x" * 400,
    "s=peer-introduction*lasts:0", "s=peer-introduction*lasts:99", "s=peer-introduction*lasts:x",
    "a=costs.peer_hour:-1", "a=nothing.here:1", "a=mechanisms.company:2", "a=:::",
    "seed=-1", "seed=" + "9" * 5000, "seed=18446744073709551616", "seed=²", "h=3",
    "h=9999999999999",
    "c=7", "c=-1", "n=0", "n=" + "9" * 4999, "d=sober", "d=", "b=nowhere", "b=local-area",
    "plain=2", "p=<b>&was=1", "p=0.1&was=" + "1," * 3000, "p=0.1&was=nan,inf,1,1,1,1,1,1",
    "&".join(["s=peer-introduction"] * 150), "&".join(["x=1"] * 5000), "x" * 20_000, "%", "%ff=%ff",
    "s=%00", "s=\ud800", "=", "&&&", "?", "s=peer-introduction&s=peer-introduction",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40].encode("ascii", "replace"))
def test_a_hostile_address_is_read_without_fault(text):
    _is_harmless(text)


@given(st.text(max_size=300))
@example("s=local-area")
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_fault(text):
    _is_harmless(text)


@given(st.sampled_from(("s", "a", "b", "n", "d", "h", "seed", "c", "plain", "p", "was", "v")),
       st.text(max_size=60))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_value_of_a_name_is_read_without_fault(name, value):
    _is_harmless(f"{name}={quote(value, errors='replace')}")


def _is_harmless(text: str) -> None:
    """It is read; what it asks can be asked; and its scenarios are told apart."""
    found = address.read(text)
    look = found.asked.look(quick=True)
    names = [one.name for one in look.worlds]
    assert len(set(names)) == len(names)
    assert all(len(fault) < 2000 for fault in found.faults)


def test_what_could_not_be_read_is_told():
    assert address.read("h=3&s=peer-introduction").faults == ("h=3",)
    assert address.read("s=nobody").faults == ("s=nobody",)
    fault = address.read(f"s=peer-introduction*{PEER}:2").faults[0]
    assert PEER in fault
    assert "2" in fault


# --- what is copied ---------------------------------------------------------------------------

CHANGED = replace(
    Asked(mixes=(Mix(lasts=3).set({PEER: 0.45}),)).with_another(Mix("leaflet-only")),
    area=(("costs.peer_hour", 31.5), ("mechanisms.company", False)), definition="at_least_1_year",
    seed=7,
)  # fmt: skip


def small(text: str) -> str:
    """The same of few people."""
    for long, short in SMALL:
        assert long in text or long.removeprefix("--").replace(" ", "=") in text
        text = text.replace(long, short)
        text = text.replace(*(one.removeprefix("--").replace(" ", "=") for one in (long, short)))
    return text


def expected(asked: Asked) -> list[str]:
    found = rs.compare(
        list(asked.worlds()[1:]), baseline=asked.worlds()[0], definition=asked.definition,
        clients=60, years=2, repeats=4, seed=asked.seed,
    )  # fmt: skip
    return [one.headline for one in found.contrasts]


@pytest.mark.parametrize("asked", [Asked(), CHANGED], ids=["first view", "changed"])
def test_python_that_is_copied_runs_and_says_the_same(asked, capsys):
    exec(compile(small(again.python(asked)), "copied", "exec"), {})
    said = capsys.readouterr().out
    for sentence in expected(asked):
        assert sentence in said


@pytest.mark.parametrize("asked", [Asked(), CHANGED], ids=["first view", "changed"])
def test_a_command_that_is_copied_runs_and_says_the_same(asked, tmp_path):
    done = run_in_shell(small(again.command(asked)), tmp_path)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for sentence in expected(asked):
        assert sentence in said


def test_a_scenario_file_that_is_saved_is_the_scenario(tmp_path):
    path = tmp_path / "mine.yaml"
    for place in (0, 1):
        asked = replace(CHANGED, chosen=place)
        path.write_text(again.scenario_file(asked), "utf-8")
        found, wanted = load(path), asked.worlds()[place + 1]
        assert found.differences() == wanted.differences()
        assert (found.name, found.hash()) == (wanted.name, wanted.hash())


def run_in_shell(text: str, folder) -> subprocess.CompletedProcess[str]:
    """Lines in a shell in which recoverysim is installed."""
    program = folder / "bin" / "recoverysim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{COMMAND}" "$@"\n')
    program.chmod(0o755)
    return subprocess.run(
        ["bash", "-euc", text], capture_output=True, text=True, cwd=folder, timeout=600,
        env=os.environ | {
            "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
            "COLUMNS": "100000",
        },
    )  # fmt: skip


# --- the templates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted(Path(dashboard.__file__).parent.rglob("*.vue")), ids=lambda path: path.name
)
def test_no_method_of_a_template_has_the_name_of_an_event(path):
    """An event `event_put` also becomes a method `put`, in place of any that the template has."""
    text = path.read_text("utf-8")
    events = set(re.findall(r"event_(\w+)", text))
    methods = set(re.findall(r"^ {4}(\w+): function", text, re.MULTILINE))
    assert not events & methods


def test_a_mix_begins_from_nothing_but_what_comes_with_the_program(tmp_path):
    """A browser may send any name, and a path would be read from this machine."""
    path = tmp_path / "mine.yaml"
    path.write_text("password: hunter2\n")
    for told in (Mix(str(path)).scenario, Mix(str(path)).effective):
        with pytest.raises(ValueError, match="no shipped scenario") as fault:
            told()
        assert "password" not in str(fault.value)
