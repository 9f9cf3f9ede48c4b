"""Local files: what is read, what is refused, and that nothing of them gets out."""

import contextlib
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoverysim import ScenarioError, load
from recoverysim.local import data
from recoverysim.local.people import CLIENT_COLUMNS, TOTAL_COLUMNS
from recoverysim.local.privacy import what_a_column_tells
from recoverysim.local.services import COLUMNS
from recoverysim.local.templates import KINDS, template
from recoverysim.yaml_strictly import FileFault
from tests.hostile_sheets import HOSTILE_SHEETS, PEOPLE, ROWS, TELLING, TOTALS, WHO, person

CALLS, BYTES_OF_GROWTH = 200_000, 50 * 2**20  # as in test_scenario_files.py


@pytest.fixture
def write(tmp_path):
    def written(content: str | bytes, name: str = "area.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def refused(key: str, path: Path) -> list[str]:
    with pytest.raises(FileFault) as caught:
        data.read(key, path)
    assert caught.value.faults
    return str(caught.value).splitlines()


def read(key: str, path: Path):
    return data.read(key, path).facts


# --- strangers ----------------------------------------------------------------------------


def test_the_corpus_is_large_and_no_two_are_alike():
    assert len({(one.key, one.content) for one in HOSTILE_SHEETS}) == len(HOSTILE_SHEETS) >= 150


@pytest.mark.parametrize("hostile", HOSTILE_SHEETS, ids=lambda one: f"{one.key} {one.name}")
def test_a_hostile_sheet_is_refused_with_little_work_in_50_mb_in_a_plain_sentence(write, hostile):
    path = write(hostile.content)
    calls: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: calls.update((event,)))
    try:
        with contextlib.suppress(FileFault):
            data.read(hostile.key, path)
    finally:
        sys.setprofile(before)
    assert calls["call"] + calls["c_call"] < CALLS
    tracemalloc.start()
    try:
        said = "\n".join(refused(hostile.key, path))
        assert tracemalloc.get_traced_memory()[1] < BYTES_OF_GROWTH
    finally:
        tracemalloc.stop()
    assert hostile.word in said
    assert "area.csv" in said
    assert len(said) < 20_000
    assert all(one.isprintable() or one == "\n" for one in said)


@pytest.mark.parametrize("cell", TELLING.values())
def test_what_could_tell_who_somebody_is_is_not_repeated(write, cell):
    for column in ("code", "sex", "substance", "age"):
        assert cell not in "\n".join(refused(WHO, write(person(**{column: cell}))))


def test_a_header_of_data_is_not_repeated(write):
    for header in ("Jane Smith,alcohol,12/03/1980\n", "Smith,943 476 5919\n", "Smith,alcohol\n"):
        said = "\n".join(refused(WHO, write(header + "x,y\n"))).lower()
        assert "smith" not in said
        assert "5919" not in said


def test_no_column_that_is_read_sounds_identifying():
    for column in (*CLIENT_COLUMNS, *TOTAL_COLUMNS, *COLUMNS):
        assert what_a_column_tells(column) is None


PIECES = st.sampled_from([
    "code", "substance", "sex", "age", "kind", "characteristic", "value", "people", "of", "places",
    "started_a_year", "alcohol", "women", "40", "25-34", "S01", ",", ";", "\n", '"', "\r\n", "\r",
    "\0", "\t", "=", "-", "%", "1e9", "0.5", "<5", "\ufeff", "\u2028", "\x85", "\x1c", "nan", " ",
])  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)
FUZZ = settings(
    max_examples=300, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@FUZZ
@given(TEXT, st.sampled_from(data.KEYS))
def test_any_text_is_read_or_refused_and_nothing_else(write, text, key):
    with contextlib.suppress(FileFault):
        read(key, write(text.encode("utf-8", "surrogatepass")))


@FUZZ
@given(st.data())
def test_a_spoilt_template_is_read_or_refused_and_nothing_else(write, data):
    kind = data.draw(st.sampled_from(KINDS))
    text = template(kind)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(TEXT) + text[place + data.draw(st.integers(0, 9)) :]
    with contextlib.suppress(ScenarioError):
        name = "services" if kind == "services" else "population"
        write(text.encode("utf-8", "surrogatepass"))
        found = load(write(f"{name}: {{from: area.csv}}\narrivals.over_weeks: 520", "a.yaml"))
        assert found.hash()
        assert found.local_report()


# --- faults, and how they are told --------------------------------------------------------


def test_every_fault_is_told_at_once_by_row_and_column(write):
    text = person(substance="beer", age="12") + "C100,alcohol,wommen,40\n"
    said = refused(WHO, write(text))
    path = said[0].partition(",")[0]
    assert [one.partition(":")[0] for one in said] == [
        f"{path}, row 32, column substance", f"{path}, row 32, column age",
        f"{path}, row 33, column sex",
    ]  # fmt: skip
    assert path.endswith("area.csv")


def test_faults_stop_at_fifty_and_say_that_there_may_be_more(write):
    said = refused(WHO, write(PEOPLE + "C1,beer,men,40\n" * 1000))
    assert 50 <= len(said) <= 52


def test_faults_of_the_scenario_and_of_its_files_come_together(write):
    write(person(substance="beer"))
    with pytest.raises(ScenarioError) as caught:
        load(write("name: [x]\npopulation: {from: area.csv}", "a.yaml"))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("population: {from: ../area.csv}", "out of the folder"),
        ("population: {from: /etc/passwd}", "out of the folder"),
        ("population: {from: other.csv}", "there is no"),
        ("population: {from: [area.csv]}", "CSV file"),
        ("population: {from: 3}", "CSV file"),
        ("population: {form: area.csv}", "population.from"),
        ("services: {from: area.csv}\nservices.from: area.csv", "twice"),
        ("services: area.csv", "services"),
    ],
)
def test_a_file_is_named_as_a_file_beside_the_scenario(write, line, word):
    write(template("services"))
    with pytest.raises(ScenarioError, match=word):
        load(write(line, "a.yaml"))


def test_a_file_cannot_be_laid_over_a_scenario_where_its_path_would_be_noted():
    with pytest.raises(ScenarioError, match="scenario file"):
        load("baseline").replace({"population.from": "area.csv"})


# --- what is read all the same ------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "spelt",
    [
        str.encode,
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: (text + ",,,\n\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("code", " Code ").replace("people", '"PEOPLE"').encode(),
    ],
    ids=["plain", "BOM", "CRLF", "semicolons", "blank rows", "no last break", "header as typed"],
)
def test_a_template_is_read_however_a_spreadsheet_saves_it(write, kind, spelt):
    key = "services.from" if kind == "services" else WHO
    plainly = read(key, write(template(kind)))
    assert read(key, write(spelt(template(kind)))) == plainly


def test_thousands_may_be_written_with_a_comma_in_quotes(write):
    facts = read(WHO, write(TOTALS + 'sex,women,"1,250"\nsex,men,2500\n'))
    assert dict(facts.counts)["sex"] == (("women", 1250), ("men", 2500))


def test_empty_and_unknown_cells_are_not_known(write):
    rows = ROWS + "C50,,women,\nC51,unknown,Not stated,40\nC52,n/a,,NA\n"
    facts = read(WHO, write(PEOPLE + rows))
    assert facts.people == 35  # 33, to the nearest five
    assert dict(facts.counts)["sex"] == (("women", 30), ("men", 2))


# --- nothing gets out ---------------------------------------------------------------------


def test_counts_under_five_are_nowhere_and_others_are_to_the_nearest_five(write):
    """3 of 63 people inject: neither the report nor any value lets 3 be worked out."""
    for few in range(5):
        text = TOTALS + f"injecting,yes,{few}\ninjecting,no,61\nsex,women,4\nsex,men,58\n"
        write(text)
        found = load(write("population: {from: area.csv}", "a.yaml"))
        report = [line for line in found.local_report() if "SHA-256" not in line]
        assert "injecting, people with opioid dependence: yes fewer than 5, no 60" in "\n".join(
            report
        )
        assert dict(found.today)["population.injecting_share"] == round(2 / 62, 3)
        assert dict(found.today)["population.women_share"] == round(2 / 62, 3)


def test_of_a_file_of_clients_no_row_and_no_code_is_kept(write):
    write(PEOPLE + ROWS)
    found = load(write("population: {from: area.csv}", "a.yaml"))
    said = repr(found) + "\n".join(found.local_report()) + repr(found.differences())
    assert "C17" not in said
    assert "area.csv" not in said


def test_a_small_file_is_refused_and_one_of_twenty_is_not(write):
    assert "fewer than 20" in refused(WHO, write("sex\n" + "women\n" * 19))[0]
    assert read(WHO, write("sex\n" + "women\n" * 20)).people == 20
