"""Draws the pictures of the README: python docs/pictures/make.py (some ten seconds)."""

from pathlib import Path

import recoverysim as rs
from recoverysim.scenario import shipped

if __name__ == "__main__":
    found = rs.compare([*shipped()])
    found.plot().savefig(Path(__file__).parent / "scenarios.png")
