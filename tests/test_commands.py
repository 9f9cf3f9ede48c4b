"""The command line, as a person at a terminal and a script would use it."""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from typer.main import get_command

from recoverysim import command, doctor
from recoverysim.command.app import (
    BAD_INPUT,
    CHECK_FAILED,
    DONE,
    FAILED,
    INTERRUPTED,
    WRONG_USE,
)
from recoverysim.quantities import all_quantities
from recoverysim.scenario import load, shipped

SMALL = ("--clients", "50", "--years", "1", "--repeats", "4")
ROOT = Path(__file__).parent.parent
MEASURES = {
    "in_recovery", "number_needed_to_link", "offered", "connected", "attending_3_months",
    "attending_12_months", "deaths", "deaths_overdose", "weeks_in_recovery", "readmissions", "cost",
    "qalys", "cost_per_recovery",
}  # fmt: skip
ROW = {
    "measure", "definition", "group", "year", "unit", "baseline", "value", "difference", "low",
    "high", "luck_low", "luck_high", "area_low", "area_high",
}  # fmt: skip


class Said(NamedTuple):
    code: int
    out: str
    err: str


def recoverysim(*words: str) -> Said:
    """The command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["recoverysim", *map(str, words)])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                command.main()
            except SystemExit as end:
                code = end.code or 0
    return Said(code, out.getvalue(), err.getvalue())


def program() -> str:
    found = shutil.which("recoverysim", path=str(Path(sys.executable).parent))
    assert found, "recoverysim is not installed beside this Python"
    return found


def outside(*words: str) -> Said:
    """The command as a program of its own."""
    done = subprocess.run(
        [program(), *map(str, words)], capture_output=True, encoding="utf-8", timeout=120
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def compared() -> dict:
    said = recoverysim("compare", "peer-introduction", "cut-linkage", "--baseline", "baseline",
                       *SMALL, "--json")  # fmt: skip
    assert (said.code, said.err) == (0, "")
    return json.loads(said.out)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def assert_manifest_fits(folder: Path) -> dict:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"schema_version", "stamp", "command", "settings", "files", "content_hash"} <= set(
        manifest
    )
    assert set(manifest["files"]) == set(contents(folder)) - {"manifest.json"}
    for name, said in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert said["sha256"] == hashlib.sha256(content).hexdigest()
        assert said["bytes"] == len(content)
    return manifest


# --- as a program -------------------------------------------------------------------------


def test_recoverysim_alone_prints_a_short_help_with_three_examples():
    said = outside()
    assert said.code == 0
    assert said.err == ""
    examples = re.findall(r"^ +recoverysim \w+", said.out, re.M)
    assert len(examples) == 3
    assert len(said.out.splitlines()) < 40


def test_version_is_printed_alone():
    said = outside("--version")
    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(r"recoverysim \d+\.\d+\S*\n", said.out)


@pytest.mark.parametrize(
    ("words", "code", "holds"),
    [
        (("run", "baseline", "--clients", "0"), 2, "clients should be"),
        (("run",), 2, "scenario"),
        (("no-such-command",), 2, "no-such-command"),
        (("run", "baseline", *SMALL, "--definition", "well"), 2, "abstinent_90_days"),
        (("run", "peer-introducton"), 3, "'peer-introduction'"),
        (("scenarios", "check", "missing.yaml"), 3, "missing.yaml"),
        (("evidence", "linkage.per.offered_share"), 2, "'linkage.peer.offered_share'"),
    ],
    ids=str,
)
def test_a_fault_is_a_sentence_on_stderr_with_its_exit_code_and_no_traceback(words, code, holds):
    said = outside(*words)
    assert said.code == code
    assert holds in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_evidence_json_holds_every_parameter_with_what_it_rests_on():
    said = outside("evidence", "--json")
    assert (said.code, said.err) == (0, "")
    rows = json.loads(said.out)["parameters"]
    assert [row["key"] for row in rows] == list(all_quantities())
    for row in rows:
        assert {
            "value",
            "unit",
            "low",
            "high",
            "distribution",
            "source",
            "grade",
            "studied",
        } <= set(row)
        assert row["source"]


def test_the_same_settings_print_the_same_bytes_in_another_process_whatever_the_threads():
    words = ("compare", "baseline", "peer-introduction", *SMALL, "--json")
    first = recoverysim(*words, "--threads", "1")
    assert first.code == 0
    assert recoverysim(*words, "--threads", "1") == first
    assert recoverysim(*words, "--threads", "2") == first
    assert outside(*words, "--threads", "2") == first


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_ends_in_ten_seconds_with_130_and_leaves_nothing_behind(tmp_path, told):
    words = (
        "run",
        "baseline",
        "--clients",
        "20000",
        "--repeats",
        "500",
        "--out",
        str(tmp_path / "a"),
    )
    started = subprocess.Popen([program(), *words], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.rglob("journeys.parquet")) and time.monotonic() < deadline:
            time.sleep(0.1)
        started.send_signal(told)
        _, err = started.communicate(timeout=10)
    finally:
        started.kill()
        started.communicate()
    assert started.returncode == 130
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
def test_a_terminal_of_any_alphabet_gets_every_number(encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    for words in (
        ("scenarios", "show", "cut-linkage"),
        ("compare", "cut-linkage", *SMALL),
        ("compare", "cut-linkage", *SMALL, "--json"),
    ):
        done = subprocess.run([program(), *words], env=environment, capture_output=True)
        assert done.returncode == 0, done.stderr
        if "--json" in words:
            assert json.loads(done.stdout.decode("utf-8"))["baseline"] == "baseline"
        else:
            said = done.stdout.decode(encoding)
            assert "-10 to -3" in said.replace("−", "-")
            assert "?" not in said.replace("altogether?", "")


def test_a_reader_that_goes_away_is_no_fault():
    started = subprocess.Popen(
        [program(), "scenarios", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    started.stdout.close()
    err = started.stderr.read()
    started.stderr.close()
    started.wait(timeout=60)
    assert b"failed" not in err
    assert b"Traceback" not in err


# --- compare ------------------------------------------------------------------------------


def test_compare_json_holds_what_scripts_call_for(compared):
    assert set(compared) == {"stamp", "baseline", "comparisons"}
    assert compared["baseline"] == "baseline"
    assert [one["scenario"] for one in compared["comparisons"]] == [
        "peer-introduction",
        "cut-linkage",
    ]
    for one in compared["comparisons"]:
        assert {"scenario", "headline", "measures"} <= set(one)
        assert one["scenario"] in one["headline"]
        assert "4 repeats of 50" in one["headline"]
        assert {row["measure"] for row in one["measures"]} >= MEASURES
        assert {row["group"] for row in one["measures"]} >= {"all", "substance=opioids"}
        assert all(set(row) == ROW for row in one["measures"])


def test_the_stamp_says_what_made_the_numbers_and_nothing_of_the_machine(compared):
    stamp = compared["stamp"]
    assert {"version", "commit", "scenarios", "parameters", "seed", "random_numbers", "knowledge",
            "dependencies"} <= set(stamp)  # fmt: skip
    assert stamp["knowledge"] == "accepted"
    assert set(stamp["scenarios"]) == {"baseline", "peer-introduction", "cut-linkage"}
    assert not set(stamp) & {"time", "duration", "host", "path", "threads", "written", "machine"}


def test_a_difference_is_value_minus_baseline(compared):
    rows = [row for one in compared["comparisons"] for row in one["measures"]]
    told = [row for row in rows if row["difference"] is not None]
    assert len(told) > 20
    assert all(row["difference"] == row["value"] - row["baseline"] for row in told)
    assert any(row["difference"] != 0 for row in told)
    for row in told:
        if row["luck_low"] is not None:
            assert row["luck_low"] <= row["difference"] <= row["luck_high"]


def test_reported_years_reach_as_far_as_the_run():
    said = recoverysim(
        "compare", "leaflet-only", "--clients", "20", "--years", "6", "--repeats", "2", "--json"
    )
    rows = json.loads(said.out)["comparisons"][0]["measures"]
    assert {row["year"] for row in rows if row["measure"] == "in_recovery"} == {1, 2, 5, 6}


@pytest.mark.parametrize("definition", [
    "abstinent_30_days", "since_discharge", "at_least_1_year", "share_of_days",
    "abstinent_90_days_without_medication",
])  # fmt: skip
def test_every_definition_of_recovery_can_be_asked_for(definition):
    said = recoverysim("compare", "leaflet-only", *SMALL, "--json", "--definition", definition)
    rows = json.loads(said.out)["comparisons"][0]["measures"]
    assert next(r["definition"] for r in rows if r["measure"] == "in_recovery") == definition
    assert {r["definition"] for r in rows if r["measure"] == "weeks_in_recovery"} == {definition}


def test_a_scenario_against_itself_differs_by_exactly_nothing():
    said = recoverysim("compare", "peer-introduction", "peer-introduction", *SMALL, "--json")
    (one,) = json.loads(said.out)["comparisons"]
    assert {row["difference"] for row in one["measures"]} == {0.0, None}
    assert "no difference" in one["headline"]


def test_none_named_compares_all_shipped_ones_with_the_baseline():
    found = json.loads(recoverysim("compare", *SMALL, "--json").out)
    assert found["baseline"] == "baseline"
    closed = {name for name in shipped()[1:] if not load(name).is_open}  # the others have no twins
    named = [one["scenario"] for one in found["comparisons"]]
    assert set(named) == closed
    first = [name for name in named if load(name).is_of_linking]
    assert named == sorted(first) + sorted(closed - set(first))  # what this is about comes first


@pytest.mark.parametrize(
    ("words", "baseline", "others"),
    [
        (("cut-linkage",), "baseline", ["cut-linkage"]),
        (("cut-linkage", "--baseline", "leaflet-only"), "leaflet-only", ["cut-linkage"]),
        (("leaflet-only", "cut-linkage"), "leaflet-only", ["cut-linkage"]),
        (("leaflet-only", "cut-linkage", "--baseline", "baseline"), "baseline",
         ["leaflet-only", "cut-linkage"]),
    ],
    ids=str,
)  # fmt: skip
def test_the_comparator_is_the_baseline_or_the_first_of_several(words, baseline, others):
    found = json.loads(recoverysim("compare", *words, *SMALL, "--json").out)
    assert (found["baseline"], [c["scenario"] for c in found["comparisons"]]) == (baseline, others)


def test_two_scenarios_of_one_name_are_told_apart_or_refused(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: baseline\nlinkage.peer.offered_share: 0.5\n")
    said = recoverysim("compare", path, *SMALL, "--json")
    assert said.code in (2, 3) or len(json.loads(said.out)["stamp"]["scenarios"]) == 2


def test_compare_csv_says_the_same_as_the_json(compared):
    said = recoverysim("compare", "baseline", "peer-introduction", "cut-linkage", *SMALL, "--csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert set(rows[0]) == {"scenario"} | ROW
    meant = [row for one in compared["comparisons"] for row in one["measures"]]
    assert len(rows) == len(meant)
    for row, right in zip(rows, meant, strict=True):
        assert row["measure"] == right["measure"]
        assert (float(row["difference"]) if row["difference"] else None) == right["difference"]


def test_csv_neutralises_what_a_spreadsheet_would_run(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('name: "=1+1"\n')
    said = recoverysim("compare", path, *SMALL, "--csv")
    assert not [line for line in said.out.splitlines() if line.startswith(("=", '"='))]


@pytest.mark.parametrize("name", ["[/red]", "[bold]", "“quotes”", "{0}", "%s"])
def test_a_name_with_signs_in_it_is_printed_as_it_stands(tmp_path, name):
    path = tmp_path / "mine.yaml"
    path.write_text(f"name: '{name}'\nquestion: '{name}'\n", encoding="utf-8")
    said = recoverysim("compare", path, *SMALL)
    assert (said.code, said.err) == (0, "")
    assert said.out.count(name) >= 2
    assert name in recoverysim("run", path, *SMALL).out


def test_the_table_for_people_names_comparator_repeats_seed_and_that_people_are_simulated():
    said = recoverysim("compare", "peer-introduction", *SMALL, "--seed", "7")
    for words in ("“baseline”", "4 repeats of 50", "seed 7",
                  "Simulated people. Not clinical advice.",
                  "likely range", "luck alone", "knowledge: accepted"):  # fmt: skip
        assert words in said.out
    assert max(map(len, said.out.splitlines())) <= 100


# --- settings -----------------------------------------------------------------------------


def test_set_lays_a_value_over_every_scenario_and_into_the_stamp():
    key = "linkage.peer.offered_share"
    plain = json.loads(recoverysim("run", "baseline", *SMALL, "--json").out)
    more = json.loads(recoverysim("run", "baseline", *SMALL, "--json", "--set", f"{key}=0.9").out)
    offered = [
        row["value"] for found in (plain, more) for row in found["measures"]
        if (row["measure"], row["group"]) == ("offered", "all")
    ]  # fmt: skip
    assert offered[1] > offered[0] + 100
    assert plain["stamp"]["scenarios"] != more["stamp"]["scenarios"]
    both = json.loads(recoverysim("compare", "peer-introduction", *SMALL, "--json", "--set",
                                  f"{key}=0.9").out)  # fmt: skip
    assert {row["difference"] for row in both["comparisons"][0]["measures"]} == {0.0, None}


@pytest.mark.parametrize(
    ("setting", "holds"),
    [
        ("linkage.per.offered_share=0.5", "'linkage.peer.offered_share'"),
        ("linkage.peer.offered_share=2", "0 to 1"), ("linkage.peer.offered_share", "KEY=VALUE"),
        ("linkage.peer.offered_share='0.5'", "quotes"), ("mechanisms.fit=no", "true or false"),
        ("linkage.peer.offered_share=0.5\nname: x", "--set"), ("name=x", "name"),
        ("linkage.peer.offered_share={value: 0.5", "--set"), ("extends=leaflet-only", "extends"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_with_what_is_right(setting, holds):
    said = recoverysim("run", "baseline", *SMALL, "--set", setting)
    assert said.code in (2, 3)
    assert said.out == ""
    assert holds in said.err


# --- folders ------------------------------------------------------------------------------


@pytest.mark.parametrize("repeats", ["1", "4"])
def test_compare_out_writes_a_folder_whose_manifest_fits(tmp_path, repeats):
    folder = tmp_path / "answer"
    said = recoverysim(
        "compare", "baseline", "cut-linkage", *SMALL, "--repeats", repeats, "--out", folder
    )
    assert said.code == 0
    assert str(folder) in said.err
    assert str(folder) not in said.out
    manifest = assert_manifest_fits(folder)
    assert {"weekly.parquet", "measures.parquet", "comparison.json"} <= set(manifest["files"])
    assert set(pl.read_parquet(folder / "measures.parquet").columns) == {"scenario"} | ROW
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


@pytest.mark.parametrize("words", [("run", "baseline"), ("compare", "cut-linkage")])
def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path, words):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("of mine")
    said = recoverysim(*words, *SMALL, "--out", folder)
    assert said.code == 1
    assert str(folder) in said.err
    assert contents(tmp_path) == {str(Path("mine/notes.txt")): b"of mine"}


def test_an_empty_folder_is_used(tmp_path):
    assert recoverysim("run", "baseline", *SMALL, "--out", tmp_path, "--quiet").err == ""
    assert_manifest_fits(tmp_path)


def test_run_out_writes_tables_that_other_tools_read(tmp_path):
    folder = tmp_path / "new" / "run"
    assert recoverysim("run", "peer-introduction", *SMALL, "--out", folder).code == 0
    manifest = assert_manifest_fits(folder)
    columns = {
        "weekly": {"scenario", "repeat", "week", "measure", "group", "value", "unit"},
        "journeys": {"scenario", "repeat", "client", "stay", "stage", "week_in",
                     "week_out", "ended"},
        "panel": {"scenario", "repeat", "client", "week", "stage", "use", "weeks_abstinent",
                  "meetings",
                  "involvement", "capital", "on_medication", "ties_in_recovery"},
        "clients": {"scenario", "repeat", "client"},
    }  # fmt: skip
    for name, wanted in columns.items():
        table = pl.read_parquet(folder / f"{name}.parquet")
        assert wanted <= set(table.columns)
        assert table.height == manifest["files"][f"{name}.parquet"]["rows"] > 0
        assert table["repeat"].unique().sort().to_list() == [0, 1, 2, 3]
    assert pl.read_parquet(folder / "clients.parquet").height == 4 * 50


def test_run_out_csv_writes_the_same_tables_with_their_meanings_beside(tmp_path):
    assert recoverysim("run", "baseline", *SMALL, "--out", tmp_path / "p").code == 0
    assert recoverysim("run", "baseline", *SMALL, "--out", tmp_path / "c", "--csv").code == 0
    assert_manifest_fits(tmp_path / "c")
    for name in ("weekly", "journeys", "panel", "clients"):
        table = pl.read_parquet(tmp_path / "p" / f"{name}.parquet")
        assert pl.read_csv(tmp_path / "c" / f"{name}.csv").shape == table.shape
        meanings = json.loads((tmp_path / "c" / f"{name}.metadata.json").read_text())
        assert list(meanings) == table.columns
        assert all(one["meaning"] for one in meanings.values())


# --- scenarios, evidence, doctor, bench ---------------------------------------------------


def test_scenarios_list_json_names_question_and_differences():
    rows = json.loads(recoverysim("scenarios", "list", "--json").out)["scenarios"]
    assert [row["name"] for row in rows] == list(shipped())
    assert all(set(row) == {"name", "question", "differences"} for row in rows)
    assert rows[0]["differences"] == {}
    assert {"linkage.peer.offered_share": 0.6} in [row["differences"] for row in rows]


def test_scenarios_alone_lists_and_show_and_diff_say_what_is_set():
    assert recoverysim("scenarios") == recoverysim("scenarios", "list")
    shown = recoverysim("scenarios", "show", "peer-introduction").out
    assert "linkage.peer.offered_share: 0.6" in shown
    assert recoverysim("scenarios", "diff", "peer-introduction").out == (
        "linkage.peer.offered_share: 0.6 in peer-introduction, 0.1 in baseline\n"
    )
    assert recoverysim("scenarios", "diff", "baseline", "baseline").out == ""


def test_scenarios_check_passes_a_good_file_and_reports_every_fault_of_a_bad_one(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: baseline\nlinkage.peer.offered_share: 0.5\n")
    assert recoverysim("scenarios", "check", path).code == 0
    path.write_text("questoin: x\nlinkage.peer.offered_share: 5\nmechanisms: {fit: 0}\n")
    said = recoverysim("scenarios", "check", path)
    assert (said.code, said.out) == (3, "")
    lines = said.err.splitlines()
    assert len(lines) == 3
    for number, line in enumerate(lines, 1):
        assert line.startswith(f"{path}, line {number}: ")


def test_evidence_of_one_key_or_section_shows_where_numbers_come_from():
    key = "linkage.peer.offered_share"
    quantity = all_quantities()[key]
    said = recoverysim("evidence", key)
    assert said.code == 0
    assert all(word in said.out for word in (key, f"{quantity.value:g}", quantity.source))
    rows = json.loads(recoverysim("evidence", "linkage", "--json").out)["parameters"]
    assert {row["key"].split(".")[0] for row in rows} == {"linkage"}
    assert len(
        list(csv.DictReader(io.StringIO(recoverysim("evidence", "linkage", "--csv").out)))
    ) == len(rows)


def test_doctor_says_what_it_found_and_exits_4_where_something_is_missing(monkeypatch):
    said = recoverysim("doctor", "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert found["healthy"] is True
    assert {"python", "packages", "scenarios", "offline", "faults"} <= set(found)
    monkeypatch.setattr(doctor, "NEEDED", ("no-such-package",))
    said = recoverysim("doctor", "--json")
    assert said.code == 4
    assert json.loads(said.out)["faults"] == ["no-such-package is not installed"]


def test_bench_json_holds_nanoseconds_phases_and_ratios():
    found = json.loads(recoverysim("bench", *SMALL, "--json").out)
    assert set(found) >= {"clients", "weeks", "ns_per_client_week", "phases", "ratios"}
    assert found["ns_per_client_week"] > 0
    assert found["ratios"]


def test_a_run_that_fails_exits_1_and_shows_details_only_with_debug(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("made to fail")

    monkeypatch.setattr("recoverysim.studies.result.run", fail)
    said = recoverysim("run", "baseline", *SMALL)
    assert (said.code, said.out) == (1, "")
    assert "made to fail" in said.err
    assert "--debug" in said.err
    assert "Traceback" not in said.err
    detailed = recoverysim("run", "baseline", *SMALL, "--debug")
    assert detailed.code == 1
    assert "Traceback" in detailed.err


# --- documentation ------------------------------------------------------------------------


def commands(group, before=()):
    """Every command with its words, groups included."""
    for name, found in group.commands.items():
        yield (*before, name), found
        if hasattr(found, "commands"):
            yield from commands(found, (*before, name))


def options() -> set[str]:
    tree = [((), get_command(command.app)), *commands(get_command(command.app))]
    every = (o for _, found in tree for p in found.params for o in (*p.opts, *p.secondary_opts))
    return {"--help", "-h", "--debug", *(option for option in every if option.startswith("-"))}


def documentation() -> str:
    return "\n".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/commands.md")
    )


def test_every_command_and_option_is_in_the_documentation():
    text = documentation()
    wanted = [" ".join(words) for words, _ in commands(get_command(command.app))]
    missing = [words for words in wanted if f"recoverysim {words}" not in text]
    missing += [o for o in options() if not re.search(rf"(?<![\w-]){o}(?![\w-])", text)]
    assert missing == []


def test_the_page_of_commands_names_no_option_and_no_command_that_does_not_exist():
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) <= options()
    names = {words[0] for words, _ in commands(get_command(command.app))} | {"COMMAND"}
    assert set(re.findall(r"recoverysim ([a-zA-Z]+)", text)) <= names | {"does"}


def test_the_page_of_commands_lists_every_exit_code():
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.M)}
    assert codes == {DONE, FAILED, WRONG_USE, BAD_INPUT, CHECK_FAILED, INTERRUPTED}
