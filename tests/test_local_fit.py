"""What local files set: numbers worked out by hand, and what is then today's in the area."""

import hashlib
import json
import math
import re

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.codes import CLINICIAN, INTENSIVE
from recoverysim.codes import PEER as PEER_GOES_ALONG
from recoverysim.knowledge import central_values
from recoverysim.local.templates import template
from recoverysim.quantities import all_quantities
from recoverysim.world import World

DECLARED = central_values()
OPEN = "arrivals: {over_weeks: 520, at_the_start_share: 0.1}\n"
PEER = "linkage.peer.offered_share"


@pytest.fixture
def area(tmp_path):
    """A scenario with these local files: `area(people=..., services=..., more=...)`."""

    def made(people: str = "", services: str = "", more: str = "", name: str = "area"):
        text = f"name: {name}\nquestion: Why?\n{more}\n"
        for key, content in (("population", people), ("services", services)):
            if content:
                (tmp_path / f"{key}.csv").write_text(content, encoding="utf-8")
                text += f"{key}: {{from: {key}.csv}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return rs.load(tmp_path / f"{name}.yaml")

    return made


def totals(*rows: str) -> str:
    return "\n".join(["characteristic,value,people,of", *rows]) + "\n"


def services(*rows: str, columns: str = "") -> str:
    return "\n".join([f"code,kind,started_a_year{columns}", *rows]) + "\n"


def set_by(scenario) -> dict[str, float]:
    return dict(scenario.today)


# --- who comes ----------------------------------------------------------------------------


def test_shares_are_counts_by_counts_to_the_nearest_five(area):
    """121, 62 and 17 people count as 120, 60 and 15 of 195."""
    found = set_by(
        area(totals("substance,alcohol,121,", "substance,opioids,62,", "substance,other,17,"))
    )
    assert found == {
        "population.alcohol.substance_share": pytest.approx(120 / 195, abs=5e-4),
        "population.opioids.substance_share": pytest.approx(60 / 195, abs=5e-4),
        "population.stimulants.substance_share": pytest.approx(15 / 195, abs=5e-4),
    }


def test_of_main_substances_nobody_is_nobody(area):
    found = area(totals("substance,alcohol,300,"))
    assert [value for _, value in found.today] == [1, 0, 0]
    clients = a_world_of(found).clients
    assert (clients["substance"] == 0).all()


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (("sex,women,45,", "sex,men,55,"), "women_share"),
        (("mental_health_need,yes,45,", "mental_health_need,no,55,"), "psychiatric_need_share"),
        (("injecting,yes,45,", "injecting,no,55,opioids"), "injecting_share"),
        (("goal,abstinence,45,", "goal,stability,55,"), "abstinence_is_the_goal_share"),
        (("earlier contact,yes,45,", "earlier_contact,no,55,"), "earlier_contact_share"),
        (("goes_to_mutual_aid,yes,45,", "goes_to_mutual_aid,no,55,"), "member_at_entry_share"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_each_characteristic_sets_its_own_number_and_no_other(area, rows, key):
    assert set_by(area(totals(*rows))) == {f"population.{key}": 0.45}


def test_faith_sets_two(area):
    rows = ("faith,religious,20,", "faith,unsure,30,", "faith,none,50,")
    assert set_by(area(totals(*rows))) == {
        "population.religious_share": 0.2, "population.unsure_share": 0.3,
    }  # fmt: skip


def test_a_characteristic_of_fewer_than_twenty_people_is_left_as_declared(area):
    found = area(totals("sex,women,40,", "sex,men,60,", "goal,abstinence,9,", "goal,stability,10,"))
    assert set(set_by(found)) == {"population.women_share"}
    assert "left as declared" in "\n".join(found.local_report())


def test_injecting_is_of_people_with_opioid_dependence(area):
    """10 of 20 inject; it is not asked of the 40 people with alcohol dependence."""
    rows = [f"C{n},opioids,{'yes' if n < 10 else 'no'}" for n in range(20)]
    rows += [f"C{n},alcohol,yes" for n in range(20, 60)]
    found = area("code,substance,injecting\n" + "\n".join(rows))
    assert set_by(found)["population.injecting_share"] == 0.5


def test_ages_of_clients_by_substance_and_the_spread_around_them(area):
    """Each substance has 30 and 50 alike often: means 40.5 and, ten years on, 50.5 (somebody of 30
    is 30.5 on average); variance n/(n-1) × 100, less a twelfth, in each; 10.0 rounded."""
    rows = [f"C{n},alcohol,{30 + 20 * (n % 2)}" for n in range(40)]
    rows += [f"C{n},opioids,{40 + 20 * (n % 2)}" for n in range(40, 80)]
    rows += [f"C{n},stimulants,22" for n in range(80, 90)]  # too few to say
    found = set_by(area("code,substance,age\n" + "\n".join(rows)))
    assert {key: value for key, value in found.items() if "age" in key} == {
        "population.alcohol.mean_age": 40.5, "population.opioids.mean_age": 50.5,
        "population.age_sd": 10.0,
    }  # fmt: skip


def test_ages_in_bands_are_their_middles_less_the_spread_within(area):
    """Bands 20-29 and 40-49 of 50 each: middles 25 and 45, mean 35, variance 100 × 100/99 less
    10²/12 = 92.7, sd 9.6, which is 9.5 to the nearest half."""
    rows = ("age,20-29,50,opioids", "age,40 to 49,50,opioids")
    found = set_by(area(totals(*rows)))
    assert found == {"population.opioids.mean_age": 35.0, "population.age_sd": 9.5}


def test_ages_of_everybody_together_move_all_means_alike(area):
    """Declared means 46, 42, 35 at shares 0.30, 0.44, 0.26: 41.38 in all. Everybody is 45.38 (to
    the nearest half 45.5) here, so all are 4.12 older, to the nearest half; the spread between
    substances, 17.16, is taken from the variance: √(12² − 17.16) = 11.26, rounded to 11.5."""
    shares, means = np.array([0.30, 0.44, 0.26]), np.array([46.0, 42.0, 35.0])
    mean = (shares * means).sum()
    between = (shares * (means - mean) ** 2).sum()
    assert (mean, between) == (pytest.approx(41.38), pytest.approx(17.16, abs=0.005))
    ages = [33, 57] * 60  # mean 45.5, variance 144 × 120/119 − 1/12 = 145.1: sd 12.05, 12 rounded
    found = set_by(area("age\n" + "\n".join(map(str, ages))))
    assert found == {
        "population.alcohol.mean_age": 50.0, "population.opioids.mean_age": 46.0,
        "population.stimulants.mean_age": 39.0, "population.age_sd": 11.5,
    }  # fmt: skip


def a_world_of(scenario, clients=4000):
    return World(scenario, DECLARED, clients, 3, years=1)


def test_simulated_people_are_like_those_of_the_file(area):
    rows = (
        "substance,alcohol,600,", "substance,opioids,300,", "substance,stimulants,100,",
        "sex,women,700,", "sex,men,300,", "age,20-29,500,alcohol", "age,30-39,500,alcohol",
    )  # fmt: skip
    people = a_world_of(area(totals(*rows))).clients
    sampling = 4 * math.sqrt(0.25 / len(people))
    assert np.mean(people["substance"] == 0) == pytest.approx(0.6, abs=sampling)
    assert np.mean(people["female"]) == pytest.approx(0.7, abs=sampling)
    alcohol = people["age"][people["substance"] == 0]
    assert alcohol.mean() == pytest.approx(30, abs=0.5)


# --- services -----------------------------------------------------------------------------


def test_places_are_scaled_as_people_are(area):
    """Of 1,000 people 900 come over 520 weeks, 90 a year; the area has 300 new ones a year and 12
    places: a place for every 25, so 3.6 for 90."""
    text = services("S1,detox,400,300,12", columns=",new_a_year,places")
    found = set_by(area(services=text, more=OPEN))
    assert found == {"places.detox.per_1000": pytest.approx(3.6, abs=2e-6)}


def test_a_run_as_large_as_the_area_has_its_places_and_not_one_fewer(area):
    for new, places in ((300, 12), (470, 3), (7919, 613), (101, 7)):
        text = services(f"S1,detox,{new},{new},{places}", columns=",new_a_year,places")
        found = area(services=text, more=OPEN)
        clients = int(re.search(r"--clients (\d+)", "\n".join(found.local_report()))[1])
        per_1000 = set_by(found)["places.detox.per_1000"]
        assert int(per_1000 * clients / 1000) == places


def test_without_new_people_all_who_start_count_and_that_is_said(area):
    found = area(services=services("S1,detox,300,12", columns=",places"), more=OPEN)
    assert set_by(found) == {"places.detox.per_1000": pytest.approx(3.6, abs=2e-6)}
    assert "new_a_year is not given" in "\n".join(found.local_report())


def test_places_follow_how_people_come_wherever_that_is_set(area, tmp_path):
    text = services("S1,detox,300,300,12", columns=",new_a_year,places")
    found = area(services=text, more=OPEN)
    faster = found.replace({"arrivals.over_weeks": 260})
    assert set_by(faster)["places.detox.per_1000"] == pytest.approx(7.2, abs=2e-6)
    (tmp_path / "child.yaml").write_text("extends: area.yaml\narrivals.at_the_start_share: 0.55")
    child = rs.load(tmp_path / "child.yaml")
    assert set_by(child)["places.detox.per_1000"] == pytest.approx(1.8, abs=2e-6)
    assert len({found.hash(), faster.hash(), child.hash()}) == 3


def test_where_all_start_together_places_stay_without_limit_and_that_is_said(area):
    text = services("S1,detox,300,12,3,2", columns=",places,wait_weeks,peer_introductions_a_week")
    found = area(services=text)
    assert set(set_by(found)) == {"care.started_within_a_week_share"}
    assert not found.has_limits
    assert "arrivals.over_weeks" in "\n".join(found.local_report())


def test_the_mean_wait_gives_the_share_who_start_in_a_week(area):
    """Waits of 1 and 4 weeks of 300 and 100 people: 1.75 on average; 1 − exp(−1/1.75) = 0.4353.
    The declared share comes out of its own source: a mean wait of 1.8 days."""
    text = services("S1,medication,300,1", "S2,psychosocial,100,4", columns=",wait_weeks")
    assert set_by(area(services=text)) == {"care.started_within_a_week_share": 0.4353}
    at_once = services("S1,medication,300,0", columns=",wait_weeks")
    assert set_by(area(services=at_once)) == {"care.started_within_a_week_share": 1.0}
    england = services(f"S1,medication,300,{1.8 / 7:.4f}", columns=",wait_weeks")
    share = set_by(area(services=england))["care.started_within_a_week_share"]
    assert share == pytest.approx(DECLARED["care.started_within_a_week_share"], abs=0.002)


def test_links_now_are_shares_of_people_offered_nothing_more_active(area):
    """300 people at 10% intensive, 20% peer, 35% clinician, 7% leaflet, and 100 at none: in all
    7.5%, 15%, 26.25%, 5.25%; then 15/92.5, 26.25/77.5, 5.25/51.25."""
    text = services(
        "S1,medication,300,0.1,0.2,35%,0.07", "S2,psychosocial,100,,,,0", "S3,detox,600,,,,",
        columns=",intensive_share,peer_share,clinician_share,leaflet_share",
    )  # fmt: skip
    assert set_by(area(services=text)) == {
        "linkage.intensive.offered_share": 0.075,
        PEER: round(15 / 92.5, 4),
        "linkage.clinician.offered_share": round(26.25 / 77.5, 4),
        "linkage.leaflet.offered_share": round(5.25 / 51.25, 4),
    }


def test_links_now_come_out_of_a_world(area):
    """What simulated people were last offered a month after all began is what the file says."""
    text = services(
        "S1,medication,300,0.05,0.3,0.25",
        columns=",intensive_share,peer_share,clinician_share",
    )
    found = area(services=text).replace({"mechanisms.practitioners": False})
    world = a_world_of(found)
    world.run_for(4)
    linked = world.clients[world.clients["episodes"] == 1]
    shares = [np.mean(linked["link"] == kind) for kind in (INTENSIVE, PEER_GOES_ALONG, CLINICIAN)]
    assert shares == pytest.approx([0.05, 0.3, 0.25], abs=4 * math.sqrt(0.25 / len(linked)))


def test_first_care_is_scaled_so_that_new_people_start_as_the_area_says(area):
    """By hand: of 1,000 new people 120 start in detox, 30 residential, 200 on medication. With the
    shares found, the model's own arithmetic gives the same back."""
    rows = ("S1,detox,120,120", "S2,residential,30,30", "S3,psychosocial,650,650",
            "S4,medication,200,200")  # fmt: skip
    found = DECLARED | set_by(area(services=services(*rows, columns=",new_a_year")))
    detox = residential = medication = 0.0
    goal = DECLARED["population.abstinence_is_the_goal_share"]
    for name in ("alcohol", "opioids", "stimulants"):
        share = DECLARED[f"population.{name}.substance_share"]
        first = found[f"care.{name}.detox_first_share"]
        detox_here = share * first * (goal * 1.5 + 1 - goal)
        beds = (share - detox_here) * found[f"care.{name}.residential_share"]
        detox, residential = detox + detox_here, residential + beds
        if name == "opioids":
            medication = (share - detox_here - beds) * found["care.medication_share"]
    assert (detox, residential, medication) == pytest.approx((0.12, 0.03, 0.2), abs=2e-4)


def test_first_care_is_left_where_a_kind_is_missing(area):
    rows = ("S1,detox,120,120", "S2,psychosocial,30,30")
    assert set_by(area(services=services(*rows, columns=",new_a_year"))) == {}


# --- today's practice, not a programme ----------------------------------------------------

OFFERS = services("S1,medication,300,0.5", columns=",peer_share")


def offered(scenario) -> np.ndarray:
    return scenario.table(DECLARED)["linkage"]["offered_share"][:, 4]


def test_what_an_area_does_today_does_not_fade(area):
    found = offered(area(services=OFFERS))
    assert found == pytest.approx([0.5] * len(found))


def test_what_a_scenario_adds_to_it_fades_to_what_the_area_did(area, tmp_path):
    """0.3 more than the area's 0.5; of which 0.6 is kept, the rest halves each year."""
    area(services=OFFERS)
    (tmp_path / "more.yaml").write_text(
        f"extends: area.yaml\n{PEER}: {{value: 0.8, from_week: 10}}"
    )
    found = offered(rs.load(tmp_path / "more.yaml"))
    assert found[:10] == pytest.approx([0.5] * 10)
    assert found[10] == pytest.approx(0.8)
    assert found[62] == pytest.approx(0.5 + 0.3 * 0.8)


def test_a_line_of_the_scenario_stands_above_its_files(area):
    found = area(services=OFFERS, more=f"{PEER}: 0.2")
    assert offered(found) == pytest.approx([0.2] * len(offered(found)))
    assert found.at_first(DECLARED)[PEER] == 0.2
    assert "but the scenario sets it itself" in "\n".join(found.local_report())
    assert found.differences()[PEER] == 0.2


def test_values_of_a_parameter_set_give_way_to_the_area_and_others_stay(area):
    found = area(services=OFFERS)
    table = found.table(DECLARED | {PEER: 0.07, "linkage.peer.fidelity": 0.6})
    assert table["linkage"]["offered_share"][0, 4] == 0.5
    assert table["linkage"]["fidelity"][0, 4] == 0.6


# --- the same everywhere ------------------------------------------------------------------


def test_a_scenario_without_local_files_is_as_it_was():
    """The hash of the baseline, which sets nothing, worked out anew."""
    content = json.dumps([[], [], "small-world", None]).encode()
    assert rs.load("baseline").hash() == hashlib.sha256(content).hexdigest()
    assert rs.load("peer-introduction").today == ()


def test_the_same_file_is_the_same_scenario_and_another_value_another(area):
    one = area(people=totals("sex,women,45,", "sex,men,55,"))
    again = area(people=totals("sex,women,45,", "sex,men,55,"), name="again")
    other = area(people=totals("sex,women,55,", "sex,men,45,"), name="other")
    assert one.hash() == again.hash() != other.hash()
    assert {one: 1}[one.replace({})] == 1


def test_every_value_set_from_a_template_is_a_number_of_the_model_within_its_bounds(area):
    for people in ("clients", "totals"):
        found = area(template(people), template("services"), more=OPEN)
        assert len(found.today) > 10
        for key, value in found.today:
            low, high = all_quantities()[key].bounds
            assert low <= value <= high, key


def test_outputs_hold_the_hash_of_a_file_and_its_kind_and_nothing_else_of_it(area, tmp_path):
    people = "code,sex\n" + "".join(f"QZXJWK{n},women\n" for n in range(30))
    found = area(people, template("services").replace("S03", "QZXSRV3"), more=OPEN)
    pair = rs.compare(
        [found, found.replace({PEER: 0.6}, name="more")], clients=40, years=1, repeats=2
    )
    folder = pair.write(tmp_path / "out")
    files = [
        {"kind": kind, "sha256": hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}
        for kind, name in (("clients", "population.csv"), ("services", "services.csv"))
    ]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stamp"]["local_data"] == {"area": files, "more": files}
    for path in folder.iterdir():
        content = path.read_bytes()
        assert b"QZXJWK" not in content
        assert b"population.csv" not in content
        assert b"services.csv" not in content
        assert b"QZXSRV3" not in content


def test_notes_say_what_was_fitted_and_warn_of_another_area(area):
    found = area(people=totals("sex,women,45,", "sex,men,55,"))
    size = {"clients": 40, "years": 1, "repeats": 2}
    alone = " ".join(
        rs.compare([found, found.replace({PEER: 0.6}, name="b")], **size).contrasts[0].notes
    )
    assert "Fitted to local data: totals" in alone
    assert "the area itself" not in alone
    other = " ".join(rs.compare(["baseline", found], **size).contrasts[0].notes)
    assert "“baseline” is not fitted to the same" in other
    assert "population.women_share is set to 0.45, beyond what was seen" in other


def test_a_run_too_small_for_a_place_says_so(area):
    text = services("S1,detox,300,300,3", columns=",new_a_year,places")
    found = area(services=text, more=OPEN)
    pair = rs.compare(
        [found, found.replace({PEER: 0.6}, name="b")], clients=1000, years=1, repeats=2
    )
    (note,) = [one for one in pair.contrasts[0].notes if "no whole place" in one]
    fewest = int(re.search(r"--clients ([\d,]+)", note)[1].replace(",", ""))
    per_1000 = set_by(found)["places.detox.per_1000"]
    assert int(per_1000 * fewest / 1000) == 1 > int(per_1000 * (fewest - 1) / 1000)
