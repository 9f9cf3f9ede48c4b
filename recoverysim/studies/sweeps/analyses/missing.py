"""What an analysis says that cannot be done."""

from __future__ import annotations

from recoverysim import sweep_words
from recoverysim.studies.sweeps.designs import MissingLibrary as MissingLibrary


class CannotAnalyse(ValueError):
    """There is too little to go by; the message says of what."""


def needs(library: str) -> MissingLibrary:
    """What is raised where a library of the extra `analyse` is not installed."""
    return MissingLibrary(sweep_words.missing_library(library))
