"""The panel of levers: what each stands at, what is known of it, and what moving it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard import uploads
from recoverysim.dashboard.asked import MOST_SCENARIOS, Asked, Mix
from recoverysim.dashboard.levers import (
    LEVERS,
    WAYS,
    WEEKS,
    Lever,
    more_levers,
    offered_lever,
    way_of,
)
from recoverysim.dashboard.parts.sources import told as source_told
from recoverysim.dashboard.session import Session
from recoverysim.quantities import ASSUMED, Quantity
from recoverysim.scenario import load, shipped

MIX = "mix"
LASTS_FOR_GOOD = 10  # years: as long as an answer reaches


@solara.component_vue("levers.vue")
def _Levers(
    words: dict[str, str],
    ways: list[list[str]],
    way: str,
    way_told: str,
    levers: list[dict[str, Any]],
    more: list[dict[str, Any]],
    scenarios: list[str],
    chosen: int,
    others: list[list[str]],
    can_undo: bool,
    can_redo: bool,
    can_add: bool,
    said: str,
    revision: int,
    heard: int,
    event_set: Callable[[list[Any]], None],
    event_way: Callable[[str], None],
    event_choose: Callable[[int], None],
    event_add: Callable[[str], None],
    event_swap: Callable[[str], None],
    event_remove: Callable[[int], None],
    event_act: Callable[[str], None],
    event_upload: Callable[[list[str]], None],
) -> None:
    """All levers of one scenario."""


@solara.component
def Levers(session: Session) -> None:
    """The levers of the chosen scenario."""
    asked = session.asked.value
    fault, set_fault = solara.use_state("")
    revision = solara.use_ref(0)
    revision.current += 1
    heard = solara.use_ref(0)  # the last move that came here: the page shows its own till then
    _, refresh = solara.use_state(0)
    changes, mix = asked.mix.effective(), asked.mix
    way = _way(mix, changes)
    area = dict(asked.area)

    def upload(file: list[str]) -> None:
        try:
            made = uploads.mix(str(file[0]), str(file[1]))
        except ValueError as wrong:
            set_fault(str(wrong))
            return
        set_fault("")
        session.ask(asked.with_another(made) if len(asked.mixes) < MOST_SCENARIOS
                    else asked.with_mix(made))  # fmt: skip

    def move(what: list[Any]) -> None:
        name, value, heard.current = str(what[0]), float(what[1]), int(what[2])
        before = session.asked.value
        session.ask(moved(before, name, value))
        if session.asked.value == before:
            refresh(heard.current)

    def choose(place: int) -> None:
        if 0 <= int(place) < len(session.asked.value.mixes):
            session.ask(replace(session.asked.value, chosen=int(place)))

    def begin(name: str, put: Callable[[Asked, Mix], Asked]) -> None:
        if name in shipped():
            session.ask(put(session.asked.value, Mix(name)))

    first = [offered_lever(way)] if way in WAYS else []
    names = [LEVERS["meetings"]]
    blocks = [_block(one, changes, area) for one in first if one is not None]
    blocks += [_lasts(mix), *(_block(one, changes, area) for one in names)]
    _Levers(
        words=said.LEVERS,
        ways=[[MIX, said.WAYS[MIX]], *([one, said.WAYS[one]] for one in WAYS)],
        way=way,
        way_told=_told(mix),
        levers=blocks,
        more=[_block(one, changes, area) for one in more_levers(way)],
        scenarios=[one.name for one in asked.mixes],
        chosen=asked.chosen,
        others=_others(),
        can_undo=session.can_undo,
        can_redo=session.can_redo,
        can_add=len(asked.mixes) < MOST_SCENARIOS,
        said=fault,
        revision=revision.current,
        heard=heard.current,
        event_set=move,
        event_way=lambda name: session.ask(
            session.asked.value.with_mix(Mix(WAYS.get(name, "baseline")))
        ),
        event_choose=choose,
        event_add=lambda name: begin(name, Asked.with_another),
        event_swap=lambda name: begin(name, Asked.with_mix),
        event_remove=lambda place: session.ask(session.asked.value.without(int(place))),
        event_act=session.key,
        event_upload=upload,
    )


def moved(asked: Asked, name: str, value: float) -> Asked:
    """What is asked after a lever was moved; as it was where the lever cannot stand there."""
    if name == "lasts":
        years = None if value >= LASTS_FOR_GOOD else max(1, int(value))
        return asked.with_mix(replace(asked.mix, lasts=years))
    try:
        return asked.with_mix(asked.mix.set(LEVERS[name].changes(value)))
    except (KeyError, ValueError):
        return asked


def _way(mix: Mix, changes: dict[str, Any]) -> str:
    if mix.base == "baseline" and not any(key.startswith("linkage.") for key in changes):
        return MIX
    return way_of(changes, mix.base)


def _told(mix: Mix) -> str:
    question = load(mix.base).question
    is_changed = bool(mix.changes) or mix.lasts is not None
    return said.began_as(mix.base, question) if is_changed else question


@cache
def _others() -> list[list[str]]:
    """The shipped scenarios that have a twin in today's world, the baseline aside."""
    today = load("baseline").arrivals
    names = [name for name in shipped() if name != "baseline" and load(name).arrivals == today]
    return [[name, f"{name}: {load(name).question}"] for name in names]


def _block(lever: Lever, changes: dict[str, Any], area: dict[str, Any]) -> dict[str, Any]:
    """One lever as the page draws it."""
    sign, aloud = said.UNITS[lever.unit]
    name, quantity = said.LEVER_NAMES[lever.name], lever.quantity
    low, high = lever.seen
    today = float(area.get(lever.keys[0], quantity.value)) * lever.scale
    ends = (f"{one:,.0f}{sign}" for one in (low, high, today))
    return {
        "id": lever.name, "name": name, "value": lever.shown(changes, area), "unit": sign,
        "aloud": aloud if lever.unit == WEEKS else f"{aloud}",
        "lowest": lever.lowest, "highest": lever.highest, "step": lever.step,
        "low": low, "high": high, "today": today,
        "seen": said.seen((*ends,), quantity.grade, practice=quantity.lever),
        "beyond": _beyond(quantity),
        "ranged": low < high,
        "less": said.less(name), "more": said.more(name), "box": said.box(name, aloud),
        "source_label": said.source_of(name), "source": source_told(lever.keys),
    }  # fmt: skip


def _beyond(quantity: Quantity) -> str:
    if not quantity.lever:
        return said.BEYOND
    return said.BEYOND_ASSUMED if quantity.grade == ASSUMED else said.BEYOND_PRACTICE


def _lasts(mix: Mix) -> dict[str, Any]:
    """How long the way of linking goes on: a choice, of which no study says what is usual."""
    name = said.LEVER_NAMES["lasts"]
    years = LASTS_FOR_GOOD if mix.lasts is None else mix.lasts
    return {
        "id": "lasts", "name": name, "value": years,
        "unit": said.FOR_GOOD_UNIT if mix.lasts is None else said.YEARS_UNIT,
        "aloud": "years", "lowest": 1, "highest": LASTS_FOR_GOOD, "step": 1,
        "low": 0, "high": LASTS_FOR_GOOD, "today": None, "ranged": False, "beyond": "",
        "seen": said.LASTS_TOLD, "less": said.less(name), "more": said.more(name),
        "box": said.box(name, "years"),
        "source_label": said.source_of(name), "source": f"<p>{escape(said.LASTS_SOURCE)}</p>",
    }  # fmt: skip
