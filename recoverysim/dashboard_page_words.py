"""Sentences of the pages Start, Why, Evidence and About, and of what stands under every page."""

from __future__ import annotations

from collections.abc import Mapping

from recoverysim.words import is_settled, several, signed, simulated

# --- under every page -------------------------------------------------------------------------

SIMULATED = "Simulated people. Not clinical advice."
HELP = (
    "If this touches you: talk to someone you trust, or to your GP. In the UK, Samaritans listen "
    "day and night, free, on 116 123."
)

# --- Start ------------------------------------------------------------------------------------

START_TITLE = "What if services linked people to mutual aid differently?"
START_TOLD = (
    "recoverysim simulates journeys out of addiction, week by week and person by person. It "
    "compares ways of linking people to groups such as AA, NA, CA and SMART."
)
DOORS_TITLE = "Where would you like to begin?"
DOORS = (
    ("compare", "I plan or pay for services", "Compare",
     "Move a lever, see the answer change, take a report to your board."),
    ("journey", "I teach or explain", "Journey",
     "Play the years. Follow one simulated person, in two worlds."),
    ("about", "I do research", "About",
     "Use it from Python or the command line. See how it was checked."),
)  # fmt: skip
FOR_TITLE, NOT_FOR_TITLE = "What it is for", "What it is not for"
FOR = (
    "To ask “what if”, and see why an answer changes.",
    "To compare options, and to see how sure the answer is.",
    "To find out which unknown is worth a study.",
)
NOT_FOR = (
    "Not for advice to one person, nor for choosing a treatment.",
    "Not for judging a service, a group or a worker.",
    "Not a reason to stop medication. A person on medication may be in recovery.",
)
LIMITS_TITLE = "Before you use a number"
MORE_LIMITS = "More about limits and checks"


def limits(assumed: int, numbers: int, missed: int, figures: int) -> tuple[str, ...]:
    """What has to be known before a number is used; the first ones count most."""
    return (
        f"{assumed} of the model’s {numbers} numbers are assumed: no study was found.",
        "What mutual aid does comes mostly from US trials on alcohol. None was found on people "
        "with opioid dependence.",
        "People who go to mutual aid are readier in the first place. Only randomised trials can "
        "say how much it helps.",
        "Beyond three years the answer is extrapolated: no trial was found that lasted longer.",
        f"Of {figures} published figures, simulated studies miss {missed}.",
        "Nobody outside has reviewed it: no clinician, no statistician, no person with lived "
        "experience.",
    )  # fmt: skip


# --- jobs -------------------------------------------------------------------------------------

STOP, AGAIN = "Stop", "Run it again"
STALE = "What was found before is of other settings. Run it again."
NOT_DONE = "This could not be run. Your settings are safe."
BUSY = "Too many are waiting. Try again in a minute."


def steps_done(done: int, of: int) -> str:
    """While a job is at work."""
    return f"{done} of {several(of, 'step')} done"


def steps_stopped(done: int, of: int) -> str:
    """Where somebody stopped it."""
    return f"Stopped after {done} of {several(of, 'step')}."


# --- Why --------------------------------------------------------------------------------------

WHY_TITLE = "Why does it change, and what matters most?"
NOTHING_CHANGED = (
    "This scenario is the same as today, so there is no change to explain. Change something on "
    "the Compare page."
)
WAITS = "The answer is on its way."
SWITCHES_TITLE = "Switch parts of the model off"
SWITCHES_TOLD = (
    "A part that is off is off in both worlds, on every page. The link and the command hold it too."
)
MORE_PARTS, FEWER_PARTS, ALL_ON = "More parts", "Fewer parts", "All on again"
ON, OFF = "on", "off"
SWITCHES = {
    "title": SWITCHES_TITLE, "told": SWITCHES_TOLD, "more": MORE_PARTS, "fewer": FEWER_PARTS,
    "all_on": ALL_ON, "on": ON, "off": OFF,
}  # fmt: skip
PARTS_FIRST = (
    "mutual_aid_effect", "involvement", "company", "capital", "readiness", "fit", "group_life",
    "fidelity_drift", "practitioners",
)  # fmt: skip
PARTS = {
    "mutual_aid_effect": "What mutual aid does",
    "involvement": "Taking part grows",
    "company": "Friends",
    "capital": "Recovery capital and identity",
    "readiness": "Readiness",
    "use_makes_leaving": "Use makes leaving likelier",
    "state_dependence": "Having been before",
    "duration_dependence": "Time makes a difference",
    "remission_without_help": "Stopping without help",
    "fidelity_drift": "New programmes fade",
    "practitioners": "Workers differ",
    "places": "Limits on places",
    "group_life": "Groups open, close and differ",
    "stigma_of_medication": "Stigma of medication in groups",
    "fit": "How well it suits people",
    "lost_tolerance": "Lost tolerance",
    "medication_protection": "Medication protects",
    "aftercare": "Check-ups after care",
    "recovery_housing": "Recovery housing",
    "recovery_centres": "Recovery centres",
    "naloxone": "Naloxone",
    "medication_policy": "Medication policy",
    "close_ties": "Close ties count for more",
}
IN_TURN_TITLE = "What does the answer hang on?"
IN_TURN_TOLD = (
    "Each part is switched off in turn, in both worlds, with the same people and the same luck. If "
    "the difference then shrinks, it came through that part."
)
IN_TURN, CLOSER = "Switch each off in turn", "Look closer, with more people"
NOTHING_OFF = "As set now"
MOVES_TITLE = "By how much each part moves the answer"
MOVES_HEADS = ("Switched off", "More in recovery in every 1,000", "Moves the answer by", "So")
MOVES_IT, MAY_NOT, NOT_AT_ALL = "moves it", "too close to call", "moves it not at all"

MATTERS_TITLE = "What matters most of what nobody knows?"
MATTERS_TOLD = (
    "Many numbers of the model are not known exactly. Both worlds are lived with 100 sets of them, "
    "twice each. Then it shows which number the answer goes with."
)
FIND_OUT = "Find out"
MATTERS_CAUTION = (
    "A number matters here if the answer goes with it within its range. A number with too narrow a "
    "range would look unimportant."
)
IN_WORDS = "In words"
MATTERS_SHOWN = 10

NETWORK_TITLE = "Who knows whom"
NETWORK_CAUTION = (
    "One simulated world each: a picture, not an answer. After years most company is people "
    "outside the simulation, who are not drawn."
)
NETWORK_WAITS = "The picture follows the exact answer by itself."
NETWORK_EMPTY = "In this world nobody who is simulated knows another."


def basis(people: int, repeats: int) -> str:
    """How many people and repeats stand behind a job's numbers."""
    return f"{several(repeats, 'repeat')} of {simulated(people)}"


def company(shown: tuple[str, ...], names: tuple[str, ...]) -> str:
    """The share of people around who are in recovery, in each world."""
    told = ", ".join(f"{name} {number}" for name, number in zip(names, shown, strict=True))
    return f"Of the people around somebody, in recovery on average: {told}."


def without_friends(
    on: tuple[float, float | None, float | None], off: tuple[float, float | None, float | None],
    moved: tuple[float, float | None, float | None], basis_: str,
) -> str:  # fmt: skip
    """The difference with friends on and off, and whether the two can be told apart."""
    verdict = moves(*moved)
    verdict = {
        MOVES_IT: "Friends make a difference to it.",
        NOT_AT_ALL: "Friends make no difference to it.",
    }.get(verdict, "Whether friends make a difference to it is too close to call.")
    return (
        f"More in recovery: {ranged(*on)} with friends in the model, {ranged(*off)} with friends "
        f"switched off. {verdict} (A quick look: {basis_}.)"
    )


def ranged(number: float, low: float | None, high: float | None) -> str:
    """'+7 (−2 to +15)'."""
    if low is None or high is None:
        return f"{signed(number)} (range unknown)"
    if number == low == high == 0:
        return "0"
    return f"{signed(number)} ({signed(low)} to {signed(high)})"


def moves(number: float, low: float | None, high: float | None) -> str:
    """Whether switching a part off moves the answer."""
    if number == low == high == 0:
        return NOT_AT_ALL
    return MOVES_IT if is_settled(low, high) else MAY_NOT


def moves_in_all(names: list[str], looked: int) -> str:
    """Which parts move the answer, in a sentence."""
    if not names:
        return f"Of {several(looked, 'part')}, none can be said to move the answer."
    return f"These parts move the answer, beyond its likely range: {', '.join(names)}."


def moves_nothing(names: list[str]) -> str:
    """Which parts change nothing at all."""
    return f"Nothing changes at all without: {', '.join(names)}."


# --- Evidence ---------------------------------------------------------------------------------

EVIDENCE_TITLE = "Says who? Every number and where it comes from"
EVIDENCE_TOLD = (
    "Each number has a value, a range, a grade and a source, or says that it is assumed. You may "
    "put in a value of your own; it holds in every world."
)
GRADES_TITLE = "How good is the evidence?"
GRADES_HEADS = ("Grade", "Numbers", "What it means")
OWN_TITLE = "Your own values"
OWN_NONE = "None yet. Type a number in the last column of the table."
PUT_BACK, PUT_ALL_BACK = "Put back", "Put all back"
BEYOND = "Beyond the studies."
BEYOND_PRACTICE = "Beyond services today."
BEYOND_MODEL = "Other than in the model, which has no range for it."
NUMBERS_TITLE = "All numbers"
EVIDENCE = {
    "title": NUMBERS_TITLE, "search": "Search", "search_told": "Name, source, people studied",
    "section": "Part of the model", "grade": "Grade", "sort": "In order of", "all": "all",
    "back": "Back", "next": "Next", "caption": "Numbers of the model, with range, grade and source",
    "heads": ["Number", "Value", "Range", "Grade", "Measured in", "Your value"],
    "says_who": "Says who?", "close": "Close", "beyond": BEYOND, "cannot": "cannot be changed",
    "bad": "{name} must be {allowed}. You typed {typed}.", "nothing": "nothing",
    "put_back": PUT_BACK, "grade_is": "Grade", "studied": "Who was studied",
    "no_study": "No published figure stands behind it.", "may_be": "It may be",
}  # fmt: skip
SORTS = (("key", "name"), ("grade", "grade, best first"), ("mine", "your own first"))
MEASURED = {
    "uk": "UK", "uk+": "UK and elsewhere", "us": "United States", "other": "elsewhere, or not said",
    "none": "nobody: a judgement", "design": "a choice or a definition",
}  # fmt: skip
MEASURED_TOLD = (
    "“Measured in” is read from the words of the sources. Numbers from elsewhere may not fit the "
    "UK: whether they do is in no range."
)
NOT_VARIED = "not varied"
NONE_FOUND = "No number is like that. Search for less."
SET_BY = "The scenario “{name}” sets this itself: your value holds for today only."
FITS_NOT = "This value does not go with the others:"


def allowed(low: float, high: float, *, whole_number: bool) -> str:
    """What may be typed: '0 to 1', '0 or more'."""
    ends = f"{low:g} to {high:g}" if high != float("inf") else f"{low:g} or more"
    return f"a whole number, {ends}" if whole_number else ends


def own_value(mine: str, before: str, unit: str) -> str:
    """'0.2, in place of 0.33 (share)'."""
    return f"{mine}, in place of {before} ({unit})"


def grades(numbers: int, many: Mapping[str, int]) -> str:
    """How many numbers there are, and how many are assumed."""
    return (
        f"Of {numbers} numbers, {many['assumed']} are assumed: no study was found. "
        f"{many['design']} are choices or definitions."
    )


def evidence_found(first: int, last: int, of: int) -> str:
    """Which rows are shown."""
    return f"{first} to {last} of {several(of, 'number')}" if of else NONE_FOUND


# --- About ------------------------------------------------------------------------------------

ABOUT_TITLE = "May I trust it, and how do I cite it?"
CHECKED_TITLE = "What was checked"
CHECKED_MORE = (
    "The file docs/validation.md of the repository lists each figure, misses first. "
    "docs/assurance.md lists all checks, and what nobody has checked."
)
NOBODY_OUTSIDE = (
    "Nobody outside has reviewed it: no clinician, statistician, commissioner, peer worker or "
    "person with lived experience."
)
CHECKED_HEADS = ("Kind of figure", "Figures", "Met", "Missed")
KINDS = {
    "test": "Free to be missed: nothing was fitted to them",
    "fitted": "Fitted, or of a family that was fitted",
    "put in": "Put in: numbers of the model rest on them",
}
MISSES_SUMMARY = "The figures that are missed"
MISSES_HEADS = ("Study", "What is measured", "Whose", "Published", "Simulated")
LIMITS_OF = "Limits"
LIMITS_MORE = "The file docs/limits.md lists what is left out, and which way it bends the answer."
CITE_TITLE, COPY_CITATION, CITATION_COPIED = "Cite it", "Copy citation", "The citation is copied."
LICENCE_TITLE = "Licence"
LICENCE = "recoverysim is free software under the {licence} licence."
FONT_LICENCE = (
    "The letters are Source Sans 3, by Adobe, under the SIL Open Font License 1.1. They travel "
    "with the program."
)
PRIVACY_TITLE = "Privacy"
PRIVACY = (
    "Pages ask nobody for anything but the machine that runs this. They work without internet.",
    "Nothing that you type is stored there. It is in memory while you are here.",
    "Your settings are in the address of the page, which your browser may keep in its history.",
    "One cookie keeps your pages apart from others’. Nobody is counted or followed.",
    "Your browser also keeps whether single keys are on.",
)
USE_TITLE = "Use it from Python or the command line"
USE_TOLD = "What the Compare page shows can be had as code there: Copy as Python, Copy as command."
PYTHON = """import recoverysim as rs

found = rs.compare("peer-introduction", clients=2000, years=10, repeats=20)
print(found.headline())
found.table()            # every measure, as a polars table
found.plot()             # the difference over the years, with both ranges"""
COMMANDS = """recoverysim compare peer-introduction --repeats 200
recoverysim evidence linkage.peer.first_meeting
recoverysim journey baseline --client 14 --versus peer-introduction
recoverysim validate
recoverysim --help"""
RESEARCH_MORE = (
    "docs/commands.md has every command, docs/output.md every column, docs/plugins.md how to add a "
    "rule of your own."
)


def checked(met: int, figures: int, tests_met: int, tests: int, times: int) -> str:
    """How simulated studies did against published figures."""
    return (
        f"Each published study was simulated {times} times. {met} of {figures} figures are met, "
        f"{figures - met} are missed. Of the {tests} that were free to be missed, "
        f"{tests - tests_met} are missed."
    )


def citation(version: str) -> str:
    """How to cite it."""
    return (
        "The recoverysim developers. recoverysim: an agent-based simulation of journeys out of "
        f"addiction. Version {version}."
    )


def version(number: str, made: str | None) -> str:
    """The version, and the commit where it runs from a checkout."""
    return f"This is recoverysim {number}" + (f", commit {made}." if made else ".")


def go_to(where: str) -> str:
    """The button of a door."""
    return f"Go to {where}"
