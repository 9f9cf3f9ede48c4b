"""What stands under every page: that people are simulated, the version, and where to find help."""

from __future__ import annotations

import os
from html import escape

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session
from recoverysim.version import package_version

HELP_LINE = "RECOVERYSIM_HELP_LINE"  # of the environment: the text that a deployer puts there
LONGEST = 500  # characters


def help_line() -> str:
    """Where somebody who is touched by this finds help: the deployer's text, or the usual one."""
    return os.environ.get(HELP_LINE, "").strip()[:LONGEST] or said.HELP


@solara.component
def Footer(session: Session) -> None:
    """The same on every page, at the same place."""
    inner = (
        f"<p class='help' data-test='help-line'>{escape(help_line())}</p>"
        f"<p>{said.SIMULATED} recoverysim {escape(package_version())}.</p>"
    )
    with solara.Div(classes=["footer"]):
        html("footer", inner)
