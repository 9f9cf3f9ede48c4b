"""A scenario file that a visitor opens: read as strictly as any, by itself, and kept nowhere."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from recoverysim.dashboard.address import MOST_CHANGES, NAME
from recoverysim.dashboard.asked import BASELINE, LONGEST_NAME, Mix
from recoverysim.scenario import ScenarioError, load
from recoverysim.yaml_strictly import LARGEST_FILE

ALONE = (
    "It names another file, and only the scenario file itself can be opened here. "
    "`recoverysim compare` reads both."
)


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
        if found.local or found.network_file is not None:
            raise ValueError(ALONE)
        arrivals = load(BASELINE).arrivals
        if found.arrivals != arrivals:
            raise ValueError(
                "People do not come at the same times as in today’s world, so nobody has a twin. "
                "Set it for both under “Your area”."
            )
        differences = found.differences()
    if len(differences) > MOST_CHANGES:
        raise ValueError(f"It sets {len(differences)} numbers; at most {MOST_CHANGES} fit a link.")
    called = found.name if found.name != "scenario" else Path(name).stem
    called = called if NAME.fullmatch(called) else "opened-file"
    plain = json.loads(json.dumps(differences))
    return Mix(BASELINE, tuple(sorted(plain.items())), called=called[:LONGEST_NAME])
