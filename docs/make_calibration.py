"""Writes calibration.md and its picture from the accepted sets that ship: quick.

python docs/make_calibration.py, after `make calibrate`.
"""

from pathlib import Path

from recoverysim import words
from recoverysim.evidence.accepted import calibration
from recoverysim.pictures.effect import draw
from recoverysim.pictures.study import save_svg
from recoverysim.studies.calibration.plan import load_plan

DOCS = Path(__file__).parent
PICTURE = DOCS / "pictures" / "effect.svg"
PAGE = DOCS / "calibration.md"
BEGIN, END = "<!-- begin: written by python docs/make_calibration.py -->", "<!-- end -->"


def table(heads: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def ends(one: dict[str, float], digits: int = 3) -> str:
    """'0.82 (0.41 to 1.31)'."""
    numbers = (f"{one[name]:.{digits}g}" for name in ("median", "low95", "high95"))
    middle, low, high = numbers
    return f"{middle} ({low} to {high})".replace("-", "−")


def misfit(told: dict) -> str:
    """What that says."""
    if told["as_a_whole"]["further"] < 0.05:
        return "no set of this model's parameters meets them all, other people allowed for."
    return "they could come from this model."


def results() -> str:
    """Everything that follows from the file of accepted sets."""
    told = calibration()
    made, effect = told["made_by"], told["effect"]
    plan = load_plan("calibration")
    families: dict[str, list[str]] = {}
    for one in told["fitted"]:
        families.setdefault(one["family"], []).append(one["figure"])
    figures = [row for one in told["left_out"] for row in one["figures"]]
    inside = sum(bool(row["inside"]) for row in figures)
    allowed = sum(bool(row["inside_allowed"]) for row in figures)
    below = 100 * effect["accepted_below_zero"]
    wrong = [one for one in told["recovered"] if one["verdict"] != "as it should"]
    return "\n".join([
        f"Made by `{made['command']}` with recoverysim {made['version']} "
        f"(commit {(made['commit'] or 'unknown')[:12]}): {made['draws']:,} draws, of which "
        f"{made['from_declared_ranges']:,} are from the declared ranges, {made['accepted']:,} "
        f"accepted, seed {made['seed']}.\n",
        "### What was fitted\n",
        table(["family", "figures of the register", "arms set against each other"], [
            [family, ", ".join(f"`{one}`" for one in dict.fromkeys(ids)),
             "yes" if any(one["by_lot"] for one in told["fitted"] if one["family"] == family)
             else ""]
            for family, ids in families.items()
        ]),
        f"{len(plan.fitted)} figures of {len(families)} families.\n",
        "### Before and after\n",
        table(["number", "unit", "declared: middle (95%)", "accepted: middle (95%)",
               "width, of the declared"], [
            [f"`{one['key']}`", one["unit"], ends(one["declared"]), ends(one["accepted"]),
             f"{one['narrower']:.2f}"]
            for one in told["parameters"]
        ]),
        "### The effect of mutual aid\n",
        "![As declared, as accepted, and by what trials say](pictures/effect.svg)\n",
        table(["log hazard ratio", "middle (95%)"], [
            ["declared", ends(effect["declared"])],
            [f"**accepted** ({below:.1f}% below 0)", ends(effect["accepted"])],
            *[[f"by itself: {one['family']}", ends(one)] for one in effect["alone"]],
            *[[f"accepted without {one['family']}", ends(one["effect"])]
              for one in told["left_out"]],
        ]),
        "### Families left out\n",
        f"Of {len(figures)} fitted figures, each foretold by sets that were accepted without its "
        f"own family, **{inside} lie in the middle 90% of simulated studies, and {allowed} "
        f"({100 * allowed / len(figures):.0f}%) where other people are allowed for** (nominal: "
        "90%).\n",
        table(["left out", "study", "what is measured", "whose", "published",
               "foretold (middle 90%)", "inside", "allowed"], [
            [one["family"], row["study"], row["measure"].replace("|", "\\|"), row["arm"],
             words.amount(row["published"], row["unit"]),
             f"{words.amount(row['median'], row['unit'])} "
             f"({words.amounts(row['low90'], row['high90'], row['unit'])})",
             *({True: "yes", False: "no", None: "–"}[row[name]]
               for name in ("inside", "inside_allowed"))]
            for one in told["left_out"] for row in one["figures"]
        ]),
        "### Known truths found again\n",
        f"{told['recovered'][0]['truths']} rows of the table were taken for the truth, one after "
        "the other. How often each number lay in the interval that the other rows gave for its "
        "figures, with the exact binomial 95% interval of that share; *width* is that of the "
        f"accepted over the declared, on average. {len(wrong)} of {len(told['recovered'])} lines "
        "are off.\n",
        table(["number", "nominal", "found", "95% interval", "verdict", "width"], [
            [f"`{one['parameter']}`", f"{100 * one['level']:.0f}%", f"{100 * one['covered']:.0f}%",
             f"{100 * one['low']:.0f} to {100 * one['high']:.0f}%",
             one["verdict"] if one["verdict"] == "as it should" else f"**{one['verdict']}**",
             f"{one['narrower']:.2f}"]
            for one in told["recovered"]
        ]),
        "### Strain\n",
        "Where the nearest rows still stand, each figure in its own uncertainty (published error "
        "and other people together): 0 is on the figure; beyond 2 it is not reached by the "
        f"nearest rows. **All figures together** lie further from the middle of the rows than "
        f"{100 * (1 - told['as_a_whole']['further']):.1f}% of rows do: {misfit(told)}\n",
        table(["study", "figure", "nearest rows stand at", "spread"], [
            [one["study"], f"`{one['figure']}`", f"{one['mean']:+.1f}".replace("-", "−"),
             f"{one['sd']:.1f}"]
            for one in sorted(told["strain"], key=lambda one: -abs(one["mean"]))
        ]),
    ])  # fmt: skip


def page() -> str:
    """The page with what the shipped sets say."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{results()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    save_svg(draw(calibration()), PICTURE)
    PAGE.write_text(page(), encoding="utf-8")
