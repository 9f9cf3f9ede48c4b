"""Words of a goal seek: what was sought, the smallest change that reaches it, or that none does."""

from __future__ import annotations

from recoverysim.words import after, between, is_settled, rounded, several, simulated

# After "5 more in every 1,000".
COUNTED_AS = {
    "in_recovery": "in recovery",
    "deaths": "who have died",
    "deaths_overdose": "who have died of an overdose",
    "offered": "offered an introduction",
    "connected": "connected after care",
    "engaged": "engaged (8 of 13 weeks at meetings)",
    "offers_not_followed": "with an offer not followed",
    "ever_attended": "ever at a meeting",
    "attending": "going to mutual aid",
    "waiting": "waiting for care",
    "gave_up_waiting": "times that waiting was given up",
    "readmissions": "further episodes of care",
}
DIFFERENCE = ("more", "fewer")
BEFORE = {"at_least": "at least", "at_most": "at most"}


def target(measure: str, aim: str, amount: float, year: int, group: str, scenario: str) -> str:
    """'5 more in every 1,000 in recovery after 2 years than in “baseline” as it is'."""
    number = f"{amount:,g} {aim}" if aim in DIFFERENCE else f"{BEFORE[aim]} {amount:,g}"
    of = "" if group == "all" else f" ({group})"
    than = f" than in “{scenario}” as it is" if aim in DIFFERENCE else f", from “{scenario}”"
    return f"{number} in every 1,000{of} {COUNTED_AS.get(measure, measure)} {after(year)}{than}"


def sought(
    what: str, lever: str, unit: str, today: float, known: tuple[float, float] | None,
    looked: tuple[float, float],
) -> str:  # fmt: skip
    """What was asked of which lever; `known` are the ends of what today's may be, if uncertain."""
    unsure = f" (anything from {known[0]:g} to {known[1]:g})" if known else ""
    return (
        f"Sought: {what}, by {lever} ({unit}; as it is {today:g}{unsure}; looked at "
        f"from {looked[0]:g} to {looked[1]:g})."
    )


def already(level: float) -> str:
    """Said where nothing has to change."""
    return f"It is reached as it is, at {rounded(level, 1):,g}: nothing has to change."


def found(lever: str, setting: float, today: float) -> str:
    """The smallest change that does it."""
    if setting == today:
        return (
            f"The smallest change that reaches it: {lever} at {setting:g} as it is, but for "
            "certain."
        )
    moved = "up" if setting > today else "down"
    return f"The smallest change that reaches it on average: {lever} {moved} to {setting:g}."


def not_reached(lever: str, low: float, high: float, amount: str, setting: float) -> str:
    """That nothing does, and what came nearest."""
    return (
        f"Not reached: of the settings of {lever} from {low:g} to {high:g} that were lived none "
        f"brings it on average. The nearest, at {setting:g}, brings {amount}."
    )


def brings(level: float, difference: float, *, is_a_level: bool) -> str:
    """What a setting comes to: '5.1 more', or '487.2 in every 1,000 (5.1 more)'."""
    size = f"{abs(rounded(difference, 1)):,.1f}"
    moved = "no difference"
    if size != "0.0":
        moved = f"{size} {'more' if difference > 0 else 'fewer'}"
    if not is_a_level:
        return moved
    return f"{rounded(level, 1):,.1f} in every 1,000 ({moved} than as it is)"


def ranges(
    low: float | None, high: float | None, luck: tuple[float | None, float | None],
    repeats: int, clients: int, knowledge: str,
) -> str:  # fmt: skip
    """The likely range and that of luck alone, and what they rest on."""
    basis = f"{several(repeats, 'repeat')} of {simulated(clients)}"
    if low is None or high is None:
        return f"{basis} cannot give a range of the difference: this is not an answer yet."
    said = f"Likely range of the difference there: {between(low, high)}"
    if knowledge == "none":
        said += ", luck alone: what is unknown is left out"
    elif luck[0] is not None and luck[1] is not None:
        said += f"; luck alone: {between(luck[0], luck[1])}"
    settled = "" if is_settled(low, high) else (
        " A difference is not established: it cannot be told from zero."
    )  # fmt: skip
    return f"{said} ({basis}).{settled}"


NO_RANGE = (
    "The evidence gives this lever no range: nobody has studied what other values do, and the "
    "range here is the plan's own."
)


def in_sets(reached: int, sets: int, half: float | None, nine_in_ten: float | None) -> str:
    """In how many parameter sets a setting does it, and which does in half and in most of them."""
    at = f"It is reached there in {reached} of {several(sets, 'parameter set')}, luck taken out"
    if half is None and nine_in_ten is None:
        return f"{at}; in half of them it is reached nowhere in the range."
    each = [
        f"in {share} of them at {setting:g}" if setting is not None else
        f"in {share} of them nowhere in the range"
        for share, setting in (("half", half), ("nine in ten", nine_in_ten))
    ]  # fmt: skip
    return f"{at}; {', and '.join(each)}."


def sets_untold(sets: int) -> str:
    """Where luck outweighs what differs between parameter sets."""
    return (
        f"In how many of {several(sets, 'parameter set')} it is reached cannot be told from luck; "
        "more people or repeats would tell."
    )


def by_luck(low: float | None, high: float | None) -> str:
    """Where the setting could have come out with other luck."""
    if low is not None and high is not None:
        return f"With other luck the setting could have come out from {low:g} to {high:g}."
    edge = high if low is None else low
    if edge is None:
        return "With other luck the setting could have come out anywhere, or not at all."
    return (
        f"With other luck the setting could have come out {'above' if high is None else 'below'} "
        f"{edge:g}, or not at all in the range."
    )


def luck_leaves_it_open(setting: float) -> str:
    """Said where luck alone could have hidden that the target is reached."""
    return f"Luck leaves it open whether {setting:g} reaches the target; more repeats would tell."


def across(setting: float) -> str:
    """That the other side of today reaches it too."""
    return f"On the other side of where it is now, {setting:g} is the nearest that reaches it."


def turns(setting: float, kind: str) -> str:
    """That more is not always more."""
    return (
        f"It does not go one way: of the settings of the first look it is {kind} at {setting:g}. A "
        "setting apart from those that were looked at may have been missed."
    )


def beyond_practice(key: str, setting: float, low: float, high: float) -> str:
    """A lever outside what is done today."""
    return f"{setting:g} is beyond today's practice, which is put at {low:g} to {high:g} ({key})."


def fades(keys: str) -> str:
    """Of levers whose additions wear off."""
    return (
        f"The setting is what {keys} begins at: what is added to today's practice fades, as "
        "programmes do (mechanisms.fidelity_drift)."
    )


def shown_setting(setting: float, *, as_it_is: bool, is_found: bool) -> str:
    """The first cell of a row of settings."""
    if as_it_is:
        return "as it is"
    return f"{setting:g} {'<' if is_found else ' '}"


def level(number: float | None) -> str:
    """People in every 1,000 with one decimal."""
    return "–" if number is None else f"{rounded(number, 1):,.1f}"


def count(number: int | None) -> str:
    """A count in a table."""
    return "–" if number is None else f"{number:,}"
