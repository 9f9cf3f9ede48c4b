"""What a report is made of: written once, and drawn as a web page and as a Word document alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from recoverysim.pictures.sheet import Picture

# What may not stand in XML, and so neither in a Word document.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The same without control characters, which no page and no document may hold."""
    return _UNPRINTABLE.sub("", text)


@dataclass(frozen=True)
class Heading:
    """A heading within a part."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph; `kind` is one of '', 'warning', 'answer' and 'soft'."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with one row of headings.

    `words`: how many columns, from the left, hold words; `wide`: whether the first holds many.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    wide: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.head):
                raise ValueError(f"{self.caption}: {len(row)} cells under {len(self.head)} heads")


@dataclass(frozen=True)
class Image:
    """A picture."""

    picture: Picture


@dataclass(frozen=True)
class Code:
    """Something to type, or a file to save."""

    text: str


Block = Heading | Words | Points | Table | Image | Code


@dataclass(frozen=True)
class Part:
    """One of the four parts, which begins a page of its own."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Content:
    """A whole report."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    subject: str = ""
    keywords: tuple[str, ...] = field(default=())
    many: bool = False  # scenarios, so that letters are smaller

    def blocks(self) -> Iterator[Block]:
        """Everything, in order."""
        for part in self.parts:
            yield from part.blocks
