"""Draws the picture of the README: python docs/pictures/make.py (some four minutes)."""

from pathlib import Path

import recoverysim as rs

# Ways of linking people. The other scenarios move recovery by less than 1 in 1,000.
LINKAGE = (
    "baseline", "clinician-introduction", "cut-linkage", "intensive-referral", "leaflet-only",
    "peer-introduction",
)  # fmt: skip

if __name__ == "__main__":
    found = rs.compare([*LINKAGE], repeats=400)
    found.plot().savefig(Path(__file__).parent / "scenarios.png")
    for row in found.rows():
        if row["group"] == "all" and row["year"] == 1:
            print(*(row[key] for key in ("scenario", "measure", "definition")), sep=", ", end=": ")
            print(*(row[key] for key in ("difference", "low", "high")))
