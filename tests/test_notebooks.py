"""The notebooks run from the first cell to the last, and no output is stored in them."""

import re
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed (the extra `dev`)")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed (the extra `dev`)")
pytest.importorskip("ipykernel", reason="ipykernel is not installed (the extra `dev`)")

FOLDER = Path(__file__).parent.parent / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS = 240  # of one cell, on a busy machine


def read(path):
    return nbformat.read(path, as_version=4)


def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["a-first-sweep", "what-matters"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_stored(path):
    found = read(path)
    nbformat.validate(found)
    for cell in found.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path):

    text = "".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (FOLDER / link).is_file(), link


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a notebook in a folder of its own; its code cells, with what they showed."""

    def run(name):
        place = tmp_path_factory.mktemp(name)
        found = read(FOLDER / f"{name}.ipynb")
        client = nbclient.NotebookClient(
            found, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": place}}
        )
        client.execute()
        return place, [cell for cell in found.cells if cell.cell_type == "code"]

    return run


def words_of(cell):
    shown = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.outputs]
    return "".join(shown)


def pictures_of(cell):
    return [one for one in cell.outputs if "image/png" in one.get("data", {})]


def troubles(cells):
    """Warnings and the like, which a reader would stumble over."""
    return [one.text for cell in cells for one in cell.outputs if one.get("name") == "stderr"]


def test_a_first_sweep(run):
    place, cells = run("a-first-sweep")
    assert troubles(cells) == []
    assert "'asked': 144, 'done': 144, 'failed': 0" in words_of(cells[1])
    assert "sd_of_pairs" in words_of(cells[3])
    assert len(pictures_of(cells[4])) == 1
    assert "is missing" in words_of(cells[-1])  # the part that was taken away
    assert (place / "a-first-sweep" / "manifest.json").is_file()


def test_what_matters(run):
    """The effect of mutual aid, whose range reaches from harm to much help, cannot but matter."""
    _, cells = run("what-matters")
    assert troubles(cells) == []
    assert "mutual_aid.total_log_hazard_ratio" in words_of(cells[1])
    assert "above_luck" in words_of(cells[2])
    assert "explained=" in words_of(cells[5])
    assert sum(len(pictures_of(cell)) for cell in cells) == 2
    assert "the range that was run" in words_of(cells[-1])
