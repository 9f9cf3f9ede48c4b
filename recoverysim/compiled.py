"""The only door to numba: rules that are compiled, and their plain twins.

`rule` compiles a small function of one client. `whole_week` compiles the loop that a run lives in;
it lets other threads run beside it and keeps its machine code on disk. `plain(rule)` is the same
rule as ordinary Python, with every rule that it calls uncompiled too: for tests and debugging.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import llvmlite.binding
import numba
import numpy as np

from recoverysim.compiled_parts import PartCompiler, can_be_parts

VERSIONS_KEPT = 3
SECONDS_UNTOUCHED = 3600
_OF_A_VERSION = re.compile(r"[0-9a-f]{16}-py\d+-numba")

_PLAIN: dict[Any, Callable[..., Any]] = {}


def source_hash() -> str:
    """A hash of the package's own source, 16 hexadecimal digits.

    Machine code is kept under it: numba looks only at the file of the outermost function, so an
    edited rule elsewhere would otherwise go unnoticed.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Where machine code is kept, or None where no folder can be written.

    By version and processor: machines of different kinds may share one home.
    """
    version = f"py{sys.version_info.major}{sys.version_info.minor}-numba{numba.__version__}"
    for base in _places_for_a_cache():
        folder = base / f"{source_hash()}-{version}-{_processor()}"
        try:
            base.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_mine(base):
                continue
            if not folder.is_dir():
                _clear_old(base)
            folder.mkdir(exist_ok=True)
            # Also tells when the folder was used last.
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return folder
    return None


def _processor() -> str:
    """The kind of processor that is compiled for, and a hash of what it can do: this one, unless
    numba's own settings name another."""
    able = numba.config.CPU_FEATURES  # type: ignore[attr-defined]
    if able is None:
        able = str(sorted(llvmlite.binding.get_host_cpu_features().items()))
    named = numba.config.CPU_NAME  # type: ignore[attr-defined]
    name = re.sub(r"\W", "", named or llvmlite.binding.get_host_cpu_name())
    return f"{name}-{hashlib.sha256(able.encode()).hexdigest()[:8]}"


def _clear_old(base: Path) -> None:
    """Remove what earlier versions left: all but the few used last.

    Nothing that was used within the hour is touched, so that no process at work loses what it made.
    """

    def used(folder: Path) -> float:
        with suppress(OSError):  # somebody else clears up too
            return folder.stat().st_mtime
        return 0.0

    left = [one for one in base.iterdir() if _OF_A_VERSION.match(one.name) and one.is_dir()]
    for folder in sorted(left, key=used, reverse=True)[VERSIONS_KEPT:]:
        if used(folder) < time.time() - SECONDS_UNTOUCHED:
            shutil.rmtree(folder, ignore_errors=True)


def _places_for_a_cache() -> Iterator[Path]:
    """The user's cache, else a folder of the user's own among temporary files."""
    with suppress(RuntimeError):  # no home at all
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        yield Path(home) / "recoverysim"
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    yield Path(tempfile.gettempdir()) / f"recoverysim-{user}"


def _is_mine(folder: Path) -> bool:
    """Machine code is loaded from there, so nobody else may have put it there."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


# Every rule is set into the week that calls it (handing arrays and records through real calls costs
# as much as the week itself) and is never called by itself, so no wrapper is compiled for it.
# Divisions follow numpy: dividing by zero gives infinity, unchecked. They make no arrays, so nobody
# has to count who holds one (`_nrt`): that costs as much as the ties and groups of a week.
_RULE: dict[str, Any] = {
    "error_model": "numpy",
    "forceinline": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
    **({"pipeline_class": PartCompiler} if can_be_parts() else {}),
}


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule about one client."""
    return numba.njit(function, **_RULE)


def array_rule(function: Callable[..., Any]) -> Any:
    """Compile a rule that makes arrays, which numba refuses in a plain `rule`, or returns one."""
    return numba.njit(function, **(_RULE | {"_nrt": True}))


def rare_rule(function: Callable[..., Any]) -> Any:
    """Compile a rule for rare moments: called, not set in, so that the week stays small."""
    return numba.njit(function, **(_RULE | {"forceinline": False}))


def whole_week(function: Callable[..., Any]) -> Any:
    """Compile a loop over weeks and clients; releases the GIL; kept on disk where possible."""
    folder = _prepare_cache()
    return numba.njit(function, nogil=True, cache=folder is not None, error_model="numpy")


@cache
def _prepare_cache() -> Path | None:
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


def plain_twin(compiled: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: give a rule a plain twin of its own, where Python's numbers need other care."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _PLAIN[compiled] = function
        return function

    return register


def plain(compiled: Any) -> Callable[..., Any]:
    """The same rule as ordinary Python, all the way down."""
    if compiled not in _PLAIN:
        original = compiled.py_func
        _PLAIN[compiled] = FunctionType(
            original.__code__,
            _PlainNames(original.__globals__),
            original.__name__,
            original.__defaults__,
        )
    return _PLAIN[compiled]


class _PlainNames(dict[str, Any]):
    """A module's names, in which every compiled rule is its plain twin."""

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        if isinstance(found, numba.core.dispatcher.Dispatcher):
            return plain(found)
        return found


class PlainRow:
    """A row of a structured array that hands out Python's own numbers.

    numpy's scalars follow other rules of arithmetic than compiled code (an int8 overflows, a
    float32 stays narrow); Python's ints and floats agree with it to the bit.
    """

    __slots__ = ("_row",)

    def __init__(self, row: np.void) -> None:
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        return _plain_value(self._row[name])

    def __setattr__(self, name: str, value: Any) -> None:
        self._row[name] = value


class PlainTable:
    """An array whose rows and numbers come out plain: what plain rules are given for a table."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.size = array.size
        self.shape = array.shape

    def __getitem__(self, place: Any) -> Any:
        return _plain_value(self.array[place])

    def __setitem__(self, place: Any, value: Any) -> None:
        self.array[place] = value


def _plain_value(found: Any) -> Any:
    if isinstance(found, np.void):
        return PlainRow(found)
    if isinstance(found, np.ndarray):
        return PlainTable(found)
    return found.item() if isinstance(found, np.generic) else found
