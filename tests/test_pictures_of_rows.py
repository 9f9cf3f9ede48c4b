"""What an answer hangs on, and what matters most: drawn to scale, told as in the table."""

from xml.etree import ElementTree

import pytest

from recoverysim.pictures import letters
from recoverysim.pictures.sheet import Area, Disc, Stroke, Text
from recoverysim.pictures.switched_off import Row as Off
from recoverysim.pictures.switched_off import switched_off
from recoverysim.pictures.what_matters import Row as Unknown
from recoverysim.pictures.what_matters import what_matters
from tests.answers import card

ROWS = (
    Off("", "As set now", card("in_recovery", 5, 300, 12, 4, 22), None),
    Off("company", "Friends <script>", card("in_recovery", 5, 310, 3, -6, 12), (-9.2, -14, -4)),
    Off("fit", "How well it suits", card("in_recovery", 5, 310, 11, None, None), (-1, None, None)),
    Off("mutual_aid_effect", "What it does", card("in_recovery", 5, 310, 0, 0, 0), (-12, -22, -4)),
)
UNKNOWN = (
    Unknown("linkage.peer.first_meeting", "weak", 2.0, 14.5, "34% (16 to 52)", True),
    Unknown("mutual_aid.total_log_hazard_ratio", "moderate", 9.0, -3.0, "", False),
)
WIDTHS = (330, 700, 1150)


def both(width):
    return (
        switched_off(ROWS, "peer-introduction", 1, "8 repeats.", width),
        what_matters(UNKNOWN, "peer-introduction", 5, "200 repeats.", width),
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_leaves_the_sheet_and_names_are_escaped(width):
    for picture in both(width):
        ElementTree.fromstring(picture.svg())
        assert "<script>" not in picture.svg()
        for mark in picture.sheet.marks:
            if isinstance(mark, Text):
                wide = letters.width(mark.said, mark.size, mark.bold)
                left = {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
                assert mark.x - left >= -1, mark.said
                assert mark.x - left + wide <= width + 1, mark.said
                assert 0 < mark.y <= picture.sheet.height


@pytest.mark.parametrize("width", WIDTHS)
def test_dots_and_ranges_stand_where_their_numbers_are(width):
    """By the scale's own numbers: 0 and +20 under the rows."""
    picture, _ = both(width)
    at = {mark.said: mark.x for mark in picture.sheet.marks if isinstance(mark, Text)}
    pixel = (at["+20"] - at["0"]) / 20
    dots = [mark for mark in picture.sheet.marks if isinstance(mark, Disc)]
    assert [(dot.x - at["0"]) / pixel for dot in dots] == pytest.approx([12, 3, 11, 0])
    assert [dot.fill == "#FFFFFF" for dot in dots] == [False, True, True, True]
    ends = [
        [(x - at["0"]) / pixel for x, _ in mark.points]
        for mark in picture.sheet.marks
        if isinstance(mark, Stroke) and mark.colour in ("#0072B2", "#5A6570")
        and mark.points[0][1] == mark.points[1][1]
    ]  # fmt: skip
    assert ends == [pytest.approx(one) for one in ([4, 22], [-6, 12], [0, 0])]


def test_what_is_said_is_what_the_table_holds():
    off, unknown = both(1150)
    assert [row["switched_off"] for row in off.table] == [
        "nothing", "company", "fit", "mutual_aid_effect"
    ]  # fmt: skip
    assert off.table[1]["moved_by"] == -9.2
    assert off.description == (
        "As set now: +12 (+4 to +22). Friends <script>: +3 (−6 to +12), too close to call. "
        "How well it suits: +11, range unknown. What it does: 0, no difference at all."
    )
    assert unknown.description == (
        "linkage: peer first meeting: +2.0 where low, +14.5 where high; goes with 34% (16 to 52). "
        "mutual aid: total log hazard ratio: +9.0 where low, −3.0 where high; may be chance."
    )
    assert unknown.table[0]["key"] == "linkage.peer.first_meeting"


def test_what_may_be_chance_is_hollow():
    picture = both(1150)[1]
    diamonds = [mark for mark in picture.sheet.marks if isinstance(mark, Area)]
    assert [mark.fill == "#FFFFFF" for mark in diamonds] == [False, True]


def test_only_the_first_rows_are_told():
    many = switched_off(ROWS * 2, "x", 1, "b", 700)
    assert many.description.endswith("3 rows more in the table.")
    assert switched_off((), "x", 1, "b", 700).description == "Nobody to show."
