"""The rules as they stand, translated to C++ statement by statement, to learn what C would take.

Every rule is found through the names of the rule that calls it, and translated once for each set of
types that it is called with, as numba does; numba's own tables say what type an operation has.
Records keep the offsets of their dtype. Whatever is not known here raises `Unknown`, with the rule,
the line and the construct: nothing is guessed.

Three things a C programmer would leave out are left out: counting from the end of an array by a
negative place, a check of array bounds, and freeing the scratch arrays of `np.empty` and `np.zeros`
(one lasts until its line runs again). Rules called in one expression may run in any order. That the
bytes of a world come out equal is what says that nothing was lost by it.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import inspect
import math
import operator
import subprocess
import textwrap
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target
from numba.np.numpy_support import as_dtype

Typed = tuple[str, Any]  # an expression in C++, and its type in numba

# No -ffast-math and no fused multiply-add: the arithmetic is to be the same to the bit.
COMPILE = (
    "g++", "-std=c++17", "-O3", "-march=native", "-fno-math-errno", "-ffp-contract=off",
    "-shared", "-fPIC", "-Werror=return-type",
)  # fmt: skip

ARITHMETIC = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv), ast.FloorDiv: ("floor_div", operator.floordiv),
    ast.Mod: ("floor_mod", operator.mod), ast.Pow: ("power", operator.pow),
    ast.BitAnd: ("&", operator.and_), ast.BitOr: ("|", operator.or_),
    ast.BitXor: ("^", operator.xor), ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift), ast.USub: ("-", operator.neg),
    ast.Invert: ("~", operator.invert),
}  # fmt: skip
COMPARISONS = {
    ast.Eq: ("==", operator.eq), ast.NotEq: ("!=", operator.ne), ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le), ast.Gt: (">", operator.gt), ast.GtE: (">=", operator.ge),
}  # fmt: skip
FUNCTIONS = {
    math.exp: "std::exp", math.log: "std::log", math.log1p: "std::log1p", math.sqrt: "std::sqrt",
    math.cos: "std::cos", math.sin: "std::sin", math.floor: "std::floor", min: "least",
    max: "most", abs: "std::abs", int: "", float: "", bool: "",
}  # fmt: skip

PRELUDE = """\
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <tuple>

template <class T, int N> struct View {
    T *data; int64_t shape[N];
    int64_t size() const { int64_t all = 1; for (int64_t one : shape) all *= one; return all; }
    template <class... I> __attribute__((always_inline)) decltype(auto) operator()(I... at) const {
        constexpr int K = sizeof...(I);
        int64_t place = 0; int axis = 0;
        ((place = place * shape[axis++] + int64_t(at)), ...);
        if constexpr (K == N) { return (data[place]); } else {
            View<T, N - K> rest;
            for (axis = K; axis < N; ++axis) place *= rest.shape[axis - K] = shape[axis];
            rest.data = data + place;
            return rest;
        }
    }
    View part(int64_t from, int64_t to) const {
        auto inside = [&](int64_t at) {
            return std::clamp<int64_t>(at < 0 ? at + shape[0] : at, 0, shape[0]); };
        from = inside(from); to = std::max(from, inside(to));
        return {data + from, {to - from}};
    }
};
template <class T, int site> View<T, 1> scratch(int64_t size) {
    static std::unique_ptr<T[]> held;
    held.reset(new T[size]());
    return {held.get(), {size}};
}
template <int site, class T> View<T, 1> negative(View<T, 1> x) {
    auto found = scratch<T, site>(x.size());
    std::transform(x.data, x.data + x.size(), found.data, [](T one) { return -one; });
    return found;
}
template <int site, class T> View<T, 1> take(View<T, 1> x, View<int64_t, 1> places) {
    auto found = scratch<T, site>(places.size());
    for (int64_t k = 0; k < places.size(); ++k) found.data[k] = x.data[places.data[k]];
    return found;
}
template <int site, class T> View<int64_t, 1> stable_argsort(View<T, 1> x) {
    auto found = scratch<int64_t, site>(x.size());
    std::iota(found.data, found.data + x.size(), 0);
    std::stable_sort(found.data, found.data + x.size(),
                     [&](int64_t a, int64_t b) { return x.data[a] < x.data[b]; });
    return found;
}
static inline int64_t floor_div(int64_t a, int64_t b) { return a / b - ((a % b != 0) & ((a ^ b) < 0)); }
static inline int64_t floor_mod(int64_t a, int64_t b) {
    int64_t rest = a % b; return rest + (((rest != 0) & ((rest ^ b) < 0)) ? b : 0); }
template <class T> T power(T a, int64_t b) {
    T all = 1; for (; b > 0; b >>= 1, a *= a) if (b & 1) all *= a; return all; }
static inline double power(double a, double b) { return std::pow(a, b); }
template <class T> T most(T a, T b) { return b > a ? b : a; }
template <class T> T least(T a, T b) { return b < a ? b : a; }
template <class T, class... More> T most(T a, T b, More... more) { return most(most(a, b), more...); }
template <class T, class... More> T least(T a, T b, More... more) { return least(least(a, b), more...); }
"""  # noqa: E501


class Unknown(Exception):  # noqa: N818
    """A rule says something for which there is no translation here yet."""


class Program:
    """One C++ file: the records and rules that a function needs, each once."""

    def __init__(self) -> None:
        self.context = cpu_target.typing_context
        self.context.refresh()
        self.structs: dict[Any, str] = {}
        self.rules: dict[Any, tuple[str, Any]] = {}
        self.text = [PRELUDE]
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
        plain = {types.boolean: "bool", types.float64: "double", types.float32: "float"}
        return (plain | {types.none: "void"})[kind]

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
        """The one function that is called from outside; returns what type it writes."""
        name, found = self.rule(function, arguments)
        given, sizes = [], count()
        for place, kind in enumerate(arguments):
            of = self.name_of(getattr(kind, "dtype", kind))
            if isinstance(kind, types.Array):
                shape = ", ".join(f"shape[{next(sizes)}]" for _ in range(kind.ndim))
                given.append(f"{{({of} *)at[{place}], {{{shape}}}}}")
            else:
                given.append(f"*({self.name_of(kind)} *)at[{place}]")
        self.text.append(
            'extern "C" void door(void *const *at, const int64_t *shape, void *found) {\n'
            f"*({self.name_of(found)} *)found = {name}({', '.join(given)});\n}}"
        )
        return found


class Rule:
    """One rule for one set of types."""

    def __init__(self, program: Program, dispatcher: Any, arguments: tuple[Any, ...]) -> None:
        self.program, self.arguments = program, arguments
        self.python = dispatcher.py_func
        self.is_called = not dispatcher.targetoptions.get("forceinline")
        lines, self.first_line = inspect.getsourcelines(self.python)
        self.tree: Any = ast.parse(textwrap.dedent("".join(lines))).body[0]
        self.parameters = [one.arg for one in self.tree.args.args]
        self.kinds: dict[str, Any] = dict(zip(self.parameters, arguments))
        self.locals = {
            node.id for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        } | set(self.parameters)  # fmt: skip
        self.returned: Any = None
        if len(self.parameters) != len(arguments) or self.tree.args.defaults:
            raise self.unknown(self.tree.args)

    def unknown(self, node: Any, why: str = "") -> Unknown:
        line = self.first_line + getattr(node, "lineno", 1) - 1
        said = ast.unparse(node) if isinstance(node, ast.AST) else str(node)
        found = f"{type(node).__name__}: {said}" + (f" ({why})" if why else "")
        return Unknown(f"{self.python.__qualname__}, {self.python.__code__.co_filename}:{line}: {found}")

    def translate(self) -> tuple[str, Any]:
        """Again and again until no variable and no return changes its type any more."""
        before = None
        while before != (before := (dict(self.kinds), self.returned)):
            body = "\n".join(self.block(self.tree.body))
        returned = self.returned if self.returned is not None else types.none
        if isinstance(returned, types.Record):
            raise self.unknown(self.tree, "returns a record")
        name = f"{self.python.__name__}_{next(self.program.numbers)}"
        widened = [
            one for one, kind in zip(self.parameters, self.arguments) if self.kinds[one] != kind
        ]
        given = ", ".join(
            f"{self.declared(kind, '&')} {one}_{'given' if one in widened else ''}"
            for one, kind in zip(self.parameters, self.arguments)
        )
        declared = "".join(
            f"{self.declared(kind, '*')} {one}_{{{f'{one}_given' if one in widened else ''}}};\n"
            for one, kind in self.kinds.items() if one in widened or one not in self.parameters
        )  # fmt: skip
        inline = "static __attribute__((noinline))"
        if not self.is_called:
            inline = "static inline __attribute__((always_inline))"
        self.program.text.append(
            f"{inline} {self.program.name_of(returned)} {name}({given}) {{\n{declared}{body}\n}}"
        )
        return name, returned

    def declared(self, kind: Any, record_by: str) -> str:
        return self.program.name_of(kind) + (record_by if isinstance(kind, types.Record) else "")

    # --- statements ---------------------------------------------------------------------------

    def block(self, statements: list[Any]) -> Iterator[str]:
        for node in statements:
            yield f'#line {self.first_line + node.lineno - 1} "{self.python.__code__.co_filename}"'
            method = getattr(self, f"say_{type(node).__name__}", None)
            if method is None:
                raise self.unknown(node)
            yield from method(node)

    def say_Expr(self, node: Any) -> Iterator[str]:
        if not isinstance(node.value, ast.Constant):  # a docstring
            yield self.value(node.value)[0] + ";"

    def say_Pass(self, node: Any) -> Iterator[str]:
        yield ";"

    def say_Continue(self, node: Any) -> Iterator[str]:
        yield "continue;"

    def say_Break(self, node: Any) -> Iterator[str]:
        yield "break;"

    def say_Return(self, node: Any) -> Iterator[str]:
        if node.value is None:
            yield "return;"
            return
        text, kind = self.value(node.value)
        self.returned = kind if self.returned is None else self.unified(node, self.returned, kind)
        yield f"return {self.cast(text, kind, self.returned)};"

    def say_If(self, node: Any) -> Iterator[str]:
        yield f"if ({self.truth(node.test)}) {{"
        yield from self.block(node.body)
        yield "} else {"
        yield from self.block(node.orelse)
        yield "}"

    def say_While(self, node: Any) -> Iterator[str]:
        if node.orelse:
            raise self.unknown(node)
        yield f"while ({self.truth(node.test)}) {{"
        yield from self.block(node.body)
        yield "}"

    def say_For(self, node: Any) -> Iterator[str]:
        if node.orelse or not isinstance(node.target, ast.Name):
            raise self.unknown(node)
        step, over = (f"{word}{next(self.program.numbers)}" for word in ("step", "over"))
        if isinstance(node.iter, ast.Call) and self.constant(node.iter.func) is range:
            ends = [self.value(one) for one in node.iter.args]
            if len(ends) > 2:
                raise self.unknown(node.iter)
            sign = self.program.context.resolve_function_type(range, tuple(k for _, k in ends), {})
            kind = sign.return_type.iterator_type.yield_type
            start, stop = [self.cast(*end, kind) for end in [("0", types.int64), *ends][-2:]]
            of = self.program.name_of(kind)
            yield f"for ({of} {step} = {start}, {over} = {stop}; {step} < {over}; ++{step}) {{"
            yield self.assign(node.target, step, kind)
        else:
            text, kind = self.value(node.iter)
            if not isinstance(kind, types.Array) or kind.ndim != 1:
                raise self.unknown(node.iter)
            yield f"const auto {over} = {text};"
            yield f"for (int64_t {step} = 0; {step} < {over}.size(); ++{step}) {{"
            yield self.assign(node.target, f"{over}({step})", kind.dtype)
        yield from self.block(node.body)
        yield "}"

    def say_Assign(self, node: Any) -> Iterator[str]:
        if not isinstance(node.targets[0], ast.Tuple):
            text, kind = self.value(node.value)
            if len(node.targets) > 1 and not isinstance(kind, (types.Number, types.Boolean)):
                raise self.unknown(node)
            held = f"held{next(self.program.numbers)}"
            if len(node.targets) > 1:
                yield f"const auto {held} = {text};"
                text = held
            yield from [self.assign(target, text, kind) for target in node.targets]
            return
        targets, held = node.targets[0].elts, f"held{next(self.program.numbers)}"
        if isinstance(node.value, ast.Tuple):  # all are known before any is written
            found = [self.value(one) for one in node.value.elts]
            for place, (text, _) in enumerate(found):
                yield f"auto &&{held}_{place} = {text};"
            found = [(f"{held}_{place}", kind) for place, (_, kind) in enumerate(found)]
        else:
            text, kind = self.value(node.value)
            yield f"const auto {held} = {text};"
            found = [(f"std::get<{place}>({held})", one) for place, one in enumerate(kind.types)]
        if len(found) != len(targets):
            raise self.unknown(node)
        yield from [self.assign(target, *one) for target, one in zip(targets, found)]

    def say_AugAssign(self, node: Any) -> Iterator[str]:
        if isinstance(node.target, ast.Name):
            now = ast.Name(node.target.id, ast.Load())
            yield self.assign(node.target, *self.operation(node, node.op, self.value(now), self.value(node.value)))
            return
        place, kind = self.value(node.target)
        held = f"held{next(self.program.numbers)}"
        yield f"{{ auto &{held} = {place}; const auto {held}_was = {held};"
        text, found = self.operation(node, node.op, (f"{held}_was", kind), self.value(node.value))
        yield f"{held} = {self.cast(text, found, kind)}; }}"

    def assign(self, target: Any, text: str, kind: Any) -> str:
        if isinstance(target, ast.Name):
            was = self.kinds.get(target.id, kind)
            now = self.kinds[target.id] = self.unified(target, was, kind)
            if target.id in self.parameters and isinstance(kind, types.Record):
                raise self.unknown(target, "a record that was given becomes another")
            if isinstance(kind, types.Record):
                return f"{target.id}_ = &({text});"
            return f"{target.id}_ = {self.cast(text, kind, now)};"
        place, into = self.value(target)
        if isinstance(into, types.Array) and isinstance(kind, types.Array) and into.ndim == 1:
            held = f"held{next(self.program.numbers)}"
            return (
                f"{{ const auto {held} = {text}; "
                f"std::copy({held}.data, {held}.data + {held}.size(), {place}.data); }}"
            )
        if not isinstance(into, (types.Number, types.Boolean)):
            raise self.unknown(target)
        return f"{place} = {self.cast(text, kind, into)};"

    # --- expressions --------------------------------------------------------------------------

    def value(self, node: Any) -> Typed:
        constant = self.constant(node)
        if isinstance(constant, (bool, int, float, np.number, np.bool_)):
            return self.literal(constant)
        method = getattr(self, f"see_{type(node).__name__}", None)
        if method is None or constant is not None:
            raise self.unknown(node)
        found: Typed = method(node)
        return found

    def constant(self, node: Any) -> Any:
        """What is known before anything runs: numbers and names of modules; None where nothing."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id not in self.locals:
            names = self.python.__globals__
            return names[node.id] if node.id in names else getattr(builtins, node.id)
        if isinstance(node, ast.Attribute) and isinstance(self.constant(node.value), ModuleType):
            return getattr(self.constant(node.value), node.attr)
        if isinstance(node, ast.Call) and self.constant(node.func) is len:
            held = self.constant(node.args[0])
            return len(held) if isinstance(held, tuple) else None
        return None

    def literal(self, value: Any) -> Typed:
        kind = numba.typeof(value)
        if isinstance(kind, types.Boolean):
            return str(bool(value)).lower(), kind
        if isinstance(kind, types.Integer):
            return f"{self.program.name_of(kind)}({int(value)}{'' if kind.signed else 'u'}ll)", kind
        if not math.isfinite(value):
            return f"({'-' if value < 0 else ''}{'INFINITY' if value == value else 'NAN'})", kind
        return repr(float(value)), kind

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
        if isinstance(found, types.NestedArray):
            shape = ", ".join(map(str, found.shape))
            found = types.Array(found.dtype, found.ndim, "C")
            return f"{self.program.name_of(found)}{{{text}.{node.attr}_, {{{shape}}}}}", found
        return f"{text}.{node.attr}_", found

    def see_Subscript(self, node: Any) -> Typed:
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        fixed = self.constant(node.slice)
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and fixed is not None:
            text, kind = self.value(node.value.value)
            if isinstance(kind, types.Array):
                return f"{text}.shape[{fixed}]", types.int64
        text, kind = self.value(node.value)
        if isinstance(kind, types.BaseTuple) and fixed is not None:
            return f"std::get<{fixed}>({text})", kind.types[fixed]
        if not isinstance(kind, types.Array) or kind.layout != "C" or len(places) > kind.ndim:
            raise self.unknown(node)
        if isinstance(node.slice, ast.Slice):
            low, high = node.slice.lower, node.slice.upper
            if kind.ndim != 1 or node.slice.step is not None:
                raise self.unknown(node)
            ends = [self.value(one)[0] if one else other for one, other in ((low, "0"), (high, "INT64_MAX"))]
            return f"{text}.part({', '.join(ends)})", kind
        found = [self.value(place) for place in places]
        if isinstance(found[0][1], types.Array):
            return f"take<{next(self.program.numbers)}>({text}, {found[0][0]})", kind
        if not all(isinstance(one, types.Integer) for _, one in found):
            raise self.unknown(node)
        if any(isinstance(place, ast.UnaryOp) for place in places):
            raise self.unknown(node, "counts from the end")
        rest = kind.ndim - len(found)
        one = types.Array(kind.dtype, rest, "C") if rest else kind.dtype
        return f"{text}({', '.join(place for place, _ in found)})", one

    def see_Tuple(self, node: Any) -> Typed:
        found = [self.value(one) for one in node.elts]
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
        if type(sign) not in ARITHMETIC:
            raise self.unknown(node)
        symbol, function = ARITHMETIC[type(sign)]
        found = self.resolve(node, function, of).return_type
        whole = all(isinstance(kind, (types.Integer, types.Boolean)) for _, kind in of)
        if symbol in ("floor_div", "floor_mod") and found != types.int64:
            raise self.unknown(node, f"of {', '.join(str(kind) for _, kind in of)}")
        if whole and isinstance(found, types.Float) and symbol != "/":
            raise self.unknown(node, "of numbers with and without a sign")
        cast = [self.cast(text, kind, found) for text, kind in of]
        if symbol == "power" and isinstance(of[1][1], types.Integer):
            cast[1] = self.cast(*of[1], types.int64)
        if not symbol[-1].isalpha():
            return f"({symbol.join(['', *cast] if len(cast) == 1 else cast)})", found
        return f"{symbol}({', '.join(cast)})", found

    def see_Compare(self, node: Any) -> Typed:
        sides = [node.left, *node.comparators]
        if any(isinstance(inner, ast.Call) for side in sides[1:-1] for inner in ast.walk(side)):
            raise self.unknown(node, "what stands in the middle would be called twice")
        parts = []
        for sign, left, right in zip(node.ops, sides, sides[1:]):
            if type(sign) not in COMPARISONS:
                raise self.unknown(node)
            symbol, function = COMPARISONS[type(sign)]
            of = self.value(left), self.value(right)
            kinds = self.resolve(node, function, of).args
            if isinstance(kinds[0], types.Float) and all(isinstance(k, types.Integer) for _, k in of):
                raise self.unknown(node, "of numbers with and without a sign")
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
        (one, kind), (other, of) = self.value(node.body), self.value(node.orelse)
        found = self.unified(node, kind, of)
        return f"({self.truth(node.test)} ? {self.cast(one, kind, found)} : {self.cast(other, of, found)})", found

    def see_Call(self, node: Any) -> Typed:
        called = self.constant(node.func)
        said = {word.arg: self.constant(word.value) for word in node.keywords}
        if called in (np.zeros, np.empty) and len(node.args) == 2 and not said:
            size, kind = self.value(node.args[0]), numba.from_dtype(np.dtype(self.constant(node.args[1])))
            if isinstance(size[1], types.Integer):
                found = types.Array(kind, 1, "C")
                return f"scratch<{self.program.name_of(kind)}, {next(self.program.numbers)}>({size[0]})", found
        if not callable(called) or any(isinstance(one, ast.Starred) for one in node.args):
            raise self.unknown(node)
        given = [self.value(one) for one in node.args]
        if called is np.argsort and said == {"kind": "mergesort"}:
            return f"stable_argsort<{next(self.program.numbers)}>({given[0][0]})", types.Array(types.int64, 1, "C")
        if said:
            raise self.unknown(node)
        if isinstance(called, Dispatcher):
            name, found = self.program.rule(called, tuple(kind for _, kind in given))
            return f"{name}({', '.join(text for text, _ in given)})", found
        if isinstance(called, type) and issubclass(called, np.number) and len(given) == 1:
            return self.cast(*given[0], numba.from_dtype(np.dtype(called)), always=True), numba.from_dtype(np.dtype(called))
        if called not in FUNCTIONS:
            raise self.unknown(node)
        found = self.resolve(node, called, given).return_type
        return f"{FUNCTIONS[called]}({', '.join(self.cast(*one, found) for one in given)})", found

    # --- types --------------------------------------------------------------------------------

    def resolve(self, node: Any, function: Any, of: Any) -> Any:
        kinds = tuple(kind for _, kind in of)
        found = self.program.context.resolve_function_type(function, kinds, {})
        if found is None:
            raise self.unknown(node, f"of {', '.join(map(str, kinds))}")
        return found

    def unified(self, node: Any, one: Any, other: Any) -> Any:
        found = one if one == other else self.program.context.unify_types(one, other)
        signs = {kind.signed for kind in (one, other) if isinstance(kind, types.Integer)}
        if found is None or len(signs) > 1:
            raise self.unknown(node, f"{one} or {other}")
        return found

    def cast(self, text: str, kind: Any, into: Any, *, always: bool = False) -> str:
        return f"{self.program.name_of(into)}({text})" if kind != into or always else text


class Compiled:
    """A whole week by g++, called as numba's is; translated when types are first seen.

    `folder` is where the file in C++ and the library go; `options` go to g++ after `COMPILE`.
    """

    def __init__(self, function: Any, folder: Path, *options: str) -> None:
        self.function, self.folder, self.options = function, folder, options
        self.doors: dict[Any, tuple[Any, Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        kinds = tuple(map(numba.typeof, arguments))
        if kinds not in self.doors:
            self.doors[kinds] = self.compile(kinds)
        door, returned = self.doors[kinds]
        held = [np.asarray(one) for one in arguments]
        if not all(one.flags.c_contiguous for one in held):
            raise Unknown("an array is not in one piece")
        at = (ctypes.c_void_p * len(held))(*(one.ctypes.data for one in held))
        sizes = [size for one in held for size in one.shape]
        found = np.zeros(1, as_dtype(returned))
        door(at, (ctypes.c_int64 * len(sizes))(*sizes), ctypes.c_void_p(found.ctypes.data))
        return found[0]

    def compile(self, kinds: tuple[Any, ...]) -> tuple[Any, Any]:
        """What calls the library, and the type of what is returned."""
        program = Program()
        returned = program.door(self.function, kinds)
        source = self.folder / f"{self.function.__name__}{len(self.doors)}.cpp"
        source.write_text("\n".join(program.text), encoding="utf-8")
        library = source.with_suffix(".so")
        command = [*COMPILE, *self.options, "-o", library, source]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unknown(f"g++ does not take {source}:\n{done.stderr[:4000]}")
        door = ctypes.CDLL(str(library)).door
        door.restype = None
        return door, returned
