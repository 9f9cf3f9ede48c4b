"""Lives made by hand for tests, and told lines read back."""

import re

import numpy as np

from recoverysim import codes
from recoverysim.clients import empty_table
from recoverysim.journeys import STAY
from recoverysim.scenario import load
from recoverysim.studies.life import Life


def told_again(lines):
    """What lines tell, as (week, phrase), without ends of years and years without events."""
    found = []
    for line in lines:
        begins = re.match(r"(?:Week (\d+)|(At the start)): (.*)\.$", line)
        if begins is None:
            assert line.startswith(("At the end of year", "All year: ")), line
            continue
        week = int(begins[1] or 0)
        for phrase in begins[3].split("; "):
            later = re.match(r"in week (\d+) (.*)", phrase)
            week, phrase = (int(later[1]), later[2]) if later else (week, phrase)
            found.append((week, phrase))
    return found


def a_life(weeks, stays=(), name="baseline", **columns):
    """A life of so many weeks. Each column is {week: value from then on}.

    `stays` are (week in, week out, stage, modality, ended). People around: 3 of 8, always.
    """
    rows = np.repeat(empty_table(1), weeks + 1)
    rows["age"], rows["stage"] = 46.0, codes.COMMUNITY
    for column, values in columns.items():
        for week, value in sorted(values.items()):
            rows[column][week:] = value
    records = np.zeros(len(stays), STAY)
    for number, (week_in, week_out, stage, modality, ended) in enumerate(stays):
        records[number] = (1, number, week_in, week_out, stage, modality, ended)
    scenario = load("baseline").replace({}, name=name)
    return Life(scenario, rows, [(3, 8)] * (weeks + 1), records)


def counting(weeks, since):
    """A clock that counts from 0 at a week: a column for `a_life`."""
    return {week: max(0, week - since) for week in range(weeks + 1)}


def told_beside(rows, one):
    """What rows of two lives tell of each, as {week: phrases}; "the same" is put into words.

    `one` are the events of the first, in whose words "the same, after 3 weeks" is completed.
    """
    told, week = ({}, {}), None
    for row in rows:
        if row.when.startswith(("End of", "All year")):
            continue
        week = int(row.when.removeprefix("Week ").replace("At the start", "0") or week)
        right = row.other
        if right == "the same":
            right = row.one
        elif right.startswith("the same, "):
            (event,) = (e.event for e in one if e.week == week and e.told == row.one)
            right = f"{event}, {right.removeprefix('the same, ')}"
        for mine, said in zip(told, (row.one, right), strict=True):
            if said:
                mine.setdefault(week, []).extend(said.split("; "))
    return told
