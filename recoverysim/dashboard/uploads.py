"""A scenario file that a visitor opens: read as strictly as any, by itself, and kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path

from recoverysim.dashboard.asked import ALONE, LONGEST_NAME, Mix, mix_of
from recoverysim.scenario import ScenarioError, load
from recoverysim.yaml_strictly import LARGEST_FILE


def mix(name: str, text: str) -> Mix:
    """The scenario that a file holds. ValueError, with line and remedy, where it holds none."""
    content = text.encode("utf-8", "surrogateescape")
    if len(content) > LARGEST_FILE:
        raise ValueError(f"{name[:LONGEST_NAME]} is larger than {LARGEST_FILE // 1024} KiB.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(content)
        try:
            found = load(path)
        except ScenarioError as fault:
            told = str(fault).replace(str(path), name[:LONGEST_NAME])
            other = any("file" in one.message and "folder" in one.message for one in fault.faults)
            raise ValueError(f"{told} {ALONE}" if other else told) from None
        called = found.name if found.name != "scenario" else Path(name).stem
        return mix_of(found, called)
