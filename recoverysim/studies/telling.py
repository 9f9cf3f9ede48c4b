"""One life told: a paragraph a year, how things stand as each year ends, and after the last."""

from __future__ import annotations

from recoverysim import story
from recoverysim.codes import ABSTINENT, IN_USE, WEEKS_A_YEAR
from recoverysim.studies.life import Life, year_of


def years_of(life: Life) -> list[list[str]]:
    """A life in lines, a year each: what happened, and how things stand at the year's end.

    The last year has no such end, since `ending` says it; nothing comes after a death.
    """
    events = life.events()
    years = year_of(len(life.rows) - 1)
    told = []
    for year in range(1, years + 1):
        last = life.end_of(year)
        if not life.lives_at((year - 1) * WEEKS_A_YEAR):
            break
        lines = story.tell([event for event in events if year_of(event.week) == year])
        if not lines:
            lines.append(f"All year: {all_year(life, year)}.")
        if year < years and life.lives_at(last):
            lines.append(story.at_year(year, at_the_end_of(life, year)))
        told.append(lines)
    return told


def all_year(life: Life, year: int) -> str:
    """What held in a year without events."""
    row = life.rows[life.end_of(year)]
    return story.unchanged(*(int(row[name]) for name in ("stage", "modality", "use", "attendance")))


def at_the_end_of(life: Life, year: int) -> tuple[str, ...]:
    """How things stand as a year ends: treatment, use, mutual aid, people around.

    Not going to mutual aid is said once, and not again each year that it stays so. A lapse does
    not wipe out the weeks before it: all weeks without use so far are counted.
    """
    week = year * WEEKS_A_YEAR
    where, use, mutual_aid, around = stands(life, week)
    so_far = life.weeks(until=week)
    row = life.rows[week]
    spell = life.lasted(week, "use") - 1 if row["use"] == ABSTINENT else 0
    if so_far.without_use > spell:
        use += f" ({so_far.without_use} of {so_far.lived} weeks so far without use)"
    going = int(row["attendance"]) in story.GOING
    if not going and year > 1 and life.lasted(week, "attendance") > WEEKS_A_YEAR:
        mutual_aid = ""
    return where, use, mutual_aid, around


def stands(life: Life, week: int) -> tuple[str, str, str, str]:
    """Where this person is after a week, and what of use, mutual aid and the people around."""
    row = life.rows[week]
    lasted = life.lasted(week, "use")
    use = story.using_now(int(row["use"]), lasted - 1, returned=lasted <= week)
    mutual_aid = story.STANDINGS[int(row["attendance"])]
    going = int(row["attendance"]) in story.GOING
    if going and row["use"] == IN_USE and life.lasted(week, "attendance", story.GOING) > lasted:
        mutual_aid = f"still {mutual_aid}"
    where = story.where(int(row["stage"]), int(row["modality"]))
    return where, use, mutual_aid, life.around(week)


def how_it_ends(life: Life) -> str:
    """How things stand after the last year, or how long a life was that ended."""
    weeks = len(life.rows) - 1
    if life.died is not None:
        before = life.died - 1
        without = life.lasted(before, "use") if life.rows[before]["use"] == ABSTINENT else 0
        return story.life_ends(life.died, weeks, without, life.they)
    years = weeks // WEEKS_A_YEAR
    age = float(life.rows[0]["age"]) + years
    return story.how_it_stands(years, age, stands(life, weeks), life.they)


def ending(life: Life) -> list[str]:
    """How things stand after the last year, and how the years were spent."""
    return [how_it_ends(life), *(f"{about}: {line}." for about, line in life.spent().items())]


def story_of(life: Life) -> str:
    """A whole life: a paragraph a year under its number, and how things stand at the end."""
    years = [f"Year {year}\n" + "\n".join(lines) for year, lines in enumerate(years_of(life), 1)]
    return "\n\n".join([*years, "\n".join(ending(life))])
