"""The controls of a job: what begins it, how far it is, Stop, and what it could not do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.jobs import FAILED, IDLE, STOPPED, WORKING, Job
from recoverysim.dashboard.parts import html

Begin = tuple[str, Callable[[], None]]  # what a button says, and what it does


@solara.component
def Running(
    name: str, job: Job, begins: Sequence[Begin], stale: bool, disabled: bool = False
) -> None:
    """A row of buttons, and what there is to say; `stale`: what was found is of other settings."""
    now = job.progress.value
    with solara.Div(classes=["running"], attributes={"data-job": name, "data-state": now.state}):
        with solara.Div(classes=["pair"]):
            for place, (label, begin) in enumerate(begins):
                solara.Button(
                    label, on_click=begin, disabled=disabled or now.state == WORKING,
                    classes=["plain-button", *([] if place else ["main-button"])],
                    attributes={"data-test": f"{name}-{place}"},
                )  # fmt: skip
            if now.state == WORKING:
                solara.Button(
                    said.STOP, on_click=job.stop, classes=["plain-button"],
                    attributes={"data-test": f"{name}-stop"},
                )  # fmt: skip
        if now.state == WORKING:
            share = 100 * now.done / max(1, now.of)
            html(
                "div",
                f"<div class='bar'><i style='width:{share:.0f}%'></i></div>"
                f"<span>{escape(said.steps_done(now.done, now.of))}</span>",
                "how-far", role="status",
            )  # fmt: skip
        elif now.state == STOPPED:
            html("p", escape(said.steps_stopped(now.done, now.of)), "hint", role="status")
        elif now.state == FAILED:
            fault = said.BUSY if now.fault == "busy" else now.fault[:400]
            html("p", f"{said.NOT_DONE} {escape(fault)}", "fault", role="alert")
        if stale and now.state not in (IDLE, WORKING):
            html("p", f"<b>{said.STALE}</b>", "hint stale-told", role="status")
