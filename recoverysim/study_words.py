"""Words about simulated studies: published figures, verdicts, and how well they are foretold."""

from __future__ import annotations

import math
from typing import Any

from recoverysim.words import PER_CENT, POINTS, amount

KINDS_OF_ROWS = {
    "test": "Tests (nothing of the family was fitted)",
    "fitted": "Fitted families",
    "put in": "Families on which a number of the model rests",
}
MODELS = {
    "model": "the model", "no-effect": "no effect", "crude-causal": "crude association causal",
}  # fmt: skip
SCORE = (
    "Score: how near and how narrow the simulated studies are, in tolerances, families weighing "
    "alike; 0 is perfect (docs/validation.md)."
)
DRAWS_A_FIGURE = 50  # below it a regression follows the luck of the draws


def published(number: float | None, direction: str, unit: str) -> str:
    """A published figure, or which way it went where no more was published."""
    return direction if direction else amount(number, unit)


def tolerance(number: float, unit: str) -> str:
    """How far off is near enough: '10 points'; of a ratio (given as a logarithm) a factor."""
    if unit == "ratio":
        return f"a factor of {math.exp(number):.2f}"
    return amount(number, POINTS if unit in PER_CENT else unit)


def too_few_draws(draws: int, fitted: int) -> str:
    """Said of a calibration by too few draws to be used; else nothing."""
    if draws >= DRAWS_A_FIGURE * fitted:
        return ""
    return (
        f"Too few draws to be used: {draws:,} for {fitted} figures, where some "
        f"{DRAWS_A_FIGURE * fitted:,} from the declared ranges are needed. What follows is "
        "too sure of itself."
    )


def verdict(row: dict[str, Any]) -> str:
    """One published figure beside the middle of the simulated ones."""
    unit = row["unit"]
    said = (
        f"  {row['id']}: published {published(row['published'], row['direction'], unit)}, "
        f"simulated {amount(row['simulated'], unit)}"
    )
    if not row["direction"]:
        said += f", tolerance {tolerance(row['tolerance'], unit)}"
    said += " (a number of the model rests on this figure)" if row["put_in"] else ""
    said += f" ({row['kind']})" if row["kind"] == "fitted" else ""
    also = [MODELS[name] for name, met in row["passed_by"].items() if met]
    said += f"; met also with: {', '.join(also)}" if also else ""
    if row["passed"]:
        return f"{said}."
    reason = row["known"] or "not listed as known"
    return f"{said}. {reason[0].upper()}{reason[1:]}."
