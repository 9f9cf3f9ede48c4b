"""A reference table: every fitted study simulated under many sets of parameters, part by part.

A row is one set, drawn from the declared ranges, and what each fitted figure came out as in one
simulated study of the same size. Parts are files of so many rows, written whole or not at all; the
same command goes on where it was stopped. A row depends on the plan, its number and the code alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recoverysim.knowledge import draw_sets, even_slices
from recoverysim.quantities import all_quantities
from recoverysim.store.whole import FolderError
from recoverysim.studies.calibration.plan import CalibrationPlan
from recoverysim.studies.repeats import Interrupted
from recoverysim.studies.trial import one_study
from recoverysim.world import seed_of_repeat

ROWS_A_PART = 100
ROWS_COMPARED = 5


@dataclass(frozen=True)
class ReferenceTable:
    """`values`: float64 of (draws, parameters), in the order of `keys`; `figures`: of (draws,
    fitted figures), as studies would print them, NaN where nobody could be asked."""

    keys: tuple[str, ...]
    values: np.ndarray
    figures: np.ndarray


def uncertain() -> tuple[str, ...]:
    """The numbers that differ between sets."""
    return tuple(key for key, one in all_quantities().items() if one.distribution != "fixed")


def part_of(
    plan: CalibrationPlan, part: int, rows: int = ROWS_A_PART
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters and figures of one part, or of its first rows, each with a row a draw."""
    seed = seed_of_repeat(plan.seed, part)
    sets = draw_sets(ROWS_A_PART, seed)
    for key, low, high in plan.even:
        for values, u in zip(sets, even_slices(key, ROWS_A_PART, seed), strict=True):
            values[key] = low + u * (high - low)
    keys = uncertain()
    drawn = np.array([[values[key] for key in keys] for values in sets[:rows]])
    figures = [
        [
            one
            for place, trial in enumerate(plan.trials)
            for one in one_study(
                trial, values, seed_of_repeat(seed_of_repeat(seed, 1 + row), place)
            )
        ]
        for row, values in enumerate(sets[:rows])
    ]
    return drawn, np.array(figures)


def make(
    plan: CalibrationPlan,
    folder: Path,
    workers: int,
    progress: Callable[[float], None] | None = None,
) -> ReferenceTable:
    """The table of a plan, kept in `folder`; parts that stand there already are not made again.

    Raises FolderError where the folder holds something else, or a table that this plan and program
    do not give, and Interrupted from the keyboard, with every finished part kept.
    """
    _begin(plan, folder)
    parts = range(-(-plan.draws // ROWS_A_PART))
    missing = [part for part in parts if _read(folder, part) is None]
    if progress is not None:
        progress((len(parts) - len(missing)) * ROWS_A_PART)
    if missing:
        _make_parts(plan, folder, missing, workers, progress)
    found = [_read(folder, part) for part in parts]
    values, figures = (
        np.concatenate([part[place] for part in found if part is not None]) for place in (0, 1)
    )
    return ReferenceTable(uncertain(), values[: plan.draws], figures[: plan.draws])


def _make_parts(
    plan: CalibrationPlan,
    folder: Path,
    missing: list[int],
    workers: int,
    progress: Callable[[float], None] | None,
) -> None:
    """Make these parts; whatever goes wrong ends all workers, and leaves every finished part."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _leave_with_the_parent)
    try:
        for done in as_completed([pool.submit(_make_part, plan, folder, one) for one in missing]):
            done.result()
            if progress is not None:
                progress(ROWS_A_PART)
    except BaseException as fault:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        for unfinished in folder.glob(".part-*"):
            unfinished.unlink(missing_ok=True)
        if isinstance(fault, KeyboardInterrupt):
            raise Interrupted from None
        if isinstance(fault, BrokenProcessPool):
            raise ChildProcessError(
                "a worker process ended (no memory left, or it was stopped); finished parts are "
                f"kept in {folder}: the same command goes on"
            ) from fault
        if isinstance(fault, OSError):
            raise FolderError(
                f"{folder} cannot be written: {fault.strerror or fault}. Finished parts are kept: "
                "the same command goes on where there is room"
            ) from fault
        raise
    pool.shutdown()


def _leave_with_the_parent() -> None:
    """Ctrl-C is for the parent, which ends its workers; where the parent is killed, they go too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait_for_its_end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_its_end, daemon=True).start()


def _begin(plan: CalibrationPlan, folder: Path) -> None:
    """Refuse to mix two tables: some rows that stand there are made again, and have to be equal.

    So a table outlives changes of the program that change none of its numbers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stand = sorted(folder.glob("part-*.npz"))
    if not stand and any(one for one in folder.iterdir() if not one.name.startswith(".")):
        raise FolderError(f"{folder} holds something else; name a new folder with --out")
    for path in stand:
        part = int(path.stem.removeprefix("part-"))
        found = _read(folder, part)
        if found is None:
            continue
        again = part_of(plan, part, ROWS_COMPARED)
        if not all(
            np.array_equal(one[:ROWS_COMPARED], other, equal_nan=True)
            for one, other in zip(found, again, strict=True)
        ):
            raise FolderError(
                f"{folder} holds a table that this plan and this version of the program do not "
                "give; name a new folder with --out, or delete that one"
            )
        return


def _make_part(plan: CalibrationPlan, folder: Path, part: int) -> None:
    values, figures = part_of(plan, part)
    unfinished = folder / f".part-{part:05d}.{os.getpid()}"
    with unfinished.open("wb") as file:
        np.savez(file, values=values, figures=figures)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(_path(folder, part))


def _path(folder: Path, part: int) -> Path:
    return folder / f"part-{part:05d}.npz"


def _read(folder: Path, part: int) -> tuple[np.ndarray, np.ndarray] | None:
    """A part, or None where it is missing or damaged, and has to be made again."""
    try:
        with _path(folder, part).open("rb") as file, np.load(file) as found:
            values, figures = found["values"], found["figures"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    whole = values.shape == (ROWS_A_PART, len(uncertain())) and len(figures) == ROWS_A_PART
    return (values, figures) if whole else None
