"""Compare: what if people were linked differently?"""

from __future__ import annotations

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.area import Area
from recoverysim.dashboard.parts.beside import OldLink
from recoverysim.dashboard.parts.hand_over import HandOver
from recoverysim.dashboard.parts.levers import Levers
from recoverysim.dashboard.parts.results import Results, Sentence
from recoverysim.dashboard.session import Session

SMALL = ("phone", "tablet")  # what is typed once comes after the answer there


@solara.component
def Compare(session: Session) -> None:
    """The sentence, the levers, and everything that follows from them."""
    html("h1", said.COMPARE_TITLE, "unseen")
    is_open, set_open = solara.use_state(False)
    size = session.narrow.value
    projector = " projector" if session.projector.value else ""
    with solara.Div(classes=[f"compare-page size-{size or 'laptop'}{projector}"]):
        with solara.Div(classes=["at-sentence"]):
            guarded(OldLink, session)
            guarded(Sentence, session)
        drawer, is_small = size == "tablet", size in SMALL
        with solara.Div(classes=["at-levers", *(["away"] if drawer and not is_open else [])]):
            if drawer:
                solara.Button(
                    said.CLOSE_DRAWER if is_open else said.OPEN_DRAWER,
                    on_click=lambda: set_open(not is_open),
                    classes=["plain-button", "drawer"],
                    attributes={"aria-expanded": str(is_open).lower()},
                )
            with solara.Div(classes=["column"]):
                guarded(Levers, session)
                if not is_small:
                    guarded(Area, session)
                    guarded(HandOver, session)
        stale = session.view.value.asked != session.asked.value
        with solara.Div(classes=["at-results", *(["stale"] if stale else [])]):
            guarded(Results, session)
            if is_small and not session.projector.value:
                guarded(Area, session)
                guarded(HandOver, session)
