"""Sweeps on a Dask cluster: the only door to Dask, which shares out the chunks, moves those of a
worker that died to another, and takes in workers that come later.

Runs are lived in guarded processes beside each worker (`cluster_worker`), never in the worker.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import pickle
import queue
import time
import uuid
import warnings
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any

from recoverysim.plugins import PluginError
from recoverysim.studies.sweeps.cluster_faults import (
    ClusterLost,
    OtherProgram,
    Unprotected,
    unprotected,
)
from recoverysim.studies.sweeps.cluster_worker import (
    Program,
    end_processes,
    processes_for,
    this_program,
)
from recoverysim.studies.sweeps.guard import AHEAD, CRASHED, Broken, Coming, Engine, Means, More
from recoverysim.studies.sweeps.runs import Chunk, Done

try:
    from distributed import Client, Future, KilledWorker, Security, get_worker
except ImportError as fault:
    raise ImportError(
        "a Dask cluster needs distributed, which is not installed: "
        "pip install 'recoverysim[cluster]'"
    ) from fault

CONNECT = 15.0  # seconds within which a scheduler answers a newcomer
ANSWER = 15.0  # seconds within which it answers at all
LOOK = 3.0  # seconds between two looks at the cluster
PATIENCE = 30.0  # seconds without a single worker
FAREWELL = 3.0  # seconds that tidying up may take

KEPT = "Runs that finished are kept."


def on_cluster(cluster: str | Client, means: Means) -> Engine:
    """Chunks lived by the workers of a Dask cluster, in whatever order they are done.

    `cluster` is the address of its scheduler, or a Client, which is left open. While chunks are
    collected ClusterLost is raised where scheduler or workers are gone, OtherProgram where a worker
    has another recoverysim or none, and PluginError where a plug-in cannot be used there.
    """

    def engine(more: More) -> Coming:
        with _connected(cluster) as client:
            _refuse_other_programs(client)
            yield from _Sweep(client, means).all(more)

    return engine


class _Sweep:
    """The chunks of one sweep that are on a cluster at the moment."""

    def __init__(self, client: Client, means: Means) -> None:
        self.client = client
        self.means = pickle.dumps(means)
        self.name = uuid.uuid4().hex[:8]
        self.numbers = itertools.count()
        self.at_work: dict[Any, tuple[Future, Chunk]] = {}
        self.done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self.threads = 0
        self.seen = time.monotonic()  # the last worker
        self.looked = -LOOK

    def all(self, more: More) -> Iterator[tuple[Chunk, Done | Broken]]:
        """Every chunk there is, each once."""
        try:
            while True:
                self._look()
                while len(self.at_work) < AHEAD * max(1, self.threads):
                    if (chunk := more()) is None:
                        break
                    self._send(chunk)
                if not self.at_work:
                    return
                with suppress(queue.Empty):
                    future = self.done.get(timeout=LOOK)
                    found = self._collect(future)
                    if found is not None:
                        yield self.at_work.pop(future.key)[1], found
        finally:
            self._leave()

    def _look(self) -> None:
        """Whether the cluster is still there. Workers may come and go."""
        if self.client.status != "running":
            raise _lost(self.client)
        now = time.monotonic()
        if now < self.looked + LOOK:
            return
        self.threads = sum(_asked(self.client, self.client.nthreads).values())
        self.looked = time.monotonic()
        if self.threads:
            self.seen = self.looked
        elif self.looked > self.seen + PATIENCE:
            address = _address(self.client)
            raise ClusterLost(
                f"The Dask scheduler at {address} has had no worker for {PATIENCE:g} seconds. "
                f"Start some with: dask worker {address}\n{KEPT}"
            )

    def _send(self, chunk: Chunk) -> None:
        first, last = chunk.numbers[0], chunk.numbers[-1]
        try:
            future = self.client.submit(
                _task(), tuple(this_program()), self.means, pickle.dumps(chunk),
                key=f"runs-{first}-to-{last}-{self.name}-{next(self.numbers)}",
                pure=False, retries=0,
            )  # fmt: skip
        except Exception as fault:
            if self.client.status == "running":
                raise
            raise _lost(self.client) from fault
        self.at_work[future.key] = future, chunk
        future.add_done_callback(self.done.put)

    def _collect(self, future: Future) -> Done | Broken | None:
        """What came of a chunk; None where it is under way again, its worker being gone."""
        try:
            return future.result(timeout=ANSWER)
        except TimeoutError:
            future.add_done_callback(self.done.put)
            return None
        except KilledWorker as fault:
            many = fault.allowed_failures + 1
            return Broken(CRASHED, f"the Dask workers that had it died, {many} in turn")
        except (OtherProgram, PluginError):
            raise
        except (CancelledError, OSError) as fault:
            raise _lost(self.client) from fault
        except ImportError as fault:
            _refuse_other_programs(self.client)
            raise OtherProgram(
                f"A Dask worker cannot load recoverysim ({fault}).\n{KEPT}"
            ) from fault

    def _leave(self) -> None:
        """Take back what is under way, and have the processes beside the workers ended."""
        futures = [future for future, _ in self.at_work.values()]
        self.at_work.clear()
        if self.client.status != "running":
            return
        with suppress(Exception):
            if futures:
                _asked(self.client, lambda: self.client.cancel(futures), FAREWELL)
            _asked(
                self.client,
                lambda: self.client.run(leave_worker, self.means, on_error="ignore"),
                FAREWELL,
            )


def _task() -> Callable[[tuple[str, ...], bytes, bytes], Done | Broken]:
    """What is sent to a worker: whole, since one that cannot read its task dies of it."""

    def live(program: tuple[str, ...], means: bytes, chunk: bytes) -> Done | Broken:
        from recoverysim.studies.sweeps.cluster import live_beside_worker

        return live_beside_worker(program, means, chunk)

    return live


def live_beside_worker(program: tuple[str, ...], means: bytes, chunk: bytes) -> Done | Broken:
    """What a worker is asked to do. What it is sent is read only by the same program."""
    worker = get_worker()
    mine = this_program()
    if mine != program:
        raise OtherProgram(_says_who_differs({worker.address: mine}, Program(*program)))
    try:
        return processes_for(
            worker.address, means, worker.state.nthreads, worker.memory_manager.memory_limit
        ).live(pickle.loads(chunk))
    except PluginError as fault:
        raise PluginError(f"on the Dask worker {worker.address}: {fault}") from None


async def leave_worker(means: bytes, dask_worker: Any) -> None:
    """End the processes of a sweep beside a worker."""
    await asyncio.to_thread(end_processes, dask_worker.address, means)


def program_of_worker() -> Program:
    """What a worker has installed."""
    return this_program()


def _refuse_other_programs(client: Client) -> None:
    """OtherProgram where a worker that is there has another program, or none."""
    found = _asked(client, lambda: client.run(program_of_worker, on_error="return"))
    strange = {
        address: one
        for address, one in found.items()
        if one != this_program() and not isinstance(one, OSError)  # gone meanwhile
    }
    if strange:
        raise OtherProgram(_says_who_differs(strange, this_program()))


def _says_who_differs(strange: dict[str, Program | Exception], here: Program) -> str:
    lines = [
        f"The Dask worker {address} "
        + (f"has {one}" if isinstance(one, Program) else f"cannot load recoverysim ({one})")
        for address, one in strange.items()
    ]
    return "\n".join([*lines, f"Here is {here}. Install the same on every worker.", KEPT])


def _asked(client: Client, what: Callable[[], Awaitable[Any]], seconds: float | None = None) -> Any:
    """The answer of a cluster, or ClusterLost where none comes in time."""

    async def ask() -> Any:
        return await what()  # in Dask's own loop what a client does can be awaited

    try:
        return client.sync(ask, callback_timeout=seconds or ANSWER)
    except OSError as fault:  # TimeoutError too
        raise _lost(client) from fault


def _lost(client: Client) -> ClusterLost:
    return ClusterLost(
        f"The Dask scheduler at {_address(client)} is gone or no longer answers. {KEPT}"
    )


def _address(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler else "(closed)"


@contextmanager
def _connected(cluster: str | Client) -> Iterator[Client]:
    if isinstance(cluster, Client):
        if cluster.asynchronous:
            raise ValueError("an asynchronous Client cannot be waited for; give one that is not")
        _warn_if_unprotected(_address(cluster))
        yield cluster
        return
    _warn_if_unprotected(cluster)
    if cluster.startswith("tls:") and not Security().get_connection_args("client")["ssl_context"]:
        raise ValueError(
            f"{cluster} needs certificates, and Dask's configuration names none: "
            "distributed.comm.tls (docs/clusters.md)"
        )
    with _quiet():
        try:
            client = Client(cluster, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as fault:
            raise ClusterLost(
                f"No Dask scheduler answers at {cluster!r} ({' '.join(str(fault).split())})."
            ) from fault
        try:
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=FAREWELL)


def _warn_if_unprotected(address: str) -> None:
    if said := unprotected(address):
        warnings.warn(said, Unprotected, stacklevel=4)


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask tells its log does not stand between ours; what matters is said in a sentence."""
    talkers = [
        logging.getLogger(name)
        for name in logging.root.manager.loggerDict
        if name.split(".")[0] in ("distributed", "tornado", "asyncio")
    ]
    before = [one.level for one in talkers]
    for one in talkers:
        one.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in zip(talkers, before, strict=True):
            one.setLevel(level)
