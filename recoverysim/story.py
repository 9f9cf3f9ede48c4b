"""What happens in a simulated life, in words: present tense, person first, no blame for chance.

A phrase has no subject ("goes to a first meeting"), so that it reads after a week or a name.
"""

from __future__ import annotations

from typing import NamedTuple

from recoverysim import codes
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.words import several, years

KINDS_OF_CARE = {
    codes.RESIDENTIAL: "residential treatment",
    codes.PSYCHOSOCIAL: "talking treatment",
    codes.MEDICATION: "medication",
}

OFFERS = {
    codes.NONE: "is offered no link to mutual aid",
    codes.LEAFLET: "is given a leaflet about mutual aid",
    codes.CLINICIAN: "is introduced to mutual aid by a clinician",
    codes.INTENSIVE: "is offered intensive referral: sessions, a volunteer to meet and follow-up",
    codes.PEER: "is offered a peer who introduces mutual aid and goes along",
}

LINKS = {
    codes.NONE: "no link",
    codes.LEAFLET: "a leaflet",
    codes.CLINICIAN: "a clinician’s introduction",
    codes.INTENSIVE: "intensive referral",
    codes.PEER: "a peer",
}

STANDINGS = {
    codes.NEVER: "not going to mutual aid",
    codes.TRYING: "trying mutual aid",
    codes.REGULAR: "going to mutual aid",
    codes.INVOLVED: "going to mutual aid and taking part",
    codes.LEFT: "no longer going to mutual aid",
}

GOING = (codes.TRYING, codes.REGULAR, codes.INVOLVED)

LAPSES, RETURNS, STOPS = "has a lapse", "returns to use", "stops using"
WAITS_FOR_MORE_CARE = "goes home to wait for the care that is to follow"
BECOMES_USE = "the lapse becomes a return to use"
STOPS_ON_ENTERING = f"{STOPS} on entering"
GETS_OVER = "gets over the lapse"
NOT_FOLLOWED = "has not gone to a meeting in the"
TAKES_PART = "takes on a home group, a sponsor or a task"

DEATHS = {
    codes.DIED_OVERDOSE: "dies of an overdose",
    codes.DIED_OTHER: "dies, not of an overdose",
}

NOT_ONCE = "not in these years"
STABILITY = "stability rather than abstinence"

NOBODYS_FAULT = "It is nobody’s fault."

KEY = (
    "How to read this. Weeks count from the start. Mutual aid: groups such as AA, NA, CA or SMART. "
    "A lapse: some use, which may or may not become a return to use as it was. In detox and "
    "residential treatment nobody uses. Prescribed medication is not use."
)


class Pronouns(NamedTuple):
    """How a person is spoken of."""

    she: str
    her: str
    own: str


def pronouns(female: bool) -> Pronouns:
    """She, her, her own; or he, him, his own."""
    return Pronouns("she", "her", "her own") if female else Pronouns("he", "him", "his own")


class Event(NamedTuple):
    """What happened in a week, why as far as can be told, and company and mutual aid then."""

    week: int
    event: str
    why: str
    around: str = ""

    @property
    def told(self) -> str:
        """What is told of it; company is told at the end of each year."""
        return f"{self.event}, {self.why}" if self.why else self.event

    @property
    def alone(self) -> bool:
        """Whether it has a line of its own, so that it does not read as cause or effect."""
        return self.event.startswith(NOT_FOLLOWED)


def when(week: int) -> str:
    """'Week 7', 'At the start'."""
    return f"Week {week}" if week else "At the start"


def tell(events: list[Event]) -> list[str]:
    """Events in lines: a line holds a week, and a spell of use with what it leads to next."""
    lines: list[str] = []
    last = None
    for event in events:
        if last and event.week == last.week and not (event.alone or last.alone):
            lines[-1] += f"; {event.told}"
        elif last and _begins_use(last.event) and _ends_spell(event.event):
            lines[-1] += f"; in week {event.week} {event.told}"
        else:
            lines.append(f"{when(event.week)}: {event.told}")
        last = event
    return [f"{line}." for line in lines]


def _begins_use(event: str) -> bool:
    return event in (LAPSES, BECOMES_USE) or RETURNS in event


def _ends_spell(event: str) -> bool:
    return event in (GETS_OVER, BECOMES_USE) or event.startswith(STOPS)


def not_followed(kind: int, weeks: int) -> str:
    """'has not gone to a meeting in the 12 weeks since the leaflet'."""
    since = {
        codes.LEAFLET: "the leaflet", codes.CLINICIAN: "the clinician’s introduction",
        codes.INTENSIVE: "the intensive referral", codes.PEER: "the offer of a peer",
    }[kind]  # fmt: skip
    return f"{NOT_FOLLOWED} {several(weeks, 'week')} since {since}"


def lasting(weeks: int) -> str:
    """'6 weeks', '1 year', '2 years and 3 weeks', 'less than a week'."""
    whole_years, rest = divmod(weeks, WEEKS_A_YEAR)
    parts = [years(whole_years)] if whole_years else []
    parts += [several(rest, "week")] if rest else []
    return " and ".join(parts) or "less than a week"


def care(stage: int, modality: int) -> str:
    """'detox', 'talking treatment'."""
    return "detox" if stage == codes.DETOX else KINDS_OF_CARE[modality]


def is_care(stage: int) -> bool:
    """Detox or treatment."""
    return stage in (codes.DETOX, codes.TREATMENT)


def stay_ends(
    stage: int, modality: int, ended: int, weeks: int, after: tuple[int, int]
) -> tuple[str, str]:
    """What happens as a stay in care or in wait of it ends, and after how long.

    `after` is the stage and modality next.
    """
    following, modality_next = after
    lasted = f"after {lasting(weeks)}"
    begins = "starts " + (care(following, modality_next) if is_care(following) else "")
    if ended == codes.PLACE_FOUND:
        return begins, f"after waiting {lasting(weeks)}" if weeks else "without a wait"
    if ended == codes.GAVE_UP_WAITING:
        return "stops waiting for treatment", lasted
    if ended == codes.MOVED_ON:
        return f"moves on from {care(stage, modality)} to {care(following, modality_next)}", lasted
    if ended == codes.COMPLETED:
        finished = f"completes {care(stage, modality)}"
        if modality == codes.MEDICATION:
            finished = "comes off medication as planned"
        return f"{finished} and {begins}" if is_care(following) else finished, lasted
    if ended == codes.TAKEN_OFF:
        return "is moved off medication", lasted
    assert ended == codes.LEFT_EARLY
    early = "" if modality == codes.MEDICATION else " early"
    return f"leaves {care(stage, modality)}{early}", lasted


def company(in_recovery: int, people: int, they: Pronouns) -> str:
    """'3 of the 8 people around her in recovery'."""
    return f"{in_recovery} of the {people} people around {they.her} in recovery" if people else ""


def company_at_first(in_recovery: int, people: int, they: Pronouns) -> str:
    """Who the people around are, and how many of them are in recovery."""
    if not people:
        return ""
    number = str(in_recovery) if in_recovery else "none"
    are = "is" if in_recovery == 1 else "are"
    return (
        f"Of the {people} people {they.she} is in touch with (from here on, the people around "
        f"{they.her}), {number} {are} in recovery."
    )


def together(*parts: str) -> str:
    """What is said of the parts, without the empty ones."""
    return "; ".join(part for part in parts if part)


def comes(week: int, they: Pronouns) -> str:
    """In an open system: when the story begins; nothing where everybody starts together."""
    if week == 0:
        return ""
    return f"Comes in week {week} of the run; weeks are counted from when {they.she} came. "


def person(
    key: int, substance: str, age: float, *, female: bool, need: bool, goal: str, been_before: bool,
    going: bool, ready: float, people_around: str,
) -> str:  # fmt: skip
    """Who this is as the story begins, in a few sentences."""
    they = pronouns(female)
    she = they.she.capitalize()
    who = "woman" if female else "man"
    said = f"Client {key} is a simulated {who} of {int(age)} with {dependence(substance)}"
    said += " and a mental-health need. " if need else ". "
    said += f"The story begins as {they.she} asks for help. {they.own.capitalize()} goal is "
    said += "abstinence" if goal == "abstinence" else STABILITY
    if abs(ready) > 0.5:
        said += (
            f", and {they.she} is {'readier' if ready > 0 else 'less ready'} than most to change"
        )
    been = "has been to mutual aid before" if been_before else "has never been to mutual aid"
    said += f". {she} {'goes to mutual aid already' if going else been}."
    return f"{said} {people_around}" if people_around else said


def dependence(substance: str) -> str:
    """'alcohol dependence', 'stimulant dependence'."""
    return f"{substance.removesuffix('s')} dependence"


def where(stage: int, modality: int) -> str:
    """'on medication', 'in detox', 'not in treatment'."""
    if is_care(stage):
        return "on medication" if modality == codes.MEDICATION else f"in {care(stage, modality)}"
    return "waiting for treatment" if stage == codes.WAITING else "not in treatment"


def using_now(use: int, weeks: int, *, returned: bool) -> str:
    """'no use for 6 weeks', 'in a lapse', 'has returned to use'; `weeks` it has lasted."""
    if use == codes.ABSTINENT:
        return f"no use for {lasting(weeks)}" if weeks else "has just stopped using"
    if use == codes.LAPSED:
        return "in a lapse"
    return "has returned to use" if returned else "using"


def unchanged(stage: int, modality: int, use: int, attendance: int) -> str:
    """What held in a year without events; what is not there is no reproach, so it is left out."""
    held = [where(stage, modality)] if is_care(stage) or stage == codes.WAITING else []
    held += [STANDINGS[attendance]] if attendance in GOING else []
    held += [{codes.ABSTINENT: "no lapse", codes.LAPSED: "in a lapse"}.get(use, "use continues")]
    return together(*held)


def at_year(year: int, parts: tuple[str, ...]) -> str:
    """How things stand at the end of a year."""
    return f"At the end of year {year}: {together(*parts)}."


def how_it_stands(after_years: int, age: float, parts: tuple[str, ...], they: Pronouns) -> str:
    """The end of a life that goes on."""
    return f"After {years(after_years)}, {they.she} is {int(age)}: {together(*parts)}."


def life_ends(weeks: int, of: int, without_use: int, they: Pronouns) -> str:
    """The end of a life in words of respect; `without_use` are the weeks before it, if any."""
    all_years = of // WEEKS_A_YEAR
    watched = "this year" if all_years == 1 else f"these {years(all_years)}"
    lived = f"{they.she.capitalize()} lived {lasting(weeks)} of {watched}"
    if without_use:
        lived += f", and had not used for {lasting(without_use)} when {they.she} died"
    return f"{lived}. {NOBODYS_FAULT}"


class Weeks(NamedTuple):
    """How a life was spent, in weeks, and how often treatment began."""

    lived: int
    without_use: int
    at_most_a_lapse: int
    in_care: int
    episodes: int
    going: int
    taking_part: int

    def in_words(self, goal: int, they: Pronouns) -> dict[str, str]:
        """Each in words, by what it is about; a line reads 'Weeks without use: 20 of 52'.

        Where the person's goal is stability, that goal comes first.
        """
        said = {}
        if goal == codes.STABILITY:
            stable = f"{self.at_most_a_lapse:,} of {several(self.lived, 'week')}"
            about = f"{they.own.capitalize()} goal, {STABILITY}"
            said[about] = f"no use, or no more than a lapse, in {stable}"
        often = {1: "once", 2: "twice"}.get(self.episodes, f"{self.episodes} times")
        treated = f"{often} ({several(self.in_care, 'week')} in all)"
        going = several(self.going, "week") if self.going else NOT_ONCE
        if self.taking_part:
            going += f" ({self.taking_part} of them taking part)"
        return said | {
            "Weeks without use": f"{self.without_use:,} of {self.lived:,}",
            "In detox or treatment": treated if self.episodes else NOT_ONCE,
            "Going to mutual aid": going,
        }
