"""Draws the picture of the README: python docs/pictures/make.py (some three minutes)."""

from pathlib import Path

import recoverysim as rs
from recoverysim.scenario import shipped

if __name__ == "__main__":
    found = rs.compare([*shipped()], repeats=400)
    found.plot().savefig(Path(__file__).parent / "scenarios.png")
