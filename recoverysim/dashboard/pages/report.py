"""Report: what do I hand over?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.session import EXACT, STOPPED, Session
from recoverysim.dashboard.work import papers
from recoverysim.dashboard.work.looks import Dropped
from recoverysim.shown import Answer


@solara.component
def Report(session: Session) -> None:
    """A report of what is compared now: to look at, to save, to edit."""
    with solara.Div(classes=["page"]):
        html("h1", said.REPORT_TITLE)
        html("p", said.REPORT_TOLD)
        view = session.view.value
        if view.answer is None or view.state not in (EXACT, STOPPED):
            html("p", said.REPORT_WAITS, "panel", role="status")
        else:
            guarded(_Made, session, view.answer)


@solara.component
def _Made(session: Session, answer: Answer) -> None:
    asked = session.view.value.asked
    page, set_page = solara.use_state("")
    fault, set_fault = solara.use_state("")

    def make() -> Callable[[], None]:
        gone = threading.Event()

        def work() -> None:
            try:
                made = session.desk.do(
                    papers.web_page,
                    (answer, asked.worlds(), asked.year),
                    session.desk.ticket(),
                )
            except Dropped:
                return
            except Exception as wrong:
                if not gone.is_set():
                    set_fault(f"{type(wrong).__name__}: {wrong}")
                return
            if not gone.is_set():
                set_page(made)

        threading.Thread(target=work, daemon=True).start()
        return gone.set

    solara.use_effect(make, [answer, asked.year])
    names = ", ".join(world.name for world in answer.worlds[1:])
    html("p", f"<b>{escape(names)}</b>. {escape(answer.basis)}")
    with solara.Div(classes=["pair"]):
        with solara.FileDownload(lambda: page.encode(), filename="recoverysim-report.html"):
            _button(said.SAVE_PAGE, "html", disabled=not page)
        with solara.FileDownload(
            lambda: session.desk.do(
                papers.document, (answer, asked.worlds(), asked.year), session.desk.ticket()
            ),
            filename="recoverysim-report.docx",
        ):
            _button(said.SAVE_DOCUMENT, "docx")
    html("p", said.REPORT_PRINTS, "hint")
    if fault:
        html("p", escape(fault), "fault", role="alert")
    elif not page:
        html("p", said.REPORT_WAITS, role="status")
    else:
        html("h2", said.REPORT_PREVIEW)
        html(
            "div",
            f"<iframe class='report' sandbox='' title='{escape(said.REPORT_PREVIEW)}' "
            f'srcdoc="{escape(page)}"></iframe>',
        )


def _button(label: str, name: str, *, disabled: bool = False) -> None:
    solara.Button(
        label, disabled=disabled, classes=["plain-button"], attributes={"data-save": name}
    )
