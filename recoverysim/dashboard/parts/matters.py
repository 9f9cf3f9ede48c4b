"""What matters most of what nobody knows: a job of a hundred parameter sets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape

import solara

from recoverysim import dashboard_page_words as said
from recoverysim import unknown_words
from recoverysim.dashboard.jobs import DONE, Step
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.pictured import Pictured, width_of
from recoverysim.dashboard.parts.running import Running
from recoverysim.dashboard.session import Session
from recoverysim.dashboard.work import whys
from recoverysim.dashboard.work.looks import Look
from recoverysim.pictures.what_matters import Row, what_matters
from recoverysim.studies.unknowns import Unknowns
from recoverysim.studies.what_matters import PARTS, REPEATS


@solara.component
def WhatMatters(session: Session, world: int) -> None:
    """The numbers that the answer goes with, the largest first."""
    asked = session.asked.value
    job = session.job("matters")
    now = job.progress.value
    looks = [_of_many(asked.look(quick=quick)) for quick in (True, False)]
    keys = {f"{world} {asked.year} {one.key}": one for one in looks}

    def begin(look: Look) -> None:
        steps = [Step(whys.matter_part, (look, world, part)) for part in range(PARTS)]
        steps.append(Step(whys.matters, (look, world, asked.year)))
        job.begin(f"{world} {asked.year} {look.key}", steps)

    labels = [
        f"{label} ({said.basis(look.plan.clients, look.plan.repeats)})"
        for label, look in zip((said.FIND_OUT, said.CLOSER), looks, strict=True)
    ]
    with solara.Div(classes=["panel"], attributes={"data-test": "matters"}):
        html("h2", said.MATTERS_TITLE)
        html("p", said.MATTERS_TOLD, "hint")
        begins = [(label, partial(begin, look)) for label, look in zip(labels, looks, strict=True)]
        Running("matters", job, begins, now.key not in keys)
    if now.state == DONE and now.key in keys:
        guarded(_Found, session, now.found[-1], keys[now.key], world)


def _of_many(look: Look) -> Look:
    return replace(look, plan=replace(look.plan, repeats=REPEATS))


@solara.component
def _Found(session: Session, found: Unknowns, look: Look, world: int) -> None:
    basis = said.basis(look.plan.clients, look.plan.repeats) + "."
    called = look.worlds[world].name
    rows = rows_of(found)
    Pictured(session, what_matters(rows, called, found.year, basis, width_of(session)))
    lines = "".join(f"<li>{escape(line.strip())}</li>" for line in found.in_words)
    with solara.Div(classes=["panel"], attributes={"data-test": "matters-words"}):
        html("h2", said.IN_WORDS)
        html("ul", lines)
        html("p", said.MATTERS_CAUTION, "hint")


def rows_of(found: Unknowns) -> list[Row]:
    """The first numbers, as the picture takes them."""
    return [
        Row(
            row.key, row.grade, row.at_low, row.at_high,
            "" if row.share is None else unknown_words.percent(row.share, row.low, row.high),
            row.above_chance,
        )
        for row in found.rows[: said.MATTERS_SHOWN]
    ]  # fmt: skip
