"""Every sentence of the dashboard that is not an answer itself: `words.py` makes those."""

from __future__ import annotations

from recoverysim.quantities import Quantity
from recoverysim.words import several, signed, simulated, whole

START, COMPARE, JOURNEY, WHY, EVIDENCE, REPORT, ABOUT = (
    "Start", "Compare", "Journey", "Why", "Evidence", "Report", "About",
)  # fmt: skip

SHELL = {
    "skip": "Skip to the page",
    "menu": "Menu",
    "keys": "Keys",
    "keys_told": (
        "? shows this. 1 to 4 go to a lever, arrow keys move it, Page Up and Page Down by ten. "
        "U undoes, R replays the last change, B goes back to today, S copies the link, P is for a "
        "projector. Ctrl+Z and Ctrl+Shift+Z undo and redo."
    ),
    "single_keys": "Single keys are on",
    "close": "Close",
    "lost": "The connection is lost. The levers wait; your settings are in the address.",
}

PANEL_FAILED = "This part could not be shown."
SETTINGS_ARE_SAFE = "Your settings are safe, and the rest of the page goes on."
DETAILS = "Details"
TRY_AGAIN = "Try again"
LINK_COPIED = "The link is copied. It holds your settings, and the numbers as they are now."
COPIED = {
    "python": "Python code is copied.",
    "command": "The command is copied. It runs in a shell such as bash.",
}

LEVERS = {
    "title": "Change the way people are linked",
    "legend": "Hatched bar: what is seen today. Black mark: today’s value.",
    "which": "Which scenario do the levers move?",
    "way": "How are people linked to mutual aid?",
    "beyond": "Beyond the studies.",
    "more_levers": "More levers",
    "fewer": "Fewer levers",
    "undo": "Undo",
    "redo": "Redo",
    "replay": "Replay last change",
    "today": "Back to today",
    "add_told": "Other scenarios",
    "add": "Add to compare",
    "swap": "Use in place of this one",
    "remove": "Take this one out",
    "full": "Four scenarios is the most. Take one out first.",
    "upload": "Open a scenario file (.yaml)",
    "bad": "{name} must be {low} to {high} {unit}. You typed {typed}.",
    "nothing": "nothing",
    "too_large": "This file is larger than 256 KiB, which no scenario file may be.",
}

WAYS = {
    "mix": "As it is today: a mix",
    "none": "Nothing is offered",
    "leaflet": "A leaflet",
    "clinician": "A clinician introduces",
    "intensive": "Intensive referral, with follow-up",
    "peer": "A peer introduces and goes along",
}

# How each lever is called, and what it says of its unit when it is read aloud.
LEVER_NAMES = {
    "offered_leaflet": "People given a leaflet",
    "offered_clinician": "People a clinician introduces",
    "offered_intensive": "People offered intensive referral",
    "offered_peer": "People a peer goes along with",
    "meetings": "Meetings within reach",
    "lasts": "How long linking lasts",
    "fidelity_clinician": "How well clinicians introduce",
    "fidelity_intensive": "How well intensive referral is done",
    "fidelity_peer": "How well peers introduce",
    "trained": "Workers trained in mutual aid",
    "on_the_premises": "Wards with meetings in the house",
    "choices": "SMART and other choices",
    "start_within_a_week": "People who start care within a week",
    "aftercare": "People with check-ups after care",
    "aftercare_weeks": "How long check-ups last",
    "housing": "People offered recovery housing",
    "centres": "People a recovery centre reaches",
    "medication": "Person-centred medication",
    "naloxone": "People who carry naloxone",
}
UNITS = {
    "percent": ("%", "percent"),
    "times": ("% of today", "percent of today"),
    "weeks": (" weeks", "weeks"),
}
FOR_GOOD = "for good"


def seen(ends: tuple[str, ...], grade: str, *, practice: bool) -> str:
    """Under a lever: the range that is seen, today's value, and how good the evidence is."""
    low, high, today = ends
    where = "Services today" if practice else "Studies"
    span = low if low == high else f"{low} to {high}"
    return f"{where}: {span} · today {today} · {grade}"


NOT_WORKED = "This scenario could not be run. Your settings are safe."
SAME_AS_TODAY = "This is the same as today. Change something on the left to see a difference."
QUICK = "A quick look"
SHARPENING = "Quick look, sharpening"


def working(done: int, of: int, quick: bool) -> str:
    """While the exact answer is on its way."""
    return f"Quick look, sharpening: {done} of {several(of, 'repeat')} done"


def settled(repeats: int, people: int) -> str:
    """Under an exact answer."""
    return f"{several(repeats, 'repeat')} of {simulated(people)}"


def stopped(done: int, of: int) -> str:
    """Where somebody stopped it."""
    return f"Stopped: from {done} of {several(of, 'repeat')}"


STOP = "Stop"
GO_ON = "Go on"

CARD_TITLES = {
    "in_recovery": "In recovery {after}",
    "in_recovery_a_year_or_more": "In recovery for a year or more",
    "attending": "Go to mutual aid",
    "deaths": "Have died",
}
PER_1000 = "in every 1,000"
FROM_TODAY = "from {today} today"
TOO_CLOSE = "Too close to call"
NO_DIFFERENCE = "No difference"


def card_difference(difference: float, low: float | None, high: float | None) -> str:
    """'+7, from −2 to +15'."""
    if low is None or high is None:
        return f"{signed(difference)}, range unknown"
    return f"{signed(difference)}, from {signed(low)} to {signed(high)}"


def in_the_area(
    difference: float, low: float | None, high: float | None, a_year: int, years: int
) -> str:
    """The same for an area of so many people a year: what a difference per 1,000 comes to."""
    scale = a_year / 1000
    if low is None or high is None:
        return ""
    mean, least, most = (whole(scale * one) for one in (difference, low, high))
    return (
        f"Of {a_year:,} people who start care in a year, that is {signed(mean)} in recovery "
        f"({signed(least)} to {signed(most)}) {several(years, 'year')} later."
    )


# --- levers -----------------------------------------------------------------------------------

YEARS_UNIT, FOR_GOOD_UNIT = " years", " years: as long as we look"
LASTS_TOLD = "A choice. 10 years is as long as we look."
LASTS_SOURCE = (
    "How long a programme is paid for is a choice; no study gives a usual length. When it ends, "
    "offers go back to what they are today. Most people are offered a link when they start care, "
    "so a longer programme reaches above all people who come back to care."
)
GRADE, STUDIED, FIGURES, NAMED = "Grade", "Who was studied", "Published figures:", "In the model:"
NO_STUDY = "No published figure was found for this number: it is a judgement."


def less(name: str) -> str:
    """The button that lowers a lever."""
    return f"Less: {name}"


def more(name: str) -> str:
    """The button that raises a lever."""
    return f"More: {name}"


def box(name: str, unit: str) -> str:
    """The number box of a lever."""
    return f"{name}, in {unit}"


def source_of(name: str) -> str:
    """The question mark of a lever."""
    return f"Says who? {name}"


def value_told(of: Quantity) -> str:
    """A number of the model with its range."""
    span = "" if of.low == of.high else f", {of.low:g} to {of.high:g}"
    return f"Value in the model: {of.value:g}{span} ({of.unit})."


COMPARE_TITLE = "Compare ways of linking people to mutual aid"
FIRST_WAIT = "The first answer is on its way."
AFTER, COUNTS_AS = "After", "In recovery means"
