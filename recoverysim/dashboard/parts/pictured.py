"""A picture on a page: drawn in it, told in a line, and to be had as a file or a table."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import Session
from recoverysim.pictures.sheet import Picture

# The widths that pictures are drawn at, by the width of the window.
WIDTHS = {"phone": 330, "tablet": 700, "": 900, "wide": 1150}
PROJECTED = 850  # drawn smaller than it is shown, so that letters are large


def width_of(session: Session) -> int:
    """How wide a picture is drawn for this visitor's window."""
    if session.projector.value:
        return PROJECTED
    return WIDTHS[session.narrow.value]


@solara.component
def Pictured(
    session: Session, picture: Picture, drawn: Callable[[], Any] | None = None, after: str = ""
) -> None:
    """A panel with a picture; `drawn` draws it in place of the still one, `after` is HTML."""
    is_open, set_open = solara.use_state(False)
    with solara.Div(classes=["panel", "pictured"], attributes={"data-picture": picture.name}):
        html("h2", escape(picture.title))
        html("p", escape(picture.subtitle), "hint")
        if drawn is not None:
            drawn()
        else:
            html("div", picture.svg("picture"), "sheet")
        html("p", escape(picture.description), "described")
        if after:
            html("div", after, "described")
        solara.Button(
            said.SAVE_OR_READ,
            on_click=lambda: set_open(not is_open),
            classes=["plain-button", "small"],
            attributes={
                "aria-expanded": str(is_open).lower(),
                "aria-label": f"{said.SAVE_OR_READ}: {picture.title}",
            },
        )
        if is_open:
            _Saved(session, picture)


@solara.component
def _Saved(session: Session, picture: Picture) -> None:
    """The picture as files and as a table."""
    with solara.Div(classes=["saved"]):
        for form, made in (("png", _png), ("svg", _svg), ("csv", _csv)):
            with solara.FileDownload(
                lambda made=made: made(picture), filename=f"recoverysim-{picture.name}.{form}"
            ):
                solara.Button(
                    form.upper(), classes=["plain-button"], attributes={"data-save": form}
                )
        solara.Button(
            said.COPY_WORDS,
            on_click=lambda: session.copy(picture.description, said.WORDS_COPIED),
            classes=["plain-button"],
        )
    html("div", table(picture.table, picture.title), "scroller", tabindex="0", role="region",
         **{"aria-label": picture.title})  # fmt: skip


def table(rows: tuple[dict[str, object], ...], caption: str) -> str:
    """Rows as an HTML table."""
    if not rows:
        return ""
    heads = "".join(f"<th scope='col'>{escape(str(key))}</th>" for key in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row.values()) + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption class='unseen'>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _png(picture: Picture) -> bytes:
    file = io.BytesIO()
    picture.png(file)
    return file.getvalue()


def _svg(picture: Picture) -> bytes:
    file = io.BytesIO()
    picture.svg_outlined(file)
    return file.getvalue()


def _csv(picture: Picture) -> bytes:
    return picture.csv().encode()
