"""One rule, translated to C++ statement by statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from numba.core import types
from to_cpp_expressions import SCALARS, Expressions


class Rule(Expressions):
    """One rule for one set of types, within a `program` that knows the others."""

    def translate(self) -> tuple[str, Any]:
        """Its name in C++ and the type that it returns; again, until no type changes any more."""
        before = None
        while before != (before := (dict(self.kinds), self.returned)):
            body = "\n".join(self.block(self.tree.body))
        returned = types.none if self.returned is None else self.returned
        given, declared = [], []
        was = dict(zip(self.parameters, self.arguments))
        for name, kind in self.kinds.items():
            by, at, start = ("&", "*", "") if isinstance(kind, types.Record) else ("", "", "")
            if name in was:
                is_wider = was[name] != kind  # in the rule something larger is put into it
                called = f"{name}_{'given' if is_wider else ''}"
                given.append(f"{self.program.name_of(was[name])}{by} {called}")
                if not is_wider:
                    continue
                start = self.cast(called, was[name], kind)
            declared.append(f"{self.program.name_of(kind)}{at} {name}_{{{start}}};")
        name = f"{self.python.__name__}_{next(self.program.numbers)}"
        how = "inline __attribute__((always_inline))"
        if not self.is_set_in:
            how = "__attribute__((noinline))"
        self.program.text.append(
            f"static {how} {self.program.name_of(returned)} {name}({', '.join(given)}) {{\n"
            + "\n".join([*declared, body, "}"])
        )
        return name, returned

    def block(self, statements: list[Any]) -> Iterator[str]:
        for node in statements:
            yield f'#line {self.first_line + node.lineno - 1} "{self.python.__code__.co_filename}"'
            method = getattr(self, f"say_{type(node).__name__}", None)
            if method is None or (getattr(node, "orelse", None) and not isinstance(node, ast.If)):
                raise self.unknown(node)
            yield from method(node)

    def say_Expr(self, node: Any) -> Iterator[str]:
        if not isinstance(node.value, ast.Constant):  # a docstring
            yield self.value(node.value)[0] + ";"

    def say_Continue(self, node: Any) -> Iterator[str]:
        yield type(node).__name__.lower() + ";"

    say_Break = say_Continue

    def say_Return(self, node: Any) -> Iterator[str]:
        if node.value is None:
            yield "return;"
            return
        text, kind = self.value(node.value)
        if isinstance(kind, types.Record):
            raise self.unknown(node, "a record")
        self.returned = self.unified(node, self.returned or kind, kind)
        yield f"return {self.cast(text, kind, self.returned)};"

    def say_If(self, node: Any) -> Iterator[str]:
        yield f"if ({self.truth(node.test)}) {{"
        yield from self.block(node.body)
        yield "} else {"
        yield from self.block(node.orelse)
        yield "}"

    def say_While(self, node: Any) -> Iterator[str]:
        yield f"while ({self.truth(node.test)}) {{"
        yield from self.block(node.body)
        yield "}"

    def say_For(self, node: Any) -> Iterator[str]:
        step, over = self.new("step"), self.new("over")
        if isinstance(node.iter, ast.Call) and self.constant(node.iter.func) is range:
            ends = [("0", types.int64), *map(self.value, node.iter.args)][-2:]
            if len(node.iter.args) > 2:
                raise self.unknown(node.iter)
            kind = self.resolve(node, range, ends).return_type.iterator_type.yield_type
            start, stop = [self.cast(*end, kind) for end in ends]
            of = self.program.name_of(kind)
            yield f"for ({of} {step} = {start}, {over} = {stop}; {step} < {over}; ++{step}) {{"
            yield self.assign(node.target, step, kind)
        else:
            text, kind = self.value(node.iter)
            yield f"const auto {over} = {text};"
            if isinstance(kind, types.UniTuple):
                all_of = ", ".join(f"std::get<{place}>({over})" for place in range(kind.count))
                yield f"for (const auto {step} : {{{all_of}}}) {{"
                yield self.assign(node.target, step, kind.dtype)
            elif isinstance(kind, types.Array) and kind.ndim == 1:
                yield f"for (int64_t {step} = 0; {step} < {over}.size(); ++{step}) {{"
                yield self.assign(node.target, f"{over}({step})", kind.dtype)
            else:
                raise self.unknown(node.iter)
        yield from self.block(node.body)
        yield "}"

    def say_Assign(self, node: Any) -> Iterator[str]:
        first, targets = node.targets[0], node.targets
        if len(targets) == 1 and not isinstance(first, ast.Tuple):
            yield self.assign(first, *self.value(node.value))
            return
        is_unpacked = len(targets) == 1
        if is_unpacked:
            targets = first.elts
        found: list[Any] = []
        if is_unpacked and isinstance(node.value, ast.Tuple):
            found = [self.value(one) for one in node.value.elts]
        else:
            text, kind = self.value(node.value)
            held = self.new("held")
            yield f"const auto {held} = {text};"
            if is_unpacked and isinstance(kind, types.BaseTuple):
                found = [(f"std::get<{n}>({held})", one) for n, one in enumerate(kind.types)]
            elif not is_unpacked and isinstance(kind, SCALARS):
                found = [(held, kind)] * len(targets)
        if len(found) != len(targets):
            raise self.unknown(node)
        known = []
        for text, kind in found:  # all are known before any is written
            known.append((self.new("known"), kind))
            by = "auto &" if isinstance(kind, types.Record) else "const auto "
            yield f"{by}{known[-1][0]} = {text};"
        yield from [self.assign(target, *one) for target, one in zip(targets, known)]

    def say_AugAssign(self, node: Any) -> Iterator[str]:
        by = self.value(node.value)
        if isinstance(node.target, ast.Name):
            now = self.see_Name(node.target)
            yield self.assign(node.target, *self.operation(node, node.op, now, by))
            return
        place, kind = self.value(node.target)
        held = self.new("held")
        found = self.operation(node, node.op, (f"{held}_was", kind), by)
        yield f"{{ auto &{held} = {place}; const auto {held}_was = {held};"
        yield f"{held} = {self.cast(*found, kind)}; }}"

    def assign(self, target: Any, text: str, kind: Any) -> str:
        if isinstance(target, ast.Name):
            is_record = isinstance(kind, types.Record)
            if is_record and target.id in self.parameters:
                raise self.unknown(target, "a record that was given becomes another")
            now = self.unified(target, self.kinds.get(target.id, kind), kind)
            self.kinds[target.id] = now
            return f"{target.id}_ = {f'&({text})' if is_record else self.cast(text, kind, now)};"
        place, into = self.value(target)
        if isinstance(into, SCALARS) and isinstance(kind, SCALARS):
            return f"{place} = {self.cast(text, kind, into)};"
        if not isinstance(into, types.Array) or into.ndim != 1:
            raise self.unknown(target)
        held = self.new("held")
        if isinstance(kind, SCALARS):
            fill = f"std::fill_n({held}.data, {held}.size(), {self.cast(text, kind, into.dtype)})"
            return f"{{ const auto {held} = {place}; {fill}; }}"
        if into != kind:
            raise self.unknown(target)
        copy = f"std::copy_n({held}.data, {held}.size(), {place}.data)"
        return f"{{ const auto {held} = {text}; {copy}; }}"
