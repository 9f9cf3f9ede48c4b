"""What the report says, beside the sentences that it shares with screen and terminal (`words`)."""

from __future__ import annotations

from recoverysim import words
from recoverysim.sure_words import NOT_IN_A_RANGE

AUTHORS = "The recoverysim developers"
WORK = "recoverysim: an agent-based simulation of journeys out of addiction"
LICENCE = "Apache-2.0"

SIMULATED = words.SIMULATED
NO_WORD = (
    "a Word document needs python-docx, which is not installed: pip install recoverysim[dashboard]"
)

PARTS = {
    "answer": "The answer and its limits",
    "pictures": "The answer in pictures",
    "settings": "Settings and sources",
    "method": "Method, checks, and how to run it again",
}
WHAT_IT_IS = (
    "recoverysim follows simulated people week by week: through services, mutual aid and life at "
    "home. Each of them lives once in every world below, with the same luck. So what differs "
    "between the worlds comes from what was changed, and from nothing else."
)
MUTUAL_AID = (
    "Mutual aid is people in recovery who help each other, free of charge: AA, NA, CA, SMART and "
    "others. Linking is what services do to bring people there."
)
QUICK = "This is a quick look from few simulated people. Do not decide on it: run it in full first."
LIKELY = (
    "Likely range: 95 in 100 of what luck and unknown numbers allow. Luck alone: only what differs "
    "from repeat to repeat."
)
LIKELY_BY_LUCK = (
    "Likely range: 95 in 100 of what luck allows. What is not known is left out of it, so the true "
    "range is wider."
)
TOO_CLOSE = "“Cannot be told from zero” means too close to call, not “no effect”."
TIE = ", too close to call"
OVERLAP = (
    "Scenarios are each compared with “{base}”, not with one another. Where their ranges overlap, "
    "this report does not say which is better: it is too close to call."
)
LIMITS = (
    "All people are simulated. This is not clinical advice, and foretells nobody’s own life.",
    f"{NOT_IN_A_RANGE} Most trials of linking were done there.",
    "No randomised comparison beyond three years was found: what is told of later years is "
    "extrapolated.",
    "How many people recover after five and ten years should be read as high; differences are "
    "surer than levels.",
    "Which simulated person does better depends on luck. Only the net difference counts.",
)
POLICY_LIMIT = (
    "A policy that ends medication is shown as safer here than it is; one that keeps people on "
    "it, as less worth."
)
PLACES = "Places and the time of peers are unlimited, unless a scenario limits them."
NOTHING_BEYOND = "No number was set beyond what was seen in studies or judged to be plausible."
SAME = "These worlds do not differ in any setting, so no difference can come out."
EVERY_NUMBER = (
    "Every number that a scenario or the area sets. “Range seen” is what studies found or, where "
    "the grade says assumed, what was judged plausible; for what a service decides, today’s "
    "practice."
)
METHOD = (
    "An agent-based model in steps of one week. People move between waiting, detox, treatment and "
    "the community; they may go to mutual aid, which changes their company, recovery capital and "
    "identity, and with them whether they stay well. Deaths depend on where people are and whether "
    "they use. People who have died stay in every count of 1,000."
)
WORLDS = (
    "Worlds are compared twin by twin: the same people, numbers and luck in each. The difference "
    "is worked out in each repeat; the range is that of the repeats, each with another set of "
    "numbers where knowledge is drawn."
)
MONEY = "Costs are discounted, and so are years of life and QALYs; deaths are not."
MISSED = (
    "Figures missed, by study (published / simulated). Why is said in docs/validation.md, and in "
    "the limits of docs/limits.md."
)
MET = (
    "A figure is met where the middle simulated study lies within a tolerance that was fixed "
    "before. A test is a figure to which nothing was fitted."
)
KINDS = {
    "test": "Tests: nothing of the family was fitted",
    "fitted": "Fitted families",
    "put in": "Families on which a number of the model rests",
}
GRADES = {
    "strong": "strong", "moderate": "moderate", "weak": "weak", "assumed": "assumed: no study",
    "design": "a choice",
}  # fmt: skip
MEASURES = {"in_recovery_a_year_or_more": "In recovery for a year or more"}
PLACES_OF_THE_LINE = (
    ("waiting", "Waiting for care"), ("taxi", "In detox"), ("station", "In treatment"),
    ("platform", "Not using, not yet for long enough"),
    ("off", "Returned to use, or still using: off the train, can board again"),
    ("train", "In recovery, less than five years"), ("arrived", "In recovery, five years or more"),
    ("died", "Have died"),
)  # fmt: skip
OF_THEM_GOING = "Of all of these, go to mutual aid"
WHERE = "Where people are"
CURVES = "In recovery over the years"
COST = "Costs beside lives"
WHY = "From being offered a link, step by step, to time off the train."
NOT_A_NUMBER = "a rule of the model"


def title(names: list[str], base: str) -> str:
    """What a report on these scenarios is called."""
    if len(names) == 1:
        return f"What would change with “{names[0]}”?"
    return f"What would change: {words.several(len(names), 'scenario')} beside “{base}”"


def subtitle(version: str) -> str:
    """Under the title."""
    return f"A report by recoverysim {version}: simulated, not observed"


def called(number: int, name: str, base: str) -> str:
    """How a world is named before its question."""
    if number:
        return f"“{name}”"
    return "Today (“baseline”)" if base == "baseline" else f"“{name}”, with which is compared"


def stopped(done: int, of: int) -> str:
    """Said of an answer from fewer repeats than were asked for."""
    return (
        f"Stopped early: {done:,} of {words.several(of, 'repeat')} were done, so ranges are wide."
    )


STOPPED_BEFORE = "The command makes the full answer, of {of}: its numbers will differ from these."


def who(repeats: int, clients: int, years: int, meaning: str, *, is_open: bool) -> str:
    """Who was followed, for how long, and what recovery means here."""
    come = "who come week by week" if is_open else "who start care in the same week"
    return (
        f"Followed: {words.several(repeats, 'repeat')} of {words.simulated(clients)} {come}, for "
        f"up to {words.years(years)}. In recovery means: {meaning}."
    )


def rests_on(assumed: int, every: int, turned_on: int, turned_on_assumed: int) -> str:
    """How much of it is judgement."""
    return (
        f"{assumed} of the model’s {every} numbers are assumed: no study was found. Every answer "
        f"about linking turns on {turned_on} of them, and {turned_on_assumed} of those are assumed."
    )


def checked(met: int, every: int, tests_met: int, tests: int) -> str:
    """How the model did against what was published."""
    return (
        f"Checked against {every} published figures: {met} are met and {every - met} are missed. "
        f"Of the {tests} that were free to be missed, {tests - tests_met} are."
    )


def beyond_studies(told: list[str]) -> str:
    """Settings beyond what was seen."""
    return f"Beyond the studies: {'; '.join(told)}. What comes of it is a guess."


def beyond_practice(told: list[str]) -> str:
    """Settings of services beyond what they do today."""
    found = "; ".join(told)
    return f"Beyond today’s practice: {found}. No study here says whether services get there."


def others(many: int, grades: str) -> str:
    """The numbers that nobody set."""
    return (
        f"{words.several(many, 'other number')} stay as the evidence has them ({grades}), as "
        "uncertain as it leaves them. All are listed in docs/parameters.md, and "
        "“recoverysim evidence KEY” prints each with its sources in full."
    )


def turns_on(many: int, grades: str) -> str:
    """The numbers that every answer about linking turns on."""
    return f"Every answer about linking turns on {many} numbers: {grades}."


def citation(version: str) -> str:
    """How to cite the program."""
    return f"{AUTHORS}. {WORK}. Version {version}. Licence: {LICENCE}."


def save_as(name: str) -> str:
    """Before a scenario file that does not come with the program."""
    return f"This scenario does not come with recoverysim. First save it as {name}:"


def beside_it(name: str, sha256: str) -> str:
    """A file that a scenario file names, and that no report may hold."""
    return f"It needs your own file beside it, saved as {name} (SHA-256 {sha256})."


def with_plugin(name: str, sha256: str) -> str:
    """A plug-in that was in force."""
    return (
        f"It needs the plug-in {name} as {name}.py (SHA-256 {sha256}). A plug-in is code: read it."
    )


def in_terminal() -> str:
    """Before the command."""
    return "In a terminal, where recoverysim is installed:"


def in_python() -> str:
    """Before the lines of Python."""
    return "Or in Python:"


def made_by(commit: str | None) -> str:
    """The commit of the program."""
    return commit or "none: not from a checkout"
