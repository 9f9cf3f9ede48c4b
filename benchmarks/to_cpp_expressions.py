"""What a rule says within a line, translated to C++: values, operations, calls, and their types.

numba's own tables say what type an operation has; a variable has the type that all of its values
fit in. Whatever is not known here raises `Unknown`, with the rule, the line and the construct:
nothing is guessed.

Left out is what a programmer of C would leave out: counting from the end of an array by a negative
place, a look whether whole numbers are divided by zero, and freeing new arrays (each lasts until
its line runs again). Rules called in one expression may run in any order. That the bytes of whole
worlds come out equal says that nothing was lost by it.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import operator
import textwrap
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher

Typed = tuple[str, Any]  # an expression in C++, and its type in numba

OPERATIONS: dict[type, tuple[str, Any]] = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv), ast.FloorDiv: ("floor_div", operator.floordiv),
    ast.Mod: ("floor_mod", operator.mod), ast.Pow: ("power", operator.pow),
    ast.BitAnd: ("&", operator.and_), ast.BitOr: ("|", operator.or_),
    ast.BitXor: ("^", operator.xor), ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift), ast.USub: ("-", operator.neg),
}  # fmt: skip
COMPARISONS: dict[type, tuple[str, Any]] = {
    ast.Eq: ("==", operator.eq), ast.NotEq: ("!=", operator.ne), ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le), ast.Gt: (">", operator.gt), ast.GtE: (">=", operator.ge),
}  # fmt: skip
FUNCTIONS: dict[Any, str] = {
    math.exp: "std::exp", math.log: "std::log", math.log1p: "std::log1p", math.sqrt: "std::sqrt",
    math.cos: "std::cos", min: "least", max: "most", abs: "std::abs", int: "", float: "",
}  # fmt: skip
SCALARS = types.Number, types.Boolean


class Unknown(Exception):
    """A rule says something for which there is no translation here yet."""


class Expressions:
    """The expressions of one rule for one set of types, in a `program` that knows other rules.

    Every expression becomes its text in C++ and its type in numba.
    """

    def __init__(self, program: Any, dispatcher: Any, arguments: tuple[Any, ...]) -> None:
        self.program, self.arguments = program, arguments
        self.python = dispatcher.py_func
        self.is_set_in = bool(dispatcher.targetoptions.get("forceinline"))
        lines, self.first_line = inspect.getsourcelines(self.python)
        self.tree: Any = ast.parse(textwrap.dedent("".join(lines))).body[0]
        self.parameters = [one.arg for one in self.tree.args.args]
        self.kinds: dict[str, Any] = dict(zip(self.parameters, arguments))
        self.locals = set(self.parameters) | {
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self.returned: Any = None
        if len(self.parameters) != len(arguments) or self.tree.args.defaults:
            raise self.unknown(self.tree, "other arguments than given")

    def unknown(self, node: Any, why: str = "no translation") -> Unknown:
        line = self.first_line + getattr(node, "lineno", 1) - 1
        said = ast.unparse(node).partition("\n")[0]
        where = f"{self.python.__qualname__}, {self.python.__code__.co_filename}:{line}"
        return Unknown(f"{where}: {type(node).__name__}: {said} ({why})")

    def new(self, word: str) -> str:
        """A name that the rules do not have, since theirs end with an underscore."""
        return f"{word}{next(self.program.numbers)}"

    def value(self, node: Any) -> Typed:
        known = self.constant(node)
        if isinstance(known, (bool, int, float, np.number, np.bool_)):
            return self.literal(node, known)
        method = getattr(self, f"see_{type(node).__name__}", None)
        if method is None or known is not None:
            raise self.unknown(node)
        found: Typed = method(node)
        return found

    def constant(self, node: Any) -> Any:
        """What is known before anything runs: numbers, names of modules; None where nothing."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id not in self.locals:
            found = self.python.__globals__.get(node.id, getattr(builtins, node.id, None))
            if found is None:
                raise self.unknown(node)
            return found
        if isinstance(node, ast.Attribute) and isinstance(self.constant(node.value), ModuleType):
            return getattr(self.constant(node.value), node.attr)
        if isinstance(node, ast.Call) and self.constant(node.func) is len:
            held = self.constant(node.args[0])
            return len(held) if isinstance(held, tuple) else None
        return None

    def literal(self, node: Any, value: Any) -> Typed:
        kind = numba.typeof(value)
        if isinstance(kind, types.Boolean):
            return str(bool(value)).lower(), kind
        if isinstance(kind, types.Integer):
            ending = "ll" if kind.signed else "ull"
            return f"{self.program.name_of(kind)}({int(value)}{ending})", kind
        if math.isnan(value):
            raise self.unknown(node)
        return f"{self.program.name_of(kind)}({float(value)!r})".replace("inf", "INFINITY"), kind

    def see_Name(self, node: Any) -> Typed:
        kind = self.kinds.get(node.id)
        if kind is None:
            raise self.unknown(node, "used before it is set")
        is_pointer = isinstance(kind, types.Record) and node.id not in self.parameters
        return (f"(*{node.id}_)" if is_pointer else f"{node.id}_"), kind

    def see_Attribute(self, node: Any) -> Typed:
        text, kind = self.value(node.value)
        if isinstance(kind, types.Array) and node.attr == "size":
            return f"{text}.size()", types.int64
        if not isinstance(kind, types.Record) or node.attr not in kind.fields:
            raise self.unknown(node)
        found = kind.typeof(node.attr)
        if not isinstance(found, types.NestedArray):
            return f"{text}.{node.attr}_", found
        shape = ", ".join(map(str, found.shape))
        found = types.Array(found.dtype, found.ndim, "C")
        return f"{self.program.name_of(found)}{{{text}.{node.attr}_, {{{shape}}}}}", found

    def see_Subscript(self, node: Any) -> Typed:
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        fixed = self.constant(node.slice)
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            text, kind = self.value(node.value.value)
            if isinstance(kind, types.Array) and isinstance(fixed, int):
                return f"{text}.shape[{fixed}]", types.int64
        text, kind = self.value(node.value)
        if isinstance(kind, types.BaseTuple) and isinstance(fixed, int):
            return f"std::get<{fixed}>({text})", kind.types[fixed]
        if not isinstance(kind, types.Array) or kind.layout != "C" or len(places) > kind.ndim:
            raise self.unknown(node)
        if isinstance(node.slice, ast.Slice):
            if kind.ndim != 1 or node.slice.step is not None:
                raise self.unknown(node)
            low = self.value(node.slice.lower)[0] if node.slice.lower else "0"
            high = self.value(node.slice.upper)[0] if node.slice.upper else "INT64_MAX"
            return f"{text}.part({low}, {high})", kind
        found = [self.value(place) for place in places]
        if isinstance(found[0][1], types.Array) and kind.ndim == 1:
            return f"take<{next(self.program.numbers)}>({text}, {found[0][0]})", kind
        if any(isinstance(place, ast.UnaryOp) for place in places):
            raise self.unknown(node, "counts from the end")
        if not all(isinstance(one, types.Integer) for _, one in found):
            raise self.unknown(node)
        rest = kind.ndim - len(found)
        one = types.Array(kind.dtype, rest, "C") if rest else kind.dtype
        return f"{text}({', '.join(place for place, _ in found)})", one

    def see_Tuple(self, node: Any) -> Typed:
        found = [self.value(one) for one in node.elts]
        if not all(isinstance(kind, SCALARS) for _, kind in found):
            raise self.unknown(node)
        kind = types.Tuple([one for _, one in found])
        return f"{self.program.name_of(kind)}{{{', '.join(text for text, _ in found)}}}", kind

    def see_BinOp(self, node: Any) -> Typed:
        return self.operation(node, node.op, self.value(node.left), self.value(node.right))

    def see_UnaryOp(self, node: Any) -> Typed:
        if isinstance(node.op, ast.Not):
            return self.truth(node), types.boolean
        text, kind = self.value(node.operand)
        if isinstance(kind, types.Array) and isinstance(node.op, ast.USub) and kind.ndim == 1:
            return f"negative<{next(self.program.numbers)}>({text})", kind
        return self.operation(node, node.op, (text, kind))

    def operation(self, node: Any, sign: Any, *of: Typed) -> Typed:
        """Operands first become what numba's table says that the result is."""
        symbol, function = OPERATIONS.get(type(sign), ("", None))
        if not symbol or not all(isinstance(kind, SCALARS) for _, kind in of):
            raise self.unknown(node)
        found = self.resolve(node, function, of).return_type
        if symbol in ("floor_div", "floor_mod") and found != types.int64:
            raise self.unknown(node, f"gives {found}")
        cast = [self.cast(*one, found) for one in of]
        if symbol == "power" and isinstance(of[1][1], types.Integer):
            cast[1] = self.cast(*of[1], types.int64)
        if symbol[-1].isalpha():
            return f"{symbol}({', '.join(cast)})", found
        return f"({symbol.join(cast) if len(cast) > 1 else symbol + cast[0]})", found

    def see_Compare(self, node: Any) -> Typed:
        sides, parts = [node.left, *node.comparators], []
        if any(isinstance(inner, ast.Call) for side in sides[1:-1] for inner in ast.walk(side)):
            raise self.unknown(node, "what stands in the middle would be called twice")
        for sign, left, right in zip(node.ops, sides, sides[1:]):
            symbol, function = COMPARISONS.get(type(sign), ("", None))
            of = self.value(left), self.value(right)
            if not symbol or not all(isinstance(kind, SCALARS) for _, kind in of):
                raise self.unknown(node)
            kinds = self.resolve(node, function, of).args
            parts.append(symbol.join(self.cast(*one, kind) for one, kind in zip(of, kinds)))
        return f"({' && '.join(parts)})", types.boolean

    def see_BoolOp(self, node: Any) -> Typed:
        if any(not isinstance(self.value(one)[1], types.Boolean) for one in node.values):
            raise self.unknown(node, "of what is not true or false")
        return self.truth(node), types.boolean

    def truth(self, node: Any) -> str:
        if isinstance(node, ast.BoolOp):
            symbol = " && " if isinstance(node.op, ast.And) else " || "
            return f"({symbol.join(map(self.truth, node.values))})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"(!{self.truth(node.operand)})"
        return self.cast(*self.value(node), types.boolean)

    def see_IfExp(self, node: Any) -> Typed:
        one, other = self.value(node.body), self.value(node.orelse)
        kind = self.unified(node, one[1], other[1])
        chosen = f"{self.cast(*one, kind)} : {self.cast(*other, kind)}"
        return f"({self.truth(node.test)} ? {chosen})", kind

    def see_Call(self, node: Any) -> Typed:
        called, site = self.constant(node.func), next(self.program.numbers)
        said = {word.arg: self.constant(word.value) for word in node.keywords}
        if called in (np.zeros, np.empty, np.ones) and len(node.args) == 2 and not said:
            (size, of), kind = self.value(node.args[0]), self.constant(node.args[1])
            if isinstance(of, types.Integer):
                found = types.Array(numba.from_dtype(np.dtype(kind)), 1, "C")
                name, start = self.program.name_of(found.dtype), int(called is np.ones)
                return f"scratch<{name}, {site}>({size}, {start})", found
        given = [self.value(one) for one in node.args]
        if called is np.argsort and said == {"kind": "mergesort"}:
            return f"stable_argsort<{site}>({given[0][0]})", types.Array(types.int64, 1, "C")
        if isinstance(called, Dispatcher) and not said:
            name, found = self.program.rule(called, tuple(kind for _, kind in given))
            return f"{name}({', '.join(text for text, _ in given)})", found
        is_number = isinstance(called, type) and issubclass(called, np.number)
        if said or not (is_number or called in FUNCTIONS):
            raise self.unknown(node)
        found = self.resolve(node, called, given).return_type
        return (
            f"{FUNCTIONS.get(called, '')}({', '.join(self.cast(*x, found) for x in given)})",
            found,
        )

    def resolve(self, node: Any, function: Any, of: Sequence[Typed]) -> Any:
        kinds = tuple(kind for _, kind in of)
        return self.program.context.resolve_function_type(function, kinds, {})

    def unified(self, node: Any, one: Any, other: Any) -> Any:
        found = one if one == other else self.program.context.unify_types(one, other)
        signs = {kind.signed for kind in (one, other) if isinstance(kind, types.Integer)}
        if found is None or len(signs) > 1:
            raise self.unknown(node, f"{one} or {other}")
        return found

    def cast(self, text: str, kind: Any, into: Any) -> str:
        return text if kind == into else f"{self.program.name_of(into)}({text})"
