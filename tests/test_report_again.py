"""What a report says makes it again does: the command, the lines of Python, the files to save."""

import shlex
from pathlib import Path

import pytest

import recoverysim as rs
from recoverysim.plan import Plan
from recoverysim.report.again import again
from recoverysim.report.blocks import Code
from recoverysim.report.full import Extras, content, report
from recoverysim.scenario import load, shipped
from recoverysim.studies.reporting import answer_in_full
from tests.test_commands import recoverysim
from tests.test_one_page import Read

AREA = Path(__file__).parent.parent / "scenarios" / "examples" / "area"
PLAN = Plan(60, 2, 4, 7, "prior", None)
DEFINITION = "abstinent_30_days"
SMALL = ("--clients", "40", "--years", "1", "--repeats", "4")
FAR = {
    "linkage.peer.offered_share": [{"value": 0.5, "from_week": 4, "ramp_weeks": 9}],
    "attendance.leave_while_trying_per_week": 0.0123,
    "mechanisms.company": False,
    "network.kind": "configuration",
}


def answered(*scenarios):
    return answer_in_full(scenarios, PLAN, DEFINITION)


def run_again(found, folder, monkeypatch):
    """Type the command in a folder that holds what the report says to save; what it prints."""
    monkeypatch.chdir(folder)
    for saved in found.files:
        (folder / saved.name).write_text(saved.text, encoding="utf-8")
    program, *words = shlex.split(found.command)
    assert program == "recoverysim"
    said = recoverysim(*words, "--quiet")
    assert (said.code, said.err) == (0, "")
    return said.out


def headlines(answer, year=2):
    return "".join(
        f"{one.deaths_sentences[str(year)]} {one.sentences[str(year)]}\n"
        for one in answer.worlds[1:]
    )


def test_the_command_gives_the_same_answer_and_the_same_report(tmp_path, monkeypatch):
    scenarios = load("baseline"), load("peer-introduction"), load("cut-linkage")
    answer = answered(*scenarios)
    found = again(answer, scenarios)
    assert found.files == ()
    assert run_again(found, tmp_path, monkeypatch) == headlines(answer)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert text == report(answer, Extras(scenarios))


def test_what_was_laid_over_shipped_scenarios_is_a_setting(tmp_path, monkeypatch):
    changed = {"linkage.peer.fidelity": 0.3, "mechanisms.company": False,
               "linkage.peer.offered_share": FAR["linkage.peer.offered_share"]}  # fmt: skip
    scenarios = tuple(load(name).replace(changed) for name in ("baseline", "cut-linkage"))
    answer = answered(*scenarios)
    found = again(answer, scenarios)
    assert found.files == ()
    assert found.command.count("--set") == 3
    assert run_again(found, tmp_path, monkeypatch) == headlines(answer)


def test_a_scenario_of_ones_own_is_printed_as_a_file_to_save(tmp_path, monkeypatch):
    mine = load("peer-introduction").replace(FAR, name='=mine: "q\'uoted" <b> | é')
    scenarios = load("leaflet-only"), mine
    answer = answered(*scenarios)
    found = again(answer, scenarios, 1)
    assert [saved.name for saved in found.files] == ["mine-q-uoted-b.yaml"]
    assert run_again(found, tmp_path, monkeypatch) == headlines(answer, 1)
    codes = [
        one.text for one in content(answer, Extras(scenarios, 1)).blocks() if isinstance(one, Code)
    ]
    assert codes == [found.files[0].text, found.command, found.python]


def test_the_lines_of_python_write_the_same_report(tmp_path, monkeypatch):
    scenarios = load("baseline"), load("peer-introduction").replace(FAR, name="mine")
    answer = answered(*scenarios)
    found = again(answer, scenarios, 1)
    for saved in found.files:
        (tmp_path / saved.name).write_text(saved.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(found.python, {})  # as somebody would paste it
    made, first = (
        Read(text.replace("<!DOCTYPE html>", ""))
        for text in ((tmp_path / "report.html").read_text("utf-8"),
                     report(answer, Extras(scenarios, 1)))
    )  # fmt: skip
    assert made.tables == first.tables
    assert " ".join(headlines(answer, 1).split()) in made.of("1. The answer and its limits")


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_comes_back_from_its_file_as_it_was(tmp_path, name):
    mine = load(name).replace(FAR, name="mine")
    scenarios = mine.replace({"linkage.peer.fidelity": 0.5}, name="other"), mine
    stamp = {"clients": 1, "years": 1, "seed": 1, "knowledge": "none"}
    answer = type("Made", (), {"stamp": stamp, "definition": "d", "of": 1})
    for saved, one in zip(again(answer, scenarios).files, scenarios, strict=True):
        (tmp_path / saved.name).write_text(saved.text, encoding="utf-8")
        back = load(tmp_path / saved.name)
        assert back.hash() == one.hash()
        assert (back.name, back.question, back.description, back.against) == (
            one.name, one.question, one.description, one.against,
        )  # fmt: skip


def test_files_of_an_area_stay_with_their_owner_and_are_named_with_their_hash(tmp_path):
    one = load(AREA / "more-peers.yaml")
    stamp = {"clients": 1, "years": 1, "seed": 1, "knowledge": "none"}
    answer = type("Made", (), {"stamp": stamp, "definition": "d", "of": 1})
    _, saved = again(answer, (load(AREA / "area.yaml"), one)).files
    assert len(saved.needs) == 2
    text = (AREA / "clients.csv").read_text("utf-8")
    assert text.splitlines()[1] not in saved.text
    for file, local in zip(("clients.csv", "services.csv"), one.local, strict=True):
        (need,) = [told for told in saved.needs if local.sha256 in told]
        name = need.partition("saved as ")[2].split()[0]
        (tmp_path / name).write_bytes((AREA / file).read_bytes())
    (tmp_path / saved.name).write_text(saved.text, encoding="utf-8")
    back = load(tmp_path / saved.name)
    assert back.hash() == one.hash()
    assert back.today == one.today


def test_a_report_of_a_comparison_is_that_of_the_command(tmp_path):
    out = tmp_path / "report.html"
    assert recoverysim("report", "cut-linkage", *SMALL, "--out", out, "--quiet").code == 0
    found = rs.compare("cut-linkage", clients=40, years=1, repeats=4)
    assert out.read_text("utf-8") == found.report()
    assert found.contrasts[0].headline in found.report().replace("&#34;", '"')


def test_both_files_at_once_and_what_was_made_is_said(tmp_path):
    web, word = tmp_path / "a.html", tmp_path / "a.docx"
    said = recoverysim("report", "cut-linkage", *SMALL, "--out", web, "--docx", word)
    assert said.code == 0
    assert said.err.splitlines()[-2:] == [f"Written to {web}", f"Written to {word}"]
    assert word.read_bytes()[:2] == b"PK"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.html"]


@pytest.mark.parametrize(
    ("words", "code", "holds"),
    [
        (["peer-introduction"], 2, "--out"),
        (["peer-introduction", "--out", "NEW", "--docx", "NEW"], 2, "two files"),
        (["peer-introduction", "--out", "OLD"], 1, "is already there; name a new file"),
        (["peer-introduction", "--out", "/no/such/folder/x"], 1, "there is no folder /no/such"),
        (["peer-introduktion", "--out", "NEW"], 3, "peer-introduction"),
        (["peer-introduction", "--out", "NEW", "--year", "7"], 2, "should be one of 1, 2, 5, 10"),
        (["baseline", "leaflet-only", "cut-linkage", "champions", "naloxone", "aftercare", "--out",
          "NEW"], 2, "up to 4 scenarios"),
        (["peer-introduction", "--out", "NEW", "--definition", "well"], 2, "definition should"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_and_nothing_is_left(tmp_path, words, code, holds):
    old = tmp_path / "old.html"
    old.write_text("mine")
    names = {"NEW": tmp_path / "new.html", "OLD": old}
    said = recoverysim("report", *(names.get(word, word) for word in words))
    assert said.code == code
    assert holds in said.err
    assert "Traceback" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["old.html"]
    assert old.read_text() == "mine"


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    from recoverysim.store import whole

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole.os, "fsync", full)
    with pytest.raises(whole.FolderError, match="No space left on device"):
        whole.new_file(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []
