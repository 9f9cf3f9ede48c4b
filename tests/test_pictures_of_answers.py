"""Curves, the chain of why, cost beside lives, company, months: their numbers are the answer's."""

import pytest

from recoverysim.pictures.beside_cost import cost
from recoverysim.pictures.curves_over_time import curves
from recoverysim.pictures.looks import WORLDS
from recoverysim.pictures.sheet import Area, Disc, Stroke, Text
from recoverysim.pictures.stages import sankey, stages
from recoverysim.pictures.told import told
from recoverysim.pictures.who_knows_whom import network
from recoverysim.pictures.why_chain import why
from tests.answers import answer, flows, months, some_network


def texts(picture):
    return [mark for mark in picture.sheet.marks if isinstance(mark, Text)]


def test_cards_tell_of_today_too():
    made = answer(3)
    assert told(made, 0, "in_recovery", 10) == 318
    assert told(made, 1, "in_recovery", 10) == 325
    assert told(made, 2, "in_recovery", 10) == 332
    assert told(made, 2, "in_recovery", 5) is None


def test_curves_say_the_numbers_of_cards():
    made = answer(2)
    picture = curves(made)
    said = [mark.said for mark in texts(picture)]
    assert "peer-introduction 325" in said
    assert "Today 318" in said
    assert picture.description == (
        "In recovery after 10 years (extrapolated), in every 1,000 people: "
        "Today 318, peer-introduction 325."
    )
    rows = [row for row in picture.table if row["world"] == "Today"]
    curve = made.worlds[0].curves[0]
    assert [row["mean_per_1000"] for row in rows] == list(curve.mean)
    assert [row["high"] for row in rows] == list(curve.high)
    assert [row["luck_low"] for row in rows] == list(curve.luck_low)


def test_curves_are_drawn_to_scale():
    """From the scale's own ticks: 0 at the foot, 300 above, a mean where it belongs."""
    made = answer(2)
    picture = curves(made)
    at = {mark.said: mark.y - 4 for mark in texts(picture) if mark.said in ("0", "300")}
    line = next(
        mark for mark in picture.sheet.marks
        if isinstance(mark, Stroke) and mark.css == "mean world-1"
    )  # fmt: skip
    end = line.points[-1][1]
    foot = max(y for _, y in line.points)
    a_person = (foot - at["300"]) / 300
    assert (foot - end) / a_person == pytest.approx(made.worlds[1].curves[0].mean[-1], abs=0.5)
    assert line.dash == ()
    bands = [mark for mark in picture.sheet.marks if isinstance(mark, Area) and mark.opacity < 1]
    assert [mark.css for mark in bands] == ["band", "band-luck"] * 2


def test_after_three_years_curves_are_marked_as_extrapolated():
    assert "extrapolated" in [mark.said for mark in texts(curves(answer(2)))]
    assert any("extrapolated: no randomised" in one for one in curves(answer(2)).said)


def test_many_worlds_have_bars_in_place_of_bands():
    picture = curves(answer(4))
    assert "Bars at the end" in picture.subtitle
    assert not [mark for mark in picture.sheet.marks if getattr(mark, "css", "").startswith("band")]
    upright = [
        mark for mark in picture.sheet.marks
        if isinstance(mark, Stroke) and len(mark.points) == 2
        and mark.points[0][0] == mark.points[1][0] and mark.colour == WORLDS[3].colour
    ]  # fmt: skip
    assert len(upright) == 2


def test_worlds_are_told_apart_without_colour():
    assert len({(one.dash, one.sign) for one in WORLDS}) == len(WORLDS)


def test_why_says_each_step_in_every_world():
    picture = why(answer(2), 10)
    said = [mark.said for mark in texts(picture)]
    for number in ("150", "450", "120", "141", "21.4%", "22.7%", "71.2%", "70.6%"):
        assert number in said
    assert picture.description.startswith(
        "Offered a link of every 1,000 people: Today 150, peer-introduction 450."
    )
    assert [row["value"] for row in picture.table[:2]] == [150.0, 450.0]
    rows = why(answer(3), 10)
    assert {"intensive-referral", "750"} <= {mark.said for mark in texts(rows)}
    assert len(rows.table) == 12
    with pytest.raises(KeyError):
        why(answer(2), 3)


def test_cost_is_never_alone_and_ties_are_called_ties():
    picture = cost(answer(2), 10)
    said = [mark.said for mark in texts(picture)]
    assert {"Deaths", "Years of life", "Cost to services"} <= set(said)
    assert {"−0.9", "+3.1", "+£42"} <= set(said)
    assert "too close to call: −2.6 to +0.8" in said
    assert "deaths −0.9 (−2.6 to +0.8, too close to call)" in picture.description
    assert "cost to services +£42 (+£11 to +£77)" in picture.description
    settled = {row["measure"]: row["settled"] for row in picture.table}
    assert settled == {"deaths": False, "life_years": True, "cost": True}
    assert cost(answer(1), 10).table == ()


def test_cost_whiskers_are_to_scale():
    """11 to 77 pounds, 42 in the middle: as far apart on the sheet as in number."""
    picture = cost(answer(2), 10, width=1100)
    zero, ends = [], []
    for mark in picture.sheet.marks:
        if isinstance(mark, Stroke) and mark.points[0][0] > 740:
            if mark.width == 3:
                ends = [x for x, _ in mark.points]
            elif mark.dash:
                zero = [mark.points[0][0]]
    dot = next(
        mark for mark in picture.sheet.marks if isinstance(mark, Disc) and mark.x > 740
    )  # fmt: skip
    a_pound = (ends[1] - ends[0]) / (77 - 11)
    assert dot.x - zero[0] == pytest.approx(42 * a_pound)
    assert ends[0] - zero[0] == pytest.approx(11 * a_pound)


def test_network_leaves_out_who_has_died():
    """Of 40 two have died: with three ties of a ring gone (2-3, 3-4, 4-5), 37 are left."""
    picture = network(some_network())
    people = [mark for mark in picture.sheet.marks if getattr(mark, "css", "") == "person"]
    assert len(people) == 2 * 38
    assert {3, 4}.isdisjoint(mark.key for mark in people)
    assert sum(row["ties"] for row in picture.table if row["world"] == "Today") == 2 * 37
    assert "People who have died are not shown (2, 2)." in picture.description
    # In recovery today: every fourth but number 4; going: every third but number 3.
    assert "Today: of 38 people shown, 9 are in recovery, 13 go to mutual aid." in (
        picture.description
    )
    ties = [mark for mark in picture.sheet.marks if isinstance(mark, Stroke)]
    assert len(ties) == 37 + (37 + 36)  # the tie to the one after: four are gone


def test_months_add_up_and_the_gap_is_who_died():
    made = months()
    picture = stages(made)
    assert picture.description.endswith("100 have died.")
    assert "After 5 years: in recovery 275" in picture.description
    total = sum(row["per_1000"] for row in picture.table if row["month"] == 60)
    assert total == pytest.approx(900)
    bands = {
        mark.css: mark.points for mark in picture.sheet.marks
        if isinstance(mark, Area) and mark.css.startswith("place ")
    }  # fmt: skip
    assert len(bands) == 7
    ys = [y for points in bands.values() for _, y in points]
    top, foot = min(ys), max(ys)
    count = len(made.months)
    off_at_end = bands["place off"][count][1]  # the first point of the upper line, drawn backwards
    assert (foot - off_at_end) / (foot - top) == pytest.approx(0.9)


def test_flows_are_as_thick_as_people():
    picture = sankey(flows())
    ribbons = [mark for mark in picture.sheet.marks if getattr(mark, "css", "") == "flow"]
    thick = [abs(mark.points[0][1] - mark.points[-1][1]) for mark in ribbons]
    # Four flows and none to those who died; from "off" first, then from treatment.
    assert [one / thick[0] for one in thick] == pytest.approx([1, 80 / 300, 350 / 300, 220 / 300])
    assert picture.description.endswith("50 have died.")
    assert "In recovery".lower() in picture.description
