"""Writes the tables and pictures of performance.md from what benchmarks recorded.

    python docs/make_performance.py

The last row of each measurement in benchmarks/results.csv counts. The prose is written by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recoverysim.pictures.differences import BLUE, GREY, INK, SOFT
from recoverysim.pictures.study import save_svg

DOCS = Path(__file__).parent
PAGE, PICTURES = DOCS / "performance.md", DOCS / "pictures"
RESULTS = DOCS.parent / "benchmarks" / "results.csv"
BEGIN = "<!-- begin: {}, written by python docs/make_performance.py -->"
END = "<!-- end -->"

Row = Mapping[str, str]
Key = tuple[str, str, str]  # benchmark, what, clients


@dataclass(frozen=True)
class Aim:
    """What one measurement is to reach. `clients` "every" asks for the worst of all sizes."""

    of: str
    benchmark: str
    what: str
    clients: str
    least: float | None = None
    most: float | None = None
    unit: str = "times"

    def said(self) -> str:
        """The aim in words."""
        if self.least is not None:
            return f"at least {self.least:g} {self.unit}"
        return f"at most {self.most:g} {self.unit}"

    def missed_by(self, value: float) -> float:
        """How many times off; 1 or less is met."""
        return self.least / value if self.least is not None else value / self.most

    def found(self, rows: Mapping[Key, Row]) -> Row | None:
        """The row that decides: of several sizes the worst."""
        mine = [row for (benchmark, what, clients), row in rows.items()
                if (benchmark, what) == (self.benchmark, self.what)
                and self.clients in ("every", clients)]  # fmt: skip
        return max(mine, key=lambda row: self.missed_by(float(row["value"])), default=None)


KERNEL = "our week over the compiled reference kernel's"
COMPARE = "recoverysim compare baseline peer-introduction, its first words"
AIMS = (
    Aim("A classic Mesa model of the same flows, its CPU over ours", "against_mesa",
        "classic Mesa over recoverysim, its core", "10000", least=100),
    Aim("Our CPU over the small compiled reference kernel's, the whole model, 10,000 people",
        "growth", KERNEL, "10000", most=2.5),
    Aim("A client-week at 1,000,000 people over one at 10,000", "growth",
        "a client-week at 1,000,000 people over one at 10,000", "", most=1.5),
    Aim("Our week over the same rules in C++ by g++ -O3", "in_c",
        "our week over the same rules in C++ by g++ -O3", "10000", most=1.3),
    Aim("starsim over numba rules as ours, on a model that all can express, at every size",
        "neighbours", "starsim over the compiled kernel with what others see apart", "every",
        least=4),
    Aim("mesa-frames over numba rules, likewise", "neighbours",
        "mesa-frames over the compiled kernel with what others see apart", "every", least=3),
    Aim("Quick look, 500 people × 8 repeats × 10 years: one scenario", "quick_look",
        "quick look at one scenario", "500", most=80, unit="ms"),
    Aim("Quick look at two scenarios", "quick_look", "quick look at two scenarios", "500",
        most=150, unit="ms"),
    Aim("Dashboard: key press on a lever until the new sentence, median", "dashboard",
        "key press on a lever until the new sentence, median", "500", most=150, unit="ms"),
    Aim("The same, 95th percentile", "dashboard",
        "key press on a lever until the new sentence, 95th percentile", "500", most=300,
        unit="ms"),
    Aim("Dashboard: a burst of 20 presses, from the last", "dashboard",
        "burst of 20 presses, from the last", "500", most=400, unit="ms"),
    Aim("Dashboard: first view, until the sentence is there", "dashboard",
        "first view, until the sentence is there", "", most=2, unit="s"),
    Aim("Dashboard: data to the browser for a change", "dashboard",
        "bytes to the browser for a change", "", most=50, unit="KB"),
    Aim("Two scenarios compared, 2,000 people × 20 repeats × 10 years, warm: in all", "comparing",
        "two scenarios compared, wall time", "2000", most=4, unit="s"),
    Aim("First answer of `recoverysim compare` on two scenarios from the shell", "start_up",
        COMPARE, "", most=4, unit="s"),
    Aim("The same with nothing compiled", "start_up", f"{COMPARE}, nothing compiled", "", most=12,
        unit="s"),
    Aim("Memory: slope of the peak between 1 and 2 million people, journeys off", "memory",
        "slope of the peak between so many and twice", "1000000", most=200, unit="bytes a person"),
    Aim("A nation: 10 million people × 10 years", "memory",
        "wall time of a nation of ten years", "10000000", most=10, unit="min"),
    Aim("Growth with people, up to 10 million: exponent", "growth", "exponent with people", "",
        most=1.05, unit="(1 is a straight line)"),
    Aim("Growth with weeks: exponent", "growth", "exponent with weeks", "", most=1.05, unit=""),
    Aim("Growth with repeats: exponent", "growth", "exponent with repeats", "", most=1.05, unit=""),
    Aim("Two cores for repeats, both idle", "side_by_side", "one thread over one a core, idle",
        "2000", least=1.8),
    Aim("Two cores for repeats, both busy with something else", "side_by_side",
        "one thread over one a core, every core busy", "2000", least=1),
    Aim("Sweep, on this machine: overhead over the runs themselves", "sweeping",
        "overhead over the runs themselves", "", most=0.15, unit="of them"),
    Aim("Sweep, on a cluster of two workers", "sweeping",
        "overhead over the runs themselves, on a cluster of two workers", "", most=0.35,
        unit="of them"),
)  # fmt: skip


def latest(path: Path = RESULTS) -> dict[Key, Row]:
    """The last row of each measurement, in the order in which they were first made."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["benchmark"], row["what"], row["clients"]): row for row in csv.DictReader(file)
        }


def line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def aims(rows: Mapping[Key, Row]) -> Iterator[str]:
    """What is to be reached, beside what was measured."""
    yield line("what", "aim", "measured", "", "on", "machine")
    yield line(*["---"] * 6)
    for aim in AIMS:
        row = aim.found(rows)
        if row is None:
            yield line(aim.of, aim.said().strip(), "not measured", "", "", "")
            continue
        off = aim.missed_by(float(row["value"]))
        verdict = "met" if off <= 1 else f"**{off:.2f} times off**"
        measured = amount(row["value"])
        if aim.clients == "every":
            measured += f" at {int(row['clients']):,}, the worst"
        yield line(aim.of, aim.said().strip(), measured, verdict, row["date"],
                   f"{row['machine']}, {row['cores']} cores")  # fmt: skip


def everything(rows: Mapping[Key, Row]) -> Iterator[str]:
    """Every measurement, the newest of each."""
    yield line("benchmark", "what", "people", "value", "on", "commit")
    yield line(*["---"] * 6)
    for row in rows.values():
        people = f"{int(row['clients']):,}" if row["clients"] else ""
        yield line(f"`{row['benchmark']}`", row["what"], people,
                   f"{amount(row['value'])} {row['unit']}", row["date"], row["commit"])  # fmt: skip


def amount(value: str) -> str:
    """Three figures that count, without an exponent."""
    number = float(value)
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def page(text: str, rows: Mapping[Key, Row]) -> str:
    """The page with the tables as they are now."""
    shown = [f"![{said}](pictures/{name}.svg)" for name, (said, drawn) in PICTURED.items()
             if drawn(rows) is not None]  # fmt: skip
    parts = {
        "aims": "\n".join(aims(rows)),
        "pictures": "\n\n".join(shown) or "Nothing was measured yet.",
        "measurements": "\n".join(everything(rows)) if rows else "Nothing was measured yet.",
    }
    for name, made in parts.items():
        begin = BEGIN.format(name)
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{made}\n\n{END}{rest.split(END, 1)[1]}"
    return text


# --- pictures -----------------------------------------------------------------------------


def growth(rows: Mapping[Key, Row]) -> Any:
    """CPU of everybody's week by number of people, in logarithms; None before it is measured."""
    found = {
        int(clients): float(row["value"])
        for (benchmark, what, clients), row in rows.items()
        if (benchmark, what) == ("growth", "CPU of a client-week")
    }
    if not found:
        return None
    axis = _axis(3.6)
    sizes = sorted(found)
    weeks = [size * found[size] / 1e9 for size in sizes]
    straight = [size * weeks[0] / sizes[0] for size in sizes]
    axis.loglog(sizes, straight, color=GREY, linestyle="dashed", label="in proportion to people")
    axis.loglog(sizes, weeks, color=BLUE, marker="o", linewidth=2, label="measured")
    for place in (0, -1):
        each = f"{found[sizes[place]]:.0f} ns a client"
        axis.annotate(each, (sizes[place], weeks[place]), textcoords="offset points", color=INK,
                      xytext=(10, -8) if place == 0 else (-10, 6),
                      ha="left" if place == 0 else "right")  # fmt: skip
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=30, ha="right")
    axis.minorticks_off()
    axis.legend(frameon=False, labelcolor=SOFT)
    axis.set_title("One week of everybody, by number of people", loc="left", color=INK)
    axis.set_ylabel("seconds of CPU", color=SOFT)
    axis.set_xlabel("people", color=SOFT)
    return axis.figure


AT = "10000"
OVER = " over the compiled kernel with what others see apart"


def neighbours(rows: Mapping[Key, Row]) -> Any:
    """How many times the CPU of compiled rules others take; None before it is measured."""
    found = {
        what.removesuffix(OVER): float(row["value"])
        for (benchmark, what, clients), row in rows.items()
        if benchmark == "neighbours" and what.endswith(OVER) and clients == AT
    }
    if not found:
        return None
    axis = _axis(1.3 + 0.4 * len(found))
    names = sorted(found, key=found.__getitem__, reverse=True)
    axis.barh(names, [found[name] for name in names], color=GREY, log=True)
    for place, name in enumerate(names):
        axis.annotate(f" {found[name]:.3g}", (found[name], place), va="center", color=INK)
    axis.axvline(1, color=BLUE, linewidth=2)
    axis.set_xlim(0.8, 3 * max(found.values()))
    ticks = [one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500) if one < 3 * max(found.values())]
    axis.set_xticks(ticks, [f"{one} ×" for one in ticks])
    axis.minorticks_off()
    axis.set_title(f"CPU over that of compiled rules, {int(AT):,} people", loc="left", color=INK)
    return axis.figure


def _axis(height: float) -> Any:
    from matplotlib.figure import Figure

    axis = Figure(figsize=(8, height), dpi=120, layout="constrained").subplots()
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(colors=SOFT, which="both")
    return axis


PICTURED = {
    "speed-growth": ("CPU time of one week of everybody, by number of people", growth),
    "speed-neighbours": ("CPU of other frameworks over that of compiled rules", neighbours),
}


def draw(rows: Mapping[Key, Row], folder: Path = PICTURES) -> Sequence[Path]:
    """Draw what was measured, as SVG and PNG; the files."""
    drawn = []
    for name, (_, picture) in PICTURED.items():
        figure = picture(rows)
        if figure is not None:
            save_svg(figure, folder / f"{name}.svg")
            figure.savefig(folder / f"{name}.png")
            drawn += [folder / f"{name}.svg", folder / f"{name}.png"]
    return drawn


if __name__ == "__main__":
    measured = latest()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), measured), encoding="utf-8")
    draw(measured)
