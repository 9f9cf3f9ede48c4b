"""The address of a page holds everything that is asked, and the numbers that were printed.

`/compare?v=1&s=peer-introduction*linkage.peer.offered_share:0.45&h=10`: only what differs from the
first view. What cannot be read is left out and told, since addresses come from strangers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from recoverysim.dashboard.asked import (
    DEFINITIONS,
    LONGEST_NAME,
    MOST_CHANGES,
    MOST_SCENARIOS,
    NAME,
    YEARS,
    Asked,
    Mix,
    Pairs,
    told_apart,
)
from recoverysim.scenario import ScenarioError, shipped
from recoverysim.shown import Answer

FORM = "1"
LONGEST = 8000  # characters of an address
DIGITS = re.compile("[0-9]{1,20}")
PRINTED = ("in_recovery", "deaths")


@dataclass(frozen=True)
class Printed:
    """Numbers that an address carries: of each scenario, for each measure of PRINTED, today, the
    difference, and both ends of its likely range; None where unknown."""

    version: str
    worlds: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Read:
    """What an address asks, the numbers it carries, and what in it could not be read."""

    asked: Asked
    printed: Printed | None = None
    faults: tuple[str, ...] = ()


def query(asked: Asked, answer: Answer | None = None) -> str:
    """The part after the question mark; with an exact answer its printed numbers too."""
    first = Asked()
    parts: list[tuple[str, str]] = [("v", FORM)]
    if asked.baseline != first.baseline:
        parts.append(("b", asked.baseline))
    parts += [("s", _mix(mix)) for mix in asked.mixes]
    parts += [("a", f"{key}:{_value(value)}") for key, value in asked.area]
    for name, now, was in (
        ("n", asked.a_year, first.a_year),
        ("d", asked.definition, first.definition),
        ("h", asked.year, first.year),
        ("seed", asked.seed, first.seed),
        ("c", asked.chosen, first.chosen),
        ("plain", int(asked.plain), int(first.plain)),
    ):
        if now != was:
            parts.append((name, str(now)))
    if answer is not None:
        parts += [("p", str(answer.stamp["version"])), ("was", _printed(answer, asked.year))]
    return urlencode(parts, safe="*:,{}[]")


def _mix(mix: Mix) -> str:
    parts = [mix.base, *(f"{key}:{_value(value)}" for key, value in mix.changes)]
    if mix.lasts is not None:
        parts.append(f"lasts:{mix.lasts}")
    if mix.called:
        parts.append(f"called:{mix.called}")
    return "*".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return json.dumps(value, separators=(",", ":"))


def printed_numbers(answer: Answer, world: int, year: int) -> tuple[float | None, ...]:
    """Today, difference and range of each of PRINTED, rounded as they are printed."""
    found: list[float | None] = []
    for measure in PRINTED:
        card = answer.card(world, measure, year)
        ends = (None if end is None else float(round(end)) for end in (card.low, card.high))
        found += [card.today, card.difference, *ends]
    return tuple(found)


def _printed(answer: Answer, year: int) -> str:
    worlds = [printed_numbers(answer, world, year) for world in range(1, len(answer.worlds))]
    return ";".join(",".join("" if one is None else f"{one:g}" for one in each) for each in worlds)


def read(text: str | None) -> Read:
    """What the part after the question mark asks; never raises."""
    if not text:
        return Read(Asked())
    if len(text) > LONGEST:
        return Read(Asked(), faults=("long",))
    try:
        pairs = parse_qsl(text, max_num_fields=200)
    except ValueError:
        return Read(Asked(), faults=("unreadable",))
    faults: list[str] = []
    asked = _asked(pairs, faults)
    try:
        asked.worlds()
    except (ScenarioError, ValueError) as fault:
        return Read(Asked(), faults=(*faults, str(fault)))
    return Read(asked, _read_printed(dict(pairs), asked), tuple(faults))


def _asked(pairs: list[tuple[str, str]], faults: list[str]) -> Asked:
    found = Asked()
    given = dict(pairs)
    if given.get("v", FORM) != FORM:
        faults.append(f"v={given['v'][:20]}")
    mixes = [*_mixes([value for name, value in pairs if name == "s"], faults)][:MOST_SCENARIOS]
    if mixes:
        found = replace(found, mixes=told_apart(tuple(mixes)))
    area = _pairs([value for name, value in pairs if name == "a"], faults)
    found = replace(found, area=area)
    if "b" in given:
        if given["b"] in shipped():
            found = replace(found, baseline=given["b"])
        else:
            faults.append(f"b={given['b'][:LONGEST_NAME]}")
    for name, field, allowed in (
        ("n", "a_year", range(1, 10_000_000)),
        ("h", "year", YEARS),
        ("seed", "seed", range(2**63)),
        ("c", "chosen", range(len(found.mixes))),
        ("plain", "plain", range(2)),
    ):
        if name in given:
            number = int(given[name]) if DIGITS.fullmatch(given[name]) else -1
            if number in allowed:
                value: Any = bool(number) if field == "plain" else number
                found = replace(found, **{field: value})
            else:
                faults.append(f"{name}={given[name][:20]}")
    if "d" in given:
        if given["d"] in DEFINITIONS:
            found = replace(found, definition=given["d"])
        else:
            faults.append(f"d={given['d'][:LONGEST_NAME]}")
    return found


def _mixes(texts: list[str], faults: list[str]) -> Iterator[Mix]:
    for text in texts:
        base, *parts = text.split("*")
        if base not in shipped():
            faults.append(f"s={base[:LONGEST_NAME]}")
            continue
        called = [part[7:] for part in parts if part.startswith("called:")]
        lasts = [part[6:] for part in parts if part.startswith("lasts:")]
        keys = [part for part in parts if not part.startswith(("called:", "lasts:"))]
        mix = Mix(base, _pairs(keys, faults))
        if called and NAME.fullmatch(called[-1]):
            mix = replace(mix, called=called[-1])
        if lasts and lasts[-1] in {str(year) for year in range(1, 11)}:
            mix = replace(mix, lasts=int(lasts[-1]))
        yield mix


def _pairs(texts: list[str], faults: list[str]) -> Pairs:
    found: dict[str, Any] = {}
    for text in texts[:MOST_CHANGES]:
        key, sign, value = text.partition(":")
        try:
            if not sign:
                raise ValueError(text)
            found[key] = json.loads(value, parse_constant=_refuse)
        except (ValueError, RecursionError):
            faults.append(text[:LONGEST_NAME])
    return tuple(sorted(found.items()))


def _refuse(name: str) -> float:
    raise ValueError(name)


def _read_printed(given: dict[str, str], asked: Asked) -> Printed | None:
    """The printed numbers, where they are whole."""
    version, text = given.get("p", ""), given.get("was", "")
    if not re.fullmatch(r"[0-9A-Za-z.+-]{1,30}", version):
        return None
    try:
        worlds = tuple(
            tuple(float(one) if one else None for one in each.split(","))
            for each in text.split(";")
        )
    except ValueError:
        return None
    sizes = {len(world) for world in worlds}
    finite = all(one is None or abs(one) <= 1000 for world in worlds for one in world)
    if sizes != {4 * len(PRINTED)} or len(worlds) != len(asked.mixes) or not finite:
        return None
    return Printed(version, worlds)
