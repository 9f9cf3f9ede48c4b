"""What an analysis says that cannot be done."""

from __future__ import annotations

from recoverysim import sweep_words


class CannotAnalyse(ValueError):
    """There is too little to go by; the message says of what."""


class MissingLibrary(ImportError):
    """A library of the extra `analyse` is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(sweep_words.missing_library(library))
