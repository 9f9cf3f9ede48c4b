"""What leaves the page: a link, Python, a command, a scenario file, and the way to the report."""

from __future__ import annotations

from collections.abc import Callable

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard import again
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session


@solara.component
def HandOver(session: Session) -> None:
    """Buttons that copy or save what is on the screen."""
    asked = session.asked.value
    with solara.Div(classes=["panel", "hand-over"]):
        html("h2", said.HAND_OVER)
        html("p", said.LINK_HOLDS, "hint")
        with solara.Div(classes=["pair"]):
            _button(said.COPY_LINK, session.share, "link")
            _button(
                said.COPY_PYTHON,
                lambda: session.copy(again.python(asked), said.COPIED["python"]), "python",
            )  # fmt: skip
            _button(
                said.COPY_COMMAND,
                lambda: session.copy(again.command(asked), said.COPIED["command"]), "command",
            )  # fmt: skip
            with solara.FileDownload(
                lambda: again.scenario_file(asked).encode(), filename=f"{asked.mix.name}.yaml"
            ):
                _button(said.SAVE_SCENARIO, None, "scenario")
            _button(said.TO_REPORT, lambda: session.go("report"), "report")


def _button(label: str, act: Callable[[], None] | None, name: str) -> None:
    solara.Button(
        label, on_click=act, classes=["plain-button"], attributes={"data-hand-over": name}
    )
