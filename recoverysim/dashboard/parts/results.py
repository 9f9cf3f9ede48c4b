"""What stands right of the levers: the sentence, the cards, and the pictures that explain them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim import words
from recoverysim.dashboard.asked import DEFINITIONS, YEARS
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.acquainted import Acquainted
from recoverysim.dashboard.parts.beside import Beside, Changes
from recoverysim.dashboard.parts.line_panel import Line
from recoverysim.dashboard.parts.pictured import Pictured, width_of
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
from recoverysim.pictures.beside_cost import cost
from recoverysim.pictures.curves_over_time import curves
from recoverysim.pictures.sheet import Picture
from recoverysim.pictures.why_chain import why
from recoverysim.shown import Answer, Card

CARDS = ("in_recovery", "in_recovery_a_year_or_more", "attending", "deaths")


def world_of(session: Session, answer: Answer) -> int:
    """Which of an answer's worlds the page tells of: the one that the levers move."""
    return min(session.view.value.asked.chosen + 1, len(answer.worlds) - 1)


def is_same(answer: Answer, world: int) -> bool:
    """Whether a world does nothing that today's does not."""
    return not answer.worlds[world].settings


@solara.component
def Sentence(session: Session) -> None:
    """The one sentence, its range, and how far the answer is."""
    view = session.view.value
    answer, year = view.answer, view.asked.year
    told = _sentence(session, answer, year)
    is_settled = view.state in (EXACT, STOPPED) and view.asked == session.asked.value

    def announce() -> None:
        """Once for each change: not the quick look, whose numbers still move."""
        if is_settled:
            session.announced.set(told)

    solara.use_effect(announce, [told, is_settled])
    lead, rest = _split(told)
    asked = session.asked.value
    stale = view.asked != asked or view.state in (QUICK, SHARPENING)
    classes = ["sentence", "panel", f"world-{session.asked.value.chosen + 1}"]
    classes += ["stale"] if stale else []
    state = {
        "data-state": view.state,
        "data-current": str(view.asked == session.pictured.value.asked == asked).lower(),
        "data-looks": str(session.looks),
    }
    with solara.Div(classes=classes, attributes=state):
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
    with solara.Div(classes=["how-far"]):
        if view.asked != session.asked.value:
            html("span", said.WORKING, "working")
        elif view.state == SHARPENING:
            share = 100 * view.done / 20
            html("div", f"<i style='width:{share:.0f}%'></i>", "bar")
            html("span", said.working(view.done, 20, True))
            solara.Button(said.STOP, on_click=session.stop, classes=["plain-button"])
        elif view.state == STOPPED:
            html("span", said.stopped(answer.done, answer.of))
            solara.Button(said.GO_ON, on_click=lambda: session.look(), classes=["plain-button"])
        elif view.state == EXACT:
            html("span", escape(answer.basis))
            area = _in_the_area(session, answer)
            if area:
                html("span", escape(area), "in-the-area")
        else:
            html("span", said.QUICK)


def _in_the_area(session: Session, answer: Answer) -> str:
    """What the difference comes to in an area of so many people a year."""
    asked = session.asked.value
    world = world_of(session, answer)
    if asked.a_year is None or is_same(answer, world):
        return ""
    card = answer.card(world, "in_recovery", asked.year)
    return said.in_the_area(card, asked.a_year, asked.year)


@solara.component
def Results(session: Session) -> None:
    """Cards, then the pictures, each of which fails alone."""
    shown = session.pictured.value
    answer, year = shown.answer, shown.asked.year
    world = 0 if answer is None else min(shown.asked.chosen + 1, len(answer.worlds) - 1)
    if session.projector.value:
        if answer is not None:
            guarded(Line, session, answer, year, world)
        return
    guarded(Choices, session)
    if answer is None:
        return
    guarded(Cards, session)
    guarded(Line, session, answer, year, world)
    guarded(Side, session, answer, year)
    guarded(Drawn, session, why, answer, year)
    guarded(Curves, session, answer)
    if not is_same(answer, world):
        guarded(Acquainted, session, answer, world)
    if any(world.money for world in answer.worlds):
        guarded(Cost, session, answer, year)
    guarded(Beside, session, answer, year, world)
    guarded(Changes, session, answer)


@solara.component
def Drawn(session: Session, draw: Callable[..., Picture], *of: Any) -> None:
    """Any picture, at the width of the window."""
    Pictured(session, draw(*of, width=width_of(session)))


@solara.component
def Cost(session: Session, answer: Answer, year: int) -> None:
    """Cost beside deaths and years of life, and how likely each change is worth it."""
    picture = cost(answer, year, width_of(session))
    told = [
        f"<b>{escape(world.name)}</b>: {escape(money.words)}"
        for world in answer.worlds
        for money in world.money
        if money.year == year and money.words
    ]
    Pictured(session, picture, after="".join(f"<p>{one}</p>" for one in told))


@solara.component
def Curves(session: Session, answer: Answer) -> None:
    """People in recovery, or going to mutual aid, over the years."""
    measure, choose = solara.use_state("in_recovery")
    with solara.Div(classes=["with-switch"]):
        Pictured(session, curves(answer, measure, width=width_of(session)))
        other = "attending" if measure == "in_recovery" else "in_recovery"
        solara.Button(
            said.SHOW[other], on_click=lambda: choose(other),
            classes=["plain-button", "small", "switch"],
        )  # fmt: skip


@solara.component
def Side(session: Session, answer: Answer, year: int) -> None:
    """All scenarios beside each other, with honest ties; nothing for one alone."""
    if len(answer.worlds) < 3:
        return
    rows = "".join(
        f"<tr class='world-{place}'><th scope='row'>{escape(world.name)}</th>"
        + "".join(_side_cell(answer.card(place, name, year)) for name in ("in_recovery", "deaths"))
        + "</tr>"
        for place, world in enumerate(answer.worlds)
        if place
    )
    heads = "".join(
        f"<th scope='col'>{escape(text)}</th>"
        for text in (
            said.SCENARIO,
            said.CARD_TITLES["in_recovery"].format(after=words.after(year)),
            said.CARD_TITLES["deaths"],
        )
    )
    with solara.Div(classes=["panel"]):
        html("h2", said.SIDE_BY_SIDE)
        html("p", said.SIDE_BETWEEN, "hint")
        html(
            "div",
            f"<table class='side'><caption>{said.SIDE_TOLD}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
            "scroller", tabindex="0", role="region", **{"aria-label": said.SIDE_BY_SIDE},
        )  # fmt: skip


def _side_cell(card: Card) -> str:
    settled = words.is_settled(card.low, card.high)
    told = escape(said.card_difference(card.difference, card.low, card.high))
    tie = "" if settled else f" <em>{said.TOO_CLOSE}</em>"
    return f"<td><b>{card.value:,.0f}</b> ({told}){tie}</td>"


@solara.component
def Choices(session: Session) -> None:
    """The horizon, and what counts as recovery."""
    asked = session.asked.value
    Chooser(
        words={"after": said.AFTER, "counts": said.COUNTS_AS},
        years=[[year, words.years(year)] for year in YEARS],
        year=asked.year,
        definitions=[[one, in_words(one)] for one in DEFINITIONS],
        definition=asked.definition,
        event_year=lambda year: session.ask(replace(session.asked.value, year=int(year))),
        event_definition=lambda one: session.ask(replace(session.asked.value, definition=str(one))),
    )


@solara.component_vue("chooser.vue")
def Chooser(
    words: dict[str, str],
    years: list[list[Any]],
    year: int,
    definitions: list[list[str]],
    definition: str,
    event_year: Callable[[int], None],
    event_definition: Callable[[str], None],
) -> None:
    """Buttons for the year, a list for the definition."""


@solara.component
def Cards(session: Session) -> None:
    """Four numbers in 1,000 people, each beside today's."""
    answer, year = session.view.value.answer, session.view.value.asked.year
    if answer is None:
        return
    world = world_of(session, answer)
    cards = [card for card in answer.worlds[world].cards if card.year == year]
    shown = {card.measure: card for card in cards}
    same = is_same(answer, world)
    inner = "".join(
        card_html(shown[name], year, world, same=same) for name in CARDS if name in shown
    )
    html("div", inner, "cards", role="list")


def card_html(card: Card, year: int, world: int, *, same: bool) -> str:
    """One card."""
    title = said.CARD_TITLES[card.measure].format(after=f"after {words.years(year)}")
    settled = words.is_settled(card.low, card.high)
    if card.measure == "in_recovery_a_year_or_more" and year == 1 and not card.value:
        return (
            f"<div role='listitem' class='card world-{world}'><h3>{escape(title)}</h3>"
            f"<p class='by'>{said.NOT_YET}</p></div>"
        )
    number = f"{card.value:,.0f}"
    today = f"<b class='plain' data-today='{card.measure}'>{card.today:,.0f}</b>"
    from_today = "" if same else f", {said.FROM_TODAY.format(today=today)}"
    parts = [
        f"<h3>{escape(title)}</h3>",
        f"<p class='number'><b data-card='{card.measure}'>{number}</b> "
        f"<span>{said.PER_1000}{from_today}</span></p>",
    ]
    if not same:
        verdict = "" if settled else f" <em>{said.TOO_CLOSE}</em>"
        told = escape(said.card_difference(card.difference, card.low, card.high))
        parts += [
            f"<p class='by'><b data-difference='{card.measure}'>{told}</b>{verdict}</p>",
        ]
    return f"<div role='listitem' class='card world-{world}'>{''.join(parts)}</div>"
