"""Run a plan: what is missing in its folder is lived, chunk by chunk, and nothing that is there
is lived again."""

from __future__ import annotations

import multiprocessing
import shlex
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim.plan import Plan
from recoverysim.store import growing, tables
from recoverysim.store.growing import Growing
from recoverysim.store.whole import FolderError
from recoverysim.studies.repeats import Interrupted
from recoverysim.studies.stamp import stamp
from recoverysim.studies.sweeps.cluster_faults import ClusterFault
from recoverysim.studies.sweeps.designs import how_many_runs
from recoverysim.studies.sweeps.guard import (
    Broken,
    Engine,
    Means,
    on_this_machine,
)
from recoverysim.studies.sweeps.needs import means_for
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.plan_reading import load_plan
from recoverysim.studies.sweeps.points import Points
from recoverysim.studies.sweeps.results import Sweep, all_runs, content_hash, numbers_done
from recoverysim.studies.sweeps.runs import (
    AtPoint,
    Chunk,
    Done,
    Failed,
    failure,
    key_of_run,
    live_chunk,
    run_of,
    runs_a_part,
)

if TYPE_CHECKING:
    import distributed

ONLY_ANALYSED = {"worth_from"}  # of the settings of a plan: no run depends on it
FIRST = ("points.parquet", "places.parquet")
HOPELESS = 20  # runs that failed while none succeeded


class Stopped(Interrupted):
    """A sweep was interrupted from the keyboard; the message says how to go on."""


class Hopeless(RuntimeError):
    """Every run of a sweep fails."""


def sweep(
    plan: str | Path | Mapping[str, Any] | SweepPlan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    scheduler: str | distributed.Client | None = None,
    longest: float | None = None,
    memory: float | None = None,
    retry_failed: bool = False,
    command: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Sweep:
    """Run every run of a plan that does not stand in the folder `out` yet (by default
    ``sweep-NAME``), and give the handle by which all are read.

    `plan` is the name of a shipped plan, a file, a mapping of what such a file would hold, or a
    `SweepPlan`. Processes here do the work, as many as `workers` (all processors by default), or
    the workers of a Dask cluster: `scheduler` is its address or a `Client`. A run that takes more
    than `longest` seconds is given up, and one that takes more than `memory` GiB fails (by default
    a minute or 30 times what is expected, and a share of what is free). Runs that failed before
    are tried again where `retry_failed`.

    Raises ScenarioError for a bad plan, FolderError where the folder holds something else or cannot
    be written, NoRoom where one run would not fit, `Stopped` from the keyboard, `ClusterFault`
    where a cluster has gone or runs another program; whatever finished before is kept, and the same
    call goes on.
    """
    _refuse_without_guard()
    chosen = plan if isinstance(plan, SweepPlan) else load_plan(plan)
    folder = Path(out) if out is not None else Path(f"sweep-{chosen.name}")
    again = command or _as_command(plan, folder)
    means = means_for(chosen, workers, longest, memory, local=scheduler is None)
    with growing.said_plainly(folder, lambda: again):
        folder.mkdir(parents=True, exist_ok=True)
        with growing.alone(folder):
            work = _Work(chosen, folder, again)
            work.open(retry_failed)
            if work.missing.size:
                work.store.manifest |= {"complete": False, "content_hash": None}
                engine = _engine(scheduler, workers, means)
                with _stopping(work, again):
                    work.run(engine, progress)
            elif progress is not None:
                progress(work.runs)
            work.finish()
    return Sweep(folder)


def _engine(
    scheduler: str | distributed.Client | None, workers: int | None, means: Means
) -> Engine:
    if scheduler is None:
        return on_this_machine(workers or Plan().workers(), means)
    from recoverysim.studies.sweeps.cluster import on_cluster

    return on_cluster(scheduler, means)


@contextmanager
def _stopping(work: _Work, again: str) -> Iterator[None]:
    """Whatever ends a sweep early leaves the manifest up to date; Ctrl-C says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        work.note()
        done = work.runs - work.left
        raise Stopped(
            f"Interrupted. {done:,} of {work.runs:,} runs are kept in {work.folder}; go on with: "
            f"{again}"
        ) from None
    except ClusterFault as fault:
        work.note()
        raise type(fault)(f"{fault} Go on with: {again}") from None
    except Exception as fault:
        if not isinstance(fault, OSError):
            work.note()
        raise


class _Work:
    """What is asked, what stands already, and what is left."""

    def __init__(self, plan: SweepPlan, folder: Path, again: str) -> None:
        self.plan = plan
        self.folder = folder
        self.again = again
        self.points = Points.of(plan)
        self.runs = how_many_runs(plan)
        self.missing = np.arange(self.runs)
        self.left = self.runs
        self.failed: list[int] = []
        self.store: Growing

    def open(self, retry_failed: bool) -> None:
        """Begin the folder, or go on with what stands in it."""
        stands = {one.name for one in self.folder.iterdir() if not one.name.startswith(".")}
        growing.clear_unfinished(self.folder)
        if stands <= set(FIRST):  # nothing, or what was begun where there was no room
            self.begin()
            return
        lost = growing.MANIFEST not in stands and stands <= {*FIRST, *growing.OURS}
        manifest = None if lost else growing.read_manifest(self.folder)
        if manifest is None:
            self.refuse_runs_of_another_plan()
            self.begin()
        else:
            self.refuse_another_plan(manifest)
            self.store = Growing(self.folder, manifest | self.words(manifest))
        damaged = self.store.set_damaged_aside()
        if manifest is None:
            self.store.note_damaged([growing.Damaged(growing.MANIFEST, "is not what was written")])
        if any(one.file in FIRST for one in damaged):
            self.store.put_first(self.firsts())
        if retry_failed:
            self.store.forget_failed()
        done = numbers_done(self.folder)
        self.refuse_other_numbers(done)
        self.failed = growing.numbers_failed(self.folder)
        stand = np.union1d(done, self.failed)
        self.missing = np.setdiff1d(self.missing, stand, assume_unique=True)
        self.left = self.missing.size

    def begin(self) -> None:
        about = {
            "stamp": stamp(self.plan.scenarios, self.plan.one_run()) | {"plan": self.plan.hash()},
            "command": self.again,
            "name": self.plan.name,
            "question": self.plan.question,
            "settings": self.plan.settings(),
            "runs": {"asked": self.runs, "done": 0, "failed": 0},
        }
        self.store = Growing.begin(self.folder, about, self.firsts())

    def firsts(self) -> dict[str, Any]:
        """What stands in the folder before the first run."""
        return dict(zip(FIRST, (self.points.table(), self.points.places_table()), strict=True))

    def words(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """What of a plan may be edited without a run being another one, as it is now."""
        return {
            "stamp": manifest["stamp"] | {"plan": self.plan.hash()},
            "name": self.plan.name,
            "question": self.plan.question,
            "settings": self.plan.settings(),
        }

    def refuse_runs_of_another_plan(self) -> None:
        """Where the manifest is damaged, whole parts have to say themselves that they are of this
        plan: by the key of each run, which says all that its result depends on."""
        here: AtPoint | None = None
        runs = all_runs(self.folder, warn=False).select(["number", "key"]).to_pylist()
        for number, key in dict.fromkeys((one["number"], one["key"]) for one in runs):
            if number < self.runs:
                run = run_of(self.plan, number)
                if here is None or here.point != run.point:
                    here = AtPoint(self.plan, run.point, self.points.one(run.point))
                if key == key_of_run(here, run):
                    continue
            raise FolderError(
                f"{self.folder} holds runs of another plan or version of the program, and its "
                f"{growing.MANIFEST}, which would say of which, is damaged. Name a new folder "
                "with --out."
            )

    def refuse_another_plan(self, manifest: dict[str, Any]) -> None:
        mine, theirs = self.plan.settings(), manifest["settings"]
        decide = {**theirs, **mine}.keys() - ONLY_ANALYSED
        differ = [key for key in sorted(decide) if mine.get(key) != theirs.get(key)]
        if differ:
            one = differ[0]
            there, here = _apart(str(theirs.get(one)), str(mine.get(one)))
            raise FolderError(
                f"{self.folder} holds another sweep: there {one} is {there}, here {here}. Name a "
                "new folder with --out."
            )

    def refuse_other_numbers(self, done: np.ndarray) -> None:
        """Live one of the runs that stand once more: what it gave then, it has to give now."""
        if not done.size:
            return
        number = int(done[0])
        again = live_chunk(self.chunk(np.array([number])))
        stood = Sweep(self.folder).run(number)
        if not again.columns or not tables.runs(again.columns, again.units).equals(stood):
            raise FolderError(
                f"{self.folder} holds runs that this version of the program, with these plug-ins, "
                "does not give (made by recoverysim "
                f"{self.store.manifest['stamp']['version']}). Name a new folder with --out."
            )

    def chunk(self, numbers: np.ndarray) -> Chunk:
        return Chunk(self.points.sent, tuple(numbers.tolist()), self.points.at(numbers))

    def chunks(self) -> Iterator[Chunk]:
        """All that is missing; the last of it second, so that what fails at one end of a design
        alone is not taken for hopeless."""
        size = runs_a_part(self.plan)
        first, *others = range(0, self.missing.size, size)
        for start in (first, *others[-1:], *others[:-1]):
            yield self.chunk(self.missing[start : start + size])

    def run(self, engine: Engine, progress: Callable[[float], None] | None) -> None:
        """Live what is missing. Each run of a chunk that broke is tried once more, by itself, and
        so is one that failed beside others that did not: something before it may have been at
        fault."""
        alone: deque[int] = deque()
        chunks = self.chunks()
        if progress is not None:
            progress(self.runs - self.left)

        def more() -> Chunk | None:
            if alone:
                return self.chunk(np.array([alone.popleft()]))
            return next(chunks, None)

        # Closed even where keeping fails: whoever holds the fault must not hold the workers.
        with closing(engine(more)) as coming:
            for chunk, came in coming:
                if isinstance(came, Broken) and len(chunk.numbers) > 1:
                    alone.extend(chunk.numbers)
                    continue
                if isinstance(came, Done) and came.columns and came.failed:
                    alone.extend(one.number for one in came.failed)
                    came = came._replace(failed=())
                settled = self.keep(chunk, came)
                self.left -= settled
                if progress is not None:
                    progress(settled)

    def keep(self, chunk: Chunk, came: Done | Broken) -> int:
        """Keep what came of a chunk; how many runs that settles."""
        several: tuple[Failed, ...]
        if isinstance(came, Broken):
            several = (failure(self.plan, run_of(self.plan, chunk.numbers[0]), *came),)
        else:
            several = came.failed
            if came.columns:
                self.store.add(tables.runs(came.columns, came.units), chunk.numbers[0])
        for one in several:
            settings = self.points.settings_of(one.point)
            self.store.add_failed(one._asdict() | {"settings": settings}, one.number)
            self.failed.append(one.number)
        self.refuse_if_hopeless(several[0].said if several else "")
        if isinstance(came, Broken):
            return 1
        return len(set(came.columns.get("number", ()))) + len(several)

    def refuse_if_hopeless(self, said: str) -> None:
        many, middle = len(self.failed), self.runs / 2
        if (
            many >= HOPELESS
            and min(self.failed) < middle <= max(self.failed)
            and not growing.parts_of(self.folder, growing.RUNS)
        ):
            raise Hopeless(
                f"The first {many} runs all failed, the last with: {said}. Nothing more was "
                f"tried; {self.folder / growing.FAILED} holds each with its cause. With the cause "
                f"mended, go on with: {self.again} --retry-failed"
            )

    def note(self) -> None:
        """Bring the manifest up to date, from what stands in the folder: an interruption may have
        come between a part and its being counted."""
        self.store.set_damaged_aside()
        done, failed = numbers_done(self.folder), growing.numbers_failed(self.folder)
        self.left = self.runs - done.size - len(failed)
        runs = {"asked": self.runs, "done": done.size, "failed": len(failed)}
        self.store.write_manifest(runs=runs)

    def finish(self) -> None:
        """Say in the manifest that all is there, and what its content is."""
        self.note()
        if self.left:
            raise FolderError(
                f"{self.left:,} runs in {self.folder} were damaged while it was at work; they are "
                f"made again by: {self.again}"
            )
        if not self.store.manifest["complete"]:
            found = content_hash(self.folder)
            self.store.write_manifest(complete=True, content_hash=found)


def _apart(one: str, other: str) -> tuple[str, str]:
    """The two as they can be told apart: of long ones, from shortly before they differ."""
    same = next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), 0)
    start = max(0, same - 20) if max(len(one), len(other)) > 60 else 0
    return _shortly(one, start), _shortly(other, start)


def _shortly(said: str, start: int) -> str:
    before, behind = "…" if start else "", "…" if len(said) > start + 60 else ""
    return f"{before}{said[start : start + 60]}{behind}"


def _as_command(plan: Any, folder: Path) -> str:
    if isinstance(plan, str | Path):
        return shlex.join(["recoverysim", "sweep", str(plan), "--out", str(folder)])
    return f"recoverysim.sweep(plan, out={str(folder)!r}), with the same plan"


def _refuse_without_guard() -> None:
    """Worker processes read the script that started them: without a guard it would start again."""
    if multiprocessing.parent_process() is not None:
        raise RuntimeError("a sweep was started while a worker process read the script; "
                           'put it under: if __name__ == "__main__":')  # fmt: skip
    script = getattr(sys.modules["__main__"], "__file__", None)
    if (
        script
        and Path(script).is_file()
        and "__main__" not in Path(script).read_text("utf-8", "replace")
    ):
        raise ValueError(
            f"{script} starts a sweep, and worker processes would read it and start it again. Put "
            'what it does under a line: if __name__ == "__main__":'
        )
