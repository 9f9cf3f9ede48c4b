"""Plug-ins, from outside the package: the example, chance, levers, switches, verbs."""

import hashlib
import json
import re
import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import plugins
from recoverysim.codes import (
    COMMUNITY,
    DEAD,
    IN_USE,
    LEFT,
    NEVER,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
    STAGES,
    TRYING,
    USING,
    WAITING,
)
from recoverysim.command.app import DONE
from recoverysim.dice import dice_of_the_week_plainly, question, throw_plainly
from recoverysim.knowledge import draw_sets
from recoverysim.outcomes import AT
from recoverysim.plugins.view import ALLOWED, WRITABLE
from recoverysim.quantities import all_quantities
from recoverysim.scenario import load
from recoverysim.settings import MECHANISMS, Change, tabulate_added
from tests.test_commands import outside, recoverysim
from tests.worlds import a_world, switched_off

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLE = DOCS / "examples" / "phone_calls.py"
SMALL = ("--clients", "100", "--years", "1", "--repeats", "4")
REACH = "phone_calls.reached_per_week"
# Workers think better of mutual aid where they see somebody recover: clients meet through them too.
STEADY = {"practitioners.own_clients_recover_adds_attitude": 0}


def same_history(one, other) -> bool:
    return one.stays().tobytes() == other.stays().tobytes() and all(
        getattr(one, part).tobytes() == getattr(other, part).tobytes()
        for part in ("clients", "ties", "counts")
    )


@pytest.fixture(autouse=True)
def _no_plugin_stays():
    yield
    plugins.unload()


@pytest.fixture
def example() -> plugins.Plugin:
    return plugins.load(EXAMPLE)


@pytest.fixture
def write(tmp_path):
    """Write a plug-in into a folder of its own."""

    def put(body: str, name: str = "mine.py") -> Path:
        path = tmp_path / name
        path.write_text(f"from recoverysim.plugins import *\n{body}\n", encoding="utf-8")
        return path

    return put


def away(clients: np.ndarray) -> np.ndarray:
    """Who is neither in care nor going, written anew."""
    out = (clients["stage"] == USING) | (clients["stage"] == COMMUNITY)
    return out & ((clients["attendance"] == NEVER) | (clients["attendance"] == LEFT))


# --- the example --------------------------------------------------------------------------


def test_the_page_shows_the_example_as_it_is():
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code = [block for block in blocks if "import recoverysim as rs" not in block]
    # But for empty lines between the blocks, of which the page has none.
    shown = [line for block in code for line in block.splitlines() if line]
    assert shown == [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line]
    scenario = (DOCS / "examples" / "phone-calls.yaml").read_text(encoding="utf-8")
    assert scenario in page


def test_the_page_names_what_may_be_written():
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "may be written:" in line)
    assert re.findall(r"`(\w+)`", row.split("may be written:")[1]) == list(WRITABLE)


def test_python_on_the_page_works(tmp_path, monkeypatch):
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    block = next(b for b in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "rs.load" in b)
    shutil.copy(EXAMPLE, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(block, names)
    assert names["found"].contrasts[0].row("calls", 1).difference > 0
    assert plugins.loaded() == ()


def test_the_example_from_another_folder_as_a_program(tmp_path, monkeypatch):
    for name in ("phone_calls.py", "phone-calls.yaml"):
        shutil.copy(EXAMPLE.parent / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ("compare", "phone-calls.yaml", "--plugin", "phone_calls.py", *SMALL)
    said = [outside(*words, "--json", "--threads", threads) for threads in ("1", "2")]
    assert (said[0].code, said[0].err) == (DONE, "")
    assert said[0].out == said[1].out  # the same bytes for any number of threads
    found = json.loads(said[0].out)
    sha256 = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert found["stamp"]["plugins"] == {"phone_calls.py": sha256}
    rows = {(r["measure"], r["group"]): r for r in found["comparisons"][0]["measures"]}
    going = rows["phoned_and_going", "all"]
    assert going["baseline"] == 0 < going["difference"] == going["value"]
    assert going["low"] <= going["luck_low"] < going["difference"] < going["luck_high"]
    assert going["unit"] == "people per 1,000 who started"
    assert rows["calls", "all"]["unit"] == "calls per 1,000 people who started"
    assert ("phoned_and_going", "sex=women") in rows
    assert ("calls", "sex=women") not in rows
    shown = recoverysim(*words)
    assert "Phoned, and going" in shown.out
    assert f"With plug-ins: phone_calls.py ({sha256[:12]})." in shown.out
    assert recoverysim(*words, "--csv").out.count("phoned_and_going,,") == 11  # a line a group


def test_other_commands_take_it(tmp_path):
    given = ("--plugin", str(EXAMPLE))
    said = recoverysim("run", "baseline", *given, *SMALL, "--set", f"{REACH}=1", "--out",
                       tmp_path / "out")  # fmt: skip
    assert said.code == DONE
    assert re.search(r"Calls +1 +[1-9]", said.out)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["stamp"]["plugins"]) == ["phone_calls.py"]
    assert REACH in recoverysim("evidence", *given, "--json").out
    scenario = str(EXAMPLE.parent / "phone-calls.yaml")
    assert recoverysim("scenarios", "check", scenario, *given).code == DONE
    assert f"{REACH}: 0.05 in" in recoverysim("scenarios", "diff", scenario, *given).out
    journey = recoverysim("journey", "baseline", "--versus", scenario, "--client", 3, *given,
                          "--clients", "50", "--years", "1", "--json")  # fmt: skip
    assert list(json.loads(journey.out)["stamp"]["plugins"]) == ["phone_calls.py"]


# --- chance, levers, switches -------------------------------------------------------------


def test_calls_by_hand(example):
    """Who is reached, week by week: thrown with the plain dice, by key, week and question."""
    reach, asked = 0.3, int(question("phone_calls: is reached"))
    settings = {REACH: reach, "phone_calls.goes_share": 0}
    world = a_world(clients=60, settings=settings)
    expected = np.zeros(60)
    for week in range(40):
        waiting = away(world.clients)
        for row in np.flatnonzero(waiting):
            dice = dice_of_the_week_plainly(int(world.clients["luck"][row]), week)
            expected[row] += throw_plainly(dice, asked) < reach
        world.run_for(1)
    found = world.plugged.answer(example.outcomes["calls"])
    assert found == pytest.approx(1000 * expected.sum() / 60)
    assert expected.sum() > 100
    went = world.plugged.answer(example.outcomes["phoned_and_going"])
    going = ~np.isin(world.clients["attendance"], (NEVER, LEFT)) & (world.clients["stage"] != DEAD)
    assert (went == (going & (expected > 0))).all()


def test_twins_stay_twins(example):
    """Without company and groups, a call moves only those who go for it: all others to the byte."""
    settings = switched_off("company", "group_life") | STEADY
    today = a_world(clients=3000, weeks=104, settings=settings, years=2)
    called = a_world(clients=3000, weeks=104, settings=settings | {REACH: 0.05}, years=2)
    phoned = called.plugged._columns_of(example.file)["calls"] > 0
    columns = [name for name in today.clients.dtype.names if name != "seen_company"]
    moved = np.any([today.clients[name] != called.clients[name] for name in columns], axis=0)
    assert not moved[~phoned].any()
    assert 50 < moved.sum() < phoned.sum()


def test_the_same_week_asks_the_same_luck_in_every_scenario(write):
    plugins.load(write('@mechanism("keeps throws")\ndef keep(week):\n'
                       '    week.column("thrown")[:] = week.throw("a")'))  # fmt: skip
    kept = []
    for scenario in ("baseline", "intensive-referral"):
        world = a_world(scenario, 200, 10)
        kept.append(next(iter(world.plugged._kept.values()))["thrown"])
    assert (kept[0] == kept[1]).all()
    assert len(set(kept[0])) == 200


def test_a_lever_of_a_plugin_changes_by_week(example):
    calls = example.outcomes["calls"]
    settings = {REACH: {"value": 1, "from_week": 10, "until_week": 20}}
    settings |= {"phone_calls.goes_share": 0}
    world = a_world(weeks=10, settings=settings)
    assert world.plugged.answer(calls) == 0
    waiting = away(world.clients).sum()
    world.run_for(1)
    assert world.plugged.answer(calls) == 1000 * waiting / 300
    world.run_for(9)
    after = world.plugged.answer(calls)
    world.run_for(20)
    assert world.plugged.answer(calls) == after


def test_a_ramp_of_a_plugins_lever(example):
    table = tabulate_added({}, {REACH: (Change(0.8, from_week=2, ramp_weeks=4),)})
    assert np.allclose(table["phone_calls"]["reached_per_week"], [0, 0, 0.2, 0.4, 0.6, 0.8, 0.8])
    assert (table["phone_calls"]["goes_share"] == 0.02).all()


def test_switched_off_or_with_nothing_to_do_the_world_is_as_before():
    before = a_world(weeks=80, journeys=True)
    plugins.load(EXAMPLE)
    off = a_world(weeks=80, journeys=True,
                  settings={REACH: 1} | switched_off("phone_calls"))  # fmt: skip
    idle = a_world(weeks=80, journeys=True)
    at_work = a_world(weeks=80, journeys=True, settings={REACH: 1})
    assert same_history(before, off)
    assert same_history(before, idle)
    assert not same_history(before, at_work)


def test_unloaded_nothing_is_left_of_it():
    words = ("compare", "baseline", "peer-introduction", *SMALL, "--json")
    before = recoverysim(*words).out, list(all_quantities()), list(MECHANISMS)
    plugins.load(EXAMPLE)
    assert recoverysim(*words).out != before[0]
    plugins.unload(EXAMPLE)
    assert (recoverysim(*words).out, list(all_quantities()), list(MECHANISMS)) == before


def test_a_scenario_of_a_plugin_that_is_gone_is_refused(example):
    scenario = load("baseline").replace({REACH: 1})
    plugins.unload()
    with pytest.raises(rs.ScenarioError, match="reached_per_week: is the number of a plug-in"):
        rs.run(scenario, clients=20, years=1, repeats=2)


def test_numbers_of_a_plugin_are_drawn_and_move_no_other_draw():
    before = draw_sets(20, 1)
    plugins.load(EXAMPLE)
    after = draw_sets(20, 1)
    drawn = [values.pop("phone_calls.goes_share") for values in after]
    assert [values.pop(REACH) for values in after] == [0] * 20
    assert after == before
    assert min(drawn) < 0.015 < 0.025 < max(drawn)
    assert all(0 <= value <= 0.05 for value in drawn)


def test_step_by_step_plainly_and_all_at_once_are_the_same(example):
    """Plain rules, one week at a time, or 60 in one go."""
    settings = {REACH: 0.5, "phone_calls.goes_share": 0.5}
    worlds = [a_world(clients=40, settings=settings, journeys=True) for _ in range(3)]
    worlds[0].run_for(60)
    worlds[1].run_for(60, plainly=True)
    for _ in range(60):
        worlds[2].run_for(1)
    assert same_history(worlds[0], worlds[1])
    assert same_history(worlds[0], worlds[2])


def test_each_week_begins_once_also_where_the_journal_fills():
    begun = []

    @plugins.mechanism("notes the weeks")
    def note(week):
        begun.append(week.number)

    world = a_world(clients=50, journeys=True)
    world.journal = world.journal[: world.written[0] + 160]
    world.run_for(200)
    assert len(world.journal) > world.written[0] > 300
    assert begun == list(range(200))


def test_a_script_may_declare_for_itself(tmp_path):
    script = tmp_path / "study.py"
    script.write_text(
        EXAMPLE.read_text(encoding="utf-8")
        + "\nimport recoverysim as rs\n"
        + f"found = rs.run(rs.load('baseline').replace({{'{REACH}': 1}}),"
        " clients=50, years=1, repeats=2)\n",
        encoding="utf-8",
    )
    found = runpy.run_path(str(script))["found"]
    sha256 = hashlib.sha256(script.read_bytes()).hexdigest()
    assert found.stamp["plugins"] == {"study.py": sha256}
    values = {row["measure"]: row["value"] for row in found.measures()}
    assert values["calls"] > 1000


def test_mesa_lives_it_too(example):
    one = rs.RecoveryModel(load("baseline").replace({REACH: 1}), clients=60, seed=3)
    other = rs.RecoveryModel(load("baseline").replace({REACH: 1}), clients=60, seed=3)
    plain = rs.RecoveryModel("baseline", clients=60, seed=3)
    one.run_for(30)
    plain.run_for(30)
    for _ in range(30):
        other.step()
    assert same_history(one.world, other.world)
    assert not same_history(one.world, plain.world)


def test_a_negative_number_keeps_its_range(write):
    plugins.load(write('@outcome("Below", unit="points")\ndef below(now): return -5.0'))
    row = next(r for r in rs.run("baseline", clients=20, years=1, repeats=4).measures()
               if r["measure"] == "below")  # fmt: skip
    assert (row["value"], row["low"], row["high"]) == (-5, -5, -5)


def test_the_price_can_be_measured():
    said = recoverysim("bench", "--plugin", EXAMPLE, "--clients", "50", "--years", "1",
                       "--repeats", "1", "--json")  # fmt: skip
    ratio = json.loads(said.out)["ratios"]["our CPU with the mechanisms of plug-ins over without"]
    assert ratio > 1


# --- verbs --------------------------------------------------------------------------------


def in_a_week(world, act) -> None:
    """Let a mechanism act on a world once."""
    plugin = plugins.mechanism("acts")(act)
    world.plugged = plugins.plug_in(world, world.scenario, {})
    world.plugged.begin(world.week, world.week + 1)
    plugins.unload(plugin.__code__.co_filename)


def everybody(week):
    return np.ones(len(week.clients), bool)


def test_going_to_a_meeting_is_the_models_own():
    world = a_world(weeks=60, clients=500)
    before = world.clients.copy()
    in_a_week(world, lambda week: week.go_to_a_meeting(everybody(week)))
    alive, after = before["stage"] != DEAD, world.clients
    new = alive & np.isin(before["attendance"], (NEVER, LEFT))
    assert 100 < new.sum() < alive.sum() < 500
    assert (after["attendance"][new] == TRYING).all()
    assert (after["attendance"][~new] == before["attendance"][~new]).all()
    assert after["ever_attended"][alive].all()
    assert (after["weeks_since_meeting"][alive] == 0).all()
    assert (after[~alive] == before[~alive]).all()
    counted = AT["ever_attended"]
    world.run_for(1)  # and what is counted follows
    assert world.counts[61, :, counted].sum() == world.clients["ever_attended"].sum()


def test_in_an_open_system_meetings_count_from_when_each_person_came(example):
    """Weeks from arrival to a first meeting, noted week by week, against the counts."""
    open_system = {"arrivals.over_weeks": 40, "arrivals.at_the_start_share": 0.2}
    settings = {REACH: 0.5, "phone_calls.goes_share": 0.5} | open_system
    world, noted = a_world(clients=200, years=1, settings=settings), []
    while world.week < 52:
        noted.append(world.clients["ever_attended"].copy())
        world.run_for(1)
    noted.append(world.clients["ever_attended"].copy())
    came, met = world.clients["arrives"], AT["ever_attended"]
    assert world.counts[:, :, met].sum(axis=1).tolist() == [row.sum() for row in noted]
    since = [
        sum(noted[came[who] + weeks][who] for who in np.flatnonzero(came + weeks <= 52))
        for weeks in range(53)
    ]
    assert world.followed()[:, :, met].sum(axis=1).tolist() == since
    assert since[52] < since[20]


def test_leaving_lapsing_and_asking_for_help():
    world = a_world(weeks=60, clients=500)
    before = world.clients.copy()

    def act(week):
        week.stop_going(everybody(week))
        week.ask_for_help(everybody(week))
        week.lapse(everybody(week))

    in_a_week(world, act)
    after, alive = world.clients, before["stage"] != DEAD
    assert not np.isin(after["attendance"][alive], (1, 2, 3)).any()
    assert (after["attendance"][before["attendance"] == NEVER] == NEVER).all()
    asks = (before["stage"] == USING) & (before["use"] == IN_USE)
    assert asks.sum() > 50
    assert (after["wants"][asks] == WAITING).all()
    protected = (before["stage"] == 2) | (before["modality"] == 0)
    lapsed = alive & (before["use"] == 0) & ~protected
    assert (after["use"][lapsed] == 1).all()
    assert (after["use"][~lapsed] == before["use"][~lapsed]).all()
    world.run_for(30)
    places = [AT[f"stage_{name}"] for name in STAGES]
    assert world.counts[90][:, places].sum() == 500  # nobody is lost


def test_meeting_somebody_in_recovery_changes_one_outsider():
    world = a_world(weeks=5, clients=300)
    before = world.ties.copy()
    in_a_week(world, lambda week: week.meet_somebody_in_recovery(everybody(week)))
    changed = before != world.ties
    could = (before == OUTSIDER_USING).any(axis=1) & (world.clients["stage"] != DEAD)
    assert (changed.sum(axis=1) == could).all()
    assert could.sum() > 200
    assert (before[changed] == OUTSIDER_USING).all()
    assert (world.ties[changed] == OUTSIDER_IN_RECOVERY).all()


def test_what_may_be_written_changes_lives(write):
    """Each writable column, moved for everybody every week, changes the history."""
    before = a_world(weeks=60, clients=400, settings=STEADY)
    for name in WRITABLE:
        low, high = ALLOWED[name]
        value = 1 if name in ("goal", "builds_sober_ties") else max(low, high / 10)
        path = write(f'@mechanism("m")\ndef m(week): week.clients[{name!r}] = {value}')
        plugins.load(path)
        after = a_world(weeks=60, clients=400, settings=STEADY)
        assert (before.counts != after.counts).any(), name
