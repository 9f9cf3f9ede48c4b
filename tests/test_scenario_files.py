"""Scenario files: what they may say, and that everything else is refused in plain words."""

import contextlib
import dataclasses
import os
import re
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoverysim import Scenario, ScenarioError, load
from recoverysim.knowledge import central_values
from recoverysim.quantities import all_quantities
from recoverysim.scenario import shipped, shipped_folder
from recoverysim.yaml_strictly import FileFault, Quoted, read_text
from tests.hostile_scenarios import FULL, HOSTILE, SHARE
from tests.worlds import a_world

REACH = "linkage.leaflet.offered_share"
# 200 ms are promised. A busy machine makes a clock lie, so work is counted: a Python or C call
# takes a microsecond or less.
CALLS, BYTES_OF_GROWTH = 200_000, 50 * 2**20


@pytest.fixture
def write(tmp_path):
    """Write a scenario file; its path."""

    def written(content: str | bytes, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def refused(path: Path | str):
    """The faults with which a file is refused."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert caught.value.faults
    return caught.value.faults


@contextlib.contextmanager
def counted_calls():
    """How often anything is called, Python or C, as a Counter by kind of call."""
    calls: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: calls.update((event,)))
    try:
        yield calls
    finally:
        sys.setprofile(before)


def weeks_of(text_or_value, key: str = SHARE) -> np.ndarray:
    """A lever week by week, under a scenario that sets it so and in which nothing fades."""
    settings = {key: text_or_value, "mechanisms.fidelity_drift": False}
    table = Scenario("x").replace(settings).table(central_values() | {key: 0.1})
    section, member, name = key.split(".")
    column = table[section][name]
    return column[:, {"leaflet": 1, "peer": 4}[member]]


# --- what is shipped ----------------------------------------------------------------------


def test_baseline_is_the_first_of_the_shipped_scenarios():
    assert shipped()[0] == "baseline"
    assert len(shipped()) >= 6


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_asks_a_question_and_is_frozen_and_hashable(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.question.endswith("?")
    assert "\n" not in scenario.question
    assert {scenario: 1}[load(name)] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.name = "other"


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_is_the_same_by_name_and_by_path(name):
    assert load(shipped_folder() / f"{name}.yaml") == load(name)


def test_every_shipped_scenario_does_something_else():
    hashes = {load(name).hash() for name in shipped()}
    assert len(hashes) == len(shipped())


# --- extends, replace, hash, differences --------------------------------------------------


def test_extends_lays_the_differences_over_the_parent(write):
    write(
        f"name: p\nquestion: Why?\n{REACH}: 0.3\n{SHARE}: 0.2\nmechanisms: {{fit: false}}", "p.yaml"
    )
    child = load(write(f"extends: p.yaml\n{SHARE}: 0.7"))
    assert child.differences() == {REACH: 0.3, SHARE: 0.7, "mechanisms.fit": False}
    assert (child.name, child.question) == ("mine", "")


def test_extends_reaches_into_a_folder_below_and_through_several_files(write):
    write(f"{REACH}: 0.3", "below/one.yaml")
    write("extends: below/one.yaml\nmechanisms.company: false", "two.yaml")
    assert load(write("extends: two.yaml")).differences() == {
        REACH: 0.3, "mechanisms.company": False,
    }  # fmt: skip


def test_replace_makes_a_new_scenario_and_leaves_the_old_one_alone():
    old = load("peer-introduction")
    new = old.replace({SHARE: 0.7, "mechanisms.fit": False, "network.kind": "none"}, name="more")
    assert (new.name, new.network) == ("more", "none")
    assert new.differences(old) == {
        SHARE: 0.7, "mechanisms.fit": False, "network.kind": "none",
    }  # fmt: skip
    assert old == load("peer-introduction")


@pytest.mark.parametrize(
    "differences",
    [
        {"linkage.per.offered_share": 0.5}, {SHARE: 2}, {SHARE: float("nan")}, {SHARE: True},
        {"costs.peer.introduction": float("inf")}, {"mechanisms.fit": 0}, {SHARE: "0.5"},
        {"extends": "leaflet-only"}, {"name": "silently ignored"}, {SHARE: None}, {SHARE: {1, 2}},
    ],
    ids=str,
)  # fmt: skip
def test_replace_refuses_what_a_file_may_not_say(differences):
    with pytest.raises(ScenarioError):
        load("baseline").replace(differences)


def test_hash_depends_on_what_a_scenario_does_and_not_on_names_words_or_order(write):
    one = load(write(f"name: a\n{SHARE}: 0.5\n{REACH}: 0.2\nmechanisms: {{fit: false}}", "a.yaml"))
    two = load(write(
        f"mechanisms.fit: false\nlinkage: {{leaflet: {{offered_share: 0.2}}}}\n{SHARE}: 0.50\n"
        "question: Other words?", "b.yaml",
    ))  # fmt: skip
    assert one.hash() == two.hash()
    assert re.fullmatch("[0-9a-f]{64}", one.hash())
    others = [{SHARE: 0.51}, {"mechanisms.company": False}, {"network.kind": "none"},
              {SHARE: {"value": 0.5, "from_week": 1}}]  # fmt: skip
    assert len({one.hash(), *(one.replace(other).hash() for other in others)}) == 5


def test_a_mechanism_left_on_is_no_change():
    assert load("baseline").replace({"mechanisms.fit": True}).hash() == load("baseline").hash()


def test_differences_name_only_what_is_set_differently():
    peer, base = load("peer-introduction"), load("baseline")
    assert peer.differences(base) == {SHARE: 0.6}
    assert peer.differences(peer) == {}
    assert base.differences() == {}


# --- levers over time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "weeks"),
    [
        (0.5, [0.5]),
        ({"value": 0.5}, [0.5]),
        ({"value": 0.5, "from_week": 2}, [0.1, 0.1, 0.5]),
        ({"value": 0.5, "ramp_weeks": 4}, [0.2, 0.3, 0.4, 0.5, 0.5]),
        ({"value": 0.5, "from_week": 1, "until_week": 3}, [0.1, 0.5, 0.5, 0.1]),
        ({"value": 0.5, "from_week": 1, "ramp_weeks": 2, "until_week": 4},
         [0.1, 0.3, 0.5, 0.5, 0.1]),
        ([0.3, {"value": 0.5, "from_week": 2}], [0.3, 0.3, 0.5]),
        ([{"value": 0.3, "from_week": 1}, {"value": 0.7, "from_week": 2, "ramp_weeks": 2}],
         [0.1, 0.3, 0.5, 0.7, 0.7]),
        ([{"value": 0.3, "until_week": 1}, {"value": 0.5, "from_week": 2, "until_week": 3}],
         [0.3, 0.1, 0.5, 0.1]),
    ],
    ids=str,
)  # fmt: skip
def test_a_lever_changes_in_the_weeks_that_it_names(value, weeks):
    assert weeks_of(value) == pytest.approx(weeks)


def test_a_lever_over_time_leaves_every_other_number_alone():
    values = central_values()
    table = Scenario("x").replace({SHARE: {"value": 0.9, "from_week": 3}}).table(values)
    plain = Scenario("x").table(values)
    assert plain.size == 1
    changed = [
        (section, name)
        for section in plain.dtype.names
        for name in plain.dtype[section].names
        if not (table[section][name] == plain[section][name]).all()
    ]
    assert changed == [("linkage", "offered_share")]


def test_a_list_of_changes_reads_from_a_file(write):
    text = f"{SHARE}:\n  - {{value: 0.2, until_week: 52}}\n  - {{value: 0.6, from_week: 104}}"
    found = load(write(text))
    assert (
        found.replace({SHARE: [{"value": 0.2, "until_week": 52}, {"value": 0.6, "from_week": 104}]})
        == found
    )


def test_a_price_does_not_change_by_week_since_costs_are_counted_with_one_price():
    with pytest.raises(ScenarioError):
        Scenario("x").replace({"costs.peer.introduction": {"value": 99, "from_week": 52}})


# --- faults -------------------------------------------------------------------------------

FAULTS = [
    # text, line, key, what the message holds: found, allowed, nearest
    ("name: x\nlinkage:\n  per: {fidelity: 1}", 3, "linkage.per", ["linkage.peer.fidelity"]),
    ("name: x\nlnkage:\n  peer: {fidelity: 1}", 2, "lnkage", ["not known"]),
    ("name: x\nquestoin: words", 2, "questoin", ["not known", "'question'"]),
    (f"name: x\n{SHARE}s: 1", 2, f"{SHARE}s", [f"'{SHARE}'"]),
    ("mechanisms:\n  compny: false", 2, "mechanisms.compny", ["'company'"]),
    ("mechanisms:\n  group_lif: false", 2, "mechanisms.group_lif", ["'group_life'"]),
    ("mechanisms:\n  fit: 0", 2, "mechanisms.fit", ["true or false", "found 0"]),
    (f"name: x\n\n{SHARE}: 1.5", 3, SHARE, ["is 1.5", "0 to 1", "share"]),
    (f"# words\n{SHARE}: many", 2, SHARE, ["a number", "found 'many'"]),
    (f'{SHARE}: "0.5"', 1, SHARE, ["in quotes", "write 0.5 without"]),
    (f"{SHARE}: true", 1, SHARE, ["a number", "found"]),
    (f"{SHARE}:", 1, SHARE, ["a number", "found nothing"]),
    (f"{SHARE}: {{value: 0.1, form_week: 3}}", 1, f"{SHARE}.form_week", ["'from_week'"]),
    (f"{SHARE}: {{from_week: 3}}", 1, SHARE, ["value"]),
    (f"{SHARE}: {{value: 0.1, from_week: 1.5}}", 1, f"{SHARE}.from_week", ["0 to 5200", "1.5"]),
    (f"{SHARE}: {{value: 0.1, from_week: 9999}}", 1, f"{SHARE}.from_week", ["0 to 5200", "9999"]),
    (f"{SHARE}: {{value: 0.1, from_week: 9, until_week: 9}}", 1, SHARE, ["until_week"]),
    ("network.mean_ties: {value: 4, from_week: 3}", 1, "network.mean_ties", ["change by week"]),
    ("network: {kind: smallworld}", 1, "network.kind", ["'smallworld'", "small-world"]),
    ("name: 3", 1, "name", ["words", "found 3"]),
    ("extends: baselin", 1, "extends", ["'baselin'", "'baseline'"]),
    ("name: x\nname: z", 2, "name", ["twice", "line 1"]),
    ("name: x\nquestion: no", 2, "", ["'no'", "true or false"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "holds"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_names_file_line_key_what_was_found_and_what_is_right(
    write, text, line, key, holds
):
    path = write(text)
    (fault,) = refused(path)
    assert (Path(fault.file), fault.line, fault.key) == (path.resolve(), line, key)
    for words in holds:
        assert words in fault.message
    assert str(path.resolve()) in str(fault)
    assert f"line {line}" in str(fault)


def test_all_faults_of_a_file_are_reported_at_once(write):
    text = (
        f"questoin: x\n{SHARE}: 2\nmechanisms: {{fit: 1, group_lif: false}}\n"
        "extends: nowhere\nname: 3"
    )
    assert {fault.key for fault in refused(write(text))} == {
        "questoin", SHARE, "mechanisms.fit", "mechanisms.group_lif", "extends", "name",
    }  # fmt: skip


def test_a_key_that_stands_twice_hides_no_other_fault(write):
    faults = refused(write("name: x\nname: z\nquestion: a\nquestion: b\ndescription: no"))
    assert [fault.line for fault in faults] == [2, 4, 5]


# --- files that are none ------------------------------------------------------------------


def test_what_is_not_a_readable_file_is_refused_with_its_name(tmp_path, write):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path, tmp_path / "missing.yaml", tmp_path / "pipe.yaml"):
        assert str(path) in str(refused(path)[0])


@pytest.mark.parametrize(
    "name", ["", "peer-introducton", "x" * 5000, "x" * 5000 + ".yaml", "a\0b", "a\0.yaml"]
)
def test_a_name_of_nothing_is_refused_and_nothing_else(name):
    refused(name)


def test_a_misspelt_shipped_name_is_answered_with_the_right_one():
    assert "'peer-introduction'" in str(refused("peer-introducton")[0])


def test_a_circle_of_extends_is_refused_with_the_files_in_it(write):
    write("extends: b.yaml", "a.yaml")
    write("extends: c.yaml", "b.yaml")
    write("extends: a.yaml", "c.yaml")
    (fault,) = refused(write("extends: a.yaml"))
    assert fault.key == "extends"
    assert "a.yaml extends b.yaml extends c.yaml extends a.yaml" in fault.message
    assert refused(write("extends: mine.yaml"))


def test_an_endless_row_of_extends_is_refused(write):
    for number in range(1200):
        write(f"extends: f{number + 1}.yaml", f"f{number}.yaml")
    write(f"{SHARE}: 0.5", "f1200.yaml")
    refused(write("extends: f0.yaml"))


def test_a_link_out_of_the_folder_and_a_link_to_itself_are_refused(tmp_path, write):
    outside = write("name: x", "outside/secret.yaml")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link.yaml").symlink_to(outside)
    (tmp_path / "in/loop.yaml").symlink_to("loop.yaml")
    for target, words in (("link.yaml", "out of the folder"), ("loop.yaml", "extends")):
        assert words in str(refused(write(f"extends: {target}", "in/mine.yaml"))[0])
    refused(tmp_path / "in/loop.yaml")


def test_a_file_of_256_kib_is_read_and_one_byte_more_is_not(write):
    text = "name: x\n" + "#" * (FULL - 8)
    assert load(write(text)).name == "x"
    assert "256 KiB" in str(refused(write(text + "#"))[0])


# --- strangers ----------------------------------------------------------------------------


def test_the_corpus_is_large_and_no_two_are_alike():
    assert len({hostile.content for hostile in HOSTILE}) == len(HOSTILE) >= 100


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_refused_with_little_work_in_50_mb_in_a_plain_sentence(write, hostile):
    path = write(hostile.content)
    load("baseline")  # what is read once for all is not the file's doing
    with counted_calls() as calls:
        faults = refused(path)
    assert sum(calls.values()) < CALLS
    said = "\n".join(map(str, faults))
    assert hostile.word in said
    assert len(said) < 20_000
    tracemalloc.start()
    try:
        refused(path)
        assert tracemalloc.get_traced_memory()[1] < BYTES_OF_GROWTH
    finally:
        tracemalloc.stop()


PIECES = st.sampled_from([
    *"{}[],:?-&*!|>%@`'\"#~ \n\t\r\\.0159eE+", ": ", "\n  ", "- ", "? ", "---\n", "...\n", "&a ",
    "*a", "!!str ", "<<", "no", "true", "null", '"\\U', '"\\x', "\\ud800", "%YAML 1.1\n", "\x85",
    "%TAG ! x\n", "\u2028", "\ufeff", "\0", "\U0001f600", "|2\n", ">-\n", "extends: ", "linkage: ",
    "peer: ", "value: ", "from_week: ", "mechanisms: ", "fit: ", "network: ", "file: ", "name: ",
    "expected: ", "year: ", "1e999", "0.5", f"{SHARE}: ", "until_week: ", "kind: ", "low: ",
])  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join)
FUZZ = settings(
    max_examples=400, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@FUZZ
@given(TEXT)
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with contextlib.suppress(FileFault):
        read_text(text, "x")


@FUZZ
@given(st.data())
def test_a_spoilt_scenario_is_read_or_refused_and_nothing_else(write, data):
    name = data.draw(st.sampled_from(shipped()))
    text = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(place, min(place + 20, len(text))))
        text = text[:place] + data.draw(TEXT) + text[end:]
    with contextlib.suppress(ScenarioError):
        found = load(write(text.encode("utf-8", "surrogatepass")))
        assert found.hash()
        found.table(central_values())


def test_plain_values_are_read_as_they_stand():
    top = read_text("a: 1\nb: 1e3\nc: x\nd: '1'\ne: [true, ~, -0.5]\nf:\n  g: 010\n", "x").content
    assert [top[key].content for key in "abcd"] == [1, 1000.0, "x", "1"]
    assert isinstance(top["d"].content, Quoted)
    assert [one.content for one in top["e"].content] == [True, None, -0.5]
    assert top["f"].content["g"].line == 7


def test_every_key_can_be_set_to_its_own_value(write):
    lines = [f"{key}: {quantity.value!r}" for key, quantity in all_quantities().items()]
    assert len(load(write("\n".join(lines))).changes) == len(lines)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"company.reached_by_members_share": 0.1}, "should be above"),
        ({f"population.{s}.substance_share": 0 for s in ("alcohol", "opioids", "stimulants")}, "0"),
        ({"population.religious_share": 0.9, "population.unsure_share": 0.9}, "more than 1"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused_before_a_run(settings, said):
    with pytest.raises(ScenarioError, match=said):
        a_world(clients=10, settings=settings)
