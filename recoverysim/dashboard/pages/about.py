"""About: may I trust and cite it?"""

from __future__ import annotations

import solara

from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session


@solara.component
def About(session: Session) -> None:
    """Version, checks, limits, licence and citation."""
    html("h1", "About")
