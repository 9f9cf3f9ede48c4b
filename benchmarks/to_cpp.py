"""A compiled function of recoverysim, with every rule that it calls, by g++.

The rules are found where they stand, through the names of the rule that calls them, and each is
translated once for each set of types that it is called with, as numba does (`to_cpp_rules.py`).
Records keep the offsets of their dtype.
"""

from __future__ import annotations

import ctypes
import math
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.registry import cpu_target
from numba.np.numpy_support import as_dtype
from to_cpp_expressions import Unknown
from to_cpp_rules import Rule

PRELUDE = Path(__file__).with_suffix(".hpp")

# No -ffast-math and no fused multiply-add: the arithmetic is to be the same to the bit. What numba
# does not keep up either (errno, traps) is let go.
COMPILE = (
    "g++", "-std=c++17", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math",
    "-ffp-contract=off", "-shared", "-fPIC", "-Werror=return-type",
)  # fmt: skip

NAMES = {types.boolean: "bool", types.float64: "double", types.float32: "float", types.none: "void"}


class Program:
    """One C++ file: the records and rules that a function needs, each once."""

    def __init__(self) -> None:
        self.context = cpu_target.typing_context  # numba's tables of what operations give
        self.context.refresh()
        self.structs: dict[Any, str] = {}
        self.rules: dict[Any, tuple[str, Any]] = {}
        self.text = [f'#include "{PRELUDE}"']
        self.numbers = count()

    def name_of(self, kind: Any) -> str:
        """A type of numba's in C++."""
        if isinstance(kind, types.Integer):
            return f"{'' if kind.signed else 'u'}int{kind.bitwidth}_t"
        if isinstance(kind, types.Array):
            return f"View<{self.name_of(kind.dtype)}, {kind.ndim}>"
        if isinstance(kind, types.BaseTuple):
            return f"std::tuple<{', '.join(map(self.name_of, kind.types))}>"
        if isinstance(kind, types.Record):
            return self.structs.get(kind) or self.struct(kind)
        if kind not in NAMES:
            raise Unknown(f"the type {kind}")
        return NAMES[kind]

    def struct(self, record: Any) -> str:
        """A record as a struct whose fields stand where numpy has put them."""
        fields, end = [], 0
        name = f"Record{next(self.numbers)}"
        checks = [f"static_assert(sizeof({name}) == {record.size});"]
        for field, (kind, offset, *_) in record.fields.items():
            many = ""
            if isinstance(kind, types.NestedArray):
                many, kind = f"[{math.prod(kind.shape)}]", kind.dtype
            if offset > end:
                fields.append(f"char before_{field}[{offset - end}];")
            fields.append(f"{self.name_of(kind)} {field}_{many};")
            checks.append(f"static_assert(offsetof({name}, {field}_) == {offset});")
            end = offset + record.dtype[field].itemsize
        if record.size > end:
            fields.append(f"char at_the_end[{record.size - end}];")
        packed = "" if record.dtype.isalignedstruct else "__attribute__((packed)) "
        self.text.append("\n".join([f"struct {packed}{name} {{", *fields, "};", *checks]))
        self.structs[record] = name
        return name

    def rule(self, dispatcher: Any, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        """The name in C++ and the type returned of a rule for these types; translated once."""
        key = dispatcher, arguments
        if key not in self.rules:
            self.rules[key] = Rule(self, dispatcher, arguments).translate()
        return self.rules[key]

    def door(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        """The one function that is called from outside; returns the type of what it writes."""
        name, found = self.rule(function, arguments)
        given, sizes = [], count()
        for place, kind in enumerate(arguments):
            if isinstance(kind, types.Array):
                shape = ", ".join(f"shape[{next(sizes)}]" for _ in range(kind.ndim))
                given.append(f"{{({self.name_of(kind.dtype)} *)at[{place}], {{{shape}}}}}")
            elif isinstance(kind, types.Number):
                given.append(f"*({self.name_of(kind)} *)at[{place}]")
            else:
                raise Unknown(f"only arrays and numbers can be given from outside, not {kind}")
        result = "" if found == types.none else f"*({self.name_of(found)} *)found = "
        self.text.append(
            'extern "C" void door(void *const *at, const int64_t *shape, void *found) {\n'
            f"{result}{name}({', '.join(given)});\n}}"
        )
        return found


class Compiled:
    """A function by g++, called as numba's is; translated when it is first called.

    `folder` is where the file in C++ and the library go; `options` go to g++ after `COMPILE`.
    """

    def __init__(self, function: Any, folder: Path, *options: str) -> None:
        self.function, self.folder, self.options = function, folder, options
        self.door: Any = None

    def __call__(self, *arguments: Any) -> Any:
        held = [np.asarray(one) for one in arguments]
        shapes = [(one.ndim, one.itemsize, one.flags.c_contiguous) for one in held]
        if self.door is None:
            self.shapes = shapes
            self.door, self.returned = self.compile(tuple(map(numba.typeof, arguments)))
        if self.shapes != shapes:  # a full look at every type takes as long as a small world
            raise Unknown(f"compiled for other arrays: {self.shapes}, not {shapes}")
        at = (ctypes.c_void_p * len(held))(*(one.ctypes.data for one in held))
        sizes = [size for one in held for size in one.shape]
        found = np.zeros(1, self.returned)
        self.door(at, (ctypes.c_int64 * len(sizes))(*sizes), ctypes.c_void_p(found.ctypes.data))
        return found[0]

    def compile(self, kinds: tuple[Any, ...]) -> tuple[Any, Any]:
        """The function in the library, and the dtype of what it returns."""
        program = Program()
        returned = program.door(self.function, kinds)
        source = self.folder / f"{self.function.__name__}.cpp"
        source.write_text("\n".join(program.text), encoding="utf-8")
        library = source.with_suffix(".so")
        command = [*COMPILE, *self.options, "-o", library, source]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unknown(f"g++ does not take {source}:\n{done.stderr[:4000]}")
        door = ctypes.CDLL(str(library)).door
        door.restype = None
        return door, np.dtype("i8") if returned == types.none else as_dtype(returned)
