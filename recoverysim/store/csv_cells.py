"""Cells of CSV files, as every reader of them takes them."""

from __future__ import annotations

from typing import Any


def safe_cell(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula is shown as text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def csv_cell(value: Any) -> Any:
    """A value as CSV has it: TRUE and FALSE as every reader knows them (R no other), text safe."""
    return str(value).upper() if isinstance(value, bool) else safe_cell(value)
