"""The examples of docs/sweeps.md for other readers: how they are found and asked."""

import re
from pathlib import Path

from tests.test_output_examples import ask_duckdb, ask_python, ask_r, in_order

PAGE = Path(__file__).parent.parent / "docs" / "sweeps.md"
READERS = ("polars", "pandas", "pyarrow", "duckdb", "r")


def page():
    return PAGE.read_text(encoding="utf-8")


def reader_of(language, code):
    if language == "python":
        return next(name for name in READERS if f"import {name}" in code)
    return {"sql": "duckdb", "r": "r"}[language]


def questions():
    """Every question with its code by reader."""
    text = page().partition("\n## Reading it with other programs\n")[2].partition("\n## ")[0]
    found = {}
    for part in text.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", body, flags=re.DOTALL | re.MULTILINE)
        found[name] = {reader_of(language, code): code for language, code in blocks}
    return found


QUESTIONS = questions()
ASK = {"duckdb": ask_duckdb, "r": ask_r}


def ask(question, reader):
    """What a reader answers, as rows."""
    code = QUESTIONS[question][reader]
    if reader == "pyarrow":
        names = {"__name__": "example"}
        exec(compile(code, "docs/sweeps.md", "exec"), names)
        return names["answer"].to_pylist()
    return ASK.get(reader, ask_python)(code)


def rows_of(question, reader):
    """The same in one order for all, words in front."""
    return in_order(ask(question, reader))
