"""Which plug-ins there are, and what each declares.

Everything belongs to the file that declares it. Sections of numbers and names of mechanisms join
the model's own lists, so that scenarios, `--set`, `evidence` and parameter sets know them.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from recoverysim import quantities
from recoverysim.plugins.faults import PluginError, line_in, place, told
from recoverysim.quantities import SECTIONS, By, Quantity, all_quantities, forget
from recoverysim.scenario_lines import SPEAKING
from recoverysim.settings import LAYOUT, MECHANISMS
from recoverysim.words import MEASURES

LONGEST_HEADING = 24  # characters; a table of numbers stands beside it
RESERVED = {*SPEAKING, "mechanisms", "network", "plugins"}


@dataclass(frozen=True)
class Mechanism:
    """A function that is called at the beginning of every week, unless a scenario says no."""

    name: str
    words: str
    function: Callable[..., Any]
    file: str


@dataclass(frozen=True)
class Outcome:
    """A function that is asked at every reported year; `words` head its line, `unit` is its unit.

    Where it answers for each client it needs none: it is people per 1,000 who started.
    """

    name: str
    words: str
    unit: str | None
    function: Callable[..., Any]
    file: str


@dataclass
class Plugin:
    """One file and what it declares. `sha256` is of the file as it was read; None if unknown."""

    file: str
    sha256: str | None
    sections: list[str] = field(default_factory=list)
    mechanisms: dict[str, Mechanism] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the file."""
        return Path(self.file).name

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared."""
        return not (self.sections or self.mechanisms or self.outcomes)


_PLUGINS: dict[str, Plugin] = {}


def loaded() -> tuple[Plugin, ...]:
    """Every plug-in that is in force, in the order of loading."""
    return tuple(plugin for plugin in _PLUGINS.values() if not plugin.is_empty)


def outcomes() -> tuple[Outcome, ...]:
    """Every outcome of every plug-in."""
    return tuple(one for plugin in loaded() for one in plugin.outcomes.values())


def load(file: str | Path, content: bytes | None = None) -> Plugin:
    """Load a plug-in from its file; one that has changed since it was loaded takes its new form.

    With `content`, what the file holds where it was read, it need not be there: another machine's.
    Raises PluginError, with file, line and reason, for a file that cannot be used; nothing of it
    is kept then. Worlds that live already keep the mechanisms they began with.
    """
    path = _key(file)
    if content is None:
        try:
            content = Path(path).read_bytes()
        except OSError as fault:
            raise PluginError(f"{file}: is no file that can be read ({fault.strerror})") from fault
    if path in _PLUGINS and _PLUGINS[path].sha256 == _sha256(content):
        return _PLUGINS[path]
    unload(path)
    before, sections = set(_PLUGINS), set(SECTIONS)
    try:
        plugin = _belonging_to(path, content)
        _execute(path, content)
        plugin.sections += [s for s in SECTIONS if s not in sections and not _owned(s)]
        if plugin.is_empty:
            raise ValueError("declares no number, no mechanism and no outcome")
    except (Exception, SystemExit) as fault:
        for added in set(_PLUGINS) - before:
            unload(added)
        for section in set(SECTIONS) - sections:
            forget(section)
        raise PluginError(f"{place(path, line_in(fault, path))}: {told(fault)}") from fault
    return plugin


def unload(file: str | Path | None = None) -> None:
    """Take a plug-in back, by its file; without one, all of them."""
    if file is None:
        for one in list(_PLUGINS):
            unload(one)
        return
    plugin = _PLUGINS.pop(_key(file), None)
    if plugin is not None:
        for section in plugin.sections:
            forget(section)
        for name in plugin.mechanisms:
            del MECHANISMS[name]


def _key(file: str | Path) -> str:
    """By what a plug-in is known: its file in full, or the name that Python has for a cell."""
    if str(file) in _PLUGINS or str(file).startswith("<"):
        return str(file)
    return str(Path(file).expanduser().resolve())


def _execute(path: str, content: bytes) -> None:
    name = f"recoverysim_plugin_{Path(path).stem}"
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # where dataclasses and the like look for it
    exec(compile(content, path, "exec"), module.__dict__)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _owned(section: str) -> bool:
    return any(section in plugin.sections for plugin in loaded())


def _belonging_to(file: str, content: bytes | None = None) -> Plugin:
    """The plug-in of this file, or notebook cell, which may be declaring its first thing."""
    file = _key(file)
    if file not in _PLUGINS:
        if content is None and Path(file).is_file():
            content = Path(file).read_bytes()
        if any(Path(other).name == Path(file).name for other in _PLUGINS):
            raise ValueError(f"two plug-ins are called {Path(file).name}; rename one of them")
        _PLUGINS[file] = Plugin(file, None if content is None else _sha256(content))
    return _PLUGINS[file]


def parameters(section: str, **fields: Quantity | By) -> None:
    """Declare numbers, as the model itself does: scenarios and `--set` know them from then on.

    `recoverysim.quantities` says what a quantity holds. Declare today's value: the numbers hold in
    every world whose scenario does not set them. Raises ValueError for a name that is taken.
    """
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    plugin = _belonging_to(frame.f_back.f_code.co_filename)
    if section in RESERVED or section in SECTIONS:
        whose = "the model" if section in (*(LAYOUT.names or ()), *RESERVED) else "another plug-in"
        raise ValueError(f"the section {section!r} is {whose}'s; give yours another name")
    for name in (section, *fields):
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot be the name of a number or section")
    for name, entry in fields.items():
        if not isinstance(entry, Quantity | By):
            raise ValueError(f"{section}.{name}: write quantity(value, unit); found {entry!r}")
    if not fields:
        raise ValueError(f"the section {section!r} holds no numbers")
    quantities.parameters(section, **fields)
    plugin.sections.append(section)
    for key, one in all_quantities().items():
        if one.moves_with is not None and one.moves_with not in all_quantities():
            plugin.sections.remove(section)
            forget(section)
            raise ValueError(f"{key} moves with {one.moves_with!r}, which is not known")


def mechanism(words: str) -> Callable[[FunctionType], FunctionType]:
    """Decorator: call this function at the beginning of every week, with a `Week`.

    `words` say what it does. It is on in every world; ``mechanisms: {name: false}`` in a scenario
    switches it off. Raises ValueError for a name that is taken.
    """

    def declare(function: FunctionType) -> FunctionType:
        plugin = _owner_of(function, "mechanism")
        name = function.__name__
        if name in plugin.mechanisms:
            del MECHANISMS[name]  # declared anew, as a cell of a notebook that is run again
        if name in MECHANISMS:
            raise ValueError(f"a mechanism is called {name!r} already; give yours another name")
        MECHANISMS[name] = words
        plugin.mechanisms[name] = Mechanism(name, words, function, plugin.file)
        return function

    return _words_first(words, declare, "mechanism")


def outcome(words: str, unit: str | None = None) -> Callable[[FunctionType], FunctionType]:
    """Decorator: ask this function at every reported year, with a `Now`.

    It answers with a number in `unit`, or True or False for each client, which is reported as
    people per 1,000, for all groups. `words` head its line in tables. Raises ValueError for a name
    that is taken.
    """

    def declare(function: FunctionType) -> FunctionType:
        plugin = _owner_of(function, "outcome")
        name = function.__name__
        if len(words) > LONGEST_HEADING:
            raise ValueError(
                f"{words!r} heads lines of tables; it should have at most {LONGEST_HEADING} "
                f"characters, and has {len(words)}"
            )
        taken = {one.name for one in outcomes() if one.file != plugin.file}
        if name in MEASURES or name in taken:
            raise ValueError(f"a measure is called {name!r} already; give yours another name")
        plugin.outcomes[name] = Outcome(name, words, unit, function, plugin.file)
        return function

    return _words_first(words, declare, "outcome")


Declares = Callable[[FunctionType], FunctionType]


def _words_first(words: Any, declare: Declares, kind: str) -> Declares:
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f'write @{kind}("what it is, in words") above the function')
    return declare


def _owner_of(function: Any, kind: str) -> Plugin:
    if not isinstance(function, FunctionType):
        raise ValueError(f"@{kind} stands above a function; found {function!r}")
    takes: Mapping[str, inspect.Parameter] = inspect.signature(function).parameters
    if len(takes) != 1:
        raise ValueError(f"{function.__name__} should take one argument; it takes {len(takes)}")
    return _belonging_to(function.__code__.co_filename)
