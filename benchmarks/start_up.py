"""How long from a command to its answer, in a fresh process.

Wall seconds, the middle of several, of what people type first, with machine code kept from before;
then of one comparison with an empty cache, as on the first day. Of the warm comparison it is also
said how much is importing (`python -X importtime`), and how long compiling takes is the difference
between cold and warm.

    python benchmarks/start_up.py [--times 3] [--quick]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from statistics import median

from record import record

TINY = "--clients 20 --years 1 --repeats 2"
FIRST = "compare baseline peer-introduction"
COMMANDS = (
    "--help",
    "scenarios list",
    "evidence linkage",
    "doctor",
    f"run baseline {TINY}",
    f"{FIRST} {TINY}",
    f"journey baseline --client 3 {TINY}",
    FIRST,
)
CALL = "from recoverysim.command import main; main()"


def answer(command: str, *flags: str, cache: str | None = None) -> tuple[float, str]:
    """Wall seconds of one command in a fresh process, and what it said beside its answer."""
    environment = os.environ | ({"XDG_CACHE_HOME": cache} if cache else {})
    words = [sys.executable, *flags, "-c", CALL, *command.split()]
    start = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"start_up: {command} failed: {done.stderr.strip()}")
    return took, done.stderr


def first_answer(command: str, cache: str | None = None) -> float:
    """Wall seconds until the first words of an answer stand on the screen; more may follow."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}  # as a terminal is written to
    environment |= {"XDG_CACHE_HOME": cache} if cache else {}
    words = [sys.executable, "-c", CALL, *command.split()]
    start = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.strip())
        took = time.perf_counter() - start
        process.stdout.read()
    return took


def importing(command: str) -> float:
    """Seconds that a command spends importing, as Python itself counts them."""
    told = answer(command, "-X", "importtime")[1]
    return sum(map(int, re.findall(r"^import time: +(\d+) \|", told, re.MULTILINE))) / 1e6


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--quick", action="store_true", help="each once: to see it work")
    given = asked.parse_args()
    times = 1 if given.quick else given.times

    answer("doctor --warm")
    warm = {command: [answer(command)[0] for _ in range(times)] for command in COMMANDS}
    for command, took in warm.items():
        record("start_up", f"recoverysim {command}", median(took), "s")
    for command in ("scenarios list", f"run baseline {TINY}", FIRST):
        spent = median(importing(command) for _ in range(times))
        record("start_up", f"importing of recoverysim {command}", spent, "s")

    soon = median(first_answer(FIRST) for _ in range(times))
    record("start_up", f"recoverysim {FIRST}, its first words", soon, "s")
    cold = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as empty:
            cold.append(first_answer(FIRST, cache=empty))
    record("start_up", f"recoverysim {FIRST}, its first words, nothing compiled", median(cold), "s")
    record("start_up", "compiling before the first words", median(cold) - soon, "s")


if __name__ == "__main__":
    main()
