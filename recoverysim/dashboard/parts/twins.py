"""Twins: a few people to choose from, and one person's two lives side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import solara

from recoverysim import lives_words as said
from recoverysim import story, story_of_twins, words
from recoverysim.dashboard.parts import html
from recoverysim.picture_words import name
from recoverysim.pictures.looks import look
from recoverysim.shown_lives import Beside, Lives, SimulatedPerson, TwinStory

AFTER = f"{said.TWINS_PROVE_NOTHING} {said.KEYED} {said.NET_ONLY}"


@solara.component_vue("people.vue")
def _People(
    kinds: list[dict[str, Any]],
    reading: int,
    words: dict[str, str],
    event_follow: Callable[[int], None],
    event_read: Callable[[int], None],
) -> None:
    """The list; what is chosen is told."""


def people(
    lives: Lives, reading: int, follow: Callable[[int], None], read: Callable[[int], None]
) -> None:
    """Some people of each kind. `reading` is whose two lives are open, 0 for nobody's."""
    one, other = (name(number, world.name) for number, world in enumerate(lives.worlds))
    _People(
        kinds=[
            {
                "name": kind,
                "title": said.GROUP_OF[kind].format(one=one, other=other),
                "note": said.ONLY_IN_THIS_WORLD if kind in ("with", "without") else "",
                "people": [
                    {
                        "number": person.number,
                        "called": said.person_called(person.number).capitalize(),
                        "who": person.who,
                        "told": _told(person, (one, other)),
                        "harm": person.harm,
                        "is_a_dot": person.is_a_dot,
                    }
                    for person in lives.people
                    if person.kind == kind
                ],
            }
            for kind in said.KINDS
        ],
        reading=reading,
        words={
            "title": said.TWINS,
            "told": said.TWINS_TOLD,
            "none": said.NOBODY_OF_KIND,
            "no_dot": said.NO_DOT,
            "follow": said.FOLLOW,
            "read": said.READ,
            "keyed": f"{said.KEYED} {said.NET_ONLY}",
            "medication": words.MEDICATION,
        },
        event_follow=follow,
        event_read=read,
    )


def _told(person: SimulatedPerson, names: tuple[str, str]) -> list[str]:
    """A line for each world, or one for both."""
    one, other = person.told
    if one == other:
        return [f"{said.IN_BOTH}: {one}."]
    return [f"{called}: {what}." for called, what in zip(names, person.told, strict=True)]


def story_beside(found: TwinStory, number: int, world: int) -> None:
    """One person's two lives in two columns; on a phone under each other."""
    html(
        "section",
        story_html(found, number, world),
        "panel twins-story",
        **{"aria-labelledby": "twins-title", "tabindex": "-1"},
    )


def story_html(found: TwinStory, number: int, world: int) -> str:
    """The same as HTML; `number` is how the person is called here."""
    title = said.both_lives(number, found.client, found.repeat)
    small = (story.KEY, AFTER, f"{found.basis} {words.SIMULATED}")
    return "".join(
        (
            f'<h2 id="twins-title">{escape(title)}</h2>',
            _opening(found),
            *_years(found, world),
            f"<h3>{said.HOW_IT_STANDS}</h3>{_table(found, found.stands, world)}",
            *(f"<p class='legend'>{escape(line)}</p>" for line in small),
        )
    )


def _opening(found: TwinStory) -> str:
    told = "".join(f"<li>{escape(one)}</li>" for one in found.summary)
    return (
        f"<p>{escape(found.introduction)}</p><p>{escape(found.offers)}</p>"
        f'<div class="twins-short"><h3>{said.IN_SHORT}</h3><ul>{told}</ul>'
        f"<p>{escape(story_of_twins.BEFORE)}</p></div>"
    )


def _years(found: TwinStory, world: int) -> Iterable[str]:
    for one in found.years:
        yield f"<h3>Year {one.year}</h3>"
        if one.both:
            lines = "".join(f"<li>{escape(line)}</li>" for line in one.both)
            yield f"<p>{said.IN_BOTH}:</p><ul>{lines}</ul>"
        if one.rows:
            yield _table(found, one.rows, world)


def _when(row: Beside) -> str:
    """The head of a row; a row of the same week as the one above has none."""
    return f'<th scope="row">{escape(row.when)}</th>' if row.when else "<td></td>"


def _table(found: TwinStory, rows: Iterable[Beside], world: int) -> str:
    """Rows of two lives under the names of their worlds."""
    one, other = found.names
    names = [escape(f"{name(0, one)} (“{one}”)"), escape(name(world, other))]
    heads = "".join(
        f'<th scope="col" style="color:{look(number).colour}">{one}</th>'
        for number, one in zip((0, world), names)
    )
    body = "".join(
        f"<tr>{_when(row)}"
        + "".join(
            f'<td data-world="{one}">{escape(what) or "<span aria-hidden=true>–</span>"}</td>'
            for one, what in zip(names, (row.one, row.other))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="twins-table"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
