"""Two worker processes for all visitors: one answers at once, one exactly; and what they answered.

Work that is superseded is dropped, answers are shared by all who ask the same, and a worker that
dies is replaced and its work done once more.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from typing import Any, TypeVar

from recoverysim.dashboard.work.looks import Dropped, Look, Reins, look
from recoverysim.shown import Answer

ANSWERS_KEPT = 500  # some 50 KB each
SLOTS = 256  # pieces of work that may wait at the same time
IDLE, WANTED, STOP, DROP = range(4)
LESS_URGENT = 10  # niceness of the worker whose answers may wait

Found = TypeVar("Found")

_FLAGS: Any = None  # of a worker: what is wanted of each slot, and how far it is
_DONE: Any = None


def _begin(flags: Any, done: Any, nice: int) -> None:
    """In a new worker: take the flags, and stand back where answers may wait."""
    global _FLAGS, _DONE
    _FLAGS, _DONE = flags, done
    with suppress(AttributeError, OSError):
        os.nice(nice)
    threading.Thread(target=_end_with_the_program, daemon=True).start()


def _end_with_the_program() -> None:
    """In a worker: where the program was killed, nobody waits for this one."""
    program = parent_process()
    if program is not None:
        program.join()
        os._exit(1)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started here does not hear Ctrl-C: that is for the program, which then ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # or it starts in between, and lets the signal through again
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _work(slot: int, work: Callable[..., Any], asked: tuple[Any, ...]) -> Any:
    """In a worker: one piece of work, unless nobody wants it any more."""
    reins = Reins(
        stop=lambda: _FLAGS[slot] == STOP,
        drop=lambda: _FLAGS[slot] == DROP,
        done=lambda repeats: _DONE.__setitem__(slot, repeats),
    )
    if reins.drop():
        raise Dropped
    return work(*asked, reins)


def _warm() -> None:
    """In a worker: live the smallest world there is, so that the rules are loaded."""
    from recoverysim.plan import Plan
    from recoverysim.scenario import load
    from recoverysim.studies.repeats import live

    live(load("baseline"), Plan(clients=20, years=1, repeats=1))


class Busy(Exception):
    """So many are waiting that no more can be taken."""


class Ticket:
    """One piece of work that was asked for."""

    def __init__(self, desk: Desk, slot: int) -> None:
        self._desk = desk
        self.slot = slot
        self.future: Future[Any] | None = None

    def stop(self) -> None:
        """Answer from what is done."""
        self._say(STOP)

    def drop(self) -> None:
        """Nobody wants it any more."""
        self._say(DROP)
        if self.future is not None:
            self.future.cancel()

    def _say(self, what: int) -> None:
        with self._desk.lock:
            if self.slot >= 0:
                self._desk.flags[self.slot] = what

    @property
    def done(self) -> int:
        """Repeats done so far."""
        return int(self._desk.done[self.slot]) if self.slot >= 0 else 0


class Desk:
    """Where visitors' work is taken in. One for the whole program; it starts with the first."""

    def __init__(self) -> None:
        self._context = get_context("spawn")
        self.flags = self._context.RawArray("b", SLOTS)
        self.done = self._context.RawArray("i", SLOTS)
        self.lock = threading.Lock()
        self._pools: dict[bool, ProcessPoolExecutor] = {}
        self._closed = False
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def kept(self, asked: Look) -> Answer | None:
        """The answer, where it was given before."""
        with self.lock:
            found = self._answers.get(asked.key)
            if found is not None:
                self._answers.move_to_end(asked.key)
            return found

    def keep(self, key: str, found: Answer) -> None:
        """Keep an answer for all who ask the same."""
        with self.lock:
            self._answers[key] = found
            self._answers.move_to_end(key)
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)

    def ticket(self) -> Ticket:
        """A place for one piece of work; Busy where there is none."""
        with self.lock:
            for slot in range(SLOTS):
                if self.flags[slot] == IDLE:
                    self.flags[slot], self.done[slot] = WANTED, 0
                    return Ticket(self, slot)
        raise Busy

    def answer(self, asked: Look, ticket: Ticket) -> Answer:
        """The answer, waited for; Dropped where the ticket was, else what the work raised."""
        found = self.kept(asked)
        if found is None:
            found = self.do(look, (asked,), ticket, quick=asked.quick)
            if found.done == found.of:
                self.keep(asked.key, found)
        else:
            self._free(ticket)
        return found

    def do(
        self, work: Callable[..., Found], asked: tuple[Any, ...], ticket: Ticket, *,
        quick: bool = False,
    ) -> Found:  # fmt: skip
        """Any work of a worker, waited for: a function at the top of a file that takes `asked` and,
        last, its `Reins`. Work whose worker died is done once more."""
        from concurrent.futures import CancelledError

        try:
            for last in (False, True):
                try:
                    with self.lock:
                        if self.flags[ticket.slot] == DROP:
                            raise Dropped
                        pool = self._pool(quick)
                        ticket.future = self._submit(quick, _work, ticket.slot, work, asked)
                    return ticket.future.result()
                except CancelledError:
                    raise Dropped from None
                except BrokenProcessPool:
                    with self.lock:
                        if self._closed:
                            raise Dropped from None
                        # All who waited are told of it: only the first puts the pool away.
                        if self._pools.get(quick) is pool:
                            del self._pools[quick]
                    if last:
                        raise
            raise AssertionError
        finally:
            self._free(ticket)

    def _pool(self, quick: bool) -> ProcessPoolExecutor:
        if quick not in self._pools:
            nice = 0 if quick else LESS_URGENT
            self._pools[quick] = ProcessPoolExecutor(
                1, self._context, _begin, (self.flags, self.done, nice)
            )
        return self._pools[quick]

    def _submit(self, quick: bool, work: Callable[..., Any], *asked: Any) -> Future[Any]:
        with _deaf_to_interrupts():
            return self._pool(quick).submit(work, *asked)

    def warm(self) -> None:
        """Start the workers and let them load their rules before anybody asks."""
        with self.lock:
            for quick in (True, False):
                self._submit(quick, _warm)

    def _free(self, ticket: Ticket) -> None:
        with self.lock:
            if ticket.slot >= 0:
                # A worker that is still at it reads no flag of somebody else's: it was dropped or
                # is done. What is dropped frees its slot when the worker has noticed.
                self.flags[ticket.slot] = IDLE
                ticket.slot = -1

    def close(self) -> None:
        """Let the workers go."""
        with self.lock:
            self._closed = True
            for pool in self._pools.values():
                for process in [*(pool._processes or {}).values()]:
                    process.terminate()
                pool.shutdown(wait=False, cancel_futures=True)
            self._pools.clear()
