"""What stands beside an answer: how sure it is, what to bear in mind, an old link's own numbers,
and what each change so far came to."""

from __future__ import annotations

from html import escape

import solara

from recoverysim import dashboard_words as said
from recoverysim import words
from recoverysim.dashboard import address
from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.session import EXACT, Session
from recoverysim.shown import Answer, Card
from recoverysim.version import package_version

MOST_CHANGES = 12
ENOUGH = 200  # repeats, from which a likely range is no longer rough


@solara.component
def Beside(session: Session, answer: Answer, year: int, world: int) -> None:
    """How sure, and what to bear in mind."""
    told = [_sure(card) for card in answer.worlds[world].cards if card.year == year]
    sure = "".join(f"<li>{escape(one)}</li>" for one in told)
    notes = "".join(f"<li>{escape(note)}</li>" for note in answer.worlds[world].notes)
    with solara.Div(classes=["panel", "beside"]):
        html("h2", said.BEAR_IN_MIND)
        html("p", escape(answer.worlds[world].deaths_sentences.get(str(year), "")), "deaths")
        if notes:
            html("ul", notes)
        if answer.done < ENOUGH:
            html("p", escape(said.rough(answer.done, ENOUGH)))
        html(
            "details",
            f"<summary>{said.HOW_SURE}</summary><ul>{sure}</ul><p>{said.NOT_SETTLED}</p>",
        )


def _sure(card: Card) -> str:
    title = said.CARD_TITLES.get(card.measure, words.MEASURES.get(card.measure, card.measure))
    name = title.format(after=words.after(card.year))
    return said.how_sure(name, card)


@solara.component
def OldLink(session: Session) -> None:
    """A link from another version, or whose numbers are not today's: both can be seen."""
    opened, shown = session.opened.value, solara.use_reactive(False)
    if opened is None:
        return
    with solara.Div(classes=["notice"]):
        if opened.faults:
            faults = "".join(
                f"<li><code>{escape(fault[:300])}</code></li>" for fault in opened.faults
            )
            html("div", f"<p>{said.UNREAD}</p><ul>{faults}</ul>", "panel", role="alert")
        printed = opened.printed
        if printed is None or not _differs(session, printed):
            return
        with solara.Div(classes=["panel"], attributes={"role": "status"}):
            html("p", escape(said.old_link(printed.version, package_version())))
            with solara.Div(classes=["pair"]):
                solara.Button(
                    said.RUN_NOW,
                    on_click=lambda: session.opened.set(None),
                    classes=["plain-button"],
                )
                solara.Button(
                    said.SHOW_SAVED, on_click=lambda: shown.set(True), classes=["plain-button"]
                )
            if shown.value:
                html("div", _saved(opened.asked, printed))


def _differs(session: Session, printed: address.Printed) -> bool:
    """Whether a link's numbers are of another version, or not those of the exact answer now."""
    if printed.version != package_version():
        return True
    view = session.view.value
    opened = session.opened.value
    if view.state != EXACT or view.answer is None or opened is None or view.asked != opened.asked:
        return False
    now = tuple(
        address.printed_numbers(view.answer, world, view.asked.year)
        for world in range(1, len(view.answer.worlds))
    )
    return now != printed.worlds


def _saved(asked: Asked, printed: address.Printed) -> str:
    rows = ""
    for mix, numbers in zip(asked.mixes, printed.worlds):
        for place, measure in enumerate(address.PRINTED):
            today, difference, low, high = numbers[4 * place : 4 * place + 4]
            title = said.CARD_TITLES[measure].format(after=words.after(asked.year))
            value = (today or 0.0) + (difference or 0.0)
            told = said.card_difference(difference or 0.0, low, high)
            rows += (
                f"<tr><th scope='row'>{escape(mix.name)}</th><td>{escape(title)}</td>"
                f"<td>{value:,.0f} ({escape(told)})</td></tr>"
            )
    return f"<table><caption>{said.SAVED}</caption><tbody>{rows}</tbody></table>"


@solara.component
def Changes(session: Session, answer: Answer) -> None:
    """Each change so far, and the difference that it came to; told anew with each `answer`."""
    rows = []
    for asked in session.history[-MOST_CHANGES:]:
        found = session.desk.kept(asked.look(quick=False)) or session.desk.kept(
            asked.look(quick=True)
        )
        if found is None:
            continue
        world = min(asked.chosen + 1, len(found.worlds) - 1)
        if not found.worlds[world].cards:
            continue
        card = found.card(world, "in_recovery", asked.year)
        told = said.card_difference(card.difference, card.low, card.high)
        tie = "" if words.is_settled(card.low, card.high) else f" {said.TOO_CLOSE.lower()}"
        set_here = ", ".join(f"{key} {value}" for key, value in asked.mix.changes)
        rows.append(
            f"<li><b>{escape(asked.mix.name)}</b> {escape(set_here)}: "
            f"{escape(told)}{tie} ({escape(words.after(asked.year))})</li>"
        )
    if len(rows) < 2:
        return
    with solara.Div(classes=["panel"]):
        html("h2", said.ALL_CHANGES)
        html("p", said.CHANGES_TOLD, "hint")
        html("ol", "".join(rows))
