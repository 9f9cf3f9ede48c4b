"""What one visitor has asked, done and seen. Nothing of it is shared with another visitor.

A change is answered by a quick look at once, and exactly after it; the newest change supersedes
what was asked before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard import address
from recoverysim.dashboard.asked import BASELINE, Asked, Mix
from recoverysim.dashboard.jobs import Job
from recoverysim.dashboard.work.desk import Busy, Desk, Ticket
from recoverysim.dashboard.work.looks import Dropped, Look
from recoverysim.scenario import ScenarioError
from recoverysim.shown import Answer

STEPS_KEPT = 50  # that can be undone
REST = 0.25  # seconds without a change before the exact answer is begun
LOG = logging.getLogger("recoverysim.dashboard")

WAITING, QUICK, SHARPENING, EXACT, STOPPED, FAILED = (
    "waiting", "quick", "sharpening", "exact", "stopped", "failed",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """What is on the screen: the answer to `asked`, and how far it is.

    While something new is asked, the last good answer stays; `fault` says why there is no new one.
    """

    asked: Asked
    answer: Answer | None = None
    state: str = WAITING
    fault: str = ""
    done: int = 0
    since: float = 0.0


class Session:
    """One visitor's settings, their history, and the answers on the screen."""

    def __init__(self, desk: Desk, asked: Asked, opened: address.Read | None = None) -> None:
        self.desk = desk
        self.opened = solara.reactive(
            opened
        )  # the link that the visitor came by, until it is put away
        self.asked = solara.reactive(asked)
        self.view = solara.reactive(View(asked))  # of the sentence and the cards, drawn first
        self.pictured = solara.reactive(View(asked))  # of the pictures, drawn right after them
        self.message = solara.reactive("")  # what was just done, in words
        self.announced = solara.reactive("")  # what a screen reader is told once it has settled
        self.copied = solara.reactive(("", 0))  # for the clipboard, with a number that changes
        self.projector = solara.reactive(False)
        self.replays = solara.reactive(0)  # counts up with each replay
        self.narrow = solara.reactive("")  # "phone", "tablet" or "" for anything wider
        self.before = asked  # what the last change was made to
        self.go: Callable[[str], None] = lambda path: None  # to another page; set by the pages
        self._jobs: dict[str, Job] = {}
        self._past: list[Asked] = []
        self._future: list[Asked] = []
        self._ticket: Ticket | None = None
        self._newest = 0
        # Whoever shows something draws the page while holding it, and the page may ask for more
        # (Back in the browser does): so the same thread may take it again.
        self._lock = threading.RLock()

    # --- changing -----------------------------------------------------------------------------

    def ask(self, asked: Asked) -> None:
        """Something new, which can be undone."""
        now = self.asked.value
        if asked == now:
            return
        self._past = [*self._past, now][-STEPS_KEPT:]
        self._future = []
        self._go(asked)

    def undo(self) -> None:
        """Back to what was asked before."""
        if self._past:
            self._future.append(self.asked.value)
            self._go(self._past.pop())

    def redo(self) -> None:
        """Forward again."""
        if self._future:
            self._past.append(self.asked.value)
            self._go(self._future.pop())

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    @property
    def history(self) -> list[Asked]:
        """What was asked so far, the newest last."""
        return [*self._past, self.asked.value]

    def copy(self, text: str, told: str) -> None:
        """Put a text on the clipboard, and say so."""
        self.copied.value = (text, self.copied.value[1] + 1)
        self.message.value = told

    def key(self, name: str) -> None:
        """What a key does that is not about one control."""
        actions: dict[str, Callable[[], object]] = {
            "undo": self.undo,
            "redo": self.redo,
            "today": self.back_to_today,
            "replay": lambda: self.replays.set(self.replays.value + 1),
            "escape": lambda: self.replays.set(0),
            "projector": self._project,
            "share": self.share,
        }
        if name in actions:
            actions[name]()

    def _project(self) -> None:
        self.projector.value = not self.projector.value

    def back_to_today(self) -> None:
        """The chosen scenario as today's world: nothing is changed by it."""
        self.ask(self.asked.value.with_mix(Mix(BASELINE)))

    def share(self) -> None:
        """The address of what is on the screen, with its printed numbers, on the clipboard."""
        view = self.view.value
        exact = view.answer if view.state == EXACT and view.asked == self.asked.value else None
        self.copy(f"share:{address.query(self.asked.value, exact)}", said.LINK_COPIED)

    def _go(self, asked: Asked) -> None:
        self.before = self.asked.value
        if not self._is_shown_already(asked):
            self.look(asked)  # first, so that it is worked on while the levers are drawn
        self.asked.value = asked

    def job(self, name: str) -> Job:
        """The visitor's job of this kind: what it found stays from one page to the next."""
        if name not in self._jobs:
            self._jobs[name] = Job(self.desk)
        return self._jobs[name]

    @property
    def looks(self) -> int:
        """How often something was asked so far."""
        return self._newest

    def _is_shown_already(self, asked: Asked) -> bool:
        """Whether only how the answer is told has changed: the year, the world, stations or none.

        The answer that stands there is then told so at once, even one that was stopped.
        """
        with self._lock:
            view = self.view.value
            if view.state not in (EXACT, STOPPED):
                return False
            try:
                same = view.asked.look(quick=False).key == asked.look(quick=False).key
            except (ScenarioError, ValueError):
                return False
            if same:
                self._newest += 1
                self.view.value = self.pictured.value = replace(view, asked=asked)
            return same

    # --- answering ----------------------------------------------------------------------------

    def look(self, asked: Asked | None = None) -> None:
        """Answer this, or what is asked now; what was asked before is dropped."""
        with self._lock:
            self._newest += 1
            mine = self._newest
            if self._ticket is not None:
                self._ticket.drop()
        wanted = self.asked.value if asked is None else asked
        threading.Thread(target=self._answer, args=(wanted, mine), daemon=True).start()

    def stop(self) -> None:
        """Keep what is done of the exact answer."""
        if self._ticket is not None:
            self._ticket.stop()

    def close(self) -> None:
        """The visitor has gone."""
        with self._lock:
            self._newest += 1
            if self._ticket is not None:
                self._ticket.drop()
        for job in self._jobs.values():
            job.close()

    def _answer(self, asked: Asked, mine: int) -> None:
        """In a thread: the kept answer, or a quick look and then the exact one."""
        try:
            quick, exact = asked.look(quick=True), asked.look(quick=False)
            kept = self.desk.kept(exact)
            if kept is None:
                found = self._do(quick, mine, lambda done: None)
                self._show(mine, View(asked, found, QUICK, since=time.monotonic()))
                time.sleep(REST)
                self._show(mine, View(asked, found, SHARPENING, since=time.monotonic()))
                kept = self._do(exact, mine, lambda done: self._sharpen(mine, done))
            state = EXACT if kept.done == kept.of else STOPPED
            self._show(mine, View(asked, kept, state, done=kept.done))
        except Dropped:
            return
        except (ScenarioError, ValueError, Busy) as fault:
            self._fail(mine, asked, str(fault) or "busy")
        except Exception as fault:
            LOG.exception("an answer could not be given")
            self._fail(mine, asked, f"{type(fault).__name__}: {fault}")

    def _do(self, asked: Look, mine: int, told: Callable[[int], None]) -> Answer:
        """One piece of work, with a thread that tells how far it is."""
        ticket = self.desk.ticket()
        with self._lock:
            newest = mine == self._newest
            if newest:
                self._ticket = ticket
        if not newest:
            ticket.drop()
        finished = threading.Event()

        def tell() -> None:
            before = 0
            while not finished.wait(0.2):
                if ticket.done != before:
                    before = ticket.done
                    told(before)

        if not asked.quick:
            threading.Thread(target=tell, daemon=True).start()
        try:
            return self.desk.answer(asked, ticket)
        finally:
            finished.set()

    def _sharpen(self, mine: int, done: int) -> None:
        with self._lock:
            if mine == self._newest and self.view.value.state == SHARPENING:
                self.view.value = replace(self.view.value, done=done)

    def _show(self, mine: int, view: View) -> None:
        with self._lock:
            if mine != self._newest:
                raise Dropped
            self.view.value = view
            if mine != self._newest:  # drawing it has asked for something new
                raise Dropped
            if (view.answer, view.asked) != (self.pictured.value.answer, self.pictured.value.asked):
                self.pictured.value = view

    def _fail(self, mine: int, asked: Asked, fault: str) -> None:
        with self._lock:
            if mine == self._newest:
                self.view.value = replace(self.view.value, state=FAILED, fault=fault)
