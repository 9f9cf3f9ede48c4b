"""Worker processes that may die: a chunk that crashes, hangs or eats all memory takes no other
with it.

Pebble keeps the processes, ends one that takes too long and starts another in its place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pebble import ProcessExpired, ProcessPool

from recoverysim import plugins
from recoverysim.knowledge import central_values
from recoverysim.plugins import loaded
from recoverysim.scenario import load
from recoverysim.studies.room import bytes_free
from recoverysim.studies.sweeps.runs import RAISED, Chunk, Done, live_chunk
from recoverysim.world import World

CRASHED, TOO_LONG = "crashed", "took too long"
KINDNESS = 10  # niceness: a dashboard beside a sweep comes first
SHARE_OF_FREE_MEMORY = 0.8
SLOW = 10  # times what was expected, on a busy or an older machine
AHEAD = 2  # chunks that wait for each worker, so that none is ever idle


class Broken(NamedTuple):
    """A chunk that ended its worker: nothing of it is known."""

    why: str
    said: str


class PluginFile(NamedTuple):
    """A plug-in to be loaded by a worker, which may be on another machine."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Means:
    """What workers need to know: plug-ins, and what one run takes and may take.

    `expected` are the seconds that a run takes here, `longest` those after which one is given up,
    `memory` the bytes that each worker may take; None where nobody can say.
    """

    plugins: tuple[PluginFile, ...]
    expected: float
    longest: float
    memory: int | None


def plugin_files() -> tuple[PluginFile, ...]:
    """The plug-ins in force, as they can be sent to a worker.

    ValueError for one that stands in a script or notebook: workers cannot read it there.
    """
    for one in loaded():
        if one.sha256 is None or not Path(one.file).is_file():
            raise ValueError(
                f"the plug-in {one.name} stands in a script or notebook, where worker processes "
                "cannot read it; put it into a file of its own and load that"
            )
    return tuple(PluginFile(one.file, Path(one.file).read_bytes()) for one in loaded())


def memory_for_each(workers: int) -> int | None:
    """Bytes that each of so many workers may take beyond what it needs to start."""
    free = bytes_free()
    return None if free is None else int(SHARE_OF_FREE_MEMORY * free / workers)


def begin_worker(means: Means) -> None:
    """What a worker does first: it leaves Ctrl-C to its parent, goes when that goes, steps back
    behind whatever else is at work, has everything ready, and takes no more memory than its share.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_with_the_parent()
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    warm_up()
    if means.memory is not None:
        _limit_memory(means.memory)


def warm_up() -> None:
    """Have the rules compiled, or read from the cache, before any run is timed."""
    World(load("baseline"), central_values(), clients=2, seed=1, years=1).run_for(1)


def _leave_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait_for_its_end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_its_end, daemon=True).start()


def _limit_memory(more: int) -> None:
    """So that a run that eats memory fails by itself, before the machine has none left."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + more
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def process_pool(workers: int, means: Means) -> ProcessPool:
    """So many processes, started with the first chunk; somebody has to end them."""
    return ProcessPool(
        workers,
        context=multiprocessing.get_context("spawn"),
        initializer=begin_worker,
        initargs=(means,),
    )


@contextmanager
def worker_processes(workers: int, means: Means) -> Iterator[ProcessPool]:
    """So many processes, all gone when this ends, however it ends."""
    pool = process_pool(workers, means)
    try:
        yield pool
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def seconds_for(chunk: Chunk, means: Means) -> float:
    """When a chunk is given up: when one run has taken too long, and the others ten times what
    they should."""
    return means.longest + SLOW * means.expected * len(chunk.numbers)


def start(pool: ProcessPool, chunk: Chunk, means: Means) -> Future[Done]:
    """Have a chunk lived by the next free worker."""
    found: Future[Done] = pool.schedule(
        live_with_plugins, args=(chunk, means.plugins), timeout=seconds_for(chunk, means)
    )
    return found


def live_with_plugins(chunk: Chunk, files: tuple[PluginFile, ...]) -> Done:
    """Live a chunk; PluginError where a plug-in cannot be used here.

    Plug-ins are loaded from what was sent: there may be no such file here, or it was changed since.
    """
    for plugin in files:
        plugins.load(plugin.path, plugin.content)
    return live_chunk(chunk)


def outcome(future: Future[Done], means: Means) -> Done | Broken:
    """What came of a chunk."""
    try:
        return future.result()
    except TimeoutError:
        return Broken(TOO_LONG, f"not finished within {means.longest:g} seconds")
    except ProcessExpired as fault:
        return Broken(CRASHED, _how_it_ended(fault.exitcode))
    except MemoryError as fault:  # as the chunk was measured; a run's own is told by the chunk
        return Broken(RAISED, f"MemoryError: {fault}")


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"its process ended with code {code}"
    with suppress(ValueError):
        return f"its process was ended by {signal.Signals(-code).name}"
    return f"its process was ended by signal {-code}"


# The next chunk to be lived, or None where there is none at the moment.
More = Callable[[], Chunk | None]
Coming = Generator[tuple[Chunk, Done | Broken], None, None]
Engine = Callable[[More], Coming]


def on_this_machine(workers: int, means: Means) -> Engine:
    """Chunks lived by processes here; they come back in whatever order they are done."""

    def engine(more: More) -> Coming:
        warm_up()  # once for all: each worker finds what was compiled
        with worker_processes(workers, means) as pool:
            at_work: dict[Future[Done], Chunk] = {}
            while True:
                while len(at_work) < AHEAD * workers and (chunk := more()) is not None:
                    at_work[start(pool, chunk, means)] = chunk
                if not at_work:
                    return
                for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                    yield at_work.pop(future), outcome(future, means)

    return engine
