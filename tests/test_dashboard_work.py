"""Work of the dashboard: looks that are stopped, dropped and shared, workers that die, and the
guard at the door."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest

import recoverysim as rs
from recoverysim.dashboard import first, launch, uploads
from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.guard import Guard, is_own_page
from recoverysim.dashboard.session import Session
from recoverysim.dashboard.work import looks
from recoverysim.dashboard.work.desk import IDLE, SLOTS, Busy, Desk
from recoverysim.dashboard.work.looks import AT_A_TIME, Dropped, Look, Reins, look
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies.quick_look import QuickLook
from tests.browser import until
from tests.hostile_scenarios import TEXTS

SMALL = Plan(clients=60, years=2, repeats=6)
WORLDS = tuple(load(name) for name in ("baseline", "peer-introduction", "leaflet-only"))
NINETY = "abstinent_90_days"


def asked(*, quick=False, plan=SMALL, worlds=WORLDS):
    return Look(worlds, NINETY, plan, quick)


@pytest.fixture
def lived(monkeypatch):
    """The names of the sides that are lived, none having been lived before."""
    monkeypatch.setattr(looks, "_PARTS", type(looks._PARTS)())
    names = []
    live_side = looks.live_side

    def live_and_note(world, *others):
        names.append(world.name)
        return live_side(world, *others)

    monkeypatch.setattr(looks, "live_side", live_and_note)
    return names


# --- looks ------------------------------------------------------------------------------------


def test_an_exact_look_is_compare(lived):
    found = look(asked(), Reins())
    exact = rs.compare(
        list(WORLDS[1:]), baseline=WORLDS[0], definition=NINETY, clients=60, years=2, repeats=6
    )
    assert (found.done, found.of, found.quick) == (6, 6, False)
    for world, contrast in zip(found.worlds[1:], exact.contrasts, strict=True):
        for year in found.years:
            assert world.sentences[str(year)] == contrast.headline_in(year)
            row = contrast.row("in_recovery", year)
            card = next(
                one for one in world.cards if (one.measure, one.year) == ("in_recovery", year)
            )
            assert (card.low, card.high) == (row.low, row.high)
            assert card.today == round(row.baseline)
            assert card.difference == round(row.difference)
            assert card.value == card.today + card.difference


def test_a_quick_look_is_that_of_the_package(lived):
    found = look(asked(quick=True), Reins())
    wanted = QuickLook(WORLDS[0], SMALL).look(*WORLDS[1:], definition=NINETY)
    for world, contrast in zip(found.worlds[1:], wanted.contrasts, strict=True):
        assert world.sentences == {str(year): contrast.headline_in(year) for year in found.years}
    assert lived == [one.name for one in WORLDS]


def test_told_to_stop_it_answers_from_what_is_done_and_goes_on_from_there(lived):
    done = []
    found = look(asked(), Reins(stop=lambda: True, done=done.append))
    assert (found.done, found.of) == (AT_A_TIME, 6)
    assert f"{AT_A_TIME} repeats" in found.worlds[1].sentences["2"]
    assert len(lived) == 3
    whole = look(asked(), Reins(done=done.append))
    assert len(lived) == 9  # of each world three pairs of repeats, and none twice
    assert done == [2, 2, 4, 6]
    lived.clear()
    assert look(asked(), Reins()) == whole
    assert lived == []


def test_what_nobody_wants_any_more_is_dropped_between_worlds(lived):
    wanted = iter([False, False, True])
    with pytest.raises(Dropped):
        look(asked(), Reins(drop=lambda: next(wanted)))
    assert lived == [WORLDS[0].name, WORLDS[1].name]


def test_worlds_without_twins_are_refused(lived):
    with pytest.raises(ValueError, match="twin"):
        look(asked(worlds=(WORLDS[0], load("local-area"))), Reins())


def test_other_people_settings_or_size_are_another_look():
    peer = WORLDS[1].replace({"linkage.peer.fidelity": 0.1})
    others = [
        asked(quick=True), asked(plan=replace(SMALL, seed=2)), asked(worlds=WORLDS[:2]),
        asked(worlds=(WORLDS[0], peer, WORLDS[2])), replace(asked(), definition="at_least_1_year"),
    ]  # fmt: skip
    assert len({one.key for one in (asked(), *others)}) == 6
    assert asked().key == asked().key


# --- the desk ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk():
    made = Desk()
    yield made
    made.close()


def echo(text, reins):
    return text


def work_until_dropped(folder, reins):
    Path(folder, "begun").touch()
    until(reins.drop, 60)
    raise Dropped


def work_until_stopped(reins):
    reins.done(2)
    until(reins.stop, 60)
    return "what is done"


def die_once(folder, reins):
    try:
        Path(folder, "died").touch(exist_ok=False)
    except FileExistsError:
        return "done by the second"
    os.kill(os.getpid(), signal.SIGKILL)


def die_always(reins):
    os.kill(os.getpid(), signal.SIGKILL)


def count(folder, reins):
    with Path(folder, "counted").open("a") as file:
        file.write("x")


def process(reins):
    return os.getpid()


def fail(reins):
    raise ValueError("mine")


def in_background(work):
    """Starts it in a thread; a list that its end, value or exception, is put into."""
    ends = []

    def run():
        try:
            ends.append(work())
        except BaseException as fault:
            ends.append(fault)

    threading.Thread(target=run, daemon=True).start()
    return ends


def test_a_worker_that_dies_is_replaced_and_its_work_done_once_more(desk, tmp_path):
    assert desk.do(die_once, (str(tmp_path),), desk.ticket()) == "done by the second"
    with pytest.raises(BrokenProcessPool):
        desk.do(die_always, (), desk.ticket())
    assert desk.do(echo, ("still there",), desk.ticket()) == "still there"
    assert set(desk.flags) == {IDLE}


def test_what_fails_in_a_worker_fails_here_and_the_worker_goes_on(desk):
    with pytest.raises(ValueError, match="mine"):
        desk.do(fail, (), desk.ticket())
    assert desk.do(echo, ("next",), desk.ticket()) == "next"
    assert set(desk.flags) == {IDLE}


def test_dropped_work_ends_and_frees_its_place(desk, tmp_path):
    ticket, waiting = desk.ticket(), desk.ticket()
    ends = in_background(lambda: desk.do(work_until_dropped, (str(tmp_path),), ticket))
    until((tmp_path / "begun").exists, 60)
    behind = in_background(lambda: desk.do(count, (str(tmp_path),), waiting))
    waiting.drop()
    ticket.drop()
    until(lambda: ends and behind, 60)
    assert isinstance(ends[0], Dropped)
    assert isinstance(behind[0], Dropped)
    assert not (tmp_path / "counted").exists()
    early = desk.ticket()
    early.drop()
    with pytest.raises(Dropped):
        desk.do(echo, ("nothing",), early)
    assert set(desk.flags) == {IDLE}
    ticket.stop()  # of a place that is free again: nothing is told to whoever has it next
    assert set(desk.flags) == {IDLE}


def test_work_that_is_stopped_gives_what_is_done(desk):
    ticket = desk.ticket()
    ends = in_background(lambda: desk.do(work_until_stopped, (), ticket))
    until(lambda: ticket.done == 2, 60)
    ticket.stop()
    until(lambda: ends, 60)
    assert ends == ["what is done"]


def test_an_answer_is_shared_by_all_who_ask_the_same(desk):
    one = desk.answer(asked(), desk.ticket())
    assert desk.kept(asked()) is one
    assert desk.answer(asked(), desk.ticket()) is one
    assert desk.kept(asked(quick=True)) is None
    assert set(desk.flags) == {IDLE}


def test_there_are_so_many_places_and_no_more():
    full = Desk()
    for _ in range(SLOTS):
        full.ticket()
    with pytest.raises(Busy):
        full.ticket()


def test_workers_end_with_the_program():
    """Killed outright, it cannot tell them."""
    import subprocess
    import sys

    code = (
        "from recoverysim.dashboard.work.desk import Desk\n"
        "from tests.test_dashboard_work import pid\n"
        "if __name__ == '__main__':\n"
        "    desk = Desk()\n"
        "    print(desk.do(pid, (), desk.ticket()), flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        worker = int(program.stdout.readline())
        assert worker != program.pid
        program.kill()
    until(lambda: not Path(f"/proc/{worker}").exists() or _is_dead(worker), 20)


def pid(reins):
    return os.getpid()


def _is_dead(worker: int) -> bool:
    try:
        return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


# --- the first answer -------------------------------------------------------------------------


def test_the_first_answer_in_the_file_is_todays():
    """Made again by `python -m recoverysim.dashboard.first`."""
    kept = dict(first.answers())
    exact = Asked().look(quick=False)
    assert list(kept) == [exact.key]
    fresh, found = json.loads(first.make()), kept[exact.key].to_json()
    for one in (fresh, found):
        one["stamp"].pop("dependencies")
    _alike(json.loads(json.dumps(found)), fresh)


def _alike(one, other, at=""):
    """The same but for the last digits of floats, which are those of a processor."""
    assert type(one) is type(other), at
    if isinstance(one, dict):
        assert one.keys() == other.keys(), at
        for key in one:
            _alike(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), at
        for place, pair in enumerate(zip(one, other)):
            _alike(*pair, f"{at}[{place}]")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9), at
    else:
        assert one == other, at


def test_a_first_answer_of_another_version_is_not_shown(monkeypatch, tmp_path):
    text = first.files("recoverysim.dashboard").joinpath(first.FILE).read_text("utf-8")
    for broken in (text.replace('"version":"', '"version":"9'), text[:1000], "", "[]", "{}"):
        (tmp_path / first.FILE).write_text(broken, "utf-8")
        monkeypatch.setattr(first, "files", lambda package: tmp_path)
        assert list(first.answers()) == []


# --- the guard --------------------------------------------------------------------------------

HOST = (b"host", b"127.0.0.1:8765")


def through_the_guard(scope):
    """What is sent back for a connection, and whether the application was reached."""
    sent, reached = [], []

    async def app(scope, receive, send):
        reached.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    asyncio.run(Guard(app)(scope, receive, send))
    return sent, bool(reached)


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        (b"http://127.0.0.1:8765", True), (b"https://127.0.0.1:8765", True), (None, True),
        (b"http://127.0.0.1:9999", False), (b"http://127.0.0.1", False), (b"null", False),
        (b"https://example.org", False), (b"http://127.0.0.1:8765.example.org", False),
        (b"", False),
        (b"http://127.0.0.1:8765@example.org", False),
    ],
)  # fmt: skip
def test_only_our_own_pages_open_a_connection(origin, own):
    headers = [HOST] if origin is None else [HOST, (b"Origin", origin)]
    assert is_own_page(headers) is own
    sent, reached = through_the_guard({"type": "websocket", "headers": headers, "path": "/"})
    assert reached is own
    elsewhere = [(b"host", b"evil.example"), (b"origin", b"http://evil.example")]
    assert is_own_page(elsewhere)  # a name that was made to lead here
    assert not through_the_guard({"type": "websocket", "headers": elsewhere, "path": "/"})[1]
    if not own:
        assert sent == [{"type": "websocket.close", "code": 1008}]


def test_every_answer_says_what_its_page_may_load():
    sent, _ = through_the_guard({"type": "http", "path": "/", "headers": [HOST]})
    headers = dict(sent[0]["headers"])
    policy = headers[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy.replace("https:", "")
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"a"] == b"b"


@pytest.mark.parametrize("path", ["/resourcez", "/resourcez/", "/resourcez?verbose"])
def test_what_tells_of_the_machine_is_closed(path):
    sent, reached = through_the_guard({"type": "http", "path": path, "headers": [HOST]})
    assert not reached
    assert sent[0]["status"] == 404


# --- files of strangers -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_file_is_refused_in_words_and_at_once(name):
    text, _ = TEXTS[name]
    begun = time.perf_counter()
    with pytest.raises(ValueError) as refused:
        uploads.mix("mine.yaml", text)
    assert time.perf_counter() - begun < 2  # 0.2 where nothing else runs
    told = str(refused.value)
    assert "Traceback" not in told
    assert "/tmp" not in told
    assert 10 < len(told) < 5000


def test_a_good_file_is_taken():
    mix = uploads.mix("mine.yaml", "name: mine\nlinkage.peer.offered_share: 0.4\n")
    assert (mix.name, dict(mix.changes)) == ("mine", {"linkage.peer.offered_share": 0.4})


# --- starting ---------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_told():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(launch.CannotStart, match=f"port {port}: "):
            launch.free_port("127.0.0.1", port)
    assert launch.free_port("127.0.0.1", 0) > 0
    with pytest.raises(launch.CannotStart, match="0 to 65535"):
        launch.free_port("127.0.0.1", 70_000)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    with pytest.raises(launch.CannotStart, match=r"pip install 'recoverysim\[dashboard\]'"):
        launch.serve(browse=False)


def test_a_page_that_is_drawn_by_an_answer_may_ask_for_something_else():
    """Back in the browser, while the page is drawn by the thread that shows an answer."""
    answer = look(asked(), Reins())

    class Kept:
        def kept(self, asked):
            return answer

    session = Session(Kept(), Asked())
    other = replace(Asked(), year=5)
    session.view.subscribe(lambda view: session.ask(other) if view.asked != other else None)
    session.look()
    until(lambda: session.view.value.asked == other)


def test_those_who_waited_for_a_worker_that_died_share_the_next_one(desk, tmp_path):
    first = in_background(lambda: desk.do(die_once, (str(tmp_path),), desk.ticket()))
    waiting = [in_background(lambda: desk.do(process, (), desk.ticket())) for _ in range(5)]
    until(lambda: first and all(waiting), 60)
    assert first == ["done by the second"]
    assert len({ends[0] for ends in waiting}) == 1


def test_a_desk_that_is_closed_starts_no_worker_for_what_it_was_at(tmp_path):
    desk = Desk()
    ends = in_background(lambda: desk.do(work_until_dropped, (str(tmp_path),), desk.ticket()))
    until((tmp_path / "begun").exists, 60)
    desk.close()
    until(lambda: ends, 60)
    assert isinstance(ends[0], Dropped)
    assert not desk._pools
