"""The pages and what stands around them. Solara finds `routes` here."""

from __future__ import annotations

import threading
from collections.abc import Callable

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard import address
from recoverysim.dashboard.pages import about, compare, evidence, journey, report, start, why
from recoverysim.dashboard.parts import guarded, shell
from recoverysim.dashboard.parts.footer import Footer
from recoverysim.dashboard.session import Session
from recoverysim.dashboard.work.shared import desk

# In the order of the menu: path, name in the menu, and the page.
PAGES = (
    ("", said.START, start.Start),
    ("compare", said.COMPARE, compare.Compare),
    ("journey", said.JOURNEY, journey.Journey),
    ("why", said.WHY, why.Why),
    ("evidence", said.EVIDENCE, evidence.Evidence),
    ("report", said.REPORT, report.Report),
    ("about", said.ABOUT, about.About),
)
REST = 0.4  # seconds without a change before the address is written


@solara.component
def Bare(children: list[solara.Element]) -> None:
    """Nothing around a page but what we put there ourselves."""
    solara.Div(children=children, classes=["rs-app"])


@solara.component
def Dashboard() -> None:
    """All pages of one visitor: what is asked stays from one page to the next."""
    router = solara.use_router()
    here = router.parts[0] if router.parts else ""
    session = solara.use_memo(lambda: _begin(router.search), [])
    solara.use_effect(lambda: session.close, [])
    pushed = solara.use_ref(router.search or "")
    asked = session.asked.value

    def follow() -> None:
        """Back and forward in the browser, and links that are opened here."""
        if (router.search or "") != pushed.current:
            pushed.current = router.search or ""
            session.ask(address.read(router.search).asked)

    def settle() -> Callable[[], None]:
        """Once no more is changed for a moment, the address holds what is asked."""

        def push() -> None:
            text = address.query(asked)
            if text != pushed.current and address.read(pushed.current).asked != asked:
                pushed.current = text
                router.push(f"/{here}?{text}")

        gone = threading.Event()

        def wait() -> None:  # in a thread of Solara's, which a Timer would not be
            if not gone.wait(REST):
                push()

        threading.Thread(target=wait, daemon=True).start()
        return gone.set

    solara.use_effect(follow, [router.search])
    solara.use_effect(settle, [asked, here])

    def go(path: str) -> None:
        if path not in (one for one, _, _ in PAGES):
            return
        text = address.query(session.asked.value)
        pushed.current = text
        router.push(f"/{path}?{text}")

    session.go = go
    shell(session, [(path, label) for path, label, _ in PAGES], here, go)
    page = next((one for path, _, one in PAGES if path == here), start.Start)
    with solara.v.Html(tag="main", attributes={"id": "main"}):
        guarded(page, session)
    guarded(Footer, session)


def _begin(search: str | None) -> Session:
    """A visitor's session, from the address that they opened."""
    opened = address.read(search)
    session = Session(desk(), opened.asked, opened)
    session.look()
    return session


routes = [
    solara.Route(path=path or "/", component=Dashboard, label=f"{label} · recoverysim", layout=Bare)
    for path, label, _ in PAGES
]
