"""Before a long run it is said how long it will take; a short one starts at once."""

import pytest

from recoverysim.command.inputs import say_how_long
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies import room, time_needed
from recoverysim.studies.room import NoRoom

NATION = Plan(clients=10_000_000, years=10, repeats=1)


@pytest.fixture
def pilots(monkeypatch):
    """Pilots that take a second a year for their 500 people, and which were lived."""
    lived = []

    def one(scenario, years):
        lived.append(scenario.name)
        return float(years)

    monkeypatch.setattr(time_needed, "_pilot", one)
    monkeypatch.setattr(room, "bytes_free", lambda: 24 * 2**30)
    return lived


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        (Plan(clients=2000, years=1, repeats=10, threads=1), 10 * 4),
        (Plan(clients=2000, years=3, repeats=10, threads=4), 10 * 4 * 3 / 4),
        (Plan(clients=2000, years=1, repeats=1, threads=4), 4),
        (Plan(clients=100_000, years=1, repeats=1, threads=1), 1.2 * 200),
        (Plan(clients=20_000_000, years=1, repeats=1, threads=1), 1.9 * 40_000),
    ],
)
def test_time_is_in_proportion_to_weeks_lived_by_each_thread(pilots, plan, seconds):
    assert time_needed.seconds_needed(load("baseline"), plan) == pytest.approx(seconds)


def test_a_pilot_takes_some_time_and_needs_no_file_of_a_network(tmp_path):
    (tmp_path / "four.txt").write_text("a b\nb c\nc d\n")
    own = tmp_path / "own.yaml"
    own.write_text("name: own\nquestion: Does it run?\nnetwork:\n  file: four.txt\n")
    scenario = load(own)
    plan = Plan(clients=4, years=1, repeats=1, threads=1)
    assert 0 < time_needed.seconds_needed(scenario, plan) < 60


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(61, "61 seconds"), (89.9, "90 seconds"), (420, "7 minutes"), (9000, "2.5 hours")],
)
def test_times_in_words(seconds, words):
    assert time_needed.in_words(seconds) == words


def test_a_long_run_is_announced_and_a_short_or_quiet_one_is_not(pilots, capsys):
    say_how_long([load("baseline")], NATION, quiet=True)
    say_how_long([load("baseline")], Plan(), quiet=False)
    assert (capsys.readouterr().err, pilots) == ("", [])
    say_how_long([load("baseline"), load("leaflet-only")], NATION, quiet=False)
    hours = 2 * 1.9 * 10 * 10_000_000 / 500 / 3600
    assert f"This will take about {hours:.1f} hours on this machine" in capsys.readouterr().err


def test_what_does_not_fit_is_refused_before_anything_is_lived(pilots, monkeypatch):
    monkeypatch.setattr(room, "bytes_free", lambda: 2**30)
    with pytest.raises(NoRoom, match=r"--clients \d+"):
        say_how_long([load("baseline")], NATION, quiet=False)
    assert pilots == []
