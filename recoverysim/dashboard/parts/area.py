"""The panel of the area's own numbers: five to ten boxes, each with what stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard import area
from recoverysim.dashboard.area import A_YEAR, BOXES, Box
from recoverysim.dashboard.session import Session
from recoverysim.evidence import sources_of


@solara.component_vue("area.vue")
def _Area(
    words: dict[str, str],
    boxes: list[dict[str, Any]],
    any: bool,
    event_put: Callable[[list[Any]], None],
    event_clear: Callable[[bool], None],
) -> None:
    """Number boxes, each with a default and where it comes from."""


@solara.component
def Area(session: Session) -> None:
    """The numbers of an area, laid over both worlds as soon as they are typed."""
    asked = session.asked.value
    none: dict[str, str] = {}
    faults, set_faults = solara.use_state(none)

    def put(what: list[Any]) -> None:
        name, value, typed = str(what[0]), what[1], str(what[2])
        now = session.asked.value
        try:
            number = None if value is None and typed == "" else float(value)
            made = area.put(now, name, number)
        except (TypeError, ValueError, OverflowError) as fault:
            set_faults(faults | {name: _fault(name, typed, str(fault))})
            return
        set_faults({key: told for key, told in faults.items() if key != name})
        session.ask(made)

    people = {
        "id": A_YEAR, "name": said.AREA_NAMES[A_YEAR], "value": asked.a_year, "standard": "1000",
        "low": area.FEWEST_A_YEAR, "high": area.MOST_A_YEAR, "unit": said.AREA_UNITS[A_YEAR],
        "told": said.AREA_PEOPLE, "fault": faults.get(A_YEAR, ""),
    }  # fmt: skip
    _Area(
        words=said.AREA,
        boxes=[people, *(_box(session, one, faults.get(one.name, "")) for one in BOXES)],
        any=bool(asked.area) or asked.a_year is not None,
        event_put=put,
        event_clear=lambda _: session.ask(replace(session.asked.value, area=(), a_year=None)),
    )


def _box(session: Session, box: Box, fault: str) -> dict[str, Any]:
    quantity = box.quantity
    standard = quantity.value * (100 if box.kind == "share" else 1)
    low, high = area.bounds(box)
    places = box.kind == "places"
    told = (
        said.AREA_PLACES
        if places
        else said.standard(
            standard, box.kind, quantity, [one.source for one in sources_of(quantity)]
        )
    )
    return {
        "id": box.name, "name": said.AREA_NAMES[box.name],
        "value": area.shown(session.asked.value, box),
        "standard": "" if places else f"{standard:g}", "low": low, "high": high,
        "unit": said.AREA_UNITS[box.kind], "told": told, "fault": fault,
    }  # fmt: skip


def _fault(name: str, typed: str, why: str) -> str:
    if why == "no people":
        return said.AREA_PEOPLE_FIRST
    if name == A_YEAR:
        low, high = area.FEWEST_A_YEAR, area.MOST_A_YEAR
    else:
        low, high = area.bounds(next(one for one in BOXES if one.name == name))  # type: ignore[assignment]
    return said.out_of_bounds(said.AREA_NAMES[name], low, high, typed)
