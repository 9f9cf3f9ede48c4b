"""A piece of work on a page: asked of a worker process, kept for all who ask the same."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import solara

from recoverysim.dashboard.work.desk import Busy, Desk
from recoverysim.dashboard.work.looks import Dropped

KEPT = 40  # some 150 KB each
LOOKS = 0.3  # seconds between looks at how far the work is
BUSY = "busy"
LOG = logging.getLogger("recoverysim.dashboard")


class Request(Protocol):
    """What is asked of a worker; `key` is the same for the same answer."""

    @property
    def key(self) -> str:
        """The same for the same answer."""


@dataclass(frozen=True)
class Progress:
    """How far a piece of work is: `found` once it is done, or `fault` where it went wrong."""

    key: str = ""
    found: Any = None
    done: int = 0
    fault: str = ""


class Kept:
    """What was found lately, shared by all visitors: it follows from the key alone."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[str, Any] = OrderedDict()

    def get(self, key: str) -> Any:
        """What was found, or None."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: str, found: Any) -> None:
        """Keep it; what was not asked for longest goes."""
        with self._lock:
            self._found[key] = found
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)


_KEPT = Kept()


def use_work(desk: Desk, work: Callable[..., Any], asked: Request | None) -> Progress:
    """A hook of a component: the work of the newest request. What is no longer asked is dropped."""
    progress, show = solara.use_state(Progress())
    key = "" if asked is None else asked.key

    def begin() -> Callable[[], None] | None:
        if asked is None:
            return None
        kept = _KEPT.get(key)
        if kept is not None:
            show(Progress(key, kept))
            return None
        show(Progress(key))
        try:
            ticket = desk.ticket()
        except Busy:
            show(Progress(key, fault=BUSY))
            return None
        ended, unwanted = threading.Event(), threading.Event()

        def say(news: Progress) -> None:
            if not unwanted.is_set():
                show(news)

        def watch() -> None:
            before = 0
            while not ended.wait(LOOKS):
                if ticket.done != before:
                    before = ticket.done
                    say(Progress(key, done=before))

        def run() -> None:
            try:
                news = Progress(key, desk.do(work, (asked,), ticket))
                _KEPT.keep(key, news.found)
            except Dropped:
                return
            except ValueError as fault:
                news = Progress(key, fault=str(fault))
            except Exception as fault:
                LOG.exception("a piece of work could not be done")
                news = Progress(key, fault=f"{type(fault).__name__}: {fault}")
            finally:
                ended.set()
            say(news)

        def end() -> None:
            unwanted.set()
            ticket.drop()

        threading.Thread(target=watch, daemon=True).start()
        threading.Thread(target=run, daemon=True).start()
        return end

    solara.use_effect(begin, [key])
    return progress if progress.key == key else Progress(key)
