"""Goal seek: answers known beforehand by a plug-in, and a small run beside a fine scan."""

import math
import re
from pathlib import Path

import pytest
from rich.console import Console

import recoverysim as rs
from recoverysim import plugins, terminal_seek
from recoverysim.studies.measures import COUNTED
from recoverysim.studies.seek_plan import (
    AIMS,
    KEYS,
    TARGET_KEYS,
    load_plan,
    shipped_plans,
)
from recoverysim.terminal import NARROWEST, WIDTH
from recoverysim.yaml_strictly import read_text

OF_SPOONS = """
import numpy as np
from recoverysim.plugins import outcome, parameters, quantity

parameters(
    "spoons",
    share=quantity(0.1, "share", 0, 0.9, distribution="fixed", lever=True),
    unknown=quantity(1.0, "ratio", 0.2, 1.8, distribution="uniform"),
)


def first_of(now, share):
    return np.arange(len(now.going)) < np.round(share * len(now.going), 6)


@outcome("Has a spoon")
def has_a_spoon(now):
    return first_of(now, now.today.spoons.share)


@outcome("Has a knife")
def has_a_knife(now):
    return first_of(now, now.today.spoons.share * now.today.spoons.unknown)


@outcome("Has a fork")
def has_a_fork(now):
    return first_of(now, 4 * now.today.spoons.share * (1 - now.today.spoons.share))
"""
SIZES = {"clients": 200, "repeats": 4}


@pytest.fixture
def spoons(tmp_path):
    path = tmp_path / "spoons.py"
    path.write_text(OF_SPOONS, encoding="utf-8")
    plugins.load(path)
    yield path
    plugins.unload()


def of(measure, **aim):
    return {"lever": "spoons.share", "target": {"measure": measure, "year": 1, **aim}, **SIZES}


def test_a_known_answer_is_found_to_the_step(spoons):
    found = rs.seek(of("has_a_spoon", more=247))
    # From 0.1 to 0.347 or more: in hundredths (0.9 of range, cut in 40 or more) 0.35.
    assert found.found.setting == 0.35
    assert found.found.row.difference == pytest.approx(250)
    assert found.found.row.baseline == pytest.approx(100)
    assert found.across is None
    assert found.turns is None
    assert found.luck == (0.35, 0.35)  # nobody's luck moves a spoon
    assert found.found.sets == found.parameter_sets == 2
    assert found.in_half.setting == found.in_nine_in_ten.setting == 0.35
    assert "up to 0.35. It brings 250.0 more." in found.headline()
    assert "250.0 more" in found.said[1]


def test_fewer_is_found_downwards(spoons):
    found = rs.seek(of("has_a_spoon", fewer=55))
    assert found.found.setting == 0.04  # 0.045 or less
    assert "down to 0.04. It brings 60.0 fewer." in found.headline()


def test_levels_at_least_and_at_most(spoons):
    assert rs.seek(of("has_a_spoon", at_least=495)).found.setting == 0.5
    assert rs.seek(of("has_a_spoon", at_most=31)).found.setting == 0.03


def test_what_is_reached_as_it_is_is_said_and_nothing_more_is_lived(spoons):
    for aim in ({"at_least": 100}, {"at_most": 100}):
        found = rs.seek(of("has_a_spoon", **aim))
        assert found.reached_today
        assert (found.found, found.tried) == (None, ())
        assert "at 100: nothing has to change" in found.headline()
        assert [row["as_it_is"] for row in found.rows()] == [True]


def test_a_hump_is_said_and_its_near_side_found(spoons):
    found = rs.seek(of("has_a_fork", at_least=750))
    assert found.found.setting == 0.25  # 4 × 0.25 × 0.75 = 0.75
    assert found.turns is not None
    assert found.turns[1] == "highest"
    assert "It does not go one way" in " ".join(found.said)


def test_a_peak_between_settings_looked_at_is_found_by_a_closer_look(spoons):
    # All 200 have one where 4x(1 − x) is above 199/200: from 0.4647 to 0.5353. Of the first look
    # (0, 0.1, 0.11, 0.22, … 0.45, 0.56, … 0.9) no setting lies there.
    found = rs.seek(of("has_a_fork", at_least=999))
    assert found.found.setting == 0.47
    assert not any(0.4647 < place * 0.9 / 8 < 0.5353 for place in range(9))


def test_never_reached_says_so_with_the_most_and_where(spoons):
    found = rs.seek(of("has_a_spoon", more=900))
    assert (found.found, found.in_half) == (None, None)
    assert found.most.setting == 0.9
    assert found.most.row.difference == pytest.approx(800)
    assert "Not reached" in found.headline()
    assert "at 0.9, brings 800.0 more" in found.headline()


def test_both_sides_are_told(spoons):
    plan = of("has_a_fork", at_most=200)
    found = rs.seek(plan | {"low": 0, "high": 1}, settings={"spoons.share": 0.6})
    # 4x(1 − x) is 0.2 or less from 0.9472… on and up to 0.0527…; from 0.6 the upper is nearer.
    assert (found.found.setting, found.across.setting) == (0.95, 0.05)
    assert found.turns is None or found.turns[1] == "highest"


CHECK_UPS = {
    "lever": "aftercare.offered_share", "low": 0, "high": 1, "clients": 200, "repeats": 8,
    "target": {"measure": "in_recovery", "year": 1, "more": 2},
}  # fmt: skip


@pytest.fixture(scope="module")
def check_ups():
    return rs.seek(CHECK_UPS)


def test_in_how_many_sets_it_is_reached_is_what_their_values_say(spoons):
    """A knife for each of share × unknown: the settings follow from the unknown of each set."""
    asked = load_plan(of("has_a_knife", at_least=300) | {"repeats": 40})
    unknown = [values["spoons.unknown"] for values in asked.run.parameter_sets()]
    assert len(unknown) == 20
    found = rs.seek(asked)

    def reached(share):
        return sum(math.ceil(round(share * one * 200, 4)) >= 60 for one in unknown)

    assert [one.sets for one in found.tried] == [reached(one.setting) for one in found.tried]
    hundredths = [place / 100 for place in range(91)]
    assert found.in_half.setting == next(x for x in hundredths if reached(x) >= 10)
    assert found.in_nine_in_ten is None or found.in_nine_in_ten.setting == next(
        x for x in hundredths if reached(x) >= 18
    )
    assert (found.in_nine_in_ten is None) == (reached(0.9) < 18)
    said = f"reached there in {reached(found.found.setting)} of 20 parameter sets"
    assert said in " ".join(found.said)


def test_what_is_found_is_what_compare_says_there_and_a_step_less_falls_short(check_ups):
    plan = load_plan(CHECK_UPS)
    setting = check_ups.found.setting
    assert 0.05 < setting <= 1

    def brings(share):
        world = plan.scenario.replace({"aftercare.offered_share": share}, name="moved")
        pair = rs.compare(world, clients=200, years=1, repeats=8)
        return pair.contrasts[0].row("in_recovery", 1)

    there, before = brings(setting), brings(round(setting - 0.01, 2))
    assert there == check_ups.found.row
    assert before.difference < 2 <= there.difference


def test_a_fine_scan_of_every_setting_finds_none_much_nearer(check_ups):
    """With so few people the curve goes in small jumps, and may dip between settings looked at: a
    nearer one that reaches the target may be missed, by no more than a gap of the first look."""
    setting = check_ups.found.setting
    baseline = rs.load("baseline")
    every = [place / 100 for place in range(5, round(100 * setting) + 1)]
    worlds = [
        baseline.replace({"aftercare.offered_share": one}, name=f"at {one:g}") for one in every
    ]
    found = rs.compare(worlds, baseline=baseline, clients=200, years=1, repeats=8)
    brings = [one.row("in_recovery", 1).difference for one in found.contrasts]
    reached = [one for one, more in zip(every, brings, strict=True) if more >= 2]
    assert setting - reached[0] <= 1 / 8
    looked = {one.setting: one.row.difference for one in check_ups.tried}
    assert {one: looked[one] for one in every if one in looked} == {
        one: more for one, more in zip(every, brings, strict=True) if one in looked
    }


def nearer(check_ups, setting):
    """What was lived between now and this setting."""
    return [one for one in check_ups.tried if 0.05 <= one.setting < setting]


def at(check_ups, setting):
    return next(one for one in check_ups.tried if one.setting == setting)


def test_other_luck_reaches_from_where_it_could_be_met_to_where_it_could_not_be_missed(check_ups):
    near, far = check_ups.luck
    assert near < check_ups.found.setting < far
    assert at(check_ups, near).row.luck_high >= 2 > at(check_ups, near).row.luck_low
    assert all(one.row.luck_high < 2 for one in nearer(check_ups, near))
    assert at(check_ups, far).row.luck_low >= 2
    assert all(one.row.luck_low < 2 for one in nearer(check_ups, far))


def sets_by_hand(margin):
    """Of sets that served repeats r and r + 4: how many have a mean, luck taken out, of 0 or more.

    Half the variance within pairs is the luck in a mean of two; means are drawn in to where their
    variance is what is left of it.
    """
    pairs = margin.reshape(2, 4)
    means = pairs.mean(axis=0)
    luck = (pairs[0] - pairs[1]).var() / 4 + (pairs[0] - pairs[1]).mean() ** 2 / 4
    left = max(0.0, means.var(ddof=1) - luck)
    drawn = means.mean() + (means - means.mean()) * (left / means.var(ddof=1)) ** 0.5
    return (drawn > -1e-9).sum()


def test_sets_are_counted_with_luck_taken_out(check_ups):
    assert check_ups.parameter_sets == 4
    moved = [one for one in check_ups.tried if one.margin.reshape(2, 4).mean(axis=0).std() > 0]
    assert len(moved) > 5
    assert [one.sets for one in moved] == [sets_by_hand(one.margin) for one in moved]
    assert len({one.sets for one in moved}) > 2
    for found, many in ((check_ups.in_half, 2), (check_ups.in_nine_in_ten, 4)):
        assert found.sets >= many
        assert all(one.sets < many for one in nearer(check_ups, found.setting))


def test_moving_nothing_brings_exactly_nothing():
    """A lever that is known where it stands, set to where it stands."""
    plan = {"sets": [f"fellowships.{one}.meetings_ratio" for one in ("aa", "na")], "low": 0.5,
            "high": 2, "target": CHECK_UPS["target"], **SIZES}  # fmt: skip
    found = rs.seek(plan)
    still = next(one for one in found.tried if one.setting == 1)
    for one in (still, found.as_it_is):
        assert one.row.difference == 0
        assert (one.row.luck_low, one.row.luck_high) == (0, 0)
        assert (one.margin == -2).all()


def test_with_nothing_unknown_the_uncertain_lever_is_where_it_is_declared():
    found = rs.seek(CHECK_UPS | {"knowledge": "none", "repeats": 3})
    still = next(one for one in found.tried if one.setting == 0.05)
    assert still.row.difference == 0
    assert found.as_it_is.sets is None
    assert "parameter set" not in " ".join(found.said)
    assert "anything from" not in found.said[0]


@pytest.mark.parametrize("name", shipped_plans())
def test_shipped_plans_are_good_and_give_an_answer(name):
    plan = load_plan(name)
    assert plan.question.endswith("?")
    assert plan.low < plan.today < plan.high
    found = rs.seek(plan, clients=100, repeats=2)
    assert len(found.said) > 2


def test_there_are_three_shipped_plans():
    assert len(shipped_plans()) == 3


def test_the_guide_shows_a_shipped_plan_and_every_measure_and_its_examples_run():
    page = (Path(__file__).parent.parent / "docs" / "seek.md").read_text(encoding="utf-8")
    shown = re.search(r"```yaml\n(.*?)```", page, re.S).group(1)
    assert read_text(shown, "seek.md").content.keys() <= set(KEYS)
    names = ("question", "scenario", "lever", "low", "high", "target", "clients", "years",
             "repeats", "seed")  # fmt: skip
    plan, shipped = _plan_of(shown), load_plan("check-ups-for-five-more")
    assert (plan.settings() | {"plan": shipped.name}, plan.run) == (shipped.settings(), shipped.run)
    assert all(f"{name}:" in shown for name in names)
    for word in (*COUNTED, *AIMS, *TARGET_KEYS, "readmissions"):
        assert f"`{word}`" in page
    code = re.search(r"```python\n(.*?)```", page, re.S).group(1)
    exec(compile(code.replace("repeats=40", "repeats=2, clients=60"), "docs/seek.md", "exec"), {})


def _plan_of(text):
    def plain(value):
        inner = value.content
        return {k: plain(v) for k, v in inner.items()} if isinstance(inner, dict) else inner

    return load_plan(plain(read_text(text, "seek.md")))


def test_narrow_terminals_leave_the_range_of_luck_out(check_ups, monkeypatch, capsys):
    for width, there in ((NARROWEST, False), (WIDTH, True)):
        monkeypatch.setattr(
            terminal_seek, "console_of_width", lambda width=width: Console(width=width)
        )
        terminal_seek.print_sought(check_ups)
        table = capsys.readouterr().out.split("Setting ")[1].split("Every setting")[0]
        assert ("luck alone" in table) == there
        assert max(map(len, table.splitlines())) <= width
        assert "…" not in table


def test_sets_are_not_counted_aloud_where_luck_outweighs_them(check_ups):
    """Worked out by hand for each setting: what differs between sets beside the luck in a mean."""
    for one in check_ups.tried:
        pairs = one.margin.reshape(2, 4)
        luck = ((pairs[0] - pairs[1]) ** 2).mean() / 4
        left = max(0.0, pairs.mean(axis=0).var(ddof=1) - luck)
        assert one.sets_can_be_told(4) == (left >= luck)
    said = " ".join(check_ups.said)
    told = (check_ups.found or check_ups.most).sets_can_be_told(4)
    assert ("luck taken out" in said, "cannot be told from luck; more" in said) == (told, not told)
