"""One life in words: it is the life kept in files, told to the week, and nobody is blamed."""

import dataclasses
import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import recoverysim as rs
from recoverysim import codes, story
from recoverysim.command import app
from recoverysim.plan import Plan
from recoverysim.studies.journey import journey
from recoverysim.studies.telling import story_of, years_of
from tests.lives import told_again
from tests.test_words import FORBIDDEN

PLAN = Plan(clients=120, years=3, repeats=4)
TODAY, PEER = rs.load("baseline"), rs.load("peer-introduction")

# How each ending of a stay, as the files name it, has to begin in the story.
SAID = {
    "place found": "starts ", "gave up waiting": "stops waiting for treatment",
    "completed": "completes |comes off medication", "left early": "leaves ",
    "moved on to other care": "moves on from ", "sought help": "asks for help",
    "returned to use": "returns to use|the lapse becomes a return to use",
    "became abstinent": "stops using",
    "stopped without help": "stops using",
    "died: overdose": "dies of an overdose", "died: other cause": "dies, not of an overdose",
}  # fmt: skip


@pytest.fixture(scope="module")
def kept():
    """Every stay of the same run, as `run` keeps it."""
    return rs.run(TODAY, clients=120, years=3, repeats=4).journeys()


@pytest.fixture(scope="module")
def lives():
    return [
        journey(world, client, PLAN).lives[0] for client in range(1, 61) for world in (TODAY, PEER)
    ]


@pytest.mark.parametrize(("client", "repeat"), [(1, 0), (17, 0), (60, 3), (120, 1)])
def test_it_is_the_life_that_run_keeps(kept, client, repeat):
    (life,) = journey(TODAY, client, PLAN, repeat=repeat).lives
    mine = kept.filter((kept["client"] == client) & (kept["repeat"] == repeat)).sort("stay")
    finished = mine.filter(mine["week_out"].is_not_null())
    told = [(int(s["week_in"]), int(s["week_out"]), codes.ENDINGS[s["ended"]]) for s in life.stays]
    assert told == list(finished.select("week_in", "week_out", "ended").iter_rows())


def test_the_printed_story_tells_every_stay_of_the_files_in_its_week(kept):
    """Read back from the printed text, and held against the table that `run` writes."""
    endings = set()
    for client in range(1, 121):
        life = journey(TODAY, client, PLAN).lives[0]
        told = told_again(line for lines in years_of(life) for line in lines)
        mine = kept.filter((kept["client"] == client) & (kept["repeat"] == 0)).sort("stay")
        for stay in mine.filter(mine["week_out"].is_not_null()).iter_rows(named=True):
            begins = tuple(SAID[stay["ended"]].split("|"))
            assert any(
                week == stay["week_out"] and phrase.startswith(begins) for week, phrase in told
            ), (client, stay, told)
            if stay["ended"] == "place found":
                waited = stay["week_out"] - stay["week_in"]
                wait = f"after waiting {waited} week" if waited else "without a wait"
                assert any(week == stay["week_out"] and wait in phrase for week, phrase in told)
            endings.add(stay["ended"])
    assert len(endings) > 7


def test_lines_lose_nothing_of_the_events(lives):
    for life in lives:
        told = told_again(line for lines in years_of(life) for line in lines)
        events = [(e.week, f"{e.event}, {e.why}" if e.why else e.event) for e in life.events()]
        assert told == [(week, part) for week, said in events for part in said.split("; ")]
        assert [week for week, _ in events] == sorted(week for week, _ in events)


def test_lapses_offers_and_meetings_are_told_as_often_as_they_happen(lives):
    for life in lives:
        told = [event.event for event in life.events()]
        going = np.isin(life.rows["attendance"], (codes.TRYING, codes.REGULAR, codes.INVOLVED))
        assert sum("meeting" in one and one.startswith("goes") for one in told) == (
            (going[1:] & ~going[:-1]).sum()
        )
        offers = (life.rows["link_due"][:-1] & ~life.rows["link_due"][1:]).sum()
        assert sum(one in story.OFFERS.values() for one in told) == offers
        part = life.rows["attendance"] == codes.INVOLVED
        assert sum(one.startswith("takes on") for one in told) == (part[1:] & ~part[:-1]).sum()


def test_a_link_is_followed_or_told_not_to_be_or_overtaken(lives):
    """Counted another way: from the events alone, by the weeks between a link and a meeting."""
    outcomes = {"followed": 0, "not followed": 0}
    for life in lives:
        events, end = life.events(), life.died or len(life.rows) - 1
        links = [e.week for e in events if e.event in story.OFFERS.values()]
        for place, event in enumerate(events):
            if event.event not in story.OFFERS.values() or event.event == story.OFFERS[codes.NONE]:
                continue
            week, later = event.week, events[place:]
            overtaken = any(week < other < week + 12 for other in links)
            went = life.rows["attendance"][week : week + 13]
            met = np.isin(went, (codes.TRYING, codes.REGULAR, codes.INVOLVED)).any()
            told = any(
                e.event.startswith(story.NOT_FOLLOWED) and e.week == week + 12 for e in later
            )
            assert told == (not met and not overtaken and week + 12 <= end)
            outcomes["not followed"] += told
            outcomes["followed"] += any("after the offer of" in e.why for e in later[:6])
    assert all(outcomes.values())


def test_use_is_told_whenever_it_changes(lives):
    """Every return to use, lapse and stop, also on entering detox or residential treatment."""
    for life in lives:
        told = [event.event for event in life.events()]
        use = life.rows["use"]
        change = [(codes.IN_USE, int(use[0])), *zip(use.tolist(), use[1:].tolist(), strict=False)]
        assert sum("return" in one and "to use" in one for one in told) == sum(
            b == codes.IN_USE != a for a, b in change
        )
        assert told.count("has a lapse") == sum(b == codes.LAPSED != a for a, b in change)
        assert sum(one.startswith(("stops using", "gets over")) for one in told) == sum(
            a != codes.ABSTINENT and b == codes.ABSTINENT for a, b in change
        )


def test_the_time_without_use_is_the_time_between_the_weeks_that_are_told(lives):
    """'Week 8: stops using. Week 12: has a lapse, after 4 weeks without use.'"""
    without, used = 0, 0
    for life in lives:
        stopped = began = None
        for event in life.events():
            if event.event in (story.LAPSES, story.RETURNS):
                between = story.lasting(event.week - stopped)
                assert event.why == f"after {between} without use"
                without += 1
            elif event.event.startswith((story.GETS_OVER, story.STOPS)):
                stopped = event.week
            if "weeks after the return to use" in event.why:
                assert event.why == f"{story.lasting(event.week - began)} after the return to use"
                used += 1
            if story.RETURNS in event.event or event.event == story.BECOMES_USE:
                began = event.week
    assert min(without, used) > 50


# --- at the command line ------------------------------------------------------------------

SMALL = ["--client", "7", "--clients", "120", "--years", "2", "--repeats", "4"]
TWINS = ["--versus", "peer-introduction", "--knowledge", "prior"]  # where the twins part


def printed(*words):
    done = CliRunner().invoke(app, ["journey", "baseline", *SMALL, *words])
    assert done.exit_code == 0, done.output
    return done


def test_quiet_is_taken_and_says_nothing_beside_the_story():
    assert printed("--quiet").stdout == printed().stdout == printed("-q").stdout
    assert printed("-q").stderr == ""


def test_it_begins_with_who_this_is_and_ends_with_how_it_stands():
    life = journey(TODAY, 7, dataclasses.replace(PLAN, years=2)).lives[0]
    text = " ".join(printed().stdout.split())
    woman = "woman" if life.rows[0]["female"] else "man"
    assert text.startswith(f"Client 7 is a simulated {woman} of {int(life.rows[0]['age'])} with")
    stands = text[text.index("How it stands") :]
    assert f"After 2 years, {life.they.she} is {int(life.rows[0]['age'] + 2)}:" in stands
    without = int((life.rows["use"][:-1] == codes.ABSTINENT).sum())
    assert f"Weeks without use: {without} of 104." in stands
    assert "Simulated people. Not clinical advice." in stands


def test_twins_begin_and_end_with_what_they_cannot_prove():
    text = " ".join(printed(*TWINS).stdout.split())
    year_1, short = text.index("Year 1"), text.index("In short")
    assert "they prove nothing" in text[:year_1]
    assert "Twins prove nothing" in text[short:]
    assert "says nothing about any real person" in text[short:]
    assert "“peer-introduction” asks: What if a peer introduced 6 in 10 people" in text[:year_1]
    assert re.search(r"(He|She) is (not )?one of those offered another kind of link", text[:year_1])
    assert "“baseline” asks" not in text


def test_twins_stand_beside_each_other_and_so_does_how_it_stands():
    text = printed(*TWINS).stdout
    heads = re.findall(r"^ +In “baseline” +In “peer-introduction” *$", text, re.MULTILINE)
    assert len(heads) > 1
    assert heads[0] in text[text.index("How it stands") : text.index("In short")]


def test_what_made_it_is_one_small_line_at_the_end():
    lines = printed(*TWINS).stdout.rstrip().splitlines()
    assert lines[-3].startswith("Simulated people. Not clinical advice. A person on medication")
    settings = "baseline, peer-introduction, seed 1, 4 × 120 people, prior [0-9a-f]{12}"
    assert re.fullmatch(rf"recoverysim [0-9.]+\S*, {settings}", lines[-1])


def test_what_was_changed_for_the_run_is_said():
    assert (
        "Changed for this run: network.kind=none." in printed("--set", "network.kind=none").stdout
    )


def test_json_holds_what_scripts_call_for():
    found = json.loads(printed(*TWINS, "--json").stdout)
    assert {"client", "traits", "worlds", "parted_week", "parted_because"} <= set(found)
    assert [world["scenario"] for world in found["worlds"]] == ["baseline", "peer-introduction"]
    for world in found["worlds"]:
        assert set(world) == {"scenario", "events", "story"}
        assert all(set(event) == {"week", "event", "why"} for event in world["events"])
    assert found["introduction"].startswith("Client 7 is a simulated")
    assert found["summary"][0].startswith("The twins part")


@pytest.mark.parametrize("wrong", [{"client": 0}, {"client": 121}, {"client": 3, "repeat": 4}])
def test_a_client_or_repeat_that_is_not_there_is_refused(wrong):
    with pytest.raises(ValueError, match="should be from"):
        journey(TODAY, plan=PLAN, **wrong)


def test_a_world_that_does_not_fit_is_refused_before_it_is_lived(monkeypatch):
    monkeypatch.setattr("recoverysim.studies.room.bytes_free", lambda: 1000)
    with pytest.raises(MemoryError, match="memory"):
        journey(TODAY, 1, PLAN)


# --- deaths, words, the page --------------------------------------------------------------


def test_the_people_around_are_those_whom_the_panel_counts_and_the_dead_are_gone():
    deadly = TODAY.replace({f"deaths.{s}.excess_using": 500 for s in codes.SUBSTANCES})
    panel = rs.run(deadly, clients=120, years=3, repeats=4).panel()
    fewest = 8
    for client in range(1, 21):
        life = journey(deadly, client, PLAN).lives[0]
        mine = panel.filter((panel["client"] == client) & (panel["repeat"] == 0)).sort("week")
        for week, ties in mine.select("week", "ties_in_recovery").iter_rows():
            assert life.company[week][0] == ties <= life.company[week][1] <= 8
        fewest = min(fewest, life.company[-1][1])
    assert fewest < 8


def test_people_who_die_are_told_of_plainly_and_nothing_happens_after():
    deadly = TODAY.replace({f"deaths.{s}.excess_using": 2000 for s in codes.SUBSTANCES})
    plan = dataclasses.replace(PLAN, clients=30, years=5)
    died = [
        life for client in range(1, 11)
        if (life := journey(deadly, client, plan).lives[0]).died is not None
    ]  # fmt: skip
    assert died
    for life in died:
        last = life.events()[-1]
        assert last.event in story.DEATHS.values()
        assert last.week == life.died
        text = story_of(life)
        assert "It is nobody’s fault." in text
        assert f"lived {story.lasting(life.died)} of these 5 years" in text
        assert "After 5 years" not in text
        assert f" of {life.died}." in text  # weeks after a death are not counted
        assert f"Year {-(-life.died // 52) + 1}" not in text


def test_stories_put_people_first(lives):
    page = (Path(__file__).parent.parent / "docs" / "journeys.md").read_text("utf-8")
    for text in (Path(story.__file__).read_text("utf-8"), page, *map(story_of, lives)):
        assert FORBIDDEN.findall(text) == []
        assert "at once" not in text


def test_the_page_of_journeys_is_what_the_script_would_write():
    path = Path(__file__).parent.parent / "docs" / "make_journeys.py"
    spec = importlib.util.spec_from_file_location("make_journeys", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = script.PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "run: python docs/make_journeys.py"
