"""Worlds simple enough to be worked out by hand."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from scipy import stats

from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    DETOX,
    DIED_OTHER,
    DIED_OVERDOSE,
    IN_USE,
    LAPSED,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.knowledge import central_values
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS
from recoverysim.quantities import all_quantities
from tests.worlds import a_world, switched_off

FALSE_ALARM = 1e-4  # of each test here, over fresh seeds; the seeds are fixed

SAME_FOR_ALL = {
    "return_to_use.frailty_sd": 0,
    "population.psychiatric_need_share": 0,
    "population.abstinence_is_the_goal_share": 1,
    "deaths.background_rise_per_year_of_age": 0,
    "deaths.women.background": 2.5,
    "deaths.excess_rise_per_year_of_age": 0,
    "deaths.women_excess_ratio": 1,
    "deaths.first_weeks_on_medication_ratio": 1,
    "network.kind": "none",
    **switched_off(
        "duration_dependence", "mutual_aid_effect", "company", "capital", "readiness",
        "lost_tolerance", "aftercare", "recovery_housing", "recovery_centres",
    ),
}  # fmt: skip


def only(substance: str) -> dict[str, float]:
    """Everybody has the same substance."""
    return {
        f"population.{name}.substance_share": float(name == substance)
        for name in ("alcohol", "opioids", "stimulants")
    }


class Chain:
    """The weekly transition chain of one kind of person, from the parameters alone.

    A state is (stage, modality, use). It is written from the description of the week, not from the
    rules: probabilities are multiplied along the order in which things happen.
    """

    def __init__(self, substance: str, settings: dict[str, float]) -> None:
        self.values = central_values() | settings
        self.substance = substance

    def __call__(self, key: str) -> float:
        return self.values[key.format(s=self.substance)]

    def first_use(self) -> float:
        """The constant hazard that gives the same share at a year."""
        until = math.log(
            1 + (52 / self("return_to_use.{s}.scale_weeks")) ** self("return_to_use.shape")
        )
        return until / 52

    def first_year(self, curve: Callable[[int], float]) -> float:
        """The constant that stands for a curve: its mean over 52 weeks."""
        return sum(curve(week) for week in range(52)) / 52

    def use_changes(self, modality: str, use: int, *, out_of_care: bool) -> dict[int, float]:
        """A week of abstinence, lapse or use."""
        if use == ABSTINENT:
            ratio = {
                "medication": self("return_to_use.on_medication_hazard_ratio"),
                "psychosocial": self("return_to_use.in_treatment_hazard_ratio"),
            }.get(modality, 1.0)
            used = 1 - math.exp(-self.first_use() * ratio)
            lapse = self("return_to_use.{s}.lapse_share")
            return {ABSTINENT: 1 - used, LAPSED: used * lapse, IN_USE: used * (1 - lapse)}
        if use == LAPSED:
            over = self("return_to_use.lapse_is_got_over_per_week")
            on = (1 - over) * self("return_to_use.{s}.lapse_becomes_return_per_week")
            return {ABSTINENT: over, IN_USE: on, LAPSED: 1 - over - on}
        hazard = self("becoming_abstinent.{s}.per_week") * self.first_year(
            lambda week: (
                (1 + week / self("becoming_abstinent.slows_after_weeks"))
                ** -self("becoming_abstinent.slows_with_power")
            )
        )
        if modality in ("psychosocial", "medication"):
            hazard *= self("becoming_abstinent.in_treatment_ratio")
        if out_of_care:
            hazard += math.log(2) / (52 * self("remission_without_help.{s}.half_life_years"))
            peak = self("remission_without_help.crisis_peak_per_week")
            lasts = self("remission_without_help.crisis_half_life_weeks")
            hazard += self.first_year(lambda week: peak * 0.5 ** (week / lasts))
        return {ABSTINENT: 1 - math.exp(-hazard), IN_USE: math.exp(-hazard)}

    def lived(self, state):
        """Where a week in a stage leads, before places are allotted."""
        stage, modality, use = state
        out: dict[tuple, float] = defaultdict(float)
        if stage == USING:
            for after, chance in self.use_changes("", use, out_of_care=True).items():
                if after == ABSTINENT:
                    out[COMMUNITY, "", ABSTINENT] += chance
                else:
                    help_ = 1 - math.exp(-self("using.{s}.seeks_help_per_week"))
                    out[WAITING, "", IN_USE] += chance * help_
                    out[USING, "", IN_USE] += chance * (1 - help_)
        elif stage == WAITING:
            up = self("waiting.gives_up_per_week")
            for after, chance in self.use_changes("", use, out_of_care=False).items():
                out[USING if after == IN_USE else COMMUNITY, "", after] += chance * up
                out[WAITING, "", after] += chance * (1 - up)
        elif stage == COMMUNITY:
            for after, chance in self.use_changes("", use, out_of_care=False).items():
                asks = self("community.asks_for_help_in_a_lapse_per_week")
                if after == IN_USE:
                    out[USING, "", IN_USE] += chance
                elif after == LAPSED:
                    out[WAITING, "", LAPSED] += chance * asks
                    out[COMMUNITY, "", LAPSED] += chance * (1 - asks)
                else:
                    out[COMMUNITY, "", ABSTINENT] += chance
        elif stage == DETOX:
            self.detox(out)
        elif stage == TREATMENT:
            self.treatment(out, modality, use)
        return out

    def detox(self, out):
        length = self("detox.{s}.lasts_weeks")
        leaves = 1 - self("detox.{s}.completed_share") ** (1 / length)
        at_once = self("return_to_use.at_once_after_leaving_early_share")
        out[USING, "", IN_USE] += leaves * at_once
        out[COMMUNITY, "", ABSTINENT] += leaves * (1 - at_once)
        ends = (1 - leaves) / length
        on, home = self("detox.goes_on_to_treatment_share"), self("detox.on_to_residential_share")
        out[TREATMENT, "residential", ABSTINENT] += ends * on * home
        out[TREATMENT, "psychosocial", ABSTINENT] += ends * on * (1 - home)
        out[COMMUNITY, "", ABSTINENT] += ends * (1 - on)
        out[DETOX, "", ABSTINENT] += (1 - leaves) * (1 - 1 / length)

    def treatment(self, out, modality, use):
        now = {use: 1.0}
        if modality != "residential":
            now = self.use_changes(modality, use, out_of_care=False)
        retained = self(f"treatment.{modality}.retained_share")
        drops = 1 - retained ** (1 / self(f"treatment.{modality}.retained_at_weeks"))
        ends = (1 - drops) / self(f"treatment.{modality}.planned_end_weeks")
        at_once = self("return_to_use.at_once_after_leaving_early_share")
        for after, chance in now.items():
            planned = 0.0
            if modality == "medication" and after == ABSTINENT:
                planned = drops * self("treatment.leaves_medication_as_planned_share")
            home = (USING if after == IN_USE else COMMUNITY, "", after)
            early = chance * (drops - planned)
            if after == ABSTINENT and modality != "psychosocial":
                out[USING, "", IN_USE] += early * at_once
                early *= 1 - at_once
            out[home] += early + chance * (planned + ends)
            stays = chance * (1 - drops - ends)
            if after == IN_USE:
                change = 0.0
                if self.substance == "opioids" and modality == "psychosocial":
                    change = self("treatment.changes_to_medication_per_week")
                asks = (1 - change) * self("treatment.asks_for_detox_per_week")
                out[TREATMENT, "medication", after] += stays * change
                out[DETOX, "", ABSTINENT] += stays * asks
                stays *= 1 - change - asks
            out[TREATMENT, modality, after] += stays

    def places(self, state):
        """Whoever waits is found a place, at once or not this week."""
        if state[0] != WAITING:
            return {state: 1.0}
        started = self("care.started_within_a_week_share")
        detox = self("care.{s}.detox_first_share")
        detox *= self("care.detox_first_if_abstinence_is_the_goal_ratio")
        detox *= state[2] != ABSTINENT
        away = self("care.{s}.residential_share")
        medicated = self("care.medication_share") if self.substance == "opioids" else 0.0
        rest = started * (1 - detox)
        return {
            state: 1 - started,
            (DETOX, "", ABSTINENT): started * detox,
            (TREATMENT, "residential", ABSTINENT): rest * away,
            (TREATMENT, "medication", state[2]): rest * (1 - away) * medicated,
            (TREATMENT, "psychosocial", state[2]): rest * (1 - away) * (1 - medicated),
        }

    def dies(self, state) -> dict[int, float]:
        """Probability of dying of either cause in the week, in the state that was reached."""
        _, modality, use = state
        if modality == "medication":
            overdose = self("deaths.overdose_on_medication")
            excess = self("deaths.excess_on_medication")
        else:
            overdose = self(
                "deaths.overdose_abstinent" if use == ABSTINENT else "deaths.{s}.overdose_using"
            )
            excess = self("deaths.{s}.excess_using")
            if use != IN_USE:
                name = "excess_abstinent_ratio" if use == ABSTINENT else "excess_lapsed_ratio"
                excess *= self("deaths.{s}." + name)
        overdose *= self("deaths.overdose_level")
        other = self("deaths.men.background") + excess
        chance = 1 - math.exp(-(overdose + other) / 52_000)
        share = overdose / (overdose + other)
        return {DIED_OVERDOSE: chance * share, DIED_OTHER: chance * (1 - share)}

    def weeks(self) -> Iterator[dict[tuple, float]]:
        """Shares of people by stage, modality and use, and of those who died by cause, for ever."""
        shares: dict[tuple, float] = dict(self.places((WAITING, "", IN_USE)))
        while True:
            yield shares
            following: dict[tuple, float] = defaultdict(float)
            for state, share in shares.items():
                if state[0] == DEAD:
                    following[state] += share
                    continue
                for lived, first in self.lived(state).items():
                    for placed, second in self.places(lived).items():
                        deaths = self.dies(placed)
                        following[placed] += share * first * second * (1 - sum(deaths.values()))
                        for cause, dies in deaths.items():
                            following[DEAD, cause] += share * first * second * dies
            shares = following


def where_people_are(people: np.ndarray) -> Counter:
    """How many people there are in each state of the chain."""
    modality = ("residential", "psychosocial", "medication", "")
    return Counter(
        (DEAD, int(one["cause"]))
        if one["stage"] == DEAD
        else (int(one["stage"]), modality[one["modality"]], int(one["use"]))
        for one in people[["stage", "modality", "use", "cause"]]
    )


LOOKED_AT = (0, 1, 13, 52, 156)

DEADLY = {
    key: 20 * quantity.value
    for key, quantity in all_quantities().items()
    if key.startswith("deaths.") and quantity.unit == "per 1,000 person-years"
}
DEADLY["deaths.women.background"] = DEADLY["deaths.men.background"]


@pytest.mark.parametrize(
    ("substance", "changes"),
    [
        ("alcohol", {}),
        ("opioids", {}),
        ("stimulants", {}),
        ("alcohol", {"care.alcohol.residential_share": 1}),
        ("opioids", {"care.medication_share": 1}),
        ("opioids", DEADLY),
        ("alcohol", DEADLY),
    ],
    ids=["alcohol", "opioids", "stimulants", "residential", "medication", "deadly", "deadly drink"],
)
def test_people_are_where_the_matrix_power_of_the_transition_chain_has_them(substance, changes):
    """100,000 unconnected people, by stage, modality and use, and who died by cause.

    The false alarm of each run is that of the file, shared by the weeks looked at. With some 15
    cells, 0.014 of all people more or fewer in a cell that holds half of them would be seen in
    99.8% of seeds, and 0.004 in one that holds 2%. The rarest cells are taken together until 10
    people are expected in them.
    """
    settings = SAME_FOR_ALL | only(substance) | {"care.started_within_a_week_share": 0.6} | changes
    world = a_world(clients=100_000, settings=settings, years=3)
    chain = Chain(substance, {k: v for k, v in settings.items() if k in all_quantities()})
    for week, shares in zip(range(LOOKED_AT[-1] + 1), chain.weeks(), strict=False):
        if week not in LOOKED_AT:
            continue
        world.run_for(week - world.week)
        assert sum(shares.values()) == pytest.approx(1)
        seen = where_people_are(world.clients)
        assert set(seen) <= {state for state, share in shares.items() if share > 0}
        found, expected = [], []
        people = few = 0.0
        for state, share in sorted(shares.items(), key=lambda one: one[1]):
            people, few = people + 100_000 * share, few + seen[state]
            if people >= 10:
                found.append(few)
                expected.append(people)
                people = few = 0.0
        chance = stats.chisquare(found, expected).pvalue
        assert chance > FALSE_ALARM / len(LOOKED_AT), f"week {week}: {found} against {expected}"


def test_first_use_follows_the_log_logistic_curve():
    """Alone, without frailty: the share still abstinent after discharge is 1 / (1 + (t/s)^k)."""
    alone = {key: value for key, value in SAME_FOR_ALL.items() if "duration" not in key}
    settings = alone | only("alcohol") | {
        "care.started_within_a_week_share": 1, "care.alcohol.detox_first_share": 1,
        "detox.alcohol.completed_share": 1, "detox.goes_on_to_treatment_share": 0,
        "deaths.overdose_level": 0, "deaths.alcohol.excess_using": 0,
        "deaths.men.background": 0, "deaths.women.background": 0,
    }  # fmt: skip
    world = a_world(clients=50_000, weeks=58, settings=settings, years=2)
    scale, shape = 12, 1.05
    for week in (1, 4, 13, 26, 52):
        seen = world.counts[2 + week].sum(axis=0)
        kept = 1 / (1 + (week / scale) ** shape)
        still = int(seen[world_column("since_discharge")])
        assert stats.binomtest(still, 50_000, kept).pvalue > FALSE_ALARM / 5


def world_column(name: str) -> int:
    from recoverysim.outcomes import AT

    return AT[name]


@pytest.mark.parametrize("modality", ["residential", "medication"])
def test_retention_follows_its_curve(modality):
    values = central_values()
    settings = only("opioids") | {
        "care.started_within_a_week_share": 1, "care.opioids.detox_first_share": 0,
        "care.opioids.residential_share": float(modality == "residential"),
        "care.medication_share": 1, "treatment.asks_for_detox_per_week": 0,
        "using.opioids.seeks_help_per_week": 0,
        "community.asks_for_help_in_a_lapse_per_week": 0,
        "deaths.overdose_level": 0, "deaths.excess_on_medication": 0,
        "deaths.opioids.excess_using": 0, "deaths.men.background": 0, "deaths.women.background": 0,
    }  # fmt: skip
    world = a_world(clients=40_000, weeks=60, settings=settings, years=2)
    at = values[f"treatment.{modality}.retained_at_weeks"]
    for week in (1, 4, 11) if modality == "residential" else (4, 26, 52):
        shape = values[f"treatment.{modality}.retention_shape"]
        kept = values[f"treatment.{modality}.retained_share"] ** ((week / at) ** shape)
        seen = int(world.counts[week].sum(axis=0)[world_column(f"treatment_{modality}")])
        assert stats.binomtest(seen, 40_000, kept).pvalue > FALSE_ALARM / 3


@pytest.mark.parametrize("kind", ["none", "leaflet", "clinician", "intensive", "peer"])
def test_a_kind_of_linkage_brings_people_to_a_first_meeting_at_its_own_rate(kind):
    """Average readiness, no earlier contact, 12 weeks: the meaning of `first_meeting`."""
    others = {
        f"linkage.{k}.offered_share": 0 for k in ("leaflet", "clinician", "intensive", "peer")
    }
    settings = others | {
        "population.earlier_contact_share": 0, "deaths.overdose_on_medication": 0,
        "care.started_within_a_week_share": 1, f"linkage.{kind}.offered_share": 1,
        f"linkage.{kind}.fidelity": 1,
        **{key: 0 for key in all_quantities() if key.startswith("deaths.") and ".other_" in key},
        **switched_off("readiness", "fit"),
    }  # fmt: skip
    world = a_world(clients=30_000, weeks=WINDOW_WEEKS, settings=settings, years=1)
    seen = int(world.counts[WINDOW_WEEKS].sum(axis=0)[world_column("ever_attended")])
    rate = central_values()[f"linkage.{kind}.first_meeting"]
    assert stats.binomtest(seen, 30_000, rate).pvalue > FALSE_ALARM
