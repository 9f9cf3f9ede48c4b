"""All published figures beside the simulated ones, with what a pass or a miss is worth.

Three questions are asked of every row: is it met, was it free to be missed (nothing of its family
was fitted, and no number of the model rests on it), and would a model in which mutual aid does
nothing, or one in which all that a crude comparison shows is effect, have met it as well?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from recoverysim.plan import Plan
from recoverysim.studies.calibration.checks import binomial_interval
from recoverysim.studies.rivals import rivals
from recoverysim.studies.trial import Row, Simulated, simulate
from recoverysim.studies.trial_files import Trial, load_trial, shipped_trials

FITTED, PUT_IN, TEST = "fitted", "put in", "test"
NOMINAL = 0.9
OURS = "model"


@dataclass(frozen=True)
class Line:
    """One row with the same row under each rival model, and what kind of evidence it is.

    `kind`, of its whole family: fitted (calibrated to), put in (a number of the model rests on a
    figure of it), or a test.
    """

    study: str
    row: Row
    beside: Mapping[str, Row]
    kind: str

    @property
    def says_little(self) -> bool:
        """Whether every rival meets it as well."""
        rows = (self.row, *self.beside.values())
        return bool(self.beside) and all(row.passed for row in rows)


@dataclass(frozen=True)
class Validation:
    """Studies simulated under the model, and under each rival by name."""

    studies: tuple[Simulated, ...]
    beside: Mapping[str, tuple[Simulated, ...]]

    @property
    def lines(self) -> list[Line]:
        """Every row: misses first, those that are not listed as known before all others."""
        fitted, put_in = fitted_families(), self._put_in()
        found = [
            Line(
                study.trial.name, row,
                {name: many[number].rows[place] for name, many in self.beside.items()},
                FITTED if row.family in fitted else PUT_IN if row.family in put_in else TEST,
            )
            for number, study in enumerate(self.studies)
            for place, row in enumerate(study.rows)
        ]  # fmt: skip
        return sorted(found, key=lambda line: (line.row.passed, bool(line.row.known)))

    def _put_in(self) -> frozenset[str]:
        """Families of which a number of the model rests on some figure."""
        rows = (row for study in self.studies for row in study.rows)
        return frozenset(row.family for row in rows if row.put_in)

    def rows(self) -> list[dict[str, Any]]:
        """The same as dictionaries (docs/commands.md)."""
        return [
            {
                "id": f"{line.study}: {line.row.arm}: {line.row.measure}",
                "figure": line.row.figure, "use": line.row.use, "kind": line.kind,
                "family": line.row.family, "unit": line.row.unit,
                "published": line.row.published, "direction": line.row.direction,
                "simulated": line.row.median, "low90": line.row.low90, "high90": line.row.high90,
                "inside": line.row.inside, "inside_allowed": line.row.inside_allowed,
                "score": line.row.score, "tolerance": line.row.tolerance,
                "passed": line.row.passed, "known": line.row.known, "put_in": line.row.put_in,
                "passed_by": {name: row.passed for name, row in line.beside.items()},
            }
            for line in self.lines
        ]  # fmt: skip

    def summary(self) -> list[dict[str, Any]]:
        """For each kind of row, and the model and its rivals: rows met, coverage, and the score."""
        found = []
        for kind in (TEST, FITTED, PUT_IN):
            lines = [line for line in self.lines if line.kind == kind]
            for name in (OURS, *self.beside):
                rows = [line.row if name == OURS else line.beside[name] for line in lines]
                if rows:
                    found.append({"kind": kind, "model": name} | _summed(rows))
        return found


def _summed(rows: Sequence[Row]) -> dict[str, Any]:
    """Rows met; the share of published figures in the nominal range, without and with an allowance
    for other people; and the mean score, families weighing alike."""
    told = [row for row in rows if row.inside is not None]
    inside, allowed = (
        sum(bool(getattr(row, name)) for row in told) for name in ("inside", "inside_allowed")
    )
    low, high = binomial_interval(allowed, len(told)) if told else (None, None)
    families: dict[str, list[float]] = {}
    for row in rows:
        if row.score is not None:
            families.setdefault(row.family, []).append(row.score)
    return {
        "rows": len(rows), "families": len({row.family for row in rows}),
        "passed": sum(row.passed for row in rows), "with_a_range": len(told), "inside": inside,
        "inside_allowed": allowed, "nominal": NOMINAL, "allowed_low": low, "allowed_high": high,
        "score": fmean(map(fmean, families.values())) if families else None,
    }  # fmt: skip


def fitted_families() -> frozenset[str]:
    """Families of which calibration fits a figure: none of their rows is a test."""
    trials = map(load_trial, shipped_trials())
    return frozenset(trial.family for trial in trials if any(one.fit for one in trial.figures))


def rival_repeats(plan: Plan) -> int:
    """How often each rival is simulated."""
    return max(2, plan.repeats // 2)


def validate(
    trials: Sequence[Trial],
    plan: Plan,
    *,
    with_rivals: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Validation:
    """Simulate studies under the model and, unless asked not to, under each rival.

    Rivals half as often: of them only the middle study is looked at, and the score.
    """

    def every(differences: Mapping[str, Any], repeats: int) -> tuple[Simulated, ...]:
        how = replace(plan, repeats=repeats)
        chosen = [one.altered(None, None, differences) if differences else one for one in trials]
        return tuple(simulate(one, how, progress=progress) for one in chosen)

    ours = every({}, plan.repeats)
    others = rivals() if with_rivals else {}
    return Validation(
        ours,
        {name: every(differences, rival_repeats(plan)) for name, differences in others.items()},
    )
