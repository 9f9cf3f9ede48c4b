"""What stands beside a worker of a cluster: guarded processes of its own, in which runs are lived,
so that no run can take the worker with it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from recoverysim.compiled import source_hash
from recoverysim.studies.sweeps.guard import (
    CRASHED,
    SHARE_OF_FREE_MEMORY,
    Broken,
    Means,
    memory_for_each,
    outcome,
    process_pool,
    start,
)
from recoverysim.studies.sweeps.runs import Chunk, Done
from recoverysim.version import package_version

IDLE = 300.0  # seconds without a chunk after which nobody is expected to come back

ENDED = "the processes beside its worker were ended from outside"


class Program(NamedTuple):
    """Which recoverysim this is."""

    version: str
    source: str

    def __str__(self) -> str:
        return f"recoverysim {self.version} (source {self.source})"


@cache
def this_program() -> Program:
    """The one that is installed here."""
    return Program(package_version(), source_hash())


class Processes:
    """The processes for one sweep beside one worker, as many as it has threads."""

    def __init__(self, means: bytes, threads: int, memory: int | None) -> None:
        known: Means = pickle.loads(means)
        shares = [memory_for_each(threads)]
        if memory:
            shares.append(int(SHARE_OF_FREE_MEMORY * memory / threads))
        self.means = replace(known, memory=min((one for one in shares if one), default=None))
        self._pool = process_pool(threads, self.means)
        self._at_work: set[Future[Done]] = set()
        self._used = time.monotonic()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._end_when_idle, daemon=True).start()

    def live(self, chunk: Chunk) -> Done | Broken:
        """Have a chunk lived. CancelledError where the sweep ended meanwhile."""
        try:
            with self._lock:
                future = start(self._pool, chunk, self.means)
                self._at_work.add(future)
        except RuntimeError:  # somebody ended the pool this very moment
            return Broken(CRASHED, ENDED)
        try:
            return outcome(future, self.means)
        except BrokenProcessPool:
            self.end()  # such a pool takes no more
            return Broken(CRASHED, ENDED)
        finally:
            with self._lock:
                self._at_work.discard(future)
                self._used = time.monotonic()

    @property
    def gone(self) -> bool:
        """Whether they take no more chunks."""
        return self._ended.is_set()

    @property
    def idle(self) -> bool:
        """Whether no chunk is being lived."""
        return not self._at_work

    def end(self) -> None:
        """End the processes, and what they are at."""
        with self._lock:
            if self._ended.is_set():
                return
            self._ended.set()
            for future in self._at_work:
                future.cancel()
        self._pool.stop()
        self._pool.join()

    def _end_when_idle(self) -> None:
        # A client that was killed says no farewell.
        while not self._ended.wait(IDLE / 10):
            if self.idle and time.monotonic() - self._used > IDLE:
                self.end()


_HERE: dict[tuple[str, bytes], Processes] = {}
_LOCK = threading.Lock()


def processes_for(worker: str, means: bytes, threads: int, memory: int | None) -> Processes:
    """The processes of a sweep beside the worker of this name, begun with its first chunk.

    Those of sweeps before it go, unless they are at work.
    """
    with _LOCK:
        # Workers that a nanny watches count as daemons, which may have no children.
        multiprocessing.current_process().daemon = False
        # And they are told to hand memory back at once, which costs a run two fifths more CPU.
        os.environ.pop("MALLOC_TRIM_THRESHOLD_", None)
        for key in [key for key, other in _HERE.items() if key[0] == worker]:
            if _HERE[key].gone or (key[1] != means and _HERE[key].idle):
                _HERE.pop(key).end()
        if (worker, means) not in _HERE:
            _HERE[worker, means] = Processes(means, threads, memory)
        return _HERE[worker, means]


def end_processes(worker: str, means: bytes) -> None:
    """End the processes of a sweep beside a worker, if there are any."""
    with _LOCK:
        mine = _HERE.pop((worker, means), None)
    if mine is not None:
        mine.end()
