"""Parts of the pages: what stands around each of them, the levers, and panels that fail alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.session import Session

LOG = logging.getLogger("recoverysim.dashboard")


@solara.component_vue("shell.vue")
def _Shell(
    pages: list[list[str]],
    here: str,
    words: dict[str, str],
    message: str,
    announced: str,
    copied: list[Any],
    projector: bool,
    event_go: Callable[[str], None],
    event_key: Callable[[str], None],
    event_size: Callable[[str], None],
) -> None:
    """Skip link, menu, keys, what a screen reader is told, and the clipboard."""


@solara.component
def shell(
    session: Session,
    pages: list[tuple[str, str]],
    here: str,
    go: Callable[[str], None],
) -> None:
    """What stands around every page."""
    _Shell(
        pages=[list(page) for page in pages],
        here=here,
        words=said.SHELL,
        message=session.message.value,
        announced=session.announced.value,
        copied=list(session.copied.value),
        projector=session.projector.value,
        event_go=go,
        event_key=session.key,
        event_size=session.narrow.set,
    )


def html(tag: str, inner: str, classes: str = "", **attributes: str) -> None:
    """Our own HTML on the page; what comes from elsewhere in it is escaped where it is made."""
    solara.HTML(
        tag=tag, unsafe_innerHTML=inner, classes=classes.split(), attributes=attributes or None
    )


def guarded(component: Callable[..., Any], *arguments: Any) -> None:
    """A part that fails alone: its own message stands in its place, and the rest goes on."""
    _Guarded(component, arguments)


@solara.component
def _Guarded(component: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # A frame that held what failed hands its fault on at each rendering, and in the end the page
    # goes down: the message stands in another one.
    fault, clear = solara.use_exception()
    if fault is None:
        with solara.Div(classes=["guarded"]).key("whole"):
            component(*arguments)
        return
    LOG.error("a part of a page failed", exc_info=fault)
    told = escape(f"{type(fault).__name__}: {fault}"[:400])
    with solara.Div(classes=["guarded"]).key("failed"):
        html(
            "section",
            f"<h2>{said.PANEL_FAILED}</h2><p>{said.SETTINGS_ARE_SAFE}</p>"
            f"<details><summary>{said.DETAILS}</summary><code>{told}</code></details>",
            "panel failed",
            role="alert",
        )
        solara.Button(said.TRY_AGAIN, on_click=clear, classes=["plain-button"])
