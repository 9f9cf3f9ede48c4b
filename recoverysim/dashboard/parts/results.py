"""What stands right of the levers: the sentence, the cards, and the pictures that explain them."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import solara

from recoverysim import dashboard_words as said
from recoverysim import words
from recoverysim.dashboard.asked import DEFINITIONS, YEARS
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.session import (
    EXACT,
    FAILED,
    QUICK,
    SHARPENING,
    STOPPED,
    Session,
    View,
)
from recoverysim.outcomes import in_words
from recoverysim.shown import Answer, Card

CARDS = ("in_recovery", "in_recovery_a_year_or_more", "attending", "deaths")


def world_of(session: Session, answer: Answer) -> int:
    """Which of an answer's worlds the page tells of: the one that the levers move."""
    return min(session.asked.value.chosen + 1, len(answer.worlds) - 1)


def is_same(answer: Answer, world: int) -> bool:
    """Whether a world does nothing that today's does not."""
    return not answer.worlds[world].settings


@solara.component
def Sentence(session: Session) -> None:
    """The one sentence, its range, and how far the answer is."""
    view = session.view.value
    answer, year = view.answer, session.asked.value.year
    told = _sentence(session, answer, year)
    solara.use_effect(lambda: session.announced.set(told), [told])
    lead, rest = _split(told)
    stale = view.asked != session.asked.value or view.state in (QUICK, SHARPENING)
    classes = "sentence panel" + (" stale" if stale else "")
    with solara.Div(classes=[classes], attributes={"data-state": view.state}):
        html("p", f"<b>{escape(lead)}</b> <span>{escape(rest)}</span>", "the-sentence")
        _progress(session, view)


def _sentence(session: Session, answer: Answer | None, year: int) -> str:
    if answer is None:
        return said.FIRST_WAIT
    world = world_of(session, answer)
    if is_same(answer, world):
        return said.SAME_AS_TODAY
    return answer.worlds[world].sentences[str(year)]


def _split(text: str) -> tuple[str, str]:
    """What is said large, up to the ranges in brackets or the first full stop; and the rest."""
    places = [text.find(mark) for mark in (" (luck", " (likely", ". ")]
    place = min((one for one in places if one > 0), default=0)
    if not place:
        return text, ""
    end = place + 1 if text[place] == "." else place
    return text[:end], text[end:].strip()


def _progress(session: Session, view: View) -> None:
    """Quick or exact, repeats done, and Stop."""
    if view.state == FAILED:
        html(
            "div",
            f"<p>{said.NOT_WORKED}</p><details><summary>{said.DETAILS}</summary>"
            f"<p>{escape(view.fault)}</p></details>",
            "fault",
            role="alert",
        )
        return
    answer = view.answer
    if answer is None:
        return
    with solara.Div(classes=["progress"]):
        if view.state == SHARPENING:
            share = 100 * view.done / 20
            html("div", f"<i style='width:{share:.0f}%'></i>", "bar")
            html("span", said.working(view.done, 20, True))
            solara.Button(said.STOP, on_click=session.stop, classes=["plain-button"])
        elif view.state == STOPPED:
            html("span", said.stopped(answer.done, answer.of))
            solara.Button(said.GO_ON, on_click=session.look, classes=["plain-button"])
        elif view.state == EXACT:
            html("span", escape(answer.basis))
        else:
            html("span", said.QUICK)


@solara.component
def Results(session: Session) -> None:
    """Cards, then the pictures."""
    answer = session.view.value.answer
    _Choices(session)
    if answer is not None:
        guarded(Cards, session, answer)


@solara.component
def _Choices(session: Session) -> None:
    """The horizon, and what counts as recovery."""
    asked = session.asked.value
    with solara.Div(classes=["choices"]):
        with solara.Div(classes=["choice"], attributes={"role": "group", "aria-label": said.AFTER}):
            html("span", said.AFTER, "label")
            for year in YEARS:
                solara.Button(
                    words.years(year),
                    on_click=lambda year=year: session.ask(replace(session.asked.value, year=year)),
                    classes=["tab", *(["on"] if year == asked.year else [])],
                    attributes={"aria-pressed": str(year == asked.year).lower()},
                )
        with solara.Div(classes=["choice"]):
            html("span", said.COUNTS_AS, "label")
            for one in DEFINITIONS:
                solara.Button(
                    in_words(one),
                    on_click=lambda one=one: session.ask(
                        replace(session.asked.value, definition=one)
                    ),
                    classes=["tab", *(["on"] if one == asked.definition else [])],
                    attributes={"aria-pressed": str(one == asked.definition).lower()},
                )


@solara.component
def Cards(session: Session, answer: Answer) -> None:
    """Four numbers in 1,000 people, each beside today's."""
    year, world = session.asked.value.year, world_of(session, answer)
    cards = [card for card in answer.worlds[world].cards if card.year == year]
    shown = {card.measure: card for card in cards}
    same = is_same(answer, world)
    inner = "".join(
        card_html(shown[name], year, world, same=same) for name in CARDS if name in shown
    )
    html("div", inner, "cards", role="list")


def card_html(card: Card, year: int, world: int, *, same: bool) -> str:
    """One card."""
    title = said.CARD_TITLES[card.measure].format(after=words.after(year))
    settled = words.is_settled(card.low, card.high)
    number = f"{card.value:,.0f}"
    parts = [
        f"<h3>{escape(title)}</h3>",
        f"<p class='number' data-card='{card.measure}'>{number} <span>{said.PER_1000}</span></p>",
    ]
    if not same:
        verdict = "" if settled else f" <em>{said.TOO_CLOSE}</em>"
        told = escape(said.card_difference(card.difference, card.low, card.high))
        parts += [
            f"<p class='from'>{said.FROM_TODAY.format(today=f'{card.today:,.0f}')}</p>",
            f"<p class='by'><b data-difference='{card.measure}'>{told}</b>{verdict}</p>",
        ]
    return f"<div role='listitem' class='card world-{world}'>{''.join(parts)}</div>"
