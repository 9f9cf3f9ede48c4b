"""Reports, made in a worker: what is handed over, from the very answer that is on the screen."""

from __future__ import annotations

from recoverysim.dashboard.work.looks import Reins
from recoverysim.report.full import Extras, report
from recoverysim.report.word import report_docx
from recoverysim.scenario import Scenario
from recoverysim.shown import Answer


def web_page(answer: Answer, worlds: tuple[Scenario, ...], year: int, reins: Reins) -> str:
    """One self-contained HTML file."""
    return report(answer, Extras(worlds, year))


def document(answer: Answer, worlds: tuple[Scenario, ...], year: int, reins: Reins) -> bytes:
    """The same as a Word document."""
    return report_docx(answer, Extras(worlds, year))
