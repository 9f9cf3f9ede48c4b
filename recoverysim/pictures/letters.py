"""How wide text is, before anything draws it: so that labels neither touch nor leave the sheet.

Widths are those of DejaVu Sans, the font of exported pictures. Fonts of browsers (Roboto, Arial,
Liberation Sans) are narrower, so what fits here fits there.
"""

from __future__ import annotations

import re

# Hundredths of the size of the font: advance -> the characters that have it.
_PLAIN = {
    28: "'ijl", 29: "IJ", 32: " ,.‘’·", 34: "/:;\\|", 35: "f", 36: "-", 39: "()[]t", 40: "!",
    41: "r", 46: '"', 50: "*_`–", 52: "sz“”", 53: "?", 55: "cç", 56: "L", 58: "Fk", 59: "vxy",
    60: "P", 61: "TYaoöäøå", 62: "eé", 63: "ESbdghnpquüßñ", 64: "$0123456789{}£", 66: "K",
    68: "AV", 69: "BRXZ", 70: "C", 73: "U", 75: "HN", 77: "DG", 78: "&", 79: "OQ", 82: "w",
    84: "#+<=>^~−×→≥", 86: "M", 95: "%", 97: "m", 99: "W",
}  # fmt: skip
_BOLD = {
    31: "'", 34: "ijl", 35: " ", 37: "/IJ\\|", 38: ",.‘’·", 40: ":;", 42: "-", 44: "f",
    46: "!()[]", 48: "t", 49: "r", 50: "_`–", 52: '"*', 58: "?z", 59: "cç", 60: "s", 64: "L",
    65: "vxy", 66: "“”", 67: "akäå", 68: "EFTeé", 69: "oöø", 70: "$0123456789£", 71: "hnu{}üñ",
    72: "SYbdgpqß", 73: "CPZ", 76: "B", 77: "AKRVX", 81: "U", 82: "G", 83: "D",
    84: "#+<=>HN^~−×→≥", 85: "OQ", 87: "&", 92: "w", 104: "m", 110: "W",
}  # fmt: skip
_OTHER = 100
_ADVANCE = [
    {character: width / 100 for width, characters in table.items() for character in characters}
    for table in (_PLAIN, _BOLD)
]


def width(said: str, size: float, bold: bool = False) -> float:
    """Pixels that a line of text takes."""
    advance = _ADVANCE[bold]
    return size * sum(advance.get(character, _OTHER / 100) for character in said)


def fitted(said: str, room: float, size: float, bold: bool = False) -> str:
    """The text, or as much of it as fits with '…'."""
    if width(said, size, bold) <= room:
        return said
    while said and width(said + "…", size, bold) > room:
        said = said[:-1]
    return said.rstrip() + "…"


def wrapped(said: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The text on lines that fit, broken after spaces and hyphens, a long word where it must."""
    lines: list[str] = []
    line = ""
    for piece in re.findall(r"[^\s-]+-*\s*|-+\s*", said):
        if line and width((line + piece).rstrip(), size, bold) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while width(line.rstrip(), size, bold) > room and len(line.rstrip()) > 1:
            part = line.rstrip()
            while len(part) > 1 and width(part, size, bold) > room:
                part = part[:-1]
            lines.append(part)
            line = line[len(part) :]
    return [*lines, line.rstrip()] if line.strip() else lines
