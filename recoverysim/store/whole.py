"""Output folders are written whole or not at all. Imports no library, so that asking is quick."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class FolderError(OSError):
    """An output folder that cannot be written, with what to do about it."""


def refuse_to_overwrite(path: Path) -> None:
    """FolderError where something stands at `path` already."""
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file; name a new folder with --out")
    if path.exists() and any(path.iterdir()):
        raise FolderError(f"{path} is already there and not empty; name a new folder with --out")
    if path.is_mount() or path.absolute() == Path.cwd():
        raise FolderError(f"{path} cannot be replaced by a new folder; name one inside it")
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written: {above} is not a folder that can be written")


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that appears at `path` only when everything in it has been written.

    Nothing that stands is overwritten; what was begun is cleared away when something goes wrong.
    """
    path = Path(os.path.realpath(path))
    refuse_to_overwrite(path)
    missing = [parent for parent in path.parents if not parent.exists()]
    unfinished = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = _begin(path)
        yield unfinished
        _to_disk(*unfinished.iterdir(), unfinished)
        _put_in_place(unfinished, path)
        _to_disk(path.parent)
    except FolderError:
        raise
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise FolderError(
            f"{path} cannot be written: {reason}. Nothing was left behind."
        ) from fault
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
        if not path.exists():
            for parent in missing:  # the innermost first; only what was made here, and is empty
                with suppress(OSError):
                    parent.rmdir()


def refuse_to_replace(path: Path) -> None:
    """FolderError where a file cannot be made at `path`, or something stands there already."""
    if path.exists() or path.is_symlink():
        raise FolderError(f"{path} is already there; name a new file")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise FolderError(f"{path} cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written: {folder} is not a folder that can be written")


def new_file(path: Path, content: bytes) -> None:
    """A file that appears at `path` only when all of it has been written; nothing that stands is
    overwritten. FolderError where it cannot be."""
    refuse_to_replace(path)
    unfinished = path.with_name(f".{path.name}.unfinished-{os.getpid()}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        refuse_to_replace(path)
        unfinished.rename(path)
        _to_disk(path.absolute().parent)
    except FolderError:
        raise
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise FolderError(
            f"{path} cannot be written: {reason}. Nothing was left behind."
        ) from fault
    finally:
        unfinished.unlink(missing_ok=True)


def _begin(path: Path) -> Path:
    """A hidden folder beside `path` that nobody else writes to.

    One of the same number may stand there: left by a process that was killed in a container, where
    numbers come again, or at work on another machine that shares the disk.
    """
    for number in itertools.count(os.getpid()):
        unfinished = path.parent / f".{path.name}.unfinished-{number}"
        with suppress(FileExistsError):
            unfinished.mkdir()
            return unfinished
    raise AssertionError


def _to_disk(*paths: Path) -> None:
    """Wait until these are on the disk, so that a loss of power leaves no file half there."""
    for path in paths:
        if path.is_dir() and os.name != "posix":
            continue  # other systems do not open folders
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _put_in_place(finished: Path, path: Path) -> None:
    """Give the finished folder its name; where that was taken meanwhile, one beside it."""
    try:
        if path.exists():
            path.rmdir()
        finished.rename(path)
    except OSError as fault:
        number = finished.name.rpartition("-")[2]
        beside = finished.rename(path.with_name(f"{path.name}-{number}"))
        raise FolderError(
            f"{path} was taken by something else meanwhile ({fault.strerror}). "
            f"What was to stand there is whole, in {beside}"
        ) from fault
