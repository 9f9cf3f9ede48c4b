"""Writes the page on costs and quality of life, costs.md: python docs/make_costs.py"""

from collections.abc import Iterator
from pathlib import Path

from recoverysim.costs import SEEN
from recoverysim.evidence import figures
from recoverysim.evidence.price_index import INDEX_SOURCE, PRICE_YEAR, in_words, index_of
from recoverysim.quantities import CODE, Quantity
from recoverysim.settings import all_quantities  # loads every declaration
from recoverysim.studies.pricing import CARE
from recoverysim.wider_costs import PERSPECTIVES, SEEN_OUTSIDE

PAGE = Path(__file__).parent / "costs.md"
HEAD = Path(__file__).parent / "costs_in_words.md"
SECTIONS = ("costs", "staff_time", "wider_costs", "quality_of_life", "appraisal")


def page() -> str:
    """The whole page: what is said by hand, then what the declarations say."""
    parts = [HEAD.read_text(encoding="utf-8").rstrip(), *perspectives(), *seen(), *declared()]
    return "\n\n".join(parts) + "\n"


def perspectives() -> Iterator[str]:
    """Whose costs may be counted."""
    yield "## Perspectives"
    lines = [row("`appraisal.perspective`", "counted"), row("---", "---")]
    lines += [row(str(place), said) for place, said in enumerate(PERSPECTIVES)]
    yield "\n".join(lines)


def seen() -> Iterator[str]:
    """Prices seen in print, with the arithmetic that brings each into the model."""
    yield "## Prices that were seen in print"
    index = figures()[INDEX_SOURCE]
    yield (
        f"Restated by the {index.quantity}: {index.source}; {index.verification}. A financial year "
        f"is three quarters of its first calendar year and one of its second; "
        f"{in_words(PRICE_YEAR)} stands at {index_of(PRICE_YEAR):.3f}."
    )
    lines = [
        row("parameter", "as printed", "index then", "restated", "source"),
        row(*["---"] * 5),
    ]
    for key, one in (SEEN | SEEN_OUTSIDE).items():
        lines.append(row(f"`{key}`", one.arithmetic, f"{index_of(one.of):.3f}",
                         f"{one.restated:,g}", one.source))  # fmt: skip
    yield "\n".join(lines)


def declared() -> Iterator[str]:
    """Every number that an appraisal rests on."""
    yield "## Every price, hour and utility"
    yield (
        "A week in a place is paid for whoever is in it as the week begins: "
        + "; ".join(f"`{key}` for `{name}`" for name, key in CARE.items())
        + "."
    )
    lines = [row("key", "value", "range", "unit", "grade", "rests on"), row(*["---"] * 6)]
    for section in SECTIONS:
        for key, one in all_quantities().items():
            if key.startswith(section + "."):
                lines.append(row(f"`{key}`", *cells(one)))
    yield "\n".join(lines)


def cells(one: Quantity) -> Iterator[str]:
    """One number, a cell a column."""
    yield f"{one.value:g}" if one.unit == CODE else f"{one.value:,g}"
    yield "" if one.low == one.high else f"{one.low:,g} to {one.high:,g}"
    yield one.unit
    yield one.grade
    source = one.source if one.grade not in ("assumed", "design") else ""
    yield "; ".join(text for text in (source, one.studied, one.note) if text)


def row(*texts: str) -> str:
    """A row of a table in Markdown."""
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
