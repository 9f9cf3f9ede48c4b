"""What is said of simulated people, month by month, in one world and in another."""

from __future__ import annotations

from recoverysim import words
from recoverysim.words import several, years

PLACES = {
    "waiting": "waiting for care",
    "taxi": "in detox",
    "station": "in treatment",
    "platform": "not using, not yet for long",
    "off": "off the train, can board again",
    "train": "in recovery",
    "arrived": "in recovery for five years or more",
    "died": "died",
}

RECOVERED = (5, 6)  # of shown.PLACES: on the train, and arrived
KINDS = ("with", "without", "both", "neither")
ONLY_IN_THIS_WORLD = "Well in this simulated world only. In the other their luck went another way."
KEYED = (
    "Which simulated person differs depends on how luck is keyed to each. It says nothing about "
    "real people."
)
NET_ONLY = (
    "Only the net difference can be estimated. Some may fare better and others worse; how many of "
    "each cannot be known."
)
UNWELCOME = (
    "Here they went to a group that did not welcome their medication. "
    "The model counts that as a harm."
)
GROUP_OF = {
    "with": "In recovery in “{other}” only",
    "without": "In recovery in “{one}” only",
    "both": "In recovery in both worlds",
    "neither": "In recovery in neither world, at that time",
}


def person_called(number: int) -> str:
    """'simulated person 14'."""
    return f"simulated person {number}"


def who(woman: bool, age: float, dependence: str, need: bool) -> str:
    """'a woman of 34 with alcohol dependence and a mental-health need'."""
    said = f"a {'woman' if woman else 'man'} of {int(age)} with {dependence}"
    return f"{said} and a mental-health need" if need else said


def told(place: str, recovered: str, after_years: int) -> str:
    """How somebody stands in one world at the end, and for how long in recovery so far."""
    been = f"; in recovery for {recovered} in all" if recovered else ""
    return f"{PLACES[place]} after {years(after_years)}{been}"


def of_hundred(
    both: int, neither: int, net: int, difference: int, name: str, after_years: int
) -> list[str]:
    """The three numbers of 100 people, in sentences; `difference` is per 1,000, rounded."""
    thousand = f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} in every 1,000"
    if difference == 0:
        third = f"With “{name}” about as many are in recovery as without."
    elif net == 0:
        third = f"With “{name}” about {thousand} are: fewer than 1 in 100."
    else:
        way = "more" if net > 0 else "fewer"
        third = f"With “{name}” about {abs(net)} {way} than without: {thousand}."
    return [
        f"At most {both} are in recovery after {years(after_years)} either way.",
        f"At most {neither} are in recovery neither way, or have died.",
        third,
    ]


def range_of(low: float, high: float) -> str:
    """The likely range of the difference; that nothing is settled where it holds none."""
    ends = " to ".join(words.more_or_fewer(end) for end in (low, high))
    settled = words.is_settled(low, high)
    return f"{'Likely range' if settled else 'Too close to call'}: from {ends} in every 1,000."


def apart(people: int, with_it: int, without: int, names: tuple[str, str]) -> str:
    """How many simulated people stand in recovery in one of the two worlds only."""
    return (
        f"Of {people:,} simulated people, {with_it:,} were in recovery in “{names[1]}” only, and "
        f"{without:,} in “{names[0]}” only."
    )


def off_by(dots: int) -> str:
    """How far the dots are from the averages; nothing where they are not."""
    return f"Some places are off by {several(dots, 'dot')}." if dots else ""


# --- the Journey page -------------------------------------------------------------------------

JOURNEY = {
    "title": "Two hundred simulated people, month by month",
    "legend": (
        "Each dot is one simulated person, the same in both worlds. Filled: goes to mutual aid. "
        "Hollow square: waiting for care. Hollow triangle: off the train, can board again."
    ),
    "player": "Play the months",
    "play": "Play",
    "pause": "Pause",
    "back": "Back",
    "on": "On",
    "back_aloud": "One month back",
    "on_aloud": "One month on",
    "month": "Month",
    "speed": "Speed",
    "still": "Your device asks for less movement. Go from month to month with Back and On.",
    "stage": "The line from Edinburgh to London. Space plays and pauses.",
    "start": "At the start",
    "when": "Month {month} of {all} (year {year})",
    "on_the_train": "{n} of 200 dots in recovery",
    "in_recovery": "{n} in recovery",
    "follow": "Follow one person",
    "nobody": "Nobody",
    "person": "Simulated person {n}",
    "not_come": "has not come yet.",
    "has_died": "died in year {year} in this world. It is nobody’s fault.",
    "since": "On the train: last used {time} ago",
    "goes": "goes to mutual aid",
    "goes_not": "does not go to mutual aid",
    "table": "Where people are, in numbers",
    "caption": "Where people are: {month}",
    "place": "Place",
    "dots": "Dots",
    "all": "All people, per 1,000",
    "sum": "Dots drawn",
    "deaths": (
        "People who have died, of every 1,000: {one} in “{name}”, {other} in “{another}”. Of the "
        "200 people: {a} and {b}. They are not drawn."
    ),
    "alt": "The line from Edinburgh to London, 200 simulated people in each world.",
    "sample": (
        "In the last month the dots stand as all people do on average, within one dot. In earlier "
        "months they may be a few dots off."
    ),
}
SPEEDS = ((1, "slow"), (2, "normal"), (4, "fast"))
ON_THE_LINE = {
    "waiting": "Waiting for care",
    "taxi": "In the taxi: detox",
    "station": "On the way to the station: treatment",
    "platform": "On the platform: not using, not yet for long",
    "off": "Off the train, can board again",
    "train": "On the train: in recovery",
    "arrived": "Arrived: five years or more",
    "died": "Died",
}
JOURNEY_TITLE = "What happens to people, month by month"
WORKING = "Living both worlds month by month"
WORKING_ON = "{done} of {all} repeats lived"
TELLING = "Reading both lives"
NOT_DONE = "The lives could not be lived. Your settings are safe."
OF_100 = "Of 100 people"
TWINS = "The same person in two worlds"
TWINS_TOLD = (
    "Twelve simulated people, some of each kind, taken evenly from the run and not for their story."
)
TWINS_PROVE_NOTHING = "Twins prove nothing."
NO_DOT = "not among the dots"
NOBODY_OF_KIND = "Nobody here."
FOLLOW, READ = "Follow", "Read both lives"
IN_SHORT, HOW_IT_STANDS, IN_BOTH = "In short", "How it stands", "In both worlds"


def quarters() -> list[str]:
    """For each quarter of a year on the train, how long ago somebody last used."""
    found = ["less than 3 months"]
    for quarter in range(1, 20):
        whole, rest = divmod(quarter, 4)
        parts = [years(whole)] if whole else []
        parts += [f"{3 * rest} months"] if rest else []
        found.append(" ".join(parts))
    return found


def both_lives(number: int, client: int, repeat: int) -> str:
    """Over one person's two lives; repeats are counted from 1."""
    found = f"client {client:,} of repeat {repeat + 1}"
    return f"{person_called(number).capitalize()} ({found}): the same person in two worlds"


def in_recovery(meaning: str) -> str:
    """What counts as recovery here."""
    return f"In recovery: {meaning}."


STAGE_FLOW = "Where all people are, month by month"
AS_AREAS, AS_FLOWS = "As areas", "As flows between years"

NOT_WHEN_OPEN = (
    "With places that are limited, people come week by week, each at another time. The journey "
    "follows people who all start in the same week. Take the places out of “Your area” on the "
    "Compare page to see it."
)
