"""Sweeps under trouble: runs that crash, hang, eat memory or raise; kills; no room; flipped bits.

Random moments and places come from fixed seeds.
"""

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import plugins
from recoverysim.store import growing
from recoverysim.store.whole import FolderError
from recoverysim.studies.sweeps import runs
from recoverysim.studies.sweeps import sweep as sweep_module
from recoverysim.studies.sweeps.plan_reading import load_plan
from recoverysim.studies.sweeps.runs import AtPoint, Point, live_chunk
from recoverysim.studies.sweeps.sweep import Hopeless
from tests.sweeping import TINY, TROUBLE, command, sweep_command, write_plan


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sweep that nothing disturbed."""
    return rs.sweep(TINY, out=tmp_path_factory.mktemp("whole") / "out", workers=1)


@pytest.fixture
def trouble(tmp_path):
    path = tmp_path / "trouble.py"
    path.write_text(TROUBLE)
    plugins.load(path)
    yield path
    plugins.unload()


def test_of_1000_runs_four_fail_and_996_finish(tmp_path, trouble):
    """One raises, one crashes the interpreter, one hangs, one eats memory; each is listed with
    what it was, and nobody else is lost."""
    kinds = np.zeros(1000, int)
    bad = {137: 1, 402: 2, 555: 3, 840: 4}
    kinds[list(bad)] = list(bad.values())
    (tmp_path / "rows.csv").write_text("trouble.kind\n" + "\n".join(map(str, kinds)) + "\n")
    plan = write_plan(
        tmp_path,
        {"question": "?", "design": "rows", "rows": "rows.csv", "clients": 20, "years": 1},
    )
    found = rs.sweep(plan, out=tmp_path / "out", workers=2, longest=8, memory=0.5)
    assert found.is_complete
    assert found.manifest["runs"] == {"asked": 1000, "done": 996, "failed": 4}
    assert set(found.runs()["number"]) == set(range(1000)) - set(bad)
    failed = {one["number"]: one for one in found.failed()}
    assert set(failed) == set(bad)
    why = {number: (one["why"], one["settings"]) for number, one in failed.items()}
    assert why == {
        137: ("raised", {"trouble.kind": 1}),
        402: ("crashed", {"trouble.kind": 2}),
        555: ("took too long", {"trouble.kind": 3}),
        840: ("raised", {"trouble.kind": 4}),
    }
    assert "as it was asked to" in failed[137]["said"]
    assert "trouble.py" in failed[137]["traceback"]
    assert "SIGABRT" in failed[402]["said"]
    assert "MemoryError" in failed[840]["said"]
    # The same call does not try them again; asked to, it does, and they fail again.
    parts = sorted(growing.parts_of(found.folder, growing.RUNS))
    assert rs.sweep(plan, out=tmp_path / "out").content_hash == found.content_hash
    assert sorted(growing.parts_of(found.folder, growing.RUNS)) == parts


def test_where_every_run_fails_it_says_so_and_stops(tmp_path, trouble):
    plan = TINY | {"factors": {"trouble.kind": {"values": [1]}}, "repeats": 200}
    with pytest.raises(Hopeless, match=r"all failed, the last with: .*as it was asked to"):
        rs.sweep(plan, out=tmp_path / "out", workers=1)


def test_what_fails_at_one_end_alone_is_not_hopeless(tmp_path, trouble, monkeypatch):
    """The first value of a grid fails at hundreds of runs before the other has its turn."""
    monkeypatch.setattr(runs, "MOST_RUNS_A_PART", 10)
    plan = TINY | {"factors": {"trouble.kind": {"values": [1, 0]}}, "repeats": 30, "clients": 20}
    found = rs.sweep(plan, out=tmp_path / "out", workers=1)
    assert found.manifest["runs"] == {"asked": 120, "done": 60, "failed": 60}


def test_where_no_run_finished_the_command_lists_why(tmp_path, trouble):
    plan = write_plan(
        tmp_path, TINY | {"factors": {"trouble.kind": {"values": [1]}}, "repeats": 2, "clients": 20}
    )
    done = sweep_command(plan, "--out", tmp_path / "out", "--workers", 1, "--plugin", trouble)
    assert done.returncode == 1
    assert "0 of 4 runs finished, 4 failed" in done.stdout
    assert "as it was asked to" in " ".join(done.stdout.split())


def test_killed_between_letting_failed_runs_go_and_trying_them(tmp_path, trouble, monkeypatch):
    plan = TINY | {"factors": {"trouble.kind": {"values": [1, 0]}}, "repeats": 2, "clients": 20}
    rs.sweep(plan, out=tmp_path / "out", workers=1)

    def killed(*_):
        raise GeneratorExit

    with monkeypatch.context() as here:
        here.setattr(sweep_module, "on_this_machine", killed)
        with pytest.raises(GeneratorExit):
            rs.sweep(plan, out=tmp_path / "out", retry_failed=True)
    assert not rs.Sweep(tmp_path / "out").is_complete
    again = rs.sweep(plan, out=tmp_path / "out", workers=1)
    assert again.manifest["runs"]["failed"] == 4
    assert again.damaged() == []  # what was let go is not damaged


def test_workers_go_when_keeping_fails(tmp_path, monkeypatch):
    """Also while somebody, as a notebook does, holds on to the fault."""
    closed = []

    def engine(more):
        try:
            while (chunk := more()) is not None:
                yield chunk, live_chunk(chunk)
        finally:
            closed.append(True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sweep_module, "on_this_machine", lambda *_: engine)
    monkeypatch.setattr(growing.Growing, "add", full)
    with pytest.raises(FolderError, match="No space left") as held:
        rs.sweep(TINY, out=tmp_path / "out")
    assert held.value.__cause__ is not None
    assert closed


def test_a_plug_in_that_came_after_another_sweep_is_known(tmp_path):
    """Parameter sets are kept for the next run; with a plug-in they are others."""
    plan = {
        "question": "?", "design": "grid", "factors": {"linkage.peer.fidelity": {"values": [0.5]}},
        "clients": 20, "years": 1, "repeats": 3,
    }  # fmt: skip
    of_plain = AtPoint(load_plan(plan), 0, Point((0.5,), np.empty(0))).values(0)
    path = tmp_path / "trouble.py"
    path.write_text(TROUBLE)
    plugins.load(path)
    try:
        with_it = AtPoint(load_plan(plan), 0, Point((0.5,), np.empty(0))).values(0)
    finally:
        plugins.unload()
    assert set(with_it) - set(of_plain) == {"trouble.kind"}


def test_failed_runs_are_tried_again_when_asked(tmp_path):
    """A plug-in that was at fault is mended: then its runs succeed, with no trace of the fault."""
    path = tmp_path / "once.py"
    flag = tmp_path / "broken"
    path.write_text(
        TROUBLE.replace("if kind == 1:", f"if kind == 1 and os.path.exists({str(flag)!r}):")
    )
    plugins.load(path)
    try:
        plan = TINY | {"factors": {"trouble.kind": {"values": [0, 1]}}, "repeats": 2}
        flag.touch()
        first = rs.sweep(plan, out=tmp_path / "out", workers=1)
        assert len(first.failed()) == 4
        flag.unlink()
        assert len(rs.sweep(plan, out=tmp_path / "out", workers=1).failed()) == 4
        again = rs.sweep(plan, out=tmp_path / "out", workers=1, retry_failed=True)
        assert again.failed() == []
        assert again.content_hash == rs.sweep(plan, out=tmp_path / "other", workers=1).content_hash
    finally:
        plugins.unload()


def children_of_session(session: int) -> list[int]:
    """Processes of a session that still live."""
    found = []
    for one in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(one))
    return found


def gone(session: int, seconds: float) -> bool:
    """Whether every process of a session ends within so many seconds."""
    until = time.monotonic() + seconds
    while children_of_session(session):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def plain_ctrl_c():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def begin(plan, out, *words, **given) -> subprocess.Popen:
    return subprocess.Popen(
        command(plan, "--out", out, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True, preexec_fn=plain_ctrl_c, **given,
    )  # fmt: skip


def wait_for_parts(out, number, seconds=60):
    until = time.monotonic() + seconds
    while len(growing.parts_of(out, growing.RUNS)) < number:
        assert time.monotonic() < until
        time.sleep(0.02)


MANY = TINY | {"clients": 300, "years": 2, "repeats": 100}


def kill_and_go_on(tmp_path, plan, kills, seed):
    """Kill the command so many times at random moments, each time a little further on; then let it
    end. Every key stands there once, and the content is that of an undisturbed sweep."""
    dice = np.random.default_rng(seed)
    path, out = write_plan(tmp_path, plan), tmp_path / "out"
    before, killed = 0, 0
    for _ in range(kills):
        process = begin(path, out)
        try:
            process.wait(2 + 3 * dice.random())
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
        assert gone(process.pid, 10), "workers outlived the process that started them"
        parts = len(growing.parts_of(out, growing.RUNS))
        assert parts >= before
        before = parts
    done = sweep_command(path, "--out", out)
    assert done.returncode == 0, done.stderr
    found = rs.Sweep(out)
    numbers = found.runs().filter(found.runs()["year"] == plan["years"])["number"]
    assert numbers.to_list() == list(range(found.manifest["runs"]["asked"]))
    assert not list((out / ".unfinished").glob("*"))
    undisturbed = rs.sweep(path, out=tmp_path / "undisturbed")
    assert found.content_hash == undisturbed.content_hash
    return killed


def test_killed_and_gone_on_with(tmp_path):
    assert kill_and_go_on(tmp_path, MANY, kills=3, seed=1) >= 1


@pytest.mark.slow
def test_10000_runs_killed_20_times(tmp_path):
    plan = MANY | {"repeats": 834}  # 10,008 runs
    assert kill_and_go_on(tmp_path, plan, kills=20, seed=2) >= 10


def test_ctrl_c_keeps_what_is_done_and_leaves_nobody(tmp_path):
    path, out = write_plan(tmp_path, MANY | {"repeats": 2000}), tmp_path / "out"
    process = begin(path, out, "--workers", 2, "--longest", 45, "--memory", 0.9)
    wait_for_parts(out, 1)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - begun < 10
    assert process.returncode == 130, said
    again = f"recoverysim sweep {path} --out {out} --workers 2 --longest 45.0 --memory 0.9"
    assert f"go on with: {again}" in said
    assert "Traceback" not in said
    assert gone(process.pid, 5)
    kept = rs.Sweep(out)
    assert not kept.is_complete
    assert kept.manifest["runs"]["done"] == len(set(kept.runs()["number"])) > 0


def test_no_room_is_said_and_harms_nothing(tmp_path, whole):
    """No file may be larger than 2 kB, which every part is; later there is room."""
    path, out = write_plan(tmp_path, TINY), tmp_path / "out"

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))

    stands = rs.sweep(TINY | {"repeats": 5}, out=out, workers=1).content_hash
    part = growing.parts_of(out, growing.RUNS)[0]
    part.unlink()
    done = sweep_command(path, "--out", out, preexec_fn=no_room)
    assert done.returncode == 1
    assert "cannot be written: File too large" in done.stderr
    assert "go on with: recoverysim sweep" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((out / ".unfinished").glob("*"))
    assert sweep_command(path, "--out", out).returncode == 0
    assert rs.Sweep(out).content_hash == stands == whole.content_hash


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_is_said_and_harms_nothing(tmp_path, whole):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    path = write_plan(tmp_path, TINY)
    try:
        filler = disk / "filler"
        filler.write_bytes(bytes((4096 - 4) * 1024))
        done = sweep_command(path, "--out", disk / "out")
        assert done.returncode == 1
        assert "No space left on device" in done.stderr
        filler.unlink()
        assert sweep_command(path, "--out", disk / "out").returncode == 0
        assert rs.Sweep(disk / "out").content_hash == whole.content_hash
    finally:
        subprocess.run(["umount", disk], check=True)


def files_of(folder):
    return [one for one in sorted(folder.rglob("*")) if one.is_file() and one.name != growing.LOCK]


def damage(folder):
    """What a check of a folder finds."""
    manifest = growing.read_manifest(folder)
    return (
        ["manifest"] if manifest is None else [one.file for one in growing.check(folder, manifest)]
    )


def test_of_200_flipped_bits_200_are_found(tmp_path):
    found = rs.sweep(TINY | {"repeats": 60}, out=tmp_path / "out", workers=1)
    files, dice = files_of(found.folder), np.random.default_rng(3)
    sizes = np.array([one.stat().st_size for one in files])
    assert damage(found.folder) == []
    for _ in range(200):
        path = files[dice.choice(len(files), p=sizes / sizes.sum())]
        content = path.read_bytes()
        flipped = bytearray(content)
        flipped[dice.integers(len(flipped))] ^= 1 << int(dice.integers(8))
        path.write_bytes(flipped)
        if path.name == growing.MANIFEST:
            assert damage(found.folder) == ["manifest"]
        else:
            assert damage(found.folder) == [path.relative_to(found.folder).as_posix()]
        path.write_bytes(content)
    assert damage(found.folder) == []


def test_a_manifest_that_is_gone_is_made_again(tmp_path, whole):
    out = tmp_path / "out"
    rs.sweep(TINY, out=out, workers=1)
    (out / growing.MANIFEST).unlink()
    with pytest.raises(FolderError, match="holds runs of another plan"):
        rs.sweep(TINY | {"seed": 5}, out=out)
    assert rs.sweep(TINY, out=out, workers=1).content_hash == whole.content_hash


@pytest.mark.parametrize("what", ["runs", "points.parquet", "manifest.json", "gone"])
def test_what_is_damaged_is_set_aside_listed_and_made_again(tmp_path, whole, what):
    out = tmp_path / "out"
    rs.sweep(TINY, out=out, workers=1)
    if what in ("runs", "gone"):
        path = growing.parts_of(out, growing.RUNS)[0]
    else:
        path = out / what
    if what == "gone":
        path.unlink()
    else:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 4
        path.write_bytes(content)
    if what != "manifest.json":
        assert [one["file"] for one in rs.Sweep(out).damaged()] == [
            path.relative_to(out).as_posix()
        ]
    if what == "runs":
        with pytest.warns(UserWarning, match="not what was written"):
            assert rs.Sweep(out).runs().is_empty()
    if what == "gone":
        assert not rs.Sweep(out).is_complete
        with pytest.warns(UserWarning, match="missing in"):
            assert rs.Sweep(out).runs().is_empty()
    again = rs.sweep(TINY, out=out, workers=1)
    assert again.content_hash == whole.content_hash
    assert again.points().equals(whole.points())
    [listed] = again.damaged()
    assert listed["file"] == path.relative_to(out).as_posix()
    assert len(list((out / "set_aside").glob("*"))) == (what not in ("gone", "manifest.json"))
    assert damage(out) == []


@pytest.mark.parametrize(
    "change",
    [{"repeats": 7}, {"seed": 2}, {"factors": {"linkage.peer.fidelity": {"values": [0.2, 0.5]}}}],
)
def test_a_damaged_manifest_does_not_let_another_plan_in(tmp_path, change):
    """The first run of several of these plans is the same; what follows is not."""
    out = tmp_path / "out"
    plan = TINY | {"factors": {"linkage.peer.fidelity": {"values": [0.2, 1]}}}
    rs.sweep(plan, out=out, workers=1)
    manifest = out / growing.MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"begun"', b'"begin"'))
    stands = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(FolderError, match="runs of another plan"):
        rs.sweep(plan | change, out=out, workers=1)
    assert {path: path.read_bytes() for path in stands} == stands
    rs.sweep(plan, out=out, workers=1)


def test_words_and_the_line_of_what_is_worth_having_may_be_edited(tmp_path, monkeypatch):
    out = tmp_path / "out"
    before = rs.sweep(TINY, out=out, workers=1)
    monkeypatch.setattr(sweep_module, "on_this_machine", None)  # nothing is lived again
    after = rs.sweep(TINY | {"question": "Other words?", "worth_from": 3}, out=out)
    assert after.content_hash == before.content_hash
    assert after.manifest["question"] == "Other words?"
    assert after.plan.worth_from == 3


def test_two_results_of_one_run_stop_the_sweep(tmp_path):
    out = tmp_path / "out"
    found = rs.sweep(TINY, out=out, workers=1)
    table = found.to_arrow()
    store = growing.Growing(out, found.manifest)
    store.add(table.slice(0, 2), 0)  # the same once more: one record
    assert rs.Sweep(out).to_arrow().equals(table)
    changed = table.slice(0, 1).set_column(
        table.schema.get_field_index("deaths"), table.schema.field("deaths"), [[999.0]]
    )
    store.add(changed, 0)
    with pytest.raises(FolderError, match="two records of run 0 that differ"):
        rs.Sweep(out).to_arrow()


def test_a_newer_folder_is_refused_in_a_sentence_and_left_alone(tmp_path):
    out = tmp_path / "out"
    found = rs.sweep(TINY, out=out, workers=1)
    growing.Growing(out, found.manifest).write_manifest(schema_version=99)
    before = {path: path.read_bytes() for path in files_of(out)}
    for call in (rs.Sweep, lambda folder: rs.sweep(TINY, out=folder)):
        with pytest.raises(FolderError, match=r"newer recoverysim \(files of version 99; this one"):
            call(out)
    assert {path: path.read_bytes() for path in files_of(out)} == before


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(FolderError, match="holds no sweep"):
        rs.sweep(TINY, out=tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 2}))
    with pytest.raises(FolderError, match="holds something else"):
        rs.sweep(TINY, out=tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "Dear all"


def test_only_one_process_writes(tmp_path):
    out = tmp_path / "out"
    rs.sweep(TINY, out=out, workers=1)
    with growing.alone(out), pytest.raises(FolderError, match="another process is writing"):
        rs.sweep(TINY, out=out)


def test_the_terminal_says_first_that_runs_are_not_there(tmp_path, trouble):
    plugins.unload()  # the command loads it
    plan = TINY | {"factors": {"trouble.kind": {"values": [0, 1]}}}
    path = write_plan(tmp_path, plan)
    done = sweep_command(path, "--out", tmp_path / "out", "--plugin", trouble)
    assert done.returncode == 1
    asked, said = done.stdout.strip().splitlines()[:2]
    assert asked == TINY["question"]
    assert said.startswith("10 of 20 runs are not here")


def test_where_nothing_can_be_told_the_failed_runs_are_still_listed(tmp_path, trouble):
    plugins.unload()
    sets = {"baseline": "trouble.kind"}  # every run of the first world, and no other
    plan = TINY | {"factors": {"trouble": {"sets": sets, "values": [1]}}, "repeats": 2}
    path = write_plan(tmp_path, plan)
    done = sweep_command(path, "--out", tmp_path / "out", "--plugin", trouble)
    assert done.returncode == 1
    assert "Not done: no run of this sweep finished together with one of baseline" in done.stdout
    assert "run 0: raised: " in done.stdout
