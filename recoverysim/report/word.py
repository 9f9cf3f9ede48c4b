"""The report as a Word document, for those who have to edit it: the same blocks, the same words."""

from __future__ import annotations

import dataclasses
import datetime
import io
from typing import TYPE_CHECKING, Any

from recoverysim import report_words as said
from recoverysim.report.blocks import Block, Code, Heading, Image, Points, Table, Words, printable
from recoverysim.report.full import Extras, content
from recoverysim.shown import Answer

if TYPE_CHECKING:
    from docx.document import Document

WIDTH = 17.4  # cm: of A4 between the margins
SMALL = 8  # pt, in tables
NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def refuse_without_word() -> None:
    """ImportError, with what to install, where documents cannot be made."""
    try:
        import docx  # noqa: F401
    except ImportError:
        raise ImportError(said.NO_WORD) from None


def report_docx(answer: Answer, extras: Extras) -> bytes:
    """The report as the bytes of a .docx file; ImportError, with what to install, without
    python-docx."""
    refuse_without_word()
    import docx

    document = docx.Document()
    made = content(answer, extras)
    _prepare(document)
    _describe(document, made.title, made.subject, made.keywords)
    document.add_heading(printable(made.title), 0)
    document.add_paragraph(printable(made.subtitle), "Subtitle")
    for number, part in enumerate(made.parts, 1):
        heading = document.add_heading(f"{number}. {part.title}", 1)
        heading.paragraph_format.page_break_before = number > 1
        for block, after in zip(part.blocks, (*part.blocks[1:], None)):
            _add(document, block)
            if isinstance(after, Image):
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _prepare(document: Document) -> None:
    """A4, plain letters, and the language that a screen reader speaks."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.6)
    sizes = {"Normal": 9, "Title": 19, "Subtitle": 9, "Heading 1": 14, "Heading 2": 11,
             "List Bullet": 9}  # fmt: skip
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x1B, 0x2A, 0x33)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):  # or else it goes before the name
                del fonts.attrib[attribute]
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.space_before = Pt(7 if name.startswith("Heading") else 0)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for defaults in document.styles.element.iter(f"{NAMESPACE}rPrDefault"):
        letters = defaults.find(qn("w:rPr"))
        language = letters.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            letters.append(language)
        language.set(qn("w:val"), "en-GB")


def _describe(document: Document, title: str, subject: str, keywords: tuple[str, ...]) -> None:
    about, now = document.core_properties, datetime.datetime.now(datetime.UTC)
    about.title, about.subject = printable(title)[:255], printable(subject)[:255]
    about.author = about.last_modified_by = "recoverysim"
    about.keywords, about.language = ", ".join(keywords), "en-GB"
    about.comments = said.SIMULATED
    about.created = about.modified = now.replace(tzinfo=None, microsecond=0)


def _add(document: Document, block: Block) -> None:
    from docx.shared import Cm, Pt

    if isinstance(block, Heading):
        document.add_heading(printable(block.text), 2)
    elif isinstance(block, Words):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(printable(block.text))
        run.bold = block.kind in ("warning", "answer")
        if block.kind == "answer":
            run.font.size = Pt(10.5)
    elif isinstance(block, Points):
        for item in block.items:
            document.add_paragraph(printable(item), "List Bullet")
    elif isinstance(block, Code):
        for line in printable(block.text).split("\n"):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(line)
            run.font.name, run.font.size = "Courier New", Pt(SMALL)
        paragraph.paragraph_format.space_after = Pt(5)
    elif isinstance(block, Image):
        _add_picture(document, block, Cm(WIDTH))
    else:
        _add_table(document, block)


def _add_picture(document: Document, block: Image, width: Any) -> None:
    file = io.BytesIO()
    # Its title and its numbers stand in words around it; what made it stays in the picture too.
    bare = dataclasses.replace(
        block.picture, title="", subtitle="", description="", said=block.picture.said[-1:]
    )
    bare.png(file)
    file.seek(0)
    shape: Any = document.add_picture(file, width=width)
    about = shape._inline.docPr
    about.set("descr", printable(block.picture.description))
    about.set("title", printable(block.picture.title))


def _widths(block: Table) -> list[float]:
    """Centimetres for each column, by the longest that stands in it, within reason."""
    columns = zip(block.head, *block.rows)
    longest = [min(56, max(9, *map(len, column))) for column in columns]
    return [WIDTH * one / sum(longest) for one in longest]


def _add_table(document: Document, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    widths = _widths(block)
    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(printable(block.caption)).bold = True
    table: Any = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, cells in enumerate((block.head, *block.rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:  # comes again on every page, and is read out as headings
            properties.append(OxmlElement("w:tblHeader"))
        for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            cell.width = Cm(widths[place])
            paragraph.alignment = 0 if place < block.words else 2
            run = paragraph.add_run(printable(text))
            run.font.size, run.bold = Pt(SMALL), number == 0
    document.add_paragraph().paragraph_format.space_after = Pt(2)
