"""The quality measure by service and by worker, against small tables worked out by hand."""

import math

import numpy as np
import polars as pl
import pytest

import recoverysim as rs
from recoverysim.studies.linkage_quality import MEASURES, linkage_quality, overdispersion

approx = pytest.approx


def people(service, went, *, substance="alcohol", repeat=0, first=0):
    """Tables of people of one service: `went` says who was connected; nothing else happened."""
    client = range(first, first + len(went))
    links = pl.DataFrame(
        {
            "repeat": repeat, "client": list(client), "service": service, "worker": 10 * service,
            **{name: went if name == "connected" else False for name in MEASURES},
        }
    )  # fmt: skip
    mix = {"earlier_contact": False, "psychiatric_need": False, "goal": "abstinence"}
    clients = pl.DataFrame(
        {"repeat": repeat, "client": list(client), "substance": substance, **mix}
    )
    return links, clients


def together(*parts):
    links, clients = zip(*parts, strict=True)
    return pl.concat(links), pl.concat(clients)


def connected(tables, by="service"):
    found = linkage_quality(*tables, by=by)
    return found.filter(pl.col("measure") == "connected").sort(by).to_dicts()


def test_share_expected_and_limits_of_two_places_alike():
    """30 of 100 in one and 50 of 100 in the other: 40% expected in both, z of -2.04 and 2.04."""
    tables = together(
        people(1, [True] * 30 + [False] * 70), people(2, [True] * 50 + [False] * 50, first=100)
    )
    low, high = connected(tables)
    assert (low["share"], high["share"]) == approx((0.3, 0.5))
    assert (low["expected"], high["expected"]) == approx((0.4, 0.4))
    z = 10 / math.sqrt(100 * 0.4 * 0.6)
    phi = (z * 0.8) ** 2 / 0.679  # the tenths at either end of (-z, z) are at -0.8 z and 0.8 z
    error = math.sqrt(phi * 0.24 / 100)
    assert (low["low_95"], low["high_95"]) == approx(
        (0.4 - 1.96 * error, 0.4 + 1.96 * error), abs=1e-4
    )
    assert high["high_99_8"] == approx(0.4 + 3.0902 * error, abs=1e-4)


def test_what_is_expected_follows_the_mix_of_people():
    """Everybody with alcohol and nobody with opioid dependence is connected, wherever they are."""
    tables = together(
        people(1, [True] * 60), people(1, [False] * 20, substance="opioids", first=60),
        people(2, [True] * 10, first=80), people(2, [False] * 30, substance="opioids", first=90),
    )  # fmt: skip
    one, other = connected(tables)
    assert (one["share"], one["expected"]) == approx((0.75, 0.75))
    assert (other["share"], other["expected"]) == approx((0.25, 0.25))


def test_fewer_than_twenty_people_are_not_shown_and_repeats_stay_apart():
    tables = together(
        people(1, [True] * 19), people(2, [True] * 20, first=19),
        people(1, [False] * 20, repeat=1, first=39),
    )  # fmt: skip
    found = connected(tables)
    assert sorted((row["repeat"], row["service"], row["share"]) for row in found) == [
        (0, 2, 1),
        (1, 1, 0),
    ]
    assert [row["expected"] for row in sorted(found, key=lambda row: row["repeat"])] == [1, 0]


def test_places_that_differ_by_chance_alone_have_no_overdispersion():
    z = np.random.default_rng(1).normal(size=10_000)
    assert overdispersion(z) == approx(1, abs=0.03)
    assert overdispersion(0.5 * z) == 1.0
    assert overdispersion(3 * z) == approx(9, rel=0.03)
    assert overdispersion(np.array([])) == 1.0


def test_by_something_else_is_refused():
    with pytest.raises(ValueError, match="service or worker"):
        linkage_quality(*people(1, [True] * 30), by="ward")


@pytest.fixture(scope="module")
def result():
    return rs.run("baseline", clients=3000, years=1, repeats=2, knowledge="none")


def test_workers_differ_more_than_chance_and_services_less(result):
    """In a whole run; with practitioners off nearly all workers are within 99.8% limits that allow
    for nothing but chance."""
    found = result.linkage_quality("worker").filter(pl.col("measure") == "offered")
    assert len(found) == 2 * 48
    assert found["share"].std() > 0.15
    assert (found["share"] == 0).any()  # workers who send nobody
    plainly = rs.run(
        rs.load("baseline").replace({"mechanisms.practitioners": False}),
        clients=3000, years=1, repeats=2, knowledge="none",
    ).linkage_quality("worker").filter(pl.col("measure") == "offered")  # fmt: skip
    assert plainly["share"].std() < 0.08
    outside = (plainly["share"] < plainly["low_99_8"]) | (plainly["share"] > plainly["high_99_8"])
    assert outside.sum() <= 2


def test_the_tables_agree_with_what_is_counted(result):
    """Of people with one episode, offers and offers not followed are those of the weekly counts."""
    links = result.links()
    assert links["not_followed"].sum() > 0
    assert not (links["not_followed"] & ~links["offered"]).any()
    assert not (links["engaged"] & links["not_followed"] & (links["kind"] == "none")).any()
    active = links["kind"].is_in(["clinician", "intensive", "peer"])
    assert (links["offered"] == active).all()


def test_a_funnel_has_a_dot_for_each_worker_and_says_that_it_judges_nobody(result):
    figure = result.plot_funnel("worker", measure="connected")
    table = result.linkage_quality("worker").filter(measure="connected", repeat=0)
    (axis,) = figure.axes
    dots = axis.lines[-1]
    assert len(dots.get_xdata()) == len(table)
    assert sorted(dots.get_xdata()) == sorted(table["people"])
    assert "never a" in figure._supxlabel.get_text()
    assert "Simulated" in figure._supxlabel.get_text()
    with pytest.raises(ValueError, match="measure should be one of"):
        result.plot_funnel(measure="obedient")
    with pytest.raises(ValueError, match="repeat 99"):
        result.plot_funnel(repeat=99)
