"""What a report is made of: written once, and drawn as a web page and as a Word document alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


class Drawn(Protocol):
    """A picture, as `recoverysim.pictures` makes them."""

    description: str

    def svg(self) -> str:
        """As it stands in a page."""
        ...


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
    """A table with one row of headings; `words`: how many columns, from the left, hold words."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.head):
                raise ValueError(f"{self.caption}: {len(row)} cells under {len(self.head)} heads")


@dataclass(frozen=True)
class Image:
    """A picture."""

    picture: Drawn


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
    foot: str
    subject: str = ""
    keywords: tuple[str, ...] = field(default=())

    def blocks(self) -> Iterator[Block]:
        """Everything, in order."""
        for part in self.parts:
            yield from part.blocks
