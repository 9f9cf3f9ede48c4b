"""Plug-ins that cannot be used, or go wrong: refused in a sentence, with file, line and week."""

import json
import re
import shutil
from pathlib import Path

import pytest

import recoverysim as rs
from recoverysim import plugins
from recoverysim.command.app import BAD_INPUT, FAILED
from recoverysim.quantities import all_quantities
from recoverysim.settings import MECHANISMS
from tests.test_commands import recoverysim
from tests.worlds import a_world

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "phone_calls.py"
SMALL = ("--clients", "100", "--years", "1", "--repeats", "4")


@pytest.fixture(autouse=True)
def _no_plugin_stays():
    yield
    plugins.unload()


@pytest.fixture
def write(tmp_path):
    """Write a plug-in into a folder of its own."""

    def put(body: str) -> Path:
        path = tmp_path / "mine.py"
        path.write_text(f"from recoverysim.plugins import *\n{body}\n", encoding="utf-8")
        return path

    return put


MECHANISM = '@mechanism("m")\n'
BAD_FILES = [
    ("def f(:", 2, "cannot be read as Python: "),
    ("x = nothing_like_it", 2, "NameError: name 'nothing_like_it' is not defined"),
    ("import not_there_at_all", 2, "ModuleNotFoundError"),
    ("raise SystemExit(0)", 2, "SystemExit"),
    ("x = 1", None, "declares no number, no mechanism and no outcome"),
    ('parameters("company", a=quantity(1, "weeks"))', 2, "the section 'company' is the model's"),
    ('parameters("name", a=quantity(1, "weeks"))', 2, "the section 'name' is the model's"),
    ('parameters("a b", a=quantity(1, "weeks"))', 2, "'a b' cannot be the name"),
    ('parameters("mine")', 2, "holds no numbers"),
    ('parameters("mine", a=0.3)', 2, "mine.a: write quantity(value, unit); found 0.3"),
    ('parameters("mine", a=quantity(2, "share"))', 2, "lies outside its range"),
    ('parameters("mine", a=quantity(1, "share", moves_with="no.such"))', 2, "'no.such'"),
    ('@mechanism("m")\ndef company(week): pass', 2, "a mechanism is called 'company' already"),
    ("@mechanism\ndef m(week): pass", 2, 'write @mechanism("what it is'),
    (MECHANISM + "def m(): pass", 2, "m should take one argument; it takes 0"),
    (MECHANISM + "class M: pass", 2, "stands above a function"),
    ('@outcome("o")\ndef deaths(now): pass', 2, "a measure is called 'deaths' already"),
    (f'@outcome("{"o" * 25}")\ndef o(now): pass', 2, "at most 24 characters, and has 25"),
]


@pytest.mark.parametrize(("body", "line", "why"), BAD_FILES, ids=[b[0][:30] for b in BAD_FILES])
def test_a_bad_file_is_refused_with_its_line_and_nothing_of_it_is_kept(write, body, line, why):
    before = list(all_quantities()), list(MECHANISMS)
    good = 'parameters("good", a=quantity(1, "weeks"))' if line else ""
    path = write(f"{body}\n{good}")
    said = recoverysim("run", "baseline", "--plugin", path)
    where = f"mine.py, line {line}: " if line else "mine.py: "
    assert said.code == BAD_INPUT
    assert said.err.startswith(where)
    assert why in said.err
    assert "Traceback" not in said.err
    assert (list(all_quantities()), list(MECHANISMS), plugins.loaded()) == (*before, ())


def test_what_a_bad_file_declared_before_its_fault_is_taken_back(write):
    path = write('parameters("mine", a=quantity(1, "weeks"))\n' + MECHANISM
                 + "def m(week): pass\n1 / 0")  # fmt: skip
    with pytest.raises(plugins.PluginError, match="line 5: ZeroDivisionError"):
        plugins.load(path)
    assert "mine.a" not in all_quantities()
    assert "m" not in MECHANISMS


def test_a_file_that_is_not_there():
    said = recoverysim("run", "baseline", "--plugin", "nowhere.py")
    assert (said.code, said.err) == (
        BAD_INPUT,
        "nowhere.py: is no file that can be read (No such file or directory)\n",
    )


def test_two_plugins_that_clash(write, tmp_path):
    plugins.load(EXAMPLE)
    path = write('parameters("phone_calls", a=quantity(1, "weeks"))')
    with pytest.raises(plugins.PluginError, match="'phone_calls' is another plug-in's"):
        plugins.load(path)
    shutil.copy(EXAMPLE, tmp_path)
    with pytest.raises(plugins.PluginError, match=r"two plug-ins are called phone_calls\.py"):
        plugins.load(tmp_path / "phone_calls.py")
    assert [one.name for one in plugins.loaded()] == ["phone_calls.py"]


def test_a_changed_file_takes_its_new_form(write):
    path = write('parameters("mine", a=quantity(1, "weeks"))')
    first = plugins.load(path)
    assert plugins.load(path) is first
    write('parameters("mine", b=quantity(1, "weeks"))')
    assert plugins.load(path).sha256 != first.sha256
    assert "mine.b" in all_quantities()
    assert "mine.a" not in all_quantities()


FAILS = """
parameters("mine", breaks=quantity(0, "0 to 1", lever=True))
@mechanism("breaks in week 30 where it is told to")
def m(week):
    if week.number == 30 and week.today.mine.breaks:
        1 / 0
"""


def test_one_that_goes_wrong_is_told_in_a_sentence_and_the_rest_is_finished(write, tmp_path):
    path = write(FAILS)
    bad = tmp_path / "bad.yaml"
    bad.write_text("extends: baseline\nmine: {breaks: 1}\n", encoding="utf-8")
    why = "mine.py, line 7, in m (week 30, 100 simulated people): ZeroDivisionError"
    words = ("compare", "peer-introduction", bad, "--baseline", "baseline", "--plugin", path,
             *SMALL, "--json", "--out", tmp_path / "out")  # fmt: skip
    said = recoverysim(*words)
    assert said.code == FAILED
    assert said.err.splitlines()[-1].startswith(f"bad has no answer. {why}")
    found = json.loads(said.out)
    assert [one["scenario"] for one in found["comparisons"]] == ["peer-introduction"]
    assert found["failed"]["bad"].startswith(why)
    assert (tmp_path / "out" / "measures.parquet").is_file()

    alone = recoverysim("compare", bad, "--plugin", path, *SMALL)
    assert (alone.code, alone.out) == (FAILED, "")
    assert alone.err.startswith(why)
    assert "Traceback" not in alone.err
    assert "Traceback" in recoverysim("--debug", "compare", bad, "--plugin", path, *SMALL).err


BAD_WEEKS = [
    ("week.clients['capital'][3] = float('nan')", r"wrote nan into 'capital' of client 4 \(of 1"),
    ("week.clients['capital'] += 1", r"into 'capital' of client 1 .*allowed are 0 to 1"),
    ("week.clients['mood'][:] = 1e300", "allowed are -20 to 20"),
    ("week.clients['goal'][5] = 7", "wrote 7 into 'goal' of client 6 .*allowed are 0 to 1"),
    ("week.clients['stage'][5] = 9", "read-only. A mechanism may write readiness,.*go_to_a"),
    ("week.clients['use'] = 0", "read-only"),
    ("week.clients['luck'][0] = 1", "read-only"),
    ("week.ties[0, 0] = 5", "read-only"),
    ("week.clients['captial']", "there is no column 'captial'"),
    ("week.today.captial", "AttributeError: there is no number or section 'captial'"),
    ("week.lapse([1, 2])", "who should be True or False for each client"),
    ("week.happens('a', 0.5, among=week.clients['use'])", "among should be True or False"),
    ("week.happens('a', 1.5)", "the chance that 'a' should be from 0 to 1"),
    ("week.happens('a', float('nan'))", "the chance that 'a' should be from 0 to 1"),
    ("import sys; sys.exit(0)", "SystemExit: 0"),
]


@pytest.mark.parametrize(("act", "why"), BAD_WEEKS, ids=[act for act, _ in BAD_WEEKS])
def test_what_no_client_can_have_is_refused(write, act, why):
    plugins.load(write(f"{MECHANISM}def m(week):\n    if week.number == 3: {act}"))
    world = a_world(clients=50, weeks=3)
    with pytest.raises(plugins.PluginFailed, match=why) as told:
        world.run_for(5)
    assert re.match(r"mine\.py, line [234], in m \(week 3, 50 simulated people\): ",
                    str(told.value))  # fmt: skip


BAD_ANSWERS = [
    ("None", "should give a number, or True or False"),
    ("float('nan')", "should give a number, or True or False"),
    ("now.clients['capital']", "should give a number, or True or False"),
    ("now.alive[:3]", "should give a number, or True or False"),
    ("5", "gives a number, so it needs a unit"),
    ("now.clients.__setitem__('capital', 1)", "read-only"),
]


@pytest.mark.parametrize(("answer", "why"), BAD_ANSWERS, ids=[a for a, _ in BAD_ANSWERS])
def test_what_an_outcome_cannot_answer_is_refused(write, answer, why):
    plugins.load(write(f'@outcome("o")\ndef o(now): return {answer}'))
    with pytest.raises(plugins.PluginFailed, match=why) as told:
        rs.run("baseline", clients=30, years=1, repeats=2, threads=2)
    assert str(told.value).startswith("mine.py, line ")
    assert "in o (week 52, 30 simulated people)" in str(told.value)


def test_a_scenario_brings_no_plugin(tmp_path):
    path = tmp_path / "stranger.yaml"
    path.write_text("extends: baseline\nplugins: [phone_calls.py]\n", encoding="utf-8")
    shutil.copy(EXAMPLE, tmp_path)
    said = recoverysim("scenarios", "check", path)
    assert said.code == BAD_INPUT
    assert "line 2: plugins: cannot stand here: a scenario is data, and runs no code" in said.err
    assert plugins.loaded() == ()
