"""Machine code: of weeks alone, kept on disk, cleared of old versions, all there when warm."""

import json
import math
import os
import subprocess
import sys
import time

import numba
import numpy as np
import pytest

from recoverysim import compiled, compiled_parts

HOURS = 3600


def made(base, name, hours_ago):
    folder = base / name
    folder.mkdir()
    (folder / "week.nbi").write_text("machine code")
    used = time.time() - hours_ago * HOURS
    os.utime(folder, (used, used))
    return folder


def left(base):
    return sorted(path.name for path in base.iterdir())


def version(number):
    return f"{number:016x}-py311-numba0.61.0"


def test_old_versions_are_cleared_and_the_few_used_last_are_kept(tmp_path):
    for number in range(6):
        made(tmp_path, version(number), hours_ago=2 + number)
    compiled._clear_old(tmp_path)
    assert left(tmp_path) == [version(number) for number in range(compiled.VERSIONS_KEPT)]


def test_what_was_used_within_the_hour_is_not_touched(tmp_path):
    for number in range(9):
        made(tmp_path, version(number), hours_ago=0.5)
    compiled._clear_old(tmp_path)
    assert len(left(tmp_path)) == 9


def test_nothing_else_is_touched(tmp_path):
    made(tmp_path, "thesis", hours_ago=9000)
    (tmp_path / version(1)).write_text("a file of that name")
    for number in range(2, 9):
        made(tmp_path, version(number), hours_ago=10 + number)
    compiled._clear_old(tmp_path)
    assert left(tmp_path) == sorted(["thesis", *(version(number) for number in range(1, 5))])


def test_a_folder_that_goes_meanwhile_harms_nobody(tmp_path, monkeypatch):
    for number in range(6):
        made(tmp_path, version(number), hours_ago=2 + number)
    listed = list(tmp_path.iterdir())
    compiled.shutil.rmtree(tmp_path / version(5))
    monkeypatch.setattr(type(tmp_path), "iterdir", lambda self: iter(listed))
    monkeypatch.setattr(type(tmp_path), "is_dir", lambda self: True)
    compiled._clear_old(tmp_path)
    assert {path.name for path in listed if path.exists()} == {version(n) for n in range(3)}


def test_a_new_version_clears_up_and_a_known_one_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    base = tmp_path / "recoverysim"
    base.mkdir(mode=0o700)
    for number in range(5):
        made(base, version(number), hours_ago=2 + number)
    mine = compiled.cache_folder()
    assert mine.parent == base
    assert left(base) == sorted([*(version(number) for number in range(3)), mine.name])
    made(base, version(7), hours_ago=30)
    assert compiled.cache_folder() == mine
    assert version(7) in left(base)


def test_every_kind_of_processor_has_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one = compiled.cache_folder()
    monkeypatch.setattr(compiled.llvmlite.binding, "get_host_cpu_name", lambda: "another-kind")
    other = compiled.cache_folder()
    assert one != other
    assert "anotherkind" in other.name


# --- rules are parts of weeks -------------------------------------------------------------


def test_this_numba_was_tried():
    """Where this fails after an update: try it (results, speed, seconds to compile), and add it."""
    assert compiled_parts.can_be_parts()


def test_another_numba_compiles_in_its_own_way(monkeypatch):
    monkeypatch.setattr(numba, "__version__", "0.99.0")
    assert not compiled_parts.can_be_parts()


def fading(value, week):
    return value * math.exp(-week / 7.0)


def sums_of(fade, compile_week):
    """Everybody's sum over weeks, by a rule that calls a rule; arrays, branches and tuples too."""

    def of_one(values, row, week):
        if row % 3 == 0:
            return fade(values[row], week), 1
        return values[row] / (week + 1), 0

    inner = compile_week["rule"](of_one)

    def week_by_week(values, sums):
        kept = 0
        for week in range(20):
            for row in range(values.size):
                value, more = inner(values, row, week)
                sums[row] += value
                kept += more
        return kept

    return compile_week["week"](week_by_week)


def test_parts_and_numbas_own_way_are_the_same_to_the_bit():
    ways = {
        "parts": (compiled.rule, {"rule": compiled.rule}),
        "rare": (compiled.rare_rule, {"rule": compiled.rare_rule}),
        "own": (numba.njit(error_model="numpy"), {"rule": numba.njit(error_model="numpy")}),
    }
    values, found = np.linspace(0.1, 9.0, 101), {}
    for name, (make, compile_week) in ways.items():
        compile_week["week"] = numba.njit(error_model="numpy")
        sums = np.zeros_like(values)
        kept = sums_of(make(fading), compile_week)(values, sums)
        found[name] = kept, sums.tobytes()
    assert found["parts"] == found["rare"] == found["own"]
    assert found["own"][0] == 20 * 34  # every third of 101
    by_hand = sum(values[3] * math.exp(-week / 7.0) for week in range(20))
    assert np.frombuffer(found["own"][1])[3] == pytest.approx(by_hand)


def test_a_part_has_no_machine_code():
    part = compiled.rule(lambda value: value + 1.0)
    whole = numba.njit(lambda value: part(value) * 2.0)
    assert whole(1.0) == 4.0
    (result,) = part.overloads.values()
    assert isinstance(result.library, compiled_parts._Part)
    assert not result.library._codegen._engine.is_symbol_defined(result.fndesc.llvm_func_name)


# --- nothing is compiled twice ------------------------------------------------------------

TINY = "--clients 20 --years 1 --repeats 2"
COMMANDS = (
    f"run baseline {TINY}",
    f"run baseline {TINY} --out OUT/a",
    f"run baseline {TINY} --set network.kind=configuration",
    f"run baseline {TINY} --set network.kind=none --threads 1",
    f"run baseline {TINY} --set arrivals.over_weeks=20",
    f"run local-area {TINY}",
    f"compare baseline peer-introduction {TINY}",
    f"compare baseline peer-introduction {TINY} --no-who --out OUT/b",
    f"compare groups-thrive {TINY} --knowledge none",
    f"journey baseline --client 3 {TINY}",
    f"journey baseline --versus peer-introduction --client 3 {TINY}",
    "trial timko-2006 --clients 20 --repeats 2",
)

LOOK = """
import json, sys
from numba.core.dispatcher import Dispatcher
from typer.testing import CliRunner
from recoverysim.command import app
from recoverysim.doctor import examine

def compiled():
    modules = [there for name, there in sys.modules.items() if name.startswith("recoverysim")]
    named = [one for there in modules for one in vars(there).values()]
    weeks = [one for one in named if isinstance(one, Dispatcher) and one.targetoptions.get("nogil")]
    return {f"{one.__module__}.{one.__name__}{sig}" for one in weeks for sig in one.signatures}

examine(warm=True)
warm, new = compiled(), {}
for command in sys.argv[1:]:
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 0, (command, done.output)
    new[command] = sorted(one.partition("(")[0] for one in compiled() - warm)
print(json.dumps({"warm": len(warm), "new": new}))
"""


def test_doctor_compiles_all_that_commands_need(tmp_path):
    commands = [command.replace("OUT", str(tmp_path)) for command in COMMANDS]
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *commands], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["warm"] >= 4
    assert {command: new for command, new in found["new"].items() if new} == {}


@pytest.mark.slow
def test_two_that_start_cold_together_do_not_harm_each_other(tmp_path):
    """Both compile; what they leave behind is whole, and a third starts from it."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    code = "from recoverysim.command import main; main()"
    words = [sys.executable, "-c", code, *f"run baseline {TINY} --json".split()]

    def start():
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)

    def kept():
        return {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")}

    both = [start(), start()]
    answers = {one.communicate(timeout=600)[0] for one in both}
    assert [one.returncode for one in both] == [0, 0]
    before = kept()
    assert before
    assert not [path for path in tmp_path.rglob("*.tmp.*")]
    third = start()
    answers.add(third.communicate(timeout=600)[0])
    assert kept() == before
    assert len(answers) == 1
