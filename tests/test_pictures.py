"""What holds for every picture: it is well-formed, nothing is cut, nothing covers other text."""

import csv
import io
import itertools
import math
import re
import time
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from recoverysim.pictures import axes, letters
from recoverysim.pictures.beside_cost import cost
from recoverysim.pictures.curves_over_time import curves
from recoverysim.pictures.line import line
from recoverysim.pictures.sheet import Area, Disc, Picture, Sheet, Stroke, Text
from recoverysim.pictures.stages import sankey, stages
from recoverysim.pictures.who_knows_whom import network
from recoverysim.pictures.why_chain import why
from tests.answers import NAMES, answer, everybody, flows, months, some_network

WIDTHS = (340, 500, 640, 700, 1100, 1600)
HOSTILE = '<script>alert(1)</script> & "a very long name" of $x^2$ a scenario that goes on and on'
LONG = ("baseline", HOSTILE, "=cmd()", *NAMES[3:])

PICTURES = {
    "line": lambda a, w: line(a, 10, range(len(a.worlds)), w),
    "line, plain": lambda a, w: line(a, 10, range(len(a.worlds)), w, plain=True),
    "curves": lambda a, w: curves(a, width=w),
    "why": lambda a, w: why(a, 10, w),
    "cost": lambda a, w: cost(a, 10, w),
    "network": lambda a, w: network(some_network(a.worlds[-1].name), w),
    "stages": lambda a, w: stages(months(a.worlds[-1].name), w),
    "flows": lambda a, w: sankey(flows(a.worlds[-1].name), w),
}
ANSWERS = {
    "two worlds": answer(2),
    "five worlds": answer(5, names=LONG),
    "everybody off": answer(2, stood={0: everybody("off"), 1: everybody("arrived")}),
    "everybody on": answer(2, stood={0: everybody("train"), 1: everybody("waiting")}),
    "nobody": answer(2, stood={0: everybody("died"), 1: everybody("platform")}),
    "first year": answer(3, year=10, stood={1: everybody("station"), 2: everybody("taxi")}),
}


def extent(mark: Text) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a line of text in the widest of its fonts."""
    wide = letters.width(mark.said, mark.size, mark.bold)
    if mark.lead:
        wide += letters.width(f"{mark.lead} ", mark.size, True)
    left = mark.x - {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
    return left, mark.y - 0.73 * mark.size, left + wide, mark.y + 0.18 * mark.size


def covered(sheet: Sheet) -> list[tuple[str, str]]:
    """Pairs of texts that touch."""
    found = []
    texts = [mark for mark in sheet.marks if isinstance(mark, Text)]
    for one, two in itertools.combinations(texts, 2):
        a, b = extent(one), extent(two)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.append((one.said, two.said))
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut_and_no_text_covers_another(name, kind, width):
    sheet = PICTURES[name](ANSWERS[kind], width).sheet
    for mark in sheet.marks:
        if isinstance(mark, Text):
            left, top, right, bottom = extent(mark)
            assert mark.size >= 12
        elif isinstance(mark, Disc):
            left, right = mark.x - mark.radius, mark.x + mark.radius
            top, bottom = mark.y - mark.radius, mark.y + mark.radius
        else:
            xs, ys = zip(*mark.points)
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        assert all(map(math.isfinite, (left, top, right, bottom)))
        assert left >= -1, mark
        assert right <= sheet.width + 1, mark
        assert top >= -1, mark
        assert bottom <= sheet.height + 1, mark
    assert covered(sheet) == []


def test_the_test_of_covered_text_can_fail():
    sheet = Sheet(200, 50)
    sheet.text(10, 20, "one text")
    sheet.text(40, 24, "another")
    sheet.text(10, 44, "apart")
    assert covered(sheet) == [("one text", "another")]


@pytest.mark.parametrize("name", PICTURES)
def test_svg_is_well_formed_named_and_escaped(name):
    picture = PICTURES[name](answer(3, names=LONG), 700)
    text = picture.svg("wide")
    tree = ET.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert tree.get("role") == "img"
    assert tree.get("class") == "picture wide"
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert tree.get("aria-labelledby").split() == ids == [one.get("id") for one in tree[:2]]
    assert tree.find(f"{space}title").text == picture.title
    assert tree.find(f"{space}desc").text == picture.description
    assert re.search(r"\d", picture.description)
    assert "<script" not in text
    tags = {one.tag.removeprefix(space) for one in tree.iter()}
    assert tags <= {"svg", "title", "desc", "text", "tspan", "path", "circle", "g"}
    assert not [one for one in tree.iter() for key in one.attrib if key.startswith("on")]


@pytest.mark.parametrize("name", PICTURES)
def test_the_table_has_safe_text_and_numbers_as_numbers(name):
    picture = PICTURES[name](answer(3, names=("baseline", "=cmd()", "@sum")), 700)
    rows = list(csv.reader(io.StringIO(picture.csv())))
    assert len(rows) == len(picture.table) + 1
    for cell in itertools.chain(*rows):
        is_number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
        assert is_number or not cell.startswith(("=", "+", "-", "@"))
    assert any(re.fullmatch(r"[\d.]+", cell) for cell in rows[1])


@pytest.mark.parametrize("name", PICTURES)
def test_exports_are_whole(name, tmp_path):
    picture = PICTURES[name](answer(2, names=LONG), 700)
    started = time.perf_counter()
    picture.png(tmp_path / "one.png")
    picture.svg_outlined(tmp_path / "one.svg")
    spent = time.perf_counter() - started
    image = Image.open(tmp_path / "one.png")
    assert image.width == 1600
    assert image.text["Title"] == picture.title
    assert picture.description in image.text["Description"]
    assert "Simulated, not observed" in image.text["Source"]
    assert image.text["Software"].startswith("recoverysim ")
    svg = (tmp_path / "one.svg").read_text("utf-8")
    root = ET.fromstring(svg)
    assert not [one for one in root.iter() if one.tag.endswith("}text")], "letters are outlines"
    titles = [one.text for one in root.iter() if one.tag.endswith("}title")]
    assert picture.title in titles
    again = io.BytesIO()
    picture.svg_outlined(again)
    assert again.getvalue().decode() == svg
    assert spent < 10, "a second each where nothing else runs; this only fails for what hangs"


def test_printed_caption_says_what_it_is():
    picture = line(answer(2), 10)
    assert picture.said[-1].startswith("Simulated, not observed: recoverysim 0.0")
    assert any("luck, and what is not known" in one for one in picture.said)
    luck = line(answer(2, stamp={"knowledge": "none"}), 10)
    assert any("luck alone" in one for one in luck.said)


def test_widths_of_letters_are_those_of_the_font():
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    for said in ("peer-introduction 325", "Where 1,000 people are, “after” 10 years − £42 → 7%"):
        for bold, weight in ((False, "normal"), (True, "bold")):
            font = FontProperties(family="DejaVu Sans", weight=weight)
            real = TextPath((0, 0), said, size=100, prop=font).get_extents().x1
            assert letters.width(said, 100, bold) == pytest.approx(real, rel=0.02)


@pytest.mark.parametrize("said", ["", "one", "peer-introduction goes along", "x" * 99, "- -- a-b "])
def test_wrapped_text_fits_and_loses_nothing(said):
    lines = letters.wrapped(said, 60, 13)
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")
    assert all(letters.width(one, 13) <= 60 for one in lines)


def test_labels_are_pushed_apart_by_no_more_than_needed():
    assert axes.apart([10, 50], 17, 0, 100) == [10, 50]
    assert axes.apart([20, 20], 10, 0, 100) == [15, 25]
    assert axes.apart([99, 98], 10, 0, 100) == [100, 90]
    assert axes.apart([1, 2, 3], 10, 0, 100) == [0, 10, 20]
    assert axes.apart([30, 20, 90], 10, 0, 100) == [30, 20, 90]
    assert axes.apart([], 10, 0, 100) == []


def test_ticks_are_round_and_hold_the_largest():
    assert axes.ticks_to(325) == [0, 100, 200, 300, 400]
    assert axes.ticks_to(1000) == [0, 200, 400, 600, 800, 1000]
    assert axes.ticks_to(0.9) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_every_sign_and_mark_is_written_both_ways(tmp_path):
    sheet = Sheet(100, 60)
    for number, sign in enumerate(("circle", "square", "triangle", "diamond")):
        sheet.sign(sign, 10 + 20 * number, 10, 4, "#0072B2", filled=False, key=number)
    sheet.rect(5, 20, 50, 10, "#FFFFFF", hatched="#6B8290")
    sheet.ribbon(0, 100, (40, 45), (50, 60), "#0072B2", opacity=0.5)
    hatching = [mark for mark in sheet.marks if isinstance(mark, Stroke)]
    assert len(hatching) == 9  # a line every 6 px of 50 + 10, the last one at the corner left out
    assert all(5 <= x <= 55 and 20 <= y <= 30 for mark in hatching for x, y in mark.points)
    assert sum(isinstance(mark, Area) for mark in sheet.marks) == 5
    picture = Picture("a b/c", "t", "s", "d", sheet, (), ("x",))
    assert 'id="a-b-c-title"' in picture.svg()
    assert picture.svg().count("data-i=") == 4
    picture.png(tmp_path / "marks.png")
    assert Image.open(tmp_path / "marks.png").getpixel((1600 * 16 // 132, 60))
