"""About: may I trust and cite it?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, metadata

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.pages.start import limits
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.session import Session
from recoverysim.evidence.validated import validated
from recoverysim.studies.stamp import commit
from recoverysim.version import package_version

LICENCE = "Apache-2.0"  # where the installation does not say


@solara.component
def About(session: Session) -> None:
    """Version, checks, limits, licence, citation, privacy, and use without the dashboard."""
    with solara.Div(classes=["page", "about-page"]):
        html("h1", said.ABOUT_TITLE)
        for part in (Version, Checked, Limits, Use, Privacy):
            guarded(part, session)


@solara.component
def Version(session: Session) -> None:
    """Which version this is, how to cite it, and its licence."""
    cited = said.citation(package_version())
    with solara.Div(classes=["panel"]):
        html("h2", said.CITE_TITLE)
        made = commit()
        html("p", escape(said.version(package_version(), made and made[:12])))
        html("p", escape(cited), "cited", **{"data-test": "citation"})
        solara.Button(
            said.COPY_CITATION, on_click=lambda: session.copy(cited, said.CITATION_COPIED),
            classes=["plain-button"], attributes={"data-test": "copy-citation"},
        )  # fmt: skip
        html("h3", said.LICENCE_TITLE)
        html("p", escape(said.LICENCE.format(licence=licence())))
        html("p", escape(said.FONT_LICENCE))


def licence() -> str:
    """The licence of the installed package."""
    try:
        return str(metadata("recoverysim").json.get("license_expression", LICENCE))
    except PackageNotFoundError:
        return LICENCE


@solara.component
def Checked(session: Session) -> None:
    """How simulated studies did against published ones, the misses with them."""
    found = validated()
    tests = found.of("test")
    kinds = [
        (said.KINDS.get(one.kind, one.kind), str(one.figures), str(one.met),
         str(one.figures - one.met))
        for one in found.kinds
    ]  # fmt: skip
    with solara.Div(classes=["panel"], attributes={"data-test": "checked"}):
        html("h2", said.CHECKED_TITLE)
        html("p", f"<b>{escape(said.NOBODY_OUTSIDE)}</b>")
        told = said.checked(
            found.met, found.figures, tests.met, tests.figures, found.simulated_times
        )
        html("p", escape(told))
        _table(said.CHECKED_TITLE, said.CHECKED_HEADS, kinds)
        misses = _rows(said.MISSES_HEADS, found.missed)
        html(
            "details",
            f"<summary>{said.MISSES_SUMMARY} ({len(found.missed)})</summary><div class='scroller' "
            f"tabindex='0' role='region' aria-label='{said.MISSES_SUMMARY}'><table>"
            f"<caption class='unseen'>{said.MISSES_SUMMARY}</caption>{misses}</table></div>",
        )
        html("p", said.CHECKED_MORE, "hint")


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    html(
        "div",
        f"<table><caption class='unseen'>{escape(caption)}</caption>{_rows(heads, rows)}</table>",
        "scroller", tabindex="0", role="region", **{"aria-label": caption},
    )  # fmt: skip


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    body = "".join(
        f"<tr><th scope='row'>{escape(first)}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"


@solara.component
def Limits(session: Session) -> None:
    """What the model cannot say."""
    lines = "".join(f"<li>{escape(one)}</li>" for one in limits())
    with solara.Div(classes=["panel"], attributes={"data-test": "about-limits"}):
        html("h2", said.LIMITS_OF)
        html("ul", lines)
        html("p", said.LIMITS_MORE, "hint")


@solara.component
def Use(session: Session) -> None:
    """How to use it from Python and from the command line."""
    with solara.Div(classes=["panel"], attributes={"data-test": "use"}):
        html("h2", said.USE_TITLE)
        html("p", said.USE_TOLD)
        for name, code in (("Python", said.PYTHON), ("Command line", said.COMMANDS)):
            html("h3", name)
            html("pre", f"<code>{escape(code)}</code>", "code", tabindex="0")
        html("p", said.RESEARCH_MORE, "hint")


@solara.component
def Privacy(session: Session) -> None:
    """What happens with what is typed here."""
    lines = "".join(f"<li>{escape(one)}</li>" for one in said.PRIVACY)
    html("section", f"<h2>{said.PRIVACY_TITLE}</h2><ul>{lines}</ul>", "panel",
         **{"data-test": "privacy"})  # fmt: skip
