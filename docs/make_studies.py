"""Writes the list of measures into studies.md: python docs/make_studies.py"""

from pathlib import Path

from recoverysim.studies.asked import MEASURES

PAGE = Path(__file__).parent / "studies.md"
BEGIN, END = "<!-- begin: measures, written by python docs/make_studies.py -->", "<!-- end -->"
REPORTED = {"yes or no": "a share", "number": "a mean", "events": "a rate"}


def measures() -> str:
    """The table of every measure."""
    lines = [
        "| measure | asks | answer | reported as | window |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, one in MEASURES.items():
        unit = "" if one.unit == "share" else f", {one.unit}"
        window = "yes" if one.looks_back else ""
        reported = f"{REPORTED[one.kind]}{unit}"
        lines.append(f"| `{name}` | {one.words} | {one.kind} | {reported} | {window} |")
    return "\n".join(lines)


def page() -> str:
    """The page with today's list."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{measures()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
