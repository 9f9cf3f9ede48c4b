"""What goes wrong in a plug-in, told in a sentence: file, line, week, how many people."""

from __future__ import annotations

import traceback
from pathlib import Path


class PluginError(ValueError):
    """A plug-in that cannot be used, with its file, the line where there is one, and why."""


class PluginFailed(RuntimeError):
    """A plug-in that went wrong while worlds were lived."""


def place(file: str, line: int | None) -> str:
    """'phone_calls.py, line 12'."""
    return f"{Path(file).name}, line {line}" if line else Path(file).name


def line_in(fault: BaseException, file: str) -> int | None:
    """The last line of `file` that was at work when something went wrong."""
    if isinstance(fault, SyntaxError) and fault.filename == file:
        return fault.lineno
    lines = [f.lineno for f in traceback.extract_tb(fault.__traceback__) if f.filename == file]
    return lines[-1] if lines else None


def told(fault: BaseException) -> str:
    """What went wrong, on one line; what was refused on purpose has its reason alone."""
    said = fault.msg if isinstance(fault, SyntaxError) else " ".join(str(fault).split())
    if isinstance(fault, SyntaxError):
        return f"cannot be read as Python: {said}"
    return said if type(fault) is ValueError else f"{type(fault).__name__}: {said}"
