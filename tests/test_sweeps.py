"""Sweeps: what a plan asks is what is lived, once each, whoever does the work."""

import itertools
import json
import random
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from scipy import stats

import recoverysim as rs
from recoverysim.knowledge import accepted_sets, central_values
from recoverysim.quantities import all_quantities
from recoverysim.scenario import ScenarioError
from recoverysim.store import growing
from recoverysim.store.whole import FolderError
from recoverysim.studies.measures import measure_of
from recoverysim.studies.repeats import live
from recoverysim.studies.room import NoRoom
from recoverysim.studies.sweeps import designs, runs
from recoverysim.studies.sweeps import sweep as sweep_module
from recoverysim.studies.sweeps.needs import needs
from recoverysim.studies.sweeps.plan_reading import load_plan, shipped_plans
from recoverysim.studies.sweeps.points import Points
from recoverysim.studies.sweeps.runs import AtPoint, live_chunk
from tests.sweeping import TINY, sweep_command, write_plan

MORRIS = TINY | {"design": "morris", "points": 3, "factors": {}, "uncertain": ["linkage"]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The tiny plan, run by one worker."""
    return rs.sweep(TINY, out=tmp_path_factory.mktemp("whole") / "out", workers=1)


# What is lived.


def test_every_run_is_there_once_in_its_order(whole):
    lived = whole.to_polars()
    asked = itertools.product(range(6), range(5), ("baseline", "peer-introduction"))
    assert lived.select("point", "repeat", "scenario").rows() == list(asked)
    assert lived["number"].to_list() == list(range(60))
    at = itertools.product((0.2, 0.6, 1.0), (True, False))
    assert whole.points().rows() == [(n, *one) for n, one in enumerate(at)]
    assert lived["key"].n_unique() == 60


def test_a_run_is_what_run_itself_gives(whole):
    """The same people, luck and parameter set as `recoverysim run` has in that repeat."""
    scenario = rs.load("peer-introduction").replace(
        {"linkage.peer.fidelity": 0.6, "mechanisms.company": False}
    )
    lived = live(scenario, rs.Plan(clients=30, years=1, repeats=5, seed=1))
    expected = {
        (one.name, one.definition): one.values
        for one in measure_of("all", lived, "abstinent_90_days")
    }
    every = whole.to_polars()
    mine = every.filter((every["scenario"] == "peer-introduction") & (every["point"] == 3))
    for name, definition in (
        ("in_recovery", "abstinent_90_days"), ("deaths", None), ("attending", None)
    ):  # fmt: skip
        assert mine[name].to_list() == expected[name, definition].tolist()


def test_repeats_differ_and_points_share_their_luck(whole):
    seeds = (
        whole.runs().group_by("repeat").agg(seeds=pl.col("seed").unique()).sort("repeat")["seeds"]
    )
    assert all(len(one) == 1 for one in seeds)
    assert len({one[0] for one in seeds}) == 5
    baseline = whole.runs().filter(whole.runs()["scenario"] == "baseline")
    assert baseline.filter(baseline["point"] == 0)["in_recovery"].n_unique() > 1


def test_independent_repeats_have_luck_of_their_own_at_every_point(tmp_path):
    found = rs.sweep(TINY | {"repeats_are": "independent"}, out=tmp_path / "out", workers=1)
    assert found.runs()["seed"].n_unique() == 6 * 5  # one for both scenarios, which stay twins
    pairs = found.runs().group_by("point", "repeat").agg(pl.col("seed").unique())["seed"]
    assert all(len(one) == 1 for one in pairs)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_gives_the_same(tmp_path, whole, workers, monkeypatch):
    monkeypatch.setattr(runs, "MOST_RUNS_A_PART", 7)
    found = rs.sweep(TINY, out=tmp_path / "out", workers=workers)
    assert len(growing.parts_of(found.folder, growing.RUNS)) == 9
    assert found.content_hash == whole.content_hash


def test_any_order_gives_the_same(tmp_path, whole, monkeypatch):
    """An engine that shuffles what it gets."""

    def shuffled(workers, means):
        def engine(more):
            chunks = list(iter(more, None))
            random.Random(4).shuffle(chunks)
            yield from ((chunk, live_chunk(chunk)) for chunk in chunks)

        return engine

    monkeypatch.setattr(runs, "MOST_RUNS_A_PART", 4)
    monkeypatch.setattr(sweep_module, "on_this_machine", shuffled)
    found = rs.sweep(TINY, out=tmp_path / "out")
    assert found.content_hash == whole.content_hash


# Going on.


def test_the_same_call_lives_nothing_again(tmp_path, whole, monkeypatch):
    out = tmp_path / "out"
    rs.sweep(TINY, out=out, workers=1)
    before = {path: path.stat().st_mtime_ns for path in growing.parts_of(out, growing.RUNS)}
    monkeypatch.setattr(sweep_module, "on_this_machine", None)
    assert rs.sweep(TINY, out=out).content_hash == whole.content_hash
    assert {p: p.stat().st_mtime_ns for p in growing.parts_of(out, growing.RUNS)} == before


def test_a_run_done_five_times_leaves_one_record(tmp_path, whole):
    out = tmp_path / "out"
    found = rs.sweep(TINY, out=out, workers=1)
    store = growing.Growing(out, found.manifest)
    for _ in range(4):
        store.add(found.to_arrow(), 0)
    for first in (0, 10, 20):
        store.add(found.to_arrow().slice(first, 10), first)  # cut otherwise
    assert found.to_arrow().equals(whole.to_arrow())
    assert rs.sweep(TINY, out=out).manifest["runs"] == {"asked": 60, "done": 60, "failed": 0}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"repeats": 6}, "there repeats is 5, here 6"),
        ({"seed": 2}, "there seed is 1, here 2"),
        ({"scenarios": ["baseline", "aftercare"]}, "there scenarios is"),
    ],
)
def test_a_folder_of_another_plan_is_refused(tmp_path, change, said):
    rs.sweep(TINY, out=tmp_path / "out", workers=1)
    with pytest.raises(FolderError, match=f"holds another sweep: {said}.*--out"):
        rs.sweep(TINY | change, out=tmp_path / "out")


def test_runs_that_this_program_does_not_give_are_not_mixed_with_its_own(tmp_path, monkeypatch):
    out = tmp_path / "out"
    rs.sweep(TINY, out=out, workers=1)
    monkeypatch.setattr("recoverysim.studies.sweeps.runs.package_version", lambda: "0.9")
    with pytest.raises(FolderError, match="this version of the program"):
        rs.sweep(TINY, out=out)


def test_a_folder_can_be_read_without_its_plan(whole):
    again = rs.Sweep(whole.folder)
    assert again.plan.names == ("baseline", "peer-introduction")
    assert again.plan.factors == load_plan(TINY).factors
    assert again.plan.measures == load_plan(TINY).measures
    assert again.found().runs.equals(whole.found().runs)


# Designs.


def test_latin_hypercube_has_one_point_in_every_slice():
    plan = load_plan(MORRIS | {"design": "latin-hypercube", "points": 16})
    places = designs.draw(plan)
    assert places.shape == (16, len(plan.factors))
    assert (np.sort((places * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()
    assert (designs.draw(plan) == places).all()


def test_morris_moves_one_number_at_a_time_and_each_once():
    plan = load_plan(MORRIS)
    steps = len(plan.factors) + 1
    places = designs.draw(plan)
    assert len(places) == designs.how_many_points(plan) == 3 * steps
    for first in range(0, len(places), steps):
        moved = np.diff(places[first : first + steps], axis=0) != 0
        assert (moved.sum(axis=1) == 1).all()
        assert (moved.sum(axis=0) == 1).all()


def test_sobol_has_two_samples_and_one_more_for_each_number():
    plan = load_plan(MORRIS | {"design": "sobol", "points": 4})
    places = designs.draw(plan)
    each = len(plan.factors) + 2
    assert len(places) == designs.how_many_points(plan) == 4 * each
    block = places[:each]
    for place in range(len(plan.factors)):
        crossed = block[1 + place]
        assert crossed[place] == block[-1][place]
        assert (np.delete(crossed, place) == np.delete(block[0], place)).all()


def test_accepted_points_are_the_accepted_sets():
    plan = load_plan(TINY | {"design": "accepted", "points": 12, "factors": {}, "repeats": 2})
    points = Points.of(plan)
    assert points.count == 12
    for one, values in enumerate(accepted_sets(12, 1)):
        assert AtPoint(plan, one, points.one(one)).values(repeat=1) == values
        key = "mutual_aid.total_log_hazard_ratio"
        assert points.settings_of(one)[key] == values[key]


def test_uncertain_numbers_follow_their_declared_distribution():
    """500 points of a Latin hypercube: a Kolmogorov-Smirnov distance of 1/500 at most, since every
    slice has one; the middle of the design is the median of what is declared."""
    key = "linkage.peer.first_meeting"
    plan = load_plan(
        TINY | {"design": "latin-hypercube", "points": 500, "factors": {}, "uncertain": key}
    )
    drawn = Points.of(plan).table()[key].to_numpy()
    one = all_quantities()[key]
    cdf = stats.triang((one.value - one.low) / (one.high - one.low), one.low, one.high - one.low)
    assert one.distribution == "triangular"
    assert stats.kstest(drawn, cdf.cdf).statistic <= 1 / 500 + 1e-9


def test_what_a_scenario_sets_stays_set_where_it_is_uncertain_elsewhere():
    plan = load_plan(
        MORRIS | {"uncertain": "linkage.peer.offered_share", "design": "latin-hypercube"}
    )
    at = AtPoint(plan, 0, Points.of(plan).one(0))
    shares = [
        at.scenario(place).table(at.values(0))[0]["linkage"]["offered_share"][4] for place in (0, 1)
    ]
    assert shares[0] == at.values(0)["linkage.peer.offered_share"] != 0.6
    assert shares[1] == 0.6


def test_other_numbers_keep_their_values_under_a_design():
    plan = load_plan(MORRIS)
    values, central = AtPoint(plan, 5, Points.of(plan).one(5)).values(0), central_values()
    moved = {key for key in values if values[key] != central[key]}
    assert moved
    follow = {key for key, one in all_quantities().items() if one.moves_with}
    assert moved <= {factor.name for factor in plan.factors} | follow


def test_a_factor_may_set_another_key_in_each_scenario():
    plan = load_plan(
        TINY
        | {
            "scenarios": ["baseline", "clinician-introduction", "peer-introduction"],
            "factors": {
                "coverage": {
                    "sets": {
                        "clinician-introduction": "linkage.clinician.offered_share",
                        "peer-introduction": "linkage.peer.offered_share",
                    },
                    "values": [0.9],
                }
            },
        }
    )
    at = AtPoint(plan, 0, Points.of(plan).one(0))
    one, clinician, peer = (at.scenario(place) for place in range(3))
    assert one == plan.scenarios[0]
    assert clinician.differences(plan.scenarios[1]) == {"linkage.clinician.offered_share": 0.9}
    assert peer.differences(plan.scenarios[2]) == {"linkage.peer.offered_share": 0.9}


def test_rows_come_from_a_file(tmp_path):
    heading = "linkage.peer.fidelity,network.kind,mechanisms.company\n"
    (tmp_path / "rows.csv").write_text(heading + "0.25,none,true\n1,small-world,FALSE\n")
    plan = {"question": "?", "design": "rows", "rows": "rows.csv", "clients": 20, "years": 1}
    found = rs.sweep(write_plan(tmp_path, plan), out=tmp_path / "out", workers=1)
    assert found.points().rows() == [(0, 0.25, "none", True), (1, 1.0, "small-world", False)]
    assert found.runs().height == 2


# Plans.

FAULTS = [
    ({"design": "gird"}, "design: should be one of grid, rows"),
    ({"question": None}, "question: should be words"),
    ({"scenarios": ["baseline", "nosuch"]}, "scenarios: is no shipped scenario"),
    ({"scenarios": ["baseline", "baseline"]}, "names 'baseline' twice"),
    ({"clients": "500"}, "clients: should be a whole number"),
    ({"repeats": 0}, "repeats: should be a whole number from 1"),
    ({"points": 5}, "points: is given by the values"),
    ({"measures": ["in_recovry"]}, "Did you mean 'in_recovery'"),
    ({"knowledge": "some"}, "knowledge: should be one of"),
    ({"colour": 1}, "colour: is not known"),
    ({"factors": {}}, "factors: should name what varies"),
    ({"factors": {"linkage.peer.fidelty": {"values": [1]}}}, "mean 'linkage.peer.fidelity'"),
    ({"factors": {"linkage.peer.fidelity": {"values": [1, 1]}}}, "lists the same value twice"),
    ({"factors": {"linkage.peer.fidelity": {"values": [1.5]}}}, "linkage.peer.fidelity"),
    ({"factors": {"linkage.peer.fidelity": {"values": []}}}, "should list 1 to 1000 values"),
    ({"factors": {"linkage.peer.fidelity": {"low": 0}}}, "needs `values`, or `steps`"),
    ({"factors": {"linkage.peer.fidelity": {"low": 1, "high": 0, "steps": 3}}}, "low below high"),
    ({"factors": {"places.detox.per_1000": {"steps": 3}}}, "has no range in the evidence"),
    ({"factors": {"network.kind": {"values": ["ring"]}}}, "network.kind"),
    ({"design": "morris", "points": 2, "uncertain": "all", "levels": 5}, "even number"),
    ({"design": "sobol", "uncertain": "all"}, "points: is missing"),
    ({"uncertain": "all"}, "cannot be varied by a grid"),
    ({"rows": "x.csv"}, "belongs to the design rows"),
    ({"design": "rows", "factors": {}, "rows": "x.csv"}, "no such file"),
    (
        {"design": "latin-hypercube", "points": 4, "uncertain": "all", "knowledge": "accepted"},
        "cannot be given where uncertain numbers vary",
    ),
    (
        {
            "design": "latin-hypercube", "points": 4, "uncertain": "linkage.peer.fidelity",
            "factors": {"linkage.peer.fidelity": {"low": 0, "high": 1}},
        },
        "varies twice",
    ),
    (
        {
            "repeats": 100_000,
            "factors": {"linkage.peer.fidelity": {"low": 0, "high": 1, "steps": 900}},
        },
        "180,000,000 runs",
    ),
    ({"design": "accepted", "factors": {}, "points": 401}, "points: should be a whole number from"),
    (
        {
            "design": "latin-hypercube", "points": 4, "uncertain": "linkage.peer.first_meeting",
            "factors": {"meeting": {"sets": ["linkage.peer.first_meeting"], "low": 0, "high": 1}},
        },
        "sets linkage.peer.first_meeting, so that it cannot vary as uncertain too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), FAULTS)
def test_a_bad_plan_is_told_in_a_sentence(tmp_path, change, said):
    path = write_plan(tmp_path, TINY | change)
    with pytest.raises(ScenarioError, match=r"plan\.yaml") as told:
        load_plan(path)
    assert said in str(told.value)
    assert len(str(told.value).splitlines()) <= 3


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("linkage.peer.fidelity\n", "holds 0 rows"),
        ("linkage.peer.fidelty\n1\n", "Did you mean"),
        ("linkage.peer.fidelity,linkage.peer.fidelity\n1,1\n", "names a column twice"),
        ("linkage.peer.fidelity,mechanisms.company\n1\n", "line 2: has 1 cells, and the heading 2"),
        ("linkage.peer.fidelity\n1\n \n", "line 3: has an empty cell"),
        ("linkage.peer.fidelity\n1\n7\n", "linkage.peer.fidelity"),
    ],
)
def test_bad_rows_are_told_by_line(tmp_path, rows, said):
    (tmp_path / "x.csv").write_text(rows)
    plan = {"question": "?", "design": "rows", "rows": "x.csv"}
    with pytest.raises(ScenarioError) as told:
        load_plan(write_plan(tmp_path, plan))
    assert said in str(told.value)


@pytest.mark.parametrize("name", shipped_plans())
def test_shipped_plans_are_sound_and_say_what_they_take(name):
    plan = load_plan(name)
    assert plan.question.endswith("?")
    each = plan.repeats * len(plan.scenarios)
    assert needs(plan, 2).runs == designs.how_many_points(plan) * each


def test_five_plans_are_shipped():
    assert set(shipped_plans()) == {
        "coverage-kind-groups", "network-structure", "what-matters-most",
        "what-matters-most-in-full", "where-linkage-stops-working",
    }  # fmt: skip


def test_dry_run_says_what_it_takes_and_leaves_nothing(tmp_path):
    path = write_plan(tmp_path, TINY)
    done = sweep_command(path, "--dry-run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("60 runs: 6 points × 2 scenarios × 5 repeats.\n")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["plan.yaml"]


def test_what_a_sweep_takes_on_disk_is_about_what_was_said(tmp_path):
    plan = TINY | {"repeats": 200}
    found = rs.sweep(plan, out=tmp_path / "out", workers=1)
    took = sum(path.stat().st_size for path in growing.parts_of(found.folder, growing.RUNS))
    assert needs(load_plan(plan)).disk == pytest.approx(took, rel=0.5)


def test_a_run_that_does_not_fit_is_refused_before_it_starts(tmp_path):
    with pytest.raises(NoRoom, match="Fewer clients or fewer --workers"):
        rs.sweep(TINY | {"clients": 1_000_000}, out=tmp_path / "out", memory=0.01)


def test_a_script_without_a_guard_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"import recoverysim as rs\nrs.sweep({TINY!r}, out='out')\n")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr


def test_the_command_tells_answers_and_json_alike(tmp_path):
    path = write_plan(tmp_path, TINY)
    told = sweep_command(path, "--out", tmp_path / "out")
    assert told.returncode == 0, told.stderr
    assert "60 of 60 runs finished, 0 failed" in told.stdout
    again = sweep_command(path, "--out", tmp_path / "out", "--json", "--quiet")
    found = json.loads(again.stdout)
    assert found["runs"] == {"asked": 60, "done": 60, "failed": 0}
    assert found["content_hash"] in told.stdout
    assert again.stderr == ""
    assert (tmp_path / "out" / "analysis" / "summary.html").is_file()


def test_measures_of_two_runs_cannot_be_kept_of_one():
    for name in ("number_needed_to_link", "cost_per_qaly"):
        with pytest.raises(ScenarioError, match="is not known"):
            load_plan(TINY | {"measures": name})


def test_a_measure_that_these_runs_do_not_have_is_empty(tmp_path):
    plan = TINY | {"measures": ["deaths", "cost_society"], "repeats": 2}
    found = rs.sweep(plan, out=tmp_path / "out", workers=1)
    assert found.runs()["cost_society"].null_count() == found.runs().height
    assert found.runs().columns[-2:] == ["deaths", "cost_society"]
    assert found.analyse().sentences


def test_morris_stays_within_the_middle_of_what_is_declared():
    key = "mutual_aid.total_log_hazard_ratio"
    plan = load_plan(MORRIS | {"uncertain": key, "points": 8})
    drawn = Points.of(plan).table()[key].to_numpy()
    one = all_quantities()[key]
    assert one.distribution == "normal"
    assert (drawn.min(), drawn.max()) == (pytest.approx(one.low), pytest.approx(one.high))


def test_a_run_that_fails_beside_others_is_tried_once_more_by_itself(tmp_path, monkeypatch):
    """What a run leaves behind must not be counted against the next one."""
    tried = []

    def after_another(workers, means):
        def engine(more):
            for chunk in iter(more, None):
                tried.append(chunk.numbers)
                done = live_chunk(chunk)
                if len(chunk.numbers) > 1:  # as if the first had spoilt the last
                    last = chunk.numbers[-1]
                    keep = done.columns["number"] != last
                    spoilt = runs.failure(chunk.plan, runs.run_of(chunk.plan, last), "raised", "?")
                    columns = {name: column[keep] for name, column in done.columns.items()}
                    done = done._replace(columns=columns, failed=(spoilt,))
                yield chunk, done

        return engine

    monkeypatch.setattr(sweep_module, "on_this_machine", after_another)
    found = rs.sweep(TINY, out=tmp_path / "out")
    assert tried == [tuple(range(60)), (59,)]
    assert found.failed() == []
    assert found.manifest["runs"] == {"asked": 60, "done": 60, "failed": 0}
