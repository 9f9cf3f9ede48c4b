"""What is said of who changed between two worlds, by which step, and how many people it took."""

from __future__ import annotations

from recoverysim.words import after

TITLE = "Who changed, and by which step: people in every 1,000 in recovery in one world only"
WARNING = (
    "Twins illustrate. Who of them changes is partly luck, and is in recovery in one simulated "
    "world only; only the sum over many people is estimated. A step is where twins first part; "
    "what follows may have several causes."
)
NOBODY = "Who changed: nobody is in recovery in one of the two worlds only."

STEPS = {
    "who they are": "Who they are",
    "offered": "What is offered",
    "attended": "Going to a meeting",
    "involved": "Taking part",
    "capital": "Recovery capital",
    "company": "Company, by its rules",
    "return to use": "Use",
    "care": "A place in care",
    "support": "Support after care",
    "death": "A death",
    "through others": "Through others",
}

WHO = {
    "all": "Everybody",
    "newly offered": "… newly offered",
    "no longer offered": "… no longer offered",
    "others": "… others",
}

# What each number needed counts: people added, and one more in recovery; and where they are fewer.
NEEDED = {
    "number_needed_of_the_offered": (
        "Newly offered people for one more in recovery among themselves",
        "People no longer offered an introduction for one fewer in recovery among themselves",
    ),
    "number_needed_to_connect": (
        "Newly connected people for one more in recovery among themselves",
        "People no longer connected for one fewer in recovery among themselves",
    ),
}


def no_person_meets(definition: str) -> str:
    """Why it cannot be told who changed."""
    return (
        f"who changed cannot be told by {definition}, a share of days; choose a definition that a "
        "person meets or does not, such as abstinent_90_days"
    )


def number_needed(
    name: str,
    rows: list[tuple[int, float | None, float | None, float | None]],
    reported: tuple[int, ...],
    *,
    fewer: bool,
) -> str:
    """A number needed in the years in which it can be told from nothing.

    `rows` are (year, value, low, high) with None where that is not so; `fewer` where people are no
    longer offered a link, or no longer connected. A range that reaches below nothing means that
    whether more people are offered, or connected, cannot be told either.
    """
    said = [
        f"{value:,.0f} ({low:,.0f} to {high:,.0f}) {after(year)}"
        for year, value, low, high in rows
        if value is not None and low is not None and high is not None and low > 0
    ]
    what = NEEDED[name][fewer]
    if not said:
        return f"{what}: cannot be told from zero."
    rest = "; in other years it cannot be told from zero" if len(said) < len(reported) else ""
    return f"{what}: {'; '.join(said)}{rest}."


def parted(lower: int | None, middle: int | None, upper: int | None) -> str:
    """After which week twins part, median and quartiles: '24 (3 to 88)'; a dash for nobody."""
    return "–" if middle is None else f"{middle} ({lower} to {upper})"
