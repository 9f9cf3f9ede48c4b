"""What is said of one simulated person's two lives: how they part, what then differs, how far that
can be trusted.
"""

from __future__ import annotations

from recoverysim.story import LINKS, Event, Pronouns

BEFORE = "Twins show how a difference can come about; they prove nothing."
AFTER = (
    "Twins prove nothing. Which simulated person differs between two worlds is partly chance, and "
    "only the difference over many people can be estimated (recoverysim compare). What happens in "
    "one of these worlds says nothing about any real person."
)

LIVES_ARE_THE_SAME = "The two lives are the same, week by week."
REACHED_OTHERS = "The change reached other people first."
THE_SAME = "the same"

# By which step twins part.
PARTINGS = {
    "place": "a place in care",
    "offered": "what is offered",
    "attended": "going to a meeting",
    "involved": "taking part in mutual aid",
    "return to use": "use",
    "supported": "what is on offer after care (check-ups, recovery housing, a recovery centre)",
    "capital": "what helps to stay well (recovery capital and identity)",
    "through others": "the company around",
}
MOVES, DEATH = "a move into or out of treatment", "a death"

# What can differ after that, and by which step; all but the last can be read in the two lives.
GOING = "going to mutual aid"
TAKING_PART = "taking part (a home group, a sponsor or a task)"
USE, TREATMENT, COMPANY = "use", "treatment", "who is around"
CAPITAL = "recovery capital and identity (not shown above)"
BY_STEP = {
    GOING: ("attended",), TAKING_PART: ("involved",), USE: ("return to use",),
    TREATMENT: ("place", "return to use"), COMPANY: ("through others",), CAPITAL: ("capital",),
}  # fmt: skip


def beside(one: str, other: str) -> str:
    """What the second column says where the first has said something already."""
    return THE_SAME if one == other else other


def again(event: Event) -> str:
    """What the second column says of an event of both worlds whose circumstances differ."""
    return f"{THE_SAME}, {event.why}" if event.why else event.told


def offers_to(kinds: list[tuple[int, int]], names: tuple[str, str], they: Pronouns) -> str:
    """Whether this person is one of those whom the other world offers another kind of link.

    `kinds` are the links of one and the other world, in order.
    """
    she = they.she.capitalize()
    for number, pair in enumerate(kinds):
        if pair[0] != pair[1]:
            later = ", though not at first" if number else ""
            said = [f"{LINKS[kind]} in “{name}”" for kind, name in zip(pair, names, strict=True)]
            return f"{she} is one of those offered another kind of link{later}: {', '.join(said)}."
    return f"{she} is not one of those offered another kind of link."


def parting(week: int, what: str) -> str:
    """Where twins part, in a sentence; `week` is the first in which something differs."""
    return f"The twins part {f'in week {week}' if week else 'at the start'}, by {what}."


def offers(kinds: list[tuple[str, int]], *, as_well: bool) -> str:
    """What two worlds offer, by their names; of the same kind, how well or when it is done."""
    if len({kind for _, kind in kinds}) == 1:
        return "when a link is offered" if as_well else "how well the same link is done"
    said = [f"{LINKS[kind]} in “{name}”" for name, kind in kinds]
    return f"what is offered: {', '.join(said)}"


def then(parted_by: str, later: list[tuple[str, str]], never: list[str]) -> list[str]:
    """What comes to differ after what twins part by, and from when; what never does."""
    if not later:
        return [f"In what is shown here, nothing but {parted_by} ever differs."]
    said = [f"After that differ: {'; '.join(f'{what} {when}' for what, when in later)}."]
    return [*said, f"The same throughout: {'; '.join(never)}."] if never else said


def against_expectation(
    names: tuple[str, str], going: tuple[int, int], without_use: tuple[int, int]
) -> list[str]:
    """Said where more weeks of mutual aid stand beside fewer without use; one pair proves nothing.

    `going` and `without_use` are weeks in each world.
    """
    if (going[0] - going[1]) * (without_use[0] - without_use[1]) >= 0:
        return []
    more = names[going[1] > going[0]]
    return [
        f"Here the world with more weeks of mutual aid, “{more}”, has fewer weeks without use; "
        "over many people the difference is what recoverysim compare says."
    ]


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
