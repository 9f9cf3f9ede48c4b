"""Every sentence of the dashboard that is not an answer itself: `words.py` makes those."""

from __future__ import annotations

from recoverysim.quantities import Quantity
from recoverysim.shown import Card
from recoverysim.words import several, signed, simulated

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


def without(library: str) -> str:
    """Where a library of the extra is not installed."""
    return f"the dashboard needs {library}: pip install 'recoverysim[dashboard]'"


NO_SUCH_PAGE, GO_TO_START = "There is no such page.", "Go to Start"
PANEL_FAILED = "This part could not be shown."
SETTINGS_ARE_SAFE = "Your settings are safe, and the rest of the page goes on."
DETAILS = "Details"
TRY_AGAIN = "Try again"
LINK_COPIED = "The link is copied. It holds your settings, and the numbers as they are now."
LEAVE_PROJECTOR = "For a projector. P goes back."
COPIED = {
    "python": "Python code is copied.",
    "command": "The command is copied. It runs in a shell such as bash.",
}

LEVERS = {
    "title": "Change the way people are linked",
    "legend": "Hatched bar: what is seen, or assumed, today. Black mark: today’s value.",
    "to_area": "Put in your area’s own numbers",
    "which": "Which scenario do the levers move?",
    "way": "How are people linked to mutual aid?",
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


BEYOND = "Beyond the studies."
BEYOND_ASSUMED = "Beyond the studies: what services do today is itself assumed."
BEYOND_PRACTICE = "Beyond the studies of today’s services."


def seen(ends: tuple[str, ...], grade: str, *, practice: bool) -> str:
    """Under a lever: the range that is seen, today's value, and how good the evidence is."""
    low, high, today = ends
    where = "Services today" if practice else "Studies"
    if low == high:
        return f"A choice of services · today {today}" if practice else f"{today} · {grade}"
    return f"{where}: {low} to {high} · today {today} · {grade}"


def bad_name(name: str, longest: int) -> str:
    """A name that no link can hold."""
    return (
        f"The name “{name[:longest]}” cannot be used here: at most {longest} letters, digits, "
        "spaces, dots, - and _, beginning with a letter or digit."
    )


def changed(base: str, changes: list[tuple[str, str]], lasts: int | None) -> str:
    """What a scenario asks that was changed here."""
    told = [f"{name}: {value}" for name, value in changes]
    told += [f"linking for {several(lasts, 'year')}"] if lasts is not None else []
    return f"What if {base} were changed ({'; '.join(told)})?"[:300]


def began_as(base: str, question: str) -> str:
    """Under the way of linking, once levers were moved."""
    return f"Changed from “{base}”: {question}"


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
    "in_recovery_a_year_or_more": "In recovery a year or more",
    "attending": "Go to mutual aid",
    "deaths": "Have died",
}
PER_1000 = "in every 1,000"
FROM_TODAY = "from {today} today"
TOO_CLOSE = "Too close to call"
NOT_YET = "Nobody can be: a year has only just passed"
WORKING = "Working on your change …"


def ends(low: float | None, high: float | None) -> str:
    """'−2 to +15', or that it is under one."""
    if signed(low) == signed(high) == "0" and (low, high) != (0, 0):
        return "less than 1 either way"
    return f"{signed(low)} to {signed(high)}"


def card_difference(difference: float, low: float | None, high: float | None) -> str:
    """'+7, from −2 to +15'."""
    if low is None or high is None:
        return f"{signed(difference)}, range unknown"
    told = ends(low, high)
    return f"{signed(difference)}, {told if 'less' in told else f'from {told}'}"


def in_the_area(card: Card, a_year: int, years: int) -> str:
    """The same for an area of so many people a year: what a difference per 1,000 comes to."""
    if card.low is None or card.high is None:
        return ""
    mean, low, high = (a_year / 1000 * one for one in (card.difference, card.low, card.high))
    return (
        f"Of {a_year:,} people who start care in a year, that is {signed(mean)} in recovery "
        f"({signed(low)} to {signed(high)}) {several(years, 'year')} later."
    )


# --- levers -----------------------------------------------------------------------------------

YEARS_UNIT, FOR_GOOD_UNIT = " years", " years or more"
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
OPEN_DRAWER, CLOSE_DRAWER = "Change the levers", "Put the levers away"
FIRST_WAIT = "The first answer is on its way."
AFTER, COUNTS_AS = "After", "In recovery means"
SAVE_OR_READ = "Save, or read as a table"
COPY_WORDS, WORDS_COPIED = "Copy in words", "The picture in words is copied."
WITH_STATIONS, WITHOUT_STATIONS = "Show it as a train line", "Show it plainly"
SHOW = {"attending": "Show who goes to mutual aid", "in_recovery": "Show who is in recovery"}
SCENARIO, SIDE_BY_SIDE = "Scenario", "All scenarios beside each other"
SIDE_TOLD = "People in every 1,000; in brackets more or fewer than today, and the likely range."
SIDE_BETWEEN = (
    "Each is set against today. Whether two of them differ from each other is another question: "
    "where their ranges overlap, take it as too close to call."
)

# --- the area ---------------------------------------------------------------------------------

AREA = {
    "title": "Your area",
    "told": (
        "Five or more numbers of your own. They hold in both worlds. An empty box keeps the value "
        "that stands in it."
    ),
    "clear": "Put all back",
}
AREA_NAMES = {
    "a_year": "People who start care in a year",
    "start_within_a_week": "Start care within a week",
    "peers_today": "A peer introduces them today",
    "clinicians_today": "A clinician introduces them today",
    "peer_hour": "An hour of a peer worker costs",
    "staff_hour": "An hour of staff costs",
    "detox_places": "Places in detox",
    "residential_places": "Places in residential care",
}
AREA_UNITS = {"a_year": "people", "share": "%", "pounds": "pounds", "places": "places"}
AREA_PEOPLE = "Tells the answer in your own numbers of people; it changes no share."
AREA_PLACES = "Empty: as many as are needed. With a number, people come week by week and may wait."
AREA_PEOPLE_FIRST = "First say how many people start care in a year."


def standard(value: float, kind: str, of: Quantity, sources: list[str]) -> str:
    """Under a box of the area: what stands there by itself, and what it rests on."""
    sign = "%" if kind == "share" else " pounds"
    rests = f"{of.grade}: {'; '.join(sources)}" if sources else "assumed: no study was found"
    return f"Without a number of yours: {value:g}{sign} ({rests})."


def out_of_bounds(name: str, low: float, high: float, typed: str) -> str:
    """Beside a box that holds what cannot be."""
    return f"{name} must be {low:,.10g} to {high:,.10g}. You typed {typed[:20] or 'nothing'}."


# --- more of the Compare page -----------------------------------------------------------------

REPLAY = {
    "before": "Before the last change",
    "after": "After the last change",
    "swap": "Show the other",
    "end": "End the replay",
}
HOW_SURE = "How sure is this?"


def rough(done: int, enough: int) -> str:
    """Beside a range from few repeats."""
    return (
        f"A range from {several(done, 'repeat')} is rough, and may call a difference too soon or "
        f"too late. `--repeats {enough}` on the copied command is better."
    )


BEAR_IN_MIND = "What to bear in mind"
ALL_CHANGES = "Changes and what came of them"
CHANGES_TOLD = "In the order they were made; in another order each might add something else."
NOT_SETTLED = "A difference is not established where the range holds zero."
HAND_OVER = "Hand it over"
COPY_LINK, COPY_PYTHON, COPY_COMMAND, SAVE_SCENARIO, TO_REPORT = (
    "Copy link", "Copy as Python", "Copy as command", "Save scenario file", "Make a report",
)  # fmt: skip
LINK_HOLDS = "The link holds your settings and the printed numbers; nothing is stored here."
UNREAD = "Some of this link could not be read. It was left out, and what stands here is the rest:"
SAVED = "As the link has it"
RUN_NOW, SHOW_SAVED = "Run it now", "Show the saved numbers"


def old_link(then: str, now: str) -> str:
    """A link from another version."""
    if then == now:
        return "This link holds numbers that differ from those of today’s run."
    return f"This link was made with recoverysim {then}. Numbers may differ in {now}."


def how_sure(measure: str, card: Card) -> str:
    """Both ranges of a card, and what each holds."""
    if card.low is None or card.luck_low is None:
        return f"{measure}: too few repeats to give a range."
    luck, both = ends(card.luck_low, card.luck_high), ends(card.low, card.high)
    return f"{measure}: luck alone {luck}; luck and what is not known {both}."


# --- the report -------------------------------------------------------------------------------

REPORT_TITLE = "A report to hand over"
REPORT_TOLD = (
    "Four parts: the answer and its limits, the pictures, the settings and their sources, the "
    "method and how to run it again. It reads well to somebody who never saw this tool."
)
REPORT_WAITS = "The exact answer is on its way; the report follows by itself."
REPORT_PREVIEW = "How it looks"
REPORT_PRINTS = "The page needs no internet and no scripts. It prints on A4, also in grey."
SAVE_PAGE, SAVE_DOCUMENT = "Save as a web page", "Save as a Word document, to edit"
