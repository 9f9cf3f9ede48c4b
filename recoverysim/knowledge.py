"""What is not known: sets of parameters, each a way the world may be, as far as the evidence says.

Those that calibration accepted (`accepted`, docs/calibration.md), or drawn from the declared ranges
(`prior`): each number by its own name, over equal slices of its range, so that a number added to
the model changes no other draw, and few sets still cover every range evenly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from recoverysim.dice import luck_of_plainly, question, throw_plainly
from recoverysim.evidence.accepted import accepted_file
from recoverysim.quantities import Quantity, all_quantities
from recoverysim.settings import path_of

FIRST_ACCEPTED = int(question("which of the accepted sets comes first"))

KNOWLEDGE = ("accepted", "prior", "none")

Values = Mapping[str, float]


def central_values() -> dict[str, float]:
    """Every number at its declared value."""
    return {key: quantity.value for key, quantity in all_quantities().items()}


def how_many_sets(repeats: int) -> int:
    """Sets for so many repeats: each serves two repeats at least, so luck can be told apart."""
    return max(1, repeats // 2)


def accepted_sets(sets: int, seed: int) -> list[dict[str, float]]:
    """So many of the sets that calibration accepted, or all where there are fewer.

    They follow each other in the file, where any few spread over the effect of mutual aid; the seed
    says from which. A number that they do not hold, of a plug-in, is drawn from its declared range;
    one that has no range and only moves with another, moves with the accepted one.
    """
    accepted = accepted_file()
    many = min(sets, len(accepted.rows))
    first = int(throw_plainly(luck_of_plainly(seed, 1), FIRST_ACCEPTED) * len(accepted.rows))
    found = draw_sets(many, seed)
    for place, values in enumerate(found):
        row = accepted.rows[(first + place) % len(accepted.rows)]
        values |= zip(accepted.keys, row, strict=True)
        for key, quantity in all_quantities().items():
            if quantity.moves_with and key not in accepted.keys:
                values[key] = _moved(quantity.value, quantity, values)
    return found


# The last sets drawn, with the declarations that they were drawn from: a plug-in may add to those.
_LAST: dict[tuple[int, int], tuple[Mapping[str, Quantity], list[dict[str, float]]]] = {}


def draw_sets(sets: int, seed: int) -> list[dict[str, float]]:
    """So many parameter sets from the declared ranges, by a keyed Latin hypercube."""
    declared, drawn = _LAST.get((sets, seed), (None, []))
    if declared is not all_quantities():
        drawn = _draw(sets, seed)
        _LAST.clear()
        _LAST[sets, seed] = all_quantities(), drawn
    return [dict(values) for values in drawn]


def _draw(sets: int, seed: int) -> list[dict[str, float]]:
    slices = {key: _slices(key, sets, seed) for key in all_quantities()}
    return [values_at({key: slices[key][place] for key in slices}) for place in range(sets)]


def values_at(places: Mapping[str, float]) -> dict[str, float]:
    """Every number at its place, above 0 and below 1, in the range that it was declared with: its
    quantile. A number without a place has its value."""
    values = {
        key: quantity.draw(places[key]) if key in places else quantity.value
        for key, quantity in all_quantities().items()
    }
    _shares_sum_to_one(values, places)
    _move_together(values)
    _keep_in_bounds(values)
    return values


def _slices(key: str, sets: int, seed: int) -> Sequence[float]:
    """One number between 0 and 1 for each set, one from each of `sets` equal slices."""
    asked = int(question(f"how is it really: {key}"))
    luck = luck_of_plainly(seed, asked)
    order = sorted(range(sets), key=lambda one: throw_plainly(luck, 2 * one))
    within = [throw_plainly(luck, 2 * one + 1) for one in range(sets)]
    return [
        (place + min(max(u, 1e-9), 1 - 1e-9)) / sets for place, u in zip(order, within, strict=True)
    ]


def even_slices(key: str, sets: int, seed: int) -> Sequence[float]:
    """The same for a number that is drawn from an even range in place of its declared one."""
    return _slices(f"{key}, evenly", sets, seed)


def _shares_sum_to_one(values: dict[str, float], places: Mapping[str, float]) -> None:
    """Gamma variates become Dirichlet shares, section by section; one without a place of its own
    is at its median where another has one."""
    families: dict[str, list[str]] = {}
    for key, quantity in all_quantities().items():
        if quantity.distribution == "dirichlet":
            families.setdefault(path_of(key).section, []).append(key)
    for keys in families.values():
        if places.keys().isdisjoint(keys):
            continue
        for key in keys:
            if key not in places:
                values[key] = all_quantities()[key].draw(0.5)
        total = sum(values[key] for key in keys)
        for key in keys:
            values[key] /= total


def _move_together(values: dict[str, float]) -> None:
    """Numbers that move with another shift as far on the log-odds scale as it was drawn away."""
    for key, quantity in all_quantities().items():
        if quantity.moves_with:
            values[key] = _moved(values[key], quantity, values)


def _moved(value: float, quantity: Quantity, values: Values) -> float:
    from scipy.special import expit, logit

    other = str(quantity.moves_with)
    away = logit(values[other]) - logit(all_quantities()[other].value)
    return float(expit(logit(value) + away))


def _keep_in_bounds(values: dict[str, float]) -> None:
    for key, quantity in all_quantities().items():
        values[key] = min(max(values[key], quantity.bounds[0]), quantity.bounds[1])


def hash_of(sets: Sequence[Values]) -> str:
    """SHA-256 of the parameter sets of a run."""
    return hashlib.sha256(json.dumps(list(sets), sort_keys=True).encode()).hexdigest()
