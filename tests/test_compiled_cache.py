"""Machine code is kept on disk: cleared of old versions, and all there after `doctor --warm`."""

import json
import os
import subprocess
import sys
import time

import pytest

from recoverysim import compiled

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
