"""Longer work that a visitor asks for with a button: step by step, watched, and stopped at will.

Each step is a piece of work of its own, so that others' work comes in between. What the steps found
stays on the page, with what it was found for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import solara

from recoverysim.dashboard.work.desk import Busy, Desk, Ticket
from recoverysim.dashboard.work.looks import Dropped
from recoverysim.scenario import ScenarioError

IDLE, WORKING, DONE, STOPPED, FAILED = "idle", "working", "done", "stopped", "failed"
LOG = logging.getLogger("recoverysim.dashboard")


class Step(NamedTuple):
    """One piece of work: a function at the top of a file, and what it is asked (without reins)."""

    work: Callable[..., Any]
    asked: tuple[Any, ...]


@dataclass(frozen=True)
class Progress:
    """How far a job is. `key`: what it was begun for; `found`: what its steps gave so far."""

    key: str = ""
    state: str = IDLE
    of: int = 0
    found: tuple[Any, ...] = ()
    fault: str = ""

    @property
    def done(self) -> int:
        """Steps that are done."""
        return len(self.found)


class Job:
    """One visitor's job of one kind; a new one takes the place of the one before."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.progress = solara.reactive(Progress())
        # The page is drawn while it is held, and may begin the job anew: by the same thread, again.
        self._lock = threading.RLock()
        self._newest = 0
        self._ticket: Ticket | None = None

    def begin(self, key: str, steps: Sequence[Step], *, quick: bool = False) -> None:
        """Do the steps in a thread, one after another."""
        self._drop()
        with self._lock:
            mine = self._newest
            self.progress.value = Progress(key, WORKING, len(steps))
        threading.Thread(target=self._work, args=(list(steps), mine, quick), daemon=True).start()

    def stop(self) -> None:
        """Leave it at what is done."""
        self._drop()
        with self._lock:
            if self.progress.value.state == WORKING:
                self.progress.value = replace(self.progress.value, state=STOPPED)

    def close(self) -> None:
        """The visitor has gone."""
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            self._newest += 1
            ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.drop()

    def _work(self, steps: list[Step], mine: int, quick: bool) -> None:
        try:
            for step in steps:
                ticket = self.desk.ticket()
                with self._lock:
                    if mine == self._newest:
                        self._ticket = ticket
                    else:
                        ticket.drop()
                found = self.desk.do(step.work, step.asked, ticket, quick=quick)
                self._show(mine, found=(*self.progress.value.found, found))
            self._show(mine, state=DONE)
        except Dropped:
            return
        except (ScenarioError, ValueError, Busy) as fault:
            self._fail(mine, str(fault) or "busy")
        except Exception as fault:
            LOG.exception("a job went wrong")
            self._fail(mine, f"{type(fault).__name__}: {fault}")

    def _show(self, mine: int, **new: Any) -> None:
        with self._lock:
            if mine != self._newest:
                raise Dropped
            self.progress.value = replace(self.progress.value, **new)

    def _fail(self, mine: int, fault: str) -> None:
        with self._lock:
            if mine == self._newest:
                self.progress.value = replace(self.progress.value, state=FAILED, fault=fault)
