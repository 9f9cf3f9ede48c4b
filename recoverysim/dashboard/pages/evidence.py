"""Evidence: says who?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_page_words as said
from recoverysim import grounds
from recoverysim.dashboard import listing
from recoverysim.dashboard.listing import A_PAGE, Wanted
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.session import FAILED, Session
from recoverysim.picture_words import of_key
from recoverysim.quantities import GRADES
from recoverysim.settings import all_quantities


@solara.component
def Evidence(session: Session) -> None:
    """Every number of the model, with what it rests on; values of one's own."""
    with solara.Div(classes=["page", "evidence-page"]):
        html("h1", said.EVIDENCE_TITLE)
        html("p", said.EVIDENCE_TOLD)
        guarded(Grades)
        guarded(Own, session)
        guarded(Numbers, session)


@solara.component
def Grades() -> None:
    """How many numbers are of each grade."""
    many = grounds.by_grade()
    most = max(many.values())
    body = "".join(
        f"<tr><th scope='row'><span class='grade grade-{grade}'>{grade}</span></th>"
        f"<td class='count'><span class='bar'><i style='width:{100 * many[grade] / most:.0f}%'></i>"
        f"</span> <b data-grade='{grade}'>{many[grade]}</b></td><td>{escape(told)}</td></tr>"
        for grade, told in GRADES.items()
    )
    heads = "".join(f"<th scope='col'>{escape(head)}</th>" for head in said.GRADES_HEADS)
    with solara.Div(classes=["panel"]):
        html("h2", said.GRADES_TITLE)
        html("p", escape(said.grades(sum(many.values()), many)))
        html(
            "div",
            f"<table class='grades'><caption class='unseen'>{said.GRADES_TITLE}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>",
            "scroller", tabindex="0", role="region", **{"aria-label": said.GRADES_TITLE},
        )  # fmt: skip
        html("p", said.MEASURED_TOLD, "hint")


@solara.component
def Own(session: Session) -> None:
    """The visitor's own values, each to be put back."""
    asked, view = session.asked.value, session.view.value
    keys = listing.own_values(asked)

    def put_back(which: list[str]) -> None:
        kept = tuple(pair for pair in session.asked.value.area if pair[0] not in which)
        session.ask(replace(session.asked.value, area=kept))

    with solara.Div(classes=["panel", "own-values"], attributes={"data-test": "own-values"}):
        html("h2", said.OWN_TITLE)
        if not keys:
            html("p", said.OWN_NONE, "hint")
            return
        if view.state == FAILED:
            html("p", f"{said.FITS_NOT} {escape(view.fault[:400])}", "fault", role="alert")
        for key in keys:
            with solara.Div(classes=["own-value"]):
                one, mine = all_quantities()[key], dict(asked.area)[key]
                beyond = listing.beyond(key, mine)
                warned = f" <b class='beyond-told'>▲ {escape(beyond)}</b>" if beyond else ""
                now, before = listing.shown(float(mine)), listing.shown(one.value)
                told = said.own_value(now, before, one.unit)
                html("span", f"<b>{escape(of_key(key))}</b>: {escape(told)}{warned}")
                solara.Button(
                    said.PUT_BACK, on_click=partial(put_back, [key]),
                    classes=["plain-button", "small"],
                    attributes={"aria-label": f"{said.PUT_BACK}: {of_key(key)}"},
                )  # fmt: skip
        solara.Button(
            said.PUT_ALL_BACK, on_click=partial(put_back, keys), classes=["plain-button"],
            attributes={"data-test": "put-all-back"},
        )  # fmt: skip


@solara.component_vue("../parts/evidence.vue")
def _Table(
    words: dict[str, Any],
    filters: list[dict[str, Any]],
    wanted: dict[str, str],
    rows: list[dict[str, Any]],
    told: str,
    page: int,
    pages: int,
    refused: dict[str, str],
    revision: int,
    event_want: Callable[[list[str]], None],
    event_turn: Callable[[int], None],
    event_own: Callable[[list[Any]], None],
) -> None:
    """A page of the table, with what is searched for."""


@solara.component
def Numbers(session: Session) -> None:
    """The table of all numbers, 25 at a time."""
    asked = session.asked.value
    wanted, want = solara.use_state(Wanted())
    nothing: dict[str, str] = {}
    refused, refuse = solara.use_state(nothing)
    revision = solara.use_ref(0)
    revision.current += 1
    keys = listing.keys_found(wanted, dict(asked.area))
    pages = max(1, -(-len(keys) // A_PAGE))
    page = min(wanted.page, pages - 1)
    first = page * A_PAGE
    shown = keys[first : first + A_PAGE]

    def own(what: list[Any]) -> None:
        key, value = str(what[0]), what[1]
        try:
            number = None if value is None else float(value)
            made = listing.with_own(session.asked.value, key, number)
        except KeyError:
            return
        except (ValueError, TypeError) as fault:
            refuse({key: str(fault)[:400]})
            return
        refuse({})
        session.ask(made)

    any_ = [["", said.EVIDENCE["all"]]]
    filters = {
        "section": [*any_, *([one, one.replace("_", " ")] for one in listing.sections())],
        "grade": [*any_, *([grade, grade] for grade in GRADES)],
        "sort": [[*pair] for pair in said.SORTS],
    }
    _Table(
        words=said.EVIDENCE,
        filters=[
            {"name": name, "label": said.EVIDENCE[name], "choices": choices}
            for name, choices in filters.items()
        ],
        wanted={name: getattr(wanted, name) for name in ("search", *filters)},
        rows=[listing.row(key, asked) for key in shown],
        told=said.evidence_found(first + 1, first + len(shown), len(keys)),
        page=page,
        pages=pages,
        refused=refused,
        revision=revision.current,
        event_want=lambda what: want(wanted.with_(str(what[0]), str(what[1]))),
        event_turn=lambda to: want(replace(wanted, page=max(0, min(int(to), pages - 1)))),
        event_own=own,
    )
