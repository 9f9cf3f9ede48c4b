"""What the terminal shows: tables for people, from the same results as the JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from recoverysim import grounds, story, story_of_changes, story_of_twins, sure_words, words
from recoverysim.evidence import sources_of
from recoverysim.outcomes import in_words
from recoverysim.quantities import ASSUMED, GRADES
from recoverysim.settings import LAYOUT, all_quantities
from recoverysim.studies import unknowns, variants
from recoverysim.studies.changes import EVERYBODY
from recoverysim.studies.conditional import told
from recoverysim.studies.intervals import QUANTILES_FROM_REPEATS
from recoverysim.studies.measures import beside
from recoverysim.studies.outcomes_of_plugins import headings_of_outcomes
from recoverysim.studies.ratios import said_of_needed_among

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from recoverysim.studies.changes import Changes
    from recoverysim.studies.compare import Comparison
    from recoverysim.studies.contrast import Contrast
    from recoverysim.studies.journey import Journey
    from recoverysim.studies.ratios import Row
    from recoverysim.studies.result import Result
    from recoverysim.studies.twins import Row as RowOfTwins
    from recoverysim.studies.twins import Twins

WIDTH = 100
NARROWEST = 80
WHEN = 14  # width of "End of year 10"
WIDE = 96  # from here on there is room for the range of luck alone
SHOWN = ("deaths", "in_recovery", "attending", "offered")
SHOWN_LAST = ("life_years",)  # beside deaths, wherever a cost is shown
SHOWN_OF_QUEUES = ("waiting", "gave_up_waiting")


def console_of_width() -> Console:
    """As wide as the terminal, but never so narrow that a number is cut off."""
    from rich.console import Console

    console = Console(highlight=False)
    width = max(console.width, NARROWEST) if console.is_terminal else WIDTH
    return Console(highlight=False, width=width)


def print_comparison(
    comparison: Comparison,
    look: Callable[[Contrast], None] = lambda contrast: None,
    vary: Callable[[Contrast], None] = lambda contrast: None,
) -> None:
    """One sentence for each scenario, then its table, then who changed and the answer under other
    forms of the model, where that was asked.

    `look` finds out who changed, and `vary` lives the other forms, when the answer stands already.
    """
    console = console_of_width()
    for contrast in comparison.contrasts:
        console.print()
        console.print(contrast.headline, style="bold", markup=False)
        console.print(contrast.scenario.scenario.question, style="italic", markup=False)
        if contrast.scenario.scenario.description:
            console.print(contrast.scenario.scenario.description, markup=False)
        console.print(contrast.deaths, markup=False)
        _print_contrast(console, contrast)
        if contrast.who:
            look(contrast)
            _print_who_changed(console, contrast.changes)
        if contrast.forms:
            vary(contrast)
            _print_variants(console, contrast)
        for note in (*contrast.notes, *told(contrast, alone=len(comparison.contrasts) == 1)):
            console.print(note, markup=False)
        if unknowns.can_be_told(contrast):
            for line in unknowns.unknowns(contrast).in_words:
                console.print(line, markup=False)
    console.print()
    console.print(
        f"Of every 1,000 people who start care; {in_words(comparison.definition)}; people who have "
        "died stay in the count. Likely range: luck and what is not known, 95%. Luck: between "
        "repeats alone. Not in either: all that the model's form leaves open, and whether findings "
        "from US trials carry over."
    )
    plan = comparison.baseline.plan
    if words.is_extrapolated(plan.years):
        console.print(f"* Years after the third are {words.EXTRAPOLATED}.")
    if plan.knowledge != "none" and plan.repeats < QUANTILES_FROM_REPEATS:
        console.print(sure_words.rough_range(plan.repeats, QUANTILES_FROM_REPEATS))
        console.print(unknowns.why_not(comparison.contrasts[0]))
    print_basis(console, comparison.stamp)


def print_basis(console: Console, stamp: dict[str, Any]) -> None:
    """What stands under every answer."""
    assumed = sum(one.grade == ASSUMED for one in all_quantities().values())
    console.print(
        f"{words.SIMULATED} {words.MEDICATION}\n{words.basis(stamp)} {assumed} of the model's "
        f"{len(all_quantities())} numbers are assumed (recoverysim evidence)."
    )


def _print_contrast(console: Console, contrast: Contrast) -> None:
    years = contrast.years
    wide = console.width >= WIDE
    headings = ("Per 1,000 people", "year", "baseline", "scenario", "difference", "likely range")
    table = a_table(*headings, *(["luck alone"] if wide else []))
    limits = contrast.baseline.scenario.has_limits or contrast.scenario.scenario.has_limits
    for name, definition, heading in _lines(contrast, limits):
        for year in years:
            row = contrast.row(name, year, definition=definition)
            if row.baseline is None or row.difference is None:
                continue
            if definition and row.baseline == row.value == 0:
                continue  # nobody can have been abstinent for so long yet
            today = words.whole(row.baseline)
            cells = [
                heading, words.year_in_a_table(year),
                f"{today:,}", f"{today + words.whole(row.difference):,}",
                words.signed(row.difference), sure_words.interval(row.low, row.high),
            ]  # fmt: skip
            table.add_row(
                *cells, *([sure_words.interval(row.luck_low, row.luck_high)] if wide else [])
            )
    console.print(table)
    console.print(contrast.number_needed)


def _print_who_changed(console: Console, changes: Changes) -> None:
    """Those who changed, step by step, then everybody, in the last year by what they were offered;
    what must stand with it."""
    last = changes.found.years[-1]
    rows = [row for row in changes.rows() if row.who == EVERYBODY or row.year == last]
    console.print()
    if len(changes.found.people) == 0:
        console.print(story_of_changes.NOBODY)
        return
    console.print(story_of_changes.TITLE, style="bold")
    wide = console.width >= WIDE
    headings = ("Part by", "year", "gained", "lost", "net", "likely range")
    table = a_table(*headings, *(["luck alone"] if wide else []), "after week")
    by_step = [row for row in rows if row.step != EVERYBODY and row.who == EVERYBODY]
    for row in (*by_step, *(row for row in rows if row.step == EVERYBODY)):
        all_steps = row.step == EVERYBODY
        by = story_of_changes.WHO[row.who] if all_steps else story_of_changes.STEPS[row.step]
        ranges = [(row.low, row.high), *([(row.luck_low, row.luck_high)] if wide else [])]
        quartiles = row.alike_lower_quartile, row.alike_median, row.alike_upper_quartile
        table.add_row(
            by, words.year_in_a_table(row.year),
            f"{row.gained:.1f}", f"{row.lost:.1f}", words.signed(row.net, 1),
            *(sure_words.interval(*one, digits=1) for one in ranges),
            story_of_changes.parted(*quartiles),
        )  # fmt: skip
    console.print(table)
    for said in (*said_of_needed_among(changes), story_of_changes.WARNING):
        console.print(said)


def _print_variants(console: Console, contrast: Contrast) -> None:
    """The difference in recovery under each form, beside the one that was told."""
    console.print()
    console.print(sure_words.FORMS_TITLE, style="bold")
    wide = console.width >= WIDE
    luck = ["luck alone"] if wide else []
    table = a_table("If", "year", "difference", "likely range", *luck)
    main = [contrast.row("in_recovery", year) for year in variants.years_told(contrast)]
    rows: list[tuple[str, Row | variants.Row]] = [(sure_words.AS_TOLD, row) for row in main]
    rows += [(sure_words.FORMS[row.form], row) for row in contrast.variants]
    for heading, row in rows:
        ranges = [(row.low, row.high), *([(row.luck_low, row.luck_high)] if wide else [])]
        table.add_row(
            heading, words.year_in_a_table(row.year), words.signed(row.difference, 1),
            *(sure_words.interval(*one, digits=1) for one in ranges),
        )  # fmt: skip
    console.print(table)
    for said in variants.told(contrast):
        console.print(said)


def _lines(contrast: Contrast, limits: bool) -> Iterator[tuple[str, str | None, str]]:
    """Measure, definition and heading of each block of the table, those of plug-ins last."""
    from rich.markup import escape

    of_queues = SHOWN_OF_QUEUES if limits else ()
    for name in (*SHOWN, *of_queues, *contrast.appraisal.costs, *SHOWN_LAST):
        yield name, None, words.MEASURES[name]
        if name == "in_recovery":
            for other in beside(contrast.definition):
                yield name, other, words.beside(other)
    for name, heading in headings_of_outcomes(contrast.baseline).items():
        yield name, None, escape(heading)


def a_table(*headings: str) -> Table:
    """A plain table: the first column is words, the others are numbers."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), no_wrap=True, justify="left" if place == 0 else "right")
    return table


def print_result(result: Result) -> None:
    """The measures of one scenario."""
    console = console_of_width()
    console.print(result.repeats.scenario.name, style="bold", markup=False)
    console.print(result.repeats.scenario.question, style="italic", markup=False)
    table = a_table("Per 1,000 people", "year", "value", "likely range", "luck alone")
    names = words.MEASURES | headings_of_outcomes(result.repeats)
    for row in result.measures():
        digits = 3 if row["measure"] == "qalys" else 0
        if row["group"] != "all" or row["year"] is None or row["value"] is None:
            continue
        ranges = [
            "unknown" if row[low] is None else f"{row[low]:,.{digits}f} to {row[high]:,.{digits}f}"
            for low, high in (("low", "high"), ("luck_low", "luck_high"))
        ]
        other = row["measure"] == "in_recovery" and row["definition"] != result.definition
        heading = words.beside(row["definition"]) if other else names[row["measure"]]
        table.add_row(heading, str(row["year"]), f"{row['value']:,.{digits}f}", *ranges)
    console.print(table)
    scenario = result.repeats.scenario
    if scenario.local:
        console.print(words.fitted([file.kind for file in scenario.local]), markup=False)
    if scenario.altered:
        console.print(words.altered(scenario.altered), markup=False)
    console.print(f"In recovery: {in_words(result.definition)}.")
    print_basis(console, result.stamp)


def print_journey(journey: Journey, console: Console | None = None) -> None:
    """One person's story, or the same person's in two worlds beside each other."""
    from recoverysim.studies.telling import ending, years_of

    console = console or console_of_width()

    def say(*lines: str, style: str | None = None) -> None:
        for line in lines:
            console.print(line, style=style, markup=False)

    twins, changed = journey.twins, journey.lives[0].scenario.altered
    say(journey.introduction(), style="bold")
    if twins:
        say(story_of_twins.BEFORE, twins.world(), twins.offers())
    say(*([words.altered(changed)] if changed else []), story.KEY)
    if twins:
        for one in twins.years():
            say(f"\nYear {one.year}", style="bold")
            say(*(["In both worlds:", *one.both] if one.both else []))
            _print_beside(console, twins, one.rows)
        say("\nHow it stands", style="bold")
        _print_beside(console, twins, twins.how_it_stands())
        say("\nIn short", style="bold")
        say(*twins.summary(), story_of_twins.AFTER)
    else:
        (life,) = journey.lives
        for year, lines in enumerate(years_of(life), 1):
            say(f"\nYear {year}", style="bold")
            say(*lines)
        say("\nHow it stands" if life.died is None else "\nLooking back", style="bold")
        say(*ending(life))
    say(f"\n{words.SIMULATED} {words.MEDICATION}")
    say(_small_print(journey), style="dim")


def _print_beside(console: Console, twins: Twins, rows: Sequence[RowOfTwins]) -> None:
    """Rows of two lives, under the names of their worlds."""
    from rich.table import Table
    from rich.text import Text

    if rows:
        beside = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 0, 0))
        beside.add_column("", width=WHEN)
        for name in twins.names:
            beside.add_column(Text(f"In “{name}”"), ratio=1, header_style="italic")
        for row in rows:
            beside.add_row(*map(Text, row))
        console.print(beside)


def _small_print(journey: Journey) -> str:
    """What made a journey, in one line."""
    by = journey.stamp
    worlds = ", ".join(life.scenario.name for life in journey.lives)
    return (
        f"recoverysim {by['version']}, {worlds}, seed {by['seed']}, {by['repeats']} × "
        f"{by['clients']:,} people, {by['knowledge']} {by['parameters'][:12]}"
    )


def print_evidence(rows: list[dict[str, Any]]) -> None:
    """Parameters with what they rest on; one alone with its figures in full."""
    console = console_of_width()
    for row in rows:
        spread = (
            ""
            if row["distribution"] == "fixed"
            else f" ({row['low']:g} to {row['high']:g}, {row['distribution']})"
        )
        console.print(f"[bold]{row['key']}[/bold]  {row['value']:g} {row['unit']}{spread}")
        if row["accepted"] is not None:
            ends = f"{row['accepted_low']:.3g} to {row['accepted_high']:.3g}"
            console.print(
                f"    accepted by calibration: {row['accepted']:.3g} (95%: {ends})", markup=False
            )
        about = "; ".join(text for text in (row["studied"], row["note"]) if text)
        sourced = row["source"] != ASSUMED
        source = f"{row['source']} [{row['grade']}]" if sourced else row["grade"]
        console.print(f"    {source}{': ' + about if about else ''}", markup=False)
        if len(rows) == 1 and row["key"].split(".")[0] in (LAYOUT.names or ()):
            for figure in sources_of(all_quantities()[row["key"]]):
                console.print(
                    f"    {figure.id}: {figure.quantity}: {figure.value}\n"
                    f"        {figure.population}. "
                    f"{figure.source} ({figure.verification}; used for {figure.use})",
                    markup=False,
                )
    assumed = sum(row["grade"] == ASSUMED for row in rows)
    console.print(f"{assumed} of {len(rows)} assumed.")


def print_grounds() -> None:
    """What all numbers together rest on, by section, and which of the levers are assumed."""
    console = console_of_width()
    console.print("\nResting on what?", style="bold")
    counted = grounds.by_section()
    table = a_table("Numbers of the model", *GRADES, "all")
    for section, grades in (*counted.items(), ("all of them", grounds.by_grade())):
        cells = [str(grades[grade] or "–") for grade in GRADES]
        table.add_row(section, *cells, str(sum(grades.values())))
    console.print(table)
    for said in grounds.told():
        console.print(said, markup=False)


def print_speed(found: dict[str, Any]) -> None:
    """Nanoseconds and ratios."""
    print(f"{found['clients']:,} clients, {found['weeks']:,} weeks, one thread, CPU time")
    print(f"{found['ns_per_client_week']:8.1f} ns per client-week, the dead included")
    for name, nanoseconds in found["phases"].items():
        print(f"{nanoseconds:8.1f} ns  {name}")
    for name, ratio in found["ratios"].items():
        print(f"{ratio:8.2f} ×  {name}")


def print_health(found: dict[str, Any]) -> None:
    """What doctor found, a line each."""
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {inner}" for key, inner in value.items())
        elif isinstance(value, list):
            value = "; ".join(map(str, value)) or "none"
        print(f"{name.replace('_', ' '):<22} {value}")
