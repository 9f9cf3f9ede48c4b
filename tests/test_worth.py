"""Whether a change is worth its cost: chances, cases, words and pictures; never a cost alone."""

import contextlib
import io
import sys

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import command, cost_words
from recoverysim.cells import GROUPS
from recoverysim.cost_words import Change, Worth
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies.intervals import chance_above_zero, spread
from recoverysim.studies.worth import Appraisal
from recoverysim.version import package_version

WEEKS, PEOPLE = 52, 10  # in each of the 36 cells
UNDISCOUNTED = {"costs.discount_per_year": 0.0}
approx = pytest.approx


# --- worth it? ----------------------------------------------------------------------------


def test_the_chance_by_another_route_and_in_line_with_the_interval():
    from scipy.stats import t

    plan, one_set = Plan(repeats=6, knowledge="none"), np.zeros(6, np.int64)
    values = np.array([1.0, -2.0, 3.0, 4.0, -1.0, 2.0])
    error = values.std(ddof=1) / 6**0.5
    expected = t(5, values.mean(), error).sf(0)
    assert chance_above_zero(values, one_set, plan) == approx(expected)
    assert chance_above_zero(-values, one_set, plan) == approx(1 - expected)
    assert chance_above_zero(np.zeros(6), one_set, plan) is None
    assert chance_above_zero(values[:1], one_set[:1], plan) is None
    luck = np.random.default_rng(1)
    sets, knowing = np.arange(40) % 20, Plan(repeats=40)
    for shift in np.linspace(-2, 2, 41):
        drawn = luck.normal(size=20)[sets] + luck.normal(size=40) + shift
        low, high = spread(drawn, sets, knowing).both
        chance = chance_above_zero(drawn, sets, knowing)
        if low > 0 or high < 0:
            assert not 0.025 <= chance <= 0.975
        elif min(-low, high) > 0.5:
            assert 0.02 < chance < 0.98


def test_from_many_sets_on_the_chance_is_a_share_of_sets():
    """100 sets, two repeats each alike: luck is nil, and 30 of the 100 means are above zero."""
    means = np.concatenate([np.full(70, -1.0), np.full(30, 1.0)]) + np.linspace(0, 0.1, 100)
    sets = np.tile(np.arange(100), 2)
    assert chance_above_zero(means[sets], sets, Plan(repeats=200)) == approx(0.30)


@pytest.fixture(scope="module")
def pair():
    settings = {"linkage.intensive.offered_share": 0.9, "linkage.intensive.fidelity": 1.0}
    more = load("intensive-referral").replace(settings, name="more")
    return rs.compare(more, clients=300, years=2, repeats=8, seed=3)


def test_every_group_has_every_cost_beside_deaths_and_years_of_life(pair):
    found = {(row["measure"], row["group"], row["year"]) for row in pair.rows()}
    for group in GROUPS:
        for year in (1, 2):
            for name in ("cost", "cost_per_recovery", "cost_per_qaly", "deaths", "life_years",
                         "life_years_undiscounted", "qalys", "net_benefit_lower", "staff_hours",
                         "consultations_displaced", "acceptable_at_0",
                         "acceptable_at_50000"):  # fmt: skip
                assert (name, group, year) in found
    assert all(
        "deaths" in row["unit"]
        for row in pair.rows()
        if row["measure"].startswith(("cost_per", "acceptable"))
    )


def test_the_cost_of_a_qaly_and_acceptability_follow_from_the_two_differences(pair):
    (contrast,) = pair.contrasts
    dearer, better = (contrast.row(name, 2).difference for name in ("cost", "qalys"))
    ratio = contrast.row("cost_per_qaly", 2).value
    assert ratio == (approx(dearer / better) if dearer * better > 0 else None)
    for at in (0, 20_000, 50_000):
        chance = contrast.row(f"acceptable_at_{at}", 2).value
        assert 0 <= chance <= 1
        assert (chance > 0.5) == (at * better > dearer)
    worth = Appraisal(contrast)
    assert worth.chances(2)[4] == contrast.row("acceptable_at_20000", 2).value


def test_the_same_world_twice_is_no_difference_and_no_chance():
    found = rs.compare(
        [load("baseline"), load("baseline").replace({}, name="again")],
        clients=50,
        years=1,
        repeats=4,
    )
    (contrast,) = found.contrasts
    assert contrast.row("acceptable_at_20000", 1).value is None
    assert contrast.appraisal.in_words.endswith("No difference that shows.")
    assert found.plot_acceptability()


# --- words and pictures -------------------------------------------------------------------


def a_worth(pounds=12.0, qalys=4.0, wide=False, **more):
    reach = 100.0 if wide else 1.0
    given = {
        "years": 5, "price_year": "2023/24", "perspective": "the public purse",
        "pounds": Change(pounds, pounds - reach, pounds + reach), "deaths": Change(-0.2, -1, 0.6),
        "life_years": Change(3.0, -1, 7), "qalys": Change(qalys, qalys - reach, qalys + reach),
        "ratio": (3000.0, 2000.0, 9000.0), "chances": ((20_000, 0.784), (30_000, 0.999)),
        "knowledge": "prior",
    }  # fmt: skip
    return Worth(**(given | more))


@pytest.mark.parametrize(
    ("pounds", "qalys", "said"),
    [
        (12, 4, "Dearer and better: about 3,000 pounds per QALY gained (2,000 to 9,000)."),
        (-12, -4, "Cheaper and worse: about 3,000 pounds saved per QALY lost (2,000 to 9,000)."),
    ],
)
def test_where_both_change_alike_a_qaly_has_a_price(pounds, qalys, said):
    assert cost_words.case(a_worth(pounds, qalys)) == said


@pytest.mark.parametrize(
    ("pounds", "qalys", "said"), [(12, -4, "Dearer and worse."), (-12, 4, "Cheaper and better.")]
)
def test_where_they_do_not_there_is_none(pounds, qalys, said):
    assert cost_words.case(a_worth(pounds, qalys, ratio=(None, None, None))) == said


def test_what_is_not_established_is_not_claimed():
    said = cost_words.case(a_worth(wide=True))
    assert said == (
        "On average dearer and better, but whether it costs more or less and whether people gain "
        "or lose is not established."
    )


def test_a_sentence_on_costs_holds_deaths_years_of_life_and_both_thresholds():
    said = cost_words.worth(a_worth())
    for part in ("+12 (+11 to +13) pounds each", "deaths −0.2 (−1.0 to +0.6)",
                 "years of life +3.0", "QALYs +4.0", "78% at 20,000", "over 99% at 30,000",
                 "luck and what is not known", "A death lowers cost"):  # fmt: skip
        assert part in said
    assert "luck alone" in cost_words.worth(a_worth(knowledge="none"))
    assert "too few" not in said
    unknown = a_worth(chances=((20_000, None), (30_000, None)))
    assert "cannot be told from so few repeats" in cost_words.worth(unknown)


def printed(*words):
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["recoverysim", *words])
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            command.main()
    return out.getvalue()


SMALL = ("--clients", "60", "--years", "1", "--repeats", "4")


@pytest.mark.parametrize("words", [("compare", "peer-introduction"), ("run", "baseline")])
@pytest.mark.parametrize("perspective", [0, 2])
def test_no_cost_is_printed_without_deaths_and_years_of_life(words, perspective):
    said = printed(*words, *SMALL, "--set", f"appraisal.perspective={perspective}")
    assert "Cost each" in said
    assert "Have died" in said
    assert "Years of life" in said
    assert ("crime and output" in said) == (perspective == 2)


def test_an_output_folder_has_the_curve_as_two_pictures(pair, tmp_path):
    folder = pair.write(tmp_path / "out")
    assert (folder / "acceptability.png").read_bytes().startswith(b"\x89PNG")
    drawn = (folder / "acceptability.svg").read_text(encoding="utf-8")
    for part in ("How likely each change is worth its cost", "more", "Simulated, not observed",
                 f"recoverysim {package_version()}", "A death lowers cost"):  # fmt: skip
        assert part in drawn


def test_a_saving_by_worse_lives_has_no_chance_told_of_being_worth_it():
    """Punitive medication saves money; that is told, and what it is bought with."""
    (contrast,) = rs.compare("punitive-medication", clients=1000, years=3, repeats=6).contrasts
    assert contrast.row("cost", 3).difference < 0
    assert contrast.row("qalys", 3).difference < 0
    (axis,) = rs.compare(
        "punitive-medication", clients=1000, years=3, repeats=6
    ).plot_acceptability().axes  # fmt: skip
    assert not [text for text in axis.texts if text.get_text() == "punitive-medication"]
    said = contrast.appraisal.in_words
    assert "bought with worse and shorter lives" in said
    assert "Chance that it is worth its cost" not in said
