"""Templates: an example of each local file, simulated, and read without a fault as it stands."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = ("clients", "totals", "services")


def template(kind: str) -> str:
    """The text of one; ValueError for a kind that there is not."""
    if kind not in KINDS:
        raise ValueError(f"there is no template {kind!r}; there are {', '.join(KINDS)}")
    return (FOLDER / f"{kind}.csv").read_text(encoding="utf-8")
