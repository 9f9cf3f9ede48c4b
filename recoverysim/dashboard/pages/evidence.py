"""Evidence: says who?"""

from __future__ import annotations

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session


@solara.component
def Evidence(session: Session) -> None:
    """Every number of the model."""
    with solara.Div(classes=["page"]):
        html("h1", said.EVIDENCE_TITLE)
