"""What is calibrated, from a file: which numbers, by how many draws, and which figures are fitted.

Which published figures are fitted is said where they stand, in the files of the studies
(`fit: true`). Of a family with a fitted figure, no other figure counts as a test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import NormalDist

from recoverysim import yaml_strictly
from recoverysim.quantities import Z_95, all_quantities
from recoverysim.scenario import ScenarioError
from recoverysim.scenario_lines import nearest
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_files import Trial, load_trial, shipped_trials, shipped_trials_folder
from recoverysim.studies.trial_reading import Lines
from recoverysim.yaml_strictly import Fault, Value, short

KEYS = ("question", "draws", "accepted", "seed", "even", "parameters")
MOST_DRAWS, FEWEST_ACCEPTED = 1_000_000, 10
FEWEST_PARAMETERS, MOST_PARAMETERS = 1, 12  # more than a dozen cannot be told apart (science.md)


@dataclass(frozen=True)
class Fitted:
    """One fitted figure, with the study it belongs to."""

    trial: Trial
    figure: Published
    place: int  # among the figures of its study

    @property
    def family(self) -> str:
        """Studies that share data or people."""
        return self.trial.family

    @property
    def name(self) -> str:
        """Short and unlike any other: study and place."""
        return f"{self.trial.name}/{self.place}"

    @property
    def by_lot(self) -> bool:
        """Whether it sets arms against each other: such figures alone inform an effect."""
        return bool(self.figure.against)


@dataclass(frozen=True)
class CalibrationPlan:
    """How to calibrate: `draws` versions of every fitted study, of which `accepted` are kept."""

    name: str
    question: str
    draws: int
    accepted: int
    seed: int
    even: tuple[tuple[str, float, float], ...]
    parameters: tuple[str, ...]

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The shipped studies with a figure that is fitted, each with those figures alone."""
        found = []
        for name in shipped_trials():
            trial = load_trial(name)
            kept = tuple(one for one in trial.figures if one.fit)
            if kept:
                found.append(replace(trial, figures=kept))
        return tuple(found)

    @cached_property
    def fitted(self) -> tuple[Fitted, ...]:
        """Every fitted figure, study by study."""
        return tuple(
            Fitted(trial, one, place)
            for trial in self.trials
            for place, one in enumerate(trial.figures)
        )

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families of the fitted studies, in their order."""
        return tuple(dict.fromkeys(trial.family for trial in self.trials))

    @property
    def share_that_stays(self) -> float:
        """Of all rows, those that are left where numbers drawn evenly follow their declared ranges
        (`acceptance.kept_by_declared_range`): the height of each normal, on average."""
        share = 1.0
        for key, low, high in self.even:
            one = all_quantities()[key]
            declared = NormalDist(one.value, (one.high - one.low) / (2 * Z_95))
            within = declared.cdf(high) - declared.cdf(low)
            share *= within / declared.pdf(one.value) / (high - low)
        return share

    def altered(self, draws: int | None, accepted: int | None, seed: int | None) -> CalibrationPlan:
        """The same with other sizes or another seed; ValueError where they cannot be."""
        draws, accepted = draws or self.draws, accepted or self.accepted
        stay = int(draws * self.share_that_stays)
        if not FEWEST_ACCEPTED <= accepted <= stay // 2 or draws > MOST_DRAWS:
            raise ValueError(
                f"{accepted:,} accepted of {draws:,} draws: accept {FEWEST_ACCEPTED} or more, and "
                f"at most half of the {stay:,} or so that the declared ranges leave of them; draw "
                f"at most {MOST_DRAWS:,}"
            )
        seed = self.seed if seed is None else seed
        return replace(self, draws=draws, accepted=accepted, seed=seed)


def shipped_plan() -> Path:
    """The plan that comes with the program."""
    return shipped_trials_folder().parent / "calibration.yaml"


def load_plan(name_or_path: str | Path) -> CalibrationPlan:
    """The shipped plan by its name, or one from a file; ScenarioError with every fault."""
    shipped = shipped_plan()
    path = shipped if str(name_or_path) == shipped.stem else Path(name_or_path)
    if not path.is_file():
        said = f"is no plan and no file.{nearest(str(name_or_path), [shipped.stem])}"
        raise ScenarioError([Fault(short(str(name_or_path)), 0, "", said)])
    top: dict[str, Value] = yaml_strictly.read(path).content
    lines = Lines(str(path))
    lines.known("", top, KEYS)
    for key in ("draws", "accepted", "parameters"):
        if key not in top:
            lines.fault(0, key, "is missing")
    draws = lines.whole("draws", top.get("draws"), 2 * FEWEST_ACCEPTED, MOST_DRAWS, 20_000)
    plan = CalibrationPlan(
        path.stem, lines.words("question", top.get("question")), draws,
        lines.whole("accepted", top.get("accepted"), FEWEST_ACCEPTED, draws // 2, 10),
        lines.whole("seed", top.get("seed"), 0, 2**63, 1),
        _even(lines, top.get("even")), _parameters(lines, top.get("parameters")),
    )  # fmt: skip
    if lines.faults:
        raise ScenarioError(lines.faults)
    return plan


def _parameters(lines: Lines, value: Value | None) -> tuple[str, ...]:
    """Numbers to be calibrated: uncertain ones, named once."""
    uncertain = [key for key, one in all_quantities().items() if one.distribution != "fixed"]
    names = lines.choices("parameters", value, uncertain)
    if value is not None and not FEWEST_PARAMETERS <= len(names) <= MOST_PARAMETERS:
        said = f"names {len(names)}; {FEWEST_PARAMETERS} to {MOST_PARAMETERS} can be told apart"
        lines.fault(value.line, "parameters", said)
    return names


def _even(lines: Lines, value: Value | None) -> tuple[tuple[str, float, float], ...]:
    """Numbers drawn from an even range of their own, so that trials can speak by themselves."""
    normal = [key for key, one in all_quantities().items() if one.distribution == "normal"]
    found = []
    for key, inner in lines.mapping("even", value, normal).items():
        ends = lines.mapping(f"even.{key}", inner, ("low", "high"))
        low, high = (
            lines.number(f"even.{key}.{end}", ends.get(end), *all_quantities()[key].bounds)
            for end in ("low", "high")
        )
        if not low < high:
            lines.fault(inner.line, f"even.{key}", "needs low below high")
        found.append((key, low, high))
    return tuple(found)
