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

LAPSES, RETURNS, STOPS = "has a lapse", "returns to use", "stops using"
GETS_OVER = "gets over the lapse"
NOT_FOLLOWED = "the link was not followed"

DEATHS = {
    codes.DIED_OVERDOSE: "dies of an overdose",
    codes.DIED_OTHER: "dies of a cause other than an overdose",
}

NOBODYS_FAULT = "A simulated death comes by chance. It is nobody’s fault."

REACHED_OTHERS = "The change reached other people first."
SAME = "The two lives are the same, week by week."

KEY = (
    "How to read this. Weeks count from the start. Mutual aid: groups such as AA, NA, CA or SMART. "
    "A lapse: some use that is not, or not yet, a return to it. In detox and residential treatment "
    "nobody uses. Prescribed medication is not use."
)

TWINS = (
    "Twins show how a difference can come about; they prove nothing. Which simulated person "
    "differs between two worlds depends on how luck is dealt out, and only the difference over "
    "many people can be estimated (recoverysim compare). Whoever is well, or not, in one of "
    "these worlds is so in that simulated world only."
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
    def told(self) -> tuple[int, str, str]:
        """What is told of it line by line; company is told at the end of each year."""
        return self[:3]


def tell(events: list[Event]) -> list[str]:
    """Events in lines: a line holds a week, and a spell of use with what it leads to next."""
    lines: list[str] = []
    last = None
    for event in events:
        said = f"{event.event}, {event.why}" if event.why else event.event
        if last is not None and event.week == last.week:
            lines[-1] += f"; {said}"
        elif last is not None and _begins_use(last.event) and _ends_spell(event.event):
            lines[-1] += f"; in week {event.week} {said}"
        else:
            when = f"Week {event.week}" if event.week else "At the start"
            lines.append(f"{when}: {said}")
        last = event
    return [f"{line}." for line in lines]


def _begins_use(event: str) -> bool:
    return event == LAPSES or RETURNS in event


def _ends_spell(event: str) -> bool:
    return event in (GETS_OVER, RETURNS) or event.startswith(STOPS)


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
        return "stops waiting for care", lasted
    if ended == codes.MOVED_ON:
        return f"moves on from {care(stage, modality)} to {care(following, modality_next)}", lasted
    if ended == codes.COMPLETED:
        finished = f"completes {care(stage, modality)}"
        if modality == codes.MEDICATION:
            finished = "comes off medication as planned"
        return f"{finished} and {begins}" if is_care(following) else finished, lasted
    assert ended == codes.LEFT_EARLY
    early = "" if modality == codes.MEDICATION else " early"
    return f"leaves {care(stage, modality)}{early}", lasted


def company(in_recovery: int, people: int, they: Pronouns) -> str:
    """'3 of the 8 people around her in recovery'."""
    return f"{in_recovery} of the {people} people around {they.her} in recovery" if people else ""


def company_at_first(in_recovery: int, people: int, they: Pronouns) -> str:
    """'Of the 8 people around her, 3 are in recovery.'"""
    if not people:
        return ""
    number = str(in_recovery) if in_recovery else "none"
    are = "is" if in_recovery == 1 else "are"
    return f"Of the {people} people around {they.her}, {number} {are} in recovery."


def in_recovery(some: int, people: int) -> str:
    """'3 of 8'."""
    return f"{some} of {people}" if people else ""


def together(*parts: str) -> str:
    """What is said of the parts, without the empty ones."""
    return "; ".join(part for part in parts if part)


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
    said += "abstinence" if goal == "abstinence" else "stability rather than abstinence"
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


def standing(stage: int, modality: int, use: int, weeks: int) -> str:
    """Where somebody is and what they use: 'out of care, no use for 6 weeks'."""
    where = "waiting for care" if stage == codes.WAITING else "out of care"
    if is_care(stage):
        where = "on medication" if modality == codes.MEDICATION else f"in {care(stage, modality)}"
    now = {
        codes.ABSTINENT: f"no use for {lasting(weeks)}", codes.LAPSED: "in a lapse",
        codes.IN_USE: "using",
    }[use]  # fmt: skip
    return f"{where}, {now}"


def at_year(year: int, parts: tuple[str, ...]) -> str:
    """How things stand at the end of a year, or a part of it."""
    return f"At the end of year {year}: {together(*parts)}."


def how_it_stands(after_years: int, age: float, parts: tuple[str, ...], they: Pronouns) -> str:
    """The end of a life that goes on."""
    return f"After {years(after_years)}, {they.she} is {int(age)}: {together(*parts)}."


def life_ends(weeks: int, of: int, they: Pronouns) -> str:
    """The end of a life in words of respect."""
    lived = f"{they.she.capitalize()} lived {lasting(weeks)} of these {years(of // WEEKS_A_YEAR)}."
    return f"{lived} {NOBODYS_FAULT}"


class Weeks(NamedTuple):
    """How a life was spent, in weeks, and how often care began."""

    lived: int
    without_use: int
    in_care: int
    episodes: int
    going: int
    taking_part: int

    def in_words(self) -> dict[str, str]:
        """Each in words, by what it is about; a line reads 'Weeks without use: 20 of 52'."""
        often = {1: "once", 2: "twice"}.get(self.episodes, f"{self.episodes} times")
        care_began = f"{often} ({several(self.in_care, 'week')} in all)"
        going = several(self.going, "week") if self.going else "never"
        if self.taking_part:
            going += f" ({self.taking_part} of them taking part)"
        return {
            "Weeks without use": f"{self.without_use:,} of {self.lived:,}",
            "In care": care_began if self.episodes else "never",
            "Going to mutual aid": going,
        }


def ends(weeks: list[tuple[str, int | None]], they: Pronouns) -> list[str]:
    """Whether somebody lives through the years in each world, by its name and week of death."""
    (one, week), (other, another) = weeks
    if week == another:
        return [f"In both worlds {they.she} dies in week {week}."]
    alive = f"{they.she} is alive at the end"
    return [
        f"In “{name}” {alive if died is None else f'{they.she} dies in week {died}'}."
        for name, died in ((one, week), (other, another))
    ]


# By which step twins part, in the words of what then differs.
PARTINGS = {
    "offered": "what is offered",
    "attended": "going to meetings",
    "involved": "taking part there",
    "return to use": "use, or a move into or out of care",
    "capital": "what helps to stay well (recovery capital and identity)",
    "through others": "the company around",
}


def parting(week: int, what: str) -> str:
    """Where twins part, in a sentence; `week` is the first in which something differs."""
    when = f"in week {week}" if week else "at the start"
    return f"The twins part {when}, by {what}."


def offers(kinds: list[tuple[str, int]], *, as_well: bool) -> str:
    """What two worlds offer, by their names; of the same kind, how well or when it is done."""
    if len({kind for _, kind in kinds}) == 1:
        return "when a link is offered" if as_well else "how well the same link is done"
    said = [f"{LINKS[kind]} in “{name}”" for name, kind in kinds]
    return f"what is offered: {', '.join(said)}"


def then(first: dict[str, int | None], step: str) -> list[str]:
    """What comes to differ after the step by which twins part, and from which week; what never."""
    later = sorted((week, PARTINGS[name]) for name, week in first.items() if week and name != step)
    never = [PARTINGS[name] for name, week in first.items() if week is None]
    if not later:
        return ["Nothing else ever differs."]
    said = [f"After that differ: {'; '.join(f'{what} from week {week}' for week, what in later)}."]
    return [*said, f"The same throughout: {'; '.join(never)}."] if never else said


def side_by_side(about: str, said: list[tuple[str, str]]) -> str:
    """Something counted in each world, by its name; once where it is the same."""
    if len(said) > 1 and len({what for _, what in said}) == 1:
        return f"{about}: {said[0][1]} in both worlds."
    return f"{about}: {', '.join(f'{what} in “{name}”' for name, what in said)}."
