"""The translation to C++ (benchmarks/to_cpp.py) says what the rules say, and refuses the rest."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from recoverysim.compiled import plain, rule
from recoverysim.dice import question, throw
from recoverysim.week import live_through

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

needs_a_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++ here")


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)


@needs_a_compiler
def test_dice_fall_the_same(tmp_path):
    from to_cpp import Compiled

    in_cpp, asked = Compiled(throw, tmp_path), question("dies")
    for luck in (0, 1, 2**63, 2**64 - 1, 0x9E3779B97F4A7C15):
        assert in_cpp(np.uint64(luck), asked) == plain(throw)(luck, asked)


TWO = 2


@rule
def arithmetic(a, b, x, found):
    """Whatever Python and C read differently."""
    found[0] = a // b
    found[1] = a % b
    found[2] = a / b
    found[3] = max(a, b, x)
    found[4] = min(a, x)
    found[5] = -5 < a <= b or not b
    found[6] = x**2 + 2**TWO
    a, b = b, a
    found[7] = a - 2 * b
    last = 0
    for last in range(3):
        last += 10
    made = np.ones(last, np.int64)
    found[8] = made[last - 1] * made.size
    for one in (a, b):
        found[9] += one
    narrow = found[10:]
    narrow[:] = 7
    narrow[0] = 1.5 if a & 1 else 2
    narrow[1] += int(x) << 1


@needs_a_compiler
@pytest.mark.parametrize("x", [-2.75, 8.5])
@pytest.mark.parametrize(("a", "b"), [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-4, 9)])
def test_arithmetic_is_pythons(tmp_path_factory, a, b, x):
    from to_cpp import Compiled

    if not hasattr(arithmetic, "in_cpp"):  # compiled once for all of them
        arithmetic.in_cpp = Compiled(arithmetic, tmp_path_factory.mktemp("cpp"))
    found, expected = np.zeros(12), np.zeros(12)
    arithmetic.in_cpp(a, b, x, found)
    arithmetic.py_func(a, b, x, expected)
    assert found.tolist() == expected.tolist()


@needs_a_compiler
def test_a_world_ends_with_the_same_bytes(tmp_path):
    """With journal and panel; g++ is spared most of its work on speed."""
    import in_c
    from to_cpp import Compiled

    assert in_c.differing("local-area", 50, 30, Compiled(live_through, tmp_path, "-O1")) == []


@needs_a_compiler
def test_other_bytes_are_noticed():
    import in_c

    def skips_a_week(*given):
        return live_through(*given[:-2], given[-2] + 1, given[-1])

    assert {"clients", "counted"} <= set(in_c.differing("baseline", 50, 8, skips_a_week))


@rule
def sorts(found):
    found[0] = 1.0
    for place in sorted(found):
        found[0] = place


@rule
def counts_from_the_end(found):
    found[-1] = 1.0


@rule
def joins(found):
    found[0] = [1.0, 2.0][0]


@pytest.mark.parametrize(
    ("unknown", "line", "said"),
    [
        (sorts, 2, "Call: sorted(found)"),
        (counts_from_the_end, 1, "Subscript: found[-1]"),
        (joins, 1, "List: [1.0, 2.0]"),
    ],
    ids=["sorted", "negative place", "list"],
)
def test_what_is_not_known_is_named_with_rule_and_line(unknown, line, said):
    import numba
    from to_cpp import Program
    from to_cpp_expressions import Unknown

    where = unknown.py_func.__code__.co_firstlineno + 1 + line
    message = f"{unknown.__name__}, {__file__}:{where}: {said}"
    with pytest.raises(Unknown, match=re.escape(message)):
        Program().door(unknown, (numba.typeof(np.zeros(1)),))
