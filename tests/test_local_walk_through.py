"""docs/local-data.md, followed step by step as a planner would, and the example area."""

import contextlib
import io
import re
import sys
from pathlib import Path

import pytest

from recoverysim import command, load
from recoverysim.local.cells import WORDS
from recoverysim.local.people import CLIENT_COLUMNS, TOTAL_COLUMNS
from recoverysim.local.services import COLUMNS
from recoverysim.local.sheets import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS
from recoverysim.local.templates import KINDS, template
from recoverysim.quantities import all_quantities
from recoverysim.scenario import shipped, shipped_folder

PAGE = (Path(__file__).parent.parent / "docs" / "local-data.md").read_text(encoding="utf-8")
EXAMPLE = shipped_folder() / "examples" / "area"


def recoverysim(*words: str) -> tuple[int, str, str]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["recoverysim", *words])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                command.main()
            except SystemExit as end:
                code = end.code or 0
    return int(code), out.getvalue(), err.getvalue()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def test_the_page_can_be_followed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    area, more = blocks("yaml")
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) == 4
    for line in lines:
        if not Path("area.yaml").exists() and "template" not in line:
            Path("area.yaml").write_text(area, encoding="utf-8")
            Path("more-peers.yaml").write_text(more, encoding="utf-8")
        words = line.split()
        assert words.pop(0) == "recoverysim"
        if words[0] == "compare":
            place = words.index("--clients")
            words[place : place + 4] = ["--clients", "100", "--years", "1", "--repeats", "2"]
        code, out, err = recoverysim(*words)
        assert code == 0, (line, err)
        if words[1] == "check":
            assert "From a file of clients" in out
            assert "From a file of 5 services" in out
        if words[0] == "compare":
            assert "“area-more-peers”" in out
            assert "Fitted to local data: clients and services" in " ".join(out.split())
            assert ".csv" not in out


def test_the_example_area_is_simulated_and_read_without_a_fault():
    area, more = load(EXAMPLE / "area.yaml"), load(EXAMPLE / "more-peers.yaml")
    assert more.local == area.local
    assert more.hash() != area.hash()
    assert len(area.local) == 2
    codes = [line.split(",")[0] for line in (EXAMPLE / "clients.csv").read_text().splitlines()[1:]]
    assert len(codes) == 240
    assert all(code.startswith("SIM-") for code in codes)
    assert "area" not in shipped()


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_printed_or_written_and_never_over_a_file(tmp_path, kind):
    assert recoverysim("scenarios", "template", kind) == (0, template(kind), "")
    path = tmp_path / "mine.csv"
    code, out, err = recoverysim("scenarios", "template", kind, "-o", str(path))
    assert (code, out) == (0, "")
    assert "simulated" in err
    assert path.read_text(encoding="utf-8") == template(kind)
    code, out, err = recoverysim("scenarios", "template", kind, "--out", str(path))
    assert (code, out) == (2, "")
    assert "already there" in err


def test_a_template_of_nothing_is_refused():
    code, _, err = recoverysim("scenarios", "template", "people")
    assert code == 2
    assert "clients, totals, services" in err


def test_a_fault_in_a_local_file_is_exit_3_by_row_and_column(tmp_path):
    (tmp_path / "people.csv").write_text("sex,NHS number\n" + "women,9434765919\n" * 30)
    (tmp_path / "a.yaml").write_text("population: {from: people.csv}")
    code, out, err = recoverysim("scenarios", "check", str(tmp_path / "a.yaml"))
    assert (code, out) == (3, "")
    assert "people.csv, row 1, column nhs_number: sounds like a number that a register gives" in err
    assert "9434765919" not in err


def test_the_page_names_every_column_and_what_it_sets():
    columns = {*CLIENT_COLUMNS, *TOTAL_COLUMNS, *COLUMNS}
    assert {column for column in columns if f"`{column}`" not in PAGE} == set()
    for words in WORDS.values():
        for word in {word for word in words.values() if word}:
            assert f"`{word}`" in PAGE, word
    keys = set(re.findall(r"`(population\.[\w<>.]+)`", PAGE))
    there = {key.replace("alcohol", "<substance>") for key in all_quantities()}
    assert len(keys) > 8
    assert keys <= there


def test_the_page_gives_the_limits_as_they_are():
    assert (
        f"At most {LARGEST_FILE // 2**20} MiB, {MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        in PAGE
    )
