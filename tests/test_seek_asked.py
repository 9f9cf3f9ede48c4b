"""Goal seek as it is asked for: bad plans, files, and the command line."""

import json
import signal
import subprocess
import time

import pytest

import recoverysim as rs
from recoverysim.command.app import BAD_INPUT, DONE, INTERRUPTED, WRONG_USE
from recoverysim.studies.seek_plan import load_plan, shipped_folder
from tests.test_commands import program, recoverysim
from tests.test_seek import CHECK_UPS


def faults(**lines):
    plan = {key: value for key, value in (CHECK_UPS | lines).items() if value is not None}
    with pytest.raises(rs.ScenarioError) as caught:
        load_plan(plan)
    return str(caught.value)


def target(**lines):
    return faults(target={**CHECK_UPS["target"], **lines})


def test_bad_plans_are_refused_with_what_is_allowed():
    assert "Did you mean 'aftercare.offered_share'" in faults(lever="aftercare.offred_share")
    assert "above low (0.5)" in faults(low=0.5, high=0.5)
    assert "numbers from 0 to 1" in faults(high=2)
    assert "has no range in the evidence" in faults(lever="fellowships.aa.meetings_ratio", low=None)
    assert "given twice" in faults(sets=["aftercare.offered_share"])
    assert "is missing" in faults(lever=None)
    assert "Did you mean 'clients'" in faults(clint=5)
    assert "no amount" in faults(lever="appraisal.perspective", high=1)
    assert "nobody would have a twin" in faults(lever="arrivals.over_weeks", high=50)
    assert "Did you mean 'baseline'" in faults(scenario="baselin")
    assert "stand at different values" in faults(
        lever=None, sets=["linkage.peer.offered_share", "linkage.clinician.offered_share"]
    )
    assert "the years 1, 2, 3" in faults(years=3, target={**CHECK_UPS["target"], "year": 5})
    assert "Did you mean 'in_recovery'" in target(measure="in_recover")
    assert "one of more, fewer, at_least, at_most; found more and fewer" in target(fewer=3)
    assert "above 0" in target(more=-1)
    assert "Did you mean" in target(group="substance=opioid")
    assert "changes by week" in faults(scenario=rs.load("baseline").replace(
        {"aftercare.offered_share": {"value": 0.5, "from_week": 4}}, name="later"
    ))  # fmt: skip


def test_a_file_is_read_strictly_and_faults_name_their_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        'lever: aftercare.offered_share\nlow: "0.5"\ntarget: {measure: in_recovery, more: 5}\n',
        encoding="utf-8",
    )
    said = recoverysim("seek", path)
    assert said.code == BAD_INPUT
    assert f"{path}, line 2: low: is a number in quotes" in said.err
    assert "line 3: target.year: is missing" in said.err
    assert said.out == ""
    assert "Did you mean" in recoverysim("seek", "peers-for-five-mor").err


def test_a_scenario_may_stand_beside_the_plan(tmp_path):
    (tmp_path / "area.yaml").write_text(
        "extends: baseline\naftercare: {offered_share: 0.2}\n", encoding="utf-8"
    )
    path = tmp_path / "mine.yaml"
    text = (shipped_folder() / "check-ups-for-five-more.yaml").read_text(encoding="utf-8")
    path.write_text(text + "scenario: area.yaml\n", encoding="utf-8")
    assert load_plan(path).today == 0.2
    assert load_plan(path).is_set


TINY = ("seek", "check-ups-for-five-more", "--clients", "60", "--repeats", "4")


def test_json_is_the_same_for_one_and_two_threads():
    one, two = (recoverysim(*TINY, "--json", "--threads", n) for n in ("1", "2"))
    assert (one.code, one.err) == (DONE, "")
    assert one.out == two.out
    told = json.loads(one.out)
    assert told["asked"]["target"] == {
        "measure": "in_recovery", "year": 2, "more": 5.0, "group": "all",
        "definition": "abstinent_90_days",
    }  # fmt: skip
    assert told["tried"][0]["as_it_is"] is True
    assert told["stamp"]["clients"] == 60
    settings = [row["setting"] for row in told["tried"][1:]]
    assert told["found"] in [*settings, None]


def test_the_terminal_shows_the_answer_before_the_table_and_csv_the_rows():
    said = recoverysim(*TINY)
    assert said.code == DONE
    assert said.out.index("Sought: 5 more") < said.out.index("as it is  ")
    assert "Simulated people. Not clinical advice." in said.out
    rows = recoverysim(*TINY, "--csv").out.splitlines()
    assert rows[0].startswith("setting,as_it_is,reached,sets_reached,measure,")
    assert len(rows) > 10


def test_values_laid_over_the_scenario_are_where_it_starts_from():
    told = json.loads(recoverysim(*TINY, "--json", "--set", "aftercare.offered_share=0.3").out)
    assert told["asked"]["today"] == 0.3
    still = next(row for row in told["tried"] if row["setting"] == 0.3 and not row["as_it_is"])
    assert still["difference"] == 0
    by_week = "aftercare.offered_share={value: 0.3, from_week: 5}"
    said = recoverysim(*TINY, "--set", by_week)
    assert (said.code, "changes by week" in said.err) == (WRONG_USE, True)
    assert recoverysim(*TINY, "--repeats", "0").code == WRONG_USE


def test_ctrl_c_ends_it_with_130_and_no_traceback():
    words = (program(), "seek", "check-ups-for-five-more", "--clients", "20000", "--repeats", "500")
    started = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert started.stderr.readline().startswith(b"This will take about")
        time.sleep(0.5)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=10)
    finally:
        started.kill()
        started.communicate()
    assert started.returncode == INTERRUPTED
    assert out == b""
    assert b"Traceback" not in err
