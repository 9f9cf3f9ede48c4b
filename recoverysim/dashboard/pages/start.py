"""Start: what this is, and what it says."""

from __future__ import annotations

import solara

from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session


@solara.component
def Start(session: Session) -> None:
    """The first view."""
    html("h1", "Start")
