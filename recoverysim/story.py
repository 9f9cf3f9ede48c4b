"""What happens in a simulated life, in words: present tense, person first, no blame for chance.

A phrase has no subject ("goes to a first meeting"), so that it reads after a week or a name.
"""

from __future__ import annotations

from recoverysim import codes
from recoverysim.words import several

KINDS_OF_CARE = {
    codes.RESIDENTIAL: "residential treatment",
    codes.PSYCHOSOCIAL: "sessions in the community",
    codes.MEDICATION: "medication",
}

OFFERS = {
    codes.NONE: "is offered no link to mutual aid",
    codes.LEAFLET: "is given a leaflet about mutual aid",
    codes.CLINICIAN: "is introduced to mutual aid by a clinician",
    codes.INTENSIVE: "is offered intensive referral: sessions, a volunteer contact and follow-up",
    codes.PEER: "is offered a peer who introduces them and goes along",
}

STANDINGS = {
    codes.NEVER: "",
    codes.TRYING: "trying mutual aid",
    codes.REGULAR: "going to mutual aid",
    codes.INVOLVED: "going to mutual aid and taking part",
    codes.LEFT: "no longer going to mutual aid",
}

TWINS = (
    "Which simulated person differs between two worlds depends on how luck is dealt out; only the "
    "difference over many people can be estimated. Twins illustrate how a difference can come "
    "about: a person who is well in one of these worlds is well in that simulated world only."
)


def care(stage: int, modality: int) -> str:
    """'detox', 'sessions in the community'."""
    return "detox" if stage == codes.DETOX else KINDS_OF_CARE[modality]


def stay_ends(
    stage: int, modality: int, ended: int, weeks: int, after: tuple[int, int]
) -> tuple[str, str]:
    """What happens as a stay ends, and after how long; `after` is the stage and modality next."""
    following, modality_next = after
    lasted = f"after {several(weeks, 'week')}"
    begins = "starts " + (care(following, modality_next) if is_care(following) else "")
    if ended == codes.PLACE_FOUND:
        return begins, "a place is found at once" if weeks == 0 else f"a place is found {lasted}"
    if ended == codes.MOVED_ON:
        return f"moves on from {care(stage, modality)} to {care(following, modality_next)}", lasted
    if ended == codes.COMPLETED:
        finished = f"completes {care(stage, modality)}"
        if modality == codes.MEDICATION:
            finished = "comes off medication as planned"
        return f"{finished} and {begins}" if is_care(following) else finished, lasted
    if ended == codes.LEFT_EARLY:
        early = "" if modality == codes.MEDICATION else " early"
        return f"leaves {care(stage, modality)}{early}", lasted
    return {
        codes.GAVE_UP_WAITING: ("gives up waiting", lasted),
        codes.SOUGHT_HELP: (
            "asks for help",
            f"{lasted} of use" if stage == codes.USING else "in a lapse",
        ),
        codes.RETURNED_TO_USE: ("returns to use", ""),
        codes.BECAME_ABSTINENT: ("stops using", f"{lasted} of use"),
        codes.REMITTED: ("stops using without help, for good as it seems", f"{lasted} of use"),
        codes.DIED_OVERDOSE: ("dies of an overdose", ""),
        codes.DIED_OTHER: ("dies of another cause", ""),
    }[ended]


def is_care(stage: int) -> bool:
    """Detox or treatment."""
    return stage in (codes.DETOX, codes.TREATMENT)


def company(in_recovery: int, people: int) -> str:
    """'3 of 8 people around in recovery'."""
    return f"{in_recovery} of {people} people around in recovery" if people else ""


def abstinent_for(weeks: int) -> str:
    """'after 6 weeks of abstinence'."""
    return f"after {several(weeks, 'week') if weeks else 'less than a week'} of abstinence"


def together(*parts: str) -> str:
    """What is said of the parts, without the empty ones."""
    return "; ".join(part for part in parts if part)


def person(
    key: int, substance: str, age: float, *, female: bool, need: bool, goal: str, been_before: bool,
    ready: float,
) -> str:  # fmt: skip
    """Who this is, in a sentence or two."""
    who = "woman" if female else "man"
    wants = "is abstinence" if goal == "abstinence" else "is not abstinence"
    said = f"Client {key} is a simulated {who} of {age:.0f} with {dependence(substance)}"
    said += ", and with a mental-health need" if need else ""
    said += f". Their own goal {wants}."
    before = "had been to mutual aid before" if been_before else "had never been to mutual aid"
    motivated = (
        "readier than most" if ready > 0.5 else "less ready than most" if ready < -0.5 else ""
    )
    return f"{said} They {before}" + (f" and were {motivated} to change." if motivated else ".")


def dependence(substance: str) -> str:
    """'alcohol dependence', 'stimulant dependence'."""
    return f"{substance.removesuffix('s')} dependence"


def at_year(year: int, stage: str, use: str, weeks: int, around: str) -> str:
    """How things stand at the end of a year."""
    now = {
        "abstinent": f"abstinent for {several(weeks, 'week')}", "lapsed": "in a lapse",
        "using": "using",
    }[use]  # fmt: skip
    where = {"community": "out of care", "using": "out of care"}.get(stage, f"in {stage}")
    if stage == "waiting":
        where = "waiting for care"
    return f"At the end of year {year}: {together(f'{where}, {now}', around)}."


# By which step twins part.
PARTINGS = {
    "offered": "what they are offered differs",
    "attended": "one of them goes to a meeting, or stays away, where the other does not",
    "involved": "one of them takes more part than the other",
    "return to use": "one of them uses, or stops, where the other does not",
    "capital": "recovery capital or identity differs",
    "through others": "the company around them differs: it is other people whom the change reached",
}


def parting(week: int | None, step: str | None) -> str:
    """Where twins part, in a sentence."""
    if week is None or step is None:
        return "The two lives are the same, week by week."
    return f"The twins part in week {week}: {PARTINGS[step]}."


def weeks_without_use(weeks: dict[str, int]) -> str:
    """'Weeks without use: 212 in “baseline”, 230 in “peer-introduction”.'"""
    return f"Weeks without use: {', '.join(f'{n:,} in “{name}”' for name, n in weeks.items())}."


def same_until(week: int | None) -> str:
    """Heading of the part of two lives that is the same."""
    return "In both worlds" + (":" if week is None else f", until week {week}:")
