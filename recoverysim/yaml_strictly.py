"""Reading YAML from strangers: plain mappings, lists, text, numbers and true/false, nothing else.

PyYAML reads the events; what makes YAML surprising is refused with line and column: anchors, tags,
duplicate keys, `no` for false, `1e3` for text, numbers in quotes, NaN, deep nesting, large files.
Every value keeps the line on which it stands, so that later faults can name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

LARGEST_FILE = 256 * 1024
DEEPEST = 12
MOST_VALUES = 2000
MOST_FAULTS = 50
LONGEST_SHOWN = 80

# libyaml, where PyYAML was built with it, is some twenty times quicker.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
LOOKS_LIKE_A_SWITCH = {"yes", "no", "on", "off", "y", "n", "True", "False", "TRUE", "FALSE"}


class Fault(NamedTuple):
    """One thing wrong in a file: where, what was found, and what to do."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return (
            f"{where}: {short(self.key)}: {self.message}"
            if self.key
            else f"{where}: {self.message}"
        )


class FileFault(ValueError):
    """A file that cannot be used, with every fault found in it."""

    def __init__(self, faults: list[Fault]) -> None:
        shown = [str(fault) for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            shown.append(f"and {len(faults) - MOST_FAULTS} more")
        super().__init__("\n".join(shown))
        self.faults = faults

    def __reduce__(self) -> tuple[type[FileFault], tuple[list[Fault]]]:
        """It goes whole from one process to another: its text is not what it is made from."""
        return type(self), (self.faults,)


def short(text: object) -> str:
    """Text from a file, fit to be shown: cut, and without characters that steer a terminal."""
    said = "".join(one if one.isprintable() else "?" for one in str(text)[: LONGEST_SHOWN + 1])
    return said if len(said) <= LONGEST_SHOWN else said[:LONGEST_SHOWN] + "…"


class Value(NamedTuple):
    """A scalar, list or mapping with its line; mappings are dicts from str to Value."""

    line: int
    content: Any


def read(path: Path) -> Value:
    """The top mapping of a YAML file, or FileFault."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileFault([Fault(str(path), 0, "", "is not a file")])
        if size > LARGEST_FILE:
            message = f"is {size // 1024} KiB; at most {LARGEST_FILE // 1024} KiB are read"
            raise FileFault([Fault(str(path), 0, "", message)])
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        message = "is not text in UTF-8; save it as UTF-8"
        raise FileFault([Fault(str(path), 0, "", message)]) from fault
    except OSError as fault:
        message = f"cannot be read: {fault.strerror or fault}"
        raise FileFault([Fault(str(path), 0, "", message)]) from fault
    return read_text(text, str(path))


def read_text(text: str, name: str) -> Value:
    """The top mapping of YAML text; `name` is what faults call it."""
    try:
        reader = _Reader(name, iter(yaml.parse(text, Loader=LOADER)))
        top = reader.document()
    except FileFault:
        raise
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        problem = getattr(fault, "problem", None) or "cannot be read as text"
        if mark and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1]):
            problem = f"{problem} (the line holds a tab; indent with spaces)"
        raise FileFault([Fault(name, line, "", f"is not YAML: {problem}")]) from fault
    except (ValueError, OverflowError) as fault:  # PyYAML's own, on numbers in escapes
        raise FileFault([Fault(name, 0, "", f"is not YAML: {short(fault)}")]) from fault
    if reader.faults:
        raise FileFault(reader.faults)
    if not isinstance(top.content, dict):
        raise FileFault([Fault(name, top.line, "", "should hold 'key: value' lines")])
    if not top.content:
        raise FileFault([Fault(name, 0, "", "is empty; write 'key: value' lines")])
    return top


class _Reader:
    """Builds values from events, refusing what could surprise."""

    def __init__(self, name: str, events: Iterator[Any]) -> None:
        self.name = name
        self.events = events
        self.faults: list[Fault] = []  # those after which reading can go on
        self.values = 0

    def refuse(self, event: Any, message: str, key: str = "") -> FileFault:
        """The fault to raise at an event."""
        return FileFault([Fault(self.name, event.start_mark.line + 1, key, message)])

    def document(self) -> Value:
        found: Value | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and found is not None:
                raise self.refuse(event, "holds a second document; keep one a file")
            if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent | yaml.AliasEvent):
                found = self.value(event, 0)
        return found or Value(1, {})

    def value(self, event: Any, depth: int) -> Value:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(event, "anchors and aliases (& and *) are not allowed")
        if getattr(event, "tag", None):
            raise self.refuse(
                event, f"tags ({short(event.tag)}) are not allowed; write the plain value"
            )
        self.values += 1
        if self.values > MOST_VALUES:
            raise self.refuse(event, f"holds more than {MOST_VALUES} values")
        if depth > DEEPEST:
            raise self.refuse(event, f"is nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.MappingStartEvent):
            return Value(line, self.mapping(depth))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                items.append(self.value(item, depth + 1))
            return Value(line, items)
        return Value(line, self.scalar(event))

    def mapping(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.value(event, depth + 1).content
            if not isinstance(key, str):
                raise self.refuse(event, f"a key should be a name; found {short(key)}")
            value = self.value(next(self.events), depth + 1)
            if key in found:
                message = f"stands twice, first on line {found[key].line}; keep one"
                self.faults.append(self.refuse(event, message, key).faults[0])
            # The line of a key is the one to name: a section's value begins below it.
            found[key] = Value(event.start_mark.line + 1, value.content)
        return found

    def scalar(self, event: Any) -> Any:
        text = event.value
        if event.style:
            return Quoted(text) if event.style in "'\"" else text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "null", "~"):
            return None
        if text in LOOKS_LIKE_A_SWITCH:
            message = f"{text!r} is unclear; write true or false, or quote a name"
            self.faults.append(self.refuse(event, message).faults[0])
            return None
        if NUMBER.match(text):
            return int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else float(text)
        return text


class Quoted(str):
    """Text that stood in quotes, so that a quoted number can be told from a number."""
