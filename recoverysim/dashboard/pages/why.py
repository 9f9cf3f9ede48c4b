"""Why: why does it change, and what matters most?"""

from __future__ import annotations

from dataclasses import replace

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.acquainted import Acquainted
from recoverysim.dashboard.parts.hangs_on import HangsOn, Switches
from recoverysim.dashboard.parts.matters import WhatMatters
from recoverysim.dashboard.parts.results import Choices, Drawn, Sentence, is_same, world_of
from recoverysim.dashboard.session import Session
from recoverysim.pictures.why_chain import why


@solara.component
def Why(session: Session) -> None:
    """From an offer to recovery; parts of the model off; what is not known; who knows whom."""
    answer, asked = session.view.value.answer, session.asked.value
    with solara.Div(classes=["page", "why-page"]):
        html("h1", said.WHY_TITLE)
        guarded(Sentence, session)
        guarded(Choices, session)
        if answer is None:
            html("p", said.WAITS, "panel", role="status")
            return
        world = world_of(session, answer)
        if is_same(answer, world):
            html("p", said.NOTHING_CHANGED, "panel", role="status")
        told = replace(answer, worlds=(answer.worlds[0], answer.worlds[world]))
        chain = {
            year: tuple(
                replace(step, values=(step.values[0], step.values[world])) for step in steps
            )
            for year, steps in answer.why.items()
        }
        told = replace(told, why=chain)
        guarded(Drawn, session, lambda width: why(told, asked.year, width))
        guarded(Switches, session)
        if not is_same(answer, world):
            guarded(HangsOn, session, world)
            guarded(WhatMatters, session, world)
            guarded(Acquainted, session, answer, world, True)
